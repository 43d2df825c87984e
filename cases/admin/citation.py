"""Filling in the form of a new source from a pasted citation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.text import capfirst, slugify

from cases.admin.tools.duplicates import like_sources, line_of
from cases.exchange.citations import UnreadableCitationError, csl, read_citation
from cases.models import Source
from cases.models.vocabulary import NOT_STATED

# The names of the field and of the button.
PASTED, FILL = "_citation", "_fill_in"

# The columns of a date are filled in together or not at all.
DATE = ("published_words", "published_edtf", "published_basis")


@dataclass
class Filled:
    """What came of a citation: the form's `values`, and what to say above the form.

    `error` says why the citation could not be read; `pasted` is then shown again. `names` are the
    labels of the fields that were filled in, by name. `kept` are the fields that held something
    else, each with its label and what the citation says.
    """

    values: dict[str, str]
    pasted: str = ""
    error: str = ""
    names: dict[str, str] = field(default_factory=dict)
    kept: list[tuple[str, str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    duplicates: list[dict[str, str]] = field(default_factory=list)


def filled_in(request: HttpRequest) -> Filled:
    """Return what the form has to hold: what was typed, and the citation where nothing was."""
    typed = {name: str(value) for name, value in request.POST.items() if name[:1] != "_"}
    pasted = request.POST.get(PASTED, "")
    try:
        citation = read_citation(pasted)
    except UnreadableCitationError as error:
        # A megabyte of something else need not be sent back.
        return Filled(typed, pasted if len(pasted) <= csl.FORMAT.max_length else "", str(error))
    filled = Filled(typed, remarks=citation.remarks)
    said = citation.values
    has_other_date = any(_is_typed(name, typed) and typed[name] != said.get(name) for name in DATE)
    for name, value in said.items():
        column: Any = Source._meta.get_field(name)
        label = capfirst(str(column.verbose_name))
        if typed.get(name) == value or (has_other_date and name == "published_basis"):
            continue
        if _is_typed(name, typed) or (has_other_date and name in DATE):
            # A choice by its label.
            words = str(dict(column.flatchoices).get(value, value))
            filled.kept.append((name, label, words))
        else:
            typed[name], filled.names[name] = value, label
    if not typed.get("slug"):
        # As the script of the form proposes it.
        typed["slug"] = slugify(f"{typed.get('publisher', '')} {typed.get('title', '')}")[
            : Source._meta.get_field("slug").max_length
        ]
        filled.names["slug"] = "Slug"
    addresses = (said.get("url", ""), said.get("archived_url", ""), citation.doi_address)
    found = like_sources(addresses, said.get("title", ""))
    filled.duplicates = [line_of(duplicate) for duplicate in found]
    return filled


def _is_typed(name: str, typed: dict[str, str]) -> bool:
    return typed.get(name, "").strip() not in ("", NOT_STATED)
