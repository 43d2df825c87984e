"""The registry of the tables in a bundle: their columns, and the key that identifies a row.

This is the only place that names columns. Exports, imports, templates and descriptions all read it.
Anything not listed here (database keys, accounts, search rows) does not leave the casebook.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cases.evidence.values import VOCABULARIES
from cases.models import (
    Actor,
    Case,
    Claim,
    Directive,
    DirectiveException,
    ExceptionAssessment,
    FormerSlug,
    Incident,
    Involvement,
    Note,
    Source,
    Version,
    Warning,
)
from cases.models.vocabulary import (
    ActorKind,
    Archiving,
    AssessmentStatus,
    CaseKind,
    CaseStatus,
    DateBasis,
    IncidentKind,
    Modality,
    NoteKind,
    Qualifier,
    RecordsStatus,
    Role,
    RuleStatus,
    SourceKind,
    Stance,
    TextStatus,
)

from .columns import (
    BundleColumn,
    Choice,
    Coded,
    Figure,
    Json,
    Names,
    Number,
    OptionalWhole,
    Quote,
    Slug,
    Whole,
)
from .date_columns import Day, DayOfEntry, Expression, Moment, WindowDay
from .former_slugs import Former, Kind, LeadsTo, present_slug
from .references import About, Country, Directives, Intermediaries, Issuer, Recipients, Reference


@dataclass(frozen=True)
class Table:
    """A table: its rows are records of `model`, identified by the columns in `key`."""

    name: str
    model: Any
    about: str
    key: tuple[str, ...]
    columns: tuple[BundleColumn, ...]
    many: tuple[str, ...] = ()
    # Whether the table can be imported on its own, and not only as part of a bundle.
    is_single: bool = True
    by_name: dict[str, BundleColumn] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"

    @property
    def title(self) -> str:
        """Return the name in words, for a sentence."""
        return self.name.replace("_", " ")

    @property
    def refers_to_itself(self) -> tuple[BundleColumn, ...]:
        """Return the columns that refer to another row of the same table."""
        return tuple(
            column for column in self.columns if getattr(column, "model", None) is self.model
        )

    def holds(self, record: Any) -> bool:
        """Whether a record is exported: a former slug is, unless its record no longer exists."""
        return self.model is not FormerSlug or bool(present_slug(record))

    def rows(self) -> Any:
        """Return the records, with all related records that their cells are written from."""
        joined = [c.name for c in self.columns if c.is_reference and c.name not in self.many]
        if self.model is FormerSlug:
            joined.append("content_type")
        if self.model is Claim:
            joined += ["warning", "incident", "involvement__actor", "assessment__exception"]
        return self.model._base_manager.select_related(*joined).prefetch_related(*self.many)


def _date(prefix: str = "date") -> tuple[BundleColumn, ...]:
    return (
        BundleColumn(f"{prefix}_words"),
        Expression(f"{prefix}_edtf"),
        Choice(f"{prefix}_basis", DateBasis),
    )


def _coded(*names: str) -> tuple[BundleColumn, ...]:
    return tuple(Choice(name, VOCABULARIES[Warning][name]) for name in names)


_NO_FIGURE = "Without a figure it has the code of the qualifier: “not_stated” or “not_applicable”."
_WINDOW = (
    "of the days on which the warning asked people to take care, or expected the attack; "
    "“not_applicable” if it named no time, “not_stated” if it is open or no source says."
)
_SLUG = Slug("slug", "Names the record, in its address and in the other tables.")
_CASE = Reference("case", Case, "The case it belongs to, by its slug.", required=True)
_SEQUENCE = Whole("sequence", "Its number within the case, from 1.", required=True)

SOURCES = Table(
    "sources",
    Source,
    "Publications that evidence is drawn from.",
    ("slug",),
    (
        _SLUG,
        BundleColumn("title", required=True),
        Choice("kind", SourceKind, required=True),
        BundleColumn("publisher"),
        BundleColumn("author"),
        *_date("published"),
        BundleColumn("url"),
        BundleColumn("archived_url"),
        Choice("archiving", Archiving),
        Day("accessed_on"),
        Reference("derived_from", Source),
        BundleColumn("description"),
        OptionalWhole("paragraphs"),
        BundleColumn("paragraphs_without_claims"),
    ),
)
ACTORS = Table(
    "actors",
    Actor,
    "States, bodies, groups and persons that take part in cases or whose words are evidence.",
    ("slug",),
    (
        _SLUG,
        BundleColumn("name", required=True),
        Choice("kind", ActorKind, required=True),
        Reference("parent", Actor),
        Reference("country", Actor),
        Names("aliases", "Other names, separated by semicolons; one in a name is written \\;."),
        BundleColumn("description"),
        BundleColumn("wikidata_id"),
    ),
)
DIRECTIVES = Table(
    "directives",
    Directive,
    "Rules that oblige agencies to warn.",
    ("slug",),
    (
        _SLUG,
        BundleColumn("code", required=True),
        BundleColumn("title", required=True),
        Reference("jurisdiction", Actor),
        BundleColumn("authority", required=True),
        *_date("issued"),
        BundleColumn("statement", required=True),
        BundleColumn("limits"),
        Reference("source", Source, required=True),
        Choice("status", RuleStatus),
    ),
)
EXCEPTIONS = Table(
    "exceptions",
    DirectiveException,
    "Grounds on which a directive lets agencies waive the warning.",
    ("slug",),
    (
        _SLUG,
        Reference("directive", Directive, required=True),
        BundleColumn("code", required=True),
        Whole("order", required=True),
        BundleColumn("title", required=True),
        BundleColumn("statement", required=True),
        Choice("text_status", TextStatus),
        BundleColumn("article_wording"),
        BundleColumn("article_locator"),
        Choice("status", RuleStatus),
    ),
)
CASES = Table(
    "cases",
    Case,
    "Occasions on which somebody was warned of an attack, or is said not to have been.",
    ("slug",),
    (
        _SLUG,
        Number("number"),
        BundleColumn("title", required=True),
        Choice("kind", CaseKind, required=True),
        BundleColumn("summary", required=True),
        Directives(
            "directives",
            "Those that apply, by their slugs, separated by semicolons; “not_stated” without any.",
        ),
        Choice("records_status", RecordsStatus),
        Choice("status", CaseStatus),
        BundleColumn("withdrawn_reason"),
        Reference("merged_into", Case, "The case that a withdrawn one was merged into."),
        Moment("created_at", "When it was added, in UTC."),
        Moment("updated_at", "When it was last changed, in UTC."),
        Moment("published_at", "When it first became public, in UTC; empty if it never was."),
    ),
    many=("directives",),
)
INVOLVEMENTS = Table(
    "involvements",
    Involvement,
    "Roles of actors in cases. Issuers and recipients of warnings are in the table of warnings.",
    ("case", "actor", "role"),
    (
        _CASE,
        Reference("actor", Actor, required=True),
        Choice("role", Role, required=True),
        BundleColumn("note"),
    ),
)
WARNINGS = Table(
    "warnings",
    Warning,
    "Communications of a threat, each from an issuer to one or several recipients.",
    ("case", "sequence"),
    (
        _CASE,
        _SEQUENCE,
        Issuer("issuer", Actor),
        Intermediaries(
            "intermediaries",
            "The actors that passed it on, by their slugs, in order, separated by semicolons; "
            "“not_stated” without any.",
        ),
        Recipients(
            "recipients",
            "The actors it went to, by their slugs, separated by semicolons; “not_stated” without "
            "any.",
        ),
        *_date(),
        *_coded("before_incident", "repeated", "channel", "conduit", "basis", "relation"),
        Coded("content"),
        *_coded("who_specificity", "target_specificity", "place_specificity", "time_specificity"),
        WindowDay("window_start", f"The first {_WINDOW}"),
        WindowDay("window_end", f"The last {_WINDOW}"),
        *_coded("issuer_action", "reception", "follow_up"),
    ),
    many=("intermediaries", "recipients"),
)
INCIDENTS = Table(
    "incidents",
    Incident,
    "What happened, or is reported not to have happened.",
    ("case", "sequence"),
    (
        _CASE,
        _SEQUENCE,
        Choice("kind", IncidentKind),
        *_date(),
        Coded("place"),
        Country("country"),
        Coded("target"),
        Figure(
            "deaths",
            "How many people died, a number that means what its qualifier says: 130 with "
            f"“more_than” is over 130. {_NO_FIGURE}",
        ),
        Choice("deaths_qualifier", Qualifier),
        Figure("injured", f"How many people were injured, like the deaths. {_NO_FIGURE}"),
        Choice("injured_qualifier", Qualifier),
        BundleColumn("description"),
    ),
)
ASSESSMENTS = Table(
    "assessments",
    ExceptionAssessment,
    "What is known about an exception of the directive in a case.",
    ("case", "exception"),
    (
        _CASE,
        Reference("exception", DirectiveException, required=True),
        Choice("status", AssessmentStatus),
        BundleColumn("note"),
    ),
)
CLAIMS = Table(
    "claims",
    Claim,
    "The evidence: who says what about which coded value, where it is printed, and how certain.",
    ("case", "sequence"),
    (
        _CASE,
        _SEQUENCE,
        About(
            "about",
            "The value it is about, by its path in the case, such as warning-1.channel; empty for "
            "the case as a whole.",
        ),
        Reference("speaker", Actor, "Who says it; empty for the source’s own voice."),
        *_date(),
        Choice("stance", Stance),
        Choice("modality", Modality, required=True),
        Reference("source", Source, required=True),
        BundleColumn("locator", required=True),
        Quote("quote"),
        BundleColumn("gist"),
    ),
)
NOTES = Table(
    "notes",
    Note,
    "Editorial notes: other evidence where a source errs, is silent or is contradicted.",
    ("slug",),
    (
        _SLUG,
        Reference("case", Case),
        Reference("directive", Directive),
        Reference("exception", DirectiveException),
        BundleColumn("field"),
        Choice("kind", NoteKind, required=True),
        Reference("source", Source, required=True),
        BundleColumn("locator"),
        BundleColumn("source_says", required=True),
        BundleColumn("evidence_says", required=True),
        Reference("evidence", Source, required=True),
        BundleColumn("evidence_locator"),
        DayOfEntry("noted_on"),
    ),
)
VERSIONS = Table(
    "versions",
    Version,
    "What the public saw of each case: its versions, which only a redaction changes.",
    ("case", "number"),
    (
        _CASE,
        Whole("number", required=True),
        BundleColumn("change_note", required=True),
        Moment("made_at", "When it became public, in UTC."),
        BundleColumn("digest", required=True),
        Json("record", "The case as it was, in JSON with sorted names, in the format of its time."),
        Moment(
            "withdrawn_at",
            "If the version reinstated the case: when it had been withdrawn, in UTC.",
        ),
        BundleColumn("withdrawn_reason"),
        Moment("redacted_at", "When a text was last struck from the version, in UTC."),
        BundleColumn("redaction_reason"),
    ),
    is_single=False,
)

FORMER_ADDRESSES = Table(
    "former_addresses",
    FormerSlug,
    "Slugs that records had before; their old addresses lead to the records.",
    ("kind", "former_slug"),
    (
        Kind("kind", "What kind of record had the slug.", required=True),
        Former("former_slug", "The slug that it had.", required=True),
        LeadsTo("leads_to", "The slug that it has now.", required=True),
    ),
    is_single=False,
)

# All tables, in the order of storing: each refers only to itself and to those before it.
TABLES = (
    *(SOURCES, ACTORS, DIRECTIVES, EXCEPTIONS, CASES, INVOLVEMENTS, WARNINGS, INCIDENTS),
    *(ASSESSMENTS, CLAIMS, NOTES, FORMER_ADDRESSES, VERSIONS),
)

BY_NAME = {table.name: table for table in TABLES}
SINGLE = tuple(table for table in TABLES if table.is_single)
