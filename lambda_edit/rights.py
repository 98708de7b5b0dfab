"""Who may do what: the links that were mailed, held against the addresses as they are now."""

from dataclasses import dataclass

from generator.models import PrivateAddresses
from lambda_common.signing import sign
from lambda_common.web import Refusal
from lambda_edit.desk import Desk, as_addresses, read_addresses
from lambda_edit.links import Link, Purpose, is_for, read_link


@dataclass(frozen=True)
class Maintainer:
    """Somebody who reads one of the association's own addresses, with those addresses."""

    slug: str
    address: str
    addresses: PrivateAddresses
    link: Link


def maintainer(desk: Desk, purpose: Purpose, token: str) -> Maintainer:
    """Raises Refusal 403 for a link that is not ours, too old, of an earlier generation, or of an address no longer listed."""
    link = read_link(desk.settings.secrets, purpose, token, desk.now)
    addresses = as_addresses(read_addresses(desk, link.slug))
    if addresses is None or link.generation != addresses.link_generation:
        raise Refusal(403, "link")
    address = is_for(desk.settings.secrets, link, addresses.data_maintainers)
    if not address:
        raise Refusal(403, "link")
    return Maintainer(link.slug, address, addresses, link)


def editor(desk: Desk, token: str, slug: str) -> Maintainer | None:
    """The maintainer whose edit it is, or None for anybody's: without a link. A link that is bad is refused, not overlooked."""
    if not token:
        return None
    found = maintainer(desk, "edit", token)
    if found.slug != slug:
        raise Refusal(403, "link")
    return found


def coordinator(desk: Desk, token: str) -> str:
    """The coordinator's or the deputy's address. Raises Refusal 403."""
    link = read_link(desk.settings.secrets, "approve", token, desk.now)
    site = desk.settings.region.site.coordinator
    address = is_for(desk.settings.secrets, link, [one for one in (site.email, site.deputy_email) if one])
    if not address:
        raise Refusal(403, "link")
    return address


def hashed(desk: Desk, what: str) -> str:
    """A name for an address in the store, from which it cannot be read."""
    return sign(desk.settings.secrets[0], "counted", what.lower().encode()).hex()[:32]
