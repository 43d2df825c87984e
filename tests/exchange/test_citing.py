"""Citations of the casebook in each form, read by the programs that researchers use."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import MonthIntMiddleware, SeparateCoAuthors, SplitNameParts
from citeproc import Citation as CitationOf
from citeproc import (
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from django.http import QueryDict

from cases.exchange.citations import read_citation
from cases.exchange.citations.cited import Cited, cited_case, cited_list
from cases.exchange.citations.embedded import coins, json_ld, meta_tags
from cases.exchange.citations.files import CITATION_FILES, citation_texts
from cases.exchange.citations.styles import apa, chicago
from cases.finding.case_filter import CaseFilter
from cases.models import Version
from cases.record.stored import read_record
from cases.versions.announcements import last_change
from tests.support.factories import make_case

pytestmark = pytest.mark.once

BIBTEX, RIS, CSL = CITATION_FILES

CASE = Cited(
    key="DTW-0001-v2",
    title="Warnings before an attack",
    version=2,
    issued=dt.date(2026, 11, 8),
    address="https://casebook.example.org/id/DTW-0001/v/2/",
    number="DTW-0001",
)
LIST = Cited(
    key="duty-to-warn-casebook-386-2c3553",
    title="2 of 7 cases in which the recipient is “Russia”",
    version=386,
    issued=dt.date(2026, 11, 8),
    address="https://casebook.example.org/cases/?q=%22a+b%22&recipient=x_y",
)
WHOLE = replace(
    LIST,
    key="duty-to-warn-casebook-386",
    title="Duty-to-warn casebook",
    address="https://casebook.example.org/",
)

TITLES = [
    "Plain words",
    'Threats & “quotes”, "straight" ones, 100% of $5, #1, a_b, x~y',
    "A { brace } and a \\ backslash, and {one that is open",
    "Предупреждение перед атакой",
    "تحذير قبل الهجوم",
    "東京の警告: Ōsaka, Łódź, Çağla",
    "<b>Not a tag</b> and McDonald's NATO",
    "Was nobody warned?",
]


@pytest.fixture
def people(settings: Any) -> None:
    settings.CASEBOOK_AUTHORS = [("Lee", "Ann B."), ("Okafor", "Ben"), ("Centre & Co", "")]
    settings.CASEBOOK_EDITORS = [("Duran", "Jean-Luc")]
    settings.CASEBOOK_PUBLISHER = "Example University"


def bibtex(cited: Cited) -> Any:
    """Return the entry of a file with its names in parts and its month as a number."""
    library = parse_string(
        BIBTEX.write(cited),
        append_middleware=[SeparateCoAuthors(), SplitNameParts(), MonthIntMiddleware()],
    )
    assert not library.failed_blocks
    (entry,) = library.entries
    return entry


def ris(cited: Cited) -> dict[str, Any]:
    (record,) = rispy.loads(RIS.write(cited))
    assert "unknown_tag" not in record
    return record


def csl(cited: Cited) -> dict[str, Any]:
    (item,) = json.loads(CSL.write(cited))
    found: dict[str, Any] = item
    return found


def set_in_style(cited: Cited) -> str:
    """Return the entry in a bibliography that a CSL processor makes of the CSL-JSON."""
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    source = CiteProcJSON(json.loads(CSL.write(cited)))
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    bibliography.register(CitationOf([CitationItem(cited.key)]))
    (entry,) = bibliography.bibliography()
    return str(entry)


@pytest.mark.parametrize("file", CITATION_FILES, ids=str)
@pytest.mark.parametrize("title", TITLES)
def test_title_comes_back_from_each_form_as_it_was(title: str, file: Any) -> None:
    """Our own reader reads what we write, whatever signs a title has."""
    citation = read_citation(file.write(replace(CASE, title=title)))
    # It takes the markup out that publishers put into titles.
    expected = re.sub(r"</?b>", "", title) + " (DTW-0001, version 2)"
    assert citation.values["title"] == expected
    assert citation.values["url"] == CASE.address
    assert citation.values["published_edtf"] == "2026-11-08"
    assert citation.values["author"] == "Duty-to-warn casebook"
    assert citation.values["publisher"] == "Duty-to-warn casebook"


def test_bibtex_is_an_entry_of_a_collection() -> None:
    entry = bibtex(CASE)
    assert (entry.entry_type, entry.key) == ("incollection", "DTW-0001-v2")
    assert entry["title"] == "{Warnings before an attack (DTW-0001, version 2)}"
    assert entry["booktitle"] == "{Duty-to-warn casebook}"
    assert (entry["year"], entry["month"], entry["date"]) == ("2026", 11, "2026-11-08")
    assert entry["url"] == CASE.address
    assert "editor" not in entry
    assert "publisher" not in entry


@pytest.mark.usefixtures("people")
def test_bibtex_tells_people_from_bodies() -> None:
    entry = bibtex(CASE)
    names = [(name.last, name.first) for name in entry["author"]]
    assert names == [
        (["Lee"], ["Ann", "B."]),
        (["Okafor"], ["Ben"]),
        ([r"{Centre \& Co}"], []),
    ]
    assert [name.last for name in entry["editor"]] == [["Duran"]]
    assert entry["publisher"] == "{Example University}"


@pytest.mark.parametrize("title", TITLES)
def test_bibtex_braces_are_balanced_and_its_signs_escaped(title: str) -> None:
    text = BIBTEX.write(replace(CASE, title=title))
    assert text.count("{") == text.count("}")
    written = next(line for line in text.splitlines() if line.startswith("  title"))
    assert not re.search(r"(?<!\\)[&%$#_~^]", written)


def test_ris_is_a_chapter_and_each_field_a_line() -> None:
    record = ris(replace(CASE, title="Two\nlines\u2028of a  title"))
    assert record["type_of_reference"] == "CHAP"
    assert record["title"] == "Two lines of a title (DTW-0001, version 2)"
    assert record["secondary_title"] == "Duty-to-warn casebook"
    assert (record["year"], record["date"]) == ("2026", "2026/11/08/")
    assert record["urls"] == [CASE.address]
    lines = RIS.write(CASE).split("\r\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert lines[0] == "TY  - CHAP"
    assert lines[-2:] == ["ER  - ", ""]


@pytest.mark.usefixtures("people")
def test_ris_names_authors_and_editors() -> None:
    record = ris(CASE)
    assert record["authors"] == ["Lee, Ann B.", "Okafor, Ben", "Centre & Co"]
    assert record["secondary_authors"] == ["Duran, Jean-Luc"]
    assert record["publisher"] == "Example University"


def test_csl_processor_prints_what_identifies_the_case() -> None:
    assert csl(CASE)["issued"] == {"date-parts": [[2026, 11, 8]]}
    text = set_in_style(CASE)
    for part in ("Duty-to-warn casebook", "2026", "DTW-0001, version 2", CASE.address):
        assert part in text


@pytest.mark.usefixtures("people")
def test_csl_processor_prints_the_names() -> None:
    text = set_in_style(CASE)
    for part in ("Lee, A.B.", "Okafor, B.", "Centre & Co", "Duran", "Duty-to-warn casebook"):
        assert part in text.replace("&amp;", "&")


def test_list_is_a_data_set_with_its_version_in_each_form() -> None:
    entry = bibtex(LIST)
    assert (entry.entry_type, entry["note"]) == ("misc", "{Dataset version 386}")
    assert entry["url"] == LIST.address
    record = ris(LIST)
    assert (record["type_of_reference"], record["edition"]) == ("DATA", "386")
    assert (csl(LIST)["type"], csl(LIST)["version"]) == ("dataset", "386")
    assert LIST.title in set_in_style(LIST)
    assert read_citation(BIBTEX.write(LIST)).values["url"] == LIST.address


def test_chicago_names_title_number_version_and_date() -> None:
    assert chicago(CASE) == (
        "Duty-to-warn casebook. 2026. “Warnings before an attack.” DTW-0001, version 2, "
        "8 November 2026. https://casebook.example.org/id/DTW-0001/v/2/."
    )
    asked = replace(CASE, title="Was “he” warned?")
    assert "2026. “Was ‘he’ warned?” DTW-0001" in chicago(asked)
    assert chicago(LIST).startswith(
        "Duty-to-warn casebook. 2026. 2 of 7 cases in which the recipient is “Russia”. "
        "Dataset version 386, 8 November 2026. https://"
    )
    assert chicago(WHOLE).startswith("Duty-to-warn casebook. 2026. Dataset version 386, 8 November")


def test_apa_names_title_number_version_and_date() -> None:
    assert apa(CASE) == (
        "Duty-to-warn casebook. (2026, November 8). Warnings before an attack (DTW-0001, "
        "Version 2). https://casebook.example.org/id/DTW-0001/v/2/"
    )
    assert apa(WHOLE) == (
        "Duty-to-warn casebook (Version 386) [Data set]. (2026, November 8). "
        "https://casebook.example.org/"
    )
    assert "(n.d.)" in apa(replace(WHOLE, issued=None))


@pytest.mark.usefixtures("people")
def test_styles_name_authors_editors_and_publisher() -> None:
    assert chicago(CASE).startswith(
        "Lee, Ann B., Ben Okafor, and Centre & Co. 2026. “Warnings before an attack.” In "
        "Duty-to-warn casebook, edited by Jean-Luc Duran. DTW-0001, version 2, 8 November 2026. "
        "Example University. https://"
    )
    assert apa(CASE).startswith(
        "Lee, A. B., Okafor, B., & Centre & Co. (2026, November 8). Warnings before an attack "
        "(DTW-0001, Version 2). In J.-L. Duran (Ed.), Duty-to-warn casebook. Example University. "
    )


def test_styles_without_authors_begin_with_the_title(settings: Any) -> None:
    settings.CASEBOOK_EDITORS = [("Duran", "Jean-Luc"), ("Lee", "Ann")]
    assert chicago(CASE).startswith(
        "“Warnings before an attack.” 2026. In Duty-to-warn casebook, edited by Jean-Luc Duran "
        "and Ann Lee. DTW-0001, "
    )
    assert apa(CASE).startswith("Warnings before an attack (DTW-0001, Version 2). (2026, ")
    assert "In J.-L. Duran & A. Lee (Eds.), Duty-to-warn casebook. https" in apa(CASE)
    assert chicago(WHOLE).startswith("Duran, Jean-Luc, and Ann Lee, eds. 2026. Duty-to-warn")
    assert apa(WHOLE).startswith("Duran, J.-L., & Lee, A. (Eds.). (2026, November 8). Duty-to")
    assert ris(WHOLE)["authors"] == ["Duran, Jean-Luc", "Lee, Ann"]


def test_title_from_right_to_left_is_isolated_on_pages_and_not_in_files() -> None:
    cited = replace(CASE, title="تحذير قبل الهجوم")
    shown = citation_texts(cited, str)
    texts = [*shown["styles"].values(), *(text for _, _, text in shown["citation_files"])]
    assert len(texts) == 5
    assert all(f"\u2068{cited.title}\u2069" in text for text in texts)
    assert not any("\u2068" in file.write(cited) for file in CITATION_FILES)


@pytest.mark.usefixtures("people")
def test_tags_make_zotero_take_a_chapter_with_its_people() -> None:
    tags = list(meta_tags(CASE))
    assert [text for name, text in tags if name == "citation_author"] == [
        *("Lee, Ann B.", "Okafor, Ben"),
        "Centre & Co,",  # without the comma “Co” would be its family name
    ]
    once = dict(tags)
    assert once["citation_title"] == "Warnings before an attack (DTW-0001, version 2)"
    assert once["citation_inbook_title"] == "Duty-to-warn casebook"
    assert once["citation_editor"] == once["DC.contributor"] == "Duran, Jean-Luc"
    assert once["citation_publication_date"] == "2026/11/08"
    assert once["citation_public_url"] == once["DC.identifier"] == CASE.address
    assert once["DC.date"] == "2026-11-08"


@pytest.mark.parametrize("cited", [WHOLE, LIST, replace(WHOLE, version="2026.12")])
def test_casebook_is_the_author_of_a_data_set_in_files_and_tags(cited: Cited) -> None:
    assert ris(cited)["authors"] == ["Duty-to-warn casebook"]
    assert "author = {{Duty-to-warn casebook}}" in BIBTEX.write(cited)
    assert json.loads(CSL.write(cited))[0]["author"] == [{"literal": "Duty-to-warn casebook"}]
    tags = dict(meta_tags(cited))
    assert tags["citation_title"] == tags["DC.title"] == f"{cited.title} ({cited.pinned})"
    assert (tags["citation_author"], tags["DC.type"]) == ("Duty-to-warn casebook,", "Dataset")
    assert "citation_inbook_title" not in tags


@pytest.mark.usefixtures("people")
def test_coins_is_a_context_object_of_a_chapter() -> None:
    given = QueryDict(coins(replace(CASE, title="A & B “c”")))
    assert given["rft_val_fmt"] == "info:ofi/fmt:kev:mtx:book"
    assert given["rft.genre"] == "bookitem"
    assert given["rft.atitle"] == "A & B “c” (DTW-0001, version 2)"
    assert given.getlist("rft.au") == ["Lee, Ann B.", "Okafor, Ben"]
    assert given["rft.aucorp"] == "Centre & Co"
    assert (given["rft.date"], given["rft_id"]) == ("2026-11-08", CASE.address)


@pytest.mark.django_db
def test_case_is_cited_by_its_number_version_and_the_day_of_the_version() -> None:
    case = make_case(published=True)
    version = Version.objects.get(case=case)
    cited = cited_case(read_record(version.record), version)
    assert cited.pinned == f"{case.number}, version 1"
    assert cited.issued == version.made_at.date()
    assert cited.address == f"http://testserver/id/{case.number}/v/1/"


@pytest.mark.django_db
def test_list_is_cited_by_its_query_and_the_version_of_the_dataset() -> None:
    make_case(published=True)
    make_case(published=True, kind="strategic_disclosure")
    lists = [
        cited_list(CaseFilter(QueryDict(query)), last_change())
        for query in (
            "kind=strategic_disclosure&page=1&view=table",
            "kind=warning_given",
            "sort=title",
        )
    ]
    assert [each.title for each in lists] == [
        "1 of 2 cases in which the kind is “Strategic disclosure”",
        "1 of 2 cases in which the kind is “Warning given”",
        "Duty-to-warn casebook",
    ]
    assert len({each.version for each in lists}) == 1
    assert len({each.key for each in lists}) == 3
    assert lists[0].address == "http://testserver/cases/?kind=strategic_disclosure"
    assert lists[2].address == "http://testserver/"
    assert lists[0].issued == Version.objects.latest("made_at").made_at.date()


@pytest.mark.django_db
def test_list_of_named_authors_says_which_casebook(settings: Any) -> None:
    settings.CASEBOOK_AUTHORS = [("Lee", "Ann")]
    cited = cited_list(CaseFilter(QueryDict("q=nothing")), None)
    assert cited.title == "Duty-to-warn casebook: 0 of 0 cases found by the search “nothing”"


@pytest.mark.django_db
def test_json_ld_describes_the_list_and_its_files() -> None:
    data = json_ld(CaseFilter(QueryDict("kind=policy_origin")))
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Dataset")
    assert len(data["description"]) >= 50  # search engines ask for as much
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [each["contentUrl"] for each in data["distribution"]] == [
        "http://testserver/cases.csv?kind=policy_origin",
        "http://testserver/cases.json?kind=policy_origin",
    ]
