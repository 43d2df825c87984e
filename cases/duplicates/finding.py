"""Queries for the likely duplicates of a record that is being typed or was just saved."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import and_, or_
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from pyroaring import BitMap

from cases.changelog import ACTOR, CASE
from cases.models import Actor, Case, Incident, Source, Warning
from cases.models.edtf import parse
from cases.models.folded import has_beginning
from cases.models.vocabulary import NOT_STATED, ActorKind
from cases.models.written_dates import to_edtf
from cases.text.folding import tokens, variants

from .alike import COMMON, names_alike, titles_alike, words_alike
from .index import current, texts
from .sounds import words_of
from .urls import page_of, searchable_piece

# Likely duplicates that are returned.
MAX_DUPLICATES = 5

# Records that are read and compared.
MAX_READ = 200

# Limits for the typed values: words, names and events compared, characters read.
MAX_WORDS, MAX_NAMES, MAX_EVENTS, MAX_CHARACTERS = 12, 10, 5, 300

# Titles of sources with fewer words say too little to be compared.
MIN_TITLE_WORDS = 3

# Only dates as exact as this, and as close to each other, make two cases likely the same.
MAX_DATE_SPAN = dt.timedelta(days=31)

PERSONS = {ActorKind.INDIVIDUAL, ActorKind.OFFICIAL}


@dataclass(frozen=True)
class Duplicate:
    """A record that may be the same, and the reason as a sentence."""

    record: Actor | Case | Source
    reason: str


# Actors


def like_actor(names: Iterable[str], leave_out: int | None = None) -> list[Duplicate]:
    """Return the actors with one of the names or a similar one; at most three queries."""
    typed = [(name, words_of(name)) for name in _distinct_names(names)]
    keys: dict[int, None] = {}
    for _, words in typed:
        keys |= dict.fromkeys(_having_names(words))
    actors = Actor.objects.exclude(pk=leave_out).in_bulk(list(keys)[:MAX_READ])
    duplicates = [
        Duplicate(actors[key], reason)
        for key in keys
        if key in actors and (reason := _same_name(actors[key], typed))
    ]
    return duplicates[:MAX_DUPLICATES]


def _having_names(words: Sequence[str]) -> list[int]:
    """Return the keys of actors whose names have all the words, or the words without spaces."""
    index = current(ACTOR)
    # Initials match too many names to be worth looking up.
    distinctive = [word for word in words if len(word) > 1 or len(words) == 1][:MAX_WORDS]
    if not distinctive:
        return []
    having = [index.having(word) for word in distinctive]
    return list(index.having("".join(words)) | BitMap.intersection(*having))[:MAX_READ]


def _same_name(actor: Actor, typed: Sequence[tuple[str, list[str]]]) -> str:
    """Return the reason why an actor may be the one typed; "" if it is not."""
    own = [(name, words_of(name)) for name in (actor.name, *texts(actor.aliases))]
    is_person = actor.kind in PERSONS
    for text, words in typed:
        if any(words == others for _, others in own):
            return f"“{text}” is also a name of {actor}."
        for name, others in own:
            if names_alike(words, others):
                return f"“{text}” is spelled like “{name}”."
            if is_person and len(words) == 1 < len(others) and words_alike(words[0], others[-1]):
                return f"“{text}” is spelled like the surname of {name}."
    return ""


# Sources


def like_source(address: str, leave_out: int | None = None) -> list[Duplicate]:
    """Return the sources with this address; one query."""
    page = page_of(address)
    if not page:
        return []
    piece = searchable_piece(page)
    places = [Q(**{f"{name}__icontains": piece}) for name in ("url", "archived_url", "description")]
    # The host alone is in the address of every source of a site, so the address must end with it.
    if "/" not in page and "?" not in page:
        ends = ("iendswith", "icontains")
        endings = ("", "/", "/?", "/#", "?")
        places = [
            Q(**{f"url__{ends[ending not in ('', '/')]}": f"{piece}{ending}"}) for ending in endings
        ]
    candidates = (
        Source.objects.exclude(pk=leave_out or 0).filter(reduce(or_, places)).order_by("pk")
    )
    return [
        Duplicate(source, "It has the same address.")
        for source in candidates[:MAX_READ]
        if page in map(page_of, _addresses(source))
    ][:MAX_DUPLICATES]


def like_source_title(title: str, leave_out: int | None = None) -> list[Duplicate]:
    """Return the sources with this title, however it is punctuated; one query.

    Short ones, such as “Press briefing”, are not compared.
    """
    typed = words_of(title[:MAX_CHARACTERS])
    if len(typed) < MIN_TITLE_WORDS or "\0" in title:
        return []
    words = [*dict.fromkeys(tokens(title[:MAX_CHARACTERS]))][:MAX_WORDS]
    having = reduce(and_, (has_beginning("folded", variants(word)) for word in words))
    candidates = Source.objects.exclude(pk=leave_out or 0).filter(having).order_by("pk")
    return [
        Duplicate(source, "It has the same title.")
        for source in candidates[:MAX_READ]
        if words_of(source.title) == typed
    ][:MAX_DUPLICATES]


def _addresses(source: Source) -> list[str]:
    """Return all addresses of a source, including those in its description."""
    return [source.url, source.archived_url, *re.findall(r"https?://\S+", source.description)]


# Cases


@dataclass(frozen=True)
class Event:
    """The typed date of an incident, with its place, or of a warning, with its recipients."""

    date: str
    place: str = ""
    recipients: frozenset[int] = frozenset()


def like_case(
    title: str,
    incidents: Iterable[Event] = (),
    warnings: Iterable[Event] = (),
    leave_out: int | None = None,
) -> list[Duplicate]:
    """Return the cases with a similar title, or with one of these incidents or warnings.

    Takes three queries, and one for each incident and each warning.
    """
    # Withdrawn cases count, so that nobody enters a withdrawn case again by mistake.
    reasons: dict[int, str] = {}
    for incident in list(incidents)[:MAX_EVENTS]:
        _add_reasons(reasons, _same_incident(incident))
    for warning in list(warnings)[:MAX_EVENTS]:
        _add_reasons(reasons, _same_warning(warning))
    _add_reasons(reasons, _same_title(title))
    reasons.pop(leave_out or 0, None)
    keys = list(reasons)[:MAX_DUPLICATES]
    cases = Case.objects.in_bulk(keys)
    return [Duplicate(cases[key], reasons[key]) for key in keys if key in cases]


def _add_reasons(reasons: dict[int, str], more: dict[int, str]) -> None:
    for key, reason in more.items():
        reasons[key] = f"{reasons[key]} {reason}" if key in reasons else reason


def _same_title(title: str) -> dict[int, str]:
    words = [*dict.fromkeys(words_of(title[:MAX_CHARACTERS]))][:MAX_WORDS]
    distinctive = [word for word in words if word not in COMMON] or words
    index = current(CASE)
    having = [index.having(word) for word in distinctive]
    keys = _having_most(having)
    titles = Case.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "title")
    return {
        key: "It has a title like this."
        for key, other in titles
        if titles_alike(words, words_of(other))
    }


def _having_most(having: Sequence[BitMap]) -> list[int]:
    """Return the records with all words first, then those that miss one, then two."""
    keys: dict[int, None] = {}
    for missing in range(min(3, 1 + len(having) * 2 // 5)):
        for kept in combinations(having, len(having) - missing):
            if kept and len(keys) < MAX_READ:
                keys |= dict.fromkeys(BitMap.intersection(*kept)[:MAX_READ])
    return list(keys)[:MAX_READ]


def _same_incident(event: Event) -> dict[int, str]:
    """Return the cases with an incident at the same time and place, with the reason."""
    place = words_of(event.place[:MAX_CHARACTERS])
    if not place or event.place == NOT_STATED:
        return {}
    rows = _at_the_time(Incident.objects.all(), event.date).values_list("case", "place")
    return {
        case: f"It has an incident of that date in {there}."
        for case, there in rows
        if there != NOT_STATED and place_alike(place, words_of(there))
    }


def place_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether all words of one place are among those of the other."""
    few, many = sorted((one, other), key=len)
    return bool(few) and all(any(words_alike(word, there) for there in many) for word in few)


def _same_warning(event: Event) -> dict[int, str]:
    """Return the cases with a warning at the same time to one recipient, with the reason."""
    if not event.recipients:
        return {}
    warnings = Warning.objects.filter(recipients__in=event.recipients)
    rows = _at_the_time(warnings, event.date).values_list("case", "recipients__name")
    return {case: f"It has a warning of that date to {recipient}." for case, recipient in rows}


def _at_the_time(records: models.QuerySet[Any], expression: str) -> models.QuerySet[Any]:
    """Return the records whose date overlaps with a typed one, if both are precise.

    Returns at most `MAX_READ` records, and none for an invalid or imprecise expression.
    """
    try:
        date = parse(to_edtf(expression[:MAX_CHARACTERS])) if expression else None
    except ValidationError:
        date = None
    if date is None or date.earliest is None or date.latest is None:
        return records.none()
    if date.latest - date.earliest > MAX_DATE_SPAN:
        return records.none()
    # Date arithmetic raises OverflowError near year 1 and year 9999.
    before = (
        date.earliest - MAX_DATE_SPAN
        if date.earliest - dt.date.min > MAX_DATE_SPAN
        else dt.date.min
    )
    after = (
        date.latest + MAX_DATE_SPAN if dt.date.max - date.latest > MAX_DATE_SPAN else dt.date.max
    )
    overlapping = records.filter(
        date_earliest__range=(before, date.latest),
        date_latest__range=(date.earliest, after),
    )
    return overlapping.order_by("case")[:MAX_READ]


def _distinct_names(names: Iterable[str]) -> list[str]:
    """Return the first `MAX_NAMES` typed names, without duplicates and blanks."""
    cleaned = (name.strip()[:MAX_CHARACTERS].replace("\0", "") for name in names)
    return [*dict.fromkeys(name for name in cleaned if name)][:MAX_NAMES]
