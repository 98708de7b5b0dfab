"""The kinds and sizes of posters. Imports nothing, so that the command line knows them without the makers."""

from typing import Literal

Kind = Literal["region", "how", "organisation", "need"]
Size = Literal["a4", "a3"]
KINDS: tuple[Kind, ...] = ("region", "how", "organisation", "need")
SIZES: tuple[Size, ...] = ("a4", "a3")
