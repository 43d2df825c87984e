"""The coding sheet: coded values in words, and what is worked out from them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.evidence.coded_value import NotedFact
from cases.evidence.sheet import CodingSheet
from cases.evidence.values import column_of, figure_text, label_of, vocabulary_of
from cases.index import case_index
from cases.models import Case, Incident, Warning
from cases.models.incident import lower_bound
from cases.models.vocabulary import Channel
from cases.record.building import directive_ref, record_of
from cases.record.classes import FigureRecord
from tests.support.coding_sheets import sheet_of, value_at
from tests.support.factories import (
    detail,
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_directive,
    make_incident,
    make_involvement,
    make_note,
    make_warning,
    support,
)
from tests.support.records import case_record

pytestmark = pytest.mark.django_db


# Words


def test_values_of_a_new_case_say_what_is_missing() -> None:
    case = make_case()
    make_warning(case)
    Incident.objects.create(case=case)
    texts = {value.path: value.text for value in sheet_of(case).values()}
    missing = {path for path, text in texts.items() if text == "Not stated in the sources"}
    assert missing == texts.keys() - {
        "kind",
        "records_status",
        "warning-1.issuer",
        "warning-1.intermediaries",
        "warning-1.recipients",
    }
    assert texts["warning-1.intermediaries"] == "None reported"
    assert texts["records_status"] == "No request reported"
    assert not {text for text in texts.values() if text in ("None", "")}


def test_values_of_what_did_not_happen_do_not_apply() -> None:
    case = make_case()
    make_incident(
        case,
        kind="none_reported",
        qualifier="not_applicable",
        injured_qualifier="not_applicable",
    )
    texts = {value.field: value.text for value in sheet_of(case).incidents[0].values}
    assert texts.pop("kind") == "None reported"
    assert set(texts.values()) == {"Does not apply"}


def test_values_of_an_averted_incident_have_a_place_and_a_date() -> None:
    case = make_case()
    make_incident(case, kind="averted", qualifier="not_applicable")
    assert value_at(case, "incident-1.place").text == "Not stated in the sources"
    assert value_at(case, "incident-1.country").text == "Not stated in the sources"


def test_choice_is_worded_by_its_label_and_defined() -> None:
    case = make_case()
    make_warning(case, channel="private", reception="not_applicable")
    channel = value_at(case, "warning-1.channel")
    assert (channel.value, channel.text) == ("private", "Private")
    assert channel.reading.definition == Channel.PRIVATE.definition
    assert channel.codebook == "warning.channel"
    assert value_at(case, "warning-1.reception").text == "Does not apply"


@pytest.mark.parametrize(
    ("figure", "qualifier", "words", "least"),
    [
        (95, "exact", "95", 95),
        (130, "more_than", "over 130", 131),
        (130, "at_least", "at least 130", 130),
        (130, "about", "about 130", None),
        (12000, "more_than", "over 12,000", 12001),
        (0, "exact", "0", 0),
    ],
)
def test_figure_is_worded_with_its_qualifier(
    figure: int, qualifier: str, words: str, least: int | None
) -> None:
    assert figure_text(figure, qualifier) == words
    assert lower_bound(figure, qualifier) == least
    case = make_case()
    make_incident(case, deaths=figure, qualifier=qualifier)
    deaths = value_at(case, "incident-1.deaths")
    assert deaths.text == words
    assert deaths.value == FigureRecord(figure=figure, qualifier=qualifier)
    assert sheet_of(case).record.incidents[0].deaths_lower_bound == least


def test_lower_bound_without_a_figure_is_unknown_not_zero() -> None:
    assert lower_bound(None, "not_stated") is None
    assert lower_bound(None, "not_applicable") is None


def test_figure_zero_is_a_value_that_needs_evidence() -> None:
    case = make_case()
    make_incident(case, deaths=0, qualifier="exact")
    assert not value_at(case, "incident-1.deaths").is_absent
    assert value_at(case, "incident-1.deaths").lacks_evidence


def test_actors_are_named_and_linked() -> None:
    case = make_case()
    first = make_actor(slug="b", name="Bureau")
    second = make_actor(slug="a", name="Agency")
    make_warning(case, recipients=[first, second])
    recipients = value_at(case, "warning-1.recipients")
    assert recipients.text == "Agency, Bureau"
    assert [actor.slug for actor in recipients.value] == ["a", "b"]
    assert [actor.name for actor in recipients.reading.actors] == ["Agency", "Bureau"]
    role = make_involvement(case, actor=first)
    assert [actor.slug for actor in value_at(case, role.path).reading.actors] == ["b"]


def test_actors_without_an_order_are_sorted_by_folded_names() -> None:
    case = make_case()
    make_warning(case, recipients=[make_actor(name=name) for name in ("Zeal", "Élan", "apart")])
    assert value_at(case, "warning-1.recipients").text == "apart, Élan, Zeal"


def test_warning_without_recipients_does_not_state_them() -> None:
    case = make_case()
    make_warning(case, recipients=[])
    assert value_at(case, "warning-1.recipients").absence == "not_stated"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Not stated in the sources"),
        ({"time_specificity": "absent"}, "Does not apply"),
        ({"window_start": "2024-03-07", "window_end": "2024-03-09"}, "7 to 9 March 2024"),
        ({"window_start": "2024-03-07", "window_end": "2024-03-07"}, "7 March 2024"),
        ({"window_start": "2024-03-07"}, "From 7 March 2024"),
        ({"window_end": "2024-03-09"}, "Until 9 March 2024"),
    ],
)
def test_window_is_worded_by_the_ends_it_has(fields: dict[str, Any], words: str) -> None:
    case = make_case()
    make_warning(case, **fields)
    assert value_at(case, "warning-1.window").text == words


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("2024-03-07", "7 March 2024"),
        ("/2022-02", "In or before February 2022"),
        ("2022~", "About 2022"),
        ("", "Not stated in the sources"),
    ],
)
def test_date_is_worded_at_its_own_precision(expression: str, words: str) -> None:
    case = make_case()
    make_warning(case, date=expression)
    assert value_at(case, "warning-1.date").text == words


def test_labels_of_coded_fields_are_words() -> None:
    for model in (Case, Warning, Incident):
        for name in model.CODED_FIELDS:
            label = label_of(model, name)
            assert label[0].isupper()
            assert "_" not in label
            model._meta.get_field(column_of(name))


def test_vocabulary_of_a_field_without_one_is_an_error() -> None:
    assert vocabulary_of(Warning, "channel") is Channel
    with pytest.raises(KeyError):
        vocabulary_of(Warning, "content")


# What is derived


def test_lead_time_goes_to_the_earliest_incident_that_occurred() -> None:
    case = make_case()
    make_warning(case, date="2024-03-07")
    make_incident(case, kind="averted", date="2024-03-10")
    make_incident(case, kind="attack", date="2024-04-01")
    second = make_incident(case, kind="attack", date="2024-03-22")
    assert str(sheet_of(case).evidence.occurrence) == str(second)
    lead_time = sheet_of(case).warnings[0].derived[0]
    assert (lead_time.label, lead_time.text) == ("Lead time", "15 days")


def test_lead_time_of_a_warning_nothing_followed_does_not_apply() -> None:
    case = make_case()
    make_warning(case, date="2024-03-07", window_end="2024-03-09")
    make_incident(case, kind="none_reported", qualifier="not_applicable")
    texts = [derived.text for derived in sheet_of(case).warnings[0].derived]
    assert texts == ["Does not apply", "Does not apply"]


def test_window_that_closed_before_the_incident_says_how_long_before() -> None:
    case = make_case()
    make_warning(case, date="2024-03-07", window_start="2024-03-07", window_end="2024-03-09")
    make_incident(case, date="2024-03-22")
    covered = sheet_of(case).warnings[0].derived[1]
    assert covered.text == "No: it ended 13 days before"


def test_lead_time_is_as_firm_as_the_weaker_of_its_dates() -> None:
    case = make_case()
    make_warning(case, date="2024-03-07")
    make_incident(case, date="2024-03-22")
    make_claim(case, "warning-1.date", modality="quoted")
    make_claim(case, "incident-1.date", modality="reported")
    assert sheet_of(case).warnings[0].derived[0].modality == "reported"
    make_claim(case, "incident-1.date", modality="stated")
    assert sheet_of(case).warnings[0].derived[0].modality == "stated"


def test_lead_time_says_what_it_is_worked_out_from_and_is_as_firm_as_the_order() -> None:
    case = make_case()
    warning = make_warning(case, date="2024-01", before_incident="yes")
    incident = make_incident(case, date="2024-01")
    for path in ("warning-1.date", "incident-1.date"):
        make_claim(case, path, modality="quoted")
    make_claim(case, "warning-1.before_incident", modality="reported")
    lead_time = sheet_of(case).warnings[0].derived[0]
    assert (lead_time.text, lead_time.modality) == ("0 to 30 days", "reported")
    assert lead_time.how.endswith("and from the order that a source gives")
    warning.date_edtf = "2024-02"
    warning.save()
    lead_time = sheet_of(case).warnings[0].derived[0]
    assert (lead_time.text, lead_time.modality) == ("Not computable", "")
    assert lead_time.how.endswith("which contradict the order that a source gives")
    incident.kind = "not_stated"
    incident.save()
    lead_time = sheet_of(case).warnings[0].derived[0]
    assert lead_time.how.endswith("but no source says what happened")


def test_kind_of_an_incident_that_no_source_states_is_taken_from_a_note_that_completes_it() -> None:
    case = make_case()
    incident = make_incident(case, kind="not_stated")

    def noted() -> NotedFact | None:
        evidence = sheet_of(case).evidence
        return evidence.noted_kind(evidence.record.incidents[0])

    make_note(case, field="incident-1.kind", kind="context")
    make_note(case, field="incident-1.place", kind="completion")
    assert noted() is None
    says = "A bomb went off. Two men were held."
    make_note(case, slug="z-later", field="incident-1.kind", kind="completion")
    make_note(case, slug="a-bomb", field="incident-1.kind", evidence_says=says)
    assert noted() == NotedFact("A bomb went off", "a-bomb")
    incident.kind = "attack"
    incident.save()
    assert noted() is None


@pytest.mark.parametrize(
    ("expression", "era"),
    [
        ("2015-07-20", "before_icd191"),
        ("2015-07-21", "after_icd191"),
        ("2015-07", "not_stated"),
        ("1998", "before_icd191"),
        ("/2022-02", "not_stated"),
        ("2015-07-21/", "after_icd191"),
        ("", "not_stated"),
    ],
)
def test_era_is_told_only_if_the_date_tells(expression: str, era: str) -> None:
    case = make_case()
    make_incident(case, date=expression)
    case.refresh_from_db()
    assert case.era == era


@pytest.mark.parametrize(
    ("warnings", "era"),
    [
        (["/2019-04-25", "2019"], "after_icd191"),
        (["/2019-04-25", "2019-04-26"], "after_icd191"),
        (["/2019-04-25", "2015-07/2019"], "not_stated"),  # the other does not tell either
        (["/2019-04-25", ""], "not_stated"),
        (["/2019-04-25", "/2019-05"], "not_stated"),
        (["/2015-07-20", "2019"], "before_icd191"),  # its own end is certain
        (["2010/", "2012"], "before_icd191"),
        (["2010/", "2012", "2016"], "not_stated"),
        (["2016/", "2012/2013"], "before_icd191"),  # the earliest warning dates the case
    ],
)
def test_era_of_an_open_date_is_told_by_the_other_dates(warnings: list[str], era: str) -> None:
    case = make_case(status="published", published_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    for date in warnings:
        make_warning(case, date=date)
    case.refresh_from_db()
    assert case.era == era
    assert sheet_of(case).record.era == era
    sets = case_index.current().having("era")
    assert {value for value, cases in sets.items() if cases} == {era}


def test_era_of_an_open_date_is_not_told_by_an_incident_that_did_not_happen() -> None:
    case = make_case()
    make_warning(case, date="/2019-04-25")
    incident = make_incident(case, kind="none_reported", date="2019")
    case.refresh_from_db()
    assert case.era == "not_stated"
    incident.kind = "averted"
    incident.save()
    case.refresh_from_db()
    assert case.era == "after_icd191"


@pytest.mark.parametrize(
    ("issued", "date", "era"),
    [
        ("2009", "2008-12-31", "before"),
        ("2009", "2009-12-31", "after"),
        ("2009", "2009-06", "not_stated"),
        ("2009", "2010", "after"),
        ("2009", "/2008", "before"),
        ("/2009", "2008", "not_stated"),
        ("/2009", "2010", "after"),
        ("2009/", "2010", "not_stated"),
        ("2009/", "2008", "before"),
        ("2009", "", "not_stated"),
        ("", "2010", "not_stated"),
    ],
)
def test_era_under_a_directive_is_told_only_if_both_dates_tell(
    issued: str, date: str, era: str
) -> None:
    case = make_case()
    make_incident(case, date=date)
    basis = "stated" if issued else "not_stated"
    directive = make_directive(issued_edtf=issued, issued_basis=basis)
    assert sheet_of(case).era_under(directive_ref(directive)).reading.value == era


def test_case_date_is_that_of_its_earliest_incident() -> None:
    case = make_case()
    make_warning(case, date="2011")
    case.refresh_from_db()
    assert str(case.date) == "2011"
    late = make_incident(case, date="2014")
    early = make_incident(case, date="2013", date_words="In 2013")
    case.refresh_from_db()
    assert (str(case.date), case.date.words) == ("2013", "In 2013")
    early.delete()
    case.refresh_from_db()
    assert str(case.date) == "2014"
    late.kind = "none_reported"
    late.save()
    case.refresh_from_db()
    assert str(case.date) == "2011"
    Warning.objects.all().delete()
    case.refresh_from_db()
    assert not case.date.is_stated


def test_case_date_entered_by_hand_is_overruled() -> None:
    case = make_case()
    make_incident(case, date="2013")
    case.refresh_from_db()
    case.date_edtf = "1999"
    case.save()
    case.refresh_from_db()
    assert case.date_edtf == "2013"


# Queries


@pytest.mark.parametrize("size", [1, 6])
def test_coding_sheet_takes_the_same_queries_however_large(
    size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = make_case()
    for _ in range(size):
        make_warning(case, recipients=[make_actor(), make_actor()])
        make_incident(case, country=make_actor(kind="state"))
        make_involvement(case)
        make_assessment(case)
        make_note(case)
    support(case, speaker=make_actor())
    # The case; its directives, its warnings, their intermediaries and recipients, incidents,
    # roles, assessments, claims, notes.
    with django_assert_num_queries(10):
        found = detail(case)
    with django_assert_num_queries(0):
        sheet = CodingSheet(record_of(found))
        for value in sheet.values():
            assert value.text
            assert value.modality or value.is_absent
        assert sheet.paths()
        assert case_record(found)
