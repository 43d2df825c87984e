"""Imports of several tables, and undoing them, without the pages of the admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User

from cases.exchange.bundle.files.reading import Limits
from cases.exchange.bundle.files.uploaded import read_file
from cases.exchange.bundle.importing.plan import Plan, refusals_in
from cases.exchange.bundle.importing.recording import (
    RecordedImporter,
    RecordedUndoing,
    new_record,
    new_undoing,
)
from cases.models import Import

from .bundles import table
from .factories import make_actor

SOURCE = {"slug": "a-report", "title": "A report", "kind": "press"}
CASE = {"slug": "new", "title": "New", "kind": "warning_given", "summary": "A summary."}


def bring_in(user: User | None = None, **tables: Iterable[dict[str, Any]]) -> Import:
    """Import rows, given by table, and return the record of that."""
    limits = Limits(size=1_000_000, rows=1_000)
    sheets = [
        sheet
        for name, rows in tables.items()
        for sheet in read_file(name, table(rows).encode(), limits)
    ]
    record = new_record("bundle", "rows.xlsx", b"", user)
    plan = RecordedImporter(record, sheets, "Imported from a test").run()
    assert not plan.is_refused, refusals_in(plan.rows)
    return record


def coded_draft(user: User | None = None) -> Import:
    """Import a draft with a warning, a claim and the source of the claim; and another source."""
    make_actor(slug="issuer")
    return bring_in(
        user,
        sources=[SOURCE, SOURCE | {"slug": "another"}],
        cases=[CASE],
        warnings=[{"case": "new", "sequence": "1", "issuer": "issuer", "recipients": "not_stated"}],
        claims=[
            {
                **{"case": "new", "sequence": "1", "about": "warning-1.issuer"},
                **{"modality": "stated", "source": "a-report", "locator": "¶1", "gist": "He did."},
            }
        ],
    )


def take_back(record: Import, user: User | None = None) -> Plan:
    """Undo an import, and return what that did."""
    return RecordedUndoing(record, new_undoing(record, user), "All wrong").run()


def reasons(plan: Plan) -> str:
    """Return why an import cannot be undone."""
    return "\n".join(refusals_in(plan.rows))
