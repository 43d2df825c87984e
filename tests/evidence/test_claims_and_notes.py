"""Claims and notes beside the values they are about: what supports, disputes or completes them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.core.exceptions import ValidationError

from cases.evidence.case_evidence import challenging_notes
from cases.models.vocabulary import Modality, NoteKind
from cases.record.classes import NoteRecord
from tests.support.coding_sheets import sheet_of, value_at
from tests.support.factories import (
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
    support,
)

pytestmark = pytest.mark.django_db


def test_value_without_a_claim_lacks_evidence_until_it_is_asserted() -> None:
    case = make_case()
    make_warning(case, channel="private")
    assert value_at(case, "warning-1.channel").lacks_evidence
    make_claim(case, "warning-1.channel", stance="disputes")
    make_claim(case, "warning-1.channel", stance="declines")
    value = value_at(case, "warning-1.channel")
    assert value.lacks_evidence
    assert not value.is_contested
    assert value.modality == ""
    make_claim(case, "warning-1.channel", stance="asserts")
    assert not value_at(case, "warning-1.channel").lacks_evidence


def test_claims_of_several_stances_are_parted_by_them_and_those_that_assert_come_first() -> None:
    case = make_case()
    make_warning(case, channel="private")
    stances = ["disputes", "asserts", "asserts", "declines"]
    first, second, third, fourth = (
        make_claim(case, "warning-1.channel", stance=stance).sequence for stance in stances
    )
    sides = value_at(case, "warning-1.channel").sides
    assert [(stance, [claim.sequence for claim in claims]) for stance, claims in sides] == [
        ("asserts", [second, third]),
        ("declines", [fourth]),
        ("disputes", [first]),
    ]
    make_claim(case, "warning-1.reception", stance="disputes")
    assert value_at(case, "warning-1.reception").sides == []


def test_absent_value_needs_no_evidence() -> None:
    case = make_case()
    make_warning(case)
    value = value_at(case, "warning-1.channel")
    assert value.is_absent
    assert not value.lacks_evidence


def test_claim_about_a_whole_part_supports_none_of_its_values() -> None:
    case = make_case()
    make_warning(case, channel="private")
    claim = make_claim(case, "warning-1")
    assert value_at(case, "warning-1.channel").lacks_evidence
    assert [each.sequence for each in sheet_of(case).warnings[0].claims] == [claim.sequence]


def test_claim_about_the_whole_case_stands_with_the_case() -> None:
    case = make_case()
    claim = make_claim(case, "")
    assert [each.sequence for each in sheet_of(case).about_case.claims] == [claim.sequence]
    assert claim.part == case
    assert claim.path_of_value == ""


def test_role_is_supported_by_a_claim_about_it() -> None:
    case = make_case()
    role = make_involvement(case, role="claimant")
    assert role.path == f"claimant-{role.actor.slug}"
    assert value_at(case, role.path).lacks_evidence
    make_claim(case, role.path)
    value = value_at(case, role.path)
    assert not value.lacks_evidence
    assert (value.label, value.text) == ("Claimed responsibility", role.actor.name)


@pytest.mark.parametrize(
    ("modalities", "firmest"),
    [
        (["inferred"], "inferred"),
        (["inferred", "alleged"], "alleged"),
        (["reported", "attributed", "unclear"], "attributed"),
        (["stated", "quoted"], "quoted"),
    ],
)
def test_firmness_is_that_of_the_firmest_asserting_claim(
    modalities: list[str], firmest: str
) -> None:
    case = make_case()
    for modality in modalities:
        make_claim(case, "kind", modality=modality)
    make_claim(case, "kind", modality="quoted", stance="disputes")
    assert value_at(case, "kind").modality == Modality(firmest)


def test_contested_value_is_asserted_by_one_and_disputed_by_another() -> None:
    case = make_case()
    make_claim(case, "kind")
    assert sheet_of(case).contested == []
    make_claim(case, "kind", stance="declines")
    assert sheet_of(case).contested == []
    make_claim(case, "kind", stance="disputes", speaker=make_actor())
    assert [value.path for value in sheet_of(case).contested] == ["kind"]


@pytest.mark.parametrize(
    ("disputed", "asserted", "elsewhere"),
    [
        ("warning-1", "warning-1.channel", "warning-2.channel"),
        ("incident-1", "incident-1.kind", "warning-1.channel"),
        ("", "kind", "warning-1.channel"),
    ],
)
def test_part_disputed_as_a_whole_is_contested_once_a_value_of_it_is_asserted(
    disputed: str, asserted: str, elsewhere: str
) -> None:
    case = make_case()
    make_warning(case, channel="private")
    make_warning(case, channel="private")
    make_incident(case)
    make_claim(case, disputed, stance="disputes")
    make_claim(case, asserted, stance="declines")
    make_claim(case, elsewhere)
    assert sheet_of(case).contested == []
    assert not sheet_of(case).evidence.is_contested
    make_claim(case, asserted)
    assert [part.path for part in sheet_of(case).contested] == [disputed]
    assert sheet_of(case).evidence.contested == {disputed}
    assert not value_at(case, asserted).is_contested


@pytest.mark.parametrize("about", ["exception", "role"])
def test_exception_and_role_are_contested_as_the_single_values_they_are(about: str) -> None:
    case = make_case()
    part = make_assessment(case) if about == "exception" else make_involvement(case)
    make_claim(case, "kind")
    make_claim(case, part.path, stance="disputes")
    assert sheet_of(case).contested == []
    make_claim(case, part.path)
    assert [value.path.partition(".")[0] for value in sheet_of(case).contested] == [part.path]


def test_several_speakers_are_told_from_one_repeated() -> None:
    case, source, speaker = make_case(), make_source(), make_actor()
    make_claim(case, "kind", source=source)
    make_claim(case, "kind", source=source)
    assert not value_at(case, "kind").has_several_speakers
    make_claim(case, "kind", source=source, speaker=speaker)
    assert value_at(case, "kind").has_several_speakers


def test_support_leaves_no_value_without_evidence() -> None:
    case = make_case()
    make_warning(case, channel="private", window_end="2024-03-09")
    make_incident(case, deaths=3, qualifier="exact")
    make_involvement(case)
    make_assessment(case)
    claims = support(case)
    assert not [value.path for value in sheet_of(case).values() if value.lacks_evidence]
    assert support(case) == []
    assert {claim.path_of_value for claim in claims} <= set(sheet_of(case).paths())


def test_claim_about_another_cases_part_supports_nothing_here() -> None:
    case, other = make_case(), make_case()
    make_warning(case, channel="private")
    stray = make_claim(case, "kind")
    stray.warning, stray.field = make_warning(other), "channel"
    stray.save()
    assert value_at(case, "warning-1.channel").lacks_evidence


# Notes


def slugs(notes: Iterable[NoteRecord]) -> list[str]:
    return [note.slug for note in notes]


def test_notes_stand_with_the_value_they_are_about() -> None:
    case = make_case()
    make_warning(case)
    about_value = make_note(case, field="warning-1.channel")
    about_part = make_note(case, field="warning-1")
    sheet = sheet_of(case)
    assert slugs(value_at(case, "warning-1.channel").notes) == [about_value.slug]
    assert slugs(sheet.warnings[0].notes) == [about_part.slug]


def test_note_never_changes_a_value() -> None:
    case = make_case()
    make_warning(case)
    before = value_at(case, "warning-1.channel").reading
    make_note(case, field="warning-1.channel", evidence_says="It was private.")
    assert value_at(case, "warning-1.channel").reading == before


def test_notes_that_challenge_a_value_stand_apart_from_those_that_complete_it() -> None:
    case = make_case()
    correction = make_note(case, field="kind", kind="correction")
    completion = make_note(case, field="kind", kind="completion")
    contradiction = make_note(case, kind="contradiction")
    assert slugs(challenging_notes(value_at(case, "kind").notes)) == [correction.slug]
    sheet = sheet_of(case)
    assert slugs(sheet.evidence.challenges) == [correction.slug, contradiction.slug]
    assert slugs(sheet.notes) == [correction.slug, contradiction.slug, completion.slug]


def test_notes_on_a_value_are_told_once_a_kind_whether_it_is_absent_or_not() -> None:
    case = make_case()
    make_warning(case, follow_up="inadequate")
    for kind in (
        *("contradiction", "contradiction", "correction"),
        *("completion", "later_value", "context"),
    ):
        make_note(case, field="warning-1.follow_up", kind=kind)
    make_note(case, field="warning-1.channel", kind="completion")
    said = ["Corrected by a note", "Contradicted by 2 notes", "Updated by a note", "More in a note"]
    effects = value_at(case, "warning-1.follow_up").note_effects
    assert [effect for _, effect in effects] == said
    assert effects[0][0] == NoteKind.CORRECTION
    assert value_at(case, "warning-1.channel").note_effects == [
        (NoteKind.COMPLETION, "More in a note")
    ]
    assert value_at(case, "warning-1.basis").note_effects == []


def test_quote_of_more_than_fifteen_words_is_refused() -> None:
    claim = make_claim(make_case(), quote="word " * 15)
    claim.full_clean()
    claim.quote = "word " * 16
    with pytest.raises(ValidationError, match="15 words at most"):
        claim.full_clean()
