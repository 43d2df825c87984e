"""The names of files: what they hold, in which version of the dataset, and what was asked for."""

from __future__ import annotations

from django.utils.text import slugify

from cases.finding.address_filter import AddressFilter

# Letters of the filters in a name; file systems allow 255 in all.
MAX_FILTERS = 100


def file_name(subject: str, version: int, asked: AddressFilter, suffix: str) -> str:
    """Return a name such as “duty-to-warn-warnings-version-312-channel-private.csv”."""
    values = (f"{value.parameter} {value.value}".replace("_", "-") for value in asked.active)
    filters = "-".join(filter(None, map(slugify, values)))
    if len(filters) > MAX_FILTERS:
        filters = f"{filters[:MAX_FILTERS].rpartition('-')[0]}-and-more"
    name = f"duty-to-warn-{subject}-version-{version}"
    return f"{name}{'-' if filters else ''}{filters}.{suffix}"
