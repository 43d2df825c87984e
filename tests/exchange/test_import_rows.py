"""Rows of an imported table: taken through the rules of the models, or refused with a remedy."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from cases.exchange.bundle.files.reading import Limits
from cases.exchange.bundle.files.sheets import FileRefusedError
from cases.exchange.bundle.files.uploaded import read_file
from cases.exchange.bundle.importing.importer import Importer
from cases.exchange.bundle.importing.plan import ADDED, KEPT, Plan
from cases.exchange.bundle.layout.tables import CLAIMS, SINGLE, WARNINGS
from cases.models import Actor, Import, Source
from tests.support.bundles import export, rows_of, table, texts
from tests.support.factories import make_actor, make_case, make_claim, make_source, make_warning
from tests.support.properties import tried

from .test_import_files import workbook

pytestmark = pytest.mark.django_db

LIMITS = Limits(size=1_000_000, rows=1_000)


def run(name: str, rows: list[dict[str, str]]) -> Plan:
    sheets = read_file(name, table(rows).encode(), LIMITS)
    return Importer(sheets, "A test", dry_run=True).run()


ANY = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
LIKELY = st.sampled_from(
    ["", " ", "not_stated", "0", "-1", "1", "99999999999999999999", "2024-13-01", "2024", "a" * 400]
)


@pytest.mark.usefixtures("demo")
@tried(15)
@given(st.data())
@pytest.mark.slow
def test_any_text_in_any_cell_is_taken_or_refused_in_words(data: Any) -> None:
    chosen = data.draw(st.sampled_from([table for table in SINGLE if table.name != "assessments"]))
    rows = rows_of(texts(export())[chosen.file_name])[:3]
    for _ in range(data.draw(st.integers(1, 3))):
        row = data.draw(st.sampled_from(rows))
        column = data.draw(st.sampled_from([column.name for column in chosen.columns]))
        row[column] = data.draw(LIKELY | ANY)
    with suppress(FileRefusedError):  # tests/test_import_files.py has an eye on those
        plan = run(chosen.name, rows)
        assert all(sentence for row in plan.reported_rows() for sentence in row.sentences())


# Rows


def test_rows_with_the_same_key_are_refused() -> None:
    row = {"slug": "a", "title": "b", "kind": "press"}
    plan = run("sources", [row, row | {"title": "c"}])
    assert [str(row) for row in plan.reported_rows() if row.refusals] == [
        "sources, row 3: It has the same slug as row 2; keep one of the two."
    ]


def test_new_record_of_a_file_without_a_needed_column_is_refused() -> None:
    plan = run("sources", [{"slug": "a", "kind": "press"}])
    assert "column title: The file lacks this column, and a new record needs it." in str(
        plan.rows[0]
    )
    make_source(slug="a", title="Stays")
    assert run("sources", [{"slug": "a", "kind": "court"}]).rows[0].action == "changed"


def refusals(name: str, row: dict[str, str], **options: Any) -> set[str]:
    """Return the columns, or "" for the row, for which one row is refused."""
    sheets = read_file(name, table([row]).encode(), LIMITS)
    (plan,) = Importer(sheets, "A test", dry_run=True, **options).run().rows
    return {refusal.column for refusal in plan.refusals}


def test_row_with_wrong_cells_is_refused_for_its_invalid_ones_too() -> None:
    row = {"slug": "a b", "title": "", "kind": "press", "paragraphs": "x", "url": "htp:/kaputt"}
    assert refusals("sources", row) == {"slug", "title", "paragraphs", "url"}
    make_source(slug="here")
    row |= {"slug": "here"}
    assert refusals("sources", row) == {"title", "paragraphs", "url"}


def test_case_with_wrong_cells_is_refused_for_its_slug_number_and_status_too() -> None:
    other = make_case()
    row = {"slug": "Third Exile", "number": other.number, "title": "", "status": "published"}
    row |= {"kind": "warning_given", "summary": "x"}

    def permits(permission: str) -> bool:
        return permission == "cases.add_case"

    assert refusals("cases", row, permits=permits) == {"slug", "number", "title", "status"}
    row |= {"title": "Its title"}
    assert refusals("cases", row, permits=permits) == {"slug", "number", "status"}
    row = {"slug": other.slug, "number": "DTW-0999", "kind": "x"}
    assert refusals("cases", row) == {"number", "kind"}


@pytest.mark.parametrize("slug", ["", "a"])
def test_row_without_a_key_of_its_own_is_refused_for_its_other_cells_too(slug: str) -> None:
    row = {"slug": "a", "title": "b", "kind": "press", "paragraphs": ""}
    plan = run("sources", [row, row | {"slug": slug, "kind": "x", "paragraphs": "x"}])
    columns = [refusal.column for refusal in plan.rows[0].refusals]
    assert {"kind", "paragraphs"} < {*columns}


def test_claim_about_no_case_is_refused_for_its_other_cells_too() -> None:
    row = {"case": "none", "sequence": "1", "about": "kind", "stance": "x", "modality": "x"}
    assert refusals("claims", row) == {"case", "stance", "modality"}


def test_row_is_not_refused_for_what_follows_from_a_wrong_cell() -> None:
    row = {"slug": "a", "title": "b", "kind": "press", "published_edtf": "when?"}
    assert refusals("sources", row | {"published_basis": "stated"}) == {"published_edtf"}


def test_row_that_refers_to_a_refused_one_says_so() -> None:
    rows = [
        {"slug": "a", "name": "A", "kind": "statt", "parent": ""},
        {"slug": "b", "name": "B", "kind": "state", "parent": "a"},
    ]
    said = "\n".join(map(str, run("actors", rows).rows))
    assert "column kind: “statt” is not a value; did you mean “state”?" in said
    assert "column parent: The actor “a” is in the file but refused; fix it first." in said


def test_rows_may_refer_to_later_ones_and_to_each_other_but_not_to_themselves() -> None:
    rows = [
        {"slug": "a", "name": "A", "kind": "state", "parent": "b", "country": ""},
        {"slug": "b", "name": "B", "kind": "collective", "parent": "", "country": "a"},
        {"slug": "c", "name": "C", "kind": "collective", "parent": "d", "country": ""},
        {"slug": "d", "name": "D", "kind": "collective", "parent": "", "country": ""},
    ]
    assert not run("actors", rows).is_refused
    rows[1] |= {"parent": "a"}
    assert "column parent: This would make the actor an ancestor of itself." in "\n".join(
        map(str, run("actors", rows).rows)
    )


def test_issuer_among_the_recipients_is_refused_at_its_column() -> None:
    case, actor = make_case(), make_actor()
    row = {"case": case.slug, "sequence": "1", "issuer": actor.slug, "recipients": actor.slug}
    assert "column recipients: The issuer of a warning is not among its recipients." in (
        str(run("warnings", [row]).rows[0])
    )


def test_recipient_and_intermediary_may_change_places() -> None:
    one, other = make_actor(), make_actor()
    warning = make_warning(make_case(), recipients=[one], intermediaries=[other])
    row = {"case": warning.case.slug, "sequence": "1"}
    row |= {"recipients": other.slug, "intermediaries": one.slug}
    sheets = read_file("warnings", table([row]).encode(), LIMITS)
    assert not Importer(sheets, "A test").run().is_refused
    assert list(warning.recipients.all()) == [other]
    assert warning.passed_on_by == [one]


def test_rule_of_the_database_is_told_in_its_words() -> None:
    case = make_case()
    row = {"case": case.slug, "sequence": "1", "kind": "attack", "deaths": "3"}
    assert "Give a figure of deaths with its qualifier" in str(run("incidents", [row]).rows[0])


def test_case_may_be_named_by_a_slug_that_it_had_before() -> None:
    case = make_case(slug="old")
    case.slug = "present"
    case.save()
    plan = run("cases", [{"slug": "old", "title": "Another"}])
    assert (plan.rows[0].action, plan.rows[0].key) == ("changed", "present")


def test_former_address_that_is_the_present_one_of_another_is_left_out() -> None:
    for slug in ("here", "there"):
        make_actor(slug=slug)
    row = {"kind": "actor", "former_slug": "here", "leads_to": "there"}
    (plan,) = run("former_addresses", [row]).rows
    assert (plan.action, plan.remark) == (KEPT, "it is the present slug of a record here.")
    (plan,) = run("former_addresses", [row | {"former_slug": "before"}]).rows
    assert plan.action == ADDED


def test_empty_cell_of_a_coded_value_is_refused_and_says_what_to_write() -> None:
    case = make_case()
    row = {"case": case.slug, "sequence": "1", "kind": "", "place": "", "date_edtf": ""}
    said = str(run("incidents", [row]).rows[0])
    assert "column kind: It is empty; write one of: attack, " in said
    assert "column place: It is empty; write not_stated if no source says." in said
    assert "column date_edtf: It is empty; write not_stated" in said


def test_claim_about_what_the_case_has_not_names_what_it_may_mean() -> None:
    case, source = make_case(complete=True), make_source()
    row = {
        "case": case.slug,
        "sequence": "99",
        "about": "warnin-1.channel",
        "modality": "stated",
        "source": source.slug,
        "locator": "¶1",
        "gist": "x",
    }
    assert "column about: The case has nothing that is called “warnin-1”; did you mean" in str(
        run("claims", [row]).rows[0]
    )
    row["about"] = "warning-1.chanel"
    assert "has no coded value “chanel”" in str(run("claims", [row]).rows[0])


def test_labels_and_capitals_of_a_vocabulary_are_understood() -> None:
    channel: Any = WARNINGS.by_name["channel"]
    assert channel.value_of(" Private ") == "private"
    stance: Any = CLAIMS.by_name["stance"]
    assert stance.value_of("Declines to say") == "declines"


def test_date_in_a_common_form_is_imported_as_edtf() -> None:
    source = make_source()
    row = {"slug": source.slug, "published_edtf": "7 May 2019", "published_basis": "stated"}
    (plan,) = run("sources", [row]).rows
    assert ("published_edtf", "2019-05-07") in {(each.column, each.new) for each in plan.changes}
    row["published_edtf"] = "03/07/2024"
    said = str(run("sources", [row]).rows[0])
    assert "column published_edtf: “03/07/2024” can be 3 July 2024 or 7 March 2024." in said


def test_quotation_marks_around_a_quote_are_not_imported() -> None:
    claim = make_claim(make_case(), quote="as it was")
    row = {"case": claim.case.slug, "sequence": "1", "quote": "“as it was”"}
    assert run("claims", [row]).rows[0].action == "unchanged"


def test_dry_runs_leave_nothing() -> None:
    plan = run("actors", [{"slug": "nobody-yet", "name": "A", "kind": "state"}])
    assert plan.rows[0].action == "added"
    assert not Actor.objects.filter(slug="nobody-yet").exists()


# The command


def test_command_imports_a_table_from_csv_and_xlsx_and_keeps_a_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"slug": "a-report", "title": "A report", "kind": "press"}
    as_csv, as_xlsx = tmp_path / "sources.csv", tmp_path / "sources.xlsx"
    as_csv.write_text(table([row]))
    as_xlsx.write_bytes(workbook(list(row), ["a-report", "Corrected", "press"]))
    call_command("import_table", "sources", as_csv)
    assert "1 row: 1 added, 0 changed.\nImported.\n" in capsys.readouterr().out
    call_command("import_table", "sources", as_xlsx, "--dry-run")
    shown = capsys.readouterr().out
    assert "sources, row 2: a-report changes: title: “A report” → “Corrected”" in shown
    assert Source.objects.get(slug="a-report").title == "A report"
    call_command("import_table", "sources", as_xlsx, "--note", "A correction")
    call_command("import_table", "sources", as_xlsx)
    assert Source.objects.get(slug="a-report").title == "Corrected"
    assert [
        (one.file_name, one.note, one.imported_by) for one in Import.objects.order_by("pk")
    ] == [
        ("sources.csv", "Imported from sources.csv", None),
        ("sources.xlsx", "A correction", None),
    ]


@pytest.mark.usefixtures("early_progress")
@pytest.mark.slow
def test_command_tells_the_progress_of_a_long_import(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sources.csv"
    rows = [{"slug": f"s-{n}", "title": "T", "kind": "press"} for n in range(100)]
    path.write_text(table(rows))
    call_command("import_table", "sources", path, "--dry-run")
    assert "50 of 100 rows: sources" in capsys.readouterr().err
    path.write_text(table(rows[:99]))
    call_command("import_table", "sources", path, "--dry-run")
    assert capsys.readouterr().err == ""


def test_command_refuses_a_row_in_words_and_imports_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sources.csv"
    path.write_text("slug,title,kind\na,b,press\nc,d,pres\n")
    with pytest.raises(CommandError, match=r"sources, row 3, column kind: “pres” is not a value"):
        call_command("import_table", "sources", path)
    assert not Source.objects.filter(slug__in=["a", "c"]).exists()
    with pytest.raises(CommandError, match="invalid choice: 'versions'"):
        call_command("import_table", "versions", path)
