"""Comments in the admin: on their page, in the dialog of the form, and where steps are taken."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case, Comment
from cases.review.comments import subjects_of, write
from tests.support.admin_forms import (
    form_on,
    messages_on,
    opened,
    page_of,
    send,
    signed_in,
    take_step,
    user_of,
)
from tests.support.factories import detail, make_case, make_comment, make_full_case
from tests.support.reading import words_of
from tests.support.stored import status_of

pytestmark = pytest.mark.django_db

FROM_SCRIPT = {"X-Requested-With": "fetch"}


def comments_of(case: Case) -> str:
    return reverse("admin:cases_case_comments", args=[case.pk])


def stored() -> Comment:
    return Comment.objects.get(answer_to=None)


def test_comment_is_written_answered_resolved_and_opened_again_without_a_script(
    editor: Client, reviewer: Client
) -> None:
    case = make_case(complete=True)
    address, warning = comments_of(case), case.warnings.get()
    assert f'href="{address}"' in editor.get(page_of(case)).text
    asked = {"about": f"warning:{warning.pk}:channel", "text": "Who <b>says</b> so?"}
    page = reviewer.post(address, asked, follow=True)
    assert "Your comment was stored." in messages_on(page)
    assert "Who &lt;b&gt;says&lt;/b&gt; so?" in page.text
    assert (stored().author, stored().is_by_reviewer) == (user_of(reviewer), True)
    key = str(stored().pk)
    editor.post(address, {"comment": key, "act": "answer", "text": "The New York paper."})
    page = editor.post(address, {"comment": key, "act": "resolve"}, follow=True)
    assert "The New York paper." in words_of(page)
    assert "1 resolved" in words_of(page)
    assert stored().resolved_by == user_of(editor)
    editor.post(address, {"comment": key, "act": "reopen"})
    assert stored().is_open


def test_script_gets_the_comments_on_one_value_alone_and_what_was_refused(editor: Client) -> None:
    case = make_case(complete=True)
    here = make_comment(case, case.warnings.get(), "channel", text="On the channel.")
    make_comment(case, field="title", text="On the title.")
    address = f"{comments_of(case)}?about={here.place}"
    page = editor.post(address, {"about": str(here.place), "text": " "}, headers=FROM_SCRIPT)
    assert "Write what you want to say." in page.text
    assert page.text.lstrip().startswith('<div class="comments">')
    listed, _, panel = page.text.partition("<template>")
    assert "On the channel." in listed
    assert "On the title." not in listed
    assert f"warning:{here.part_key}:channel&quot;: [1, 0]" in panel
    long = "a" * 2001
    page = editor.post(address, {"comment": here.pk, "text": long}, headers=FROM_SCRIPT)
    assert long in page.text


def test_comment_is_no_conflict_for_a_form_that_is_open(editor: Client, reviewer: Client) -> None:
    case = make_case(complete=True, updated_by=user_of(editor))
    data = opened(editor, case)
    reviewer.post(comments_of(case), {"about": "::title", "text": "Shorter."})
    send(editor, case, data | {"title": "New title"})
    case.refresh_from_db()
    assert case.title == "New title"


@pytest.mark.once
def test_open_comments_stand_above_the_form_with_links_to_fields_that_it_has(
    editor: Client, django_assert_num_queries: Any
) -> None:
    case = make_full_case()
    make_comment(case, field="title", resolved_at=case.updated_at)
    with django_assert_num_queries(42):  # those of any case, see `test_case.py`
        editor.get(page_of(case))
    for place in subjects_of(detail(case)):
        about = {"part": place.part, "part_key": place.key, "field": place.field}
        Comment.objects.create(case=case, text="Why?", **about)
    with django_assert_num_queries(42):
        page = editor.get(page_of(case))
    panel = page.text.partition('<section id="comments"')[2].partition("</section>")[0]
    anchors = re.findall(r'href="#([^"]+)"', panel)
    places = len(subjects_of(detail(case)))
    assert len(anchors) == places - 1  # the case as a whole has no field
    assert set(anchors) <= set(re.findall(r'\bid="([^"]+)"', page.text))
    assert f"{places} open comments" in words_of(page)


@pytest.mark.once
def test_open_comments_are_named_before_a_step_and_stop_none(
    editor: Client, reviewer: Client
) -> None:
    case = make_case(complete=True)
    make_comment(case, case.warnings.get(), text="Which channel?", is_by_reviewer=True)
    page = take_step(editor, case, "submit")
    assert "Which channel?" in words_of(page)
    assert status_of(case) == "draft"
    confirmed = form_on(page, "reason_form")
    editor.post(f"{reverse('admin:cases_case_confirm')}?cases={case.pk}", confirmed)
    assert status_of(case) == "in_review"
    back = reverse("admin:cases_case_send_back")
    assert "Which channel?" in words_of(reviewer.get(back, {"cases": case.pk}))
    page = take_step(reviewer, case, "publish")
    assert "1 comment by a reviewer is open." in words_of(page)
    assert f'href="{page_of(case)}#comments"' in page.text
    Comment.objects.update(resolved_at=case.updated_at)
    take_step(reviewer, case, "publish")
    assert status_of(case) == "published"


@pytest.mark.once
def test_comments_are_for_those_who_may_see_the_case(client: Client, editor: Client) -> None:
    case, other = make_case(), make_case()
    address = comments_of(case)
    assert client.get(address)["Location"].startswith("/admin/login/")
    assert signed_in().post(address, {"about": "::", "text": "I?"}).status_code == 403
    elsewhere = make_comment(other)
    assert editor.post(address, {"comment": elsewhere.pk, "text": "I?"}).status_code == 404
    assert editor.post(address, {"comment": "9" * 40, "text": "I?"}).status_code == 404
    assert editor.get(f"/admin/cases/case/{'9' * 30}/comments/").status_code == 404
    assert editor.get(address, {"about": "warning:\0:x"}).status_code == 200
    assert Comment.objects.count() == 1


def test_comment_on_a_part_deleted_meanwhile_is_refused_and_its_text_kept(editor: Client) -> None:
    page = editor.post(comments_of(make_case()), {"about": "warning:99:channel", "text": "Mine"})
    assert "was deleted" in page.text
    assert ">\nMine</textarea>" in page.text


def test_comment_on_a_case_deleted_meanwhile_is_answered_with_a_sentence(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case()

    def write_late(commented: Case, *args: Any) -> Comment:
        Case.objects.filter(pk=case.pk).delete()
        return write(commented, *args)

    monkeypatch.setattr("cases.review.comments.write", write_late)
    for _ in ("deleted while it is stored", "deleted before it is sent"):
        page = editor.post(comments_of(case), {"about": "::", "text": "Mine"}, follow=True)
        assert page.redirect_chain == [(reverse("admin:cases_case_changelist"), 302)]
        assert "the case was deleted" in messages_on(page)
