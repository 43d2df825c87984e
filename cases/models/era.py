"""Whether a case came before or after a directive was issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from .vocabulary import DirectiveEra, Era

if TYPE_CHECKING:
    # Imported earlier, the fields of dates would come before all others of a case.
    from .uncertain_date import PossibleDays

ICD_191 = "icd-191"
"""The slug of Intelligence Community Directive 191, to whose date `Era` compares a case."""
ICD_191_ISSUED = dt.date(2015, 7, 21)
"""Source: Federation of American Scientists, “Duty to Warn”, 24 August 2015."""

Span = tuple[dt.date | None, dt.date | None]
"""The first and the last possible day; None is unbounded."""

UNBOUNDED: Span = (None, None)

_ERAS = {DirectiveEra.BEFORE: Era.BEFORE_ICD191, DirectiveEra.AFTER: Era.AFTER_ICD191}


def span_of(date: PossibleDays, others: Iterable[PossibleDays]) -> Span:
    """Return the span of a case with this date, whose parts have the dates `others`.

    An open start counts as the first start of another date, and an open end as the last end:
    “on or before 25 April 2019” in a case with a second warning in 2019 is not before 2015.
    """
    if not date.is_stated:
        return UNBOUNDED
    return bounded(
        (date.earliest, date.latest), ((other.earliest, other.latest) for other in others)
    )


def bounded(span: Span, others: Iterable[Span]) -> Span:
    """Return a span whose open ends are closed by those of other spans, if they are not open."""
    earliest, latest = span
    others = list(others)
    if earliest is None:
        earliest = min((start for start, _ in others if start is not None), default=None)
    if latest is None:
        latest = max((end for _, end in others if end is not None), default=None)
    return earliest, latest


def era_of(span: Span, issued: Span) -> DirectiveEra:
    """Return whether a span lies before the issue of a directive, or on that day or after it."""
    earliest, latest = span
    first, last = issued
    if latest is not None and first is not None and latest < first:
        return DirectiveEra.BEFORE
    if earliest is not None and last is not None and earliest >= last:
        return DirectiveEra.AFTER
    return DirectiveEra.NOT_STATED


def is_compared_with_icd_191(directives: Collection[str]) -> bool:
    """Whether pages say of a case that it came before or after ICD 191.

    `directives` are the slugs of the directives that apply to the case. If the case names some, and
    ICD 191 is not among them, pages do not compare its date with ICD 191.
    """
    return not directives or ICD_191 in directives


def icd_191_era_of(span: Span) -> Era:
    """Return whether a span lies before or after the issue of ICD 191."""
    return _ERAS.get(era_of(span, (ICD_191_ISSUED, ICD_191_ISSUED)), Era.NOT_STATED)
