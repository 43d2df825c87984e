"""Who passed a warning on, in order: on pages, in filters, files and versions, and in the forms."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client

from cases.evidence.values import text_in_row
from cases.models import Actor, Case, Intermediary, Warning
from cases.record.stored import read_record
from cases.review.restoring import restore
from cases.review.steps import publish
from cases.versions.making import make_version
from tests.exchange.test_bundle import bring_in
from tests.exchange.test_import_rows import run
from tests.support.admin_forms import add_row, form_on, messages_on, page_of, save, send
from tests.support.bundles import bundle_of
from tests.support.downloads import table
from tests.support.factories import (
    detail,
    make_actor,
    make_case,
    make_incident,
    make_source,
    make_warning,
    support,
)
from tests.support.reading import words
from tests.support.records import case_record, differences_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain() -> list[Actor]:
    """Four actors of a chain, whose names and slugs are in another order than their places."""
    names = ("CIA", "PST", "Oslo police", "A witness")
    return [make_actor(name=name, slug=f"{9 - place}-actor") for place, name in enumerate(names)]


@pytest.fixture
def case(chain: list[Actor]) -> Case:
    """A published case in which the CIA told the PST, which told the police, who told a witness."""
    made = make_case()
    issuer, *between, recipient = chain
    make_warning(
        made, issuer=issuer, intermediaries=between, recipients=[recipient], channel="private"
    )
    make_incident(made, kind="none_reported")
    support(made)
    publish(made, None)
    return made


def found(client: Client, query: str) -> list[str]:
    return [each.number for each in client.get(f"/cases/?{query}").context["object_list"]]


# The model


def test_intermediaries_are_read_in_their_order(case: Case, chain: list[Actor]) -> None:
    warning = case.warnings.get()
    assert warning.passed_on_by == chain[1:3]
    assert text_in_row(warning, "intermediaries") == "PST, then Oslo police"
    warning.set_intermediaries([chain[2], chain[1]])
    assert Warning.objects.get().passed_on_by == [chain[2], chain[1]]
    warning.set_intermediaries([])
    assert not Intermediary.objects.exists()
    assert text_in_row(warning, "intermediaries") == "None reported"


@pytest.mark.parametrize("position", [1, 0])
def test_position_that_is_taken_or_none_is_refused(case: Case, position: int) -> None:
    warning = case.warnings.get()
    with pytest.raises(IntegrityError):
        Intermediary.objects.create(warning=warning, actor=make_actor(), position=position)


def test_actor_that_passes_a_warning_on_twice_is_refused(case: Case, chain: list[Actor]) -> None:
    warning = case.warnings.get()
    Intermediary.objects.create(warning=warning, actor=make_actor(), position=3)
    with pytest.raises(IntegrityError):
        Intermediary.objects.create(warning=warning, actor=chain[1], position=4)


@pytest.mark.parametrize(("place", "end"), [(0, "issuer"), (3, "recipient")])
def test_end_of_a_warning_among_its_intermediaries_is_refused(
    case: Case, chain: list[Actor], place: int, end: str
) -> None:
    warning = case.warnings.get()
    warning.full_clean()
    warning.set_intermediaries([chain[place]])
    with pytest.raises(ValidationError, match=f"The {end}|A {end}") as error:
        warning.full_clean()
    assert [*error.value.message_dict] == ["intermediaries"]


# Pages


def test_chain_is_shown_on_the_page_from_the_issuer_to_the_recipients(
    client: Client, case: Case
) -> None:
    page = client.get(case.get_absolute_url())
    assert "CIA through PST, then Oslo police, to A witness" in words(page)
    way = page.text.partition('class="passed-on"')[2].partition("</ol>")[0]
    places = [way.index(name) for name in ("CIA", "PST", "Oslo police", "A witness")]
    assert places == sorted(places)
    assert "Intermediaries PST, then Oslo police" in words(page)


def test_warning_without_intermediaries_has_no_way_of_its_own(client: Client) -> None:
    page = client.get(make_case(published=True).get_absolute_url())
    assert "passed-on" not in page.text
    assert "Intermediaries None reported" in words(page)


def test_cards_table_and_comparison_name_the_intermediaries(client: Client, case: Case) -> None:
    assert "CIA through PST, then Oslo police, to A witness" in words(client.get("/cases/"))
    for address in ("/cases/?view=table", "/matrix/?view=matrix"):
        page = words(client.get(f"{address}&column=intermediary"))
        assert "PST, then Oslo police" in page, address


def test_page_of_an_actor_lists_the_warnings_that_it_passed_on(
    client: Client, case: Case, chain: list[Actor]
) -> None:
    page = words(client.get(chain[1].get_absolute_url()))
    assert "Passed on a warning" in page
    assert case.number in page
    assert "Passed on a warning" not in words(client.get(chain[0].get_absolute_url()))


# Filter and files


def test_filter_finds_the_cases_of_an_intermediary_and_of_what_it_belongs_to(
    client: Client, case: Case, chain: list[Actor]
) -> None:
    other = make_case(published=True)
    norway = make_actor(kind="state", slug="norway")
    Actor.objects.filter(pk=chain[1].pk).update(parent=norway)
    assert found(client, f"intermediary={chain[1].slug}") == [case.number]
    assert found(client, "intermediary=norway") == [case.number]
    assert found(client, f"actor={chain[2].slug}") == [case.number]
    assert found(client, "intermediary=not_stated") == [other.number]
    page = words(client.get(f"/cases/?intermediary={chain[1].slug}"))
    assert "in which the intermediary is “PST”" in page
    assert "Intermediary of a warning" in page


def test_filters_by_parties_are_about_the_same_warning(
    client: Client, case: Case, chain: list[Actor]
) -> None:
    make_warning(case, issuer=(other := make_actor()))
    make_version(case, None, "Another warning.")
    slug = chain[1].slug
    assert found(client, f"intermediary={slug}&issuer={chain[0].slug}") == [case.number]
    assert found(client, f"intermediary={slug}&issuer={other.slug}") == []


def test_file_has_the_intermediaries_in_order(client: Client, case: Case) -> None:
    (warning,) = table(client, name="warnings")
    assert (warning["intermediary_count"], warning["first_intermediary"]) == ("2", "8-actor")
    roles = table(client, "columns=actor,role,position", "involvements")
    passed_on_by = [row for row in roles if row["role"] == "intermediary"]
    assert [(row["actor"], row["position"]) for row in passed_on_by] == [
        ("8-actor", "1"),
        ("7-actor", "2"),
    ]


def test_intermediaries_come_back_with_the_bundle_in_order(chain: list[Actor]) -> None:
    def make() -> Any:
        actors = [make_actor(slug=f"again-{9 - place}") for place in range(3)]
        make_warning(make_case(), intermediaries=actors)

    plan = bring_in(bundle_of(make))
    assert not plan.is_refused
    slugs = [actor.slug for actor in Warning.objects.get().passed_on_by]
    assert slugs == ["again-9", "again-8", "again-7"]


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("9-actor", "column intermediaries: The issuer of a warning is not among its inter"),
        ("8-actor; 8-actor", "column intermediaries: It names an actor twice"),
        ("", "column intermediaries: It is empty; name who passed it on, or write not_stated."),
        ("nobody", "There is no actor with the slug or the name “nobody”"),
    ],
)
def test_import_of_wrong_intermediaries_is_refused_at_their_column(
    case: Case, cell: str, sentence: str
) -> None:
    row = {"case": case.slug, "sequence": "1", "intermediaries": cell}
    assert sentence in str(run("warnings", [row]).rows[0])


# Versions


def test_version_keeps_the_intermediaries_in_order(case: Case) -> None:
    record = case.versions.get().record
    (warning,) = record["warnings"]
    assert [actor["name"] for actor in warning["intermediaries"]] == ["PST", "Oslo police"]
    del warning["intermediaries"]  # as in a version from before there were any
    assert read_record(record).warnings[0].intermediaries == ()


def test_other_order_is_a_difference_and_is_restored(case: Case, chain: list[Actor]) -> None:
    case.warnings.get().set_intermediaries([chain[2], chain[1]])
    make_version(case, None, "Turned.")
    first, second = case.versions.order_by("number")
    ((difference,),) = (part.differences for part in differences_of(first.record, second.record))
    assert (difference.label, difference.before, difference.after) == (
        "Intermediaries",
        "PST, then Oslo police",
        "Oslo police, then PST",
    )
    restore(case, first, None, "It was right.")
    assert case_record(detail(case)) == first.record


def test_version_whose_issuer_passes_the_warning_on_today_is_restored(
    case: Case, chain: list[Actor]
) -> None:
    warning = case.warnings.get()
    warning.set_intermediaries([])
    Warning.objects.update(issuer=chain[1])
    warning.set_intermediaries([chain[0]])
    make_version(case, None, "Exchanged.")
    first = case.versions.get(number=1)
    restore(case, first, None, "It was right.")
    assert case_record(detail(case)) == first.record


# The form


@pytest.mark.slow
def test_form_saves_the_intermediaries_in_the_order_sent(editor: Client) -> None:
    case, first, second = make_case(), make_actor(name="B"), make_actor(name="A")
    make_warning(case)
    for order in ([first.pk, second.pk], [second.pk, first.pk], [second.pk], []):
        save(editor, case, **{"warnings-0-intermediaries": order})
        stored = [actor.pk for actor in Warning.objects.get().passed_on_by]
        assert stored == order
        sent = form_on(editor.get(page_of(case))).get("warnings-0-intermediaries", [])
        assert [*map(int, [sent] if isinstance(sent, str) else sent)] == order


def test_new_warning_is_saved_with_intermediaries_and_their_evidence(editor: Client) -> None:
    case, between = make_case(), make_actor()
    data = form_on(editor.get(page_of(case)))
    add_row(
        data,
        "warnings",
        issuer=make_actor().pk,
        intermediaries=[between.pk],
        date_basis="not_stated",
        **dict.fromkeys(
            (
                *("repeated", "channel", "conduit", "basis", "relation", "who_specificity"),
                *("target_specificity", "place_specificity", "time_specificity"),
                *("issuer_action", "reception", "follow_up"),
            ),
            "not_stated",
        ),
    )
    claim = {"about": "warnings-0.intermediaries", "source": make_source().pk, "locator": "¶1"}
    add_row(data, "claims", **claim, modality="stated", gist="So.")
    assert "was changed successfully" in messages_on(send(editor, case, data))
    assert case.warnings.get().passed_on_by == [between]
    assert case.claims.get().path_of_value == "warning-1.intermediaries"


def test_form_that_is_refused_keeps_the_order_sent(editor: Client) -> None:
    case = make_case()
    warning = make_warning(case)
    order = [str(make_actor(name=name).pk) for name in ("C", "A", "B")]
    page = save(editor, case, title="", **{"warnings-0-intermediaries": order})
    assert form_on(page)["warnings-0-intermediaries"] == order
    assert warning.passed_on_by == []


@pytest.mark.parametrize("value", ["abc", "9" * 40, "0"])
def test_form_with_a_bad_intermediary_is_answered_with_a_sentence(
    editor: Client, value: str
) -> None:
    case = make_case()
    make_warning(case)
    page = save(editor, case, **{"warnings-0-intermediaries": [value]})
    assert "Select a valid choice" in messages_on(page)


def test_form_refuses_an_issuer_that_passes_its_warning_on(editor: Client) -> None:
    case = make_case()
    warning = make_warning(case)
    page = save(editor, case, **{"warnings-0-intermediaries": [warning.issuer_id]})
    assert "The issuer of a warning is not among its intermediaries" in messages_on(page)
    assert warning.passed_on_by == []


def test_form_exchanges_an_issuer_with_an_intermediary(editor: Client) -> None:
    case, between = make_case(), make_actor()
    warning = make_warning(case, intermediaries=[between])
    issuer = warning.issuer
    assert issuer is not None
    values = {"warnings-0-issuer": between.pk, "warnings-0-intermediaries": [issuer.pk]}
    save(editor, case, **values)
    warning = Warning.objects.get()
    assert (warning.issuer, warning.passed_on_by) == (between, [issuer])


def test_reader_of_the_admin_sees_the_intermediaries(client: Client) -> None:
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_case", "view_warning"]))
    client.force_login(user)
    case = make_case()
    make_warning(case, intermediaries=[make_actor(name="First"), make_actor(name="Second")])
    assert "First, then Second" in words(client.get(page_of(case)))
