"""The data bundle: out, and in again to the same casebook."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from cases.changelog import latest
from cases.exchange.bundle.files.reading import Limits, read_bundle
from cases.exchange.bundle.importing.importer import Importer
from cases.exchange.bundle.importing.plan import Plan
from cases.exchange.bundle.layout.cells import guard, is_formula, join, split, unguard
from cases.exchange.bundle.layout.tables import BY_NAME, TABLES
from cases.merging import merge
from cases.models import Actor, Case, Claim, Incident, Source, Version
from cases.review.steps import publish
from cases.search import check
from tests.support.bundles import (
    bundle_of,
    demo_bundle,
    edited,
    export,
    full_bundle,
    rows_of,
    small_bundle,
    texts,
    zipped,
)
from tests.support.demo import load_demo
from tests.support.factories import make_actor, make_case, make_note, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOTE = "Imported from a test"


def bring_in(data: bytes, *, user: User | None = None, dry_run: bool = False) -> Plan:
    """Import a bundle and return what it did."""
    sheets = read_bundle(data, Limits.of_settings())
    return Importer(sheets, NOTE, user, dry_run=dry_run).run()


def refusals(plan: Plan) -> str:
    return "\n".join(sentence for row in plan.rows for sentence in row.sentences() if row.refusals)


# Round trips


@pytest.mark.once  # on PostgreSQL it comes back by way of SQLite, see below
def test_bundle_into_an_empty_casebook_exports_as_the_same_bytes_and_again_changes_nothing() -> (
    None
):
    data = full_bundle()
    assert not Case.objects.exists()
    plan = bring_in(data)
    assert refusals(plan) == ""
    assert export() == data
    assert not plan.versions
    version, versions = latest(), Version.objects.count()
    assert not bring_in(data).reported_rows()
    assert (latest(), Version.objects.count()) == (version, versions)


def test_bundle_carries_what_was_merged_and_where_its_old_addresses_lead() -> None:
    def make() -> None:
        kept, merged = make_case(published=True), make_case(published=True, slug="merged-case")
        merge(kept, merged, None, "The same attack.")
        merge(make_actor(slug="kept"), make_actor(slug="twin", name="Twin"), None, "The same.")
        merge(make_source(slug="paper"), make_source(slug="reprint"), None, "The same.")

    data = bundle_of(make)
    assert refusals(bring_in(data)) == ""
    assert export() == data
    assert Actor.current_slug("twin") == "kept"
    merged = Case.objects.get(slug="merged-case")
    assert merged.merged_into is not None
    assert not bring_in(data).reported_rows()


RUN_ALL = """
import sys, django
from django.core.management import call_command
django.setup()
for command in sys.argv[1:]:
    call_command(*command.split(), verbosity=0)
"""


def in_another_process(folder: Path, *commands: str) -> None:
    """Run management commands on an SQLite file, under another language and time zone."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LC_")},
        "DATABASE_URL": f"sqlite:///{folder / 'other.sqlite3'}",
        "LANG": "tr_TR.UTF-8",
        "TZ": "Asia/Kathmandu",
    }
    command = [sys.executable, "-c", RUN_ALL, *commands]
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="is about another kind of database")
@pytest.mark.process
def test_bundle_passes_through_an_sqlite_file_and_comes_back_the_same(tmp_path: Path) -> None:
    data = full_bundle()
    (tmp_path / "out.zip").write_bytes(data)
    in_another_process(
        tmp_path,
        "migrate",
        f"import_bundle {tmp_path / 'out.zip'}",
        f"export_bundle {tmp_path / 'back.zip'}",
    )
    assert (tmp_path / "back.zip").read_bytes() == data
    bring_in(data)
    assert export() == data


def test_import_of_a_bundle_is_found_by_search() -> None:
    bring_in(small_bundle())
    assert check().was_right


# What is in it


def test_bundle_names_no_account_and_no_key() -> None:
    def make() -> None:
        editor = User.objects.create_user("edna-the-editor", first_name="Edna", last_name="Mode")
        case = make_case(complete=True, created_by=editor, updated_by=editor)
        make_note(case, author=editor)
        publish(case, User.objects.create_user("edgar-another-editor"), reason="It will do.")

    files = texts(bundle_of(make))
    assert not [
        name
        for name, text in files.items()
        if {"edna", "edgar"} & set(re.findall(r"\w+", text.casefold()))
    ]
    for name in BY_NAME:
        header = files[f"{name}.csv"].partition("\n")[0].split(",")
        assert header == [column.name for column in BY_NAME[name].columns]
        assert not {"id", "pk", "editor", "author_id", "case_id"} & set(header)


def test_bundle_words_what_is_missing_and_has_no_placeholder() -> None:
    files = texts(full_bundle())
    for name, text in files.items():
        if name.endswith(".csv"):
            for row in csv.reader(io.StringIO(text, newline="")):
                assert not {"None", "nan", "NaN", "null", "NULL"} & set(row)
                assert not any(cell.startswith("1970-01-01") for cell in row)
    draft = [row for row in rows_of(files["incidents.csv"]) if row["kind"] == "none_reported"]
    told = {row["place"] for row in draft} | {row["country"] for row in draft}
    assert told == {"not_applicable"}
    windows = [row for row in rows_of(files["warnings.csv"]) if row["time_specificity"] == "absent"]
    assert {row["window_start"] for row in windows} == {"not_applicable"}


def test_bundle_has_no_cell_that_a_spreadsheet_would_run() -> None:
    files = texts(full_bundle())
    cells = [
        cell
        for name, text in files.items()
        if name.endswith(".csv")
        for row in csv.reader(io.StringIO(text, newline=""))
        for cell in row
    ]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if is_formula(cell)]


def test_bundle_describes_each_column_and_the_licence() -> None:
    files = texts(demo_bundle())
    package = json.loads(files["datapackage.json"])
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert "CC BY 4.0" in files["README.md"]
    described = {resource["name"]: resource for resource in package["resources"]}
    for table in TABLES:
        fields = described[table.name]["schema"]["fields"]
        assert [field["name"] for field in fields] == [column.name for column in table.columns]
        assert all(field["description"] for field in fields)
        assert f"### {table.file_name}" in files["README.md"]
        assert all(f"| `{column.name}` | " in files["README.md"] for column in table.columns)
    assert "`private`: Private. Conveyed to the recipient alone." in files["README.md"]


def test_bundle_says_where_withdrawn_cases_went() -> None:
    rows = rows_of(texts(full_bundle())["cases.csv"])
    (gone,) = [row for row in rows if row["status"] == "withdrawn"]
    assert gone["withdrawn_reason"]
    assert gone["merged_into"] in {row["slug"] for row in rows}


# Cells


@pytest.mark.once
@given(st.text())
def test_cell_of_any_text_is_no_formula_and_reads_back(text: str) -> None:
    assert not is_formula(guard(text))
    assert unguard(guard(text)) == text


@pytest.mark.once
@given(st.lists(st.text(min_size=1)))
def test_cell_of_several_names_reads_back(names: list[str]) -> None:
    assert split(join(names)) == names


# Into a casebook that has records


def test_import_that_changes_a_public_case_makes_one_version_with_the_note() -> None:
    data = small_bundle()
    bring_in(data)
    changed = edited(edited(data, "cases.csv", title="Another title"), "claims.csv", gist="Else.")
    plan = bring_in(changed)
    assert next(str(row) for row in plan.reported_rows()).startswith("cases, row 2: ")
    assert len(plan.versions) == 1
    (version,) = Version.objects.filter(number=2)
    assert version.change_note == NOTE
    assert version.record["title"] == "Another title"
    assert not bring_in(changed).reported_rows()
    assert Version.objects.filter(number__gt=1).count() == 1


def test_import_that_renames_a_source_makes_a_version_of_each_case_that_shows_it() -> None:
    data = demo_bundle()
    load_demo()
    source = Source.objects.order_by("slug").first()
    assert source is not None
    showing = Case.objects.filter(claims__source=source) | Case.objects.filter(
        notes__evidence=source
    )
    plan = bring_in(edited(data, "sources.csv", title="Renamed"))
    assert len(plan.versions) == len(set(showing)) > 0


def test_dry_run_tells_what_an_import_does_and_writes_nothing() -> None:
    data = small_bundle()
    bring_in(data)
    version = latest()
    changed = edited(data, "cases.csv", title="Another title")
    shown = bring_in(changed, dry_run=True)
    assert latest() == version
    assert shown.digest() == bring_in(changed).digest()


def test_import_with_one_wrong_row_writes_nothing() -> None:
    data = edited(small_bundle(), "warnings.csv", channel="pubic")
    plan = bring_in(data)
    assert "warnings, row 2, column channel: “pubic” is not a value; did you mean “public”?" in (
        refusals(plan)
    )
    assert not Case.objects.exists()
    assert not Actor.objects.exists()


@pytest.mark.once
def test_import_of_a_public_case_without_evidence_is_refused_at_its_row() -> None:
    files = texts(demo_bundle())
    claims = files["claims.csv"].splitlines(keepends=True)
    # With its versions, a case that differs from the last one has a correction.
    versions = files["versions.csv"].splitlines(keepends=True)
    data = zipped({**files, "claims.csv": claims[0], "versions.csv": versions[0]})
    plan = bring_in(data)
    assert "cannot be published" in refusals(plan)
    assert "incidents, row 9, column target: DTW-0006 cannot be published." in refusals(plan)
    assert not Case.objects.exists()


def test_import_leaves_alone_what_the_file_does_not_name() -> None:
    data = small_bundle()
    bring_in(data)
    added = make_source(slug="added-here")
    count = Claim.objects.count()
    files = texts(data)
    bring_in(zipped({**files, "claims.csv": files["claims.csv"].splitlines()[0]}))
    assert Source.objects.filter(pk=added.pk).exists()
    assert Claim.objects.count() == count


def test_import_of_a_number_that_another_case_has_is_refused() -> None:
    data = small_bundle()
    make_case(slug="ours")
    plan = bring_in(data)
    assert "DTW-0001 is the number of another case here, “Case" in refusals(plan)
    assert Case.objects.count() == 1


def test_import_of_a_number_far_away_is_refused() -> None:
    data = bundle_of(lambda: make_case(number="DTW-0001"))
    plan = bring_in(edited(data, "cases.csv", number="DTW-999999999"))
    assert "lies far beyond the last number, DTW-0000" in refusals(plan)


def test_import_of_a_version_that_was_tampered_with_is_refused() -> None:
    data = edited(small_bundle(), "versions.csv", record='{"title":"Forged"}')
    assert "versions never change" in refusals(bring_in(data))


def test_import_keeps_derived_columns_true() -> None:
    bring_in(small_bundle())
    case = Case.objects.get(slug="a-case")
    assert case.date.edtf == "2024-03-22"
    incident = Incident.objects.get(case=case)
    assert incident.date_earliest is not None


# Commands


def test_commands_carry_a_casebook_from_one_database_to_the_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "casebook.zip"
    path.write_bytes(small_bundle())
    call_command("import_bundle", path, "--dry-run")
    assert "A dry run: nothing was written." in capsys.readouterr().out
    assert not Case.objects.exists()
    call_command("import_bundle", path)
    assert "Imported." in capsys.readouterr().out
    call_command("import_bundle", path)
    assert "Nothing to import: the casebook has it all." in capsys.readouterr().out
    call_command("export_bundle", tmp_path / "again.zip")
    assert "1 case" in capsys.readouterr().out
    assert (tmp_path / "again.zip").read_bytes() == path.read_bytes()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["again.zip", "casebook.zip"]
    assert (tmp_path / "again.zip").stat().st_mode & 0o777 == 0o600


def test_command_refuses_a_file_in_words(tmp_path: Path) -> None:
    path = tmp_path / "casebook.zip"
    with pytest.raises(CommandError, match=r"casebook.zip cannot be read: No such file"):
        call_command("import_bundle", path)
    path.write_bytes(edited(small_bundle(), "claims.csv", modality="qoted"))
    with pytest.raises(CommandError, match=r"did you mean “quoted”.*\n.*\nNothing was imported"):
        call_command("import_bundle", path)
    with pytest.raises(CommandError, match="cannot be written: No such file"):
        call_command("export_bundle", tmp_path / "nowhere" / "casebook.zip")
