"""The table of cases."""

from __future__ import annotations

from collections.abc import Callable

from cases.exchange.downloads.errors import absolute
from cases.models import Case
from cases.models.case import dated_by
from cases.models.synthetic_label import is_synthetic
from cases.models.vocabulary import NOT_STATED, Era
from cases.record.classes import CaseRecord

from .case_row import CaseRow
from .coded import certainty, coded, dates
from .head import CASE, CASES, address, of_case
from .table import Column, Table, Value, count, words_of, yes_or_no

_COUNTED = (
    ("warning_count", "Warnings, number", "How many warnings are coded.", "warnings"),
    ("incident_count", "Incidents, number", "How many incidents are coded.", "incidents"),
    (
        "involvement_count",
        "Roles, number",
        "How many roles of actors in the case itself are "
        "coded. The table “involvements” also has rows for the issuer, the intermediaries and the "
        "recipients of its warnings.",
        "involvements",
    ),
    (
        "assessment_count",
        "Exceptions, number",
        "Of how many exceptions a source says something.",
        "assessments",
    ),
    ("claim_count", "Claims, number", "How many pieces of evidence it has.", "claims"),
    ("note_count", "Notes, number", "How many editorial notes are about the case.", "notes"),
)


def _number_of(parts: str) -> Callable[[CaseRow, CaseRecord], int]:
    return lambda case, record: len(getattr(record, parts))


def _modality_of_date(case: CaseRow, record: CaseRecord) -> Value:
    """Return how certain the date of the part is that dates the case."""
    dating = dated_by(record.incidents, record.warnings)
    if dating is None or not dating.date.is_stated:
        return NOT_STATED
    return case.modality(dating, "date")


CASE_TABLE = Table(
    CASES,
    "case",
    "A row for each case.",
    (CASE,),
    (
        *of_case(""),
        *coded(CaseRecord),
        Column(
            "summary",
            "Summary",
            Case._meta.get_field("summary").definition,
            lambda case, unit: unit.summary,
            is_required=True,
        ),
        *dates("date", "Date of the case"),
        certainty("date", "Date of the case", _modality_of_date),
        Column(
            "era",
            "Era",
            "Whether the case came before or after ICD 191, 21 July 2015.",
            lambda case, unit: unit.era,
            words=words_of(Era),
            defined_at="case.era",
            is_required=True,
        ),
        *(
            count(name, title, meaning, _number_of(parts))
            for name, title, meaning, parts in _COUNTED
        ),
        yes_or_no(
            "contested",
            "Contested",
            "Whether a claim disputes a value that another claim asserts, or what is asserted of a "
            "warning, an incident or the case as a whole. Notes do not count.",
            lambda case, unit: case.evidence.is_contested,
            yes="Something in the case is contested.",
            no="Nothing in the case is contested.",
        ),
        yes_or_no(
            "synthetic",
            "Synthetic",
            "Whether it was made up to test the casebook, and is evidence of nothing.",
            lambda case, unit: is_synthetic(unit.number, unit.slug),
            yes="It was made up.",
            no="It is coded from sources.",
        ),
        address(lambda unit: ""),
        Column(
            "page",
            "Page",
            "The present address of its page.",
            lambda case, unit: absolute(unit.get_absolute_url()),
            is_required=True,
        ),
    ),
    lambda case: (case.record,),
)
