"""What people typed, on pages: its paragraphs, its direction of writing, and never its HTML."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from cases.models import Actor, Case, Claim, Source
from cases.review.steps import withdraw
from cases.versions.making import make_version_regardless
from tests.support.factories import make_note, show, show_all

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("db", "demo")]

TYPED = "The <b>first</b> paragraph.\n\nThe second,\nin two lines."
PARAGRAPHS = (
    "<p>The &lt;b&gt;first&lt;/b&gt; paragraph.</p>",
    "<p>The second,<br>in two lines.</p>",
)
LINES = ("The &lt;b&gt;first&lt;/b&gt; paragraph.<br><br>The second,<br>in two lines.",)

MOSCOW, IS, SEED = "moscow-concert-hall-2024", "islamic-state", "daily-true-news"


def shows(client: Client, address: str, parts: tuple[str, ...]) -> bool:
    text = client.get(address).text
    return all(part in text for part in parts) and "<b>first" not in text


def test_paragraphs_are_shown_as_they_were_typed(client: Client) -> None:
    case = Case.objects.get(slug=MOSCOW)
    Case.objects.filter(pk=case.pk).update(summary=TYPED)
    Actor.objects.filter(slug=IS).update(description=TYPED)
    Source.objects.filter(slug=SEED).update(description=TYPED)
    Claim.objects.filter(case=case, sequence=1).update(gist=TYPED)
    case.incidents.update(description=TYPED)
    show(case)
    for address in (case.get_absolute_url(), f"/actors/{IS}/", f"/sources/{SEED}/"):
        assert shows(client, address, PARAGRAPHS), address
    page = client.get(case.get_absolute_url()).text
    assert page.count(PARAGRAPHS[1]) == 3  # summary, incident, claim


def test_paragraphs_of_notes_and_reasons_are_shown(client: Client) -> None:
    case = Case.objects.get(slug=MOSCOW)
    make_note(case, source_says=TYPED, evidence_says=TYPED)
    make_version_regardless(case, None, TYPED)
    for address in ("/changes/", f"/cases/{MOSCOW}/history/"):
        assert shows(client, address, PARAGRAPHS), address
    for address in ("/notes/", f"/cases/{MOSCOW}/"):
        assert shows(client, address, LINES), address
    withdraw(Case.objects.get(pk=case.pk), None, TYPED)
    assert shows(client, f"/id/{case.number}/", LINES)


ARABIC = "المملكة العربية 7"


@pytest.mark.slow
def test_name_from_right_to_left_is_isolated_on_every_page(client: Client) -> None:
    """Else its number, or a comma and a figure after it, moves to the other side of it."""
    Actor.objects.filter(slug=IS).update(name=ARABIC, aliases=["دولة"])
    Case.objects.update(title=ARABIC)
    Source.objects.filter(slug=SEED).update(title=ARABIC, publisher="")
    Claim.objects.filter(case__slug=MOSCOW, quote__gt="").update(quote=ARABIC)
    show_all()
    for address in (
        *("/", "/cases/", "/cases/?view=table", "/matrix/", f"/cases/{MOSCOW}/"),
        *("/actors/", f"/actors/{IS}/", "/sources/", f"/sources/{SEED}/", "/changes/"),
        *(f"/facets/actor/?actor={IS}", f"/cases/?actor={IS}", "/exceptions/"),
    ):
        body = client.get(address).text.partition("<main")[2]
        # In an attribute there is nothing beside a name.
        shown = re.sub(r'="[^"]*"', "", body)
        assert ARABIC in shown, address
        for before in (shown[: found.start()] for found in re.finditer(ARABIC, shown)):
            assert before.endswith(("<bdi>", "\u2068")), (address, before[-80:])
    assert "<bdi>دولة</bdi>" in client.get(f"/actors/{IS}/").text


def test_names_in_a_sentence_are_isolated_one_by_one(client: Client) -> None:
    case: Any = Case.objects.get(slug=MOSCOW)
    warning = case.warnings.first()
    Actor.objects.filter(pk=warning.issuer_id).update(name=ARABIC)
    show(case)
    assert f"\u2068{ARABIC}\u2069 to " in client.get(case.get_absolute_url()).text
    assert "\u2068" not in client.get("/cases/kerman-2024/").text


def test_dated_claim_without_a_speaker_has_no_stray_comma(client: Client) -> None:
    claim = Claim.objects.filter(source__slug=SEED, speaker=None).exclude(modality="inferred")[0]
    Claim.objects.filter(pk=claim.pk).update(
        gist="Said once.",
        date_words="22 September 2014",
        date_edtf="2014-09-22",
        date_basis="stated",
        date_earliest="2014-09-22",
        date_latest="2014-09-22",
    )
    show(claim.case)
    text = client.get(f"/sources/{SEED}/").text
    after = " ".join(text.partition("Said once.")[2].split())
    assert after.startswith('<span class="meta">22 September 2014')
