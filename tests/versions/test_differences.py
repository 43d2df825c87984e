"""What changed between two versions, in the words that a reader of the page knows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cases.models import Actor, Case, Claim, Note
from cases.versions.differences import Difference
from tests.support.factories import (
    detail,
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_incident,
    make_involvement,
    make_note,
    make_warning,
)
from tests.support.records import Json, case_record, differences_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    case = make_case(title="A case", summary="One thing happened, and nobody was told of it.")
    make_warning(case, date="2024-03-07", issuer=make_actor(name="An embassy"))
    make_incident(case, date="2024-03-22", deaths=130, qualifier="more_than")
    return case


def changed(case: Case, change: Callable[[], object]) -> list[tuple[str, Difference]]:
    """Return what differs after a change, with the title of its part."""
    before = case_record(detail(case))
    change()
    return told(before, case_record(detail(case)))


def told(before: Json, after: Json) -> list[tuple[str, Difference]]:
    return [
        (part.title, difference)
        for part in differences_of(before, after)
        for difference in part.differences
    ]


def test_differences_of_a_record_and_itself_are_none(case: Case) -> None:
    assert changed(case, lambda: None) == []


def test_differences_word_a_corrected_date_with_what_was_printed(case: Case) -> None:
    found = changed(case, lambda: case.warnings.update(date_edtf="2024-03-08", date_words="Friday"))
    assert ("Warning 1", "Date", "changed") in [
        (part, difference.label, difference.kind) for part, difference in found
    ]
    date = next(difference for _, difference in found if difference.label == "Date")
    assert date.before.startswith("7 March 2024 (")
    assert date.after.startswith(
        "8 March 2024 (printed as “Friday”, coded 2024-03-08, basis: Stated"
    )


def test_differences_word_a_figure_with_its_qualifier(case: Case) -> None:
    found = changed(case, lambda: case.incidents.update(deaths=144, deaths_qualifier="at_least"))
    assert [(part, entry.label, entry.before, entry.after) for part, entry in found] == [
        ("Incident 1", "Deaths", "over 130", "at least 144")
    ]


def test_differences_tell_a_missing_value_from_none(case: Case) -> None:
    (found,) = changed(case, lambda: case.warnings.update(reception="dismissed"))
    assert (found[1].kind, found[1].before, found[1].after) == (
        "changed",
        "Not stated in the sources",
        "Dismissed",
    )


def test_differences_mark_the_words_of_a_long_text(case: Case) -> None:
    ((_, summary),) = changed(
        case,
        lambda: Case.objects.filter(pk=case.pk).update(
            summary="One bad thing happened, and nobody was told."
        ),
    )
    assert summary.is_long
    assert "".join(piece.text for piece in summary.pieces if piece.kind != "added") == (
        "One thing happened, and nobody was told of it."
    )
    assert "".join(piece.text for piece in summary.pieces if piece.kind != "removed") == (
        "One bad thing happened, and nobody was told."
    )
    assert next(piece.text for piece in summary.pieces if piece.kind == "added") == "bad "


def test_differences_of_texts_with_little_in_common_stand_apart(case: Case) -> None:
    ((_, title),) = changed(
        case, lambda: Case.objects.filter(pk=case.pk).update(title="Something else")
    )
    assert not title.is_long
    assert (title.label, title.before, title.after) == ("Title", "A case", "Something else")


def test_differences_name_what_was_added_without_what_it_leaves_open(case: Case) -> None:
    found = changed(
        case, lambda: make_warning(case, issuer=make_actor(name="A spy"), channel="private")
    )
    assert {(part, entry.kind) for part, entry in found} == {("Warning 2", "added")}
    texts = [entry.after for _, entry in found]
    assert "A spy" in texts
    assert "Private" in texts
    assert "Not stated in the sources" not in texts


def test_differences_name_what_was_taken_out(case: Case) -> None:
    claim = make_claim(case, "warning-1.issuer", quote="we warned", locator="¶2")
    ((part, entry),) = changed(case, claim.delete)
    assert (part, entry.kind, entry.after) == ("Claims", "removed", "")
    assert entry.label == "Claim 1 about Warning 1, issuer"
    assert "Stated, asserts: the source in its own voice" in entry.before
    assert "¶2. “we warned”" in entry.before


def test_differences_follow_claims_roles_exceptions_and_notes(case: Case) -> None:
    make_claim(case, "incident-1", speaker=make_actor(name="A speaker"))
    found = changed(
        case,
        lambda: (
            Claim.objects.update(modality="alleged"),
            make_involvement(case, role="claimant", actor=make_actor(name="Some")),
            make_assessment(case),
            make_note(case, field="incident-1.deaths", evidence_says="There were 145."),
        ),
    )
    parts = dict(found)
    claims = {entry.label: entry.after for part, entry in found if part == "Claims"}
    assert "Alleged" in next(after for label, after in claims.items() if "Incident 1" in label)
    assert parts["Roles"].after == "Some"
    assert parts["Exceptions"].kind == "added"
    assert "There were 145." in parts["Editorial notes"].after
    assert parts["Editorial notes"].label.endswith("on Incident 1, deaths")


def test_differences_give_to_a_speaker_only_words_that_are_quoted(case: Case) -> None:
    by_speaker = {"speaker": make_actor(name="A speaker"), "quote": "we warned"}
    make_claim(case, "warning-1.issuer", modality="quoted", **by_speaker)
    said = {
        modality: changed(case, lambda: Claim.objects.update(modality=modality))[0][1].after  # noqa: B023  # called at once
        for modality in ("attributed", "inferred")
    }
    assert "A speaker, in" in said["attributed"]
    assert "¶1. In the words of the source: “we warned”" in said["attributed"]
    assert "the editors, from what A speaker said, in" in said["inferred"]
    quoted = changed(case, lambda: Claim.objects.update(modality="quoted"))[0][1].after
    assert "¶1. “we warned”" in quoted


def test_differences_follow_the_name_of_an_actor(case: Case) -> None:
    found = changed(case, lambda: Actor.objects.update(name="The embassy"))
    assert ("An embassy", "The embassy") in [(entry.before, entry.after) for _, entry in found]


def test_differences_keep_the_order_of_the_page(case: Case) -> None:
    Note.objects.all().delete()
    found = changed(
        case,
        lambda: (
            make_note(case),
            case.incidents.update(deaths=1, deaths_qualifier="exact"),
            case.warnings.update(channel="public"),
            Case.objects.filter(pk=case.pk).update(title="Another case"),
        ),
    )
    assert [part for part, _ in found] == ["The case", "Warning 1", "Incident 1", "Editorial notes"]


def test_differences_name_the_value_of_a_note_as_before_when_its_part_is_gone(case: Case) -> None:
    make_note(case, field="incident-1.deaths")
    found = changed(
        case, lambda: (case.incidents.all().delete(), Note.objects.update(evidence_says="Else."))
    )
    (note,) = (difference for part, difference in found if part == "Editorial notes")
    assert note.label == "Completion on Incident 1, deaths"
    assert "Completion" not in note.before  # the label is the same in both versions
