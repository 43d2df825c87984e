"""Bundles for tests: made from a casebook that is gone again when the test imports them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.db import transaction

from cases.exchange.bundle.exporting import export_bundle
from cases.models import Case
from cases.review.steps import publish, withdraw

from .demo import load_demo
from .factories import (
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_exception,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
    support,
)

TRICKY = [
    "=HYPERLINK(1)",
    "'=1+1",
    "''@x",
    "'Abd al-Rahman",
    "-",
    "+1, “two”; three\\",
    "\ttab",
    'a "quoted" word\r\nand a line',
    " spaces ",
    "#comment",
    "Zarnajew – Царнаев 🛰",
]
"""Texts that a spreadsheet, a CSV reader or a careless import would change."""


def export() -> bytes:
    """Return the bundle of the casebook as it is."""
    file = io.BytesIO()
    export_bundle(file)
    return file.getvalue()


def bundle_of(make: Callable[[], Any]) -> bytes:
    """Return the bundle of the casebook that `make` makes, and take the casebook back."""
    with transaction.atomic():
        make()
        data = export()
        transaction.set_rollback(True)
    return data


@cache
def demo_bundle() -> bytes:
    """Return the bundle of the demo; made once, in an empty casebook."""
    return bundle_of(load_demo)


@cache
def small_bundle() -> bytes:
    """Return the bundle of one public case with a row in most tables, for what needs no more; made
    once, in an empty casebook."""
    return bundle_of(make_small_casebook)


@cache
def full_bundle() -> bytes:
    """Return the bundle of a casebook with everything in it; made once, in an empty casebook."""
    return bundle_of(make_full_casebook)


def texts(data: bytes) -> dict[str, str]:
    """Return the files of a bundle as text, by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def zipped(files: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return file.getvalue()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def table(rows: Iterable[dict[str, Any]]) -> str:
    """Return a CSV file with these rows; the first one names the columns."""
    rows = list(rows)
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def edited(data: bytes, name: str, **cells: str) -> bytes:
    """Return the bundle with cells of the first row of one table changed."""
    files: dict[str, str | bytes] = {**texts(data)}
    rows = rows_of(str(files[name]))
    rows[0] |= cells
    files[name] = table(rows)
    return zipped(files)


def make_small_casebook() -> None:
    case = make_case(complete=True, slug="a-case")
    make_assessment(case)
    support(case)
    publish(case, None)


def make_full_casebook() -> None:
    """Make a casebook with everything in it that a bundle has to carry."""
    load_demo()
    state = make_actor(kind="state", name=TRICKY[0], aliases=[*TRICKY[1:6], "a\\;b"])
    bloc = make_actor(kind="collective", name=TRICKY[4], country=state)
    state.parent = bloc  # a circle, but none of parents
    state.save()
    first = make_source(
        title=TRICKY[1],
        author=TRICKY[3],
        published_edtf="2024-03~",
        published_basis="resolved",
        accessed_on=dt.date(2024, 4, 1),
        paragraphs=12,
        paragraphs_without_claims="¶2: General.\n¶4–5: Repeats ¶3.",
    )
    make_source(title="Reprint", derived_from=first, slug="a-reprint")
    draft = make_case(title=TRICKY[6], summary=TRICKY[7], kind="strategic_disclosure")
    make_warning(draft, recipients=[])
    make_warning(draft, intermediaries=[make_actor(slug="z-first"), make_actor(slug="a-second")])
    make_warning(draft, window_end="2024-05-01", time_specificity="named")
    make_warning(draft, time_specificity="absent")
    make_incident(draft, kind="none_reported")
    make_incident(draft, date="/2022-02", deaths=0, qualifier="exact", country=state)
    make_claim(draft, "", gist=TRICKY[8], date_edtf="2024-03-07", date_basis="stated")
    note = make_note(draft, field="warning-1.date", source_says=TRICKY[5], evidence_says=TRICKY[10])
    make_note(exception=make_exception())
    make_note(directive=make_exception().directive)
    make_case(status="in_review")
    public = make_case(complete=True)
    make_assessment(public, status="argued")
    support(public)
    make_claim(public, make_involvement(public).path, gist=TRICKY[9])
    publish(public, None, TRICKY[0])
    gone: Case = make_case(published=True)
    withdraw(gone, None, TRICKY[7])
    gone.merged_into = public
    gone.save()
    for record in (state, first, draft, note):
        record.slug = f"{record.slug}-renamed"
        record.save()
