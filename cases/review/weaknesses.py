"""Weak points of a case, despite which a reviewer may publish it with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cases.evidence.problem import Problem
from cases.evidence.sheet import CodingSheet
from cases.models import Case, Claim, Source
from cases.models.vocabulary import Stance


def weaknesses_of(case: Case) -> list[Problem]:
    """Return the weak points of `case` (fetched with `for_detail()`)."""
    sheet = CodingSheet(case)
    return [*_one_source(case), *_one_sided(sheet), *_undated(case), *_unarchived(case)]


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
        if value.is_absent and _only_disputed(value.claims):
            yield Problem(
                value.path, f"“{value.label}: {value.text}” is disputed, but no claim asserts it."
            )
    # A claim can also dispute a warning or an incident as a whole.
    for section in sheet.sections:
        if _only_disputed(section.claims):
            yield Problem(section.path, f"{section.title} is disputed, but no claim asserts it.")


def _only_disputed(claims: Iterable[Claim]) -> bool:
    stances = {claim.stance for claim in claims}
    return Stance.DISPUTES in stances and Stance.ASSERTS not in stances


def _undated(case: Case) -> Iterator[Problem]:
    for warning in case.warnings.all():
        if not warning.date.is_stated:
            yield Problem(f"{warning.path}.date", "The warning has no date, so no lead time.")
    for incident in case.incidents.all():
        if incident.occurred and not incident.date.is_stated:
            yield Problem(f"{incident.path}.date", "The incident has no date.")


def _unarchived(case: Case) -> Iterator[Problem]:
    claimed = (claim.source for claim in case.claims.all())
    noted = (source for note in case.notes.all() for source in (note.source, note.evidence))
    sources = {source.pk: source for source in (*claimed, *noted)}
    for key in sorted(sources):
        yield from unarchived(sources[key])


def unarchived(source: Source) -> Iterator[Problem]:
    """Report a source that has an address but no archived one."""
    # A source in print has no address, so there is nothing to archive.
    if source.url and not source.archived_url:
        yield Problem("", f"The source “{source}” has no archived address.", source)
