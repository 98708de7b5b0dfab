"""What has to hold before anything is deployed, and the checksums of what would be."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from generator.building.output import JOURNAL, SITE, stored_paths
from generator.deploying import THREADS
from generator.deploying.serving import UnknownType, serving_of
from generator.models import Site
from generator.rendering.site_files import robots


class Refused(Exception):
    """Nothing may be deployed; the sentence says what to do."""


def check_deployable(build: Path, site: Site) -> None:
    """Raises Refused."""
    if (build / JOURNAL).exists():
        raise Refused("Sivuston muodostaminen on jäänyt kesken. Aja ensin: tarjotin build")
    if not (build / SITE / "index.html").is_file():
        raise Refused(f"Kansiossa {build / SITE} ei ole sivustoa. Aja ensin: tarjotin build")
    if site.unfinished:
        raise Refused(
            "Alue on keskeneräinen. Korjaa, mistä tarjotin check varoittaa, ja poista unfinished tiedostosta content/site.yaml."
        )
    if site.base_path != "/":
        raise Refused(
            "CloudFrontissa sivusto on verkkotunnuksen juuressa. Muuta content/site.yaml: base_path: / ja aja: tarjotin build"
        )
    if _was_built_unfinished(build, site):
        raise Refused("Sivusto on muodostettu, kun alue oli keskeneräinen. Aja ensin: tarjotin build")


def _was_built_unfinished(build: Path, site: Site) -> bool:
    name, raw = robots(site.url, site.base_path, is_unfinished=True)
    with suppress(FileNotFoundError):
        return Path(f"{build / SITE}{name}").read_bytes() == raw
    return False


def local_sums(build: Path) -> dict[str, str]:
    """Path from the front page → MD5. Raises Refused."""
    paths = sorted(stored_paths(build))
    try:
        for path in paths:
            serving_of(path)
    except UnknownType as error:
        raise Refused(
            f"Tiedoston {error} tyyppiä ei tunneta. Lisää pääte luetteloon generator/deploying/serving.py, TYPES."
        ) from None
    with ThreadPoolExecutor(THREADS) as pool:
        return dict(zip(paths, pool.map(lambda path: _sum(Path(f"{build / SITE}{path}")), paths, chunksize=64), strict=True))


def _sum(file: Path) -> str:
    return hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()
