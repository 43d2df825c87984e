"""A case as the JSON file has it: its record, what is derived from that, and its addresses."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta
from msgspec.structs import asdict

from cases.evidence.lead_time import (
    KNOWN,
    ORDER_UNKNOWN,
    first_occurrence,
    lead_time,
    window_covered,
)
from cases.models.synthetic_label import is_synthetic
from cases.models.vocabulary import NOT_APPLICABLE, NOT_STATED, WindowCovered
from cases.record.classes import (
    CaseRecord,
    IncidentRecord,
    Place,
    RecordPart,
    WarningRecord,
    word,
)

from .errors import absolute


class LeadTimeRecord(RecordPart, frozen=True, kw_only=True):
    """The days from a warning to the earliest incident that was carried out, as an interval."""

    status: Annotated[
        str,
        word(
            "“known”; “order_unknown”: either may have come first; “not_applicable”: nothing was "
            "carried out; “not_stated”: it cannot be computed.",
            (KNOWN, ORDER_UNKNOWN, NOT_STATED, NOT_APPLICABLE),
        ),
    ]
    minimum: Annotated[
        int | None,
        Meta(description="The least number of days; negative if the incident came first."),
    ]
    maximum: Annotated[int | None, Meta(description="The greatest number of days.")]


class DerivedOfWarning(RecordPart, frozen=True, kw_only=True):
    """What is derived from a warning and an incident."""

    sequence: Place
    lead_time: Annotated[LeadTimeRecord, Meta(description="The lead time of the warning.")]
    window_covered: Annotated[
        str,
        word(
            "Whether the warned window contained the earliest incident that was carried out.",
            WindowCovered.values,
        ),
    ]


class DerivedOfIncident(RecordPart, frozen=True, kw_only=True):
    """What is derived from an incident."""

    sequence: Place
    deaths_lower_bound: Annotated[
        int | None,
        Meta(
            description=(
                "The least number of deaths that figure and qualifier allow: “over 130” is at "
                "least 131. Null without a figure, and for “about 130”."
            )
        ),
    ]


class DerivedRecord(RecordPart, frozen=True, kw_only=True):
    """Values that are computed from the record of a case."""

    warnings: Annotated[
        tuple[DerivedOfWarning, ...], Meta(description="Those of each warning, in their order.")
    ]
    incidents: Annotated[
        tuple[DerivedOfIncident, ...], Meta(description="Those of each incident, in their order.")
    ]


class PublishedCase(CaseRecord, frozen=True, kw_only=True):
    """A case in the file: its record, with values derived from it, its version and addresses."""

    derived: Annotated[DerivedRecord, Meta(description="Values that are computed from the record.")]
    version: Annotated[
        int | None, Meta(description="The number of its latest version; null without one.")
    ]
    permanent_address: Annotated[str, Meta(description="The address to cite; it never changes.")]
    address: Annotated[str, Meta(description="The present address of its page.")]
    synthetic: Annotated[
        bool, Meta(description="Whether it is made up, to test the casebook with many cases.")
    ]


def published_case(record: CaseRecord, version: int) -> PublishedCase:
    """Return a case as the file has it, from its record and the number of its version."""
    return PublishedCase(
        **asdict(record),
        derived=derived(record),
        version=version,
        permanent_address=absolute(record.get_permanent_url()),
        address=absolute(record.get_absolute_url()),
        synthetic=is_synthetic(record.number, record.slug),
    )


def derived(record: CaseRecord) -> DerivedRecord:
    """Return the derived values of each warning and each incident."""
    occurrence = first_occurrence(record.incidents)
    return DerivedRecord(
        warnings=tuple(
            DerivedOfWarning(
                sequence=warning.sequence,
                lead_time=_lead_time(warning, occurrence),
                window_covered=window_covered(warning, occurrence).value,
            )
            for warning in record.warnings
        ),
        incidents=tuple(
            DerivedOfIncident(
                sequence=incident.sequence, deaths_lower_bound=incident.deaths_lower_bound
            )
            for incident in record.incidents
        ),
    )


def _lead_time(warning: WarningRecord, occurrence: IncidentRecord | None) -> LeadTimeRecord:
    interval = lead_time(warning, occurrence)
    return LeadTimeRecord(
        status=interval.status, minimum=interval.minimum, maximum=interval.maximum
    )
