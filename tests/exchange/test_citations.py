"""What is understood of pasted citations, in the forms in which programs export them."""

from __future__ import annotations

import json
import re

import pytest

from cases.exchange.citations import Citation, UnreadableCitationError, read_citation

pytestmark = pytest.mark.once

# As Zotero exports an article of a newspaper.
ZOTERO_BIBTEX = r"""
@article{previl_officials_2022,
    title = {Officials told {Sa{\~n}a}~{Čapek} of a \textit{``credible''} threat -- 100\% certain},
    volume = {12},
    issn = {0362-4331},
    url = {https://www.example.org/2022/11/05/a_story.html?a=1\&b=50\%25},
    journal = {The Harbour Times \& Post},
    author = {Previl, Sean and Garc{\'i}a M{\'a}rquez, Ana and {Office of the Director} and others},
    month = nov,
    year = {2022},
    urldate = {2022-11-10},
    keywords = {threats},
    file = {Snapshot:/home/p/story.html:text/html},
}
"""

# As Google Scholar exports it: a chapter of a book.
SCHOLAR_BIBTEX = """@incollection{lee2015warning,
  title={Warning of intelligence: A duty},
  author={Lee, Ann and van der Berg, Jan},
  booktitle={Handbook of Warnings},
  pages={12--34},
  year={2015},
  publisher={Harbour Press}
}"""

BIBLATEX = r"""
% Encoding: UTF-8
@string{hp = {Harbour Press}}
@Online{key,
  Title        = {A page},
  SubTitle     = {Its second line},
  organization = hp,
  date         = {2019-05/2019-07},
  howpublished = {\url{https://web.archive.org/web/20190801000000/https://example.org/~lee/page_1}},
  doi          = {10.1000/ABC_1(2)},
}
"""

ZOTERO_RIS = """TY  - NEWS
TI  - Embassy warned of attack &amp; told nobody
AU  - Lee, Ann
AU  - King, Martin, Jr.
AU  - Associated Press
T2  - The Harbour Times
AB  - An abstract of
two lines.
CY  - Harbour
DA  - 2022/11/05/
PY  - 2022
Y2  - 2022/11/10/12:30:00
UR  - https://example.org/a;b?c=1;d=2
L2  - https://archive.ph/20221106/https://example.org/a
SN  - 0362-4331
ER  -
"""

CSL = [
    {
        "id": "http://zotero.org/users/1/items/ABC",
        "type": "article-journal",
        "title": "The <i>duty</i> to warn",
        "container-title": "Journal of Warnings",
        "volume": "3",
        "DOI": "10.1000/xyz123",
        "URL": "https://journals.example.org/warn",
        "author": [
            {"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"},
            {"literal": "Task Force on Warning"},
        ],
        "translator": [{"family": "Lee"}],
        "issued": {"date-parts": [["2022", 11]]},
        "accessed": {"date-parts": [[2022, 11, 9]]},
    }
]


def unused_in(citation: Citation) -> str:
    """Return the names of the fields that a citation says were not used."""
    (sentence,) = (remark for remark in citation.remarks if remark.startswith("Not used: "))
    return sentence.removeprefix("Not used: ").partition(". ")[0]


def test_bibtex_of_a_reference_manager_is_read_without_its_latex() -> None:
    citation = read_citation(ZOTERO_BIBTEX)
    assert citation.values == {
        "title": "Officials told Saña Čapek of a “credible” threat – 100% certain",
        "author": "Sean Previl, Ana García Márquez, Office of the Director and others",
        "kind": "scholarship",
        "publisher": "The Harbour Times & Post",
        "url": "https://www.example.org/2022/11/05/a_story.html?a=1&b=50%25",
        "published_edtf": "2022-11",
        "published_basis": "stated",
        "accessed_on": "2022-11-10",
    }
    assert unused_in(citation) == "volume, issn, keywords and file"


def test_chapter_has_the_press_as_its_publisher_and_not_the_book() -> None:
    citation = read_citation(SCHOLAR_BIBTEX)
    assert citation.values["publisher"] == "Harbour Press"
    assert citation.values["author"] == "Ann Lee and Jan van der Berg"
    assert (citation.values["kind"], citation.values["published_edtf"]) == ("scholarship", "2015")
    assert unused_in(citation) == "booktitle and pages"


def test_biblatex_with_an_archived_address_gives_that_of_the_page_too() -> None:
    citation = read_citation(BIBLATEX)
    archived = "https://web.archive.org/web/20190801000000/https://example.org/~lee/page_1"
    assert citation.values == {
        "title": "A page: Its second line",
        "publisher": "Harbour Press",
        "published_edtf": "2019-05/2019-07",
        "published_basis": "stated",
        "archived_url": archived,
        "url": "https://example.org/~lee/page_1",
        "description": "DOI: https://doi.org/10.1000/ABC_1(2)",
    }
    assert citation.remarks == ["Choose the kind: it does not follow from the type “online”."]


def test_ris_of_a_reference_manager_is_read_with_its_exact_date() -> None:
    citation = read_citation("\ufeff" + ZOTERO_RIS.replace("\n", "\r\n"))
    assert citation.values == {
        "title": "Embassy warned of attack & told nobody",
        "author": "Ann Lee, Martin King Jr. and Associated Press",
        "kind": "press",
        "publisher": "The Harbour Times",
        "url": "https://example.org/a;b?c=1;d=2",
        "archived_url": "https://archive.ph/20221106/https://example.org/a",
        "published_edtf": "2022-11-05",
        "published_basis": "stated",
        "accessed_on": "2022-11-10",
    }
    assert unused_in(citation) == "abstract, place and ISSN or ISBN"


def test_csl_json_is_read_with_its_particles_and_bodies() -> None:
    citation = read_citation(json.dumps(CSL))
    assert citation.values == {
        "title": "The duty to warn",
        "author": "Jan van den Berg and Task Force on Warning",
        "kind": "scholarship",
        "publisher": "Journal of Warnings",
        "url": "https://journals.example.org/warn",
        "description": "DOI: https://doi.org/10.1000/xyz123",
        "published_edtf": "2022-11",
        "published_basis": "stated",
        "accessed_on": "2022-11-09",
    }
    assert unused_in(citation) == "volume and translator"


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ('@misc{a, title={A}, year=2022, month="nov"}', "2022-11"),
        ("@misc{a, title={A}, year={2022}, month={11}, day={5}}", "2022-11-05"),
        ('@misc{a, title={A}, year=2022, month=nov # "~5"}', "2022-11-05"),
        ("@misc(a, title={A}, YEAR={c. 2022})", "2022~"),
        ("TY - NEWS\nT1 - A\nPY - 2022///", "2022"),  # without its end, and with single spaces
        ("TY  - NEWS\nTI  - A\nDA  - 2022/11//\nY1  - 2022", "2022-11"),
        ("TY  - NEWS\nTI  - A\nDA  - 2022 Nov 5", "2022-11-05"),
        (
            '{"title": "A", "issued": {"date-parts": [[2022, 11, 5], [2022, 11, 7]]}}',
            "2022-11-05/2022-11-07",
        ),
        ('{"title": "A", "issued": {"raw": "5 November 2022"}}', "2022-11-05"),
        ('{"items": [{"title": "A", "issued": {"date-parts": [[2022]], "circa": true}}]}', "2022~"),
    ],
)
def test_date_in_each_way_to_write_it_is_read(text: str, edtf: str) -> None:
    assert read_citation(text).values["published_edtf"] == edtf


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@misc{a, title={A}, year={forthcoming}}", "forthcoming"),
        ('{"title": "A", "issued": {"literal": "Spring 2022"}}', "Spring 2022"),
    ],
)
def test_date_that_cannot_be_read_is_kept_in_words_and_named(text: str, words: str) -> None:
    citation = read_citation(text)
    assert citation.values == {"title": "A", "published_words": words}
    assert any(f"“{words}” cannot be read" in remark for remark in citation.remarks)


def test_json_of_a_doi_is_read_with_its_references() -> None:
    item = {
        "type": "journal-article",
        "title": "Warned",
        "URL": "http://dx.doi.org/10.1000/XYZ123",
        "DOI": "10.1000/xyz123",
        "reference": [{"key": str(number), "unstructured": "A" * 100} for number in range(300)],
    } | {f"field {number}": "A" for number in range(13)}
    citation = read_citation(json.dumps(item))
    assert citation.values == {
        "title": "Warned",
        "kind": "scholarship",
        "url": "https://doi.org/10.1000/XYZ123",
    }
    assert unused_in(citation).endswith("field 10 and 2 others")


def test_second_address_and_words_beside_an_address_are_named() -> None:
    citation = read_citation(
        "@misc{a, url={https://a.org/1}, note={\\url{https://a.org/2}}, howpublished={See "
        "https://a.org/1}}"
    )
    assert citation.values == {"url": "https://a.org/1"}
    assert "Not used, because there is another address: https://a.org/2." in citation.remarks
    assert unused_in(citation) == "howpublished"


def test_many_authors_are_cut_to_the_room_there_is() -> None:
    names = " and ".join(f"Author{number}, A." for number in range(40))
    author = read_citation(f"@book{{a, author={{{names}}}}}").values["author"]
    assert author.startswith("A. Author0, A. Author1, ")
    assert author.endswith(" and others")
    assert len(author) <= 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Paste a citation first."),
        (" \ufeff\n", "Paste a citation first."),
        ("x" * 1_000_000, "not a citation in a format that can be read"),
        ("x" + "\n" * 1_000_000 + "x", "not a citation in a format that can be read"),
        ("@misc{a, " + "x" * 999_991, "it has 1,000,000 characters, and 20,000 of BibTeX can"),
        ("<!doctype html><p>Lee, A. (2015).</p>", "a web page (HTML)"),
        ("Lee, A. (2015). Warning. Harbour Press.", "not a citation in a format that can be read"),
        ("@article{a, title = {A", "looks like BibTeX but breaks off"),
        ("@article{a title}", "says nothing that a source has a field for"),
        ('[{"title": "A"', "looks like CSL-JSON but breaks off"),
        ("[1, 2]", "looks like CSL-JSON but breaks off"),
        ("[]", "says nothing that a source has a field for"),
        ("@comment{nothing}", "says nothing that a source has a field for"),
        ("TY  - XYZ\nER  - ", "says nothing that a source has a field for"),
        ("@misc{a, title={A}}\n@misc{b, title={B}}", "These are 2 citations: “A”, “B”."),
        ("@misc{a, title={A}}\n@misc{a, title={A}}", "These are 2 citations"),
        (ZOTERO_RIS + ZOTERO_RIS, "These are 2 citations"),
        (json.dumps(CSL * 4), "and others. Paste one of them."),
    ],
)
def test_text_that_is_not_one_citation_is_refused_in_a_sentence_and_not_logged(
    text: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(UnreadableCitationError, match=re.escape(said)):
        read_citation(text)
    assert caplog.records == []


@pytest.mark.parametrize(
    "text",
    [
        "@misc{a, title={" + "{" * 9_000 + "}" * 9_000 + "}}",
        "@misc{a, title={" + "\\textit{" * 2_000 + "}" * 2_000 + "}}",
        "@a{" * 1_000,
        "[" * 200_000,
        '{"title": ' + "[" * 900 + "]" * 900 + "}",
        '{"title": {"a": [1]}, "author": 5, "issued": [[]], "DOI": null, "URL": "https://["}',
        '{"title": "A", "URL": "https://example.org/\\ud800b"}',
        '{"title": "\\u0000A", "author": [null, 1, []], "issued": {"date-parts": [[]]}}',
        "TY  - NEWS\nloose line\nTI  - \0A\nUR  - javascript:alert(1)\nDO  - 10.1",
        "@misc{a, author={{, , ,}}, title={$x^{2$ \\unknown{A} \\}, url={https://[}}",
    ],
    ids=range(10),
)
def test_garbage_in_the_form_of_a_citation_is_answered(text: str) -> None:
    try:
        values = read_citation(text).values
    except UnreadableCitationError:
        return
    said = "".join(values.values())
    assert "\0" not in said
    assert said.encode()
    assert "javascript" not in values.get("url", "")


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://example.org/wiki/Foo_(bar)", "https://example.org/wiki/Foo_(bar)"),
        ("(see https://example.org/a).", "https://example.org/a"),
        ("https://example.org/?a=1&amp;copy=2", "https://example.org/?a=1&copy=2"),
    ],
)
def test_address_is_taken_without_what_stands_around_it(written: str, address: str) -> None:
    assert read_citation(f"TY  - NEWS\nTI  - A\nUR  - {written}\n").values["url"] == address


def test_missing_date_of_crossref_is_none() -> None:
    values = read_citation('{"title": "A", "issued": {"date-parts": [[null]]}}').values
    assert values.keys() == {"title"}


def test_signs_of_latex_that_are_not_escaped_are_meant_as_signs() -> None:
    said = read_citation(r"@misc{a, title={Law & Order #1: 50% -- a \& b}}").values
    assert said["title"] == "Law & Order #1: 50% – a & b"
