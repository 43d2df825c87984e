"""Two with the same case open: what each changed in its parts is kept.

Another's change is sent by a form where that is the point; elsewhere the test makes it directly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case
from tests.support.admin_conflicts import is_saved, told_on
from tests.support.admin_forms import add_row, form_on, messages_on, opened, page_of, send
from tests.support.factories import (
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_full_case,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
)
from tests.support.reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.slow]

ADDED: dict[str, tuple[Callable[[Case], Any], str]] = {
    "involvements": (make_involvement, "Role: {}"),
    "warnings": (make_warning, "Warning 2"),
    "incidents": (make_incident, "Incident 2"),
    "assessments": (make_assessment, "Exception: {}"),
    "claims": (make_claim, "{}"),
    "notes": (make_note, "Editorial note: {}"),
}
"""Of each kind of part how to add one to a case, and what the page calls it, by its name."""


def make_case_with_warnings(count: int) -> Case:
    """Return a case whose form is small: it has some warnings, and nothing else."""
    case = make_case()
    for _ in range(count):
        make_warning(case, channel="private")
    return case


def counts_of_parts(case: Case) -> dict[str, int]:
    return {related: getattr(case, related).count() for related in ADDED}


# Values of a part


def test_values_that_only_another_changed_are_taken_over(anna: Client) -> None:
    case = make_case()
    first, second, ally = (make_actor(name=name) for name in ("First", "Second", "An ally"))
    warning = make_warning(case, intermediaries=[first, second])
    old = warning.recipients.get()
    mine = opened(anna, case)
    case.warnings.update(conduit="diplomatic")
    warning.recipients.add(ally)
    warning.set_intermediaries([second, first])

    page = send(anna, case, mine | {"title": "New title"})

    told = told_on(page)
    assert "Conduit Was Not stated Now Diplomatic" in told
    assert f"Recipients Was {old} Now {old}, An ally" in told
    assert "Intermediaries Was First, Second Now Second, First" in told
    assert "Yours" not in told
    assert is_saved(send(anna, case, form_on(page)))
    warning = case.warnings.get()
    assert warning.conduit == "diplomatic"
    assert set(warning.recipients.all()) == {old, ally}
    assert warning.passed_on_by == [second, first]
    assert Case.objects.get().title == "New title"


def test_values_that_both_changed_are_kept_as_typed_beside_the_stored_ones(
    anna: Client, bert: Client
) -> None:
    case, first, second = make_case_with_warnings(1), make_actor(name="1st"), make_actor(name="2nd")
    form = opened(anna, case)
    theirs = {"warnings-0-channel": "public", "warnings-0-conduit": "diplomatic"}
    theirs_too = {"warnings-0-intermediaries": [first.pk]}
    assert is_saved(send(bert, case, form | theirs | theirs_too))
    mine = {"warnings-0-channel": "not_stated", "warnings-0-intermediaries": [second.pk, first.pk]}

    page = send(anna, case, form | mine)

    told = told_on(page)
    lines = "Warning 1 Intermediaries you both changed it Was nothing Now 1st Yours 2nd, 1st"
    assert lines in told
    assert "Channel you both changed it Was Private Now Public Yours Not stated" in told
    assert "Conduit Was Not stated Now Diplomatic" in told
    typed = form_on(page)
    assert typed["warnings-0-channel"] == "not_stated"
    assert typed["warnings-0-conduit"] == "diplomatic"
    assert is_saved(send(anna, case, typed))
    assert case.warnings.get().passed_on_by == [second, first]


def test_claim_pointed_elsewhere_by_another_is_told_in_words(anna: Client) -> None:
    case = make_case_with_warnings(1)
    incident = make_incident(case)
    __, claim = (make_claim(case, "warning-1.channel") for _ in range(2))
    mine = opened(anna, case)
    case.claims.filter(pk=claim.pk).update(warning=None, incident=incident, field="kind")
    page = send(anna, case, mine | {"claims-1-gist": "Mine."})
    told = told_on(page)
    assert "About Was Warning 1, channel: Private Now Incident 1, kind: Attack" in told
    assert is_saved(send(anna, case, form_on(page)))
    claim.refresh_from_db()
    assert (claim.path_of_value, claim.gist) == ("incident-1.kind", "Mine.")


def test_values_of_a_page_that_does_not_say_its_state_are_told_and_kept(anna: Client) -> None:
    case = make_case_with_warnings(1)
    mine = opened(anna, case) | {"title": "New title", "warnings-0-channel": "public"}
    del mine["_state"]
    page = send(anna, case, mine)
    told = told_on(page)
    assert "we cannot tell which version of the record you were editing" in told
    assert f"Title differs Now {case.title} Yours New title" in told
    assert "Channel differs Now Private Yours Public" in told
    assert "Conduit" not in told, "it is as stored"
    assert case.warnings.get().channel == "private"
    assert is_saved(send(anna, case, form_on(page)))
    assert Case.objects.get().title == "New title"
    assert case.warnings.get().channel == "public"


def test_save_after_one_that_changed_nothing_is_no_conflict(anna: Client, bert: Client) -> None:
    case = make_full_case()
    Case.objects.filter(pk=case.pk).update(summary="Two\nlines.")
    # As a browser sends them.
    form = opened(anna, case) | {"summary": "Two\r\nlines."}
    assert is_saved(send(bert, case, form))
    assert is_saved(send(anna, case, form | {"title": "New title"}))


def test_renamed_actor_is_no_conflict_for_a_case_that_names_it(anna: Client, bert: Client) -> None:
    case = make_case_with_warnings(1)
    issuer = case.warnings.get().issuer
    mine = opened(anna, case)
    assert issuer is not None
    assert is_saved(send(bert, issuer, opened(bert, issuer) | {"name": "New name"}))
    assert is_saved(send(anna, case, mine | {"title": "New title"}))


# Parts that are added and removed


def test_parts_of_each_kind_that_another_added_are_told_and_kept(anna: Client) -> None:
    case = make_full_case()
    mine = opened(anna, case) | {"title": "New title"}
    parts = {related: make(case) for related, (make, __) in ADDED.items()}
    counts = counts_of_parts(case)

    page = send(anna, case, mine)

    told = told_on(page)
    for related, (__, title) in ADDED.items():
        assert title.format(parts[related]) in told
    assert is_saved(send(anna, case, form_on(page)))
    assert counts_of_parts(case) == counts
    for related, part in parts.items():
        assert getattr(case, related).filter(pk=part.pk).exists(), related
    assert Case.objects.get().title == "New title"


def test_many_claims_that_another_added_are_counted_and_folded(anna: Client) -> None:
    case = make_case_with_warnings(1)
    mine = opened(anna, case) | {"title": "Mine"}
    theirs = opened(anna, case) | {"title": "Theirs"}
    for number in range(4):
        values = {"about": "warning-1.channel", "modality": "stated", "source": make_source().pk}
        add_row(theirs, "claims", **values, locator=f"¶{number}", gist="They said so.")
    assert is_saved(send(anna, case, theirs))

    page = send(anna, case, mine)

    assert "Added 4 claims." in told_on(page)
    shown, _, folded = page.text.partition('<details class="conflict-taken-over">')
    folded = text_of(folded.partition("</details>")[0])
    assert folded.startswith("4 claims were added and are in this form")
    assert folded.count("They said so.") == 4
    assert text_of(shown).endswith(f"Was {case.title} Now Theirs Yours Mine")
    assert is_saved(send(anna, case, form_on(page)))
    assert case.claims.count() == 4


def test_parts_of_each_kind_that_another_removed_stay_removed(anna: Client) -> None:
    case = make_full_case()
    parts = {related: make(case) for related, (make, __) in ADDED.items()}
    titles = [title.format(parts[related]) for related, (__, title) in ADDED.items()]
    mine = opened(anna, case) | {"title": "New title"}
    counts = counts_of_parts(case)
    for part in parts.values():
        part.delete()

    page = send(anna, case, mine)

    told = told_on(page)
    for title in titles:
        assert f"{title} was removed and is not in this form" in told
    assert is_saved(send(anna, case, form_on(page)))
    assert counts_of_parts(case) == {related: count - 1 for related, count in counts.items()}
    assert Case.objects.get().title == "New title"


def test_part_that_another_removed_and_this_editor_changed_is_kept_as_new_with_its_claim(
    anna: Client,
) -> None:
    case, source = make_case_with_warnings(2), make_source()
    mine = opened(anna, case) | {"warnings-1-content": "They would come by night."}
    row = {"source": source.pk, "locator": "¶1", "modality": "stated", "gist": "So."}
    add_row(mine, "claims", about="warning-2.content", **row)
    case.warnings.get(sequence=2).delete()
    page = send(anna, case, mine)
    assert "Warning 2 removed You were working on it" in told_on(page)
    typed = form_on(page)
    assert typed["warnings-1-content"] == "They would come by night."
    assert is_saved(send(anna, case, typed))
    assert case.warnings.get(sequence=2).content == "They would come by night."
    assert source.claims.get().warning == case.warnings.get(sequence=2)


def test_part_that_both_removed_is_removed(anna: Client) -> None:
    case = make_case_with_warnings(2)
    mine = opened(anna, case) | {"warnings-1-content": "By night.", "warnings-1-DELETE": "on"}
    case.warnings.get(sequence=2).delete()
    page = send(anna, case, mine)
    assert is_saved(send(anna, case, form_on(page)))
    assert case.warnings.count() == 1


def test_part_that_one_changed_and_the_other_removes_asks_first(anna: Client) -> None:
    case = make_case_with_warnings(1)
    mine = opened(anna, case)
    case.warnings.update(channel="public")
    page = send(anna, case, mine | {"warnings-0-DELETE": "on"})
    assert "Channel Was Private Now Public" in told_on(page)
    assert case.warnings.exists()
    assert 'name="warnings-0-DELETE" id="id_warnings-0-DELETE" checked' in page.text


def test_parts_that_both_added_are_both_kept(anna: Client, bert: Client) -> None:
    case, source = make_case(), make_source()
    form = opened(anna, case)
    row = {"about": "kind", "source": source.pk, "locator": "¶1", "modality": "stated"}
    theirs, mine = {**form}, {**form}
    add_row(theirs, "claims", **row, gist="Bert’s.")
    add_row(mine, "claims", **row, gist="Anna’s.")
    assert is_saved(send(bert, case, theirs))
    page = send(anna, case, mine)
    assert "Bert’s." in told_on(page)
    assert is_saved(send(anna, case, form_on(page)))
    assert sorted(case.claims.values_list("gist", flat=True)) == ["Anna’s.", "Bert’s."]


def test_claim_about_a_new_row_follows_it_past_what_another_added(anna: Client) -> None:
    case, source = make_case_with_warnings(1), make_source()
    mine = opened(anna, case)
    parties = {"issuer": make_actor().pk, "recipients": [make_actor().pk]}
    add_row(mine, "warnings", **parties, content="Anna’s warning.")
    row = {"source": source.pk, "locator": "¶1", "modality": "stated", "gist": "So."}
    add_row(mine, "claims", about="warnings-1.content", **row)
    make_warning(case, content="Bert’s warning.")
    make_claim(case, "warning-2.content")
    typed = form_on(send(anna, case, mine))
    assert typed["claims-1-about"] == "warnings-2.content"
    assert (typed["warnings-1-content"], typed["warnings-2-content"]) == (
        "Bert’s warning.",
        "Anna’s warning.",
    )
    assert is_saved(send(anna, case, typed))
    assert source.claims.get().warning.content == "Anna’s warning."


# Rows that no browser sends


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("warnings-TOTAL_FORMS", ["abc", "-1", "9" * 40, "٣", ""]),
        ("warnings-0-id", ["abc", "9" * 40, "0", "\0"]),
    ],
)
def test_conflict_with_broken_rows_is_answered_with_a_page(
    anna: Client, subtests: pytest.Subtests, name: str, values: list[str]
) -> None:
    case = make_case_with_warnings(1)
    mine = opened(anna, case)
    assert name in mine
    Case.objects.filter(pk=case.pk).update(summary="New.")
    for value in values:
        with subtests.test(value=value):
            assert "Not saved" in told_on(send(anna, case, mine | {name: value}))
            assert case.warnings.count() == 1


# A case that is gone


def test_case_deleted_meanwhile_stands_in_the_form_of_a_new_one(anna: Client, bert: Client) -> None:
    case = make_full_case()
    mine = opened(anna, case) | {"summary": "What Anna wrote.", "claims-0-gist": "Anna’s gist."}
    paths = {claim.path_of_value for claim in case.claims.all()}
    confirm = form_on(bert.get(page_of(case, "delete")), "delete_form")
    bert.post(page_of(case, "delete"), confirm)
    assert not Case.objects.exists()

    page = send(anna, case, mine)
    assert f"Bert Cole deleted “{case}” on" in told_on(page)
    typed = form_on(page)
    assert typed["claims-0-gist"] == "Anna’s gist."
    assert typed["summary"] == "What Anna wrote."
    assert typed["warnings-0-channel"] == "private"
    assert f'action="{reverse("admin:cases_case_add")}"' in page.text

    # The list follows, which takes a fraction of the time of the form.
    done = anna.post(reverse("admin:cases_case_add"), typed | {"_save": "1"}, follow=True)
    assert "was added successfully" in messages_on(done)
    added = Case.objects.get()
    assert added.summary == "What Anna wrote."
    assert added.number != case.number
    assert added.warnings.get().channel == "private"
    assert {claim.path_of_value for claim in added.claims.all()} == paths
    assert added.notes.get().field == "warning-1.date"
