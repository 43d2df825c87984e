"""The public versions of a case: what each changed, and the case as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from cases.index.public_names import without_page
from cases.models import Actor, Case, Source, Version
from cases.record.stored import read_record
from cases.review.steps import reinstate, withdraw
from cases.versions.making import make_version
from cases.views.cases import case_context, case_page
from cases.views.history import VERSIONS_PER_PAGE
from tests.support.factories import (
    detail,
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
    show,
    support,
)
from tests.support.reading import words, words_of
from tests.support.records import case_record, differences_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def case() -> Case:
    """Return a case of two versions: the second has another title, and was dismissed."""
    case = make_case(published=True, title="The first title", slug="the-case")
    Case.objects.filter(pk=case.pk).update(title="The second title")
    make_version(case, None, "A clearer title.")
    return case


def revised(case: Case, times: int) -> None:
    for number in range(times):
        Case.objects.filter(pk=case.pk).update(title=f"Title {number}")
        make_version(case, None, f"Note {number}.")


def merged(case: Case, into: Case) -> None:
    Case.objects.filter(pk=case.pk).update(
        status="withdrawn", withdrawn_reason="The same.", merged_into=into
    )


def test_history_tells_what_changed_why_and_when_the_newest_first(
    client: Client, case: Case
) -> None:
    page = words(client.get("/cases/the-case/history/"))
    assert "A clearer title." in page
    assert "Title changed The first second title" in page
    assert page.index("Version 2") < page.index("First published.") > page.index("Version 1")
    assert "The first version: everything in it was new." in page
    assert '"words"' not in page
    assert "{" not in page


def test_history_of_a_change_that_is_not_read_says_so(client: Client, case: Case) -> None:
    actor = case.warnings.get().issuer
    assert actor is not None
    Actor.objects.filter(pk=actor.pk).update(slug="otherwise")
    make_version(case, None, "Another address.")
    page = words(client.get("/cases/the-case/history/"))
    assert "No visible change" in page


def test_history_escapes_what_was_typed(client: Client, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(title="<b>Bold</b>")
    make_version(case, None, "<i>Why</i>")
    text = client.get("/cases/the-case/history/").text
    assert "<b>Bold" not in text
    assert "<i>Why" not in text


@pytest.mark.slow
def test_history_page_costs_a_fixed_number_of_queries(
    client: Client, case: Case, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    revised(case, VERSIONS_PER_PAGE)
    client.get("/about/")  # caches whether there are synthetic cases
    # Version of the dataset, case, its public name, count of versions, versions, the version before
    # the last one on the page, and the version of the dataset again, for the notice on synthetic
    # cases.
    with django_assert_num_queries(7):
        client.get("/cases/the-case/history/")


def test_history_of_many_versions_is_paged_and_each_page_compares_its_last(
    client: Client, case: Case
) -> None:
    revised(case, VERSIONS_PER_PAGE)
    first = client.get("/cases/the-case/history/")
    assert "Note 0." in words(first)
    assert "A clearer title." not in words(first)
    assert "Page 1 of 2" in words(first)
    assert "The first version" not in words(first)
    second = words(client.get("/cases/the-case/history/?page=2"))
    assert "A clearer title." in second
    assert "First published." in second


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("page=99", "There is no page 99; the last one, page 1, is shown."),
        ("page=x", "“page” is a whole number from 1"),
        ("page=0", "“page” is a whole number from 1"),
        (f"page={'9' * 400}", "“page” is a whole number from 1"),
        ("page=%00", "“page” is a whole number from 1"),
        ("since=1", "There is no parameter “since”."),
    ],
)
def test_history_says_what_of_its_address_it_ignored(
    client: Client, case: Case, query: str, sentence: str
) -> None:
    assert sentence in words(client.get(f"/cases/the-case/history/?{query}"))


def test_version_shows_the_case_as_it_was_under_a_banner(client: Client, case: Case) -> None:
    response = client.get("/cases/the-case/v/1/")
    page = words(response)
    assert "Version 1 of 2, public from" in page
    assert "the case has changed since" in page
    assert "The first title" in page
    assert "The second title" not in page
    assert re.search(r'/cases/the-case/v/1/">\s*<meta property="og:url"', response.text)
    assert '<meta name="robots" content="noindex, follow">' in response.text
    assert "seen by staff only" not in page
    assert f"{case.number}, version 1, " in page.partition("Cite this version")[2]
    assert f"/id/{case.number}/v/1/" in page.partition("Cite this version")[2]


def test_version_that_is_the_newest_says_so(client: Client, case: Case) -> None:
    page = words(client.get("/cases/the-case/v/2/"))
    assert "Version 2 of 2" in page
    assert "and still the newest" in page
    assert "Next version" not in page
    assert "Previous version" in page


def test_case_leads_to_its_history_and_is_itself_for_search_engines(
    client: Client, case: Case
) -> None:
    text = client.get("/cases/the-case/").text
    assert '<a href="/cases/the-case/history/">History</a>' in text
    assert "noindex" not in text


@pytest.mark.slow
def test_version_leads_to_what_it_changed_on_the_right_page(client: Client, case: Case) -> None:
    revised(case, VERSIONS_PER_PAGE)
    assert "history/?page=2#v1" in client.get("/cases/the-case/v/1/").text
    assert 'id="v1"' in client.get("/cases/the-case/history/?page=2").text


def test_version_page_costs_a_fixed_number_of_queries(
    client: Client, case: Case, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # Version of the dataset, twice; case, its public name, version, newest version; former slugs of
    # actors and of sources that have no page; notes on its sources; the version of the dataset
    # again, for the notice on synthetic cases.
    client.get("/cases/the-case/v/1/")
    with django_assert_num_queries(9):
        client.get("/cases/the-case/v/1/")


@pytest.mark.parametrize("number", ["0", "3", "9" * 20, "9" * 5000, "-1", "x", "1.0", "٣", "%00"])
def test_version_of_a_number_that_is_none_is_not_found(
    client: Client, case: Case, number: str
) -> None:
    assert client.get(f"/cases/the-case/v/{number}/").status_code == 404


def test_missing_version_says_which_exist_and_leads_to_the_history(
    client: Client, case: Case
) -> None:
    page = client.get("/cases/the-case/v/3/")
    assert "has versions 1 to 2. Its history" in words_of(page)
    assert 'href="/cases/the-case/history/"' in page.text
    other = make_case(slug="new", published=True)
    page = client.get("/cases/new/v/2/")
    assert page.status_code == 404
    assert f"Only version 1 of {other.title} exists." in words_of(page)


@pytest.mark.parametrize("tail", ["", "history/", "v/1/"])
def test_page_of_a_case_answers_safe_methods_only(client: Client, case: Case, tail: str) -> None:
    address = f"/cases/the-case/{tail}"
    assert client.head(address).status_code == 200
    for method in ("post", "put", "delete", "patch"):
        assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize("tail", ["history/", "v/1/"])
def test_versions_under_a_former_address_redirect(client: Client, case: Case, tail: str) -> None:
    case.slug = "renamed"
    case.save()
    show(case)
    assert client.get(f"/cases/the-case/{tail}")["Location"] == f"/cases/renamed/{tail}"
    assert "The first title" in words(client.get("/cases/renamed/v/1/"))


@pytest.mark.parametrize("tail", ["history/", "v/1/"])
def test_versions_of_a_withdrawn_case_are_gone_and_say_why(
    client: Client, case: Case, tail: str
) -> None:
    case.slug = "renamed"
    case.save()
    withdraw(case, None, "It was a hoax.")
    for slug in ("the-case", "renamed"):
        response = client.get(f"/cases/{slug}/{tail}", follow=True)
        assert response.status_code == 410
        assert "It was a hoax." in response.text


def test_versions_of_a_reinstated_case_are_public_again_and_say_why_they_were_not(
    client: Client, case: Case
) -> None:
    withdraw(case, None, "It was a hoax.")
    assert "If the case is reinstated" in client.get("/cases/the-case/").text
    reinstate(case, None, "It was none.")
    assert "The first title" in words(client.get("/cases/the-case/v/1/"))
    page = words(client.get("/cases/the-case/history/"))
    assert "Reinstated: It was none." in page
    assert "Reason for the withdrawal: It was a hoax." in page
    assert "The case came back as it was." in page


@pytest.mark.parametrize("tail", ["history/", "v/1/"])
def test_versions_of_a_merged_case_lead_to_the_history_of_the_other(
    client: Client, case: Case, tail: str
) -> None:
    other = make_case(published=True, slug="the-other")
    merged(case, other)
    assert client.get(f"/cases/the-case/{tail}")["Location"] == "/cases/the-other/history/"
    third = make_case(published=True, slug="the-third")
    merged(other, third)
    response = client.get(f"/cases/the-case/{tail}", follow=True)
    assert response.redirect_chain[-1][0] == "/cases/the-third/history/"


@pytest.mark.parametrize("tail", ["history/", "v/1/"])
@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_versions_of_what_was_never_published_are_not_found(
    admin_client: Client, client: Client, tail: str, status: str
) -> None:
    make_case(slug="a-draft", status=status)
    assert client.get(f"/cases/a-draft/{tail}").status_code == 404
    assert admin_client.get(f"/cases/a-draft/{tail}").status_code == 404
    assert client.get(f"/cases/no-case/{tail}").status_code == 404


def test_version_links_only_what_has_a_page_today(client: Client, case: Case) -> None:
    speakers = [make_actor(name=name) for name in ("Still", "Renamed", "Unnamed", "Deleted")]
    source = make_source(title="The gone report")
    claims = [make_claim(case, "kind", speaker=speaker) for speaker in speakers]
    claims.append(make_claim(case, "kind", source=source))
    for claim in claims[2:]:
        claim.delete()
    speakers[3].delete()
    source.delete()
    speakers[1].slug = "new-slug"
    speakers[1].save()
    make_version(case, None, "Claims were taken out.")
    text = client.get("/cases/the-case/v/2/").text
    for name, is_linked in (("Still", True), ("Renamed", True), ("Unnamed", False)):
        assert (f">{name}</a>" in text) is is_linked
        assert name in text
    assert "Deleted" in text
    assert ">Deleted</a>" not in text
    assert "The gone report" in text
    assert ">The gone report</a>" not in text


def full_record() -> dict[str, Any]:
    """Return the record of a public case that has one of everything."""
    case = make_case(complete=True, slug="full", records_status="released")
    warning = make_warning(case, date="/2022-02", window_end="2024-03-09", content="Beware.")
    make_incident(case, date="2024", country=make_actor(kind="state"), place="Here", target="It")
    make_assessment(case)
    make_involvement(case)
    make_note(case, field=f"{warning.path}.date", locator="¶1", evidence_locator="p. 2")
    make_claim(case, warning.path, speaker=make_actor(), stance="disputes", quote="No.")
    make_claim(case, "kind", date_words="March", date_edtf="2024-03", date_basis="stated")
    source = make_source(
        publisher="P", url="https://example.org/a", archived_url="https://example.org/b"
    )
    support(case, source=source)
    Source.objects.filter(pk=source.pk).update(published_edtf="2024", published_basis="stated")
    case.involvements.update(note="So called.")
    case.assessments.update(note="In passing.")
    return case_record(detail(case))


def names(record: Any) -> Iterator[str]:
    """Yield the name of every field of a record, at any depth."""
    if isinstance(record, dict):
        yield from record
    for part in record.values() if isinstance(record, dict) else record:
        if isinstance(part, dict | list):
            yield from names(part)


def changed(record: Any, name: str, change: Any) -> Any:
    """Return the record with `change` applied to each object that has the field `name`."""
    if isinstance(record, list):
        return [changed(part, name, change) for part in record]
    if not isinstance(record, dict):
        return record
    copy = {key: changed(value, name, change) for key, value in record.items()}
    return change(copy) if name in copy else copy


def shown(record: dict[str, Any]) -> str:
    """Return the page of a version that holds this record."""
    current = Case(slug="full", number="DTW-0001", title="Now", status="published")
    context = {"current": current, "version": Version(number=1), "newest": 2, "after": 2}
    read = read_record(record)
    request = RequestFactory().get("/")
    page = case_page(read, without_page(read))
    return render_to_string("cases/version.html", page | context, request)


def without(record: Any, *fields: str) -> Any:
    """Return the record without these fields, at any depth."""
    if isinstance(record, list):
        return [without(part, *fields) for part in record]
    if not isinstance(record, dict):
        return record
    return {name: without(part, *fields) for name, part in record.items() if name not in fields}


@pytest.mark.slow
def test_version_of_an_older_shape_is_shown_whichever_field_it_lacks() -> None:
    record = full_record()
    assert "Beware." in shown(record)
    known = set(names(record))
    fields = sorted(known - {"number"})  # what is no case's is no record
    for name in fields:
        older = without(record, name)
        read = read_record(older)
        assert case_context(read), name
        assert isinstance(differences_of(older, record), list)
    # What was read has every field of today, so that of the fields that hold no others several may
    # be missing at once from a page.
    holding = [name for name in fields if set(names(without(record, name))) < known - {name}]
    rest = [name for name in fields if name not in holding]
    for missing in (*([name] for name in holding), *(rest[start::5] for start in range(5))):
        assert "Coding sheet" in shown(without(record, *missing)), missing


UNKNOWN = {"id": 7, "pk": 7, "case": "x", "parent": {"slug": "x"}, "field_of_old": [1]}


def test_version_with_fields_and_values_that_are_unknown_today_is_shown(client: Client) -> None:
    record = full_record()
    later = of_old = record
    for name in set(names(record)):
        later = changed(later, name, lambda part: UNKNOWN | part)
    assert "Coding sheet" in shown(later)
    for name in ("kind", "channel", "modality", "stance", "qualifier", "basis", "role", "status"):
        of_old = changed(of_old, name, lambda part, name=name: part | {name: "word_of_old"})
    assert "Coding sheet" in shown(of_old)
    assert differences_of(of_old, record)


NOT_READ = {"number", "slug", "status", "state", "earliest", "latest", "era"}
"""Fields that are not read in a case by themselves: names that stay, and what is derived."""


def test_differences_tell_of_every_field_that_is_read(client: Client) -> None:
    record = full_record()
    untold = set()
    for name in set(names(record)):
        other = changed(record, name, lambda part, name=name: with_altered(part, name))
        if other != record and not differences_of(record, other):
            untold.add(name)
    assert untold <= NOT_READ


def with_altered(part: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an object with another value of a field; a date that is not stated stays so."""
    if name == "edtf" and not part["edtf"]:
        return part
    return part | {name: altered(part[name])}


def altered(value: Any) -> Any:
    """Return another value of the same kind: a text, a day or an expression for a date, a list."""
    if not isinstance(value, str) or value in ("not_stated", "not_applicable", "source"):
        return value
    return "2021-05-04" if re.match(r"[/\d]*\d{4}", value) else f"{value}x"
