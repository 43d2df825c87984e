"""The invariants that the model itself holds to, each allowed and refused, by number.

Refused by the database however a record is written, and by validation in words that help. The ones
a case has to meet before it is public are in test_checks_and_steps.py, what is protected in
test_protection.py, numbers and slugs in test_identity.py, dates in test_uncertain_date.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from cases.models import Actor, Claim, DirectiveException, Incident, Source, Warning
from tests.support.factories import (
    make_actor,
    make_case,
    make_claim,
    make_exception,
    make_incident,
    make_involvement,
    make_source,
    make_warning,
)

pytestmark = pytest.mark.django_db


def refused_by_database(write: Callable[[], Any]) -> None:
    """Assert that the database refuses what `write` does, and stays usable."""
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


def refusal_of(record: models.Model) -> str:
    """Return the words in which validation refuses a record."""
    with pytest.raises(ValidationError) as refusal:
        record.full_clean()
    return " ".join(refusal.value.messages)


# 1: every claim has a source and a locator, and words


def test_claim_without_locator_is_refused() -> None:
    claim = make_claim(make_case())
    refused_by_database(lambda: Claim.objects.filter(pk=claim.pk).update(locator=""))
    claim.locator = ""
    assert "This field cannot be blank." in refusal_of(claim)


def test_claim_without_source_is_refused() -> None:
    claim = make_claim(make_case())
    refused_by_database(lambda: Claim.objects.filter(pk=claim.pk).update(source=None))
    claim.source = None  # type: ignore[assignment]  # the point of the test
    assert "cannot be null" in refusal_of(claim)


def test_claim_with_quote_or_gist_is_allowed() -> None:
    make_claim(make_case(), quote="the next 48 hours", gist="").full_clean()
    make_claim(make_case(), quote="", gist="For two days.").full_clean()


def test_claim_with_quotation_marks_around_its_quote_loses_them() -> None:
    words = " ".join(["well-known"] * 15)
    claim = make_claim(make_case(), quote=f"“{words}”")
    claim.full_clean()
    assert claim.quote == words
    claim.quote += " place"
    with pytest.raises(ValidationError, match="15 words at most; this one has 16"):
        claim.full_clean()


def test_claim_without_quote_and_gist_is_refused() -> None:
    claim = make_claim(make_case())
    refused_by_database(lambda: Claim.objects.filter(pk=claim.pk).update(quote="", gist=""))
    claim.gist = ""
    assert "Give the words of the source, or their gist, or both." in refusal_of(claim)


def test_claim_about_several_parts_is_refused() -> None:
    case = make_case()
    warning, incident = make_warning(case), make_incident(case)
    refused_by_database(lambda: make_claim(case, "kind", warning=warning, incident=incident))
    claim = make_claim(case, "warning-1.channel")
    claim.incident = incident
    assert "A claim is about one part of the case, not several." in refusal_of(claim)


def test_claim_about_a_part_of_another_case_is_refused() -> None:
    claim = make_claim(make_case(), "")
    claim.warning = make_warning(make_case())
    assert "The claim is about a part of another case." in refusal_of(claim)


def test_claim_about_an_unknown_value_is_refused_with_those_there_are() -> None:
    case = make_case()
    make_incident(case)
    claim = make_claim(case, "incident-1.place")
    claim.full_clean()
    claim.field = "channel"
    assert "it has: kind, date, place, country, target, deaths, injured." in refusal_of(claim)


def test_claim_about_a_value_of_a_role_is_refused() -> None:
    case = make_case()
    part = make_involvement(case)
    claim = make_claim(case, part.path)
    claim.full_clean()
    claim.field = "actor"
    assert "it has: none." in refusal_of(claim)


# 3: the issuer is not among the recipients


def test_warning_to_others_is_allowed() -> None:
    make_warning(make_case()).full_clean()


def test_warning_to_its_own_issuer_is_refused() -> None:
    warning = make_warning(make_case())
    assert warning.issuer is not None
    warning.recipients.add(warning.issuer)
    assert "The issuer of a warning is not among its recipients." in refusal_of(warning)


# 5: no deaths in what did not happen


@pytest.mark.parametrize("kind", ["none_reported", "averted"])
def test_incident_that_did_not_happen_has_no_deaths(kind: str) -> None:
    case = make_case()
    make_incident(case, kind=kind, qualifier="not_applicable").full_clean()
    refused_by_database(lambda: make_incident(case, kind=kind, deaths=0, qualifier="exact"))
    incident = Incident(case=case, sequence=9, kind=kind, deaths=3, deaths_qualifier="exact")
    assert "An incident that was averted or not reported has no deaths." in refusal_of(incident)


def test_incident_that_happened_has_deaths() -> None:
    make_incident(make_case(), kind="attack", deaths=3, qualifier="exact").full_clean()


# 6: a figure is empty exactly when its qualifier says so


@pytest.mark.parametrize("field", ["deaths", "injured"])
@pytest.mark.parametrize(
    ("figure", "qualifier"),
    [
        (None, "not_stated"),
        (None, "not_applicable"),
        (0, "exact"),
        (130, "more_than"),
        (9, "about"),
    ],
)
def test_figure_with_a_fitting_qualifier_is_allowed(
    field: str, figure: int | None, qualifier: str
) -> None:
    case = make_case()
    fields = {field: figure, f"{field}_qualifier": qualifier}
    Incident.objects.create(case=case, **fields).full_clean()


@pytest.mark.parametrize("field", ["deaths", "injured"])
@pytest.mark.parametrize(
    ("figure", "qualifier"),
    [
        (0, "not_stated"),
        (130, "not_stated"),
        (130, "not_applicable"),
        (None, "exact"),
        (None, "more_than"),
        (None, "at_least"),
        (None, "about"),
    ],
)
def test_figure_with_an_unfitting_qualifier_is_refused(
    field: str, figure: int | None, qualifier: str
) -> None:
    case = make_case()
    fields = {field: figure, f"{field}_qualifier": qualifier}
    refused_by_database(lambda: Incident.objects.create(case=case, **fields))
    incident = Incident(case=case, sequence=1, **fields)
    assert f"Give a figure of {field} with its qualifier" in refusal_of(incident)


@pytest.mark.parametrize("field", ["deaths", "injured"])
def test_negative_figure_is_refused(field: str) -> None:
    case = make_case()
    fields = {field: -1, f"{field}_qualifier": "exact"}
    refused_by_database(lambda: Incident.objects.create(case=case, **fields))
    assert "greater than or equal to 0" in refusal_of(Incident(case=case, sequence=1, **fields))


def test_figure_beyond_any_attack_is_refused() -> None:
    incident = make_incident(make_case())
    incident.deaths, incident.deaths_qualifier = 1_000_001, "exact"
    assert "less than or equal to 1000000" in refusal_of(incident)


# 7: who can claim responsibility; no cycles among actors


@pytest.mark.parametrize("kind", ["armed_group", "state"])
def test_claimant_that_is_a_group_or_a_state_is_allowed(kind: str) -> None:
    make_involvement(make_case(), role="claimant", actor=make_actor(kind=kind)).full_clean()


@pytest.mark.parametrize("kind", ["individual", "official", "media", "collective"])
def test_claimant_of_another_kind_is_refused(kind: str) -> None:
    claimant = make_involvement(make_case(), role="claimant", actor=make_actor(kind=kind))
    assert "Only an armed group or a state can claim responsibility." in refusal_of(claimant)
    claimant.role = "alleged_perpetrator"
    claimant.full_clean()


def test_actor_that_claimed_responsibility_stays_a_group_or_a_state() -> None:
    actor = make_involvement(make_case(), role="claimant").actor
    actor.kind = "state"
    actor.full_clean()
    actor.kind = "individual"
    assert "It claims responsibility in a case" in refusal_of(actor)


def test_actor_that_is_a_country_stays_a_state() -> None:
    country, home = make_actor(kind="state"), make_actor(kind="state")
    make_incident(make_case(), country=country)
    make_actor(country=home)
    for actor in (country, home):
        actor.full_clean()
        actor.kind = "armed_group"
        assert "It is the country of an incident or an actor" in refusal_of(actor)


def test_actor_that_is_its_own_parent_is_refused() -> None:
    actor = make_actor()
    refused_by_database(lambda: Actor.objects.filter(pk=actor.pk).update(parent=actor))
    actor.parent = actor
    assert "ancestor of itself" in refusal_of(actor)


def test_actor_under_its_own_grandchild_is_refused() -> None:
    top = make_actor()
    middle = make_actor(parent=top)
    bottom = make_actor(parent=middle)
    bottom.full_clean()
    top.parent = bottom
    assert "ancestor of itself" in refusal_of(top)


def test_actor_above_a_cycle_made_past_validation_is_still_checked() -> None:
    one = make_actor()
    other = make_actor(parent=one)
    Actor.objects.filter(pk=one.pk).update(parent=other)
    below = Actor.objects.get(pk=make_actor(parent=other).pk)
    assert "ancestor of itself" in refusal_of(below)


def test_actor_descendants_end_even_in_a_cycle() -> None:
    one = make_actor()
    other = make_actor(parent=one)
    Actor.objects.filter(pk=one.pk).update(parent=other)
    assert (tree := Actor.objects.tree()).with_descendants(tree.keys([one.slug])) == {
        one.pk,
        other.pk,
    }


@pytest.mark.parametrize(
    "make", [make_actor, lambda **fields: make_incident(make_case(), **fields)]
)
def test_country_that_is_no_state_is_refused(make: Callable[..., models.Model]) -> None:
    make(country=make_actor(kind="state")).full_clean()
    record = make(country=make_actor(kind="armed_group"))
    refusal_of(record)
    with pytest.raises(ValidationError, match="A country is an actor of the kind “State”"):
        record.clean()


@pytest.mark.parametrize("aliases", ["FSB", [7], {"FSB": 1}, None])
def test_actor_aliases_other_than_a_list_of_names_are_refused(aliases: Any) -> None:
    actor = make_actor(aliases=["FSB"])
    actor.full_clean()
    actor.aliases = aliases
    refusal_of(actor)


@pytest.mark.parametrize(("identifier", "allowed"), [("", 1), ("Q7747", 1), ("7747", 0), ("Q0", 0)])
def test_actor_wikidata_identifier_has_its_form(identifier: str, allowed: int) -> None:
    actor = make_actor()
    actor.wikidata_id = identifier
    if allowed:
        actor.full_clean()
        actor.save()
    else:
        assert "like Q7747" in refusal_of(actor)
        refused_by_database(actor.save)


def test_source_derived_from_itself_is_refused() -> None:
    first = make_source()
    second = make_source(derived_from=first)
    second.full_clean()
    refused_by_database(lambda: Source.objects.filter(pk=first.pk).update(derived_from=first))
    first.derived_from = second
    assert "This source would be derived from itself." in refusal_of(first)


@pytest.mark.parametrize(
    ("paragraphs", "reasons", "message"),
    [
        (None, "", ""),
        (3, "", ""),
        (3, "¶1: General.\n¶3: Repeats ¶2.", ""),
        (None, "¶1: General.", "Say how many paragraphs the source has."),
        (3, "¶4: General.", "“¶4: General.” names no paragraph from 1 to 3 with a reason"),
        (3, "General.", "“General.” names no paragraph from 1 to 3 with a reason"),
    ],
)
def test_reasons_of_a_source_are_for_paragraphs_that_it_has(
    paragraphs: int | None, reasons: str, message: str
) -> None:
    source = make_source(paragraphs=paragraphs, paragraphs_without_claims=reasons)
    if message:
        assert message in refusal_of(source)
    else:
        source.full_clean()


# 8: the warned window


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-03-07", "2024-03-09"),
        ("2024-03-07", "2024-03-07"),
        ("2024-03-07", None),
        (None, "2024-03-07"),
        (None, None),
        ("2024-03-01", "2024-03-09"),
    ],
)
def test_warned_window_is_allowed(start: str | None, end: str | None) -> None:
    warning = make_warning(make_case(), date="2024-03-07", **_window(start, end))
    warning.full_clean()


def test_warned_window_that_ends_before_it_begins_is_refused() -> None:
    case, window = make_case(), _window("2024-03-09", "2024-03-07")
    refused_by_database(lambda: make_warning(case, **window))
    warning = Warning(case=case, sequence=1, issuer=make_actor(), **window)
    assert "The warned window ends before it begins." in refusal_of(warning)


def test_warned_window_over_before_the_warning_is_refused() -> None:
    case, window = make_case(), _window(None, "2024-03-06")
    refused_by_database(lambda: make_warning(case, date="2024-03-07", **window))
    warning = make_warning(case, date="2024-03", **window)
    warning.full_clean()
    warning.date_edtf = "2024-03-07"
    assert "ends before the earliest day of the warning itself" in refusal_of(warning)


def _window(start: str | None, end: str | None) -> dict[str, Any]:
    days = (start and dt.date.fromisoformat(start), end and dt.date.fromisoformat(end))
    return {"window_start": days[0] or None, "window_end": days[1] or None}


# 11: not_stated is a stored value


def test_new_records_say_not_stated() -> None:
    case = make_case()
    warning, incident = make_warning(case), Incident.objects.create(case=case)
    for name in ("channel", "conduit", "basis", "relation", "content", "reception", "follow_up"):
        assert getattr(warning, name) == "not_stated"
    for name in ("kind", "place", "target", "deaths_qualifier", "injured_qualifier"):
        assert getattr(incident, name) == "not_stated"


@pytest.mark.parametrize("column", ["place", "target"])
@pytest.mark.parametrize("value", ["", None])
def test_incident_text_is_never_empty(column: str, value: str | None) -> None:
    incident = make_incident(make_case())
    refused_by_database(lambda: Incident.objects.filter(pk=incident.pk).update(**{column: value}))
    setattr(incident, column, value)
    refusal_of(incident)


@pytest.mark.parametrize("value", ["", None])
def test_warning_content_is_never_empty(value: str | None) -> None:
    warning = make_warning(make_case())
    refused_by_database(lambda: Warning.objects.filter(pk=warning.pk).update(content=value))
    warning.content = value  # type: ignore[assignment]  # the point of the test
    refusal_of(warning)


@pytest.mark.parametrize("slug", ["not_stated", "not_applicable", "none_reported", "not_stated-2"])
def test_slug_that_means_a_missing_value_is_refused(slug: str) -> None:
    for record in (make_actor(), make_case(), make_source(), make_exception()):
        record.slug = slug
        if slug == "not_stated-2":
            record.full_clean()
            continue
        assert refusal_of(record) == "In filters and tables this word stands for a missing value."
        if isinstance(record, Actor | DirectiveException):  # by which cases are filtered
            refused_by_database(record.save)
