"""Merging cases: whose values stand, where evidence goes, and what the public finds afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.merging import MergeRefusedError, merge, preview, undo
from cases.models import Actor, Case, Claim, Incident, Version, Warning
from cases.review.steps import publish, withdraw
from cases.versions.announcements import announcements, rows_since
from tests.exchange.test_bundle import bring_in, refusals
from tests.support.admin_forms import signed_in
from tests.support.bundles import bundle_of, export
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
    support,
)

from .test_merging import WHY, everything, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def parties() -> tuple[Actor, Actor]:
    return make_actor(name="United States"), make_actor(name="Iran")


def coded(parties: tuple[Actor, Actor], **values: Any) -> Case:
    """Return a case with a warning of 2 January and an attack on 3 January, all supported."""
    case = make_case()
    issuer, recipient = parties
    make_warning(case, issuer=issuer, recipients=[recipient], date="2024-01-02", **values)
    make_incident(case, date="2024-01-03", place="Kerman", deaths=90, qualifier="at_least")
    support(case)
    return case


def at(case: Case) -> set[tuple[str, str]]:
    """Return what the claims of a case are about, with their words."""
    return {(claim.path_of_value, claim.gist) for claim in Claim.objects.filter(case=case)}


def test_same_warning_and_incident_become_one_with_the_evidence_of_both(
    parties: tuple[Actor, Actor],
) -> None:
    kept, merged = coded(parties, channel="private"), coded(parties, channel="private")
    claims = Claim.objects.count()
    merge(kept, merged, None, WHY)
    assert (Warning.objects.count(), Incident.objects.count()) == (1, 1)
    assert Claim.objects.filter(case=kept).count() == claims
    channel = Claim.objects.filter(warning__case=kept, field="channel")
    assert channel.count() == 2  # two sources for one value


def test_other_warnings_and_incidents_follow_with_their_evidence_and_notes(
    parties: tuple[Actor, Actor],
) -> None:
    kept, merged = coded(parties), make_case()
    make_warning(merged, issuer=parties[0], recipients=[parties[1]], date="2024-05-05")
    make_incident(merged, date="2024-01-03", place="Moscow")
    claim = make_claim(merged, "warning-1.date")
    note = make_note(merged, field="warning-1.date")
    merge(kept, merged, None, WHY)
    for record in (claim, note):
        record.refresh_from_db()
        assert record.case == kept
    assert (claim.path_of_value, note.field) == ("warning-2.date", "warning-2.date")
    assert [part.sequence for part in kept.incidents.all()] == [1, 2]
    assert str(kept.incidents.get(sequence=2).date) == "3 January 2024"


def test_what_is_left_open_is_taken_over_with_its_evidence(parties: tuple[Actor, Actor]) -> None:
    kept, merged = coded(parties), coded(parties, reception="dismissed")
    Case.objects.filter(pk=merged.pk).update(records_status="released")
    make_claim(merged, "records_status")
    merge(kept, merged, None, WHY)
    kept.refresh_from_db()
    assert kept.warnings.get().reception == "dismissed"
    assert kept.records_status == "released"
    assert {"warning-1.reception", "records_status"} <= {path for path, _ in at(kept)}


def between(case: Case, *actors: Actor) -> None:
    """Code who passed the warning of a case on, with a claim."""
    case.warnings.get().set_intermediaries(actors)
    support(case)


def test_intermediaries_are_taken_over_with_their_evidence_and_given_back(
    parties: tuple[Actor, Actor],
) -> None:
    kept, merged = coded(parties), coded(parties)
    chain = [make_actor(), make_actor()]
    between(merged, *chain)
    made = merge(kept, merged, None, WHY)
    warning = kept.warnings.get()
    assert warning.passed_on_by == chain
    assert warning.claims.filter(field="intermediaries").count() == 1
    undo(made, None, "No.")
    assert (kept.warnings.get().passed_on_by, merged.warnings.get().passed_on_by) == ([], chain)


def test_intermediaries_in_another_order_are_given_up(parties: tuple[Actor, Actor]) -> None:
    kept, merged = coded(parties), coded(parties)
    first, second = make_actor(name="First"), make_actor(name="Second")
    between(kept, first, second)
    between(merged, second, first)
    shown = " ".join(preview(kept, merged).cautions)
    assert "“First, then Second” is kept, “Second, then First” is dropped" in shown
    made = merge(kept, merged, None, WHY)
    assert kept.warnings.get().passed_on_by == [first, second]
    undo(made, None, "No.")
    assert merged.warnings.get().passed_on_by == [second, first]


def test_value_that_is_coded_differently_stands_and_is_not_supported_by_the_other_evidence(
    parties: tuple[Actor, Actor],
) -> None:
    kept, merged = coded(parties, reception="accepted"), coded(parties, reception="dismissed")
    shown = " ".join(preview(kept, merged).cautions)
    assert "“Accepted” is kept, “Dismissed” is dropped" in shown
    merge(kept, merged, None, WHY)
    warning = kept.warnings.get()
    assert warning.reception == "accepted"
    assert warning.claims.filter(field="reception").count() == 1
    assert warning.claims.filter(field="", gist__contains="reception").count() == 1


def test_claim_that_both_have_is_kept_once(parties: tuple[Actor, Actor]) -> None:
    kept, merged = coded(parties), coded(parties)
    source = make_source()
    for case in (kept, merged):
        make_claim(case, "warning-1.date", source=source, gist="On 2 January.")
    before = everything()
    made = merge(kept, merged, None, WHY)
    assert Claim.objects.filter(case=kept, gist="On 2 January.").count() == 1
    undo(made, None, "No.")
    assert everything() == before


def test_roles_and_exceptions_that_both_have_are_kept_once(parties: tuple[Actor, Actor]) -> None:
    kept, merged, agency, exception = coded(parties), coded(parties), make_actor(), make_exception()
    for case, status in ((kept, "not_reported"), (merged, "argued")):
        make_involvement(case, role="speaker", actor=agency)
        make_claim(case, f"speaker-{agency.slug}")
        part = make_assessment(case, exception=exception, status=status)
        make_claim(case, f"{part.path}.status")
    make_involvement(merged, role="accused", actor=agency)
    merge(kept, merged, None, WHY)
    assert sorted(role.role for role in kept.involvements.all()) == ["accused", "speaker"]
    assert kept.involvements.get(role="speaker").claims.count() == 2
    assessment = kept.assessments.get()
    assert (assessment.status, assessment.claims.count()) == ("argued", 2)


def test_directives_of_both_apply_to_the_kept_case_with_their_evidence(
    parties: tuple[Actor, Actor],
) -> None:
    both, other = make_directive(), make_directive()
    kept, merged = coded(parties), coded(parties)
    kept.directives.set([both])
    merged.directives.set([both, other])
    for case in (kept, merged):
        make_claim(case, "directives", gist=case.slug)
    before = everything()
    made = merge(kept, merged, None, WHY)
    assert set(kept.directives.all()) == {both, other}
    assert not merged.directives.exists()
    assert Claim.objects.filter(case=kept, field="directives").count() == 2
    undo(made, None, "They are two.")
    assert everything() == before


def test_exception_assessed_differently_is_not_supported_by_the_other_evidence() -> None:
    kept, merged, exception = make_case(), make_case(), make_exception()
    for case, status in ((kept, "argued"), (merged, "withheld")):
        part = make_assessment(case, exception=exception, status=status)
        make_claim(case, f"{part.path}.status", gist=status)
    merge(kept, merged, None, WHY)
    assert kept.assessments.get().status == "argued"
    assert ("", "withheld") in at(kept)


def test_merge_undone_leaves_both_cases_as_they_were(
    parties: tuple[Actor, Actor], user: User
) -> None:
    kept, merged = coded(parties, reception="accepted"), coded(parties, follow_up="acted")
    make_warning(merged, date="2023")
    make_incident(merged, date="2020-01-01")
    make_involvement(merged)
    make_note(merged, field="warning-2.date")
    older = make_case(status="withdrawn", withdrawn_reason="Merged.", merged_into=merged)
    before = everything()
    made = merge(kept, merged, user, WHY)
    older.refresh_from_db()
    assert older.merged_into == kept
    kept.refresh_from_db()
    assert str(kept.date) == "1 January 2020"
    undo(made, user, "They are two.")
    assert everything() == before


@pytest.mark.usefixtures("team_of_one")
def test_numbers_and_addresses_of_the_merged_case_lead_to_the_kept_one(
    client: Client, parties: tuple[Actor, Actor], user: User
) -> None:
    kept, merged = coded(parties), coded(parties)
    for case in (kept, merged):
        publish(case, None)
    made = merge(kept, merged, user, WHY)
    for address in (merged.get_absolute_url(), merged.get_permanent_url()):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (302, kept.get_absolute_url())
    merged.refresh_from_db()
    assert merged.withdrawn_reason == f"Merged into {kept.number}: The same."
    assert Version.objects.filter(case=kept).latest("number").number == 2
    assert Version.objects.filter(case=merged).count() == 1
    assert list(Case.objects.published()) == [kept]
    undo(made, user, "They are two.")
    assert client.get(merged.get_absolute_url()).status_code == 200
    assert Version.objects.filter(case=merged).latest("number").number == 2
    assert Version.objects.filter(case=kept).latest("number").number == 3


def test_draft_merged_into_a_draft_does_not_show_the_public_that_it_was(client: Client) -> None:
    kept, merged = make_case(complete=True), make_case()
    merge(kept, merged, None, WHY)
    for address in (merged.get_absolute_url(), merged.get_permanent_url()):
        assert client.get(address).status_code == 404
    assert merged.number not in client.get("/changes/").text
    publish(kept, None)
    assert client.get(merged.get_permanent_url())["Location"] == kept.get_absolute_url()
    assert merged.number not in client.get("/changes/").text


def test_public_case_that_was_merged_is_announced(client: Client) -> None:
    kept, merged = make_case(published=True), make_case(published=True)
    merge(kept, merged, None, WHY)
    assert f"merged into {kept.number}" in client.get("/changes/").text


def test_public_case_whose_merge_is_undone_is_reinstated_as_it_was(
    client: Client, user: User
) -> None:
    kept, merged = make_case(published=True), make_case(published=True)
    made = merge(kept, merged, user, WHY)
    undo(made, user, "They are two.")
    version = Version.objects.filter(case=merged).latest("number")
    assert (version.number, version.is_reinstatement) == (2, True)
    assert version.record == Version.objects.get(case=merged, number=1).record
    assert version.withdrawn_reason == f"Merged into {kept.number}: The same."
    assert "They are two." in version.change_note
    kinds = [each.kind for each in announcements(rows_since()) if each.number == merged.number]
    assert kinds == ["reinstated", "withdrawn", "added"]
    for address in ("/changes/", f"{merged.get_absolute_url()}history/"):
        assert "They are two." in client.get(address).text
        assert f"Merged into {kept.number}: The same." in client.get(address).text


def test_draft_whose_merge_is_undone_gets_no_version() -> None:
    kept, merged = make_case(published=True), make_case()
    undo(merge(kept, merged, None, WHY), None, "They are two.")
    assert not Version.objects.filter(case=merged).exists()


@pytest.mark.slow
def test_bundle_of_a_casebook_with_merges_comes_back_the_same() -> None:
    def make() -> None:
        merge(make_case(published=True), make_case(published=True), None, WHY)
        merge(make_case(complete=True), make_case(), None, WHY)
        merge(make_actor(), make_actor(), None, WHY)

    data = bundle_of(make)
    assert refusals(bring_in(data)) == ""
    assert export() == data


def test_merged_case_keeps_its_versions_and_its_summary() -> None:
    kept, merged = make_case(published=True), make_case(published=True, summary="The other.")
    merge(kept, merged, None, WHY)
    merged.refresh_from_db()
    assert (merged.summary, merged.versions.count()) == ("The other.", 1)


# What is refused


def test_case_merged_into_itself_is_refused() -> None:
    """The trap in which the surviving record is among the merged, and goes by cascade."""
    case = make_case(published=True)
    assert "cannot be merged into itself" in refused(case, Case.objects.get(pk=case.pk))


def test_public_case_merged_into_a_draft_is_refused() -> None:
    assert "its address would lead nowhere" in refused(make_case(), make_case(published=True))


@pytest.mark.parametrize("is_turned", [False, True])
def test_withdrawn_case_is_not_merged(is_turned: bool) -> None:
    withdrawn, other = make_case(published=True), make_case(published=True)
    withdraw(withdrawn, None, "Wrong.")
    assert "is withdrawn" in refused(*((other, withdrawn) if is_turned else (withdrawn, other)))


def test_case_that_went_into_another_is_not_merged_again() -> None:
    first, second, third = (make_case() for _ in range(3))
    merge(first, second, None, WHY)
    second.refresh_from_db()
    assert f"Merged into {first.number}" in refused(third, second)


def test_merge_that_leaves_a_public_case_without_support_is_refused() -> None:
    kept, merged = make_case(published=True), make_case()
    make_warning(merged, date="2020", channel="public")
    sentence = refused(kept, merged)
    assert f"{kept.number} could not stay public" in sentence
    assert "Warning 2, channel: " in sentence


def test_public_failure_to_warn_merged_with_a_warning_is_refused() -> None:
    kept = make_case(kind="alleged_failure_to_warn")
    for role in ("accused", "intended_victim"):
        make_involvement(kept, role=role)
    support(kept)
    publish(kept, None)
    merged = make_case(complete=True)
    assert "has no warnings" in refused(kept, merged)
    assert "of different kinds" in " ".join(
        preview(merged, make_case(kind="policy_origin")).cautions
    )


def test_undoing_after_a_claim_was_given_another_part_is_refused(
    parties: tuple[Actor, Actor],
) -> None:
    kept, merged = coded(parties), coded(parties)
    made = merge(kept, merged, None, WHY)
    claim = Claim.objects.filter(case=kept).latest("sequence")
    Claim.objects.filter(pk=claim.pk).update(warning=None, incident=None, field="kind")
    with pytest.raises(MergeRefusedError, match="was changed since: Claims"):
        undo(made, None, "No.")


def test_undoing_that_leaves_a_public_case_without_support_is_refused(
    parties: tuple[Actor, Actor],
) -> None:
    kept, merged = coded(parties), coded(parties)
    for case in (kept, merged):
        publish(case, None)
    own = kept.claims.get(field="date", warning__isnull=False)
    made = merge(kept, merged, None, WHY)
    own.delete()  # the date still has the other evidence
    before = everything()
    with pytest.raises(MergeRefusedError, match="could not stay public: Warning 1"):
        undo(made, None, "No.")
    assert everything() == before


def test_withdrawn_merged_case_shows_its_editors_what_became_of_it() -> None:
    kept, merged = make_case(), make_case()
    merge(kept, merged, None, WHY)
    page = signed_in("Editors").get(f"/admin/cases/case/{merged.pk}/change/")
    assert page.status_code == 200
    assert f"Merged into {kept.number}: The same." in page.text
    assert "Merge …" not in page.text
