"""Weak points of a case, despite which a reviewer may publish it with a reason."""

from __future__ import annotations

from collections.abc import Iterator

from cases.evidence.coded_value import CodedValue
from cases.evidence.problem import Problem
from cases.evidence.sheet import CodingSheet, SheetSection
from cases.models import Case, Source
from cases.models.uncertain_date import UncertainDate
from cases.models.vocabulary import NOT_STATED, Modality, Stance
from cases.record.building import record_of
from cases.text.plurals import counted

from .checks import problem_of


def weaknesses_of(case: Case) -> list[Problem]:
    """Return the weak points of `case`, fetched with `for_detail()`.

    One query, or none if it was also fetched `with_comments()`.
    """
    sheet = CodingSheet(record_of(case))
    return [
        *_one_source(case),
        *_one_sided(sheet),
        *_claims_of_silence(sheet),
        *_claims_without_their_words(case),
        *_undated(case),
        *_weak_sources(case),
        *_open_comments(case),
    ]


def _one_source(case: Case) -> Iterator[Problem]:
    """Report a case whose claims all go back to one source."""
    # A reprint counts as its original, because it is no second witness.
    sources = {claim.source_id: claim.source.derived_from_id for claim in case.claims.all()}
    if len({original or source for source, original in sources.items()}) == 1:
        many = len(sources) > 1
        yield Problem("", "All sources go back to one." if many else "There is only one source.")


def _one_sided(sheet: CodingSheet) -> Iterator[Problem]:
    """Report values and parts that claims dispute although none asserts them."""
    for value in sheet.values():
        if value.is_absent and _only_disputed(value):
            yield problem_of(value, f"“{value.text}” is disputed, but no claim asserts it.")
    # A claim can also dispute a warning or an incident as a whole.
    for section in sheet.sections:
        if _only_disputed(section):
            yield Problem(section.path, "It is disputed, but no claim asserts it.")


def _only_disputed(about: CodedValue | SheetSection) -> bool:
    is_disputed = any(claim.stance == Stance.DISPUTES for claim in about.claims)
    return is_disputed and not about.is_contested


def _claims_of_silence(sheet: CodingSheet) -> Iterator[Problem]:
    """Report values that are coded as not stated although a claim asserts something of them.

    A claim that the source calls it unclear is no contradiction.
    """
    for value in sheet.values():
        if value.absence == NOT_STATED and any(
            claim.modality != Modality.UNCLEAR for claim in value.supporting
        ):
            yield problem_of(
                value,
                f"“{value.text}” has a claim. Choose the value that it supports, remove the "
                "claim, or give it the certainty “Unclear”.",
            )


def _claims_without_their_words(case: Case) -> Iterator[Problem]:
    for claim in case.claims.all():
        if claim.modality == Modality.QUOTED and not claim.quote:
            yield Problem(f"{claim.path}.quote", "The claim is “Quoted”, but has no quote.")
        if uncoded := _uncoded(claim.date):
            yield Problem(f"{claim.path}.date", uncoded)


def _uncoded(date: UncertainDate) -> str:
    """Return what is wrong with a date that has words and no expression; "" for any other."""
    if not date.words or date.is_stated:
        return ""
    return f"The date “{date.words}” is not coded, so it counts as not stated."


def _undated(case: Case) -> Iterator[Problem]:
    for warning in case.warnings.all():
        if not warning.date.is_stated:
            without = "The warning has no date, so no lead time."
            yield Problem(f"{warning.path}.date", _uncoded(warning.date) or without)
    for incident in case.incidents.all():
        if incident.occurred and not incident.date.is_stated:
            without = "The incident has no date."
            yield Problem(f"{incident.path}.date", _uncoded(incident.date) or without)


def _weak_sources(case: Case) -> Iterator[Problem]:
    claimed = (claim.source for claim in case.claims.all())
    noted = (source for note in case.notes.all() for source in (note.source, note.evidence))
    sources = {source.pk: source for source in (*claimed, *noted)}
    for key in sorted(sources):
        yield from unarchived(sources[key])
        if uncoded := _uncoded(sources[key].published):
            yield Problem("", f"The source “{sources[key]}”: {uncoded}", sources[key], "published")


def _open_comments(case: Case) -> Iterator[Problem]:
    """Report comments of reviewers that nobody has resolved."""
    number = sum(comment.is_by_reviewer for comment in case.open_comments)
    if number:
        are = "is" if number == 1 else "are"
        text = f"{counted(number, 'comment')} by a reviewer {are} open."
        yield Problem("", text, section="comments")


def unarchived(source: Source) -> Iterator[Problem]:
    """Report a source without an archived address, unless somebody said why it has none."""
    if source.lacks_archived_address:
        yield Problem(
            "",
            f"The source “{source}” has no archived address. Add one, or say why it has none.",
            source,
            "archived_url",
        )
