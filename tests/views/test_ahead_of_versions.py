"""Rows of public cases that are ahead of the latest version: the public sees nothing of them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from cases import changelog
from cases.merging import merge
from cases.models import Case, Claim, Incident, Note, Warning
from cases.review.steps import withdraw
from tests.support.factories import make_case
from tests.support.public_pages import CASES, PAGES, STATES

from .test_links import crawl
from .test_one_way import FILES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

AHEAD = "zyzzyva"
"""A word in each text, and the beginning of each slug, that no version has."""

MOSCOW = "moscow-concert-hall-2024"
ADDRESSES = [
    *(address for address in PAGES if address != "/data/"),  # it has the version of the dataset
    *("/data/bundle.zip", "/data/claims.csv"),
    *(address for address in STATES if not address.startswith("/admin/")),
    *FILES,
    "/cases/?sort=title&q=warning",
    "/cases.csv?kind=warning_given",
    "/facets/directive/",
    f"/cases/{MOSCOW}/history/",
    f"/cases/{MOSCOW}/v/1/",
    f"/matrix/?case={MOSCOW}&case=kerman-2024&layout=columns",
    f"/cases.json?view=matrix&case={MOSCOW}",
    f"/notes/?case={MOSCOW}",
    f"/sources/daily-true-news/?case={MOSCOW}",
    "/changes/?q=Moscow",
    "/id/DTW-0001/",
    "/cases/?q=DTW-0001",
    "/cases/?q=DTW-0001&kind=warning_given",
    f"/cases/?q={AHEAD}",
]


def edit_ahead() -> None:
    """Change the rows of every public case and of its parts, without a version."""
    for case in Case.objects.published():
        case.slug = f"{AHEAD}-{case.slug}"
        case.save()
    texts = {"title": f"{AHEAD} title", "summary": f"{AHEAD} summary", "kind": "policy_origin"}
    Case.objects.update(**texts, records_status="released", date_words=AHEAD)
    Warning.objects.update(content=f"{AHEAD} content", reception="accepted", date_words=AHEAD)
    Incident.objects.update(description=f"{AHEAD} description", place=f"{AHEAD} place")
    Note.objects.filter(case__isnull=False).update(source_says=AHEAD, evidence_says=AHEAD)
    Claim.objects.filter(sequence__gt=1).delete()
    Claim.objects.update(gist=f"{AHEAD} gist", quote="")


def text_at(client: Client, address: str) -> str:
    """Return what an address answers, except when it did and of which version of the dataset."""
    response = client.get(address, follow=True)
    body = b"".join(response) if response.streaming else response.content
    text = body.decode(errors="replace")
    # In pictures, where numbers are places, it is not given.
    parts = re.split(r"(<svg.*?</svg>)", text, flags=re.DOTALL)
    parts[::2] = [re.sub(rf"\b{changelog.latest()}\b", "", part) for part in parts[::2]]
    text = "".join(parts)
    return re.sub(r'"(dataset_version|generated_at)": .*', "", text)


def test_every_public_address_says_the_same_as_before(client: Client) -> None:
    before = {address: text_at(client, address) for address in ADDRESSES}
    edit_ahead()
    changed = [address for address in ADDRESSES if text_at(client, address) != before[address]]
    assert changed == []
    assert AHEAD in Case.objects.get(number="DTW-0001").title


@pytest.mark.slow
def test_all_links_answer_and_lead_to_nothing_unpublished(client: Client) -> None:
    edit_ahead()
    pages = crawl(client)
    assert {f"/cases/{slug}/" for slug in CASES} <= pages.keys()
    assert not [address for address in pages if AHEAD in address]
    links = {link for page in pages.values() for link in page.links}
    assert not [link for link in links if AHEAD in link]


@pytest.mark.parametrize("tail", ["", "history/", "v/1/"])
def test_address_of_a_case_has_the_slug_of_its_version(client: Client, tail: str) -> None:
    case = Case.objects.get(slug=MOSCOW)
    for slug in ("first", "second"):
        case.slug = slug
        case.save()
    assert client.get(f"/cases/{MOSCOW}/{tail}").status_code == 200
    for slug in ("first", "second", "SECOND"):
        response = client.get(f"/cases/{slug}/{tail}?q=attack")
        assert response["Location"].partition("?")[0] == f"/cases/{MOSCOW}/{tail}"
    assert client.get("/id/DTW-0001/")["Location"] == f"/cases/{MOSCOW}/"


@pytest.mark.parametrize("tail", ["", "history/", "v/1/"])
def test_slug_of_a_draft_stays_unknown_after_a_withdrawal(client: Client, tail: str) -> None:
    case = Case.objects.get(slug=MOSCOW)
    case.slug = AHEAD
    case.save()
    withdraw(case, None, "It was a hoax.")
    response = client.get(f"/cases/{MOSCOW}/{tail}")
    assert response.status_code == 410
    assert AHEAD not in response.text
    assert AHEAD not in client.get("/changes/").text


def test_merged_case_leads_to_the_other_under_its_public_title_and_address(client: Client) -> None:
    kept, merged = Case.objects.get(slug=MOSCOW), make_case(published=True, slug="the-same")
    merge(kept, merged, None, "They are the same.")
    edit_ahead()
    assert client.get("/cases/the-same/")["Location"] == f"/cases/{MOSCOW}/"
    assert client.get("/cases/the-same/history/")["Location"] == f"/cases/{MOSCOW}/history/"
    page = client.get("/changes/").text
    assert "US warnings before the attack on a Moscow concert hall, 2024, DTW-0001" in page
    assert AHEAD not in page
