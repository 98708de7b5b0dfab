"""The data set for catalogues of data, as JSON-LD in the words of schema.org: DCAT's harvesters read it too."""

from typing import Any

from generator.checked import Content
from generator.exports.data_package import LICENCE
from generator.exports.public import fictional
from generator.rendering.environment import Voice


def dataset(content: Content, voice: Voice, address: str, downloads: list[dict[str, str]]) -> dict[str, Any]:
    """`address` is the page's own; each download has a name, contentUrl and encodingFormat."""
    site, words = content.site, voice.texts["open_data"]
    return {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "Dataset",
                "@id": address,
                "url": address,
                "name": words["dataset"].format(site=voice.plain(site.name), region=voice.plain(site.region)),
                "description": " ".join((words["description"], words["included_points"]["public"], *fictional(content, voice))),
                "license": LICENCE["path"],
                "isAccessibleForFree": True,
                "inLanguage": list(site.languages),
                "publisher": {"@type": "Organization", "name": voice.plain(site.publisher), "email": site.feedback_email},
                "spatialCoverage": {"@type": "Place", "name": voice.plain(site.region)},
                "keywords": [voice.plain(group.label) for group in content.taxonomy.need_groups],
                "distribution": [{"@type": "DataDownload", **download} for download in downloads],
            }
        ],
    }
