"""Marks: every page that shows a value says how it stands, and all of them say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import pytest
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from cases import synthetic
from cases.evidence.badges import (
    UNBADGED_MODALITIES,
    badges_of,
    basis_badge,
    stance_badge,
    with_badges,
)
from cases.evidence.evidence_status import EvidenceStatus, combined_status, least_certain
from cases.evidence.lead_time import first_occurrence
from cases.evidence.values import ABSENT_TEXT
from cases.evidence.variables import DERIVED, VARIABLES
from cases.models import Case, Incident
from cases.models.vocabulary import Modality
from cases.presentation.cards import MAX_INCIDENTS
from tests.support.coding_sheets import sheet_of
from tests.support.factories import (
    make_case,
    make_claim,
    make_incident,
    make_note,
    make_warning,
    show,
)
from tests.support.public_pages import PAGES

pytestmark = [
    pytest.mark.once,
    pytest.mark.django_db,
    pytest.mark.slow,
]

MARK = re.compile(r'<(?:span|a) class="badge\b[^>]*>(.*?)</(?:span|a)>')

EVERY_COLUMN = "&".join(f"column={name}" for name in VARIABLES)

CONFIRMING = {"Quoted", "Stated", "Date worked out"}

Told = tuple[str, tuple[str, ...]]
"""A value as it stands in a page: its words, and its marks in their order."""


FROM_NOTE = re.compile(r'<span class="from-note">.*?</span>')
"""What a note supplies beside a value; the coding sheet has the note itself there."""


def told(markup: str) -> Told:
    markup = FROM_NOTE.sub("", markup)
    marks = tuple(unescape(mark) for mark in MARK.findall(markup))
    plain = re.sub(r"<[^>]*>", " ", MARK.sub("", markup))
    return " ".join(unescape(plain).split()).replace(" ,", ","), marks


def cells(text: str) -> dict[str, dict[str, list[Told]]]:
    """Return what a table says: by the address of a case and the title of a column."""
    found = {}
    for row in text.partition("<tbody>")[2].split("<tr")[1:]:
        address = re.search(r'href="(/cases/[\w-]+/)', row)
        if address is None or "snippet-row" in row.partition(">")[0]:
            continue
        found[address[1]] = {
            title: [
                told(entry.partition(":</span>")[2] if 'class="meta"' in entry else entry)
                for entry in cell.split('<div class="entry">')[1:]
            ]
            or [told(cell)]
            for title, cell in re.findall(r'<td data-label="([^"]*)">(.*?)</td>', row, re.DOTALL)
        }
    return found


def sheet_values(page: str) -> dict[str, Told]:
    """Return what the coding sheet and the roles of a case say, by anchor."""
    found = {}
    for block in re.split(r'<div class="coded(?: [\w-]+)*">', page)[1:]:
        anchor = re.search(r'<a class="self" href="#([\w-]+)" aria-label="Link to', block)
        assert anchor
        head = block.partition('<div class="coded-body"')[2].partition(">")[2]
        head = re.split("</summary>|</p>", head)[0]
        text, marks = told(re.sub(r'<span class="evidence-count">.*?</span>', "", head))
        found[anchor[1]] = (text, marks)
    return found


def facts(markup: str) -> dict[str, Told]:
    """Return the facts of a part of the box or the chain, by their label."""
    return {
        label: told(fact)
        for label, fact in re.findall(r"<li>([\w -]+): (.*?)</li>", markup, re.DOTALL)
    }


@dataclass(frozen=True)
class World:
    """The published cases, what the table and the comparison say of each, and its own page."""

    cases: list[Case]
    listed: dict[str, dict[str, list[Told]]]
    compared: dict[str, dict[str, list[Told]]]
    pages: dict[str, str]


@pytest.fixture(scope="module")
def world(demo: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Make synthetic cases beside the demo, and one with many disputed values, and read them once
    for the tests of this module."""
    client = Client()
    with django_db_blocker.unblock(), transaction.atomic():
        synthetic.make(cases=80, seed=5)
        make_disputed_case()
        cases = list(Case.objects.published().for_detail())
        every = f"per_page=100&{EVERY_COLUMN}"
        yield World(
            cases,
            cells(client.get(f"/cases/?view=table&{every}").text),
            cells(client.get(f"/matrix/?{every}").text),
            {address: client.get(address).text for address in map(Case.get_absolute_url, cases)},
        )
        transaction.set_rollback(True)


def make_disputed_case() -> None:
    disputed = make_case(published=True)
    warning = make_warning(disputed, date="2020", reception="dismissed")
    incident = make_incident(disputed, date="2021", deaths=4, qualifier="exact")
    Incident.objects.filter(pk=incident.pk).update(date_basis="completed")
    for path in ("warning-1.date", "warning-1.reception", "incident-1.kind", "incident-1.deaths"):
        make_claim(disputed, path, modality="quoted")
        make_claim(disputed, path, modality="stated", stance="disputes")
    make_note(disputed, field="warning-1.reception", kind="correction")
    make_note(disputed, field="incident-1.date", kind="contradiction")
    make_note(disputed, field=f"{incident.path}.kind", kind="contradiction")
    make_note(disputed, field=f"{warning.path}.follow_up", kind="completion")


def test_table_and_comparison_word_a_value_alike(world: World) -> None:
    listed, compared = world.listed, world.compared
    assert len(listed) > 80
    assert listed.keys() == compared.keys()
    seen = set()
    for address, row in listed.items():
        own = {title: told for title, told in row.items() if title != "Date"}
        assert own.keys() == compared[address].keys()
        for title, values in own.items():
            assert values == compared[address][title], (address, title)
            seen |= {mark for _, marks in values for mark in marks}
    notes = {"Corrected by a note", "Contradicted by a note", "More in a note"}
    others = {"Contested", "No claim", "Completed by editors"}
    weak = {str(modality.label) for modality in Modality if modality not in UNBADGED_MODALITIES}
    assert seen >= notes | others | weak
    assert not seen & CONFIRMING


OPENED = re.compile(
    r'<div class="claim .*?</div>|<ul class="(?:drawn|said)">.*?</ul>|'
    r'<dl class="(?:key|terms)">.*?</dl>',
    re.DOTALL,
)
"""Where marks that confirm a value are shown: beside the claims, in the key and in the codebook."""

VALUE_PAGES = ["/cases/", "/cases/?view=table", "/matrix/", "/matrix/?layout=columns"]


def test_page_shows_what_confirms_a_value_in_opened_evidence_only(
    client: Client, world: World
) -> None:
    pages = {address: client.get(address).text for address in [*PAGES, *VALUE_PAGES]}
    for address, page in (pages | world.pages).items():
        assert not CONFIRMING & set(told(OPENED.sub("", page))[1]), address
    claims = "".join(OPENED.findall(pages["/cases/kerman-2024/"]))
    assert {"Quoted", "Stated"} <= set(told(claims)[1])  # a claim keeps its word


def test_page_with_values_says_what_a_value_without_a_mark_is_and_has_the_key(
    client: Client, world: World
) -> None:
    case = world.cases[0].get_absolute_url()
    for address in [*VALUE_PAGES, "/exceptions/", "/", "/about/", case]:
        page = client.get(address).text
        assert "A value without a mark is stated or quoted by a source" in page, address
        assert page.count('id="key"') == 1, address
        key = told(page.partition('id="key"')[0][-3_000:] + page.partition('id="key"')[2])[1]
        assert {str(modality.label) for modality in Modality} <= set(key), address


def test_comparison_and_coding_sheet_mark_a_value_alike(world: World) -> None:
    for case in world.cases:
        address = case.get_absolute_url()
        sheet, values = sheet_of(case), sheet_values(world.pages[address])
        for variable in VARIABLES.values():
            sections = {
                "case": [sheet.about_case],
                "warning": sheet.warnings,
                "incident": sheet.incidents,
            }[variable.part]
            name = DERIVED.get(variable.field, variable.field)
            name = "ICD 191" if name == "era" else name
            anchors = [
                f"{part.path or ('case' if name == 'ICD 191' else '')}-{name}".strip("-")
                for part in sections
            ]
            anchors = [re.sub(r"[ _]", "-", anchor).lower() for anchor in anchors]
            shown = [values[anchor] for anchor in anchors]
            if not shown:  # the case has no such part
                continue
            in_table = world.compared[address][variable.title]
            assert shown == in_table, (address, variable.name)


def test_card_marks_values_as_the_table_does(client: Client, world: World) -> None:
    cases = {case.get_absolute_url(): case for case in world.cases}
    for card in client.get("/cases/?per_page=100").context["cards"]:
        address = card.address.partition("?")[0]
        row, lines = world.listed[address], dict(card.texts.lines)
        assert told(card.texts.kind) == row["Kind"][0]
        dated, marks = told(card.texts.dated)
        assert marks == row["Date"][0][1]
        era, of_era = row["Era"][0]
        if era != "Not stated":  # the marks stand behind both
            assert dated.lower() == f"{row['Date'][0][0]}, {era}".lower()
            assert marks == of_era
        warnings = [said for term, said in lines.items() if re.match(r"Warning \d", term)]
        parties = parties_of(cases[address])
        assert [told(said.partition(' <span class="facts">')[0])[1] for said in warnings] == parties
        for label, title in WARNING_FACTS.items():
            values = [
                told(said.partition(f"<b>{label}:</b>")[2].partition("</span> <span><b>")[0])
                for said in warnings
                if label in ("Lead time", "Reception", "Follow-up")
            ]
            assert not values or values == row[title], (address, label)
        assert told(lines["Outcome"])[1] == outcome_marks(row, first=0, last=MAX_INCIDENTS)


def test_page_of_a_case_marks_values_as_the_table_does(world: World) -> None:
    for case in world.cases:
        address = case.get_absolute_url()
        row, page = world.listed[address], world.pages[address]
        head = page.partition('<header class="case-head">')[2].partition("</p>")[0]
        # The era stands beside the date that tells it, and the marks behind both.
        assert told(head)[1] == (*row["Kind"][0][1], *row["Date"][0][1])
        box = page.partition('id="outcome"')[2].partition('class="case-nav"')[0]
        happened = re.search(r"<strong>(.*?)</strong>(.*?)</dd>", box, re.DOTALL)
        assert happened
        record = sheet_of(case).record
        main = first_occurrence(record.incidents) or next(iter(record.incidents), None)
        at = record.incidents.index(main) if main else 0
        incidents = list(case.incidents.all())
        if len(incidents) > 1:
            assert f"{len(incidents)} incidents" in happened[1]
            assert told(happened[2])[1] == tuple(
                mark
                for nth, incident in enumerate(incidents[:MAX_INCIDENTS])
                for mark in (
                    *outcome_marks(row, nth, nth + 1),
                    *(row["Happened on"][nth][1] if incident.is_known_to_be else ()),
                    *(row["Deaths"][nth][1] if incident.deaths is None else ()),
                )
            )
        else:
            assert told(happened[1])[1] == outcome_marks(row, at, at + 1)
        if main and main.occurred and len(incidents) == 1:
            place = row["Place"][at][1] if main.place != "not_stated" else ()
            dated = told(happened[2].partition("</li>")[0])
            assert dated[1] == (*row["Happened on"][at][1], *place)
        shown = box.split('<div class="short-warning">')[1:]
        links = dict(chain_links(page))
        for nth, (warning, parties) in enumerate(
            zip(case.warnings.all(), parties_of(case), strict=True)
        ):
            link = links[warning.path]
            for part in (link, *(shown[nth : nth + 1])):
                for label, value in facts(part).items():
                    assert value == row[WARNING_FACTS[label]][nth], (address, label)
            assert told(link.partition("<h3>")[2].partition("</h3>")[0])[1] == parties
            assert told(link.partition("</p>")[0])[1] == row["Warned on"][nth][1]
        for nth, incident in enumerate(case.incidents.all()):
            if incident.path in links:
                link = links[incident.path]
                assert facts(link) == {label: row[label][nth] for label in ("Place", "Deaths")}, (
                    address
                )
                assert told(link.partition("</p>")[0])[1] == row["Happened on"][nth][1]
                assert (
                    told(link.partition("<h3>")[2].partition("</h3>")[0])[1]
                    == (row["Incident"][nth][1])
                )


WARNING_FACTS = {
    "Lead time": "Lead time",
    "Reception": "Reception",
    "Follow-up": "Follow-up",
    "Channel": "Channel",
    "Window covered the incident": "Window covered",
}
"""What the box and the chain say of a warning, with the columns of the table that have it."""


def chain_links(page: str) -> Iterator[tuple[str, str]]:
    """Yield the links of a chain that are a part of the case: its path and its markup."""
    # A link may hold a list of its own: the way that a warning took.
    chain = page.partition('<ol class="chain">')[2].partition("</section>")[0]
    for link in chain.split('<li class="link'):
        if path := re.search(r'<h3>\s*<a href="#([\w-]+)"', link):
            yield path[1], link


def parties_of(case: Case) -> list[tuple[str, ...]]:
    """Return for each warning the marks of who warned whom, those of all its parties."""
    sheet = sheet_of(case)
    return [
        told(
            badges_of(
                sheet.evidence.status(
                    warning,
                    *("issuer", "recipients"),
                    *(["intermediaries"] if warning.intermediaries else []),
                )
            )
        )[1]
        for warning in sheet.record.warnings
    ]


def outcome_marks(row: dict[str, list[Told]], first: int, last: int) -> tuple[str, ...]:
    """Return the marks of what happened in some incidents, each followed by those of its deaths.

    Between them are those of its place, if it is one of several.
    """
    several = len(row["Incident"]) > 1
    columns = (row[title][first:last] for title in ("Incident", "Place", "Deaths"))
    return tuple(
        mark
        for kind, place, deaths in zip(*columns, strict=True)
        for mark in (
            *kind[1],
            *(place[1] if several and place[0] not in ABSENT_TEXT.values() else ()),
            *(deaths[1] if re.search(r"\d", deaths[0]) else ()),
        )
    )


# What the marks are


def test_what_is_made_up_of_several_values_stands_as_the_weakest_of_them() -> None:
    stated = EvidenceStatus("stated", notes=("correction",))
    alleged = EvidenceStatus("alleged", is_contested=True, basis="resolved")
    expected = EvidenceStatus("alleged", is_contested=True, notes=("correction",), basis="resolved")
    assert combined_status([stated, alleged]) == combined_status([alleged, stated]) == expected
    assert combined_status([stated]) is stated
    assert combined_status([alleged, EvidenceStatus(basis="completed")]).basis == "completed"
    assert combined_status([alleged, EvidenceStatus()]).modality == ""


def test_no_claim_is_less_firm_than_any_and_an_unknown_firmness_than_all_others() -> None:
    assert least_certain(["quoted", "inferred"]) == "inferred"
    assert least_certain(["inferred", "overheard"]) == "overheard"
    assert least_certain(["overheard", ""]) == ""
    assert least_certain([]) == ""


def test_value_that_no_claim_asserts_is_marked_and_one_that_is_missing_is_not() -> None:
    assert told(with_badges("Private", "private", EvidenceStatus())) == ("Private", ("No claim",))
    assert told(with_badges("Not stated", "not_stated", EvidenceStatus())) == ("Not stated", ())
    # A claim that a source is silent makes no value certain; a dispute of it still shows.
    assert told(with_badges("Not stated", "not_stated", EvidenceStatus("alleged")))[1] == ()
    disputed = EvidenceStatus("alleged", is_contested=True)
    assert told(with_badges("Not stated", "not_stated", disputed))[1] == ("Contested",)


def test_value_that_says_how_firm_it_is_is_not_marked_with_it_again() -> None:
    assert told(with_badges("Unclear", "unclear", EvidenceStatus("unclear"))) == ("Unclear", ())
    assert told(with_badges("Unclear", "unclear", EvidenceStatus("inferred")))[1] == ("Inferred",)


@pytest.mark.parametrize(
    ("modality", "text"),
    [
        ("inferred", "Camp of the Inferred Martyrs"),
        ("alleged", "Office of Alleged Abuses to Iran"),
        ("reported", "None reported"),
        ("unclear", "Unclear Ltd"),
    ],
)
def test_name_that_has_the_word_of_a_mark_hides_no_mark(modality: str, text: str) -> None:
    assert told(badges_of(EvidenceStatus(modality), text))[1] == (str(Modality(modality).label),)


def test_firmness_that_only_a_version_still_has_is_marked_in_its_words() -> None:
    assert told(badges_of(EvidenceStatus("heard_of")))[1] == ("Heard of",)


def test_worked_out_value_that_is_not_there_has_no_marks() -> None:
    evidence_status = EvidenceStatus(
        "alleged", is_contested=True, basis="completed", is_derived=True
    )
    assert told(with_badges("Not computable", "not_stated", evidence_status)) == (
        "Not computable",
        (),
    )
    assert told(with_badges("15 days", "", evidence_status))[1] == (
        "Alleged",
        "Completed by editors",
        "Contested",
    )


def test_date_that_is_worked_out_from_the_words_is_marked_in_opened_evidence_only() -> None:
    resolved = EvidenceStatus("alleged", basis="resolved")
    assert told(badges_of(resolved, "22 March 2024"))[1] == ("Alleged",)
    assert told(basis_badge("resolved"))[1] == ("Date worked out",)


def test_note_that_completes_a_value_is_marked_only_where_the_sources_are_silent() -> None:
    completed = EvidenceStatus("stated", notes=("completion", "context"))
    assert told(badges_of(completed, "4")) == ("", ())
    silent = with_badges("Not stated", "not_stated", completed)
    assert told(silent) == ("Not stated", ("More in a note",))


def test_each_mark_says_what_it_means() -> None:
    status = EvidenceStatus("alleged", is_contested=True, notes=("correction",), basis="completed")
    marks = badges_of(status, "4") + badges_of(EvidenceStatus(), "4") + stance_badge("disputes")
    assert len(MARK.findall(marks)) == 6
    assert len(re.findall(r'title="[^"]{20,}"', marks)) == 6


def links(text: str) -> list[tuple[str, str]]:
    """Return where the badges of a page lead, each with its words."""
    return re.findall(r'<a class="badge[^"]*" href="([^"]*)"[^>]*>([^<]*)</a>', text)


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_badge_of_several_values_leads_to_the_one_that_is_disputed(client: Client) -> None:
    case = Case.objects.get(slug="kerman-2024")
    make_claim(case, "warning-1.recipients", stance="disputes", gist="Nobody was told.")
    show(case)
    found = links(client.get("/cases/kerman-2024/").text)
    assert ("#warning-1-recipients", "Contested") in found
    assert ("#warning-1-issuer", "Contested") not in found
    assert ("#kind", "Contradicted by a note") in found


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("address", ["/cases/", "/cases/?view=table", "/matrix/", "/exceptions/"])
def test_badges_lead_nowhere_where_no_evidence_is_shown(client: Client, address: str) -> None:
    page = client.get(address).text
    assert "Contradicted by" in page or address == "/exceptions/"
    assert links(page) == []
