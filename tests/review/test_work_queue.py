"""The work queue: which cases its sections find, and its page in the admin."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any
from urllib.parse import urljoin

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.evidence.sheet import CodingSheet
from cases.models import Case, Claim, Incident, Note, Source, Warning
from cases.record.building import record_of
from cases.review import work_queue
from cases.review.checks import problems_of
from cases.review.checks_in_sql import has_note_about_nothing, is_weak, lacks_evidence
from cases.review.steps import send_back, submit
from cases.review.weaknesses import weaknesses_of
from cases.review.work_queue import SECTIONS
from tests.support.admin_forms import messages_on, signed_in, user_of
from tests.support.factories import (
    detail,
    make_actor,
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

pytestmark = pytest.mark.django_db

QUEUE = "/admin/queue/"


def figures_on(page: Any) -> dict[str, str]:
    """Return the number beside each section."""
    found = re.findall(r'show=(\w+)[^>]*>[^<]*<span class="count">([^<]*)<', page.text)
    return dict(found)


def titles_on(page: Any) -> list[str]:
    titles = re.findall(r'queue-title">\s*<a href="[^"]*">([^<]*)<', page.text)
    return [unescape(title) for title in titles]


# What the database finds is what the record checks say


def lacking(case: Case) -> set[str]:
    sentence = "has no claim that asserts it."
    return {point.path for point in problems_of(detail(case)) if sentence in point.message}


def found_lacking(case: Case) -> bool:
    return Case.objects.filter(lacks_evidence(), pk=case.pk).exists()


def found_weak(case: Case) -> bool:
    return Case.objects.filter(is_weak(), pk=case.pk).exists()


STATED: dict[type[Any], dict[str, Any]] = {
    Case: {"records_status": "released"},
    Warning: {
        **dict.fromkeys(("who_specificity", "target_specificity"), "named"),
        **dict.fromkeys(("place_specificity", "time_specificity"), "category"),
        **{"conduit": "diplomatic", "basis": "duty_to_warn", "relation": "ally"},
        **{"content": "An attack.", "reception": "accepted", "follow_up": "acted"},
        **{"before_incident": "yes", "repeated": "yes", "issuer_action": "protection_given"},
    },
    Incident: {"place": "A hall", "target": "A crowd"},
}


def full_case() -> Case:
    """Return a case in which every field that can be coded is, and has a claim."""
    case = make_case(complete=True, **STATED[Case])
    window = {"window_start": dt.date(2024, 3, 8), "window_end": dt.date(2024, 3, 9)}
    Warning.objects.update(**STATED[Warning], **window)
    country = make_actor(kind="state")
    injured = {"injured": 3, "injured_qualifier": "exact"}
    Incident.objects.update(**STATED[Incident], country=country, **injured)
    make_assessment(case)
    case.warnings.get().set_intermediaries([make_actor()])
    support(case)
    return case


@pytest.mark.slow
def test_every_value_without_its_claim_is_found() -> None:
    case = full_case()
    assert not found_lacking(case)
    fields = Warning.CODED_FIELDS + Incident.CODED_FIELDS + Case.CODED_FIELDS
    claims = list(Claim.objects.order_by("pk"))
    assert {claim.field for claim in claims} == {*fields, "status", ""}
    for claim in claims:
        if claim.field == "kind" and claim.incident is None:
            continue  # which two claims assert
        Claim.objects.filter(pk=claim.pk).update(stance="disputes")
        assert lacking(case) == {claim.path_of_value}
        assert found_lacking(case), claim.path_of_value
        Claim.objects.filter(pk=claim.pk).update(stance="asserts")


def test_absent_values_are_not_found_lacking() -> None:
    case = make_case(kind="strategic_disclosure")
    support(case)
    make_assessment(case, status="not_reported")
    incident = make_incident(case, kind="none_reported", qualifier="not_applicable")
    make_claim(case, f"{incident.path}.kind")
    assert lacking(case) == set()
    assert not found_lacking(case)


def test_claim_on_an_exception_as_a_whole_supports_it() -> None:
    case = make_case(complete=True)
    part = make_assessment(case)
    assert found_lacking(case)
    make_claim(case, part.path)
    assert not lacking(case)
    assert not found_lacking(case)


def test_claim_of_another_case_supports_nothing() -> None:
    case = make_case(complete=True)
    Claim.objects.filter(field="channel").update(case=make_case(), sequence=F("sequence") + 50)
    assert "warning-1.channel" in lacking(case)
    assert found_lacking(case)


def test_note_on_a_value_that_the_case_does_not_have_is_found() -> None:
    case = make_case(complete=True)
    make_assessment(case)
    support(case)
    paths = ["", *CodingSheet(record_of(detail(case))).paths()]
    assert {path.partition("-")[0] for path in paths} > {"warning", "incident", "exception"}
    note = make_note(case)
    for path in (*paths, "incident-2", "incident-1.channel", "title", "accused-nobody"):
        Note.objects.update(field=path)
        is_found = Case.objects.filter(has_note_about_nothing(), pk=case.pk).exists()
        assert is_found == (path not in paths), path
        problems = [problem.path for problem in problems_of(detail(case))]
        assert problems == ([f"{note.path}.field"] if is_found else [])
    assert case in SECTIONS["unsupported"].rows()


def _one_source(case: Case) -> None:
    Claim.objects.update(source=make_source())


def _reprints(case: Case) -> None:
    original = make_source()
    for claim in Claim.objects.all():
        claim.source = make_source(derived_from=original)
        claim.save()


def _dispute(case: Case) -> None:
    make_claim(case, "warning-1.follow_up", stance="disputes")


def _dispute_as_a_whole(case: Case) -> None:
    make_incident(case, kind="averted", qualifier="not_applicable")
    make_claim(case, "incident-2", stance="disputes")


def _dispute_of_the_case(case: Case) -> None:
    case.claims.filter(field="kind", incident=None).update(stance="declines")
    make_claim(case, "", stance="disputes")


def _undated_warning(case: Case) -> None:
    make_warning(case)


def _undated_incident(case: Case) -> None:
    make_incident(case)


def _not_archived(case: Case) -> None:
    make_claim(case, source=make_source(url="https://a.example/"))


def _noted_not_archived(case: Case) -> None:
    make_note(case, evidence=make_source(url="https://a.example/"))


def _claim_on_silence(case: Case) -> None:
    make_claim(case, "warning-1.follow_up")


def _claim_on_no_figure(case: Case) -> None:
    make_claim(case, "incident-1.injured")


def _claim_on_no_window(case: Case) -> None:
    make_claim(case, "warning-1.window")


def _claim_on_no_directive(case: Case) -> None:
    make_claim(case, "directives")


def _quoted_without_quote(case: Case) -> None:
    make_claim(case, modality="quoted")


def _uncoded_statement(case: Case) -> None:
    make_claim(case, date_words="Friday")


def _uncoded_source(case: Case) -> None:
    make_claim(case, source=make_source(published_words="Friday"))


def _comment_of_a_reviewer(case: Case) -> None:
    make_comment(case, is_by_reviewer=True)


WEAK = (
    *(_claim_on_silence, _claim_on_no_figure, _claim_on_no_window, _claim_on_no_directive),
    *(_quoted_without_quote, _uncoded_statement, _uncoded_source),
    *(_one_source, _reprints, _dispute, _dispute_as_a_whole, _dispute_of_the_case),
    *(_undated_warning, _undated_incident, _not_archived, _noted_not_archived),
    _comment_of_a_reviewer,
)


@pytest.mark.parametrize("weaken", WEAK)
def test_each_weak_point_is_found(weaken: Any) -> None:
    case, other = make_case(complete=True), make_case()
    assert not found_weak(case)
    weaken(case)
    assert weaknesses_of(detail(case))
    assert found_weak(case)
    assert not found_weak(other)


STATED_DATE = {"date_edtf": "2024", "date_basis": "stated"}


def test_what_is_not_weak_is_not_found() -> None:
    case = make_case(complete=True)
    make_claim(case, "warning-1.channel", stance="disputes")
    make_claim(case, "warning-1.follow_up", stance="declines")
    make_claim(case, "warning-1.follow_up", modality="unclear")
    make_incident(case, kind="averted", qualifier="not_applicable")
    nothing = make_incident(case, kind="none_reported", qualifier="not_applicable")
    make_claim(case, f"{nothing.path}.place")
    make_claim(case, modality="quoted", quote="we warned them", date_words="2024", **STATED_DATE)
    answered = make_source(url="https://a.example/", archiving="cannot_be_archived")
    make_claim(case, source=answered)
    make_claim(case, source=make_source(url="https://a.example/", archived_url="https://b.example"))
    part = make_assessment(case, status="not_reported")
    make_claim(case, part.path)
    make_claim(case, f"{part.path}.status", stance="disputes")
    for whole in ("", "warning-1", "incident-1"):  # values of which are asserted
        make_claim(case, whole, stance="disputes")
    make_involvement(case)
    make_comment(case, is_by_reviewer=True, resolved_at=timezone.now())
    make_comment(case)
    assert weaknesses_of(detail(case)) == []
    assert not found_weak(case)


# The sections


def found(name: str, editor: User | None = None) -> list[Any]:
    return list(SECTIONS[name].rows(editor))


def test_sections_hold_what_waits_and_nothing_public() -> None:
    draft, public = make_case(), make_case(published=True)
    Claim.objects.filter(field="channel").delete()
    waiting, returned = make_case(complete=True), make_case(complete=True)
    for case in (waiting, returned):
        submit(case, None)
    send_back(returned, None, "A doubt.")
    assert found("in_review") == [waiting]
    assert found("sent_back") == [returned]
    assert found("unsupported") == [draft]
    assert public not in found("weak")
    submit(returned, None)
    assert found("in_review") == [waiting, returned]
    assert found("sent_back") == []


def test_section_of_comments_begins_with_the_one_that_waits_longest() -> None:
    new, old, resolved = make_case(), make_case(), make_case()
    now = timezone.now()
    make_comment(new, made_at=now - dt.timedelta(days=1))
    make_comment(old, made_at=now - dt.timedelta(days=2))
    make_comment(old, made_at=now)
    make_comment(new, made_at=now - dt.timedelta(days=9), resolved_at=now)
    make_comment(resolved, resolved_at=now)
    assert found("commented") == [old, new]


def test_section_of_changes_ends_after_thirty_days() -> None:
    new, old = make_case(published=True), make_case()
    Case.objects.filter(pk=old.pk).update(updated_at=timezone.now() - dt.timedelta(days=31))
    assert found("changed") == [new]


def test_section_of_sources_holds_those_at_an_address_that_may_die() -> None:
    online = make_source(url="https://a.example/")
    make_source(url="https://a.example/", archived_url="https://b.example/")
    make_source()
    assert found("sources") == [online]


def test_sections_of_an_editor_hold_what_they_made_or_edited() -> None:
    one, two = User.objects.create_user("one"), User.objects.create_user("two")
    made, edited = make_case(created_by=one, updated_by=two), make_case(updated_by=one)
    make_case(updated_by=two)
    assert set(found("changed", one)) == {made, edited}
    online = make_source(url="https://a.example/")
    make_claim(edited, source=online)
    assert (found("sources", one), found("sources", two)) == ([online], [])
    User.objects.create_user("idle")
    assert [user.username for user in work_queue.editors()] == ["one", "two"]


# The page


def test_queue_is_linked_from_the_index_and_counts(editor: Client) -> None:
    case = make_case(complete=True)
    submit(case, None)
    make_source(url="https://a.example/")
    make_case()
    assert f'href="{QUEUE}"' in editor.get("/admin/").text
    page = editor.get(QUEUE)
    assert figures_on(page) == {
        "in_review": "1",
        "sent_back": "0",
        "corrections": "0",
        "commented": "0",
        "unsupported": "1",
        "weak": "0",
        "sources": "1",
        "changed": "2",
    }
    assert titles_on(page) == [str(case)]
    assert reverse("admin:cases_case_change", args=[case.pk]) in page.text
    assert "The record checks found nothing." in words_of(page)


@pytest.mark.parametrize("name", SECTIONS)
def test_queue_of_an_empty_casebook_says_so(editor: Client, name: str) -> None:
    page = editor.get(QUEUE, {"show": name})
    assert "No cases waiting." in words_of(page)
    assert set(figures_on(page).values()) == {"0"}


def test_queue_links_to_the_field_and_to_the_rest(editor: Client) -> None:
    case = make_case()
    make_warning(case, channel="private", relation="ally", basis="duty_to_warn", content="So.")
    page = editor.get(QUEUE, {"show": "unsupported"})
    assert f'/admin/cases/case/{case.pk}/change/#id_warnings-0-channel"' in page.text
    assert page.text.count('<li class="blocking">') == 5
    checks = reverse("admin:cases_case_checks", args=[case.pk])
    assert re.search(f'href="{checks}">\\d+ more<', page.text)


def test_queue_of_sources_links_to_the_archived_address(editor: Client) -> None:
    source = make_source(title="<i>A</i>", url="https://a.example/?a=1&b=2")
    page = editor.get(QUEUE, {"show": "sources"})
    assert titles_on(page) == ["<i>A</i>"]
    assert f"/admin/cases/source/{source.pk}/change/#id_archived_url" in page.text


def test_queue_opens_where_something_waits_for_its_reader(editor: Client, reviewer: Client) -> None:
    def opened(client: Client) -> str:
        return str(client.get(QUEUE).context["section"].name)

    assert opened(editor) == opened(reviewer) == "in_review"
    make_case(created_by=user_of(reviewer))
    assert opened(editor) == "in_review"
    assert opened(reviewer) == "unsupported"
    case = make_case(complete=True, updated_by=user_of(editor))
    submit(case, None)
    assert opened(editor) == opened(reviewer) == "in_review"
    send_back(case, None, "A doubt.")
    assert opened(editor) == "sent_back"
    assert opened(reviewer) == "unsupported"
    own = make_case(complete=True, updated_by=user_of(reviewer))
    submit(own, None)
    assert opened(reviewer) == "unsupported"
    assert opened(signed_in("Reviewers")) == "in_review"
    assert editor.get(QUEUE, {"show": "in_review"}).context["section"].name == "in_review"


def test_queue_shows_why_a_case_was_sent_back(editor: Client) -> None:
    case = make_case()
    submit(case, None)
    send_back(case, user_of(editor), "Who <b>said</b> it?")
    page = editor.get(QUEUE, {"show": "sent_back"})
    assert "Who &lt;b&gt;said&lt;/b&gt; it?" in page.text
    assert "sent back by editors" in words_of(page)


@pytest.mark.slow
def test_queue_tells_a_reviewer_what_is_their_own(reviewer: Client) -> None:
    case = make_case(complete=True, updated_by=user_of(reviewer))
    submit(case, None)
    own = "your own edit: another reviewer publishes it"
    assert own in words_of(reviewer.get(QUEUE))
    assert own not in words_of(signed_in("Reviewers").get(QUEUE))


@pytest.mark.slow
def test_queue_of_an_editor_keeps_the_editor_in_its_links(editor: Client, reviewer: Client) -> None:
    mine, other = make_case(updated_by=user_of(editor)), make_case(updated_by=user_of(reviewer))
    key = str(user_of(editor).pk)
    page = editor.get(QUEUE, {"show": "changed", "editor": key})
    assert titles_on(page) == [str(mine)]
    assert f"?show=weak&amp;editor={key}" in page.text
    assert titles_on(editor.get(QUEUE, {"show": "changed", "editor": ""})) == [
        str(other),
        str(mine),
    ]


@pytest.mark.slow
def test_queue_has_views_of_whoever_opens_it(editor: Client, reviewer: Client) -> None:
    mine, other = make_case(updated_by=user_of(editor)), make_case(updated_by=user_of(reviewer))
    make_comment(mine, text="Why?")
    make_comment(other)
    for case in (mine, other):
        submit(case, None)
    send_back(mine, None, "A doubt.")
    page = editor.get(QUEUE)
    views = page.text.partition('class="queue-views"')[2].partition("</ul>")[0]
    counted = re.findall(r'href="([^"]+)"[^>]*>\s*(.*?) <span class="count">(\d+)<', views)
    assert {title: count for _, title, count in counted} == {
        "My drafts": "1",
        "Sent back to me": "1",
        "Comments on my cases": "1",
        "My cases in review": "0",
        "My corrections": "0",
    }
    for address, _, _ in counted[:3]:
        assert str(mine) in editor.get(urljoin(QUEUE, unescape(address))).text
    page = editor.get(QUEUE, {"show": "commented", "editor": "me"})
    assert titles_on(page) == [str(mine)]
    assert "“Why?”" in words_of(page)
    assert titles_on(reviewer.get(QUEUE, {"show": "commented", "editor": "me"})) == [str(other)]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"show": "nonsense"}, "The queue has no such section"),
        ({"editor": "999999"}, "No such editor has cases"),
        ({"editor": "9" * 40}, "No such editor has cases"),
        ({"editor": "x\0"}, "No such editor has cases"),
        ({"show": "\0"}, "The queue has no such section"),
        ({"page": "999"}, ""),
        ({"page": "-1"}, ""),
        ({"page": "9" * 40}, ""),
        ({"page": "\0"}, ""),
    ],
)
def test_queue_asked_for_what_it_has_not_answers(
    editor: Client, asked: dict[str, str], answer: str
) -> None:
    submit(make_case(), None)
    page = editor.get(QUEUE, asked)
    assert answer in messages_on(page)
    assert len(titles_on(page)) == 1


def test_queue_of_many_rows_has_pages_and_an_end(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.review.work_queue.MAX_COUNTED", 30)
    monkeypatch.setattr("cases.admin.review.queue.MAX_COUNTED", 30)
    for number in range(31):
        make_source(title=f"Online {number:02}", url="https://a.example/")
    first = editor.get(QUEUE, {"show": "sources"})
    assert figures_on(first)["sources"] == "30+"
    assert "There are more than 30; the first 30 are shown." in words_of(first)
    assert len(titles_on(first)) == 25
    assert "?show=sources&amp;page=2" in first.text
    assert titles_on(editor.get(QUEUE, {"show": "sources", "page": "2"})) == [
        f"Online {number:02}" for number in range(25, 30)
    ]


@pytest.mark.slow
def test_queue_is_for_those_who_may_see_cases(client: Client) -> None:
    assert client.get(QUEUE)["Location"].startswith("/admin/login/")
    nobody = signed_in()
    assert nobody.get(QUEUE).status_code == 403
    assert QUEUE not in nobody.get("/admin/").text
    looking = signed_in()
    user_of(looking).user_permissions.set(Permission.objects.filter(codename="view_case"))
    make_source(url="https://a.example/")
    page = looking.get(QUEUE)
    assert "sources" not in figures_on(page)
    assert "no such section" in messages_on(looking.get(QUEUE, {"show": "sources"}))


@pytest.mark.slow
def test_queue_of_many_cases_takes_as_many_queries_as_of_few(
    reviewer: Client, django_assert_num_queries: Any
) -> None:
    # 2 session and user, 2 permissions; the editors; 5 counts of the reader's own views, 8 of the
    # sections; the cases, their steps, who took them, their comments; their directives, 8 for their
    # parts. The checks of each of the 25 cases on a page ask 2 more.
    for rows in (2, 4):
        for __ in range(rows):
            case = make_case(complete=True, updated_by=user_of(reviewer))
            make_note(case)
            make_assessment(case)
            submit(case, user_of(reviewer))
        with django_assert_num_queries(31 + 2 * Case.objects.count()):
            reviewer.get(QUEUE, {"show": "in_review"})
    make_source(url="https://a.example/")
    for name, queries in (("changed", 22), ("sources", 19)):
        with django_assert_num_queries(queries):
            reviewer.get(QUEUE, {"show": name})


@pytest.mark.slow
def test_database_finds_among_synthetic_cases_what_the_checks_find() -> None:
    call_command("make_synthetic", cases=60, verbosity=0)
    Source.objects.exclude(slug__endswith="3").update(archived_url="https://b.example/")
    weak, unsupported = (
        set(Case.objects.filter(condition).values_list("pk", flat=True))
        for condition in (is_weak(), lacks_evidence())
    )
    cases = list(Case.objects.for_detail())
    assert {case.pk for case in cases if lacking(case)} == unsupported
    checked = {case.pk for case in cases if weaknesses_of(case)}
    assert checked <= weak <= checked | unsupported
    assert 0 < len(unsupported) < len(cases)
    assert len(checked) > 0
