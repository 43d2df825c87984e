"""Two with the same record open: the second save is refused, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from cases.models import Actor, Case, Source
from tests.support.admin_forms import (
    Data,
    add_row,
    changeable,
    form_on,
    messages_on,
    page_of,
    send,
    signed_in,
)
from tests.support.factories import (
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_directive,
    make_exception,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def anna() -> Client:
    return signed_in("Reviewers", first_name="Anna", last_name="Berg")


@pytest.fixture
def bert() -> Client:
    return signed_in("Reviewers", first_name="Bert", last_name="Cole")


def opened(client: Client, record: Model) -> Data:
    return form_on(client.get(page_of(record)), f"{record._meta.model_name}_form")


def is_saved(page: Any) -> bool:
    return "was changed successfully" in messages_on(page)


class _Panel(HTMLParser):
    """Gathers the words of the section that tells of a conflict."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.words = False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section":
            self.inside = dict(attrs).get("class") == "conflict"

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.words += data + " "


def told_on(page: Any) -> str:
    """Return what a page tells of a conflict, "" if there is none."""
    assert page.status_code == 200, page.status_code
    panel = _Panel()
    panel.feed(page.text)
    return " ".join(panel.words.split())


def again(page: Any, model: str = "case") -> Data:
    """Return the form on the page of a conflict."""
    return form_on(page, f"{model}_form")


# The record's own values


def make_full_case() -> Case:
    case = make_case(complete=True)
    make_assessment(case)
    make_note(case, field="warning-1.date")
    return case


RECORDS: dict[str, tuple[Callable[[], Any], str, str]] = {
    "case": (make_full_case, "summary", "title"),
    "actor": (make_actor, "description", "name"),
    "source": (make_source, "author", "title"),
    "directive": (make_directive, "authority", "title"),
    "directiveexception": (make_exception, "statement", "title"),
    "note": (make_note, "source_says", "evidence_says"),
}
"""Of each kind of record how to make one, and two of its fields."""


def test_every_record_that_the_admin_changes_is_tried_here() -> None:
    assert {model._meta.model_name for model in changeable()} == {*RECORDS}


@pytest.mark.parametrize("kind", RECORDS)
def test_record_saved_second_is_refused_and_tells_who_changed_what(
    anna: Client, bert: Client, kind: str
) -> None:
    make, field, other = RECORDS[kind]
    record = make()
    before = getattr(record, field)
    theirs, mine = opened(bert, record), opened(anna, record)
    assert is_saved(send(bert, record, theirs | {field: "What Bert wrote"}))

    page = send(anna, record, mine | {field: "What Anna wrote", other: "Another value"})

    told = told_on(page)
    assert "Not saved" in told
    assert "Bert Cole" in told
    assert f"Was {before or 'nothing'} Now What Bert wrote Yours What Anna wrote" in told
    assert "Stored now: “What Bert wrote" in messages_on(page)
    record.refresh_from_db()
    assert getattr(record, field) == "What Bert wrote"
    typed = again(page, kind)
    assert (typed[field], typed[other]) == ("What Anna wrote", "Another value")

    assert is_saved(send(anna, record, typed))
    record.refresh_from_db()
    assert (getattr(record, field), getattr(record, other)) == ("What Anna wrote", "Another value")


@pytest.mark.parametrize("kind", RECORDS)
def test_record_saved_again_and_again_in_one_tab_is_saved(anna: Client, kind: str) -> None:
    make, field, __ = RECORDS[kind]
    record = make()
    for text in ("One", "Two"):
        assert is_saved(send(anna, record, opened(anna, record) | {field: text}))
        record.refresh_from_db()
        assert getattr(record, field) == text


def test_value_that_only_the_other_changed_is_taken_over(anna: Client, bert: Client) -> None:
    case = make_full_case()
    theirs, mine = opened(bert, case), opened(anna, case)
    send(bert, case, theirs | {"summary": "Bert’s summary."})
    page = send(anna, case, mine | {"title": "Anna’s title"})
    assert "Summary Was A warning, and what came of it. Now Bert’s summary." in told_on(page)
    assert "Yours" not in told_on(page)
    assert is_saved(send(anna, case, again(page)))
    case.refresh_from_db()
    assert (case.title, case.summary) == ("Anna’s title", "Bert’s summary.")


def test_long_text_that_another_mended_is_told_as_one_with_what_differs(
    anna: Client, bert: Client
) -> None:
    case = make_case(summary="A long summary in which nearly every word stays as it was.")
    theirs, mine = opened(bert, case), opened(anna, case)
    send(bert, case, theirs | {"summary": case.summary.replace("nearly", "almost")})
    page = send(anna, case, mine | {"title": "Anna’s title"})
    assert "in which <del>nearly </del><ins>almost </ins>every word" in page.text
    assert f"<h2>{case}</h2>" in page.text, "the name that is stored, not the one that was typed"


def test_save_of_the_same_person_on_another_page_counts(anna: Client) -> None:
    case = make_case()
    first, second = opened(anna, case), opened(anna, case)
    assert is_saved(send(anna, case, first | {"summary": "First."}))
    page = send(anna, case, second | {"summary": "Second."})
    assert "You, on another page" in told_on(page)
    assert Case.objects.get().summary == "First."


def test_page_changed_again_after_its_conflict_is_refused_again(anna: Client, bert: Client) -> None:
    case = make_case()
    mine = opened(anna, case)
    for text in ("One.", "Two."):
        send(bert, case, opened(bert, case) | {"summary": text})
        page = send(anna, case, mine | {"summary": "Mine."})
        assert f"Now {text} Yours Mine." in told_on(page)
        mine = again(page)
    assert is_saved(send(anna, case, mine))


def test_save_after_one_that_changed_nothing_is_no_conflict(anna: Client, bert: Client) -> None:
    case = make_full_case()
    Case.objects.filter(pk=case.pk).update(summary="Two\nlines.")
    theirs, mine = opened(bert, case), opened(anna, case)
    lines = {"summary": "Two\r\nlines."}  # as a browser sends them
    assert is_saved(send(bert, case, theirs | lines))
    assert is_saved(send(anna, case, mine | lines | {"title": "New title"}))


def test_change_outside_the_admin_is_told_as_such(anna: Client) -> None:
    case = make_case()
    mine = opened(anna, case)
    Case.objects.filter(pk=case.pk).update(records_status="released")
    told = told_on(send(anna, case, mine))
    assert "Not on its own page: by an import" in told
    assert "Requests for records Was No request reported Now Released" in told


def test_status_that_changed_meanwhile_is_told(anna: Client) -> None:
    case, reviewer = make_case(complete=True), signed_in("Reviewers")
    mine = opened(anna, case)
    reviewer.post(f"/admin/cases/case/{case.pk}/publish/")
    page = send(anna, case, mine | {"title": "New title"})
    assert "Status Was Draft Now Published" in told_on(page)
    assert Case.objects.get().title == case.title
    assert again(page)["change_note"] == "", "it is public now, and asks what changes"


def test_renamed_actor_is_no_conflict_for_a_case_that_names_it(anna: Client, bert: Client) -> None:
    case = make_full_case()
    issuer = case.warnings.get().issuer
    mine = opened(anna, case)
    assert issuer is not None
    assert is_saved(send(bert, issuer, opened(bert, issuer) | {"name": "New name"}))
    assert is_saved(send(anna, case, mine | {"title": "New title"}))


# Pages that do not say what they were made from


@pytest.mark.parametrize("token", [None, "", "forged", "a:b:c", "é\0", "x" * 100_000])
def test_page_without_a_valid_state_is_refused_and_keeps_what_was_typed(
    anna: Client, token: str | None
) -> None:
    case = make_full_case()
    data = opened(anna, case) | {"title": "New title", "warnings-0-channel": "public"}
    del data["_state"]
    page = send(anna, case, data if token is None else data | {"_state": token})
    told = told_on(page)
    assert "we cannot tell which version of the record you were editing" in told
    assert f"Title differs Now {case.title} Yours New title" in told
    assert "Channel differs Now Private Yours Public" in told
    assert Case.objects.get().title == case.title
    assert is_saved(send(anna, case, again(page)))
    assert Case.objects.get().title == "New title"


def test_state_of_another_record_is_refused(anna: Client) -> None:
    case, other, actor = make_case(), make_case(), make_actor()
    for record in (other, actor):
        foreign = opened(anna, record)["_state"]
        page = send(anna, case, opened(anna, case) | {"_state": foreign, "title": "New"})
        assert "we cannot tell" in told_on(page)
    assert not Case.objects.filter(title="New").exists()


def test_form_for_those_who_may_only_look_carries_no_conflict() -> None:
    public = make_note(make_case(published=True))
    reviewer = signed_in("Reviewers")
    assert reviewer.post(page_of(public), {"_state": "x"}).status_code == 403


# Parts of a case


def test_part_that_both_changed_names_both_values(anna: Client, bert: Client) -> None:
    case = make_full_case()
    theirs, mine = opened(bert, case), opened(anna, case)
    send(bert, case, theirs | {"warnings-0-channel": "public", "warnings-0-conduit": "diplomatic"})
    page = send(anna, case, mine | {"warnings-0-channel": "not_stated"})
    told = told_on(page)
    assert "Warning 1 Channel you both changed it Was Private Now Public Yours Not stated" in told
    assert "Conduit Was Not stated Now Diplomatic" in told
    typed = again(page)
    assert typed["warnings-0-channel"] == "not_stated"
    assert typed["warnings-0-conduit"] == "diplomatic"


def test_recipients_that_another_added_are_taken_over(anna: Client, bert: Client) -> None:
    case, ally = make_full_case(), make_actor(name="An ally")
    old = case.warnings.get().recipients.get()
    theirs, mine = opened(bert, case), opened(anna, case)
    send(bert, case, theirs | {"warnings-0-recipients": [old.pk, ally.pk]})
    page = send(anna, case, mine | {"title": "New title"})
    assert f"Recipients Was {old} Now {old}, An ally" in told_on(page)
    assert is_saved(send(anna, case, again(page)))
    assert set(case.warnings.get().recipients.all()) == {old, ally}


def test_intermediaries_that_another_put_in_another_order_are_taken_over(
    anna: Client, bert: Client
) -> None:
    case, first, second = make_full_case(), make_actor(name="First"), make_actor(name="Second")
    case.warnings.get().set_intermediaries([first, second])
    theirs, mine = opened(bert, case), opened(anna, case)
    turned = {"warnings-0-intermediaries": [second.pk, first.pk]}
    assert is_saved(send(bert, case, theirs | turned))
    page = send(anna, case, mine | {"title": "New title"})
    assert "Intermediaries Was First, Second Now Second, First" in told_on(page)
    assert is_saved(send(anna, case, again(page)))
    assert case.warnings.get().passed_on_by == [second, first]


def test_intermediaries_that_both_changed_are_kept_as_typed(anna: Client, bert: Client) -> None:
    case, first, second = make_full_case(), make_actor(name="First"), make_actor(name="Second")
    theirs, mine = opened(bert, case), opened(anna, case)
    assert is_saved(send(bert, case, theirs | {"warnings-0-intermediaries": [first.pk]}))
    typed = {"warnings-0-intermediaries": [second.pk, first.pk]}
    page = send(anna, case, mine | typed)
    lines = "Intermediaries you both changed it Was nothing Now First Yours Second, First"
    assert lines in told_on(page)
    assert is_saved(send(anna, case, again(page)))
    assert case.warnings.get().passed_on_by == [second, first]


def test_claim_pointed_elsewhere_by_another_is_told_in_words(anna: Client, bert: Client) -> None:
    case = make_case(complete=True)
    claim = make_claim(case, "warning-1.channel")
    row = list(case.claims.order_by("sequence")).index(claim)
    theirs, mine = opened(bert, case), opened(anna, case)
    send(bert, case, theirs | {f"claims-{row}-about": "incident-1.kind"})
    page = send(anna, case, mine | {f"claims-{row}-gist": "Mine."})
    told = told_on(page)
    assert "About Was Warning 1 · Channel: Private Now Incident 1 · Kind: Attack" in told
    assert is_saved(send(anna, case, again(page)))
    claim.refresh_from_db()
    assert (claim.path_of_value, claim.gist) == ("incident-1.kind", "Mine.")


ADDED: dict[str, tuple[Callable[[Case], Any], str]] = {
    "involvements": (make_involvement, "Role: "),
    "warnings": (make_warning, "Warning 2"),
    "incidents": (make_incident, "Incident 2"),
    "assessments": (make_assessment, "Exception: "),
    "claims": (make_claim, "Claim "),
    "notes": (make_note, "Editorial note: "),
}


@pytest.mark.parametrize("related", ADDED)
def test_part_that_another_added_is_told_and_kept(anna: Client, related: str) -> None:
    case = make_full_case()
    mine = opened(anna, case) | {"title": "New title"}
    make, title = ADDED[related]
    part = make(case)
    count = getattr(case, related).count()
    page = send(anna, case, mine)
    told = told_on(page)
    assert title in told
    assert "added It is taken over into the form." in told
    assert is_saved(send(anna, case, again(page)))
    assert getattr(case, related).count() == count
    assert getattr(case, related).filter(pk=part.pk).exists()
    assert Case.objects.get().title == "New title"


@pytest.mark.parametrize("related", ADDED)
def test_part_that_another_removed_stays_removed(anna: Client, related: str) -> None:
    case = make_full_case()
    part = ADDED[related][0](case)
    count = getattr(case, related).count()
    mine = opened(anna, case) | {"title": "New title"}
    part.delete()
    page = send(anna, case, mine)
    assert "removed It is left out of the form." in told_on(page)
    assert is_saved(send(anna, case, again(page)))
    assert getattr(case, related).count() == count - 1
    assert Case.objects.get().title == "New title"


def test_part_that_another_removed_and_this_editor_changed_is_kept_as_new(anna: Client) -> None:
    case = make_full_case()
    second = make_warning(case)
    mine = opened(anna, case) | {"warnings-1-content": "They would come by night."}
    second.delete()
    page = send(anna, case, mine)
    assert "Warning 2 removed You were working on it" in told_on(page)
    typed = again(page)
    assert typed["warnings-1-content"] == "They would come by night."
    assert is_saved(send(anna, case, typed))
    assert case.warnings.get(sequence=2).content == "They would come by night."


def test_part_that_both_removed_is_removed(anna: Client) -> None:
    case = make_full_case()
    second = make_warning(case)
    mine = opened(anna, case) | {"warnings-1-DELETE": "on"}
    second.delete()
    page = send(anna, case, mine)
    assert is_saved(send(anna, case, again(page)))
    assert case.warnings.count() == 1


def test_part_that_one_changed_and_the_other_removes_asks_first(anna: Client, bert: Client) -> None:
    case = make_case()
    make_warning(case)
    theirs, mine = opened(bert, case), opened(anna, case)
    send(bert, case, theirs | {"warnings-0-channel": "public"})
    page = send(anna, case, mine | {"warnings-0-DELETE": "on"})
    assert "Channel Was Not stated Now Public" in told_on(page)
    assert case.warnings.exists()
    assert 'name="warnings-0-DELETE" id="id_warnings-0-DELETE" checked' in page.text


def test_parts_that_both_added_are_both_kept(anna: Client, bert: Client) -> None:
    case = make_full_case()
    source = make_source()
    row = {"about": "kind", "source": source.pk, "locator": "¶1", "modality": "stated"}
    theirs, mine = opened(bert, case), opened(anna, case)
    add_row(theirs, "claims", **row, gist="Bert’s.")
    add_row(mine, "claims", **row, gist="Anna’s.")
    assert is_saved(send(bert, case, theirs))
    page = send(anna, case, mine)
    assert "Bert’s." in told_on(page)
    assert is_saved(send(anna, case, again(page)))
    assert set(case.claims.filter(source=source).values_list("gist", flat=True)) == {
        "Bert’s.",
        "Anna’s.",
    }


def test_claim_about_a_new_row_follows_it_past_what_another_added(anna: Client) -> None:
    case, source = make_full_case(), make_source()
    mine = opened(anna, case)
    parties = {"issuer": make_actor().pk, "recipients": [make_actor().pk]}
    add_row(mine, "warnings", **parties, content="Anna’s warning.")
    row = {"source": source.pk, "locator": "¶1", "modality": "stated", "gist": "So."}
    add_row(mine, "claims", about="warnings-1.content", **row)
    make_warning(case, content="Bert’s warning.")
    typed = again(send(anna, case, mine))
    assert (typed["warnings-1-content"], typed["warnings-2-content"]) == (
        "Bert’s warning.",
        "Anna’s warning.",
    )
    assert is_saved(send(anna, case, typed))
    assert source.claims.get().warning.content == "Anna’s warning."


def test_claim_about_a_part_that_another_removed_follows_the_new_one(anna: Client) -> None:
    case, source = make_full_case(), make_source()
    second = make_warning(case)
    mine = opened(anna, case) | {"warnings-1-content": "They would come by night."}
    row = {"source": source.pk, "locator": "¶1", "modality": "stated", "gist": "So."}
    add_row(mine, "claims", about="warning-2.content", **row)
    second.delete()
    typed = again(send(anna, case, mine))
    assert is_saved(send(anna, case, typed))
    assert source.claims.get().warning.content == "They would come by night."


@pytest.mark.parametrize("total", ["abc", "-1", "9" * 40, "٣", ""])
def test_conflict_with_a_broken_formset_is_answered_with_a_page(anna: Client, total: str) -> None:
    case = make_full_case()
    mine = opened(anna, case) | {"warnings-TOTAL_FORMS": total}
    Case.objects.filter(pk=case.pk).update(summary="New.")
    assert "Not saved" in told_on(send(anna, case, mine))


@pytest.mark.parametrize("key", ["abc", "9" * 40, "0", "\0"])
def test_conflict_with_a_row_of_no_key_is_answered_with_a_page(anna: Client, key: str) -> None:
    case = make_full_case()
    mine = opened(anna, case) | {"warnings-0-id": key}
    Case.objects.filter(pk=case.pk).update(summary="New.")
    assert "Not saved" in told_on(send(anna, case, mine))
    assert case.warnings.count() == 1


# A record that is gone


def test_case_deleted_meanwhile_stands_in_the_form_of_a_new_one(anna: Client) -> None:
    case, reviewer = make_full_case(), signed_in("Reviewers", first_name="Rita")
    mine = opened(anna, case) | {"summary": "What Anna wrote.", "claims-0-gist": "Anna’s gist."}
    paths = {claim.path_of_value for claim in case.claims.all()}
    confirm = form_on(reviewer.get(page_of(case, "delete")), "delete_form")
    reviewer.post(page_of(case, "delete"), confirm)
    assert not Case.objects.exists()

    page = send(anna, case, mine)
    told = told_on(page)
    assert f"Rita deleted “{case}” on" in told
    typed = again(page)
    assert typed["claims-0-gist"] == "Anna’s gist."
    assert typed["summary"] == "What Anna wrote."
    assert typed["warnings-0-channel"] == "private"
    assert f'action="{reverse("admin:cases_case_add")}"' in page.text

    done = anna.post(reverse("admin:cases_case_add"), typed | {"_continue": "1"}, follow=True)
    assert "was added successfully" in messages_on(done)
    added = Case.objects.get()
    assert added.summary == "What Anna wrote."
    assert added.number != case.number
    assert added.warnings.get().channel == "private"
    assert {claim.path_of_value for claim in added.claims.all()} == paths
    assert added.notes.get().field == "warning-1.date"


@pytest.mark.parametrize("kind", [kind for kind in RECORDS if kind != "case"])
def test_record_deleted_meanwhile_stands_in_the_form_of_a_new_one(anna: Client, kind: str) -> None:
    make, field, __ = RECORDS[kind]
    record = make()
    mine = opened(anna, record) | {field: "What Anna wrote"}
    key = record.pk
    record.delete()
    record.pk = key
    page = send(anna, record, mine)
    assert "does not exist any more" in told_on(page)
    assert "What Anna wrote" in page.text


def test_record_deleted_meanwhile_is_told_to_who_may_not_add_one() -> None:
    from django.contrib.auth.models import Permission, User

    client = signed_in()
    user = User.objects.get()
    user.user_permissions.set(Permission.objects.filter(codename="change_source"))
    source = make_source()
    mine = opened(client, source) | {"title": "A long title that was typed"}
    key = source.pk
    source.delete()
    source.pk = key
    told = told_on(client.post(page_of(source), mine))
    assert "This is what you typed" in told
    assert "A long title that was typed" in told


@pytest.mark.parametrize("key", ["999999", "abc", "9" * 40, "1_00"])
def test_form_sent_to_no_record_is_answered_with_a_page(anna: Client, key: str) -> None:
    page = anna.post(f"/admin/cases/actor/{key}/change/", {"name": "Typed"})
    assert "does not exist any more" in told_on(page)
    assert 'value="Typed"' in page.text
    assert not Actor.objects.exists()


# Deletion


def test_record_changed_since_its_deletion_was_asked_about_is_kept(bert: Client) -> None:
    case, reviewer = make_full_case(), signed_in("Reviewers")
    confirm = form_on(reviewer.get(page_of(case, "delete")), "delete_form")
    send(bert, case, opened(bert, case) | {"summary": "What Bert wrote."})
    page = reviewer.post(page_of(case, "delete"), confirm)
    assert "Not deleted" in told_on(page)
    assert "Bert Cole" in told_on(page)
    assert Case.objects.exists()
    done = reviewer.post(page_of(case, "delete"), form_on(page, "delete_form"), follow=True)
    assert "was deleted successfully" in messages_on(done)
    assert not Case.objects.exists()


@pytest.mark.parametrize("token", [None, "forged"])
def test_deletion_without_a_valid_state_is_asked_about_again(token: str | None) -> None:
    source, reviewer = make_source(), signed_in("Reviewers")
    data = {"post": "yes"} if token is None else {"post": "yes", "_state": token}
    page = reviewer.post(page_of(source, "delete"), data)
    assert "we cannot tell which version of the record you were shown" in told_on(page)
    assert Source.objects.exists()
    reviewer.post(page_of(source, "delete"), form_on(page, "delete_form"))
    assert not Source.objects.exists()
