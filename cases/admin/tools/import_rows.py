"""The rows of a plan as a page shows them: with the title and the page of their record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.urls import reverse

from cases.exchange.bundle.importing.plan import Refusal, RowPlan
from cases.exchange.bundle.layout.tables import BY_NAME
from cases.models import Case, Import

# The columns that hold the title of a record, in tables whose records have one.
TITLES = ("title", "name")


@dataclass(frozen=True)
class ShownRow:
    """A row of a plan; `page` is the address of the record in the admin, or "".

    The record of a row that belongs to a case is the case.
    """

    plan: RowPlan
    title: str
    page: str
    is_deleted: bool
    refusals: Sequence[tuple[Refusal, str]]
    """Each refusal with the address of the record that it is about, or ""."""


def shown_rows(entry: Import, rows: Iterable[dict[str, Any]]) -> list[ShownRow]:
    """Return rows of the plan of an import or an undoing, as stored, to be shown."""
    plans = [RowPlan.from_json(row) for row in rows]
    named = [plan.target for plan in plans]
    named += [refusal.target for plan in plans for refusal in plan.refusals]
    by_target = _by_target({target for target in named if target})
    by_slug = _by_slug({key for plan in plans if not plan.target and (key := _slug_of(plan))})
    # An undoing does not say what it deletes; the import that it undoes did.
    filled = (RowPlan.from_json(row) for row in entry.undoes.plan) if entry.undoes else plans
    titles = {(plan.table, plan.key): _title_in(plan) for plan in filled}
    shown = []
    for plan in plans:
        record = by_target.get(plan.target) if plan.target else by_slug.get(_slug_of(plan))
        about = [
            (
                refusal,
                _page_of(by_target.get(refusal.target)) if refusal.target != plan.target else "",
            )
            for refusal in plan.refusals
        ]
        title = str(record) if record is not None else titles.get((plan.table, plan.key), "")
        is_deleted = bool(plan.target) and record is None
        shown.append(ShownRow(plan, title, _page_of(record), is_deleted, about))
    return shown


def _by_target(targets: set[str]) -> dict[str, Any]:
    """Return the records that exist, by their kind and key, such as “case/12”."""
    keys: dict[str, list[int]] = {}
    for target in targets:
        kind, _, key = target.partition("/")
        keys.setdefault(kind, []).append(int(key))
    return {
        f"{kind}/{key}": record
        for kind, own in keys.items()
        for key, record in apps.get_model("cases", kind)._base_manager.in_bulk(own).items()
    }


def _by_slug(slugs: set[tuple[Any, str]]) -> dict[tuple[Any, str] | None, Any]:
    """Return the records that exist, by model and slug."""
    return {
        (model, record.slug): record
        for model in {model for model, _ in slugs}
        for record in model._base_manager.filter(slug__in=[s for m, s in slugs if m is model])
    }


def _slug_of(plan: RowPlan) -> tuple[Any, str] | None:
    """Return the model and the slug of the record whose page shows a row, if its key has them."""
    table = BY_NAME[plan.table]
    if table.key == ("slug",):
        return table.model, plan.key
    return (Case, plan.key.partition(" ")[0]) if table.key[0] == "case" else None


def _title_in(plan: RowPlan) -> str:
    """Return the title that a row gives its record, or ""."""
    cells = {change.column: change.new for change in plan.changes}
    return next((cells[name] for name in TITLES if name in cells), "")


def _page_of(record: Any) -> str:
    if record is None:
        return ""
    return reverse(f"admin:cases_{record._meta.model_name}_change", args=[record.pk])
