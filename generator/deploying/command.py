"""From the command line to AWS: the settings, the connection, and what is told when there is none."""

from typing import TYPE_CHECKING

from generator.deploying.checks import Refused
from generator.deploying.region import Region, read_region
from generator.deploying.run import Target, Tell, carry_out, plan_deploy, tell_plan
from generator.lock import only_build
from generator.settings import Settings

if TYPE_CHECKING:
    from generator.deploying.bucket import Bucket, Distribution

INSTALL = (
    "Vientiin tarvitaan kirjasto boto3. Aja make deploy, tai asenna se: "
    ".venv/bin/python -m pip install --require-hashes -r deploy/requirements.txt"
)


def deploy_site(settings: Settings, name: str | None, tell: Tell, *, dry_run: bool, everything: bool) -> None:
    """No build may run meanwhile. Raises Refused, BadRegion or Busy."""
    region = read_region(settings.root, name)
    bucket, distribution = _connected(region)
    from generator.deploying.bucket import AwsSaysNo  # noqa: PLC0415 - it is there now

    with only_build(settings.build):
        try:
            plan = plan_deploy(settings.build, bucket, settings.today)
            if dry_run:
                tell_plan(plan, tell, everything=everything)
            else:
                carry_out(plan, settings.build, Target(bucket, distribution), tell)
        except AwsSaysNo as error:
            raise Refused(
                f"AWS ei tehnyt, mitä pyydettiin ({error}). Sivusto on ehjä. Tarkista tunnukset ja asetukset, ja aja uudelleen: "
                f"tarjotin deploy{' --dry-run' if dry_run else ''}"
            ) from None


def _connected(region: Region) -> "tuple[Bucket, Distribution]":
    try:
        from generator.deploying.bucket import AwsSaysNo, connect  # noqa: PLC0415 - boto3 is not needed by the other commands
    except ModuleNotFoundError:
        raise Refused(INSTALL) from None
    try:
        return connect(region.aws_region, region.site.bucket, region.site.distribution)
    except AwsSaysNo as error:
        raise Refused(f"AWS:ään ei saatu yhteyttä ({error}). Tarkista tunnukset ja aja uudelleen: tarjotin deploy") from None
