"""Merging actors and sources, and undoing it: everything moves, and nothing is lost on the way."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import models
from django.test import Client

from cases.merging import MergeRefusedError, merge, preview, relations, undo
from cases.merging.relations import RELATIONS
from cases.models import (
    Actor,
    Case,
    Claim,
    FormerSlug,
    Incident,
    Intermediary,
    Involvement,
    Merge,
    Note,
    Source,
    Version,
    Warning,
)
from cases.models.relations import referring
from cases.review.steps import publish
from tests.support.factories import (
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_directive,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
    support,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WHY = "The same."
DATED = {"published_edtf": "2024", "published_basis": "stated"}
COUNTED = {"paragraphs": 9, "paragraphs_without_claims": "¶2: General."}
TABLES: tuple[type[models.Model], ...] = (
    *(Actor, Source, Case, Claim, Incident, Involvement, Note, Warning, FormerSlug),
    Intermediary,
    *(Warning.recipients.through, Case.directives.through),
)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return all rows that a merge may touch, but for when they were edited last."""
    return {
        model._meta.label: [
            {
                name: value
                for name, value in row.items()
                if name not in ("updated_at", "updated_by_id")
                and not (model is FormerSlug and name == "id")
            }
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in TABLES
    }


def used_actor(**fields: Any) -> Actor:
    """Return a state to which every kind of row refers."""
    actor = make_actor(kind="state", **fields)
    make_actor(parent=actor)
    make_actor(country=actor)
    make_directive(jurisdiction=actor)
    case = make_case()
    make_warning(case, issuer=actor)
    make_warning(case, recipients=[actor, make_actor()])
    make_warning(case, intermediaries=[actor, make_actor()])
    make_incident(case, country=actor)
    make_involvement(case, role="claimant", actor=actor)
    make_claim(case, "kind", speaker=actor)
    make_note(case, field=f"claimant-{actor.slug}")
    return actor


def used_source(**fields: Any) -> Source:
    """Return a source to which every kind of row refers."""
    source = make_source(**fields)
    make_claim(make_case(), "kind", source=source)
    make_note(make_case(), source=source)
    make_note(source=make_source(), evidence=source)
    make_source(derived_from=source)
    make_directive(source=source)
    return source


# Nothing is forgotten


@pytest.mark.parametrize("model", list(RELATIONS))
def test_relations_that_merging_knows_are_all_there_are(model: type[models.Model]) -> None:
    """Fails when a relation is added: say in `merging/relations.py` what becomes of its rows."""
    assert sorted(referring(model)) == sorted(RELATIONS[model])


def test_merge_with_a_relation_nobody_thought_of_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, merged = make_actor(kind="state"), used_actor()
    known = {name: label for name, label in RELATIONS[Actor].items() if name != "claim.speaker"}
    monkeypatch.setattr(relations, "RELATIONS", RELATIONS | {Actor: known})
    with pytest.raises(MergeRefusedError, match=r"does not know what to do with claim\.speaker"):
        merge(kept, merged, None, WHY)
    assert Actor.objects.filter(pk=merged.pk).exists()


@pytest.mark.parametrize(("model", "make"), [(Actor, used_actor), (Source, used_source)])
def test_every_row_that_refers_to_the_merged_record_refers_to_the_kept_one(
    model: Any, make: Any
) -> None:
    kept = make_actor(kind="state") if model is Actor else make_source()
    merged = make()
    before = {name: column.model._base_manager.count() for name, column in referring(model).items()}
    counts = {
        name: column.model._base_manager.filter(**{column.attname: merged.pk}).count()
        for name, column in referring(model).items()
    }
    assert all(counts.values()), counts  # one of each, or the test would tell nothing
    merge(kept, merged, None, WHY)
    for name, column in referring(model).items():
        rows = column.model._base_manager
        assert rows.filter(**{column.attname: kept.pk}).count() == counts[name], name
        lost = 1 if column.model is model else 0  # the merged record itself
        assert rows.count() == before[name] - lost, name
    assert not model.objects.filter(pk=merged.pk).exists()


@pytest.mark.parametrize(("model", "make"), [(Actor, used_actor), (Source, used_source)])
def test_merge_undone_leaves_everything_as_it_was(model: Any, make: Any, user: User) -> None:
    kept, merged = make(), make(description="Something.")
    before = everything()
    made = merge(kept, merged, user, WHY)
    assert everything() != before
    undo(made, user, "They are two.")
    assert everything() == before
    made.refresh_from_db()
    assert (made.undone_by, made.undone_reason) == (user, "They are two.")


@pytest.mark.parametrize(("model", "make"), [(Actor, used_actor), (Source, used_source)])
def test_preview_changes_nothing_and_tells_what_the_merge_does(model: Any, make: Any) -> None:
    kept, merged = make(), make()
    before = everything()
    shown = preview(kept, merged)
    assert everything() == before
    assert (shown.refusals, Merge.objects.count()) == ([], 0)
    told = {moves.label: moves.count for moves in shown.moves}
    for label in RELATIONS[model].values():
        assert told[label] >= 1, label
    made = merge(kept, merged, None, WHY, expected=shown.digest)
    assert made.kept_key == kept.pk


def test_merge_after_something_moved_meanwhile_is_refused() -> None:
    kept, merged = make_actor(), make_actor()
    seen = preview(kept, merged).digest
    make_claim(make_case(), "kind", speaker=merged)
    with pytest.raises(MergeRefusedError, match="Look at the preview again"):
        merge(kept, merged, None, WHY, expected=seen)
    assert Claim.objects.get().speaker == merged


# Names and addresses


def test_name_and_other_names_become_other_names_once(client: Client) -> None:
    kept = make_actor(name="Islamic State", aliases=["ISIS"])
    merged = make_actor(name="Daesh", aliases=["ISIS", "Islamic State", "IS"])
    made = merge(kept, merged, None, WHY)
    kept.refresh_from_db()
    assert kept.aliases == ["ISIS", "Daesh", "IS"]
    Actor.objects.filter(pk=kept.pk).update(aliases=["ISIS", "Daesh", "IS", "ISIL"])
    undo(made, None, "No.")
    kept.refresh_from_db()
    assert kept.aliases == ["ISIS", "ISIL"]  # what was added since stays


def test_answer_why_a_source_is_not_archived_is_taken_over_where_there_is_none() -> None:
    kept = make_source(url="https://a.example/")
    merged = make_source(url="https://a.example/1", archiving="cannot_be_archived")
    made = merge(kept, merged, None, WHY)
    kept.refresh_from_db()
    assert kept.archiving == "cannot_be_archived"
    undo(made, None, "No.")
    kept.refresh_from_db()
    assert kept.archiving == "not_answered"


def test_old_addresses_lead_to_the_kept_actor_until_it_is_undone(client: Client) -> None:
    kept, merged = make_actor(slug="kept"), make_actor(slug="older")
    merged.slug = "old"
    merged.save()
    case = make_case(complete=True)
    for actor in (kept, merged):
        make_claim(case, "kind", speaker=actor)
    publish(case, None)
    made = merge(kept, merged, None, WHY)
    for slug in ("old", "older"):
        assert client.get(f"/actors/{slug}/")["Location"] == "/actors/kept/"
    undo(made, None, "No.")
    assert client.get("/actors/old/").status_code == 200
    assert client.get("/actors/older/")["Location"] == "/actors/old/"


def test_merged_twice_over_old_addresses_lead_to_the_last() -> None:
    first, second, third = (make_actor(slug=slug) for slug in ("a", "b", "c"))
    one = merge(second, first, None, WHY)
    two = merge(third, second, None, WHY)
    assert {Actor.current_slug(slug) for slug in ("a", "b")} == {"c"}
    with pytest.raises(MergeRefusedError, match="undo that merge first"):
        undo(one, None, "No.")
    undo(two, None, "No.")
    undo(one, None, "No.")
    assert [Actor.objects.get(slug=slug).pk for slug in ("a", "b", "c")] == [
        actor.pk for actor in (first, second, third)
    ]


def test_what_is_empty_is_taken_over_and_what_is_not_stands() -> None:
    state = make_actor(kind="state")
    kept = make_actor(description="Kept.", wikidata_id="")
    merged = make_actor(description="Merged.", wikidata_id="Q7", country=state, parent=state)
    merge(kept, merged, None, WHY)
    kept.refresh_from_db()
    assert (kept.description, kept.wikidata_id) == ("Kept.", "Q7")
    assert (kept.country, kept.parent) == (state, state)


def test_source_keeps_title_and_address_of_the_other_in_its_description() -> None:
    kept = make_source(title="A", url="https://a.org/", description="")
    merged = make_source(title="B", url="https://b.org/", author="C", **DATED)
    merge(kept, merged, None, WHY)
    kept.refresh_from_db()
    assert kept.description == "Also listed as: B, https://b.org/"
    assert (kept.author, kept.published_edtf, str(kept.published)) == ("C", "2024", "2024")


def test_source_takes_over_counted_paragraphs_only_with_their_reasons() -> None:
    kept, counted = make_source(), make_source(paragraphs=7)
    merge(kept, make_source(**COUNTED), None, WHY)
    merge(counted, make_source(**COUNTED), None, WHY)
    kept.refresh_from_db()
    counted.refresh_from_db()
    assert (kept.paragraphs, kept.paragraphs_without_claims) == (9, "¶2: General.")
    assert (counted.paragraphs, counted.paragraphs_without_claims) == (7, "")


# What uniqueness forbids is joined


def test_role_that_both_have_in_a_case_is_kept_once_with_the_evidence_of_both() -> None:
    kept, merged, case = make_actor(), make_actor(), make_case()
    own = make_involvement(case, role="accused", actor=kept)
    other = make_involvement(case, role="accused", actor=merged)
    Involvement.objects.filter(pk=other.pk).update(note="The agency.")
    claims = [make_claim(case, role.path) for role in (own, other)]
    note = make_note(case, field=other.path)
    before = everything()
    made = merge(kept, merged, None, WHY)
    role = Involvement.objects.get()
    assert (role.actor, role.note) == (kept, "The agency.")
    assert list(role.claims.all()) == claims
    note.refresh_from_db()
    assert note.field == role.path
    undo(made, None, "No.")
    assert everything() == before


def test_recipient_twice_of_one_warning_is_a_recipient_once() -> None:
    kept, merged, third = (make_actor() for _ in range(3))
    warning = make_warning(make_case(), recipients=[kept, merged, third])
    made = merge(kept, merged, None, WHY)
    assert set(warning.recipients.all()) == {kept, third}
    undo(made, None, "No.")
    assert set(warning.recipients.all()) == {kept, merged, third}


@pytest.mark.parametrize("is_turned", [False, True])
def test_two_intermediaries_of_one_warning_are_one_where_the_first_stood(is_turned: bool) -> None:
    kept, third, merged = (make_actor() for _ in range(3))
    chain = [merged, third, kept] if is_turned else [kept, third, merged]
    warning = make_warning(make_case(), intermediaries=chain)
    made = merge(kept, merged, None, WHY)
    assert warning.passed_on_by == [kept, third]
    undo(made, None, "No.")
    assert warning.passed_on_by == chain


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize("end", ["issuer", "recipient"])
def test_intermediary_merged_with_an_end_of_its_warning_is_refused(
    end: str, is_turned: bool
) -> None:
    between, other = make_actor(), make_actor()
    ends: dict[str, Any] = {"issuer": other} if end == "issuer" else {"recipients": [other]}
    case = make_case()
    make_warning(case, intermediaries=[between], **ends)
    pair = (other, between) if is_turned else (between, other)
    sentence = refused(*pair)
    assert "it would have passed it on to itself" in sentence
    assert case.number in sentence


def test_note_on_a_role_of_a_like_slug_stays() -> None:
    case, merged = make_case(), make_actor(slug="al")
    make_involvement(case, role="speaker", actor=merged)
    note = make_note(case, field="speaker-alpha")
    merge(make_actor(), merged, None, WHY)
    note.refresh_from_db()
    assert note.field == "speaker-alpha"


# What is refused


def refused(kept: Any, merged: Any) -> str:
    """Return why a merge is refused, and make sure that nothing changed."""
    before, merges = everything(), Merge.objects.count()
    shown = preview(kept, merged).refusals
    with pytest.raises(MergeRefusedError) as refusal:
        merge(kept, merged, None, WHY)
    assert list(refusal.value.sentences) == shown
    assert (everything(), Merge.objects.count()) == (before, merges)
    return str(refusal.value)


def test_record_merged_into_itself_is_refused() -> None:
    """The trap in which the surviving record is among the merged, and goes by cascade."""
    actor = used_actor()
    assert "cannot be merged into itself" in refused(actor, Actor.objects.get(pk=actor.pk))


def test_actor_merged_into_a_source_is_refused() -> None:
    make_actor()
    with pytest.raises(MergeRefusedError, match="of one kind"):
        merge(make_source(), make_actor(), None, WHY)


def test_merge_of_a_record_that_is_gone_is_refused() -> None:
    kept, merged = make_actor(), make_actor()
    gone = Actor.objects.get(pk=merged.pk)
    merge(kept, merged, None, WHY)
    with pytest.raises(MergeRefusedError, match="does not exist any more"):
        merge(kept, gone, None, WHY)


@pytest.mark.parametrize("reason", ["", "  "])
def test_merge_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(MergeRefusedError, match="Say why"):
        merge(make_actor(), make_actor(), None, reason)


@pytest.mark.parametrize("is_turned", [False, True])
def test_issuer_merged_with_its_recipient_is_refused(is_turned: bool) -> None:
    issuer, recipient = make_actor(), make_actor()
    case = make_case()
    make_warning(case, issuer=issuer, recipients=[recipient])
    pair = (recipient, issuer) if is_turned else (issuer, recipient)
    sentence = refused(*pair)
    assert "it would have warned itself" in sentence
    assert case.number in sentence


def test_actor_merged_with_what_it_belongs_to_is_refused_and_the_other_way_is_not() -> None:
    top = make_actor()
    middle = make_actor(parent=top)
    bottom = make_actor(parent=middle)
    assert "it would belong to itself" in refused(bottom, top)
    assert "is it a part of it" in " ".join(preview(top, bottom).cautions)
    merge(top, middle, None, WHY)
    bottom.refresh_from_db()
    assert bottom.parent == top


def test_country_merged_with_its_national_is_refused() -> None:
    state = make_actor(kind="state")
    assert "its own country" in refused(make_actor(kind="state", country=state), state)


def test_claimant_merged_with_an_actor_that_cannot_claim_is_refused() -> None:
    merged = make_actor(kind="armed_group")
    make_involvement(make_case(), role="claimant", actor=merged)
    assert "only an armed group or a state can" in refused(make_actor(kind="media"), merged)
    merge(make_actor(kind="state"), merged, None, WHY)


def test_country_merged_with_an_actor_that_is_no_state_is_refused() -> None:
    merged = make_actor(kind="state")
    make_incident(make_case(), country=merged)
    assert "only a state can" in refused(make_actor(kind="collective"), merged)


def test_actors_of_two_kinds_are_merged_with_a_caution() -> None:
    kept = make_actor(kind="official", wikidata_id="Q1")
    merged = make_actor(kind="individual", wikidata_id="Q2")
    cautions = " ".join(preview(kept, merged).cautions)
    assert "of different kinds" in cautions
    assert "Q1 and Q2" in cautions
    merge(kept, merged, None, WHY)


def test_source_merged_with_what_it_is_derived_from_is_refused() -> None:
    original = make_source()
    reprint = make_source(derived_from=original)
    assert "derived from itself" in refused(reprint, original)
    assert "another publication" in " ".join(preview(original, reprint).cautions)


def test_merge_that_a_public_case_would_not_stand_is_refused() -> None:
    """“Officially invoked” stands only on the word of an official source."""
    case, official = make_case(complete=True), make_source(kind="official")
    part = make_assessment(case, status="officially_invoked")
    make_claim(case, f"{part.path}.status", source=official)
    publish(case, None)
    sentence = refused(make_source(kind="press"), official)
    assert f"{case.number} could not stay public" in sentence
    assert "Officially invoked" in sentence


# Versions


def test_public_cases_that_change_get_a_version_with_the_reason(user: User) -> None:
    kept, merged = make_actor(name="Kept"), make_actor(name="Merged")
    public, draft, other = make_case(complete=True), make_case(), make_case(published=True)
    for case in (public, draft):
        make_claim(case, "kind", speaker=merged)
    make_claim(other, "kind", speaker=kept)
    publish(public, None)
    before = Version.objects.filter(case=other).count()
    assert preview(kept, merged).cases == [str(public)]
    made = merge(kept, merged, user, WHY)
    version = Version.objects.filter(case=public).latest("number")
    assert (version.number, version.editor) == (2, user)
    assert version.change_note == "Merged was merged into Kept: The same."
    assert not Version.objects.filter(case=draft).exists()
    assert Version.objects.filter(case=other).count() == before
    undo(made, user, "They are two.")
    version = Version.objects.filter(case=public).latest("number")
    assert version.number == 3
    assert version.change_note == "The merge of Merged into Kept was undone: They are two."
    first = Version.objects.get(case=public, number=1)
    assert version.digest == first.digest


def test_public_cases_show_the_address_that_the_kept_source_takes_over() -> None:
    kept, merged = make_source(), make_source(url="https://b.org/")
    case = make_case(complete=True)
    make_claim(case, "kind", source=kept)
    publish(case, None)
    assert preview(kept, merged).cases == [str(case)]
    made = merge(kept, merged, None, WHY)
    assert "https://b.org/" in str(Version.objects.get(case=case, number=2).record)
    undo(made, None, "No.")
    assert "https://b.org/" not in str(Version.objects.get(case=case, number=3).record)


# Undoing, contradicted


def test_merge_undone_twice_is_refused() -> None:
    made = merge(make_actor(), make_actor(), None, WHY)
    undo(made, None, "No.")
    with pytest.raises(MergeRefusedError, match="undone already"):
        undo(made, None, "No.")


def test_undoing_without_a_reason_is_refused() -> None:
    made = merge(make_actor(), make_actor(), None, WHY)
    with pytest.raises(MergeRefusedError, match="Say why"):
        undo(made, None, " ")


def test_undoing_after_a_moved_row_was_given_to_another_is_refused() -> None:
    kept, merged, case = make_actor(), make_actor(), make_case()
    claim = make_claim(case, "kind", speaker=merged)
    made = merge(kept, merged, None, WHY)
    Claim.objects.update(speaker=make_actor())
    before = everything()
    with pytest.raises(
        MergeRefusedError, match="was changed since: Claims that it makes"
    ) as refusal:
        undo(made, None, "No.")
    assert f"{case.number}: {claim}" in str(refusal.value)
    assert everything() == before


def test_undoing_after_a_moved_row_was_deleted_is_refused() -> None:
    kept, merged = make_actor(), make_actor()
    make_claim(make_case(), "kind", speaker=merged)
    made = merge(kept, merged, None, WHY)
    Claim.objects.all().delete()
    with pytest.raises(MergeRefusedError, match="was deleted since"):
        undo(made, None, "No.")
    assert not Merge.objects.get().is_undone


def test_undoing_after_the_slug_was_taken_is_refused() -> None:
    made = merge(make_actor(), make_actor(slug="old"), None, WHY)
    make_actor(slug="old")
    with pytest.raises(MergeRefusedError, match="prevents it"):
        undo(made, None, "No.")


def test_undoing_after_what_it_belonged_to_is_gone_is_refused() -> None:
    parent = make_actor()
    kept = make_actor(parent=make_actor())
    made = merge(kept, make_actor(parent=parent), None, WHY)
    parent.delete()
    with pytest.raises(MergeRefusedError, match="the parent of actor"):
        undo(made, None, "No.")


def test_words_of_a_moved_row_changed_since_do_not_hinder_the_undoing() -> None:
    kept, merged = make_actor(), make_actor()
    make_claim(make_case(), "kind", speaker=merged)
    made = merge(kept, merged, None, WHY)
    Claim.objects.update(gist="Better words.")
    undo(made, None, "No.")
    claim = Claim.objects.get()
    assert (claim.speaker, claim.gist) == (merged, "Better words.")


def test_description_that_was_written_on_since_stays_as_it_is() -> None:
    kept, merged = make_source(title="A"), make_source(title="B")
    made = merge(kept, merged, None, WHY)
    Source.objects.filter(pk=kept.pk).update(description="Read twice.")
    undo(made, None, "No.")
    kept.refresh_from_db()
    assert kept.description == "Read twice."


def test_what_was_added_since_stays_with_the_kept_record() -> None:
    kept, merged = make_source(), make_source()
    made = merge(kept, merged, None, WHY)
    case = make_case()
    support(case, source=kept)
    undo(made, None, "No.")
    assert set(Claim.objects.values_list("source", flat=True)) == {kept.pk}


@pytest.mark.parametrize(
    ("make", "of_all", "of_each"),
    [
        # For each of eight relations: its rows and their first; locks, checks, slugs, the log, the
        # words that are folded again.
        (lambda actor, case: make_claim(case, "kind", speaker=actor), 87, 0),
        (lambda actor, case: make_involvement(make_case(), actor=actor, role="context"), 92, 0),
        # What is public is checked and versioned together; a case asks for its number and slug.
        (lambda actor, case: make_claim(make_case(published=True), speaker=actor), 111, 2),
    ],
    ids=["claims", "roles", "public cases"],
)
@pytest.mark.once
def test_merge_takes_as_many_queries_for_many_rows_as_for_few(
    django_assert_max_num_queries: Any, make: Any, of_all: int, of_each: int
) -> None:
    for rows in (1, 30):
        kept, merged, case = make_actor(), make_actor(), make_case()
        for _ in range(rows):
            make(merged, case)
        with django_assert_max_num_queries(of_all + of_each * rows):
            merge(kept, merged, None, WHY)


# What follows the records


def test_lists_and_search_follow_a_merge_and_its_undoing(client: Client) -> None:
    kept, merged = make_actor(slug="kept", name="Kept"), make_actor(slug="old", name="Zarnajew")
    case = make_case(complete=True, title="Xylophone")
    make_involvement(case, role="context", actor=merged)
    support(case)
    publish(case, None)

    def found(query: str) -> bool:
        return "Xylophone" in client.get(f"/cases/?{query}").text

    assert client.get("/actors/kept/").status_code == 404  # nothing public names it
    assert [found("actor=old"), found("q=Zarnajew"), found("q=Kept")] == [True, True, False]
    made = merge(kept, merged, None, WHY)
    assert [found("actor=kept"), found("q=Zarnajew"), found("q=Kept")] == [True, True, True]
    undo(made, None, "No.")
    assert client.get("/actors/kept/").status_code == 404
    assert [found("actor=old"), found("q=Zarnajew"), found("q=Kept")] == [True, True, False]


@pytest.mark.parametrize("seed", range(4))
def test_any_merges_undone_one_after_the_other_leave_everything_as_it_was(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    actors: list[Any] = [used_actor() for _ in range(4)]
    sources: list[Any] = [used_source() for _ in range(4)]
    for _ in range(12):  # with each other, and twice in one place
        case = make_case()
        one, two = chance.sample(actors, 2)
        make_involvement(case, role="accused", actor=one)
        make_involvement(case, role="accused", actor=two)
        make_warning(case, recipients=[one, two])
        make_claim(case, "kind", speaker=one, source=chance.choice(sources))
        make_note(case, source=chance.choice(sources), evidence=chance.choice(sources))
    states, made = [], []
    for records in (actors, sources):
        while len(records) > 1:
            kept, merged = chance.sample(records, 2)
            states.append(everything())
            made.append(merge(kept, merged, None, WHY))
            records.remove(merged)
    assert Involvement.objects.filter(role="accused").count() == 12
    for state, each in zip(reversed(states), reversed(made), strict=True):
        undo(each, None, "No.")
        assert everything() == state
