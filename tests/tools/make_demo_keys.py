"""Writes the sample's keys anew: python -m tests.tools.make_demo_keys

Their passphrases stand in docs/tietosuoja/salattu-pyynto.md for everybody to read, so `tarjotin check` refuses these keys in
a real region (generator/request_keys.py, DEMO_KEYS; a test compares).
"""

from pathlib import Path

from generator.content import parse_yaml
from generator.models import Organisation
from lambda_edit.document import rewrite
from tests.sealing import KnownKey

ROOT = Path(__file__).parent.parent.parent
PASSPHRASES = {
    "kallaveden-esimerkki-suvanto": "aurinko kettu lampi omena polku saari tuuli vene",
    "savon-esimerkki-epilepsiayhdistys": "hilla joutsen kivi laulu metsä porras silta vaahtera",
    "savon-esimerkki-vastaranta": "ankkuri harakka kello mustikka nuotio puuro sauna tähti",
}


def demo_keys() -> dict[str, KnownKey]:
    return {slug: KnownKey(slug, words) for slug, words in PASSPHRASES.items()}


def main() -> None:
    for slug, key in demo_keys().items():
        path = ROOT / "content" / "organisations" / f"{slug}.yaml"
        text = path.read_text("utf-8")
        path.write_text(rewrite(text, {**parse_yaml(text), "request_keys": [key.written()]}, Organisation), "utf-8")


if __name__ == "__main__":
    main()
