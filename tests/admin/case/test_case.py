"""Coding a case on its admin page, from an empty form to a public version."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError
from django.test import Client

from cases.admin import CaseAdmin
from cases.models import Case, Involvement, Note, Warning
from tests.support.admin_forms import (
    Data,
    add_row,
    form_on,
    messages_on,
    page_of,
    send,
    send_and_stay,
)
from tests.support.factories import (
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_exception,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
    support,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.slow]

ADD = "/admin/cases/case/add/"


def changed(client: Client, case: Case, **values: Any) -> Data:
    """Return the form of a case as its page shows it, with some values typed over."""
    return form_on(client.get(page_of(case))) | values


def test_exception_of_a_directive_that_the_case_does_not_name_is_refused(editor: Client) -> None:
    case, exception = make_small_case(), make_exception()
    data = changed(editor, case)
    add_row(data, "assessments", exception=exception.pk, status="argued")
    page = send(editor, case, data)
    assert f"This is an exception of {exception.directive}" in messages_on(page)
    assert not case.assessments.exists()
    page = send_and_stay(editor, case, data | {"directives": [exception.directive_id]})
    assert "was changed successfully" in messages_on(page)
    assert case.directives.get() == exception.directive
    assert "Applicable directives" in page.text
    assert "(no claim yet)" in page.text


def make_small_case() -> Case:
    case = make_case()
    make_warning(case, date="2024-03-07")
    make_incident(case, deaths=130, qualifier="more_than")
    make_involvement(case)
    make_claim(case, "incident-1.deaths")
    return case


def test_case_with_parts_then_claims_by_editor_is_saved_and_submitted(editor: Client) -> None:
    issuer, recipient = make_actor(name="Iran"), make_actor(name="Russia")
    group = make_actor(kind="armed_group")
    exception, source = make_exception(), make_source()

    page = editor.get(ADD)
    data = form_on(page) | {
        "title": "Kerman",
        "slug": "kerman",
        "kind": "warning_given",
        "summary": "A warning before an attack.",
        "directives": [exception.directive_id],
    }
    data |= {"involvements-0-actor": group.pk, "involvements-0-role": "claimant"}
    data |= {
        "warnings-0-issuer": issuer.pk,
        "warnings-0-recipients": [recipient.pk],
        "warnings-0-date_words": "January",
        "warnings-0-date_edtf": "2024-01",
        "warnings-0-date_basis": "stated",
        "warnings-0-channel": "private",
    }
    data |= {"incidents-0-kind": "attack", "incidents-0-deaths": "84"}
    data |= {"incidents-0-deaths_qualifier": "at_least"}
    add_row(data, "assessments", exception=exception.pk, status="argued")
    page = editor.post(ADD, data | {"_continue": "1"}, follow=True)
    assert "was added successfully" in messages_on(page)

    case = Case.objects.get(slug="kerman")
    assert (case.status, case.created_by) == ("draft", case.updated_by)
    assert case.created_by is not None
    warning = case.warnings.get()
    assert (warning.path, str(warning.date), warning.content) == (
        "warning-1",
        "January 2024",
        "not_stated",
    )
    assert case.incidents.get().place == "not_stated"

    assert "Warning 1, channel: Private (no claim yet)" in page.text
    data = form_on(page)
    for about in ("warning-1.channel", "incident-1.deaths", "case", "kind"):
        add_row(
            data,
            "claims",
            about=about,
            source=source.pk,
            speaker=issuer.pk,
            locator="¶9",
            modality="quoted",
            quote="over there",
        )
    add_row(
        data,
        "claims",
        about=f"exception-{exception.slug}.status",
        source=source.pk,
        locator="¶10",
        modality="reported",
        gist="It applied.",
    )
    add_row(
        data,
        "claims",
        about=f"claimant-{group.slug}",
        source=source.pk,
        locator="¶11",
        modality="stated",
        gist="It said so.",
    )
    page = send_and_stay(editor, case, data)
    assert "was changed successfully" in messages_on(page)
    paths = [claim.path_of_value for claim in case.claims.order_by("sequence")]
    assert paths == [
        "warning-1.channel",
        "incident-1.deaths",
        "",
        "kind",
        f"exception-{exception.slug}.status",
        f"claimant-{group.slug}",
    ]
    assert "Warning 1, channel: Private (no claim yet)" not in page.text
    assert form_on(page)["claims-2-about"] == "case"

    page = editor.post(f"/admin/cases/case/{case.pk}/submit/", follow=True)
    assert "Submit it all the same if you need" in page.text
    page = editor.post(page.redirect_chain[-1][0], form_on(page, "reason_form"), follow=True)
    assert "was submitted for review" in messages_on(page)
    case.refresh_from_db()
    assert case.status == "in_review"


def test_country_that_the_green_plus_adds_begins_as_a_state(editor: Client) -> None:
    page = editor.get(ADD).text

    def kind_in_pop_up(field: str) -> Any:
        [address] = re.findall(rf'id="add_id_{field}"[^>]*href="([^"]*)"', page)
        return form_on(editor.get(unescape(address)), "actor_form")["kind"]

    assert kind_in_pop_up("incidents-0-country") == "state"
    assert kind_in_pop_up("warnings-0-issuer") == ""


def test_claim_pointed_at_another_value_moves_there(editor: Client) -> None:
    case = make_case(complete=True)
    claim = make_claim(case, "warning-1.channel")
    row = list(case.claims.order_by("sequence")).index(claim)
    data = changed(editor, case, **{f"claims-{row}-about": "incident-1.kind"})
    send(editor, case, data)
    claim.refresh_from_db()
    assert claim.path_of_value == "incident-1.kind"


def test_claim_about_value_of_another_case_is_refused(editor: Client) -> None:
    other = make_case()
    make_involvement(other, actor=make_actor(slug="somebody"))
    case = make_case(complete=True)
    data = changed(editor, case)
    add_row(data, "claims", about="speaker-somebody", source=make_source().pk, locator="¶1")
    assert "Select a valid choice" in messages_on(send(editor, case, data))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"warnings-0-date_edtf": "March 7"}, "is not a date expression"),
        ({"warnings-0-window_end": "2024-02-30"}, "There is no such day. Write a day as in"),
        ({"warnings-0-date_edtf": ""}, "Give both a date expression and the basis"),
        ({"warnings-0-window_end": "2024-03-01"}, "ends before the earliest day"),
        ({"warnings-0-recipients": ["abc"]}, "Select a valid choice"),
        ({"warnings-0-recipients": ["9" * 40]}, "Select a valid choice"),
        ({"warnings-0-issuer": "abc"}, "Select a valid choice"),
        ({"warnings-0-issuer": "9" * 40}, "Select a valid choice"),
        ({"incidents-0-deaths_qualifier": "not_stated"}, "Give a figure of deaths with its"),
        ({"incidents-0-deaths": "-1"}, "greater than or equal to 0"),
        ({"incidents-0-deaths": "9" * 5000}, "Enter a whole number"),
        ({"incidents-0-deaths": "9" * 30}, "less than or equal to 1000000"),
        ({"incidents-0-kind": "averted"}, "has no deaths"),
        ({"incidents-0-kind": "nonsense"}, "Select a valid choice"),
        ({"claims-0-locator": ""}, "This field is required"),
        ({"claims-0-gist": ""}, "Give the words of the source"),
        ({"claims-0-about": "case\0"}, "Select a valid choice"),
        ({"claims-0-about": ""}, "This field is required"),
        ({"claims-0-id": "abc"}, "Please correct the error"),
        ({"claims-TOTAL_FORMS": "abc"}, "ManagementForm data is missing"),
        ({"slug": "not a slug"}, "valid “slug”"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"involvements-0-actor": ""}, "This field is required"),
    ],
)
def test_case_with_bad_value_is_answered_with_a_sentence(
    editor: Client, values: Data, sentence: str
) -> None:
    case = make_small_case()
    page = send(editor, case, changed(editor, case, **values))
    assert sentence in messages_on(page)


@pytest.mark.parametrize(
    ("values", "sentence", "place"),
    [
        ({"warnings-0-date_edtf": ""}, "Give both a date", "warnings-0-date_edtf"),
        ({"warnings-0-date_basis": "not_stated"}, "Give both a date", "warnings-0-date_basis"),
        ({"warnings-0-window_end": "2024-03-01"}, "before the earliest", "warnings-0-window_end"),
        ({"incidents-0-deaths": ""}, "Give a figure of deaths", "incidents-0-deaths"),
        ({"incidents-0-kind": "averted"}, "has no deaths", "incidents-0-deaths"),
        ({"claims-0-gist": ""}, "Give the words of the source", "claims-0-quote"),
    ],
)
def test_error_of_a_rule_about_several_fields_is_beside_the_one_to_change(
    editor: Client, values: Data, sentence: str, place: str
) -> None:
    case = make_small_case()
    page = send(editor, case, changed(editor, case, **values))
    beside = page.text.partition(f'<ul class="errorlist" id="id_{place}_error">')[2]
    assert sentence in beside.partition("</ul>")[0]
    assert "nonfield" not in page.text


def test_case_sent_in_ten_megabytes_is_refused(editor: Client) -> None:
    case = make_case()
    data = changed(editor, case, summary="x" * 10_000_000)
    assert editor.post(page_of(case), data).status_code == 400


def test_case_with_very_many_claims_is_saved(editor: Client) -> None:
    case = make_case()
    source = make_source()
    data = changed(editor, case)
    for number in range(90):  # some 1,100 controls, more than Django takes unless told
        row = {"about": "kind", "source": source.pk, "locator": f"¶{number}", "gist": "So."}
        add_row(data, "claims", **row, modality="stated")
    assert editor.post(page_of(case), data).status_code == 302
    assert case.claims.count() == 90


@pytest.mark.parametrize("total", ["1500", "9" * 40])
@pytest.mark.parametrize("part", ["warnings", "claims", "involvements"])
def test_no_more_rows_are_made_than_were_sent(editor: Client, part: str, total: str) -> None:
    case = make_small_case()
    page = send(editor, case, changed(editor, case, title="", **{f"{part}-TOTAL_FORMS": total}))
    assert "This field is required" in messages_on(page)
    formset = next(
        inline.formset
        for inline in page.context["inline_admin_formsets"]
        if inline.formset.prefix == part
    )
    assert len(formset.forms) == 1


def test_issuer_among_recipients_is_refused_in_the_form(editor: Client) -> None:
    case = make_case(complete=True)
    warning = case.warnings.get()
    recipients = [warning.recipients.get().pk, warning.issuer_id]
    page = send(editor, case, changed(editor, case, **{"warnings-0-recipients": recipients}))
    assert "The issuer of a warning is not among its recipients" in messages_on(page)
    assert warning.recipients.count() == 1


def test_issuer_and_recipient_exchanged_is_saved(editor: Client) -> None:
    case = make_case()
    first, second = make_actor(), make_actor()
    warning = make_warning(case, issuer=first, recipients=[second])
    values = {"warnings-0-issuer": second.pk, "warnings-0-recipients": [first.pk]}
    send(editor, case, changed(editor, case, **values))
    warning = Warning.objects.get(pk=warning.pk)
    assert (warning.issuer, warning.recipients.get()) == (second, first)


def test_same_role_twice_is_refused(editor: Client) -> None:
    case = make_case()
    part = make_involvement(case)
    data = changed(editor, case)
    add_row(data, "involvements", actor=part.actor_id, role=part.role)
    assert "must be unique" in messages_on(send(editor, case, data))
    assert Involvement.objects.count() == 1


@pytest.mark.parametrize("kind", ["none_reported", "averted"])
def test_figures_of_an_incident_that_did_not_happen_do_not_apply(editor: Client, kind: str) -> None:
    case = make_case()
    make_incident(case)
    page = send(editor, case, changed(editor, case, **{"incidents-0-kind": kind}))
    assert "was changed successfully" in messages_on(page)
    incident = case.incidents.get()
    assert (incident.deaths_qualifier, incident.injured_qualifier) == ("not_applicable",) * 2


def test_log_of_a_change_names_what_was_changed_and_not_the_note_on_it(editor: Client) -> None:
    case = make_case(published=True)
    send(editor, case, changed(editor, case, summary="Other words.", change_note="Clearer."))
    (entry,) = LogEntry.objects.all()
    assert entry.get_change_message() == "Changed Summary."


def deleted_with(data: Data, part: str, *claims: int) -> Data:
    """Return a form in which the box *Delete* of a part and of some claims is ticked."""
    rows = [part, *(f"claims-{row}" for row in claims)]
    return data | {f"{row}-DELETE": "on" for row in rows}


def about(case: Case, part: str) -> list[int]:
    """Return the rows of the claims that are about a part or its values."""
    paths = [claim.path_of_value for claim in case.claims.all()]
    return [row for row, path in enumerate(paths) if path.partition(".")[0] == part]


def test_part_with_claims_that_stay_is_refused_with_a_sentence_at_each(editor: Client) -> None:
    case = make_case(complete=True)
    left = about(case, "warning-1")
    page = send(editor, case, deleted_with(changed(editor, case), "warnings-0", left[0]))
    sentence = f"Warning 1 still has {len(left) - 1} claims. Delete them too, or give them to"
    assert messages_on(page).count(sentence) == len(left) - 1
    assert "protected related objects" not in page.text
    assert f'id="id_claims-{left[1]}-about_error"' in page.text
    assert f'id="id_claims-{left[0]}-about_error"' not in page.text
    assert case.warnings.exists()
    assert len(about(case, "warning-1")) == len(left)


@pytest.mark.parametrize("related", ["warnings", "incidents", "involvements", "assessments"])
def test_part_is_deleted_with_its_claims_in_one_save(editor: Client, related: str) -> None:
    case = make_case(complete=True)
    make_assessment(case)
    support(case)
    part = getattr(case, related).first()
    data = deleted_with(changed(editor, case), f"{related}-0", *about(case, part.path))
    page = send(editor, case, data)
    assert "was changed successfully" in messages_on(page)
    assert not getattr(case, related).filter(pk=part.pk).exists()
    assert not about(case, part.path)
    assert case.claims.exists()


def test_part_is_deleted_while_its_claim_is_given_to_another_value(editor: Client) -> None:
    case = make_case(complete=True)
    first, *others = about(case, "incident-1")
    data = deleted_with(changed(editor, case), "incidents-0", *others)
    page = send(editor, case, data | {f"claims-{first}-about": "warning-1.channel"})
    assert "was changed successfully" in messages_on(page)
    assert not case.incidents.exists()
    assert case.claims.filter(field="channel").count() == 2


def test_claim_about_a_part_deleted_at_once_is_refused(editor: Client) -> None:
    case = make_case()
    make_warning(case)
    data = changed(editor, case, **{"warnings-0-DELETE": "on"})
    add_row(
        data,
        "claims",
        about="warning-1.issuer",
        source=make_source().pk,
        locator="¶1",
        modality="stated",
        gist="So.",
    )
    page = send(editor, case, data)
    assert "Warning 1 still has 1 claim. Delete it too" in messages_on(page)
    assert "successfully" not in messages_on(page)
    assert (case.warnings.count(), case.claims.count()) == (1, 0)


def test_save_that_the_database_refuses_in_the_end_is_answered_with_a_sentence(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case()
    answer = CaseAdmin.response_change

    def refuse(*arguments: Any) -> None:
        answer(*arguments)
        raise IntegrityError

    data = changed(editor, case, title="New title")
    monkeypatch.setattr(CaseAdmin, "response_change", refuse)
    page = send(editor, case, data)
    assert "somebody else changed the same records" in messages_on(page)
    assert "successfully" not in messages_on(page)
    assert 'value="New title"' in page.text
    assert not Case.objects.filter(title="New title").exists()


def test_slug_that_another_case_had_is_refused(editor: Client) -> None:
    former = make_case(slug="taken")
    former = Case.objects.get(pk=former.pk)
    former.slug = "moved"
    former.save()
    case = make_case()
    page = send(editor, case, changed(editor, case, slug="taken"))
    assert "slug of another record" in messages_on(page)


def test_notes_on_a_value_are_signed_and_named(editor: Client) -> None:
    case = make_case(complete=True, slug="moscow")
    data = changed(editor, case)
    for text in ("One.", "Two."):
        add_row(
            data,
            "notes",
            field="warning-1.date",
            kind="context",
            source=make_source().pk,
            source_says=text,
            evidence=make_source().pk,
            evidence_says=text,
        )
    send(editor, case, data)
    notes = Note.objects.order_by("slug")
    assert [note.slug for note in notes] == ["moscow-warning-1-date", "moscow-warning-1-date-2"]
    assert all(note.author is not None for note in notes)


def test_note_on_a_value_that_the_case_lost_keeps_it(editor: Client) -> None:
    case = make_case()
    note = make_note(case, field="warning-9.date")
    page = send_and_stay(editor, case, changed(editor, case, title="New title"))
    assert "Warning 9, date (no longer a value of this case)" in page.text
    note.refresh_from_db()
    assert note.field == "warning-9.date"


def test_case_page_of_many_parts_takes_as_many_queries_as_of_few(
    editor: Client, django_assert_num_queries: Any
) -> None:
    few, many = make_case(complete=True), make_case(complete=True)
    for case, rows in ((few, 1), (many, 4)):
        for __ in range(rows):
            make_assessment(case)
            make_note(case)
            make_warning(
                case,
                intermediaries=[make_actor(), make_actor()],
                recipients=[make_actor(), make_actor()],
            )
            make_claim(case, "kind", speaker=make_actor())
            make_claim(case, "warning-1.channel", speaker=make_actor())
    ContentType.objects.get_for_models(Case, Note)  # which the process remembers
    # 2 session and user, 2 permissions, 1 case; 9 for the values that claims and notes choose from;
    # 8 inlines, intermediaries and recipients, with 2 for the choice of exceptions; the steps of
    # its review; its comments; 10 for the state that the page carries: the log's last entry, the
    # case, 6 parts, intermediaries, recipients; 2 for how far its buttons have seen; 4 for the
    # directives: for the values, the form, the state.
    for case in (few, many):
        with django_assert_num_queries(42):
            editor.get(page_of(case))
