"""Files that are not what they should be: refused in words, whatever they are."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from cases.exchange.bundle.files import sheets, spreadsheet
from cases.exchange.bundle.files.reading import Limits
from cases.exchange.bundle.files.sheets import FileRefusedError, make_sheet
from cases.exchange.bundle.files.spreadsheet import xlsx_template
from cases.exchange.bundle.files.uploaded import BUNDLE, read_file
from cases.exchange.bundle.layout.tables import BY_NAME, SOURCES
from tests.support.bundles import zipped
from tests.support.properties import tried

pytestmark = pytest.mark.once

LIMITS = Limits(size=1_000_000, rows=1_000)
HEADER = "slug,title,kind\n"


def refusal(subject: str, data: bytes | str, limits: Limits = LIMITS) -> str:
    """Return the sentences with which a file is refused."""
    content = data.encode() if isinstance(data, str) else data
    with pytest.raises(FileRefusedError) as refused:
        read_file(subject, content, limits, "latin.csv")
    return "\n".join(refused.value.messages)


def cells(subject: str, data: bytes | str) -> list[dict[str, str]]:
    content = data.encode() if isinstance(data, str) else data
    (sheet,) = read_file(subject, content, LIMITS)
    return [row for _, row in sheet.rows]


@pytest.fixture
def few_lines(monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many lines a file may have in this test: to read a million takes long."""
    monkeypatch.setattr(sheets, "MAX_LINES", 10_000)
    return sheets.MAX_LINES


# CSV


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n", "the file is empty; its first row names the columns"),
        ("slug,titel\n", "there is no column “titel”; did you mean “title”?"),
        ("slug,zzz\n", "there is no column “zzz”; the table has: slug, title, kind"),
        ("slug,zzz,yyy\n", "there are no columns “zzz”, “yyy”; the table has: slug, title, kind"),
        ("title,kind\n", "the column “slug” is missing"),
        ("slug,title,title\n", "the column “title” is there twice"),
        (
            HEADER + "a,b,c,d\n",
            "sources, row 2: It has more cells than columns, the first of them “d”",
        ),
        (
            HEADER.replace(",", ";") + "a;b;c;d\n",
            "A cell with a semicolon or a line break has to be",
        ),
        (HEADER + 'a,"b,press\n', "the quotation marks do not match up"),
        (HEADER + 'a,"b"x,press\n', "the quotation marks do not match up"),
        (HEADER + "a,=1+1,press\n", "row 2, column title: “=1+1” begins like a formula"),
        (HEADER + "a,@SUM(A1),press\n", "begins like a formula. Put an apostrophe before it"),
        (HEADER + "a,+1,press\n", "begins like a formula"),
        (HEADER + 'a,"\t=1",press\n', "begins like a formula"),
        (HEADER + "a,b\0c,press\n", "has a NUL character in line 2"),
        (
            (HEADER + "a,Zürich,press\n").encode("latin-1"),
            "latin.csv is not in UTF-8: line 2 has a character in another encoding. Save it as",
        ),
        ((HEADER + "a,b,press\n").encode("utf-16"), "latin.csv is in UTF-16; save it as “CSV"),
        (",".join(f"c{n}" for n in range(200)), "the file has more than 100 columns"),
        ("," * 20_000, "the file has more than 100 columns"),  # no cell is looked at
        (b"\xd0\xcf\x11\xe0" + b"x" * 50, "in the old form of Excel"),
        (b"%PDF-1.7 \xff\xff", "not in UTF-8"),
        (b"PK\x03\x04 and nothing", "The file begins like XLSX and cannot be read"),
    ],
)
def test_csv_that_is_wrong_is_refused_in_words(data: bytes | str, sentence: str) -> None:
    assert sentence in refusal("sources", data)


@pytest.mark.parametrize("subject", ["sources", BUNDLE])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("BibTeX", "% exported\n@article{a,\n  title = {One, two},\n}\n"),
        ("RIS", "TY  - NEWS\nTI  - One, two\nER  - \n"),
        ("CSL-JSON", '[{"id": "a", "type": "article-journal", "title": "One, two"}]'),
    ],
)
def test_file_of_citations_is_refused_with_the_form_that_reads_them(
    name: str, text: str, subject: str
) -> None:
    assert refusal(subject, "\ufeff" + text) == (
        f"This is {name}. Fill in a source from it under Sources → Add → Fill in from a citation."
    )


@pytest.mark.parametrize("text", ['{"cases": [{"slug": "a"}]}', "<!DOCTYPE html>\n<p>@a{b\n"])
def test_other_files_of_text_are_not_taken_for_citations(text: str) -> None:
    assert "the column “slug” is missing" in refusal("sources", text)


@pytest.mark.parametrize("subject", ["actors", "cases", "warnings"])
def test_table_of_another_kind_is_refused_in_one_sentence(subject: str) -> None:
    text = ",".join(SOURCES.by_name) + "\n"
    assert refusal(subject, text) == (
        f"{subject}: these look like columns of Sources; import them as that table."
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_csv_of_any_spreadsheet_is_read(delimiter: str, mark: str, ending: str) -> None:
    lines = [["slug", "title", "kind"], ["a", "'=kept", "press"], ["", "", ""], ["#", "no", ""]]
    text = mark + ending.join(delimiter.join(line) for line in lines)
    assert cells("sources", text) == [{"slug": "a", "title": "=kept", "kind": "press"}]


def test_csv_with_too_many_rows_is_refused() -> None:
    text = HEADER + "".join(f"s{n},t,press\n" for n in range(1_001))
    assert "more than 1,000 rows; split it" in refusal("sources", text)


def test_csv_that_is_too_large_is_refused() -> None:
    text = HEADER + "a," + "x" * 1_000_000 + ",press\n"
    assert "The file has 1.1 MB; at most 1 MB are taken." in refusal("sources", text)


def test_csv_with_many_faults_tells_the_first_ones() -> None:
    text = HEADER + "".join(f"a,={n},press\n" for n in range(500))
    assert refusal("sources", text).count("\n") == 50


def test_sheet_of_empty_lines_without_end_is_refused(few_lines: int) -> None:
    def lines() -> Any:
        yield ["slug"]
        while True:
            yield [""]

    with pytest.raises(FileRefusedError, match=f"more than {few_lines:,} lines"):
        make_sheet(SOURCES, lines(), max_rows=10, overhang=lambda place, text: "")


# Bundles


def bomb() -> bytes:
    return zipped({"cases.csv": b"0" * 9_000_000})


def lying() -> bytes:
    """Return a zip whose directory says that a file is shorter than it is."""
    data = bytearray(zipped({"cases.csv": b"slug\n" + b"x" * 500}, zipfile.ZIP_STORED))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def twice() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as bundle:
        bundle.writestr("cases.csv", "slug\n")
        with pytest.warns(UserWarning, match="Duplicate name"):
            bundle.writestr("cases.csv", "slug\n")
    return file.getvalue()


def encrypted() -> bytes:
    data = bytearray(zipped({"cases.csv": "slug\n"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"no zip", "This is neither a bundle, which is a zip, nor a workbook."),
        (b"PK" + b"x" * 100, "not a zip that can be read"),
        (zipped({}), "The zip has no table in it"),
        (zipped({"README.md": "x"}), "The zip has no table in it"),
        (zipped({"../cases.csv": "x"}), "“../cases.csv” lies in a folder"),
        (zipped({"/etc/passwd": "x"}), "“/etc/passwd” lies in a folder"),
        (zipped({"a\\b.csv": "x"}), "lies in a folder"),
        (zipped({"bundle/cases.csv": "x"}), "a bundle has its files at the top"),
        (zipped({"evil.exe": "x"}), "“evil.exe” does not belong in a bundle; take it out"),
        (zipped({"cases.csv": "x" * 150_000_0}), "packed"),
        (zipped({"cases.csv": "number\n"}), "the column “slug” is missing"),
        (zipped({"cases.csv": b"\xff\xff"}), "cases.csv is not in UTF-8"),
        (zipped({"cases.csv": "slug\n", "datapackage.json": "{"}), "datapackage.json cannot be"),
        (
            zipped({"cases.csv": "slug\n", "datapackage.json": '{"casebook_format": 2}'}),
            "written by a newer casebook",
        ),
    ],
)
def test_bundle_that_is_wrong_is_refused_in_words(data: bytes, sentence: str) -> None:
    assert sentence in refusal(BUNDLE, data)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (bomb, "packed"),
        (lying, "not a zip that can be read"),
        (twice, "“cases.csv” is there twice"),
        (encrypted, "not a zip that can be read"),
    ],
)
def test_bundle_that_is_made_to_harm_is_refused_in_words(
    make: Callable[[], bytes], sentence: str
) -> None:
    assert sentence in refusal(BUNDLE, make())


def test_bundle_that_unpacks_to_too_much_is_refused_unread() -> None:
    parts = {f"{name}.csv": bytes(range(256)) * 8_000 for name in list(BY_NAME)[:6]}
    said = refusal(BUNDLE, zipped({**parts}))
    assert "The files in the zip have 12 MB; at most 10 MB are taken." in said


def test_bundle_with_too_many_rows_in_all_is_refused() -> None:
    rows = "".join(f"s{n},t,press\n" for n in range(600))
    said = refusal(
        BUNDLE,
        zipped(
            {"sources.csv": HEADER + rows, "actors.csv": HEADER.replace("title", "name") + rows}
        ),
    )
    assert said == "The bundle has more than 1,000 rows; split it."


def test_zip_of_very_many_files_is_refused_unread() -> None:
    data = zipped({f"{n}.csv": "" for n in range(1_001)})
    assert refusal(BUNDLE, data) == "The zip has more than 1,000 files, which no table has."


def test_bundle_that_was_cut_off_is_refused() -> None:
    data = zipped({"cases.csv": "slug\n"})
    assert "not a zip that can be read" in refusal(BUNDLE, data[: len(data) // 2])


# XLSX


def workbook(*lines: list[Any], title: str = "sources", sheets: int = 1) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for line in lines:
        sheet.append(line)
    for _ in range(sheets - 1):
        book.create_sheet()
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


DAY = dt.datetime.fromisoformat("2024-03-07")
NAMES = ["slug", "title", "kind", "published_edtf", "accessed_on"]


def test_xlsx_is_read_as_what_was_typed() -> None:
    line = ["a", 1984, "press", 2024, DAY]
    expected = dict(zip(NAMES, ["a", "1984", "press", "2024", "2024-03-07"], strict=True))
    assert cells("sources", workbook(NAMES, [], line)) == [expected]


def test_xlsx_row_that_is_short_has_empty_cells() -> None:
    (row,) = cells("sources", workbook(NAMES, ["a", "b"]))
    assert row["accessed_on"] == ""


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("title", DAY, "The spreadsheet made a date or a time of what was"),
        ("accessed_on", DAY + dt.timedelta(hours=12), "made a date or a time"),
        ("title", "=1+1", "It holds a formula; put in its result"),
        ("title", 0.1, "It holds the number 0.1, which may be rounded"),
        (
            "title",
            dt.datetime.fromisoformat("2024-03-07"),
            "The spreadsheet made a date or a time of what was",
        ),
        ("accessed_on", dt.time(12), "made a date or a time"),
        ("title", "#REF!", "It holds the error #REF!"),
    ],
)
def test_xlsx_cell_that_can_be_read_in_two_ways_is_refused(
    column: str, value: Any, sentence: str
) -> None:
    said = refusal("sources", workbook(["slug", column], ["a", value]))
    assert f"sources, row 2, column {column}: " in said
    assert sentence in said


def test_xlsx_of_several_sheets_needs_one_of_the_name() -> None:
    assert "has 2 sheets and none is called “sources”" in refusal(
        "sources", workbook(NAMES, title="Sheet", sheets=2)
    )
    assert cells("sources", workbook(NAMES, title="Sources", sheets=2)) == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (zipped({"a.txt": "x"}), "a zip, and no workbook"),
        (zipped({"mimetype": "x"}), "an OpenDocument file"),
        (zipped({"[Content_Types].xml": "<x"}), "The workbook cannot be read; it is damaged"),
        (zipped({"[Content_Types].xml": b"0" * 5_000_000}), "packed"),
    ],
)
def test_xlsx_that_is_none_is_refused_in_words(data: bytes, sentence: str) -> None:
    assert sentence in refusal("sources", data)


def repacked(
    data: bytes, name: str, change: Callable[[str], str], compression: int = zipfile.ZIP_DEFLATED
) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        files: dict[str, str | bytes] = {entry: book.read(entry) for entry in book.namelist()}
    files[name] = change(bytes(files[name]).decode())  # type: ignore[arg-type]  # read as bytes
    return zipped(files, compression)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


def test_xlsx_with_entities_that_unfold_is_refused() -> None:
    data = repacked(
        workbook(NAMES, ["a", "b"]),
        "xl/worksheets/sheet1.xml",
        lambda text: LAUGHS + text.replace("<v>1</v>", "<v>&b;</v>"),
    )
    assert "The workbook cannot be read" in refusal("sources", data)


def test_xlsx_whose_rows_are_numbered_without_end_is_refused(few_lines: int) -> None:
    data = repacked(
        workbook(["slug"], ["a"]),
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace('<row r="2"', '<row r="999999999"').replace("A2", "A999999999"),
    )
    assert f"more than {few_lines:,} lines" in refusal("sources", data)


def test_xlsx_with_many_empty_rows_above_a_row_is_refused_without_reading_them() -> None:
    made_up = [NAMES, ["a"], *[[]] * 1_001, ["b"]]
    assert refusal("sources", workbook(*made_up)) == (
        "sources: rows 3 to 1,003 are empty, and row 1,004 is not. Delete the empty rows, or clear "
        "what is below them."
    )
    assert len(cells("sources", workbook(NAMES, ["a"], *[[]] * 1_001))) == 1


@pytest.mark.parametrize(
    ("part", "before", "made", "sentence"),
    [
        ("worksheets/sheet1", "</sheetData>", "<row><c/><c/></row>" * 334, "more than 1,000 cells"),
        ("worksheets/sheet1", "</sheetData>", "<x:c r='1'/>" * 1_001, "more than 1,000 cells"),
        ("styles", "</cellXfs>", "<xf/>" * 100_001, "“xl/styles.xml” in the workbook is too large"),
    ],
    ids=["cells", "prefixed", "styles"],
)
def test_xlsx_that_takes_long_to_read_is_refused_unread(
    part: str, before: str, made: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("The workbook is read.")

    monkeypatch.setattr(spreadsheet, "load_workbook", read)
    monkeypatch.setattr(spreadsheet, "MAX_CELLS", 1_000)
    monkeypatch.setattr(spreadsheet, "_PORTION", 50)  # parts many of the tags in two
    data = repacked(
        workbook(NAMES),
        f"xl/{part}.xml",
        lambda text: text.replace(before, made + before),
        zipfile.ZIP_STORED,
    )
    assert sentence in refusal("sources", data)


# Whatever comes


def is_read_or_told(subject: str, data: bytes) -> bool:
    """Tell whether a file is read, or refused in words; anything else is raised."""
    try:
        return bool(read_file(subject, data, LIMITS))
    except FileRefusedError as error:
        return all(error.messages)


@given(st.sampled_from([BUNDLE, "sources", "claims"]), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(subject: str, data: bytes) -> None:
    for begin in (b"", b"PK\x03\x04", b"slug,title\n"):
        assert is_read_or_told(subject, begin + data)


@cache
def whole(subject: str) -> bytes:
    """Return a file that can be read; a workbook has the time of its making in it."""
    if subject == BUNDLE:
        return zipped({"sources.csv": HEADER + "a,b,c\n"})
    return xlsx_template(BY_NAME[subject])


@tried(30)
@given(st.data(), st.sampled_from([BUNDLE, "sources"]))
def test_any_damage_to_a_zip_is_read_or_refused_in_words(data: Any, subject: str) -> None:
    damaged = bytearray(whole(subject))
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.just(len(damaged)) | st.integers(0, len(damaged)))
    assert is_read_or_told(subject, bytes(damaged[:cut]))
