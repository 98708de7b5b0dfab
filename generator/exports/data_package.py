"""datapackage.json: what the tables hold, as a Frictionless Data Package (https://specs.frictionlessdata.io)."""

import json
from typing import Any

from generator.exports.public import Published, fictional
from generator.exports.tables import TABLES, Column, Table
from lambda_edit.texts import texts as field_texts

LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0 International",
}
_DIALECT = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}


def data_package(published: Published) -> tuple[str, bytes]:
    site, words = published.content.site, published.voice.texts["open_data"]
    package = {
        "profile": "tabular-data-package",
        "name": "avoin-data",
        "title": words["dataset"].format(site=site.name.fi, region=site.region.fi),
        "description": " ".join((words["held"], *fictional(published.content, published.voice))),
        "homepage": published.address("/avoin-data/"),
        "licenses": [LICENCE],
        "contributors": [{"title": site.publisher.fi, "role": "publisher"}],
        "resources": [_resource(published, table) for table in TABLES],
    }
    return "datapackage.json", (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _resource(published: Published, table: Table) -> dict[str, Any]:
    words = published.voice.texts["open_data"]["tables"][table.key]
    links = [
        {"fields": column, "reference": {"resource": resource, "fields": target}}
        for column, (resource, target) in table.links.items()
    ]
    schema = {
        "fields": [_field(published, column) for column in table.columns],
        "primaryKey": list(table.primary),
        **({"foreignKeys": links} if links else {}),
    }
    return {
        "profile": "tabular-data-resource",
        "name": table.key,
        "title": words["title"],
        "description": words["text"],
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": _DIALECT,
        "schema": schema,
    }


def _field(published: Published, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.type, "title": column_title(published, column)}
    if column.is_list:
        field["description"] = published.voice.texts["open_data"]["list"]
    return field


def column_title(published: Published, column: Column) -> str:
    """ "Kausi: alkaa", "Esittelylause (ruotsiksi)": the words of the edit form, and a few of our own."""
    tongues, own, known = (
        published.voice.texts["edit"]["tongue"],
        published.voice.texts["open_data"]["columns"],
        field_texts("fi"),
    )
    parts = column.place.split(".")
    tongue = f" {tongues[parts.pop()]}" if parts[-1] in tongues else ""
    first, *rest = [str(own[part] if part in own else known[f"field.{part}"]) for part in parts]
    return ": ".join((first, *(word.lower() for word in rest))) + tongue
