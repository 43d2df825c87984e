"""Comments of editors and reviewers: what becomes of them when the case changes, and that they are
no part of it."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.test import Client

from cases import changelog, search
from cases.merging import merge, undo
from cases.models import Case, Comment, SearchDocument
from cases.models.comment import MAX_LENGTH, CommentPlace
from cases.review.comments import Thread, answer, reopen, resolve, subjects_of, threads_of, write
from cases.versions.making import make_version
from tests.support.bundles import export
from tests.support.factories import (
    detail,
    make_actor,
    make_case,
    make_comment,
    make_full_case,
    make_note,
    make_warning,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return make_case(complete=True)


def comment_on(case: Case, user: User, part: str, field: str = "") -> Comment:
    """Write a comment on the first part of a kind."""
    place = next(
        place for place in subjects_of(detail(case)) if (place.part, place.field) == (part, field)
    )
    return write(case, user, place, "Is it so?")


def thread_on(case: Case) -> Thread:
    (thread,) = threads_of(detail(case))
    return thread


def test_comment_says_what_its_value_was_once_that_has_changed(case: Case, user: User) -> None:
    comment_on(case, user, "warning", "channel")
    thread = thread_on(case)
    assert (thread.name, thread.was, thread.now) == ("Warning 1, channel", [], [])
    case.warnings.update(channel="public")
    thread = thread_on(case)
    assert (thread.was, thread.now) == (["Private"], ["Public"])


def test_comment_on_a_part_names_those_of_its_values_that_changed(case: Case, user: User) -> None:
    comment_on(case, user, "warning")
    case.warnings.update(channel="public")
    thread = thread_on(case)
    assert thread.name == "Warning 1 as a whole"
    assert (thread.was, thread.now) == (["Channel: Private"], ["Channel: Public"])


@pytest.mark.slow
def test_every_kind_of_part_can_be_commented_on_and_is_unchanged_at_first(user: User) -> None:
    case = make_full_case()
    # A page isolates the direction of such a name with marks that are not stored.
    case.involvements.update(actor=make_actor(name="مجموعة"))
    for place in subjects_of(detail(case)):
        write(case, user, place, "Is it so?")
    threads = threads_of(detail(case))
    assert {"", "warning", "incident", "involvement", "assessment", "claim", "note"} == {
        thread.comment.part for thread in threads
    }
    assert [thread.name for thread in threads if thread.was or thread.now] == []
    assert all(thread.subject for thread in threads)


def test_comment_on_a_deleted_part_stays_and_does_not_move_to_the_next(
    case: Case, user: User
) -> None:
    second = make_warning(case)
    write(case, user, CommentPlace("warning", second.pk, "channel"), "Drop this warning.")
    second.delete()
    assert make_warning(case).sequence == second.sequence
    thread = thread_on(case)
    assert (thread.name, thread.subject, thread.was) == ("A deleted warning", None, [])


def test_comments_go_with_their_case(case: Case, user: User) -> None:
    answer(comment_on(case, user, "warning"), user, "Yes.")
    case.delete()
    assert not Comment.objects.exists()


def test_comment_is_no_edit_of_the_case(user: User) -> None:
    case = make_case(published=True)
    before = Case.objects.values().get(), changelog.latest(), case.versions.count()
    comment = comment_on(case, user, "warning", "channel")
    answer(comment, user, "Yes.")
    resolve(comment, user)
    assert (Case.objects.values().get(), changelog.latest(), case.versions.count()) == before


def test_comment_resolved_twice_keeps_who_was_first_and_every_answer(
    case: Case, user: User
) -> None:
    other = User.objects.create_user("other")
    comment = comment_on(case, user, "warning")
    assert resolve(comment, user, "Fixed.")
    assert not resolve(comment, other, "Fixed, I think.")
    answer(comment, other, "Thanks.")
    stored = Comment.objects.get(pk=comment.pk)
    assert (stored.resolved_by, stored.is_open) == (user, False)
    texts = [each.text for each in thread_on(case).answers]
    assert texts == ["Fixed.", "Fixed, I think.", "Thanks."]
    reopen(stored)
    assert detail(case).open_comments == [stored]


def test_answer_to_a_comment_that_a_merge_just_moved_is_in_its_thread(user: User) -> None:
    kept, merged = make_case(), make_case()
    stale = Comment.objects.select_related("case").get(pk=make_comment(merged).pk)
    merge(kept, merged, None, "The same.")
    answer(stale, user, "Yes.")
    resolve(stale, user, "Fixed.")
    assert [each.text for each in thread_on(kept).answers] == ["Yes.", "Fixed."]
    Comment.objects.all().delete()
    with pytest.raises(ValidationError, match="was deleted"):
        answer(stale, user, "Yes.")


@pytest.mark.parametrize(
    ("place", "text", "problem"),
    [
        (CommentPlace(), " \n ", "Write what you want to say."),
        (CommentPlace(), "a" * (MAX_LENGTH + 1), "at most 2000 characters"),
        (CommentPlace("warning", 10**12, "channel"), "Why?", "was deleted"),
        (CommentPlace(field="number"), "Why?", "was deleted"),
        (CommentPlace.from_text("\0:x"), "Why?", "was deleted"),
    ],
)
def test_comment_without_text_or_place_is_refused(
    case: Case, user: User, place: CommentPlace, text: str, problem: str
) -> None:
    with pytest.raises(ValidationError, match=problem):
        write(case, user, place, text)
    assert not Comment.objects.exists()


def test_comment_knows_whether_a_reviewer_wrote_it(case: Case, user: User) -> None:
    assert not comment_on(case, user, "warning").is_by_reviewer
    reviewer = User.objects.create_user("reviewer")
    reviewer.groups.add(Group.objects.get(name="Reviewers"))
    assert comment_on(case, reviewer, "warning").is_by_reviewer


def test_no_public_page_file_or_search_has_a_comment(client: Client) -> None:
    case = make_case(published=True)
    make_comment(case, case.warnings.get(), "channel", text="Xylophone", value_then="Xylophone")
    case.title = case.summary = "Glockenspiel"
    case.save()
    make_version(case, None, "A new title, Glockenspiel.")
    search.catch_up()
    said = {
        "search": str(SearchDocument.objects.filter(case=case).values()),
        "versions": str(case.versions.filter(number=2).values()),
    }
    with zipfile.ZipFile(io.BytesIO(export())) as bundle:
        said["bundle"] = " ".join(bundle.read(name).decode() for name in bundle.namelist())
    address = case.get_absolute_url()
    for page in (address, f"{address}history/", f"{address}v/2/", "/changes/", "/changes.atom"):
        said[page] = client.get(page).text
    for name in ("cases.csv", "cases.json", "cases.atom"):
        said[name] = b"".join(client.get(f"/{name}")).decode()
    assert [where for where, text in said.items() if "glockenspiel" not in text.lower()] == []
    assert [where for where, text in said.items() if "xylophone" in text.lower()] == []


def test_comments_move_with_a_merge_to_the_part_that_is_kept_and_back() -> None:
    issuer, recipient = make_actor(), make_actor()
    kept, merged = make_case(), make_case()
    for each in (kept, merged):
        make_warning(each, issuer=issuer, recipients=[recipient], date="2024-01-02")
    make_note(merged)
    in_both = make_comment(merged, merged.warnings.get(), "channel")
    about_note = make_comment(merged, merged.notes.get())
    reply = make_comment(merged, text="So.", answer_to=in_both)
    before = list(Comment.objects.order_by("pk").values())
    made = merge(kept, merged, None, "The same.")
    for comment in (in_both, about_note, reply):
        comment.refresh_from_db()
        assert comment.case == kept
    assert in_both.part_key == kept.warnings.get().pk
    undo(made, None, "They differ.")
    assert list(Comment.objects.order_by("pk").values()) == before
