"""The names of files: what they hold, in which version of the dataset, and what was asked for."""

from __future__ import annotations

from django.utils.text import slugify

from cases.finding.case_filter import CaseFilter

# Letters of the filters in a name; file systems allow 255 in all.
MAX_FILTERS = 100


def file_name(subject: str, cases: CaseFilter, suffix: str) -> str:
    """Return a name such as “duty-to-warn-warnings-version-312-channel-private.csv”."""
    asked = [
        slugify(f"{value.parameter} {value.value}".replace("_", "-")) for value in cases.active
    ]
    filters = "-".join(filter(None, asked))
    if len(filters) > MAX_FILTERS:
        filters = f"{filters[:MAX_FILTERS].rpartition('-')[0]}-and-more"
    name = f"duty-to-warn-{subject}-version-{cases.version}"
    return f"{name}{'-' if filters else ''}{filters}.{suffix}"
