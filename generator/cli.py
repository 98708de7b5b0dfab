"""The command `tarjotin`. The clock and the working folder are read here and nowhere else."""

import json
import os
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from generator.building.inputs import Inputs
from generator.building.lock import only_build
from generator.building.output import recover
from generator.building.report import Report, problem_text
from generator.building.unchanged import unchanged_report
from generator.catalogue.kinds import FORMS as CATALOGUE_FORMS
from generator.console import NOTHING_WRITTEN, Failure, ask, checked, progress_bar, show_problems, told_failures
from generator.languages import LANGUAGES
from generator.posters.kinds import KINDS, SIZES
from generator.problems import ContentError, counted
from generator.settings import Settings

if TYPE_CHECKING:  # what takes long to import, each command imports itself: a build with nothing to do must not wait
    from generator.building.publish import Progress


FORMATS = ("text", "json", "github")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--root", type=click.Path(path_type=Path), default=Path(), help="Projektin kansio (oletus: tämä kansio).")
@click.option("--today", "day", metavar="PÄIVÄ", help="Muodosta sivusto kuin olisi tämä päivä, esim. 2026-11-21.")
@click.pass_context
def main(context: click.Context, root: Path, day: str | None) -> None:
    """Hyvinvointitarjotin: YAML-tiedostoista sivustoksi, jolta oikea järjestö löytyy kolmella valinnalla."""
    _speak_utf8()
    today = _date(day) if day is not None else datetime.now(ZoneInfo("Europe/Helsinki")).date()
    context.obj = Settings(Path(os.path.abspath(root)), today)  # noqa: PTH100 - resolve() would follow links


def _speak_utf8() -> None:
    """Finnish letters come out whole also on a Windows console and in a pipe."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise click.BadParameter(f'päivä "{written}" ei kelpaa. Kirjoita se muodossa 2026-11-21.') from None


def _asked_day(context: click.Context, day: str | None) -> date | None:
    """The day of a command's own --today, or of the one before the command's name."""
    written = day or context.find_root().params["day"]
    return _date(written) if written else None


@main.command()
@click.option("--verbose", is_flag=True, help="Näytä myös varoitukset.")
@click.option("--json", "as_json", is_flag=True, help="Tulosta yhteenveto JSON-muodossa.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Montako prosessia (oletus: yhtä monta kuin suorittimia).")
@click.option("--verify", is_flag=True, help="Lue koko vanha sivusto ja vertaa, vaikka mitään ei olisi muuttunut.")
@click.option("--recover", "only_recover", is_flag=True, help="Vie kesken jäänyt julkaisu loppuun, älä muodosta uutta.")
@click.pass_obj
def build(settings: Settings, verbose: bool, as_json: bool, jobs: int | None, verify: bool, only_recover: bool) -> None:
    """Tarkista sisältö ja muodosta sivusto kansioon build/site."""
    if only_recover:
        with told_failures(), only_build(settings.build):
            was_begun = recover(settings.build)
        click.echo("Kesken jäänyt julkaisu vietiin loppuun." if was_begun else "Mikään julkaisu ei ole kesken.")
        return
    with told_failures():
        try:
            report = _built(replace(settings, jobs=jobs or os.cpu_count() or 1), progress_bar(quiet=as_json), verify=verify)
        except ContentError as error:
            show_problems(error.problems, error.files, "json" if as_json else "text", NOTHING_WRITTEN)
            raise SystemExit(1) from None
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
        return
    if verbose:
        for problem in report.warnings:
            click.echo(problem_text(problem))
    click.echo(str(report))


def _built(settings: Settings, progress: "Progress", *, verify: bool) -> Report:
    inputs = Inputs(settings.root, settings.today)
    report = None if verify else unchanged_report(settings, inputs)
    if report:
        return report
    from generator.pipeline import build_site  # noqa: PLC0415 - takes longer to import than a build with nothing to do

    return build_site(settings, progress, verify=verify, inputs=inputs)


@main.command()
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", help="Tulosteen muoto.")
@click.pass_obj
def check(settings: Settings, style: str) -> None:
    """Tarkista sisältö. Ei kirjoita mitään."""
    from generator.content import private_folder_of  # noqa: PLC0415
    from generator.pipeline import load_content  # noqa: PLC0415

    private = private_folder_of(settings.root) if style == "github" else None
    with told_failures():
        try:
            content = load_content(settings)
        except ContentError as error:
            show_problems(error.problems, error.files, style, NOTHING_WRITTEN, private)
            raise SystemExit(1) from None
    show_problems(content.warnings, content.files, style, "Sisältö on kunnossa.", private)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="Portti (0: mikä tahansa vapaa).")
@click.pass_obj
def serve(settings: Settings, port: int) -> None:
    """Muodosta sivusto, näytä se selaimessa ja päivitä, kun sisältö muuttuu."""
    from generator.preview.serve import run_server  # noqa: PLC0415 - the server's libraries are not needed by the other commands

    with told_failures():
        run_server(replace(settings, is_preview=True, jobs=os.cpu_count() or 1), port, progress_bar(quiet=False))


@main.command()
@click.option("--only", type=click.Choice(("referral", "edit")), help="Vain yhteydenottopyyntöjen tai vain muokkauksen funktio.")
@click.pass_obj
def package(settings: Settings, only: str | None) -> None:
    """Paketoi funktiot AWS:ää varten: build/lambda/referral.zip (yhteydenottopyynnöt) ja edit.zip (muokkaus)."""
    from generator.packing.edit_function import package_edit  # noqa: PLC0415 - only this command needs them
    from generator.packing.referral_function import Refused, package_function  # noqa: PLC0415

    with told_failures():
        try:
            if only != "edit":
                click.echo(str(package_function(settings.build)))
            if only != "referral":
                click.echo(str(package_edit(settings.build)))
        except Refused as error:
            raise Failure(str(error)) from None


@main.command()
@click.option("--dry-run", is_flag=True, help="Näytä, mitä vietäisiin. Mitään ei viedä.")
@click.option("--region", "name", metavar="ALUE", help="Asetukset deploy/regions/ALUE.toml, jos niitä on monta.")
@click.option("--verbose", is_flag=True, help="Näytä jokainen tiedosto.")
@click.pass_obj
def deploy(settings: Settings, dry_run: bool, name: str | None, verbose: bool) -> None:
    """Vie muodostettu sivusto ja funktioiden koodi AWS:ään: vain se, mikä on muuttunut."""
    from generator.deploying.checks import Refused, check_deployable  # noqa: PLC0415 - only this command needs them
    from generator.deploying.command import deploy_site  # noqa: PLC0415
    from generator.deploying.region import BadRegion  # noqa: PLC0415

    with told_failures():
        content = checked(settings, "Mitään ei viety.")
        try:
            check_deployable(settings.build, content.site)
            deploy_site(settings, name, click.echo, dry_run=dry_run, everything=verbose)
        except (Refused, BadRegion) as error:
            raise Failure(str(error)) from None


@main.command()
@click.argument("template", metavar="PINO")
@click.option("--region", "name", metavar="ALUE", help="Asetukset deploy/regions/ALUE.toml, jos niitä on monta.")
@click.pass_obj
def parameters(settings: Settings, template: str, name: str | None) -> None:
    """Tulosta AWS-pinon parametrit alueen asetuksista: PINO on mallin nimi, esim. site (deploy/site.yaml)."""
    from generator.deploying.region import BadRegion, parameters_of, read_region  # noqa: PLC0415 - only this command needs them

    try:
        region = read_region(settings.root, name)
        embedding = checked(settings, "Mitään ei tulostettu.").site.embedding if template == "site" else None
        for line in parameters_of(region, template, embedding.allowed if embedding else ()):
            click.echo(line)
    except BadRegion as error:
        raise Failure(str(error)) from None


@main.command()
@click.option("--today", "day", metavar="PÄIVÄ", help="Ketkä olisivat vuorossa tänä päivänä, esim. 2027-03-01.")
@click.option("--since", metavar="PÄIVÄ", help="Ohita tarkistukset, jotka alkoivat ennen tätä (käyttöönotossa).")
@click.option("--slug", metavar="TUNNUS", help="Vain tämä järjestö.")
@click.option("--send", is_flag=True, help="Lähetä viestit. Ilman tätä mitään ei lähetetä.")
@click.pass_context
def review(context: click.Context, day: str | None, since: str | None, slug: str | None, send: bool) -> None:
    """Ketkä ovat vuorossa tarkistamaan tietonsa: pyyntö, muistutus vai puhelu. Lähettää viestit vain valinnalla --send."""
    from generator.mails.post import NoPost  # noqa: PLC0415
    from generator.pipeline import judged_day  # noqa: PLC0415
    from generator.places import NoHistory, open_places  # noqa: PLC0415 - only these commands need them
    from generator.review.run import Wanted, confirmed_slugs, run_review  # noqa: PLC0415
    from lambda_edit.forge import ForgeDown  # noqa: PLC0415

    settings: Settings = context.obj
    with told_failures():
        content = checked(settings)
        today = _asked_day(context, day) or judged_day(content, settings)
        confirmed: set[str] = set()
        try:
            confirmed = confirmed_slugs(open_places(settings.root, content.site.private_folder, os.environ).public)
        except NoHistory:
            pass  # no confirmations can wait there
        except ForgeDown as error:  # who has confirmed must not be reminded
            raise Failure(
                f"Odottavia vahvistuksia ei saatu luettua ({error}). Mitään ei lähetetty. Aja komento uudelleen."
            ) from None
        wanted = Wanted(today, _date(since) if since else date.min, slug, confirmed)
        try:
            is_whole = run_review(content, settings.root, wanted, click.echo, os.environ if send else None)
        except NoPost as error:
            raise Failure(str(error)) from None
    raise SystemExit(0 if is_whole else 1)


@main.command()
@click.option("--today", "day", metavar="PÄIVÄ", help="Kooste kuin olisi tämä päivä, esim. 2027-03-01.")
@click.option("--send", is_flag=True, help="Lähetä kooste. Ilman tätä se vain näytetään.")
@click.pass_context
def digest(context: click.Context, day: str | None, send: bool) -> None:
    """Koordinaattorin viikon kooste: mitä odottaa, kenen osoite on vahvistamatta, kenelle soitetaan."""
    from generator.digest.run import Days, run_digest  # noqa: PLC0415 - only this command needs them
    from generator.mails.post import NoPost  # noqa: PLC0415
    from generator.pipeline import judged_day  # noqa: PLC0415
    from lambda_edit.forge import ForgeDown  # noqa: PLC0415

    settings: Settings = context.obj
    with told_failures():
        content = checked(settings)
        asked = _asked_day(context, day)
        days = Days(asked or settings.today, asked or judged_day(content, settings))
        try:
            is_whole = run_digest(content, settings.root, days, click.echo, os.environ, send=send)
        except NoPost as error:
            raise Failure(str(error)) from None
        except ForgeDown as error:
            raise Failure(f"Odottavia muutoksia ei saatu luettua. {error}") from None
    raise SystemExit(0 if is_whole else 1)


@main.command()
@click.option("--write", is_flag=True, help="Kirjoita luvut sivustolle (content/counts.yaml). Ilman tätä ne vain näytetään.")
@click.pass_obj
def counts(settings: Settings, write: bool) -> None:
    """Yhteydenottopyynnöt ja vastaukset lukuina 12 täydeltä kuukaudelta, ilman ihmisiä: alle viiden lukuja ei kerrota."""
    from generator.counting.run import run_counts  # noqa: PLC0415 - only this command needs them
    from generator.mails.post import NoPost  # noqa: PLC0415
    from lambda_common.services import StoreDown  # noqa: PLC0415

    with told_failures():
        content = checked(settings)
        try:
            run_counts(content, settings.root, settings.today, click.echo, os.environ, write=write)
        except NoPost as error:
            raise Failure(str(error)) from None
        except StoreDown:
            raise Failure("Lukuja ei saatu luettua, joten mitään ei muutettu. Aja komento hetken kuluttua uudelleen.") from None


@main.command()
@click.pass_obj
def links(settings: Settings) -> None:
    """Tarkista, toimivatko sisällön linkit ja ottavatko sähköpostien verkkotunnukset vastaan postia. Käyttää verkkoa."""
    from generator.linkcheck.mail import Dns  # noqa: PLC0415 - only this command needs them
    from generator.linkcheck.run import manners_of, run_links  # noqa: PLC0415

    with told_failures():
        content = checked(settings, "Linkkejä ei tarkistettu.")
        is_fine = run_links(content, manners_of(content), Dns(), click.echo)
    raise SystemExit(0 if is_fine else 1)


@main.command("summary")
@click.argument("base")
@click.argument("head", default="HEAD")
@click.pass_obj
def summarise(settings: Settings, base: str, head: str) -> None:
    """Kerro, mitä kahden git-version välillä muuttuu: kentät, täydellisyys, kaksoiskappaleet ja sivut. Tulostaa Markdownia."""
    from generator.comparing.revisions import Unknown  # noqa: PLC0415 - only this command needs them
    from generator.comparing.summary import summary_of  # noqa: PLC0415

    with told_failures():
        try:
            click.echo(summary_of(settings.root, base, head, settings.today), nl=False)
        except Unknown as error:
            raise Failure(str(error)) from None


@main.command("report")
@click.option("--format", "style", type=click.Choice(("text", "csv", "json")), default="text", help="Tulosteen muoto.")
@click.pass_obj
def report_region(settings: Settings, style: str) -> None:
    """Koordinaattorille: kattavuus ja aukot, tietojen tuoreus, ja mitä kukin järjestö voisi vielä kertoa. Ei julkaista."""
    from generator.region_report import region_report  # noqa: PLC0415 - only this command needs it

    with told_failures():
        content = checked(settings, "Raporttia ei tehty.")
        from generator.pipeline import judged_day, plan_site  # noqa: PLC0415

        click.echo(region_report(content, plan_site(content, settings), judged_day(content, settings), style), nl=False)


@main.command()
@click.argument("text", required=False)
@click.option("--language", type=click.Choice(LANGUAGES), default="fi", help="Minkä kielen sivustolla.")
@click.option(
    "--set", "queries", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Mittaa hakujen joukko (JSON)."
)
@click.pass_obj
def search(settings: Settings, text: str | None, language: str, queries: Path | None) -> None:
    """Näytä, mitä sivuston haku antaa sanoilla TEXT, tai mittaa valinnalla --set, moniko haku osuu."""
    from generator.search.told import measured_text, results_text  # noqa: PLC0415 - only this command needs the engine
    from generator.search.trial import open_trial, read_queries  # noqa: PLC0415

    if not text and not queries:
        raise click.UsageError('Kirjoita haku, esim. tarjotin search "masennus kuopio", tai anna joukko: --set haut.json')
    with told_failures():
        content = checked(settings, "Hakua ei tehty.")
        if language not in content.site.languages:
            raise Failure(f"Sivustolla ei ole kieltä {language}. Valitse jokin näistä: {', '.join(content.site.languages)}.")
        from generator.pipeline import search_files_of  # noqa: PLC0415

        files = dict(search_files_of(content, settings, language))
        with open_trial(files, language) as trial:
            if queries:
                try:
                    click.echo(measured_text(trial.measure(read_queries(queries.read_bytes()))))
                except ValueError as error:
                    raise Failure(
                        f"Joukkoa {queries} ei voi lukea ({error}). Muoto on kuvattu tiedostossa docs/haku.md."
                    ) from None
            if text:
                click.echo(results_text(trial.find(text)))


@main.command()
@click.option("--kind", type=click.Choice(KINDS), help="Vain alueen, toimintatavan, järjestöjen tai tarpeiden julisteet.")
@click.option("--slug", metavar="TUNNUS", help="Vain tämä järjestö.")
@click.option("--need", metavar="TUNNUS", help="Vain tämä tarve.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Vain tällä kielellä.")
@click.option("--size", type=click.Choice(SIZES), help="Paperin koko (oletus: a4, alueen juliste myös a3).")
@click.pass_obj
def poster(settings: Settings, /, **wanted: Any) -> None:
    """Tee julisteet odotustiloihin ja ilmoitustauluille: PDF-tiedostot kansioon build/julisteet."""
    from generator.posters.run import make_posters  # noqa: PLC0415 - only this command needs them
    from generator.posters.wanted import NoPoster, Order  # noqa: PLC0415

    with told_failures():
        content = checked(settings, "Julisteita ei tehty.")
        try:
            click.echo(make_posters(Order(**wanted), content, settings))
        except NoPoster as error:
            raise Failure(str(error)) from None


@main.command()
@click.option("--language", type=click.Choice(LANGUAGES), help="Vain tällä kielellä.")
@click.option("--format", "form", type=click.Choice(CATALOGUE_FORMS), help="Vain yhtenä sivuna (html) tai vihkona (pdf).")
@click.pass_obj
def catalogue(settings: Settings, language: Any, form: Any) -> None:
    """Tee koko alueesta luettelo, joka toimii ilman verkkoa: sivu ja tulostettava vihko kansioon build/luettelo."""
    from generator.catalogue.run import NoCatalogue, make_catalogue  # noqa: PLC0415 - only this command needs them

    with told_failures():
        content = checked(settings, "Luetteloa ei tehty.")
        try:
            click.echo(make_catalogue(content, settings, language, form))
        except NoCatalogue as error:
            raise Failure(str(error)) from None


@main.command()
@click.argument("slug")
@click.pass_obj
def new(settings: Settings, slug: str) -> None:
    """Tee uudelle järjestölle tiedosto: SLUG on osoitteen loppu, esim. savon-kuvitteellinen-yhdistys."""
    from generator.starting.scaffold import Refused, write_organisation  # noqa: PLC0415 - only this command needs it

    with told_failures():
        try:
            path = write_organisation(settings, slug, ask, click.echo)
        except Refused as error:
            raise Failure(str(error)) from None
        except ContentError as error:
            show_problems(error.problems, error.files, "text", "Tiedostoa ei luotu.")
            raise SystemExit(1) from None
    click.echo(f"Luotiin {path}. Täydennä se ja tarkista komennolla: tarjotin check")


@main.command("import")
@click.argument("path", metavar="TIEDOSTO", type=click.Path(path_type=Path), required=False)
@click.option("--write", is_flag=True, help="Kirjoita tiedostot. Ilman tätä näytetään vain, mitä muuttuisi.")
@click.option("--template", type=click.Path(path_type=Path), help="Tee pohja, esim. jarjestot.xlsx tai jarjestot.csv.")
@click.option("--filled", is_flag=True, help="Pohjassa ovat sivuston nykyiset järjestöt.")
@click.pass_obj
def import_file(settings: Settings, path: Path | None, write: bool, template: Path | None, filled: bool) -> None:
    """Tuo järjestöjä: taulukko (.xlsx, .csv), HSDS 3 tai PTV (.json) tai avoin data (datapackage.json)."""
    from generator.importing.draft_run import run_draft_import  # noqa: PLC0415 - only this command needs them
    from generator.importing.faults import Refused  # noqa: PLC0415
    from generator.importing.run import make_template, run_import  # noqa: PLC0415

    if (path is None) == (template is None):
        raise Failure(
            "Anna joko tuotava tiedosto (tarjotin import jarjestot.xlsx) tai tehtävä pohja (--template jarjestot.xlsx)."
        )
    with told_failures():
        try:
            if template:
                click.echo(make_template(settings, template, filled=filled))
            elif path:
                run = run_draft_import if path.suffix.lower() == ".json" else run_import
                raise SystemExit(0 if run(settings, path, click.echo, write=write) else 1)
        except Refused as error:
            raise Failure(str(error)) from None
        except ContentError as error:
            show_problems(error.problems, error.files, "text", "Korjaa ensin sisältö. Mitään ei kirjoitettu.")
            raise SystemExit(1) from None


@main.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--county", metavar="ALUE", help="Hyvinvointialue, Helsinki tai Ahvenanmaa, esim. pohjois-karjala.")
@click.option("--all", "whole_country", is_flag=True, help="Koko maa: kaikki kunnat.")
@click.pass_obj
def start_region(settings: Settings, folder: Path, county: str | None, whole_country: bool) -> None:
    """Tee uudelle alueelle oma kansio, josta sivusto käynnistyy heti: asetukset, kunnat, sivutekstit, malli ja ohjelma."""
    from generator.regions import COUNTRY, find_county, places_of  # noqa: PLC0415
    from generator.starting.founding import Refused, found_region  # noqa: PLC0415 - only this command needs it

    if (county is None) != whole_country:
        raise Failure("Anna joko alue (--county pohjois-karjala) tai koko maa (--all).")
    with told_failures():
        try:
            chosen = COUNTRY if county is None else find_county(county)
            target = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow links
            warnings = found_region(target, chosen, settings.today)
        except (Refused, LookupError) as error:
            raise Failure(str(error)) from None
        except ContentError as error:
            show_problems(error.problems, error.files, "text", "Kansiota ei luotu.")
            raise SystemExit(1) from None
    size = counted(len(places_of(chosen)), "kunta", "kuntaa")
    click.echo(f"Luotiin {folder}: {chosen.region['fi']}, {size}. Vaihdettavaa on {len(warnings)} kohdassa.")
    click.echo(f"Seuraavaksi: cd {folder} && make serve. Ensimmäisen päivän luettelo on tiedostossa README.md.")


if __name__ == "__main__":
    main()
