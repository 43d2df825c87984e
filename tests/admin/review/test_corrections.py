"""Corrections of public cases in the admin: saved, compared, looked at and published."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from cases.merging import merge
from cases.models import Case
from cases.review.steps import submit, withdraw
from tests.support.admin_forms import (
    act,
    form_on,
    messages_on,
    opened,
    page_of,
    save,
    send,
    take_step,
    user_of,
)
from tests.support.factories import make_case
from tests.support.reading import words, words_of

pytestmark = pytest.mark.django_db

NOTE = "The title named the wrong town."
QUEUE = "/admin/queue/"


@pytest.fixture
def case() -> Case:
    return make_case(published=True, title="Warning of an attack in Kerman")


@pytest.fixture
def corrected(case: Case, editor: Client) -> Case:
    """Return a case whose correction an editor has saved."""
    save(editor, case, title="Warning of an attack in Moscow", change_note=NOTE)
    case.refresh_from_db()
    return case


def test_saved_correction_is_not_public_until_somebody_else_publishes_it(
    case: Case, editor: Client, reviewer: Client, client: Client
) -> None:
    page = editor.get(page_of(case))
    assert "What you save is a correction in draft" in words_of(page)
    done = send(
        editor, case, opened(editor, case) | {"title": "The correction", "change_note": NOTE}
    )
    assert "Published, correction in draft" in messages_on(done)
    assert "The correction" not in client.get(case.get_absolute_url()).text
    assert form_on(editor.get(page_of(case)))["change_note"] == NOTE
    assert "was submitted for review" in messages_on(take_step(editor, case, "submit"))
    done = take_step(reviewer, case, "publish")
    assert f"The correction of {case.number}" in messages_on(done)
    assert case.versions.get(number=2).change_note == NOTE
    assert "The correction" in client.get(case.get_absolute_url()).text


def test_correction_names_the_claims_that_a_changed_value_keeps(
    case: Case, editor: Client, reviewer: Client, client: Client
) -> None:
    claims = [claim.path_of_value for claim in case.claims.all()]
    row = claims.index("incident-1.kind")
    kind = {"incidents-0-kind": "targeted_killing", "change_note": NOTE}
    save(editor, case, **kind)
    kept = re.compile(r"Kind changed Before: .{1,40} After: .{1,40} Unchanged claim: \w+, asserts")
    assert kept.search(words_of(reviewer.get(page_of(case, "correction"))))
    save(editor, case, **kind, **{f"claims-{row}-locator": "¶99"})
    said = words_of(reviewer.get(page_of(case, "correction")))
    assert "Kind changed" in said
    assert not kept.search(said)
    take_step(editor, case, "submit")
    take_step(reviewer, case, "publish")
    history = client.get(reverse("case_history", args=[case.slug]))
    assert "Kind changed" in words_of(history)
    assert "Unchanged claim" not in history.text


def test_who_corrected_a_case_does_not_publish_that(
    case: Case, reviewer: Client, client: Client
) -> None:
    save(reviewer, case, title="My own correction", change_note=NOTE)
    page = reviewer.get(page_of(case))
    assert "You made the last change" in words_of(page)
    assert page_of(case, "publish") not in page.text
    assert "was not published" in messages_on(take_step(reviewer, case, "publish"))
    assert case.versions.count() == 1


def test_correction_is_compared_with_what_the_public_reads(
    corrected: Case, editor: Client, reviewer: Client
) -> None:
    address = page_of(corrected, "correction")
    assert f'href="{address}"' in editor.get(page_of(corrected)).text
    page = reviewer.get(address)
    said = words_of(page)
    assert re.search(r"<h2>\s*Record checks\s*</h2>", page.text)
    assert "Title changed" in said
    assert NOTE in said
    assert "What differs from version 1" in said
    assert page_of(corrected, "publish") in page.text
    assert page_of(corrected, "publish") not in editor.get(address).text
    take_step(reviewer, corrected, "publish")
    assert "No correction of this case is waiting." in words_of(reviewer.get(address))


def test_staff_look_at_the_page_as_it_will_be(
    corrected: Case, editor: Client, client: Client
) -> None:
    address = f"{corrected.get_absolute_url()}correction/"
    page = editor.get(address)
    assert "Warning of an attack in Moscow" in words(page)
    assert "seen by staff only" in words(page)
    assert page["Cache-Control"] == "private, no-store"
    assert client.get(address).status_code == 404
    assert "correction not published yet" in words(page)
    other = make_case(published=True)
    assert editor.get(page_of(other, "correction")).status_code == 200


def test_preview_leads_to_the_case_once_nothing_waits(
    case: Case, editor: Client, reviewer: Client, client: Client
) -> None:
    first = f"{case.get_absolute_url()}correction/"
    save(editor, case, slug="another-address", change_note=NOTE)
    second = "/cases/another-address/correction/"
    assert editor.get(first)["Location"] == second
    take_step(reviewer, case, "publish")
    for address in (first, second):
        assert editor.get(address)["Location"] == "/cases/another-address/"
        assert client.get(address).status_code == 404


def test_correction_with_a_merge_is_not_discarded_and_leads_to_the_merge(
    case: Case, editor: Client
) -> None:
    made = merge(case, make_case(published=True), user_of(editor), "One occasion.")
    page = editor.get(f"/admin/cases/case/discard/?cases={case.pk}", follow=True)
    assert "cannot be discarded" in messages_on(page)
    assert f'<a href="/admin/cases/merge/{made.pk}/change/">Undo the merge</a>' in page.text
    assert "reason_form" not in page.text


def test_correction_without_its_sentence_is_kept_and_not_submitted(
    case: Case, editor: Client
) -> None:
    claim = case.claims.get(field="channel")
    row = list(case.claims.all()).index(claim)
    save(editor, case, title="Another", change_note="", **{f"claims-{row}-stance": "disputes"})
    done = take_step(editor, case, "submit")
    assert "This correction has no reason yet" in messages_on(done)
    assert "Warning 1, channel: “Private” has no claim that asserts it" in messages_on(done)
    assert "This correction has no reason yet" in words_of(editor.get(page_of(case, "correction")))
    save(editor, case, change_note=NOTE, **{f"claims-{row}-stance": "asserts"})
    case.refresh_from_db()
    assert (case.title, case.correction_note) == ("Another", NOTE)
    assert "was submitted for review" in messages_on(take_step(editor, case, "submit"))


def test_correction_is_discarded_with_a_reason(corrected: Case, editor: Client) -> None:
    address = f"/admin/cases/case/discard/?cases={corrected.pk}"
    assert f'href="{address}"' in editor.get(page_of(corrected)).text
    assert "Discard correction" in words_of(editor.get(address))
    done = editor.post(address, form_on(editor.get(address), "reason_form"), follow=True)
    assert "Say why" in messages_on(done)
    data = form_on(editor.get(address), "reason_form") | {"reason": "It was right."}
    done = editor.post(address, data, follow=True)
    assert f"The correction of {corrected.number}" in messages_on(done)
    corrected.refresh_from_db()
    assert (corrected.title, corrected.correction) == ("Warning of an attack in Kerman", "")


def test_correction_of_a_withdrawn_case_is_shown_as_one_that_waits(
    corrected: Case, editor: Client, reviewer: Client
) -> None:
    withdraw(corrected, user_of(reviewer), "Under enquiry.")
    page = editor.get(page_of(corrected))
    assert "Withdrawn, correction in draft" in words_of(page)
    address = page_of(corrected, "correction")
    assert f'href="{address}"' in page.text
    assert f"/discard/?cases={corrected.pk}" in page.text
    assert f'action="{page_of(corrected, "submit")}"' not in page.text
    assert "which waits until the case is reinstated" in words_of(page)
    assert form_on(page)["change_note"] == NOTE
    said = words_of(reviewer.get(address))
    assert "waits until the case is reinstated" in said
    assert "Title changed" in said
    assert "waits for the reinstatement" in words_of(editor.get(f"{QUEUE}?show=corrections"))
    assert editor.get(f"{corrected.get_absolute_url()}correction/").status_code == 200


def test_correction_saved_meanwhile_is_not_published_unseen(
    corrected: Case, editor: Client, reviewer: Client
) -> None:
    data = form_on(reviewer.get(page_of(corrected, "correction")), "")
    page = reviewer.get(page_of(corrected, "correction"))
    seen = {page.context["seen_field"]: page.context["seen"]}
    save(editor, corrected, title="Changed once more")
    done = reviewer.post(page_of(corrected, "publish"), data | seen, follow=True)
    assert "was not published" in messages_on(done) or "changed" in messages_on(done)
    assert corrected.versions.count() == 1


def test_queue_shows_what_is_ahead(corrected: Case, editor: Client, reviewer: Client) -> None:
    page = words_of(editor.get(f"{QUEUE}?show=corrections"))
    assert corrected.number in page
    assert "Published, correction in draft" in page
    assert "what it changes" in page
    mine = editor.get(f"{QUEUE}?show=corrections&editor=me")
    assert corrected.number in mine.text
    assert corrected.number not in reviewer.get(f"{QUEUE}?show=in_review").text
    submit(corrected, user_of(editor))
    assert corrected.number in reviewer.get(f"{QUEUE}?show=in_review").text
    act(reviewer, "publish_selected", corrected)
    assert corrected.number not in editor.get(f"{QUEUE}?show=corrections").text


def test_correction_sent_back_says_why_until_it_is_submitted_again(
    corrected: Case, editor: Client, reviewer: Client
) -> None:
    submit(corrected, user_of(editor))
    address = f"/admin/cases/case/send-back/?cases={corrected.pk}"
    data = form_on(reviewer.get(address), "reason_form") | {"reason": "Which town?"}
    reviewer.post(address, data)
    assert "Which town?" in words_of(editor.get(page_of(corrected)))
    assert corrected.number in editor.get(f"{QUEUE}?show=sent_back").text
    take_step(editor, corrected, "submit")
    assert corrected.number not in editor.get(f"{QUEUE}?show=sent_back").text
