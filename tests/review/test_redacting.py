"""Redaction: what is struck, what stays, and that no public address holds the name afterwards."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.test import Client

from cases.index.public_names import only_public
from cases.models import (
    Actor,
    Case,
    FormerSlug,
    ImmutableError,
    Import,
    IndexSnapshot,
    Merge,
    Note,
    Redaction,
    Source,
    Version,
)
from cases.record.stored import digest
from cases.review import redacting, redaction_finder
from cases.review.redacting import RedactionChangedError, redact
from cases.review.redaction_finder import preview
from cases.review.redaction_plan import RedactionOrder
from cases.review.restoring import restore
from cases.review.steps import publish, reinstate, withdraw
from cases.versions.making import make_version
from tests.support.demo import load_demo
from tests.support.factories import (
    detail,
    make_actor,
    make_case,
    make_claim,
    make_comment,
    make_involvement,
    make_note,
    make_source,
    support,
)
from tests.support.public_pages import PAGES, STATES
from tests.support.records import case_record
from tests.views.test_one_way import FILES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NAME = "Ada Quill"
REASON = "The person is threatened and asked not to be named."


def order(*texts: str, **options: Any) -> RedactionOrder:
    return RedactionOrder(texts or (NAME, "Quill"), "[redacted]", REASON, **options)


def strike(case: Case, what: RedactionOrder, reviewer: User | None = None) -> Redaction:
    return redact(case, reviewer, what, preview(case, what).digest())


@pytest.fixture
def case() -> Case:
    """Return a case of two versions that names somebody in every way it can."""
    case = make_case(complete=True, slug="tip-on-ada-quill", title="The tip on Ada Quill")
    actor = make_actor(slug="ada-quill", name=NAME, kind="individual", wikidata_id="Q7")
    Actor.objects.filter(pk=actor.pk).update(aliases=["A. Quill", "The Pen"])
    make_involvement(case, role="intended_victim", actor=actor)
    source = make_source(
        slug="why-quill-was-warned",
        title="Why Quill was warned",
        url="https://example.org/ada-quill",
        description="An interview with Ada Quill.",
    )
    support(case, source=source)
    make_claim(case, "kind", source=source, speaker=actor, quote="Quill was told", gist="Of Quill.")
    path = f"intended-victim-{actor.slug}"
    make_note(case, slug="note-on-quill", field=path, evidence_says="Ada Quill has moved.")
    said = {"text": "Is Quill in danger?", "value_then": "Ada Quill"}
    make_comment(case, case.involvements.get(actor=actor), **said)
    publish(case, None)
    Case.objects.filter(pk=case.pk).update(title="The tip", summary="Nobody is named here.")
    make_version(case, None, "Ada Quill asked us not to be in the title.")
    case.refresh_from_db()
    return case


def everything_stored() -> str:
    """Return all that the casebook stores, but for what follows by itself."""
    told = []
    for model in apps.get_app_config("cases").get_models():
        if model.__name__ != "SearchDocument":
            told += [json.dumps(row, default=str) for row in model._base_manager.values()]
    told += [json.dumps(row, default=str) for row in LogEntry.objects.values()]
    return "\n".join(told).casefold()


def test_redaction_leaves_the_name_nowhere_in_the_database(case: Case) -> None:
    kind = ContentType.objects.get_for_model(Case)
    user = User.objects.create_user("one")
    LogEntry.objects.create(
        user=user,
        content_type=kind,
        object_id=str(case.pk),
        object_repr=str(f"{case.number} The tip on Ada Quill"),
        action_flag=CHANGE,
        change_message=json.dumps([{"changed": {"object": NAME, "fields": ["Name"]}}]),
    )
    Import.objects.create(
        subject="cases",
        file_name="quill.csv",
        applied_at=case.updated_at,
        plan=[{"table": "actors", "key": "ada-quill", "changes": [{"new": NAME}]}],
        written=[{"table": "actors", "key": "ada-quill", "pk": 1, "old": {"aliases": [NAME]}}],
    )
    IndexSnapshot.objects.create(version=1, build="", contents=b"the tip on ada quill")
    actor = Actor.objects.get(slug="ada-quill")
    Merge.objects.create(
        kind="actor",
        kept_key=actor.pk,
        kept_name=NAME,
        merged_key=0,
        merged_name="A. Quill",
        merged_slug="a-quill",
        reason="Quill is Quill.",
        steps=[{"old": {"name": "A. Quill"}}],
    )
    strike(case, order())
    assert "quill" not in everything_stored()


def test_redaction_keeps_number_and_date_of_versions_and_digests_their_records(case: Case) -> None:
    before = list(case.versions.values_list("number", "made_at", "editor"))
    strike(case, order())
    assert list(case.versions.values_list("number", "made_at", "editor"))[:2] == before
    for version in case.versions.all():
        assert version.digest == digest(version.record)
    first, second, third = case.versions.all()
    for version in (first, second):
        assert version.redacted_at is not None
        assert version.redaction_reason == REASON
    assert second.change_note == "[redacted] asked us not to be in the title."
    assert first.record["title"] == "The tip on [redacted]"
    assert (third.redacted_at, third.change_note) == (None, f"Redacted: {REASON}")
    assert third.digest == digest(case_record(detail(case)))


def test_redaction_leaves_versions_that_do_not_hold_the_name_as_they_are(case: Case) -> None:
    other = make_case(published=True)
    before = other.versions.values().get()
    strike(case, order(is_everywhere=True))
    assert other.versions.values().get() == before


def test_redaction_strikes_slugs_and_forgets_the_former_ones(client: Client, case: Case) -> None:
    case.slug = "the-quill-case"
    case.save()
    make_version(case, None, "Another address.")
    strike(case, order())
    case.refresh_from_db()
    assert case.slug == "the-redacted-case"
    for slug in ("tip-on-ada-quill", "the-quill-case"):
        assert client.get(f"/cases/{slug}/").status_code == 404
        assert client.get(f"/cases/{slug}/v/1/").status_code == 404
    assert client.get("/actors/ada-quill/").status_code == 404
    assert client.get("/cases/the-redacted-case/v/1/").status_code == 200
    assert client.get("/actors/redacted/").status_code == 200
    assert not FormerSlug.objects.exists()
    assert case.notes.get().field == "intended-victim-redacted"
    assert Source.objects.get(slug="why-redacted-was-warned").url == ""
    actor = Actor.objects.get(slug="redacted")
    assert (actor.aliases, actor.wikidata_id) == (["The Pen"], "")


def test_redaction_forgets_former_slugs_of_the_notes_of_the_case(case: Case) -> None:
    note = case.notes.get()
    note.slug = "another-note"
    note.save()
    assert FormerSlug.objects.filter(slug="note-on-quill").exists()
    strike(case, order())
    assert not FormerSlug.objects.exists()


def test_redaction_gives_two_records_of_one_name_two_slugs(case: Case) -> None:
    other = make_actor(slug="redacted")
    twin = make_actor(slug="quill", name="Quill", kind="individual")
    make_claim(case, "kind", speaker=twin)
    strike(case, order())
    slugs = set(Actor.objects.filter(name="[redacted]").values_list("slug", flat=True))
    assert slugs == {"redacted-2", "redacted-3"}
    assert Actor.objects.get(pk=other.pk).slug == "redacted"


def test_redacted_version_restored_does_not_bring_the_name_back(case: Case) -> None:
    strike(case, order())
    restore(case, case.versions.get(number=1), None, "It was better.")
    case.refresh_from_db()
    assert case.title == "The tip on [redacted]"
    assert "quill" not in everything_stored()


def test_redacted_case_that_is_withdrawn_stays_so_and_can_be_reinstated(case: Case) -> None:
    withdraw(case, None, "Quill asked for it.")
    strike(case, order())
    stored = Case.objects.get(pk=case.pk)
    assert (stored.status, stored.withdrawn_reason) == ("withdrawn", "[redacted] asked for it.")
    assert case.versions.count() == 2
    assert reinstate(stored, None, "Without the name.").number == 3
    assert "quill" not in everything_stored()


def test_redaction_lists_what_other_cases_hold_and_strikes_it_only_on_request(case: Case) -> None:
    other = make_case(published=True, title="Ada Quill again", slug="ada-quill-again")
    plan = preview(case, order())
    assert {place.where.partition(",")[0] for place in plan.left} >= {other.number}
    assert not plan.cautions
    strike(case, order())
    assert Case.objects.get(pk=other.pk).title == "Ada Quill again"
    strike(case, order(is_everywhere=True))
    other.refresh_from_db()
    assert (other.title, other.slug) == ("[redacted] again", "redacted-again")
    assert other.versions.count() == 2
    assert "quill" not in everything_stored()


def test_redaction_of_an_actor_that_another_case_shows_warns_and_makes_its_version(
    case: Case,
) -> None:
    other = make_case(complete=True)
    make_involvement(other, actor=Actor.objects.get(slug="ada-quill"))
    support(other)
    publish(other, None)
    (caution,) = preview(case, order()).cautions
    assert other.number in caution
    strike(case, order())
    assert other.versions.get(number=2).change_note == f"Redacted: {REASON}"


def test_redaction_ignores_case_and_accents_only_if_asked(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(summary="ADA QUÏLL was warned.")
    strike(case, order())
    assert Case.objects.get(pk=case.pk).summary == "ADA QUÏLL was warned."
    strike(case, order(is_loose=True))
    assert Case.objects.get(pk=case.pk).summary == "[redacted] was warned."


def test_redaction_does_not_strike_coded_values(case: Case) -> None:
    strike(case, order("private", "attack", "2024", "Quill"))
    record = case.versions.get(number=1).record
    assert record["warnings"][0]["channel"] == "private"
    assert record["incidents"][0]["kind"] == "attack"
    assert record["warnings"][0]["date"]["edtf"] == "2024-03-07"


def test_redaction_does_not_strike_the_words_that_programs_read(case: Case) -> None:
    """Each is a text that somebody may strike: the name of a table, of a field, of a part."""
    make_note(case, slug="on-the-channel", field="warning-1.channel", evidence_says="A channel.")
    step = {"model": "cases.claim", "keys": [1], "new": {"description": "A claim."}}
    entry = {"table": "claims", "row": 2, "key": "x", "columns": "c0", "old": {"target": "claims"}}
    change = {"column": "claims", "old": "", "new": "Two claims met."}
    plan = {"table": "claims", "action": "added", "target": "claim/7", "changes": [change]}
    logged = {"subject": "claims", "file_name": "a", "applied_at": case.updated_at}
    done = Import.objects.create(**logged, plan=[plan], written=[entry])
    names = {"kept_name": "x", "merged_name": "y", "merged_slug": "y", "reason": "Same."}
    merged = Merge.objects.create(kind="actor", kept_key=1, merged_key=2, **names, steps=[step])
    paths = sorted(claim.path_of_value for claim in case.claims.all())
    words = ("claim", "claims", "channel", "warning", "kind", "cases", "intended victim", "Quill")
    strike(case, order(*words, is_everywhere=True))
    done.refresh_from_db()
    merged.refresh_from_db()
    assert done.plan == [plan | {"changes": [change | {"new": "Two [redacted] met."}]}]
    assert done.written == [entry | {"old": {"target": "[redacted]"}}]
    assert merged.steps == [step | {"new": {"description": "A [redacted]."}}]
    named = [path.replace("quill", "redacted") for path in paths]
    assert sorted(claim.path_of_value for claim in case.claims.all()) == sorted(named)
    assert Note.objects.get(evidence_says="A [redacted].").field == "warning-1.channel"
    assert {claim["about"] for claim in case.versions.get(number=1).record["claims"]} <= {*named}


def test_redaction_is_logged_without_the_name(case: Case) -> None:
    reviewer = User.objects.create_user("reviewer")
    made = strike(case, order(), reviewer)
    assert (made.case, made.made_by, made.reason) == (case, reviewer, REASON)
    assert any(place.endswith("title") for place in made.places)
    assert [len(each) for each in made.text_digests] == [64, 64]
    assert "quill" not in json.dumps([made.places, made.text_digests]).casefold()


def test_redaction_that_is_not_the_one_seen_writes_nothing(case: Case) -> None:
    before = everything_stored()
    with pytest.raises(RedactionChangedError):
        redact(case, None, order(), "")
    seen = preview(case, order()).digest()
    with pytest.raises(RedactionChangedError):
        redact(case, None, order("Quill"), seen)
    assert everything_stored() == before


def test_redaction_that_fails_half_way_writes_nothing(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything_stored()

    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(redacting, "_announce", fail)
    with pytest.raises(RuntimeError):
        strike(case, order())
    assert everything_stored() == before


def test_redaction_of_what_is_nowhere_is_refused(case: Case) -> None:
    with pytest.raises(ValidationError, match="nowhere in this case"):
        strike(case, order("Somebody else"))


def test_redaction_that_does_not_fit_is_refused(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(title="Quill " * 30)
    what = RedactionOrder(("Quill",), "somebody whom we do not name", REASON)
    with pytest.raises(ValidationError, match="longer than 200 characters"):
        strike(case, what)


def test_redaction_removes_uploads_that_wait_with_the_name(case: Case) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("actors.csv", f"slug,name\nx,{NAME}\n" * 100)
    for content in (packed.getvalue(), f"slug,name\nx,{NAME}".encode(), b"slug,name\nx,Other"):
        Import.objects.create(subject="actors", file_name="a", content=content)
    strike(case, order())
    assert bytes(Import.objects.get().content) == b"slug,name\nx,Other"


def test_version_is_changed_by_nothing_else(case: Case) -> None:
    strike(case, order())
    version = case.versions.first()
    assert version is not None
    with pytest.raises(ImmutableError):
        version.save()
    with pytest.raises(ImmutableError):
        Version.objects.filter(pk=version.pk).update(redaction_reason="x")


def test_every_table_is_searched_or_known_to_hold_no_text_of_people() -> None:
    searched = {
        *(Case, Version, *redaction_finder.PARTS, *redaction_finder.SHARED, *redaction_finder.LOGS),
    }
    others = {
        model.__name__
        for model in apps.get_app_config("cases").get_models()
        if model not in searched
    }
    # Numbers only; slugs and the snapshot, which are forgotten; what follows the records by itself.
    numbers, forgotten = {"Change", "Counter", "Intermediary"}, {"FormerSlug", "IndexSnapshot"}
    assert others == numbers | forgotten | {"SearchDocument"}


# On the public pages


def test_redacted_versions_and_history_say_when_and_why(client: Client, case: Case) -> None:
    strike(case, order())
    case.refresh_from_db()
    for tail in ("v/1/", "history/"):
        page = client.get(f"{case.get_absolute_url()}{tail}").text
        assert "Redacted on" in page
        assert REASON in page
    history = client.get(f"{case.get_absolute_url()}history/").text
    assert "The same was struck from the earlier versions" in history
    changes = client.get("/changes/").text
    assert f"Redacted: {REASON}" in changes


def test_no_public_address_holds_a_name_after_its_redaction(client: Client) -> None:
    load_demo()
    case = Case.objects.get(slug="khashoggi-2018")
    former = case.get_absolute_url()
    case.title = "A warning that Khashoggi did not get"
    case.save()
    make_version(case, None, "Khashoggi has another title.")
    what = RedactionOrder(
        ("Jamal Khashoggi", "Khashoggi"), "a journalist", REASON, is_everywhere=True
    )
    strike(case, what)
    case = Case.objects.get(pk=case.pk)
    own = [f"{case.get_absolute_url()}{tail}" for tail in ("", "history/", "v/1/", "v/2/", "v/3/")]
    files = [*FILES, "/robots.txt", "/sitemap.xml"]
    searches = ["/cases/?q=Khashoggi", "/cases.json?q=journalist", "/cases/?q=journalist"]
    records = [
        record.get_absolute_url()
        for model in (Actor, Source)
        for record in only_public(model.objects.all())
    ]
    for address in [*PAGES, *STATES, *own, *files, *searches, *records]:
        response = client.get(address, follow=True)
        text = b"".join(response) if response.streaming else response.content
        told = text.decode().casefold()
        if "khashoggi" in address.casefold():  # a page repeats what is asked of it
            told = told.replace(address.casefold(), "").replace("q=khashoggi", "")
            assert "jamal" not in told
        else:
            assert "khashoggi" not in told, address
    for gone in (former, f"{former}history/", f"{former}v/1/", "/actors/jamal-khashoggi/"):
        assert client.get(gone).status_code == 404
    assert client.get("/sources/knight-institute-khashoggi/").status_code == 404
