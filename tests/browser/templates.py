"""Every template in the states that look different: its address in the sample site, and what shows that the state is there."""

TEMPLATES = {
    "home": ("/", ".hero .steps"),
    "home in Swedish": ("/sv/", ".hero .steps"),
    "need": ("/tarve/masennus/", ".row"),
    "type": ("/tarve/masennus/vertaisryhma/", ".row"),
    "results": ("/tarve/masennus/vertaisryhma/kuopio/", ".card"),
    "results, longest": ("/tarve/yksinaisyys/kaikki/koko-alue/", ".card:nth-child(20)"),
    "results in English": ("/en/tarve/masennus/vertaisryhma/kuopio/", ".card [lang=fi], .card"),
    "results, remote section": ("/tarve/diabetes/kaikki/iisalmi/", "#remote"),
    "results, national only": ("/tarve/diabetes/kurssi/joroinen/", ".card ~ .card, .alternatives"),
    "results, empty": ("/tarve/sydan/kaikki/iisalmi/", ".alternatives"),
    "crisis": ("/tarve/kriisi/", ".helplines"),
    "crisis results": ("/tarve/kriisi/kaikki/kuopio/", ".helplines"),
    "violence": ("/tarve/vakivalta/kaikki/kuopio/", "[data-exit]"),
    "association": ("/jarjesto/kallaveden-esimerkki-mielenterveysyhdistys/", ".contacts"),
    "association with a pause": ("/jarjesto/siilinjarven-esimerkki-eroperheet/", ".notice-warning:not([hidden])"),
    "association, unconfirmed for long": ("/jarjesto/rautavaaran-esimerkkikylaapu/", ".notice-warning:not([hidden])"),
    "association, paused": ("/jarjesto/esimerkkisilta-varkaus/", ".notice-warning:not([hidden])"),
    "association, closed": ("/jarjesto/juankosken-esimerkkikudonta/", ".notice-warning:not([hidden])"),
    "association, target of a merger": ("/jarjesto/esimerkki-kahvila-ja-kaverit/", ".contacts"),
    "association, branch": (
        "/jarjesto/savon-esimerkki-diabetesyhdistys/",
        ".facts a[href='/jarjesto/esimerkki-diabetesliitto/']",
    ),
    "associations": ("/jarjestot/", ".plain-list"),
    "municipality": ("/kunta/kuopio/", ".row"),
    "directory": ("/hakemisto/", "#codes"),
    "code": ("/koodi/F84/", ".row"),
    "instructions": ("/ohjeet/", ".prose"),
    "about": ("/tietoa/", ".prose"),
    "plain language": ("/selkokieli/", ".prose"),
    "page in Finnish only": ("/en/selkokieli/", ".notice-info"),
    "missing page": ("/404.html", "main section[lang=sv]"),
}
ADDRESSES = [address for address, _ in TEMPLATES.values()]
NAMES = list(TEMPLATES)
