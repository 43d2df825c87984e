"""Directives and exceptions between draft and publication: who takes the step, and what is seen."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases.finding.public_notes import public_notes
from cases.index.public_names import public_slugs
from cases.models import Case, Directive, DirectiveException, Source
from cases.review.checks import problems_of
from cases.review.rules import Rule, make_draft, publish_rule
from cases.versions.making import make_version
from tests.support.admin_forms import messages_on, page_of, save, signed_in, user_of
from tests.support.factories import (
    detail,
    make_assessment,
    make_case,
    make_claim,
    make_directive,
    make_exception,
    make_note,
    make_source,
    make_warning,
    show,
    support,
)
from tests.support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(params=["directive", "exception"])
def draft(request: Any) -> Rule:
    """Return a directive, or an exception of a published directive, in draft."""
    if request.param == "directive":
        return make_directive(status="draft")
    return make_exception(status="draft")


def status_of(rule: Rule) -> str:
    return str(type(rule).objects.get(pk=rule.pk).status)


def choose(client: Client, action: str, rule: Rule) -> str:
    """Take an action of the list, and return what the next page says."""
    address = reverse(f"admin:cases_{rule._meta.model_name}_changelist")
    chosen = {"action": action, "_selected_action": [rule.pk]}
    return messages_on(client.post(address, chosen, follow=True))


# Steps


def test_draft_is_published_by_somebody_who_did_not_change_it_last(draft: Rule, user: User) -> None:
    draft.updated_by = user
    draft.save()
    with pytest.raises(ValidationError, match="a different reviewer has to publish it"):
        publish_rule(draft, user)
    assert status_of(draft) == "draft"
    publish_rule(draft, User.objects.create_user("another"))
    assert status_of(draft) == "published"
    with pytest.raises(ValidationError, match="published already"):
        publish_rule(draft, None)


def test_team_of_one_publishes_its_own_draft(draft: Rule, user: User, settings: Any) -> None:
    settings.REVIEW_BY_SECOND_PERSON = False
    draft.updated_by = user
    draft.save()
    publish_rule(draft, user)
    assert status_of(draft) == "published"


def test_published_rule_that_nothing_public_names_becomes_a_draft_again(draft: Rule) -> None:
    with pytest.raises(ValidationError, match="a draft already"):
        make_draft(draft)
    publish_rule(draft, None)
    make_draft(draft)
    assert status_of(draft) == "draft"


@pytest.mark.parametrize("of", ["directive", "exception"])
def test_rule_that_a_public_case_or_its_versions_name_stays_public(of: str) -> None:
    case = make_case(complete=True, published=True)
    assessment = make_assessment(case)
    support(case)
    exception = assessment.exception
    rule = exception if of == "exception" else exception.directive
    with pytest.raises(ValidationError, match="is public and names it"):
        make_draft(rule)
    case.claims.filter(assessment__isnull=False).delete()
    case.claims.filter(field="directives").delete()
    assessment.delete()
    case.directives.clear()
    make_version(case, None, "No exception.")
    with pytest.raises(ValidationError, match=r"Version 1 of .* names it"):
        make_draft(rule)
    assert status_of(rule) == "published"


@pytest.mark.parametrize("of", ["directive", "exception"])
def test_case_that_names_a_draft_cannot_be_published(of: str) -> None:
    case = make_case(complete=True)
    assessment = make_assessment(case)
    support(case)
    assert problems_of(detail(case)) == []
    rule = assessment.exception if of == "exception" else assessment.exception.directive
    rule.status = "draft"
    rule.save()
    (problem,) = problems_of(detail(case))
    assert "is a draft. A reviewer publishes it first." in problem.message
    publish_rule(rule, None)
    assert problems_of(detail(case)) == []


# The admin


def test_editor_enters_and_changes_drafts_and_cannot_publish_them(draft: Rule) -> None:
    editor = signed_in("Editors")
    assert "was changed" in messages_on(save(editor, draft, title="Other"))
    draft.refresh_from_db()
    assert (draft.title, draft.status, draft.updated_by) == ("Other", "draft", user_of(editor))
    choose(editor, "publish_selected", draft)
    assert status_of(draft) == "draft"
    address = reverse(f"admin:cases_{draft._meta.model_name}_changelist")
    assert "publish_selected" not in editor.get(address).text
    assert editor.get(reverse(f"admin:cases_{draft._meta.model_name}_add")).status_code == 200


def test_editor_cannot_change_what_is_published(draft: Rule) -> None:
    publish_rule(draft, None)
    editor, reviewer = signed_in("Editors"), signed_in("Reviewers")
    assert 'name="title"' not in editor.get(page_of(draft)).text
    assert editor.post(page_of(draft), {"title": "Other"}).status_code == 403
    assert "was changed" in messages_on(save(reviewer, draft, title="Other"))


def test_reviewer_publishes_the_draft_of_another_and_not_their_own(draft: Rule) -> None:
    reviewer, other = signed_in("Reviewers"), signed_in("Reviewers")
    save(reviewer, draft, title="Other")
    assert "a different reviewer has to publish it" in choose(reviewer, "publish_selected", draft)
    assert status_of(draft) == "draft"
    save(other, draft)  # nothing was changed
    assert "was published." in choose(other, "publish_selected", draft)
    assert status_of(draft) == "published"
    assert "was made a draft." in choose(other, "make_draft_selected", draft)
    assert status_of(draft) == "draft"


def test_draft_has_no_link_to_the_site(draft: Rule) -> None:
    reviewer = signed_in("Reviewers")
    assert "View on site" not in reviewer.get(page_of(draft)).text
    publish_rule(draft, None)
    assert "View on site" in reviewer.get(page_of(draft)).text


def test_status_sent_with_the_form_is_left_as_it_is(draft: Rule) -> None:
    save(signed_in("Reviewers"), draft, title="Other", status="published")
    assert status_of(draft) == "draft"


# What the public sees

SECRET = "Quillfeather"


@pytest.mark.parametrize("of", ["directive", "exception", "exception of a draft"])
@pytest.mark.slow
def test_draft_is_on_no_public_page_and_in_no_file(client: Client, of: str) -> None:
    if of == "directive":
        rule: Rule = make_directive(
            status="draft", code=SECRET, title=SECRET, slug="quillfeather", statement=SECRET
        )
        note = make_note(directive=rule, source_says=SECRET, kind="correction", locator="¶1")
    else:
        directive = make_directive(status="published" if of == "exception" else "draft")
        rule = make_exception(
            status="draft" if of == "exception" else "published",
            directive=directive,
            title=SECRET,
            slug="quillfeather",
            statement=SECRET,
        )
        note = make_note(exception=rule, source_says=SECRET, kind="correction", locator="¶1")
    case = make_case(complete=True, published=True)
    make_claim(case, source=note.source, locator=note.locator)
    addresses = ["/", "/about/", "/exceptions/", "/cases/", "/cases/?view=table&column=directive"]
    addresses += ["/matrix/", "/cases.json", "/cases.csv", "/notes/", "/sources/", "/codebook/"]
    addresses += ["/facets/directive/", "/facets/exception/", "/cases/?q=quill*"]
    addresses += [case.get_absolute_url(), note.source.get_absolute_url(), "/changes/"]
    for address in addresses:
        response = client.get(address)
        text = response.getvalue().decode() if response.streaming else response.text
        assert SECRET not in text, address
        assert "quillfeather" not in text.replace("q=quill*", ""), address
    assert client.get("/exceptions/quillfeather/").status_code == 404
    for name in ("directive", "exception"):
        page = words(client.get(f"/cases/?{name}=quillfeather"))
        assert f"“quillfeather” is not a value of “{name}”" in page
    assert note.slug not in {public.note.slug for public in public_notes()}


def test_source_of_a_draft_directive_is_not_public_by_that() -> None:
    source = make_source()
    directive = make_directive(status="draft", source=source)
    assert source.slug not in public_slugs(Source)
    publish_rule(directive, None)
    assert source.slug in public_slugs(Source)


def test_publishing_and_drafting_change_filters_at_once(client: Client) -> None:
    exception = make_exception(slug="ground", directive=make_directive(slug="rule"))
    case = make_case()
    make_warning(case)
    make_assessment(case, exception=exception)
    Case.objects.filter(pk=case.pk).update(status="published", published_at="2025-01-01T00:00Z")
    show(case)

    def found(query: str) -> int:
        return len(client.get(f"/cases/?{query}").context["object_list"])

    assert found("exception=ground") == found("directive=rule") == 1
    Directive.objects.update(status="draft")
    assert found("exception=not_stated") == found("directive=not_stated") == 1
    assert "“ground” is not a value" in words(client.get("/cases/?exception=ground"))
    Directive.objects.update(status="published")
    assert found("exception=ground") == found("directive=rule") == 1
    DirectiveException.objects.update(status="draft")
    assert found("directive=rule") == found("exception=not_stated") == 1
