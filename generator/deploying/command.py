"""From the command line to AWS: the settings, the connection, and what is told when there is none."""

from typing import TYPE_CHECKING

from generator.building.lock import only_build
from generator.deploying.checks import Refused
from generator.deploying.functions import deploy_functions, read_zips
from generator.deploying.region import Region, read_region
from generator.deploying.run import Target, Tell, carry_out, plan_deploy, tell_plan
from generator.settings import Settings

if TYPE_CHECKING:
    from generator.deploying.aws import Aws

INSTALL = (
    "Vientiin tarvitaan kirjasto boto3. Aja make deploy, tai asenna se: "
    ".venv/bin/python -m pip install --require-hashes -r deploy/requirements.txt"
)


def deploy_site(settings: Settings, name: str | None, tell: Tell, *, dry_run: bool, everything: bool) -> None:
    """The functions and then the site; no build may run meanwhile. Raises Refused, BadRegion or Busy."""
    region = read_region(settings.root, name)
    with only_build(settings.build):
        zips = read_zips(settings.build, region.functions)
        aws = _connected(region)
        from generator.deploying.aws import AwsSaysNo  # noqa: PLC0415 - it is there now

        try:
            deploy_functions(zips, aws.functions, tell, dry_run=dry_run)
            plan = plan_deploy(settings.build, aws.bucket, settings.today)
            if dry_run:
                tell_plan(plan, tell, everything=everything)
            else:
                carry_out(plan, settings.build, Target(aws.bucket, aws.distribution), tell)
        except AwsSaysNo as error:
            raise Refused(
                f"AWS ei tehnyt, mitä pyydettiin ({error}). Sivusto on ehjä. Tarkista tunnukset ja asetukset, ja aja uudelleen: "
                f"tarjotin deploy{' --dry-run' if dry_run else ''}"
            ) from None


def _connected(region: Region) -> "Aws":
    try:
        from generator.deploying.aws import AwsSaysNo, connect  # noqa: PLC0415 - boto3 is not needed by the other commands
    except ModuleNotFoundError:
        raise Refused(INSTALL) from None
    try:
        return connect(region)
    except AwsSaysNo as error:
        raise Refused(f"AWS:ään ei saatu yhteyttä ({error}). Tarkista tunnukset ja aja uudelleen: tarjotin deploy") from None
