"""The dataset in the words of schema.org, by which search engines for data sets find it."""

from __future__ import annotations

import json
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from cases.exchange.bundle.layout.describing import LICENCE
from cases.exchange.downloads.errors import absolute

from .editions import Edition

NAME = "Duty-to-warn casebook"
ABOUT = (
    "Cases in which a government or an intelligence service warned somebody of an attack, or is "
    "said to have failed to, with the evidence for every coded value."
)
# Escaped as Django's json_script does, so that no value ends the element.
_ESCAPED = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def catalogue(edition: Edition | None) -> SafeString:
    """Return the JSON-LD of `/data/`: a catalogue with one data set and its files."""
    page = absolute(reverse("data"))
    return _script(
        {
            "@context": "https://schema.org",
            "@type": "DataCatalog",
            "name": NAME,
            "description": ABOUT,
            "url": page,
            "license": LICENCE["path"],
            "dataset": dataset(page, edition, "data_file", []),
        }
    )


def dataset(page: str, edition: Edition | None, view: str, names: list[str]) -> dict[str, Any]:
    """Return a data set at an address, with its files if they are there."""
    described: dict[str, Any] = {
        "@type": "Dataset",
        "name": NAME,
        "description": ABOUT,
        "url": page,
        "license": LICENCE["path"],
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": NAME, "url": absolute(reverse("home"))},
        "measurementTechnique": absolute(reverse("codebook")),
    }
    if edition is None:
        return described
    return described | {
        "version": str(edition.version),
        "dateModified": edition.made_at.date().isoformat(),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.name,
                "contentUrl": absolute(reverse(view, args=[*names, file.name])),
                "encodingFormat": type_of(file.name).partition(";")[0],
                "contentSize": f"{file.size} B",
                "sha256": file.sha256,
            }
            for file in edition.files
        ],
    }


def of_release(name: str, edition: Edition | None) -> SafeString:
    """Return the JSON-LD of a release."""
    page = absolute(reverse("release", args=[name]))
    described = dataset(page, edition, "release_file", [name])
    return _script({"@context": "https://schema.org", **described, "version": name})


TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "json": "application/json",
    "sqlite": "application/vnd.sqlite3",
    "zip": "application/zip",
}


def type_of(name: str) -> str:
    """Return the media type of a file, by its name."""
    return TYPES[name.rpartition(".")[2]]


def _script(value: dict[str, Any]) -> SafeString:
    text = json.dumps(value, ensure_ascii=False).translate(_ESCAPED)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above
