"""Merging through the admin's pages: who may, what is shown, and the way back."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from cases.merging import merge, undo
from cases.models import Actor, Case, Merge
from cases.review.steps import publish
from tests.support.admin_forms import form_on, messages_on, signed_in
from tests.support.factories import make_actor, make_case, make_claim, make_source, make_warning
from tests.support.reading import words_of

pytestmark = pytest.mark.django_db


def merge_page_of(kept: Any, merged: Any) -> str:
    model = kept._meta.model_name
    return f"/admin/cases/{model}/merge/?records={kept.pk},{merged.pk}&keep={kept.pk}"


def confirm(client: Client, kept: Any, merged: Any, **values: str) -> Any:
    page = client.get(merge_page_of(kept, merged))
    seen = page.context["preview"].digest
    data = {"seen": seen, "reason": "The same."} | values
    return client.post(merge_page_of(kept, merged), data, follow=True)


def test_two_actors_chosen_in_the_list_are_merged_and_the_merge_is_undone(editor: Client) -> None:
    kept, merged = make_actor(name="Islamic State"), make_actor(name="Daesh")
    claim = make_claim(make_case(), "kind", speaker=merged)
    chosen = {"action": "merge_selected", "_selected_action": [kept.pk, merged.pk]}
    page = editor.post("/admin/cases/actor/", chosen, follow=True)
    assert "Which of the two do you want to keep?" in page.text
    page = editor.get(merge_page_of(kept, merged))
    for words in ("Claims that it makes: 1", str(claim), "Other names that it gets: 1", "Daesh"):
        assert words in page.text
    page = confirm(editor, kept, merged)
    assert "Daesh was merged into Islamic State." in messages_on(page)
    kept.refresh_from_db()
    assert kept.aliases == ["Daesh"]

    made = Merge.objects.get()
    log = editor.get(f"/admin/cases/merge/{made.pk}/change/")
    assert "Undo this merge" in log.text
    assert "Claims that it makes: 1" in log.text
    undoing = f"/admin/cases/merge/{made.pk}/undo/"
    assert "Claims that it makes: 1" in editor.get(undoing).text
    assert "Say why" in messages_on(editor.post(undoing, {"reason": ""}))
    page = editor.post(undoing, {"reason": "Two."}, follow=True)
    assert "Daesh was restored" in messages_on(page)
    assert page.request["PATH_INFO"] == f"/admin/cases/actor/{merged.pk}/change/"
    assert "Undo this merge" not in editor.get(f"/admin/cases/merge/{made.pk}/change/").text
    assert "undone already" in messages_on(editor.post(undoing, {"reason": "Again."}))
    told = set(LogEntry.objects.values_list("object_repr", "change_message"))
    assert ("Daesh", "Merged into Islamic State.") in told
    assert (str(made), "Undone: Two.") in told


@pytest.mark.parametrize("make", [make_actor, make_source])
def test_record_that_another_was_merged_into_is_deleted_once_that_is_undone(
    reviewer: Client, make: Any
) -> None:
    kept, merged = make(), make()
    made = merge(kept, merged, None, "The same.")
    address = f"/admin/cases/{made.kind}/{kept.pk}/delete/"
    in_list = {"action": "delete_selected", "_selected_action": [kept.pk], "post": "yes"}
    for page in (reviewer.get(address), reviewer.post(f"/admin/cases/{made.kind}/", in_list)):
        assert f"The merge of {merged} into {kept} ; undo it first" in words_of(page)
        assert f'href="/admin/cases/merge/{made.pk}/change/"' in page.text
    undo(made, None, "Two.")
    reviewer.post(address, form_on(reviewer.get(address), "delete_form"))
    assert list(type(kept).objects.values_list("pk", flat=True)) == [merged.pk]


def test_warning_that_an_actor_received_is_named_with_its_case(editor: Client) -> None:
    kept, merged = make_actor(), make_actor()
    warning = make_warning(make_case(), recipients=[merged])
    page = editor.get(merge_page_of(kept, merged))
    assert "Warnings that it received: 1" in page.text
    assert f"<li>{warning.case.number}: Warning 1</li>" in page.text
    assert " object (" not in page.text


def test_form_of_a_record_leads_to_its_likely_duplicates_and_to_any_other(editor: Client) -> None:
    actor, like = make_actor(name="Tamerlan Tsarnaev"), make_actor(name="Tamerlan Zarnajew")
    other = make_actor(name="Another", slug="another")
    start = f"/admin/cases/actor/merge/?records={actor.pk}"
    assert f'href="{start}"' in editor.get(f"/admin/cases/actor/{actor.pk}/change/").text
    assert f"records={actor.pk},{like.pk}" in editor.get(start).text.replace("&amp;", "&")
    for typed in ("another", "ANOTHER", " Another "):
        found = editor.get(start, {"records": str(actor.pk), "other": typed})
        assert found["Location"].endswith(f"records={actor.pk},{other.pk}")
    for typed, sentence in (
        (actor.slug, "cannot be merged into itself"),
        ("<b>", "There is no actor “&lt;b&gt;”"),
        ("\0", "Name the other one first."),
        ("", "Name the other one first."),
        ("x" * 5_000, "There is no actor"),
    ):
        page = editor.get(start, {"records": str(actor.pk), "other": typed})
        assert sentence in page.text


def test_each_page_of_a_merge_can_be_left_without_merging(editor: Client) -> None:
    actor, other = make_actor(), make_actor()
    start = "/admin/cases/actor/merge/?records="
    change = f"/admin/cases/actor/{actor.pk}/change/"
    first = editor.get(f"{start}{actor.pk}")
    assert f'<a href="{change}" class="closelink">Cancel</a>' in first.text
    assert " required>" in first.text
    for page in (f"{start}{actor.pk},{other.pk}", merge_page_of(actor, other)):
        cancel = '<a href="/admin/cases/actor/" class="closelink">Cancel</a>'
        assert cancel in editor.get(page).text


def test_case_is_found_by_its_number(editor: Client) -> None:
    one, two = make_case(), make_case()
    found = editor.get(f"/admin/cases/case/merge/?records={one.pk}&other={two.number.lower()}")
    assert found["Location"].endswith(f"records={one.pk},{two.pk}")


def test_merge_that_is_refused_is_explained_and_not_offered(editor: Client) -> None:
    issuer, recipient = make_actor(), make_actor()
    make_warning(make_case(), issuer=issuer, recipients=[recipient])
    page = editor.get(merge_page_of(issuer, recipient))
    assert "it would have warned itself" in page.text
    assert 'value="Merge"' not in page.text
    page = editor.post(merge_page_of(issuer, recipient), {"reason": "The same.", "seen": "x"})
    assert "it would have warned itself" in messages_on(page)
    assert Merge.objects.count() == 0


def test_merge_confirmed_without_a_reason_or_after_a_change_is_shown_again(editor: Client) -> None:
    kept, merged = make_source(), make_source()
    assert "Say why" in messages_on(confirm(editor, kept, merged, reason=" "))
    for seen in ("", "x"):
        page = confirm(editor, kept, merged, seen=seen)
        assert "Look at the preview again" in messages_on(page)
    assert Merge.objects.count() == 0
    assert "was merged into" in messages_on(confirm(editor, kept, merged))


def test_merge_sent_twice_is_made_once(editor: Client) -> None:
    kept, merged = make_source(), make_source()
    confirm(editor, kept, merged)
    assert editor.post(merge_page_of(kept, merged), {"reason": "Again."}).status_code == 404
    assert Merge.objects.count() == 1


@pytest.mark.parametrize("records", ["", "1", "a,b", "1,2,3", "1,1", "9" * 40, "\0", "-1,2"])
def test_merge_of_no_two_records_is_not_found(editor: Client, records: str) -> None:
    assert editor.get("/admin/cases/actor/merge/", {"records": records}).status_code == 404
    assert editor.get("/admin/cases/merge/99/undo/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_action_on_other_than_two_is_answered_with_a_sentence(editor: Client, count: int) -> None:
    actors = [make_actor().pk for _ in range(count)]
    chosen = {"action": "merge_selected", "_selected_action": actors}
    page = editor.post("/admin/cases/actor/", chosen, follow=True)
    assert "Select the two that are the same" in messages_on(page)


def test_record_kept_is_never_the_one_that_goes(editor: Client) -> None:
    """The trap in which the surviving record is among the merged, and goes by cascade."""
    actor = make_actor()
    for query in (f"records={actor.pk},{actor.pk}", f"records={actor.pk}"):
        page = editor.post(
            f"/admin/cases/actor/merge/?{query}&keep={actor.pk}", {"reason": "The same."}
        )
        assert page.status_code == 200
    assert Actor.objects.filter(pk=actor.pk).exists()
    assert Merge.objects.count() == 0


# Permissions


@pytest.mark.parametrize("make", [make_actor, make_source, make_case])
def test_merge_by_those_who_may_not_change_is_refused(client: Client, make: Any) -> None:
    kept, merged = make(), make()
    made = merge(make(), make(), None, "The same.")
    for path in (merge_page_of(kept, merged), f"/admin/cases/merge/{made.pk}/undo/"):
        assert client.get(path)["Location"].startswith("/admin/login/")
        assert "Sign in and go on" in client.post(path, {"reason": "x"}).text
        for method in ("get", "post"):
            assert getattr(signed_in(), method)(path, {"reason": "x"}).status_code == 403
    assert Merge.objects.filter(undone_at=None).count() == 1


@pytest.mark.slow
def test_public_cases_are_merged_and_parted_by_reviewers_only(editor: Client) -> None:
    kept, merged, draft = make_case(published=True), make_case(published=True), make_case()
    for pair in ((kept, merged), (kept, draft)):
        assert editor.get(merge_page_of(*pair)).status_code == 403
        keys = {"_selected_action": [case.pk for case in pair], "action": "merge_selected"}
        page = editor.post("/admin/cases/case/", keys, follow=True)
        assert "Public cases are merged by reviewers." in page.text
        assert editor.post(merge_page_of(*pair), {"reason": "x"}).status_code == 403
    assert "Merge …" not in editor.get(f"/admin/cases/case/{kept.pk}/change/").text
    reviewer = signed_in("Reviewers")
    assert "Merge …" in reviewer.get(f"/admin/cases/case/{kept.pk}/change/").text
    page = confirm(reviewer, kept, merged)
    assert f"{merged} was merged into {kept}." in messages_on(page)
    made = Merge.objects.get()
    assert editor.post(f"/admin/cases/merge/{made.pk}/undo/", {"reason": "x"}).status_code == 403
    assert Case.objects.get(pk=merged.pk).merged_into == kept


def test_draft_published_while_its_merge_is_confirmed_is_left_to_reviewers(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, merged = make_case(complete=True), make_case()
    seen = editor.get(merge_page_of(kept, merged)).context["preview"].digest
    monkeypatch.setattr("cases.admin.tools.merging.acquire_write_lock", lambda: publish(kept, None))
    data = {"reason": "The same.", "seen": seen}
    assert editor.post(merge_page_of(kept, merged), data).status_code == 403
    assert Merge.objects.count() == 0


def test_drafts_are_merged_by_editors(editor: Client) -> None:
    kept, merged = make_case(), make_case()
    assert "was merged into" in messages_on(confirm(editor, kept, merged))


@pytest.mark.parametrize("groups", [(), ("Editors",), ("Reviewers",)])
def test_log_of_merges_is_looked_at_and_not_edited(groups: tuple[str, ...]) -> None:
    made = merge(make_actor(), make_actor(), None, "The same.")
    client = signed_in(*groups)
    status = 200 if groups else 403
    assert client.get("/admin/cases/merge/").status_code == status
    assert client.get(f"/admin/cases/merge/{made.pk}/change/").status_code == status
    for page in ("add/", f"{made.pk}/delete/"):
        assert client.post(f"/admin/cases/merge/{page}").status_code == 403
    assert client.post(f"/admin/cases/merge/{made.pk}/change/", {"reason": "x"}).status_code == 403


def test_pages_of_merging_hold_nothing_that_the_content_policy_forbids(editor: Client) -> None:
    kept, merged = make_actor(name="<b>Kept</b>"), make_actor(name="<b>Merged</b>")
    made = merge(kept, make_actor(name="<b>Gone</b>"), None, "<b>Why</b>")
    base = "/admin/cases/actor/merge/"
    for path in (
        f"{base}?records={kept.pk}",
        f"{base}?records={kept.pk},{merged.pk}",
        merge_page_of(kept, merged),
        f"/admin/cases/merge/{made.pk}/change/",
        f"/admin/cases/merge/{made.pk}/undo/",
    ):
        page = editor.get(path)
        assert page.status_code == 200
        for forbidden in (" style=", "<style", " onclick=", "<script>", "<b>"):
            assert forbidden not in page.text


def test_pages_of_a_merge_say_what_waits_and_what_is_public_at_once(reviewer: Client) -> None:
    kept, merged = make_case(published=True), make_case(published=True)
    page = words_of(reviewer.get(merge_page_of(kept, merged)))
    assert "will be merged into" in page
    assert f"What moves becomes a correction of {kept}" in page
    made = merge(kept, merged, None, "The same.")
    page = words_of(reviewer.get(f"/admin/cases/merge/{made.pk}/undo/"))
    assert "it is reinstated at once, with a new version" in page
