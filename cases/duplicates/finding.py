"""What is likely a duplicate of a record that is being typed, or was just saved."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from pyroaring import BitMap

from cases.changelog import ACTOR, CASE
from cases.models import Actor, Case, Incident, Source, Warning
from cases.models.uncertain_date import parse
from cases.models.vocabulary import NOT_STATED, ActorKind

from .alike import COMMON, names_alike, titles_alike, words_alike
from .index import current, texts
from .sounds import words_of
from .urls import page_of, sought

MOST = 5
"""How many likely duplicates are named."""

MAX_READ = 200
"""How many records are read to be compared."""

MAX_WORDS, MAX_NAMES, MAX_EVENTS, LONGEST = 12, 10, 5, 300
"""How much of what is typed is looked at."""

PRECISE = dt.timedelta(days=31)
"""Only dates within so many days tell two cases to be the same."""

PERSONS = {ActorKind.INDIVIDUAL, ActorKind.OFFICIAL}


@dataclass(frozen=True)
class Duplicate:
    """A record that may be the same, and why one may think so."""

    record: Actor | Case | Source
    reason: str


# Actors


def like_actor(names: Iterable[str], leave_out: int | None = None) -> list[Duplicate]:
    """Return the actors that have one of the names, or one like it; three queries at most."""
    typed = [(name, words_of(name)) for name in _read(names)]
    keys: dict[int, None] = {}
    for _, words in typed:
        keys |= dict.fromkeys(_having_names(words))
    actors = Actor.objects.exclude(pk=leave_out).in_bulk(list(keys)[:MAX_READ])
    found = [
        Duplicate(actors[key], reason)
        for key in keys
        if key in actors and (reason := _same_name(actors[key], typed))
    ]
    return found[:MOST]


def _having_names(words: Sequence[str]) -> list[int]:
    """Return the keys of actors whose names have all the words, or the run of their letters."""
    index = current(ACTOR)
    telling = [word for word in words if len(word) > 1 or len(words) == 1][:MAX_WORDS]
    if not telling:
        return []
    having = [index.having(word) for word in telling]
    return list(index.having("".join(words)) | BitMap.intersection(*having))[:MAX_READ]


def _same_name(actor: Actor, typed: Sequence[tuple[str, list[str]]]) -> str:
    """Word why the actor may be who was typed; "" if it is not."""
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
    """Return the sources that are found at the address; one query."""
    page = page_of(address)
    if not page:
        return []
    piece = sought(page)
    places = [Q(**{f"{name}__icontains": piece}) for name in ("url", "archived_url", "description")]
    if "/" not in page and "?" not in page:  # the first page of a site, whose host many have
        ends = ("iendswith", "icontains")
        endings = ("", "/", "/?", "/#", "?")
        places = [
            Q(**{f"url__{ends[ending not in ('', '/')]}": f"{piece}{ending}"}) for ending in endings
        ]
    candidates = Source.objects.exclude(pk=leave_out).filter(_any(places)).order_by("pk")
    return [
        Duplicate(source, "It has the same address.")
        for source in candidates[:MAX_READ]
        if page in map(page_of, _addresses(source))
    ][:MOST]


def _addresses(source: Source) -> list[str]:
    """Return where the source is, and where its description says that it was found."""
    return [source.url, source.archived_url, *re.findall(r"https?://\S+", source.description)]


# Cases


@dataclass(frozen=True)
class Event:
    """What is typed of an incident (with its place) or of a warning (with its recipients)."""

    date: str
    place: str = ""
    recipients: frozenset[int] = frozenset()


def like_case(
    title: str,
    incidents: Iterable[Event] = (),
    warnings: Iterable[Event] = (),
    leave_out: int | None = None,
) -> list[Duplicate]:
    """Return the cases with a title like this, or with an incident or a warning like one of these.

    Withdrawn cases too: what was withdrawn is not to be entered anew by mistake. Three
    queries, and one for each incident and each warning.
    """
    reasons: dict[int, str] = {}
    for incident in list(incidents)[:MAX_EVENTS]:
        _note(reasons, _same_incident(incident))
    for warning in list(warnings)[:MAX_EVENTS]:
        _note(reasons, _same_warning(warning))
    _note(reasons, _same_title(title))
    reasons.pop(leave_out or 0, None)
    keys = list(reasons)[:MOST]
    cases = Case.objects.in_bulk(keys)
    return [Duplicate(cases[key], reasons[key]) for key in keys if key in cases]


def _note(reasons: dict[int, str], found: dict[int, str]) -> None:
    for key, reason in found.items():
        reasons[key] = f"{reasons[key]} {reason}" if key in reasons else reason


def _same_title(title: str) -> dict[int, str]:
    words = [*dict.fromkeys(words_of(title[:LONGEST]))][:MAX_WORDS]
    telling = [word for word in words if word not in COMMON] or words
    index = current(CASE)
    having = [index.having(word) for word in telling]
    keys = _having_most(having)
    titles = Case.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "title")
    return {
        key: "It has a title like this."
        for key, other in titles
        if titles_alike(words, words_of(other))
    }


def _having_most(having: Sequence[BitMap]) -> list[int]:
    """Return the records that have all words first, then those that miss one, then two."""
    keys: dict[int, None] = {}
    for missing in range(min(3, 1 + len(having) * 2 // 5)):
        for kept in combinations(having, len(having) - missing):
            if kept and len(keys) < MAX_READ:
                keys |= dict.fromkeys(BitMap.intersection(*kept)[:MAX_READ])
    return list(keys)[:MAX_READ]


def _same_incident(event: Event) -> dict[int, str]:
    """Return the cases with an incident at the same time and place."""
    place = words_of(event.place[:LONGEST])
    if not place or event.place == NOT_STATED:
        return {}
    rows = _at_the_time(Incident.objects.all(), event.date).values_list("case", "place")
    return {
        case: f"It has an incident of that date in {there}."
        for case, there in rows
        if there != NOT_STATED and place_alike(place, words_of(there))
    }


def place_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether the words of the one place are among those of the other."""
    few, many = sorted((one, other), key=len)
    return bool(few) and all(any(words_alike(word, there) for there in many) for word in few)


def _same_warning(event: Event) -> dict[int, str]:
    """Return the cases with a warning at the same time to one of the recipients."""
    if not event.recipients:
        return {}
    warnings = Warning.objects.filter(recipients__in=event.recipients)
    rows = _at_the_time(warnings, event.date).values_list("case", "recipients__name")
    return {case: f"It has a warning of that date to {recipient}." for case, recipient in rows}


def _at_the_time(records: models.QuerySet[Any], expression: str) -> models.QuerySet[Any]:
    """Keep what is dated at the time of an expression, where both dates are precise; bounded."""
    try:
        question = parse(expression[:LONGEST]) if expression else None
    except ValidationError:
        question = None
    if question is None or question.earliest is None or question.latest is None:
        return records.none()
    if question.latest - question.earliest > PRECISE:
        return records.none()
    near = records.filter(
        date_earliest__range=(_before(question.earliest), question.latest),
        date_latest__range=(question.earliest, _after(question.latest)),
    )
    return near.order_by("case")[:MAX_READ]


def _before(day: dt.date) -> dt.date:
    return day - PRECISE if day - dt.date.min > PRECISE else dt.date.min


def _after(day: dt.date) -> dt.date:
    return day + PRECISE if dt.date.max - day > PRECISE else dt.date.max


def _read(names: Iterable[str]) -> list[str]:
    """Return the names that are typed, each once, as many as are looked at."""
    kept = (name.strip()[:LONGEST].replace("\0", "") for name in names)
    return [*dict.fromkeys(name for name in kept if name)][:MAX_NAMES]


def _any(conditions: Iterable[Q]) -> Q:
    whole = Q()
    for condition in conditions:
        whole |= condition
    return whole
