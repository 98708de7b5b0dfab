"""What the search knows of each language besides the taxonomy's words."""

from collections.abc import Mapping

# Words that say little by themselves: they are passed over in a phrase, and a compound may go on with them (peli|ongelma,
# sydän|potilas).
FILLERS: Mapping[str, str] = {
    "fi": """
        ja tai sekä on ei kun jos se että miten mitä missä mistä kuka joka minun hänen uusi vanha hyvä paha kova
        paljon liian ilman kanssa varten takia vuoksi jälkeen aikana ennen jälkeinen etsin haen tarvitsen tarvitsee
        haluaa löytyykö saako voi voiko asiakas asiakkaalle potilas henkilö ihminen mies nainen poika tyttö vuotias apu
        tuki tukea toiminta palvelu järjestö yhdistys ry ongelma vaikeus vaiva oire oireilu häiriö sairaus sairastunut
        sairastava sairas tauti vamma vammainen diagnoosi hoito hoitaja kuntoutus kuntoutuja toipuminen toipuja käyttö
        huoli tilanne elämä elää arki kohtaus lääke lääkitys kysymys asia en enää ole oo
        ihan tosi koko aina mitään saa minä mulla hirveesti tieto paikka lähellä hakea hakeminen etsiä etsiminen saaminen
        mihin minne kenelle ohjata neuvo ohje tarve epäily riski seuranta akuutti krooninen äkillinen vakava lievä vaikea
        tuore pitkittynyt rouva herra aikuinen dg diagnosoitu jälkitila pojan oleva toipuva omahoito hallinta
        vähentäminen vähentää lopettaminen lopettaa kokenut viime viikko kuukausi vuosi sitten nyt juuri eilen tänään vielä
        usein jatkuvasti jälleen
    """,
    "sv": """
        och eller med för hos efter till från att har jag en ett den det hjälp stöd problem sjukdom sjuk klient patient
        förening rf min mitt mig inte kan hela tiden i på
    """,
    "en": """
        and or with for after to from a an the has have i my need help support problem disease illness client patient
        association can't won't my is too
    """,
}

# Words that mean something by themselves, and with which a compound may also go on (astma|lapsi, sydän|leikkaus).
TAILS: Mapping[str, str] = {
    "fi": """
        lapsi nuori perhe vanhempi vanhemmat äiti isä omainen omaiset läheinen leikkaus leikattu tulehdus vaurio arvo
        poliklinikka osasto liitto diagnoosi lääkäri uhri tausta taustainen päivä talo riippuvuus riippuvainen
        pelko kriisi
    """,
    "sv": "barn unga familj förälder anhörig närstående operation mottagning",
    "en": "",
}

# How a form may go on after a stem, as a key and a pattern: in Finnish a plural's vowel, a case, an owner, a particle.
_FINNISH = (
    "(?:is)?(?:[aeiouyj]|j[aeoy])?",
    "(?:n|t|a|ta|ia|ja|[aehiouy]n|h[aeiouy]n|s[ei]n|den|ten|ien|jen|na|ne|sa|sta|la|lta|le|ksi)?",
    "(?:ni|si|nsa|me|ne|an|en)?",
    "(?:kin|kan|ko|pa)?",
)
ENDINGS: Mapping[str, str] = {"fi": "".join(_FINNISH), "sv": "(?:[aeo]?[nrt]?(?:na|a)?s?)", "en": "(?:e?s|ing|ed|er|y)?"}
