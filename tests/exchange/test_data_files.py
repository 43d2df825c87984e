"""The files of `/data/`: everything public and nothing else, described, and brought back in."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import frictionless
import pytest
import yaml
from datasette.app import Datasette
from django.db import transaction

from cases.exchange.bundle.layout.cells import unguard
from cases.exchange.bundle.layout.columns import MISSING
from cases.exchange.dataset.making import BUNDLE, NAMES, SQLITE, make_files
from cases.exchange.dataset.public_bundle import TABLES, citation_cff
from cases.exchange.tables.registry import TABLES as TIDY
from cases.exchange.tables.table import INTEGER
from cases.models import Actor, Case, Source, Version
from cases.models.vocabulary import ABSENT_VALUES
from cases.review.redacting import redact
from cases.review.redaction_finder import preview
from cases.review.redaction_plan import RedactionOrder
from tests.exchange.test_bundle import bring_in, refusals
from tests.support.bundles import make_full_casebook, rows_of, texts
from tests.support.data_files import made, public_bundle
from tests.support.factories import (
    make_actor,
    make_case,
    make_claim,
    make_source,
    make_warning,
    show,
    show_all,
)

pytestmark = [pytest.mark.django_db]

PLACEHOLDERS = {"None", "nan", "NaN", "NaT"}


@pytest.fixture(scope="module")
def folder(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Make the files of a casebook with everything in it, and take the casebook back."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_full_casebook()
        make_actor(slug="only-in-drafts", name="Named by nothing public")
        place = made(tmp_path_factory.mktemp("data") / "files")
        transaction.set_rollback(True)
    return place


@pytest.fixture(scope="module")
def bundle(folder: Path) -> dict[str, str]:
    return texts((folder / BUNDLE).read_bytes())


@pytest.fixture
def sqlite(folder: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{folder / SQLITE}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


# The bundle


def test_public_bundle_comes_back_into_an_empty_casebook_that_makes_the_same_bytes(
    folder: Path, tmp_path: Path
) -> None:
    data = (folder / BUNDLE).read_bytes()
    assert not Case.objects.exists()
    plan = bring_in(data)
    assert refusals(plan) == ""
    assert not plan.versions  # neither a further version nor a correction
    assert public_bundle(tmp_path / "again") == data
    assert not bring_in(data).reported_rows()


def test_public_bundle_passes_through_corrections_and_leaves_them_out(tmp_path: Path) -> None:
    case = make_case(published=True, slug="shown", title="What readers see")
    before = public_bundle(tmp_path / "before")
    Case.objects.filter(pk=case.pk).update(
        title="Not public yet", slug="not-public-yet", correction="draft", correction_note="Secret"
    )
    make_source(title="Source of a draft")
    make_case(title="A draft")
    Version.objects.get(case=case)  # still the only one
    assert public_bundle(tmp_path / "after") == before


def test_public_bundle_holds_no_draft_no_account_and_no_record_that_only_drafts_name(
    folder: Path, bundle: dict[str, str]
) -> None:
    assert {row["status"] for row in rows_of(bundle["cases.csv"])} == {"published"}
    slugs = {row["slug"] for row in rows_of(bundle["actors.csv"])}
    assert "islamic-state" in slugs
    assert "only-in-drafts" not in slugs
    for name in NAMES:
        assert b"Named by nothing public" not in _content(folder / name)


def _content(path: Path) -> bytes:
    """Return what is in a file; of a zip, in all of its files."""
    if path.suffix != ".zip":
        return path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        return b"\n".join(packed.read(name) for name in packed.namelist())


@pytest.mark.parametrize("name", NAMES)
def test_file_has_no_placeholder_for_what_is_missing(folder: Path, name: str) -> None:
    values = {*_values(folder / name)}
    assert values
    assert not values & PLACEHOLDERS
    assert b"1970-01-01" not in _content(folder / name)


def _values(path: Path) -> Iterator[str]:
    """Yield the texts in the cells of a file, or in the values of its JSON."""
    match path.suffix:
        case ".zip":
            for name, text in texts(path.read_bytes()).items():
                if name.endswith(".csv"):
                    yield from (cell for row in rows_of(text) for cell in row.values())
        case ".sqlite":
            with closing(sqlite3.connect(path)) as database:
                tables = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
                for (table,) in database.execute(tables).fetchall():
                    rows = database.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608
                    yield from (cell for row in rows for cell in row if isinstance(cell, str))
        case ".json":
            yield from re.findall(r'"((?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8"))
        case _:
            rows = rows_of(path.read_text(encoding="utf-8"))
            yield from (cell for row in rows for cell in row.values())


def test_redacted_words_are_in_no_file(tmp_path: Path) -> None:
    actor = make_actor(name="Xaviera Quillfeather", kind="individual")
    case = make_case(complete=True)
    make_warning(case, recipients=[actor])
    case.status = "published"
    case.published_at = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    case.save()
    show(case)
    assert b"Quillfeather" in _content(made(tmp_path / "before") / BUNDLE)
    order = RedactionOrder(("Xaviera Quillfeather",), "a person", "Asked for.")
    redact(case, None, order, preview(case, order).digest())
    folder = made(tmp_path / "after")
    assert [name for name in NAMES if b"uillfeather" in _content(folder / name)] == []


def test_checksums_in_the_bundle_are_those_of_its_files(bundle: dict[str, str]) -> None:
    pairs = (line.split("  ", 1) for line in bundle["SHA256SUMS"].splitlines())
    lines = {name: digest for digest, name in pairs}
    assert lines == {
        name: hashlib.sha256(text.encode()).hexdigest()
        for name, text in bundle.items()
        if name != "SHA256SUMS"
    }


def test_package_describes_its_tables_as_they_are(bundle: dict[str, str]) -> None:
    """The rules of a Frictionless Data Package: types, constraints, keys and references hold."""
    package = json.loads(bundle["datapackage.json"])
    by_name = {resource["name"]: resource for resource in package["resources"]}
    assert list(by_name) == [table.name for table in TABLES]
    rows = {name: rows_of(bundle[each["path"]]) for name, each in by_name.items()}
    for name, resource in by_name.items():
        text, schema = bundle[resource["path"]], resource["schema"]
        assert resource["bytes"] == len(text.encode())
        assert resource["hash"] == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
        assert text.splitlines()[0].split(",") == [field["name"] for field in schema["fields"]]
        for field in schema["fields"]:
            cells = [row[field["name"]] for row in rows[name]]
            missing = field.get("missingValues", schema["missingValues"])
            given = [unguard(cell) for cell in cells if cell not in missing]
            constraints = field.get("constraints", {})
            assert not constraints.get("required") or len(given) == len(cells), field
            assert {*given} <= {*constraints.get("enum", given)}, field
            assert all(map(_CASTS[field["type"]], given)), field
            if (least := constraints.get("minimum")) is not None:
                assert all(int(cell) >= least for cell in given), field
        keys = [tuple(row[part] for part in schema["primaryKey"]) for row in rows[name]]
        assert len({*keys}) == len(keys)
        for reference in schema["foreignKeys"]:
            other = reference["reference"]["resource"] or name
            known = {row[reference["reference"]["fields"]] for row in rows[other]}
            found = {row[reference["fields"]] for row in rows[name]}
            (of_field,) = [one for one in schema["fields"] if one["name"] == reference["fields"]]
            missing = of_field.get("missingValues", schema["missingValues"])
            assert found - {*missing} <= known, (name, reference)


_CASTS = {
    "string": lambda cell: True,
    "integer": lambda cell: re.fullmatch(r"\d+", cell),
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
}


def test_codebook_of_the_bundle_explains_every_column(bundle: dict[str, str]) -> None:
    rows = rows_of(bundle["codebook.csv"])
    assert [(row["table"], row["column"]) for row in rows] == [
        (table.name, column.name) for table in TABLES for column in table.columns
    ]
    assert all(row["meaning"] for row in rows)
    to_an_editor = re.compile(r"\b(write|leave|give|one a line)\b", re.IGNORECASE)
    assert [row["meaning"] for row in rows if to_an_editor.search(row["meaning"])] == []
    # Where a cell has a word in place of a number, a day or a slug, its column says so.
    for row in rows:
        words = row["missing_values"].split("; ") if row["missing_values"] else []
        assert all(f"“{word}”" in row["meaning"] for word in words), row
        assert not words or "mpty" not in row["meaning"], row


def test_citation_file_says_title_licence_and_day_of_the_last_change(
    bundle: dict[str, str],
) -> None:
    cited = yaml.safe_load(bundle["CITATION.cff"])
    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] == "dataset"
    assert cited["license"] == "CC-BY-4.0"
    assert cited["date-released"] <= dt.datetime.now(dt.UTC).date()


def test_bundle_names_its_state_by_its_tables_and_a_release_by_its_name(
    folder: Path, bundle: dict[str, str], tmp_path: Path
) -> None:
    package = json.loads(bundle["datapackage.json"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\+[0-9a-f]{8}", package["version"])
    assert package["homepage"].endswith("/data/")
    assert yaml.safe_load(bundle["CITATION.cff"])["version"] == package["version"]
    case = make_case(published=True)
    states = set()
    for number in range(2):
        files = texts(public_bundle(tmp_path / f"files-{number}"))
        states.add(json.loads(files["datapackage.json"])["version"])
        Case.objects.filter(pk=case.pk).update(summary="Another summary.")
        show(case)
    assert len(states) == 2
    (tmp_path / "release").mkdir()
    make_files(Version.objects.current(), tmp_path / "release", {}, "2026.12")
    files = texts((tmp_path / "release" / BUNDLE).read_bytes())
    cited = yaml.safe_load(files["CITATION.cff"])
    package = json.loads(files["datapackage.json"])
    assert package["version"] == cited["version"] == "2026.12"
    assert package["homepage"] == cited["url"]
    assert cited["url"].endswith("/data/releases/2026.12/")


def test_citation_file_names_the_authors_in_the_settings(settings: Any) -> None:
    def authors() -> Any:
        return yaml.safe_load(citation_cff("1", "", ""))["authors"]

    assert authors() == [{"name": settings.SITE_NAME}]
    settings.CASEBOOK_AUTHORS = [('Lee "L"', "Ann"), ("An Institute: of it", "")]
    assert authors() == [
        {"family-names": 'Lee "L"', "given-names": "Ann"},
        {"name": "An Institute: of it"},
    ]


# Tables and JSON


def test_tables_and_json_hold_the_same_cases_as_the_bundle(
    folder: Path, bundle: dict[str, str]
) -> None:
    numbers = [row["number"] for row in rows_of(bundle["cases.csv"])]
    table = rows_of((folder / "cases.csv").read_text(encoding="utf-8"))
    found = json.loads((folder / "cases.json").read_bytes())
    assert [row["number"] for row in table] == numbers
    assert [case["number"] for case in found["cases"]] == numbers
    assert found["given"] == len(numbers)
    assert found["version"] == "dataset version 7"


# The SQLite file


def test_sqlite_file_has_the_rows_of_the_tables_and_all_references_lead_somewhere(
    folder: Path, sqlite: sqlite3.Connection
) -> None:
    assert sqlite.execute("PRAGMA foreign_key_check").fetchall() == []
    for name, table in TIDY.items():
        stored = sqlite.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608
        rows = rows_of((folder / f"{name}.csv").read_text(encoding="utf-8"))
        assert len(stored) == len(rows)
        for row, cells in zip(stored, rows, strict=True):
            for column in table.columns:
                value = row[column.name]
                state = f"{column.name.removesuffix('_name')}_state"
                if value is None and state in row.keys():  # noqa: SIM118
                    value = row[state]
                    assert value in ABSENT_VALUES
                assert str("" if value is None else value) == unguard(cells[column.name])
                assert column.type != INTEGER or value is None or isinstance(value, int)


def test_reference_that_is_absent_is_null_in_the_sqlite_file_and_says_why(
    sqlite: sqlite3.Connection,
) -> None:
    states = sqlite.execute(
        "SELECT DISTINCT speaker IS NULL, speaker_state FROM claims ORDER BY 1"
    ).fetchall()
    assert [tuple(row) for row in states] == [(0, "stated"), (1, "not_stated")]
    named = "SELECT count(*) FROM claims WHERE (speaker IS NULL) <> (speaker_name IS NULL)"
    assert sqlite.execute(named).fetchone()[0] == 0
    speakers = "SELECT DISTINCT said_by FROM who_says_what"
    said_by = {row["said_by"] for row in sqlite.execute(speakers)}
    assert said_by >= {"source", "editors", "John Kirby"}
    assert not said_by & ABSENT_VALUES


def test_views_have_every_warning_and_every_contested_part(tmp_path: Path) -> None:
    """A case without an incident, and a warning that is disputed only as a whole."""
    case = make_case(published=True, slug="contested-whole")
    make_claim(case, "warning-1", stance="disputes")
    day = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    other = make_case(slug="without-incident", status="published", published_at=day)
    make_warning(other, channel="public")
    show_all()
    with closing(sqlite3.connect(made(tmp_path / "files") / SQLITE)) as database:
        warned = database.execute('SELECT "case", incident FROM warnings_and_incidents').fetchall()
        assert sorted(warned) == [("contested-whole", 1), ("without-incident", None)]
        contested = 'SELECT "case", label, claims_for > 0, claims_against FROM contested_values'
        assert database.execute(contested).fetchall() == [("contested-whole", "Warning 1", 1, 1)]
        flagged = 'SELECT contested FROM warnings ORDER BY "case"'
        assert database.execute(flagged).fetchall() == [("yes",), ("no",)]


def test_views_of_the_sqlite_file_answer_and_texts_are_found(sqlite: sqlite3.Connection) -> None:
    views = sqlite.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall()
    assert len(views) >= 5
    for (name,) in views:
        sqlite.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608
    assert sqlite.execute("SELECT count(*) FROM who_says_what").fetchone()[0] > 100
    found = sqlite.execute(
        'SELECT "case" FROM cases WHERE rowid IN '
        "(SELECT rowid FROM cases_fts WHERE cases_fts MATCH 'moscow')"
    ).fetchall()
    assert "moscow-concert-hall-2024" in [row["case"] for row in found]
    assert sqlite.execute(
        "SELECT count(*) FROM claims_fts WHERE claims_fts MATCH 'warn'"
    ).fetchone()[0]


def test_notes_of_the_sqlite_file_are_those_of_the_bundle(
    bundle: dict[str, str], sqlite: sqlite3.Connection
) -> None:
    notes = rows_of(bundle["notes.csv"])
    for table, slug, on_cases in (("notes", "note", True), ("notes_on_no_case", "slug", False)):
        found = {row[0] for row in sqlite.execute(f"SELECT {slug} FROM {table}")}  # noqa: S608
        assert found == {row["slug"] for row in notes if bool(row["case"]) is on_cases}
        assert found


def test_codebook_of_the_sqlite_file_explains_every_column(sqlite: sqlite3.Connection) -> None:
    explained = {(row["table"], row["column"]) for row in sqlite.execute("SELECT * FROM codebook")}
    for name in [*TIDY, "actors", "sources", "directives", "exceptions", "notes_on_no_case"]:
        columns = {row["name"] for row in sqlite.execute(f"PRAGMA table_info({name})")}
        assert columns - {"id"} <= {column for table, column in explained if table == name}


def test_sqlite_file_names_rows_where_datasette_looks(sqlite: sqlite3.Connection) -> None:
    """Datasette labels a reference with the column `name` or `title` of the row it leads to."""
    for table in ("cases", "actors", "sources", "directives", "exceptions"):
        columns = {row["name"] for row in sqlite.execute(f"PRAGMA table_info({table})")}
        assert columns & {"name", "title"}
    declared = "SELECT sql FROM sqlite_master WHERE name = 'claims_fts'"
    assert 'content="claims"' in sqlite.execute(declared).fetchone()[0]
    leading = {
        (row["from"], row["table"], row["to"])
        for row in sqlite.execute("PRAGMA foreign_key_list(claims)")
    }
    assert {("case", "cases", "case"), ("speaker", "actors", "slug")} <= leading


def test_bundle_is_a_data_package_as_frictionless_has_it(folder: Path) -> None:
    with frictionless.system.use_context(trusted=True):
        report = frictionless.validate(str(folder / BUNDLE), type="package")
    assert report.valid, report.flatten(["title", "fieldName", "rowNumber", "note"])
    assert {task.name for task in report.tasks} == {table.name for table in TABLES}
    assert all(task.stats["rows"] for task in report.tasks if task.name in ("cases", "claims"))


def test_words_for_an_absence_are_missing_values_only_of_numbers_days_and_references(
    folder: Path,
) -> None:
    """Frictionless reads “not stated” and “does not apply” as two values of a column of codes."""
    with frictionless.system.use_context(trusted=True):
        package: Any = frictionless.Package(str(folder / BUNDLE))
        warnings = package.get_resource("warnings").read_rows()
        incidents = package.get_resource("incidents").read_rows()
    assert {row["reception"] for row in warnings} >= set(MISSING)
    assert {row["deaths_qualifier"] for row in incidents} >= set(MISSING)
    assert None in {row["deaths"] for row in incidents}
    for table in TABLES:
        for column in table.columns:
            assert not (column.missing and column.terms())
            assert not column.missing or column.type != "string" or column.is_reference


def test_datasette_shows_rows_with_the_names_of_what_they_lead_to(folder: Path) -> None:
    async def page(address: str) -> str:
        served = Datasette(files=[str(folder / SQLITE)])
        await served.invoke_startup()
        answered = await served.client.get(address)
        assert answered.status_code == 200
        return str(answered.text)

    claims = asyncio.run(page("/casebook/claims"))
    assert 'href="/casebook/cases/moscow-concert-hall-2024"' in claims
    assert "US warnings before the attack" in claims  # the label of that link
    found = asyncio.run(page("/casebook/claims?_search=warn"))
    assert re.search(r"[1-9]\d* rows? where search matches", found)


def test_rows_that_only_drafts_name_are_no_parent_and_no_original_in_the_files(
    tmp_path: Path,
) -> None:
    hidden = make_actor(slug="hidden", name="Hidden ministry")
    original = make_source(slug="hidden-source", title="Hidden report")
    case = make_case(published=True)
    record = Version.objects.get(case=case).record
    Actor.objects.filter(slug=record["warnings"][0]["issuer"]["actor"]["slug"]).update(
        parent=hidden
    )
    Source.objects.filter(slug=record["claims"][0]["source"]["slug"]).update(derived_from=original)
    folder = made(tmp_path / "files")
    assert [name for name in NAMES if b"idden" in _content(folder / name)] == []


def test_files_can_be_made_without_a_public_case(tmp_path: Path) -> None:
    make_case()
    folder = made(tmp_path / "files")
    assert sorted(path.name for path in folder.iterdir()) == sorted(NAMES)
    assert json.loads((folder / "cases.json").read_bytes())["cases"] == []
    assert rows_of(texts((folder / BUNDLE).read_bytes())["cases.csv"]) == []
    assert zipfile.is_zipfile(io.BytesIO((folder / BUNDLE).read_bytes()))
