"""Describe a list of cases: in one sentence, and in a short page title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.text import get_text_list

from cases.index.case_index import ACTOR, ASSESSMENT, ROLE, WARNING_DIMENSIONS
from cases.index.loading import DATED
from cases.models.vocabulary import NOT_STATED
from cases.text.bidi import isolated
from cases.text.excerpt import excerpt
from cases.text.plurals import counted

from .case_filter import FACETS, CaseFilter
from .date_parameters import CERTAIN
from .former_slugs import CASE_PARAMETER
from .query_string import ALL, NOT, ActiveValue, split_form
from .selection import SAME_PART

# Values of one parameter that a description names; the others are counted.
MAX_NAMED = 4

# Where lists that are sorted by lead time have the other cases.
AFTER_LEAD_TIMES = (
    "then come cases in which the order of warning and incident is unknown, and last those with no "
    "lead time to compute."
)

# How cases are ordered, for sort orders whose name does not explain it.
ORDERS = {
    "relevance": (
        "matches in the title first, then in names, then in the rest of the case, and last in "
        "titles and publishers of its sources."
    ),
    "lead_time": f"by the shortest that the dates allow; {AFTER_LEAD_TIMES}",
    "-lead_time": f"by the longest that the dates allow; {AFTER_LEAD_TIMES}",
    "-deaths": (
        "by what the incidents of a case sum to at least; cases without such a figure come last."
    ),
}

# The part of a case that has the values of a filter, if a case can have several such parts.
HOLDERS = dict.fromkeys(WARNING_DIMENSIONS, "warning") | {
    "modality": "claim",
    ROLE: "actor",
    ASSESSMENT: "exception",
}

# How a clause begins where “the … is” would suggest that the case has only one such part.
BEGINNINGS = {"modality": "a claim has", ROLE: "an actor has", ASSESSMENT: "an exception has"}

# What joins an actor to its role, and an exception to its assessment.
JOINED = {ROLE: "in the role", ASSESSMENT: "with the assessment"}

# Filters that a page title names.
MAX_IN_TITLE = 3


def describe(cases: CaseFilter, without: str = "") -> str:
    """Return a description of the filters that can follow "3 of 7 cases"; empty without filters.

    For example "in which the recipient is “Russia” or “Iran”, that may date from 2024 or later".
    The chosen values of the filter `without` are left out.
    """
    # Values are quoted as labels, because no grammar fits all of them.
    clauses = list(_clauses(cases, without))
    parts = [f"in which {get_text_list(clauses, 'and')}"] if clauses else []
    if parts and _may_lack_warnings(cases, without):
        parts[0] += " (including cases without a warning)"
    data = cases.query.data
    if CASE_PARAMETER in data:
        parts.insert(0, "picked by name")
    if dates := _dates(data):
        parts.append(dates)
    if "q" in data:
        parts.append(f"found by the search “{excerpt(str(data['q']))}”")
    return ", ".join(parts)


def described(cases: CaseFilter) -> str:
    """Return how many cases a list has and what they have in common: "3 of 7 cases in which …"."""
    count, sentence = len(cases.keys), describe(cases)
    words = f"{count:,} of {counted(cases.total, 'case')}"
    return f"{words} {sentence}" if sentence else words


# What editors inferred, for filters whose noun is not the coded value itself.
INFERRED_NOUNS = {ACTOR: "actor’s part", "incident": "kind of incident", DATED: "date"}


def inferences(cases: CaseFilter) -> str:
    """Return a sentence that says in how many cases editors inferred what is asked for.

    For example "In 3 of these 4 cases editors inferred the basis and the relation to the issuer;
    in 1, the date."; empty if no filter asks for an inferred value. Counts are of all cases that
    match.
    """
    counts, total = cases.inferred_counts, len(cases.keys)
    nouns: dict[int, list[str]] = {}
    for name in [*FACETS, DATED]:
        if count := counts.get(name):
            nouns.setdefault(count, []).append(f"the {_inferred_noun(name)}")
    parts: list[str] = []
    for count, named in nouns.items():
        of = f"{count:,} of these {total:,} cases" if total > 1 else "this case"
        of = f"all {total:,} cases" if count == total > 1 else of
        begin = f"in {count:,}," if parts else f"In {of} editors inferred"
        parts.append(f"{begin} {get_text_list(named, 'and')}")
    return f"{'; '.join(parts)}." if parts else ""


def _inferred_noun(name: str) -> str:
    if name in INFERRED_NOUNS:
        return INFERRED_NOUNS[name]
    label = str(FACETS[name].label)
    return FACETS[name].noun or f"{label[:1].lower()}{label[1:]}"


def title(cases: CaseFilter, subject: str, page: int = 1) -> str:
    """Return a page title for a filtered list: "Cases: recipient Russia, page 2"."""
    values = active_filters(cases)
    named = [f"{_noun(value)} {excerpt(value.text)}" for value in values[:MAX_IN_TITLE]]
    if len(values) > MAX_IN_TITLE:
        named.append(f"{len(values) - MAX_IN_TITLE} more")
    text = f"{subject}: {'; '.join(named)}" if named else subject
    return f"{text}, page {page}" if page > 1 else text


def _noun(value: ActiveValue) -> str:
    filter_ = FACETS.get(split_form(value.parameter)[0])
    return (filter_ and filter_.noun) or f"{value.label[:1].lower()}{value.label[1:]}"


def active_filters(cases: CaseFilter) -> list[ActiveValue]:
    """Return the active values that have an effect."""
    # How dates match has no effect without a date.
    is_dated = {"date_from", "date_to"} & set(cases.query.data)
    return [value for value in cases.active if is_dated or value.parameter != "date_match"]


def _clauses(cases: CaseFilter, without: str) -> Iterator[str]:
    """Yield a clause for each filter, those of warnings first."""
    warning_filters = cases.criteria.warning_dimensions(without)
    clauses = [_any_of(cases, name) for name in warning_filters]
    if len(clauses) > 1:
        yield f"{get_text_list(clauses, 'and')}, by the same warning"
    else:
        yield from clauses
    case_filters = {*cases.criteria.any_of} - {*warning_filters, without}
    same_part = {of: by for by, of in SAME_PART.items() if {by, of} <= case_filters}
    for name in FACETS:
        if by := same_part.get(name):
            texts, _ = _texts(cases, by, cases.query.data.getlist(by))
            yield f"{_any_of(cases, name)}, {JOINED[by]} {get_text_list(texts, 'or')}"
        elif name in case_filters and name not in same_part.values():
            yield _any_of(cases, name)
        yield from _all_of(cases, name)
        yield from _none_of(cases, name)


def _any_of(cases: CaseFilter, name: str) -> str:
    """Return the clause for "any of these values"."""
    filter_ = FACETS[name]
    values = cases.query.data.getlist(name)
    if filter_.clauses:
        clauses: list[str] = [filter_.clauses[value] for value in values]
        return get_text_list(clauses, "or")
    texts, unnamed = _texts(cases, name, values)
    holder = BEGINNINGS.get(name)
    has = f"{holder} the {filter_.noun}" if holder else f"the {filter_.noun} is"
    alternatives = [f"{has} {get_text_list(texts, 'or')}"] if texts else []
    if unnamed:
        alternatives.append(unnamed[0])
    return str(get_text_list(alternatives, "or"))


def _all_of(cases: CaseFilter, name: str) -> Iterator[str]:
    """Yield the clauses for "all of these values", about the case as a whole."""
    filter_ = FACETS[name]
    values = cases.query.data.getlist(name + ALL)
    if filter_.clauses:
        yield from (filter_.clauses[value] for value in values)
        return
    texts, unnamed = _texts(cases, name, values)
    holder = HOLDERS.get(name)
    if holder and len(texts) == 1:
        yield f"a {holder} has the {filter_.noun} {texts[0]}"
    elif holder and texts:
        yield f"the {holder}s together have the {filter_.plural} {get_text_list(texts, 'and')}"
    elif texts:
        has = f"the {filter_.plural} include" if filter_.plural else f"the {filter_.noun} is"
        yield f"{has} {get_text_list(texts, 'and')}"
    if unnamed:
        yield unnamed[0]


def _none_of(cases: CaseFilter, name: str) -> Iterator[str]:
    """Yield the clauses for "none of these values", about the case as a whole."""
    filter_ = FACETS[name]
    values = cases.query.data.getlist(name + NOT)
    if filter_.clauses:
        # Such a filter has two values, so excluding one means the clause of the other.
        yield from (
            get_text_list([filter_.clauses[v] for v in filter_.clauses if v != excluded], "or")
            for excluded in values
        )
        return
    texts, unnamed = _texts(cases, name, values)
    holder = HOLDERS.get(name)
    if holder and texts:
        yield f"no {holder} has the {filter_.noun} {get_text_list(texts, 'or')}"
    elif texts:
        has = f"no {filter_.noun} is" if filter_.plural else f"the {filter_.noun} is not"
        yield f"{has} {get_text_list(texts, 'or')}"
    if unnamed:
        yield unnamed[1]


def _may_lack_warnings(cases: CaseFilter, without: str) -> bool:
    """Return whether a value of warnings is excluded while no filter requires a warning."""
    criteria = cases.criteria
    requires_warning = criteria.warning_dimensions(without) or (
        set(WARNING_DIMENSIONS) & set(criteria.all_of)
    )
    return not requires_warning and bool(set(WARNING_DIMENSIONS) & set(criteria.none_of))


def _texts(
    cases: CaseFilter, name: str, values: Sequence[str]
) -> tuple[list[str], tuple[str, str] | None]:
    """Return the quoted labels of the values, and the clauses for "none named" if it is one."""
    # "None named" is not quoted; a filter has its own clauses for it, `unnamed`.
    unnamed = FACETS[name].unnamed
    named = [value for value in values if not (unnamed and value == NOT_STATED)]
    texts = [f"“{isolated(cases.choices[name][value])}”" for value in named[:MAX_NAMED]]
    if len(named) > MAX_NAMED:
        texts.append(f"{len(named) - MAX_NAMED} others")
    return texts, unnamed if len(named) < len(values) else None


def _dates(data: Any) -> str:
    start, end = data.get("date_from"), data.get("date_to")
    if not start and not end:
        return ""
    if start and end:
        span = start if start == end else f"{start} to {end}"
    else:
        span = f"{start} or later" if start else f"{end} or earlier"
    if data.get("date_match") == CERTAIN:
        return f"that certainly date from {span}"
    return f"that may date from {span}"
