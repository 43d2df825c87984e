"""The record checks in the admin: links to the very field, and weak points that are weighed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.admin.case.places import anchor_in, rows_of
from cases.evidence.problem import Problem
from cases.evidence.sheet import CodingSheet
from cases.models import Case, Claim, Comment, Source, Warning
from cases.record.building import record_of
from cases.review.checks import problems_of
from cases.review.steps import submit
from tests.support.admin_forms import add_row, form_on, messages_on, page_of, signed_in
from tests.support.factories import (
    detail,
    make_assessment,
    make_case,
    make_claim,
    make_comment,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
    support,
)
from tests.support.reading import words_of
from tests.support.stored import status_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = "/admin/cases/case/"
WEIGH = f"{LIST}publish/?cases="


def checks_of(case: Case) -> str:
    return reverse("admin:cases_case_checks", args=[case.pk])


def weak_case(**fields: Any) -> Case:
    case = make_case(kind="strategic_disclosure", **fields)
    support(case)
    return case


def links_on(page: Any) -> dict[str, str]:
    """Return the addresses of the links on a page, by their words."""
    found = re.findall(r'<a href="([^"]+)">([^<]+)</a>', page.text)
    return {words: address for address, words in found}


def publish_button(client: Client, case: Case) -> Any:
    return client.post(f"{LIST}{case.pk}/publish/", follow=True)


# Links to the field


def test_every_value_and_part_of_a_case_has_its_place_in_the_form(editor: Client) -> None:
    case = make_case(complete=True)
    make_warning(case, date="2024-01")
    make_incident(case)
    for role in ("speaker", "accused"):
        make_involvement(case, role=role)
    make_assessment(case)
    ids = set(re.findall(r'\bid="([^"]+)"', editor.get(page_of(case)).text))
    stored = detail(case)
    sheet, rows = CodingSheet(record_of(stored)), rows_of(stored)
    claims = [f"{claim.path}.{name}" for claim in stored.claims.all() for name in ("", "locator")]
    paths = {*sheet.paths(), *claims, "", "title", "claim-1.field", "warning-2.date_earliest"}
    places = {path: anchor_in(rows, path.rstrip(".")) for path in paths}
    assert {path: place for path, place in places.items() if place not in ids} == {}
    assert places["warning-2.channel"] == "id_warnings-1-channel"
    assert places["warning-2.date"] == "id_warnings-1-date_edtf"
    assert places["incident-1.deaths"] == "id_incidents-0-deaths"
    assert places["claim-1.field"] == "id_claims-0-about"
    assert places["kind"] == "id_kind"
    assert len(set(places.values())) > len(sheet.paths())


def test_place_of_what_the_form_has_not_is_the_claims() -> None:
    for path in ("", "number", "warning-9.channel"):
        assert anchor_in({}, path) == "claims-group"


def test_problems_link_to_the_field_of_the_very_row(reviewer: Client) -> None:
    case = make_case(complete=True)
    make_warning(case, date="2024-01-01", channel="public")
    support(case)
    Claim.objects.filter(warning__sequence=2, field="channel").delete()
    (problem,) = problems_of(detail(case))
    assert problem == Problem(problem.path, problem.message)
    address = f"{page_of(case)}#id_warnings-1-channel"
    assert links_on(publish_button(reviewer, case))[str(problem)] == address
    assert links_on(reviewer.get(checks_of(case)))[str(problem)] == address


def test_note_on_a_value_that_is_gone_stops_publication_with_a_link_to_it(reviewer: Client) -> None:
    case = make_case(complete=True)
    make_note(case, field="warning-1.date")
    make_note(case, field="incident-9.deaths")
    (problem,) = problems_of(detail(case))
    assert str(problem).startswith("Note on Incident 9, deaths:")
    page = reviewer.get(page_of(case)).text
    (row,) = re.findall(r'name="(notes-\d)-field"(?:(?!</select>).)*incident-9.deaths', page, re.S)
    links = links_on(publish_button(reviewer, case))
    assert links[str(problem)] == f"{page_of(case)}#id_{row}-field"


@pytest.mark.parametrize("of", ["directive", "exception"])
def test_problem_of_a_draft_links_to_its_page(reviewer: Client, of: str) -> None:
    case = make_case(complete=True)
    exception = make_assessment(case).exception
    support(case)
    rule = exception if of == "exception" else exception.directive
    rule.status = "draft"
    rule.save()
    (problem,) = problems_of(detail(case))
    assert links_on(reviewer.get(checks_of(case)))[str(problem)] == page_of(rule)


@pytest.mark.slow
@pytest.mark.usefixtures("team_of_one")
def test_problem_of_a_refused_save_links_to_the_row_as_it_was_sent(editor: Client) -> None:
    case = make_case(published=True)
    first = case.warnings.get()
    Claim.objects.filter(warning=first).delete()
    data = form_on(editor.get(page_of(case))) | {"change_note": "Another warning."}
    data["warnings-0-DELETE"] = "on"
    actors = {"issuer": first.issuer_id, "recipients": [first.recipients.get().pk]}
    add_row(data, "warnings", **actors, channel="public")
    page = editor.post(page_of(case), data)
    links = links_on(page)
    channel = next(address for words, address in links.items() if ", channel:" in words)
    assert channel == "#id_warnings-1-channel"
    assert 'id="id_warnings-1-channel"' in page.text
    assert Warning.objects.get() == first


def test_words_that_somebody_typed_are_escaped_in_a_link(reviewer: Client) -> None:
    case = make_case(complete=True)
    make_claim(case, source=make_source(title="<b>Bold</b>", url="https://a.example/"))
    page = reviewer.get(checks_of(case))
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page.text
    assert "<b>Bold" not in page.text


def test_checks_page_tells_both_kinds_and_leads_to_the_source(editor: Client) -> None:
    case = weak_case(records_status="released")
    Claim.objects.filter(field="records_status").delete()
    Source.objects.update(url="https://a.example/")
    page = editor.get(checks_of(case))
    assert checks_of(case) in editor.get(page_of(case)).text
    assert "Stops publication" in page.text
    links = links_on(page)
    source = Source.objects.get()
    archive = f"/admin/cases/source/{source.pk}/change/#id_archived_url"
    assert archive in links.values()
    assert links["There is only one source."] == f"{page_of(case)}#claims-group"
    assert 'id="id_archived_url"' in editor.get(archive).text


def test_checks_page_of_a_sound_case_says_so(editor: Client) -> None:
    case = make_case(complete=True)
    make_comment(case, text="Which channel?")
    page = editor.get(checks_of(case))
    assert "The record checks found nothing. Open comments “Which channel?”" in words_of(page)
    assert "Stops publication" not in page.text


def test_checks_page_of_a_case_with_an_unreadable_date_tells_it(editor: Client) -> None:
    case = make_case(complete=True)
    case.incidents.update(date_edtf="next Friday")
    assert "is not a date expression" in editor.get(checks_of(case)).text


def test_checks_page_is_for_those_who_may_see_cases(client: Client) -> None:
    case = make_case()
    assert signed_in().get(checks_of(case)).status_code == 403
    assert client.get(checks_of(case))["Location"].startswith("/admin/login/")
    assert signed_in("Editors").get(f"{LIST}{'9' * 30}/checks/").status_code == 404


# Weak points


def test_weak_case_published_is_first_weighed(reviewer: Client) -> None:
    case = weak_case()
    page = publish_button(reviewer, case)
    assert page.redirect_chain == [(f"{WEIGH}{case.pk}", 302)]
    assert "There is only one source." in page.text
    assert status_of(case) == "draft"

    data = form_on(page, "reason_form") | {"reason": " "}
    refused = reviewer.post(f"{WEIGH}{case.pk}", data)
    assert "Say why the case can be published despite its weak points" in messages_on(refused)
    assert status_of(case) == "draft"

    data |= {"reason": "A court's own file."}
    done = reviewer.post(f"{WEIGH}{case.pk}", data, follow=True)
    assert f"{case} was published." in messages_on(done)
    assert status_of(case) == "published"
    later = signed_in("Reviewers").get(page_of(case)).text
    assert "Reason: A court&#x27;s own file." in later
    assert "There is only one source." in later
    history = reviewer.get(reverse("admin:cases_case_history", args=[case.pk])).text
    assert "was published. Reason: A court" in history


def test_weak_points_that_changed_since_they_were_shown_are_shown_again(reviewer: Client) -> None:
    case = weak_case()
    data = form_on(reviewer.get(f"{WEIGH}{case.pk}"), "reason_form") | {"reason": "Fine."}
    make_warning(case)
    support(case, source=Source.objects.get(claims__case=case, claims__field="kind"))
    page = reviewer.post(f"{WEIGH}{case.pk}", data)
    assert "The weak points changed meanwhile" in messages_on(page)
    assert "The warning has no date" in page.text
    assert "Fine." in page.text
    assert status_of(case) == "draft"
    data = form_on(page, "reason_form")
    reviewer.post(f"{WEIGH}{case.pk}", data)
    assert status_of(case) == "published"


def test_comment_written_while_another_was_resolved_is_shown_before_publication(
    reviewer: Client,
) -> None:
    case = make_case(complete=True)
    first = make_comment(case, is_by_reviewer=True)
    data = form_on(reviewer.get(f"{WEIGH}{case.pk}"), "reason_form") | {"reason": "Fine."}
    Comment.objects.filter(pk=first.pk).update(resolved_at=case.updated_at)
    make_comment(case, text="And who else?", is_by_reviewer=True)
    page = reviewer.post(f"{WEIGH}{case.pk}", data)
    assert "The weak points changed meanwhile" in messages_on(page)
    assert "And who else?" in page.text
    assert status_of(case) == "draft"


@pytest.mark.slow
def test_weak_cases_published_from_the_list_are_weighed_together(reviewer: Client) -> None:
    sound, weak, other, bad = make_case(complete=True), weak_case(), weak_case(), make_case()
    chosen = [case.pk for case in (sound, weak, other, bad)]
    data = {"action": "publish_selected", "_selected_action": chosen}
    page = reviewer.post(LIST, data, follow=True)
    words = messages_on(page)
    assert f"{sound} was published." in words
    assert f"{bad} was not published." in words
    assert page.redirect_chain == [(f"{WEIGH}{weak.pk},{other.pk}", 302)]
    data = form_on(page, "reason_form") | {"reason": "One court's file."}
    page = reviewer.post(page.redirect_chain[0][0], data, follow=True)
    assert f"{weak} was published. {other} was published." in messages_on(page)


def test_weighing_does_not_let_one_publish_what_one_edited(reviewer: Client) -> None:
    case = weak_case()
    Case.objects.update(updated_by=reviewer.session["_auth_user_id"])
    page = reviewer.get(f"{WEIGH}{case.pk}")
    data = form_on(page, "reason_form") | {"reason": "Fine."}
    page = reviewer.post(f"{WEIGH}{case.pk}", data, follow=True)
    assert "You made the last change" in messages_on(page)
    assert status_of(case) == "draft"


def test_weighing_by_editor_is_refused(editor: Client) -> None:
    case = weak_case()
    submit(case, None)
    assert editor.get(f"{WEIGH}{case.pk}").status_code == 403
    assert editor.post(f"{WEIGH}{case.pk}", {"reason": "Fine."}).status_code == 403
    assert status_of(case) == "in_review"


@pytest.mark.parametrize("cases", ["", "abc", "1,,2", "9" * 40, "999999", "\0"])
def test_weighing_of_nothing_known_is_not_found(reviewer: Client, cases: str) -> None:
    assert reviewer.get(f"{LIST}publish/", {"cases": cases}).status_code == 404
