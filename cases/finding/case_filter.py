"""The filters of cases: everything that an address can ask of them, and the cases that match.

The list, the table, the comparison, the facets, the files, the feed and the links between cases all
use `CaseFilter`, so that one query string means the same cases everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from django.db.models import Model
from django.http import QueryDict
from pyroaring import BitMap

from cases.evidence.values import vocabulary_of
from cases.evidence.variables import (
    CASE,
    COLUMN_CHOICES,
    INCIDENT,
    WARNING,
    FilterGroup,
    WordFilter,
    filtered,
)
from cases.models import (
    Case,
    Claim,
    ExceptionAssessment,
    Incident,
    Involvement,
    Warning,
)
from cases.models.vocabulary import (
    ABSENT_VALUES,
    NOT_APPLICABLE,
    NOT_STATED,
    ActorKind,
    AssessmentStatus,
    DatePrecision,
    Era,
    Modality,
    Role,
)
from cases.versions.current import public_names

from .address_form import MAX_VALUES
from .case_form import CaseForm
from .date_parameters import check_date, check_date_match
from .filters import ActorChoice, Choice, RuleChoice, SourceChoice, Typed
from .former_slugs import CASE_PARAMETER
from .index_filter import IndexFilter
from .page_layout import (
    COLUMNS,
    ROWS,
    check_layout,
    check_page,
    check_per_page,
    check_sort,
    check_view,
)
from .query_string import ALL, ANY, NOT, Choices, given_values
from .selection import SORTS

YES_NO = (("yes", "Yes"), ("no", "No"))

# The models of the parts that variables are of.
MODEL_OF_PART: dict[str, type[Model]] = {CASE: Case, WARNING: Warning, INCIDENT: Incident}


def _by_words(*groups: FilterGroup) -> dict[str, Choice]:
    """Return the filters by coded words that belong to the groups, by name."""
    return {
        variable.name: _by_words_of(MODEL_OF_PART[variable.part], variable.field, words)
        for variable, words in filtered(*groups)
    }


def _by_words_of(model: type[Model], field: str, words: WordFilter) -> Choice:
    return Choice(
        choices=vocabulary_of(model, field).choices,
        label=words.label,
        noun=words.noun,
        plural=words.plural,
        clauses=words.clauses,
        coded=(model, field),
    )


class CaseFilter(IndexFilter):
    """The published cases that an address asks for, and how it orders and lays them out.

    `qs` has the cases, which the index finds. All warning filters must match the same warning:
    "private, to Russia" does not find a case whose private warning went to somebody else.

    Filters by coded words are made from the variables; `locals()` puts them where they are listed.
    """

    locals().update(_by_words(FilterGroup.KIND))
    actor = ActorChoice(
        label="Actor",
        noun="actor",
        plural="actors",
        unnamed=("no actor is named", "an actor is named"),
        meaning="An actor that issued, passed on or received a warning or has a role in the case, "
        "or one that belongs to it. None named: the case names no actor.",
    )
    role = Choice(
        choices=Role.choices,
        label="Role in the case",
        noun="role",
        plural="roles",
        coded=(Involvement, "role"),
        meaning="With an actor chosen as well: that actor has this role.",
    )
    issuer = ActorChoice(
        label="Issuer of a warning",
        noun="issuer",
        plural="issuers",
        unnamed=("a warning has no named issuer", "every warning has a named issuer"),
        meaning="The actor that gave a warning, or one that belongs to it. None named: there is a "
        "warning whose issuer no source names.",
    )
    intermediary = ActorChoice(
        label="Intermediary of a warning",
        noun="intermediary",
        plural="intermediaries",
        unnamed=(
            "a warning has no reported intermediary",
            "every warning has a reported intermediary",
        ),
        absent={NOT_STATED: "None reported"},
        meaning="An actor that passed a warning on, between its issuer and its recipients, or one "
        "that belongs to it. None reported: for at least one warning, no source says that somebody "
        "passed it on.",
    )
    recipient = ActorChoice(
        label="Recipient of a warning",
        noun="recipient",
        plural="recipients",
        unnamed=("a warning has no named recipient", "every warning has a named recipient"),
        meaning="An actor that received a warning, or one that belongs to it. None named: there "
        "is a warning whose recipient no source names.",
    )
    armed_group = ActorChoice(
        kind=ActorKind.ARMED_GROUP,
        label="Armed group",
        noun="armed group",
        plural="armed groups",
        unnamed=("no armed group is named", "an armed group is named"),
        meaning="An armed group that has a role in the case, or to which somebody with a role "
        "belongs. None named: no armed group is, whether or not it is known who acted.",
    )
    locals().update(
        _by_words(
            FilterGroup.OCCASION,
            FilterGroup.MANNER,
            FilterGroup.ACTION,
            FilterGroup.SPECIFICITY,
            FilterGroup.RESPONSE,
            FilterGroup.EVENT,
        )
    )
    country = ActorChoice(
        kind=ActorKind.STATE,
        label="Country of the incident",
        noun="country of an incident",
        plural="countries of incidents",
        unnamed=(
            "an incident has no stated country",
            "no incident lacks a stated country",
        ),
        absent={NOT_STATED: "Not stated", NOT_APPLICABLE: "Does not apply"},
        meaning="The state where an incident took place, or was to take place. Not stated: no "
        "source says where. Does not apply: no source reports an incident. A case without a coded "
        "incident has no value here.",
    )
    era = Choice(
        choices=Era.choices, label="Before or after ICD 191", noun="era", coded=(Case, "era")
    )
    precision = Choice(
        choices=DatePrecision.choices,
        label="Precision of the date",
        noun="precision of the date",
        coded=(Case, "precision"),
    )
    directive = RuleChoice(
        absent="None named",
        label="Applicable directive",
        noun="applicable directive",
        plural="applicable directives",
        unnamed=("no directive is known to apply", "a directive applies"),
        meaning="The case says that this directive’s duty to warn applies to it, whether or not "
        "it was met. None named: the sources do not show that a directive applies.",
    )
    exception = RuleChoice(
        absent="None mentioned",
        label="Exception",
        noun="exception",
        plural="exceptions",
        unnamed=(
            "no source says anything of an exception",
            "a source says something of an exception",
        ),
        meaning="A source says something of this exception in the case: that it was invoked, "
        "argued, withheld or ruled out. None mentioned: no source says anything of any exception.",
    )
    assessment = Choice(
        # That nothing is reported of an exception says the same as not to assess it.
        choices=[one for one in AssessmentStatus.choices if one[0] not in ABSENT_VALUES],
        label="Assessment of an exception",
        noun="assessment",
        plural="assessments",
        coded=(ExceptionAssessment, "status"),
        meaning="What a source says of an exception. With an exception chosen as well: that "
        "exception has this assessment.",
    )
    speaker = ActorChoice(
        label="Speaker of a claim",
        noun="speaker",
        plural="speakers",
        unnamed=("a claim has no named speaker", "every claim has a named speaker"),
        absent={NOT_STATED: "None named: the source’s own voice"},
        meaning="The actor that a claim is attributed to, or one that belongs to it; also one from "
        "whose words editors infer a claim. None named: a claim is made in the source’s own voice.",
    )
    source = SourceChoice(
        label="Source of a claim",
        noun="source",
        plural="sources",
        meaning="A publication that a claim of the case is drawn from. Notes do not count.",
    )
    modality = Choice(
        choices=Modality.choices,
        label="Certainty of a claim",
        noun="certainty",
        plural="certainties",
        coded=(Claim, "modality"),
    )
    contested = Choice(
        choices=YES_NO,
        label="Contested in the sources",
        meaning="Yes: a claim disputes a value that another claim asserts. One that disputes a "
        "warning, an incident or the case as a whole disputes what is asserted of it. An editorial "
        "note that corrects or contradicts a source makes no case contested.",
        clauses={"yes": "sources dispute a value", "no": "no source disputes a value"},
    )
    has_notes = Choice(
        choices=YES_NO,
        label="Editorial notes on the case",
        meaning="Yes: an editorial note is about the case itself, not only about a passage that "
        "it shares with others. A case warns of notes on such passages too; they are not counted "
        "here, as they are about the directive, an exception or a source.",
        clauses={
            "yes": "an editorial note is about the case itself",
            "no": "no editorial note is about the case itself",
        },
    )
    locals().update(_by_words(FilterGroup.RECORDS))

    q = Typed(
        label="Search",
        meaning="Words that are all in the case, in any of their forms: its title, summary, "
        "places, contents, gists, quotes and notes, the names of its actors, its directives and "
        "exceptions, the labels of its coded values, the titles and publishers of its sources. How "
        "to search is explained beside the field.",
    )
    date_from = Typed(
        check_date("date_from"),
        label="From",
        meaning="A year, a month or a day: 2024, 2024-03, 2024-03-22. The date of a case is "
        "that of its earliest incident; without one, of its earliest warning.",
    )
    date_to = Typed(
        check_date("date_to"),
        label="Until",
        meaning="A year, a month or a day; the whole of it counts.",
    )
    date_match = Typed(
        check_date_match,
        label="Dates match",
        meaning="possible (the default): the date may lie in the range; certain: it must.",
    )
    sort = Typed(
        check_sort,
        narrows=False,
        label="Order",
        meaning="The order: "
        + ", ".join(f"{value} ({label})" for value, label in SORTS.items())
        + ".",
    )
    page = Typed(check_page, narrows=False, label="Page", meaning="Which page of the list, from 1.")
    per_page = Typed(
        check_per_page,
        narrows=False,
        label="Cases on a page",
        meaning="How many cases a page shows, up to 100; 25 if nothing is given.",
    )
    view = Typed(
        check_view,
        narrows=False,
        label="View",
        meaning="How the cases are shown: cards, table, or matrix, which leads to the comparison.",
    )
    column = Choice(
        choices=COLUMN_CHOICES.items(),
        is_facet=False,
        narrows=False,
        label="Columns",
        meaning="A column of the table or the comparison, repeated for several: "
        + ", ".join(COLUMN_CHOICES)
        + ".",
    )
    # The list keeps the layout of the comparison, for the way back to it.
    layout = Typed(
        check_layout,
        narrows=False,
        label="Layout of the comparison",
        meaning=f"How the comparison shows the cases: {ROWS}, one row per case, which is what "
        f"counts if nothing is given, or {COLUMNS}, one column per case.",
    )

    class Meta(IndexFilter.Meta):
        model = Case
        form = CaseForm


FACETS = CaseFilter.facet_filters()


def asks_for_contested(data: QueryDict) -> bool:
    """Return whether a cleaned query string asks for contested cases only."""
    wanted = {value for form in (ANY, ALL) for value in data.getlist(f"contested{form}")}
    return "yes" in wanted or "no" in data.getlist(f"contested{NOT}")


class PickedCase(Choice):
    """The cases that an address picks by slug."""

    # Only these are read, because there may be 100,000 published cases.
    has_hints = False

    def labels(self) -> dict[str, str]:
        return _titles(self.parent.data.getlist(self.name))


class ComparisonFilter(CaseFilter):
    """The cases of a comparison, which can also be picked by slug."""

    case = PickedCase(
        is_facet=False,
        label="Case",
        meaning="In the comparison: the slug of a case that is picked, repeated for several.",
    )

    @cached_property
    def choices(self) -> Choices:
        renamed = [slug for (name, _), slug in self.former.items() if name == CASE_PARAMETER]
        titles = self.known[CASE_PARAMETER] | (_titles(renamed) if renamed else {})
        return self.known | {CASE_PARAMETER: titles}

    @cached_property
    def picked(self) -> BitMap | None:
        slugs = self.query.data.getlist(CASE_PARAMETER)
        return BitMap(Case.keys_of(slugs)) if slugs else None


def _titles(slugs: Iterable[str]) -> dict[str, str]:
    """Return the titles of the public cases whose address has one of the first `MAX_VALUES` slugs.

    By slug; two queries.
    """
    first = given_values(slugs)[:MAX_VALUES]
    wanted = {slug for slug in first if "\0" not in slug}  # PostgreSQL rejects NUL in texts
    names = public_names(Case.keys_of(wanted)).values() if wanted else ()
    return {name.slug: name.title for name in names if name.slug in wanted}
