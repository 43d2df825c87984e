"""The seed article's cases, asked what researchers will ask: the expected answers of its coding."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client

from cases.evidence.coded_value import CodedValue
from cases.evidence.lead_time import days_after_window, first_occurrence, lead_time, window_covered
from cases.models import (
    Actor,
    Case,
    Claim,
    Directive,
    DirectiveException,
    ExceptionAssessment,
    Incident,
    Note,
    Source,
    Version,
    Warning,
)
from cases.models.incident import lower_bound
from cases.record.building import record_of
from cases.record.stored import canonical
from tests.support.coding_sheets import sheet_of
from tests.support.reading import words
from tests.support.records import case_record

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("demo")]

SLUGS = {
    "DTW-0001": "moscow-concert-hall-2024",
    "DTW-0002": "kerman-2024",
    "DTW-0003": "chavez-2004",
    "DTW-0004": "boston-2013",
    "DTW-0005": "khashoggi-2018",
    "DTW-0006": "ukraine-2022",
    "DTW-0007": "embassies-1998",
}
MOSCOW, KERMAN, CHAVEZ, BOSTON, KHASHOGGI, UKRAINE, EMBASSIES = SLUGS.values()


def case_at(slug: str) -> Case:
    found: Case = Case.objects.for_detail().get(slug=slug)
    return found


def slugs(cases: Iterable[Case]) -> set[str]:
    return {case.slug for case in cases}


def with_warning(**lookup: object) -> set[str]:
    """Return the slugs of the public cases with a warning that matches."""
    warnings = Warning.objects.filter(case__in=Case.objects.published(), **lookup)
    return {warning.case.slug for warning in warnings}


def value_at(slug: str, path: str) -> CodedValue:
    (value,) = [value for value in sheet_of(case_at(slug)).values() if value.path == path]
    return value


def lead_times(slug: str) -> list[str]:
    record = record_of(case_at(slug))
    occurrence = first_occurrence(record.incidents)
    return [str(lead_time(warning, occurrence)) for warning in record.warnings]


# As a researcher asks: over HTTP


def records(client: Client, query: str = "") -> dict[str, dict[str, Any]]:
    """Return the records of the cases that a query finds, by their slugs."""
    response = client.get(f"/cases.json?{query}")
    assert response.status_code == 200
    return {case["slug"]: case for case in json.loads(response.getvalue())["cases"]}


def outcome(client: Client, slug: str) -> str:
    """Return the words of the outcome panel of a case."""
    return words(client.get(f"/cases/{slug}/")).partition("Outcome")[2].partition("Chain Coding")[0]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=warning_given&incident=attack", {MOSCOW, KERMAN}),
        ("kind=warning_given&incident=not_stated", {BOSTON}),
        ("incident=invasion", {UKRAINE}),
        ("recipient=united-states", {BOSTON}),
        ("issuer=russia", {BOSTON}),
        ("channel=public&channel=private", {MOSCOW, UKRAINE}),
        ("channel__all=public&channel__all=private", {MOSCOW}),
        ("channel=not_stated", {KERMAN, CHAVEZ, BOSTON}),
        ("reception=dismissed", {MOSCOW}),
        ("reception=disbelieved", {CHAVEZ}),
        ("follow_up=unclear", {KERMAN}),
        ("follow_up=none_visible", {MOSCOW}),
        ("follow_up=inadequate", {BOSTON}),
        ("follow_up=not_stated", {CHAVEZ, UKRAINE}),
        ("relation=adversary", {MOSCOW, KERMAN, CHAVEZ}),
        ("actor=islamic-state", {MOSCOW, KERMAN}),
        ("armed_group=islamic-state", {MOSCOW, KERMAN}),
        ("era=before_icd191", {EMBASSIES, CHAVEZ, BOSTON}),
        ("era=after_icd191", {KHASHOGGI, UKRAINE, KERMAN, MOSCOW}),
        ("kind=alleged_failure_to_warn", {KHASHOGGI}),
        ("records_status=requested_no_response", {KHASHOGGI}),
        ("exception=already-aware", {MOSCOW}),
        ("modality=alleged", {KHASHOGGI}),
        ("modality=unclear", {KERMAN}),
        ("speaker=john-kirby", {MOSCOW}),
        ("speaker=stephen-mcfarland", {CHAVEZ}),
        ("role=alleged_perpetrator&actor=islamic-state", {MOSCOW}),
        ("role=intended_victim&actor=ukraine", {UKRAINE}),
    ],
)
def test_article_answers_the_questions_of_researchers(
    client: Client, query: str, expected: set[str]
) -> None:
    assert set(records(client, query)) == expected
    page = client.get(f"/cases/?{query}")
    assert {case.slug for case in page.context["object_list"]} == expected


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        (MOSCOW, ["15 days", "11 to 17 days"]),
        (KERMAN, ["0 to 30 days"]),
        (CHAVEZ, ["Does not apply"]),
        (BOSTON, ["Not computable"]),
        (UKRAINE, ["Not computable"]),
    ],
)
def test_article_page_of_a_case_tells_its_lead_times(
    client: Client, slug: str, said: list[str]
) -> None:
    shown = outcome(client, slug).split("Lead time: ")[1:]
    assert len(shown) == len(said)
    for words_shown, expected in zip(shown, said, strict=True):
        assert words_shown.startswith(f"{expected} ")


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        (MOSCOW, {("yes", "stated", "¶1")}),
        (KERMAN, {("yes", "reported", "¶18")}),
        (UKRAINE, {("yes", "stated", "¶16")}),
        (CHAVEZ, {("not_stated", "", "")}),
        (BOSTON, {("not_stated", "", "")}),
    ],
)
def test_article_warning_came_before_the_incident_where_the_article_says_so(
    slug: str, expected: set[tuple[str, str, str]]
) -> None:
    values = [
        value for value in sheet_of(case_at(slug)).values() if value.field == "before_incident"
    ]
    found = {
        (value.value, str(value.modality or ""), "".join(claim.locator for claim in value.claims))
        for value in values
    }
    assert found == expected


def test_article_gives_no_day_count_to_an_incident_that_it_does_not_tell(client: Client) -> None:
    page = words(client.get(f"/cases/{BOSTON}/"))
    assert "days" not in page.partition("Outcome")[2].partition("Roles")[0]
    assert records(client)[BOSTON]["derived"]["warnings"][0]["lead_time"]["status"] == "not_stated"
    for address in ("/cases/?incident=not_stated", "/cases/?incident=not_stated&view=table"):
        assert "Not computable" in words(client.get(address))


@pytest.mark.parametrize(
    ("address", "link"),
    [
        (f"/cases/{BOSTON}/", "#boston-bombs"),
        ("/cases/?incident=not_stated", f"/cases/{BOSTON}/?incident=not_stated#boston-bombs"),
        (
            "/cases/?incident=not_stated&view=table&column=incident",
            f"/cases/{BOSTON}/?incident=not_stated",
        ),
        (f"/matrix/?case={BOSTON}", f"/cases/{BOSTON}/"),
    ],
)
def test_article_what_happened_in_boston_is_told_as_from_a_note(
    client: Client, address: str, link: str
) -> None:
    response = client.get(address)
    assert "Boston Marathon bombing — from a note" in words(response)
    (found,) = re.findall(
        r'<span class="from-note">Boston Marathon bombing — <a href="([^"]*)">', response.text
    )
    assert found.startswith(link)
    assert found.endswith("#boston-bombs")


def test_article_page_without_a_warning_has_no_lead_time(client: Client) -> None:
    for slug in (KHASHOGGI, EMBASSIES):
        assert "Lead time" not in outcome(client, slug)


def test_article_page_says_that_the_window_of_the_alert_had_closed(client: Client) -> None:
    box, _, sheet = words(client.get(f"/cases/{MOSCOW}/")).partition("Coding sheet")
    [said] = box.partition("The chain")[0].split("Window covered the incident: ")[1:]
    assert said.startswith("No: it ended 13 days before Inferred")
    assert "Window covered the incident Not stated in the sources" in sheet


def test_article_deaths_add_up_to_at_least_227_over_three_of_seven_cases(client: Client) -> None:
    found = records(client)
    bounds = {
        slug: incident["deaths_lower_bound"]
        for slug, case in found.items()
        for incident in case["derived"]["incidents"]
        if isinstance(incident["deaths_lower_bound"], int)
    }
    assert bounds == {MOSCOW: 131, KERMAN: 95, KHASHOGGI: 1}
    assert sum(bounds.values()) == 227
    assert len(found) == 7
    home = words(client.get("/"))
    assert "figures of deaths sum to at least 227, over 3 of 7 cases" in home


def test_article_rules_out_one_exception_and_reports_none_invoked(client: Client) -> None:
    assessments = {
        (slug, assessment["exception"]["code"]): assessment["status"]
        for slug, case in records(client).items()
        for assessment in case["assessments"]
    }
    assert assessments == {(MOSCOW, "E.3.a"): "ruled_out"}
    page = words(client.get("/exceptions/already-aware/"))
    assert "Ruled out US warnings before the attack on a Moscow concert hall, 2024" in page
    assert "2 other cases to which ICD 191 applies say nothing of it." in page


def test_article_pages_quote_kirby_on_the_exception_and_the_duty(client: Client) -> None:
    claims = records(client)[MOSCOW]["claims"]
    quoted = {
        claim["about"]: claim["quote"]
        for claim in claims
        if claim["modality"] == "quoted" and claim["locator"] == "¶6"
    }
    assert quoted["exception-already-aware.status"] == (
        "information that we had, clearly that they didn’t have"
    )
    assert quoted["warning-2.basis"].startswith("We had a duty to warn them")


@pytest.mark.parametrize(
    ("slug", "attribution"),
    [
        (MOSCOW, "the latter, US officials and John Kirby say, under the duty to warn"),
        (KERMAN, "are reported to have warned"),
        (CHAVEZ, "According to Stephen McFarland, a former US diplomat,"),
        (BOSTON, "the article says"),
        (KHASHOGGI, "a plot by Saudi officials that, the article says, led to his killing"),
        (UKRAINE, "The article says"),
        (EMBASSIES, "The article says"),
    ],
)
def test_article_summaries_say_who_says_so(client: Client, slug: str, attribution: str) -> None:
    assert attribution in records(client)[slug]["summary"]
    assert attribution in words(client.get(f"/cases/{slug}/")).partition("Outcome")[0]


def test_article_pages_word_what_is_held_of_a_party_no_firmer_than_the_article(
    client: Client,
) -> None:
    khashoggi = words(client.get(f"/cases/{KHASHOGGI}/"))
    assert "Held responsible Saudi officials 1 claim" in khashoggi
    moscow = words(client.get(f"/cases/{MOSCOW}/"))
    assert "Held responsible Islamic State’s affiliate in Afghanistan Attributed" in moscow
    assert "Intended victim People at large gatherings in Moscow 1 claim" in moscow
    said = moscow.partition("Statement: Vladimir Putin")[2].partition("Incident 1")[0]
    assert "Quoted ¶11" in said
    assert "Inferred" not in said  # what he said is not; that he meant the private warning is
    actor = words(client.get("/actors/tamerlan-tsarnaev/"))
    assert "Acts for, resides in or operates from United States" in actor


# As it is stored


def test_article_has_seven_public_cases_with_fixed_numbers_and_slugs() -> None:
    assert dict(Case.objects.published().values_list("number", "slug")) == SLUGS


def test_article_every_coded_value_has_a_claim() -> None:
    for case in Case.objects.for_detail():
        lacking = [value.path for value in sheet_of(case).values() if value.lacks_evidence]
        assert lacking == [], case.slug


def test_article_every_claim_names_a_paragraph() -> None:
    source = Source.objects.get(slug="daily-true-news")
    for claim in Claim.objects.all():
        assert claim.source == source
        assert claim.locator == "H" or claim.locator.startswith("¶"), claim
        assert len(claim.quote.split()) <= 15, claim


def test_article_says_nothing_that_only_the_notes_know() -> None:
    never = ("2015", "191", "Crocus", "Boston", "Marathon", "Tsarnaev", "Soleimani", "Istanbul")
    for claim in Claim.objects.all():
        for word in (*never, "FOIA", "2024"):
            assert word not in claim.quote, claim


@pytest.mark.parametrize(
    ("slug", "kind"),
    [
        (MOSCOW, "warning_given"),
        (KERMAN, "warning_given"),
        (CHAVEZ, "warning_given"),
        (BOSTON, "warning_given"),
        (KHASHOGGI, "alleged_failure_to_warn"),
        (UKRAINE, "strategic_disclosure"),
        (EMBASSIES, "policy_origin"),
    ],
)
def test_article_case_is_of_its_kind(slug: str, kind: str) -> None:
    assert case_at(slug).kind == kind
    assert bool(case_at(slug).warnings.all()) is (slug not in {KHASHOGGI, EMBASSIES})


# After which warnings did an attack still follow


def test_article_attack_followed_a_warning_in_moscow_and_kerman() -> None:
    assert with_warning(case__incidents__kind="attack") == {MOSCOW, KERMAN}
    assert with_warning(case__incidents__kind="invasion") == {UKRAINE}
    assert with_warning(case__incidents__kind="not_stated") == {BOSTON}
    assert with_warning(case__incidents__kind="none_reported") == {CHAVEZ}


# Who warned whom


@pytest.mark.parametrize(
    ("slug", "sequence", "issuer", "recipients"),
    [
        (MOSCOW, 1, "us-embassy-moscow", {"us-citizens-in-moscow"}),
        (MOSCOW, 2, "us-officials", {"russian-officials"}),
        (KERMAN, 1, "us-officials", {"iranian-officials"}),
        (CHAVEZ, 1, "us-officials", {"government-of-venezuela"}),
        (BOSTON, 1, "federal-security-service", {"us-officials"}),
        (UKRAINE, 1, "united-states", {"us-allies", "ukraine", "russia"}),
    ],
)
def test_article_warning_goes_from_its_issuer_to_its_recipients(
    slug: str, sequence: int, issuer: str, recipients: set[str]
) -> None:
    warning = Warning.objects.get(case__slug=slug, sequence=sequence)
    assert warning.issuer is not None
    assert warning.issuer.slug == issuer
    assert set(warning.recipients.values_list("slug", flat=True)) == recipients


@pytest.mark.parametrize(
    ("recipient", "expected"),
    [
        ("united-states", {BOSTON}),
        ("russia", {MOSCOW, UKRAINE}),
        ("iran", {KERMAN}),
        ("venezuela", {CHAVEZ}),
    ],
)
def test_article_recipients_include_the_officials_of_a_state(
    recipient: str, expected: set[str]
) -> None:
    actors = (tree := Actor.objects.tree()).with_descendants(tree.keys([recipient]))
    assert with_warning(recipients__in=actors) == expected


def test_article_islamic_state_is_found_with_its_affiliates() -> None:
    actors = (tree := Actor.objects.tree()).with_descendants(tree.keys(["islamic-state"]))
    assert slugs(Case.objects.filter(involvements__actor__in=actors)) == {MOSCOW, KERMAN}
    alone = Actor.objects.filter(slug="islamic-state")
    assert slugs(Case.objects.filter(involvements__actor__in=alone)) == {KERMAN}


def test_article_actors_have_no_cycles_and_states_for_countries() -> None:
    for actor in Actor.objects.all():
        actor.full_clean()


# How long was the lead time, and did the window cover the attack


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        (MOSCOW, ["15 days", "11 to 17 days"]),
        (KERMAN, ["0 to 30 days"]),
        (CHAVEZ, ["does not apply"]),
        (BOSTON, ["not computable"]),
        (KHASHOGGI, []),
        (UKRAINE, ["not computable"]),
        (EMBASSIES, []),
    ],
)
def test_article_lead_times(slug: str, expected: list[str]) -> None:
    assert lead_times(slug) == expected


def test_article_window_of_the_alert_ended_thirteen_days_before_the_attack() -> None:
    record = record_of(case_at(MOSCOW))
    warning, occurrence = record.warnings[0], first_occurrence(record.incidents)
    assert window_covered(warning, occurrence) == "no"
    assert str(days_after_window(warning, occurrence)) == "13 days"


@pytest.mark.parametrize(
    ("slug", "path", "words"),
    [
        (MOSCOW, "warning-1.date", "7 March 2024"),
        (MOSCOW, "warning-1.window", "7 to 9 March 2024"),
        (MOSCOW, "warning-2.date", "5 to 11 March 2024"),
        (MOSCOW, "incident-1.date", "22 March 2024"),
        (KERMAN, "warning-1.date", "January 2024"),
        (KERMAN, "incident-1.date", "January 2024"),
        (CHAVEZ, "warning-1.date", "2004"),
        (CHAVEZ, "incident-1.place", "Does not apply"),
        (BOSTON, "warning-1.date", "2011"),
        (BOSTON, "incident-1.date", "2013"),
        (BOSTON, "incident-1.place", "Not stated in the sources"),
        (KHASHOGGI, "incident-1.date", "2018"),
        (UKRAINE, "warning-1.date", "In or before February 2022"),
        (UKRAINE, "incident-1.date", "February 2022"),
        (EMBASSIES, "incident-1.date", "7 August 1998"),
        (EMBASSIES, "incident-2.country", "Tanzania"),
    ],
)
def test_article_values_are_worded_as_precisely_as_the_article(
    slug: str, path: str, words: str
) -> None:
    assert value_at(slug, path).text == words


# Channel, basis, reception, follow-up


def test_article_channel() -> None:
    assert with_warning(channel="public") == {MOSCOW, UKRAINE}
    assert with_warning(channel="private") == {MOSCOW}
    assert with_warning(channel="not_stated") == {KERMAN, CHAVEZ, BOSTON}
    assert value_at(UKRAINE, "warning-1.channel").modality == "inferred"


def test_article_basis() -> None:
    assert with_warning(basis="duty_to_warn") <= {MOSCOW, KERMAN}
    assert value_at(MOSCOW, "warning-2.basis").modality == "quoted"
    assert with_warning(basis="strategic_disclosure") == {UKRAINE}
    assert with_warning(basis="foreign_practice") == {BOSTON}
    assert value_at(BOSTON, "warning-1.basis").modality == "inferred"
    assert with_warning(basis="consular_alert") == set()


def test_article_conduit() -> None:
    assert with_warning(conduit="embassy_alert") == {MOSCOW}
    assert with_warning(conduit="declassification") == {UKRAINE}
    assert value_at(MOSCOW, "warning-2.conduit").value == "not_stated"


def test_article_relation() -> None:
    assert with_warning(relation="adversary") == {MOSCOW, KERMAN, CHAVEZ}
    assert with_warning(relation="own_nationals") == {MOSCOW}
    assert with_warning(relation="mixed") == {UKRAINE}
    assert with_warning(relation="not_stated") == {BOSTON}
    for slug, path in ((MOSCOW, 2), (KERMAN, 1), (CHAVEZ, 1), (UKRAINE, 1)):
        assert value_at(slug, f"warning-{path}.relation").modality == "inferred"


def test_article_reception() -> None:
    assert with_warning(reception="dismissed") == {MOSCOW}
    assert with_warning(reception="disbelieved") == {CHAVEZ}
    assert value_at(MOSCOW, "warning-2.reception").modality == "inferred"
    assert value_at(CHAVEZ, "warning-1.reception").modality == "quoted"
    assert with_warning(reception="accepted") == set()
    assert with_warning(reception="not_applicable") == {MOSCOW}


def test_article_follow_up() -> None:
    assert with_warning(follow_up="unclear") == {KERMAN}
    assert with_warning(follow_up="none_visible") == {MOSCOW}
    assert with_warning(follow_up="not_stated") == {CHAVEZ, UKRAINE}
    assert with_warning(follow_up="inadequate") == {BOSTON}
    assert with_warning(follow_up="acted") == set()
    assert value_at(KERMAN, "warning-1.follow_up").modality == "unclear"


# Deaths


def test_article_deaths_with_their_qualifiers() -> None:
    assert value_at(MOSCOW, "incident-1.deaths").text == "over 130"
    assert value_at(KERMAN, "incident-1.deaths").text == "95"
    assert value_at(KHASHOGGI, "incident-1.deaths").text == "1"
    for slug, incident in ((BOSTON, 1), (UKRAINE, 1), (EMBASSIES, 1), (EMBASSIES, 2)):
        assert value_at(slug, f"incident-{incident}.deaths").absence == "not_stated"
    assert value_at(CHAVEZ, "incident-1.deaths").absence == "not_applicable"


def test_article_deaths_have_a_lower_bound_of_227_over_three_of_seven_cases() -> None:
    bounds = {
        incident.case.slug: lower_bound(incident.deaths, incident.deaths_qualifier)
        for incident in Incident.objects.exclude(deaths=None)
    }
    assert bounds == {MOSCOW: 131, KERMAN: 95, KHASHOGGI: 1}
    assert sum(bound or 0 for bound in bounds.values()) == 227
    assert Case.objects.published().count() == 7


# Before and after the directive


def test_article_era() -> None:
    eras = {case.slug: str(case.era) for case in Case.objects.published()}
    before = {slug for slug, era in eras.items() if era == "before_icd191"}
    assert before == {EMBASSIES, CHAVEZ, BOSTON}
    assert {slug for slug, era in eras.items() if era == "after_icd191"} == eras.keys() - before


def test_article_directive_is_dated_in_whole_words() -> None:
    directive = Directive.objects.get()
    assert (directive.code, directive.issued_edtf) == ("ICD 191", "2015-07-21")


# Roles, records and exceptions


@pytest.mark.parametrize(
    ("slug", "actor", "role"),
    [
        (MOSCOW, "islamic-state-afghanistan", "claimant"),
        (MOSCOW, "islamic-state-afghanistan", "alleged_perpetrator"),
        (MOSCOW, "people-at-large-gatherings-in-moscow", "intended_victim"),
        (MOSCOW, "russian-officials", "audience"),
        (MOSCOW, "vladimir-putin", "speaker"),
        (MOSCOW, "john-kirby", "speaker"),
        (KERMAN, "islamic-state", "claimant"),
        (KERMAN, "people-at-kerman-commemoration", "intended_victim"),
        (CHAVEZ, "hugo-chavez", "intended_victim"),
        (CHAVEZ, "stephen-mcfarland", "speaker"),
        (BOSTON, "tamerlan-tsarnaev", "subject"),
        (KHASHOGGI, "us-intelligence-community", "accused"),
        (KHASHOGGI, "jamal-khashoggi", "intended_victim"),
        (KHASHOGGI, "saudi-officials", "alleged_perpetrator"),
        (UKRAINE, "russia", "alleged_perpetrator"),
        (UKRAINE, "ukraine", "intended_victim"),
        (EMBASSIES, "al-qaeda", "alleged_perpetrator"),
        (EMBASSIES, "james-clapper", "policymaker"),
    ],
)
def test_article_roles(slug: str, actor: str, role: str) -> None:
    assert case_at(slug).involvements.filter(actor__slug=actor, role=role).exists()


def test_article_records_were_requested_over_khashoggi_only() -> None:
    answered = Case.objects.exclude(records_status="none_reported")
    assert [(case.slug, case.records_status) for case in answered] == [
        (KHASHOGGI, "requested_no_response")
    ]
    assert value_at(KHASHOGGI, "records_status").modality == "reported"
    assert value_at(KHASHOGGI, "kind").modality == "alleged"


def test_article_six_exceptions_of_which_it_mentions_three_and_none_was_invoked() -> None:
    columns = ("code", "slug", "text_status", "article_locator")
    stored = DirectiveException.objects.values_list(*columns)
    assert list(stored) == [
        ("E.3.a", "already-aware", "unverified", ""),
        ("E.3.b", "armed-conflict", "partly_verified", ""),
        ("E.3.c", "violent-actor", "verified", "¶13"),
        ("E.3.d", "endangers-us", "verified", "¶13"),
        ("E.3.e", "endangers-partner", "unverified", "¶13"),
        ("E.3.f", "no-reasonable-way", "unverified", ""),
    ]
    (assessment,) = ExceptionAssessment.objects.all()
    assert (assessment.case.slug, assessment.exception.code) == (MOSCOW, "E.3.a")
    assert value_at(MOSCOW, "exception-already-aware.status").value == "ruled_out"
    assert value_at(MOSCOW, "exception-already-aware.status").modality == "quoted"


# Notes


@pytest.mark.parametrize(
    ("slug", "kind", "field"),
    [
        (MOSCOW, "completion", "warning-1.date"),
        (MOSCOW, "completion", "warning-2.date"),
        (MOSCOW, "completion", "warning-2.target_specificity"),
        (MOSCOW, "contradiction", "warning-2.follow_up"),
        (MOSCOW, "later_value", "incident-1.deaths"),
        (KERMAN, "contradiction", "kind"),
        (KERMAN, "completion", "warning-1.date"),
        (KERMAN, "completion", "incident-1.date"),
        (KERMAN, "context", "incident-1.deaths"),
        (BOSTON, "context", "warning-1.follow_up"),
        (KHASHOGGI, "completion", "records_status"),
        (KHASHOGGI, "completion", "incident-1.date"),
        (EMBASSIES, "completion", "incident-1.deaths"),
        (EMBASSIES, "completion", "incident-2.injured"),
    ],
)
def test_article_notes_stand_where_it_errs_or_is_silent(slug: str, kind: str, field: str) -> None:
    assert Note.objects.filter(case__slug=slug, kind=kind, field=field).exists()
    assert value_at(slug, field).notes


def test_article_notes_rest_on_other_evidence_about_values_that_exist() -> None:
    for case in Case.objects.for_detail():
        paths = {"", *sheet_of(case).paths()}
        assert {note.field for note in case.notes.all()} <= paths
    for note in Note.objects.select_related("source", "evidence"):
        note.full_clean()
        assert note.source.slug == "daily-true-news"
        assert note.evidence != note.source
        assert note.evidence.url


def test_article_dates_in_2024_are_completed_by_a_note() -> None:
    of_cases: list[Any] = [*Warning.objects.all(), *Incident.objects.all(), *Claim.objects.all()]
    for dated in of_cases:
        if "2024" in dated.date_edtf:
            assert dated.date_basis == "completed", dated
    assert Note.objects.filter(source__slug="daily-true-news", case=None, kind="context").exists()


@pytest.mark.parametrize(
    ("slug", "path"),
    [
        (MOSCOW, "warning-1.issuer"),
        (MOSCOW, "warning-1.conduit"),
        (MOSCOW, "warning-1.window"),
        (MOSCOW, "warning-2.date"),
        (MOSCOW, "warning-2.content"),
        (MOSCOW, "warning-2.who_specificity"),
        (MOSCOW, "warning-2.target_specificity"),
        (MOSCOW, "warning-2.place_specificity"),
        (MOSCOW, "warning-2.time_specificity"),
        (KERMAN, "incident-1.date"),
        (BOSTON, "incident-1.date"),
        (UKRAINE, "warning-1.recipients"),
        (UKRAINE, "warning-1.who_specificity"),
    ],
)
def test_article_value_that_no_sentence_states_is_inferred(slug: str, path: str) -> None:
    assert value_at(slug, path).modality == "inferred"


def test_article_reservation_of_kerman_is_of_the_warning_alone() -> None:
    assert value_at(KERMAN, "warning-1.date").modality == "reported"
    for field in ("kind", "place", "country", "deaths"):
        assert value_at(KERMAN, f"incident-1.{field}").modality == "stated"


# As a whole


def test_article_records_hold_no_placeholder() -> None:
    for case in Case.objects.for_detail():
        text = canonical(case_record(case))
        for placeholder in ("None", 'nan"', "1970-01-01"):
            assert placeholder not in text


def test_article_cases_have_their_first_version_with_the_present_record() -> None:
    for case in Case.objects.for_detail():
        version = Version.objects.get(case=case)
        assert version.number == 1
        assert version.record == case_record(case)
