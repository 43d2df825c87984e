"""Import of tables: every row passes the models and the record checks, and all are stored or none.

A dry run does the same and rolls it back, so it shows exactly what an import does; it keeps no
other writer out meanwhile. An import adds and changes records but never deletes any: records that
the file does not name stay unchanged.

What is wrong with a single cell is said by the type of its column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist

from cases.models import Case, Directive, DirectiveException, Note, Version
from cases.text.batches import in_batches

from ..files.sheets import Sheet
from ..layout.columns import BundleColumn, CellError, cells_of
from ..layout.former_slugs import is_present
from ..layout.lookup import Lookup
from ..layout.tables import CASES, CLAIMS, FORMER_ADDRESSES, TABLES, VERSIONS, Table
from .plan import ADDED, CHANGED, KEPT, REFUSED, Plan, RowPlan
from .planned import Permits, PlannedWork, Progress
from .publishing_rows import Before, refusal_of_number, refusal_of_rule, refusal_of_version
from .storing import changes_of, refuse_invalid, store
from .written_rows import Values, WrittenRows, values_of


def count_rows(sheets: Sequence[Sheet]) -> int:
    return sum(len(sheet.rows) for sheet in sheets)


class Importer(PlannedWork):
    """Imports the rows of `sheets`; see `PlannedWork`."""

    def __init__(
        self,
        sheets: Sequence[Sheet],
        note: str,
        user: User | None = None,
        *,
        dry_run: bool = False,
        permits: Permits = lambda permission: True,
        expected: str | None = None,
    ) -> None:
        order = {table.name: place for place, table in enumerate(TABLES)}
        self.sheets = sorted(sheets, key=lambda sheet: order[sheet.table.name])
        notices = [notice for sheet in self.sheets for notice in sheet.notices]
        super().__init__(
            Plan(notices=notices),
            note,
            user,
            count_rows(sheets),
            dry_run=dry_run,
            permits=permits,
            expected=expected,
        )
        self.written_rows = WrittenRows()
        self._lookup = Lookup()
        self._with_versions = {
            cells.get("case", "") for sheet in sheets if sheet.table is VERSIONS
            for _, cells in sheet.rows
        }  # fmt: skip

    def rows(self) -> Iterator[Progress]:
        for sheet in self.sheets:
            yield from self._table(sheet)

    # One table

    def _table(self, sheet: Sheet) -> Iterator[Progress]:
        table = sheet.table
        plans = {row: RowPlan(table.name, row, sheet.key_text(cells)) for row, cells in sheet.rows}
        self.plan.rows.extend(plans.values())
        self._prefetch(sheet)
        rows = [
            (plans[row], cells, probe)
            for row, cells in sheet.rows
            if (probe := self._probe(table, plans[row], cells)) is not None
        ]
        rows = list(_without_duplicates(table, rows))
        for plan, (_, cells) in zip(plans.values(), sheet.rows, strict=True):
            if plan.action == REFUSED:
                self._check_cells(table, plan, cells)
        known = _known(table, [probe for _, _, probe in rows])
        if table is CLAIMS:
            self._lookup.prefetch_parts({probe.case_id for _, _, probe in rows})
        waiting = []
        for plan, cells, probe, later in _in_order(table, rows):
            record = known.get(_key(table, probe))
            self._row(table, plan, cells, record, probe, later)
            if later:
                waiting.append((plan, cells, record or probe, later))
            yield from self._count(table.name)
        for plan, cells, record, later in waiting:
            self._complete(table, plan, cells, record, later)
        yield Progress(self._done, self.total, table.name)

    def _complete(
        self,
        table: Table,
        plan: RowPlan,
        cells: dict[str, str],
        record: Any,
        later: Sequence[BundleColumn],
    ) -> None:
        """Set the references of a row in a cycle, now that all rows of the cycle are stored."""
        given = [column for column in later if column.name in cells]
        before, former = cells_of(record, given), values_of(record)
        for column in given:
            self._put(column, record, plan, cells)
        changes = list(changes_of(table, record, given, before, adding=False))
        if changes and plan.action != REFUSED:
            plan.changes += changes
            plan.action = ADDED if plan.action == ADDED else CHANGED
            self._require_permission(table, plan, record, plan.action == ADDED)
            if plan.action != REFUSED and store(table, plan, record):
                self.case_steps.record_stored(plan, record, plan.action == ADDED, None)
                self.written_rows.add(table, plan, record, former)

    def _prefetch(self, sheet: Sheet) -> None:
        for column in sheet.columns:
            if column.is_reference:
                cells = (cells[column.name] for _, cells in sheet.rows)
                slugs = {slug.strip() for cell in cells for slug in cell.split(";")}
                self._lookup.prefetch(column.model, slugs)  # type: ignore[attr-defined]  # they have

    def _probe(self, table: Table, plan: RowPlan, cells: dict[str, str]) -> Any:
        """Return a new record with the key of a row, or None if the key is invalid."""
        probe = table.model()
        for name in table.key:
            self._put(table.by_name[name], probe, plan, cells)
        if plan.action == REFUSED:
            self._done += 1
            return None
        if table.key == ("slug",):
            # The file may use a former slug; the record is then the one that has a new slug today.
            renamed = self._lookup.find(table.model, probe.slug)
            if renamed is not None:
                probe.slug = renamed.slug
                plan.key = renamed.slug
        return probe

    def _put(self, column: BundleColumn, record: Any, plan: RowPlan, cells: dict[str, str]) -> None:
        try:
            column.put(record, cells[column.name], self._lookup)
        except CellError as error:
            plan.refuse(str(error), column.name)

    def _check_cells(self, table: Table, plan: RowPlan, cells: dict[str, str]) -> None:
        """Refuse a row, whose key is wrong, for its other cells too, as far as they stand alone."""
        record = table.model()
        for column in table.columns:
            if (
                column.name in cells
                and column.name not in table.key
                and column not in table.refers_to_itself
                and column.is_given(cells[column.name])
            ):
                with suppress(ObjectDoesNotExist):  # it depends on the record that the key names
                    self._put(column, record, plan, cells)

    # One row

    def _row(
        self,
        table: Table,
        plan: RowPlan,
        cells: dict[str, str],
        known: Any,
        probe: Any,
        later: Sequence[BundleColumn] = (),
    ) -> None:
        record = probe if known is None else known
        given = [
            column
            for column in table.columns
            if column.name in cells
            and column.name not in table.key
            and column not in later
            and column.is_given(cells[column.name])
        ]
        if known is None:
            self._require_all(table, plan, cells)
        elif table is VERSIONS:
            self._keep_version(plan, cells, record)
            return
        else:
            given = [column for column in given if not column.on_adding_only]
        before = {} if known is None else cells_of(record, given)
        former = None if known is None else values_of(record)
        stored = self.case_steps.before(record)
        for column in given:
            self._put(column, record, plan, cells)
        refused = {refusal.column for refusal in plan.refusals}
        sound = [column for column in given if column.name not in refused]
        plan.changes = list(changes_of(table, record, sound, before, known is None))
        if plan.action == REFUSED:
            # All that can be found at once, so that the file is not refused again and again.
            self._require_permission(table, plan, record, known is None)
            self._check_rules(table, plan, record, stored)
            checked = (*(table.by_name[name] for name in table.key), *sound)
            fields = [column.field for column in checked if not column.is_reference]
            refuse_invalid(table, plan, record, only=fields)
        elif known is None or plan.changes:
            plan.action = ADDED if known is None else CHANGED
            self._require_permission(table, plan, record, known is None)
            self._store(table, plan, record, stored, former)
        if plan.action == REFUSED and "slug" in table.by_name:
            self._lookup.refuse(table.model, record.slug)
        self.case_steps.remember_row(plan, record)

    def _require_all(self, table: Table, plan: RowPlan, cells: dict[str, str]) -> None:
        for column in table.columns:
            if column.required and column.name not in cells:
                plan.refuse("The file lacks this column, and a new record needs it.", column.name)

    def _require_permission(self, table: Table, plan: RowPlan, record: Any, adding: bool) -> None:
        action = "add" if adding else "change"
        needed = f"cases.{action}_{table.model._meta.model_name}"
        if table is FORMER_ADDRESSES:
            needed = f"cases.change_{record.content_type.model}"
        if not (self.permits(needed) and self._may_edit_case_of(record)):
            plan.refuse(f"Your account may not {action} {table.title}; ask somebody who may.")

    def _may_edit_case_of(self, record: Any) -> bool:
        """Whether the user may change the case that a part belongs to."""
        case = getattr(record, "case", None)
        if case is None or self.case_steps.is_new(case):
            return True
        return self.permits("cases.change_case")

    def _keep_version(self, plan: RowPlan, cells: dict[str, str], version: Version) -> None:
        if cells.get("digest", version.digest).strip() != version.digest:
            plan.action = KEPT
            plan.remark = "the case is here, with versions of its own."

    def _store(
        self,
        table: Table,
        plan: RowPlan,
        record: Any,
        before: Before,
        former: Values | None,
    ) -> None:
        """Validate and store a record; any error refuses the row."""
        adding = record._state.adding
        if table is VERSIONS and not self._may_add_version(plan, record):
            return
        if table is FORMER_ADDRESSES and is_present(record):
            plan.action, plan.changes = KEPT, []
            plan.remark = "it is the present slug of a record here."
            return
        self._check_rules(table, plan, record, before)
        if isinstance(record, Directive | DirectiveException):
            record.updated_by = self.user
        elif adding and isinstance(record, Case):
            record.created_by = record.updated_by = self.user
        elif adding and isinstance(record, Note):
            record.author = self.user
        if plan.action == REFUSED:
            refuse_invalid(table, plan, record)
        elif store(table, plan, record):
            self.case_steps.record_stored(plan, record, adding, before)
            self.written_rows.add(table, plan, record, former)
            if "slug" in table.by_name:
                self._lookup.remember(record)

    def _check_rules(self, table: Table, plan: RowPlan, record: Any, before: Before) -> None:
        """Refuse a number or a status that a case, a directive or an exception cannot have."""
        if table is CASES:
            self.case_steps.set_status(plan, record, before, self._with_versions, self.permits)
            refusal = refusal_of_number(record, before)
            if refusal:
                plan.refuse(refusal, "number")
        elif isinstance(record, Directive | DirectiveException):
            elsewhere = bool(self._with_versions) and self.permits("cases.add_version")
            refusal = refusal_of_rule(record, before, self.permits, self.user, elsewhere)
            if refusal:
                plan.refuse(refusal, "status")

    def _may_add_version(self, plan: RowPlan, version: Version) -> bool:
        if not self.case_steps.is_new(version.case):
            plan.action, plan.changes = KEPT, []
            plan.remark = "the case is here, with versions of its own."
            return False
        refusal = refusal_of_version(version)
        if refusal:
            plan.refuse(refusal, "record")
        return not refusal


# Keys and order

# The plan of a row, its cells, and a new record that has its key.
ProbedRow = tuple[RowPlan, dict[str, str], Any]


def _key(table: Table, record: Any) -> tuple[Any, ...]:
    return tuple(getattr(record, table.by_name[name].key_field) for name in table.key)


def _without_duplicates(table: Table, rows: list[ProbedRow]) -> Iterator[ProbedRow]:
    first: dict[tuple[Any, ...], int] = {}
    for plan, cells, probe in rows:
        row = first.setdefault(_key(table, probe), plan.row)
        if row == plan.row:
            yield plan, cells, probe
        else:
            names = " and ".join(table.key)
            plan.refuse(f"It has the same {names} as row {row}; keep one of the two.")


def _known(table: Table, probes: list[Any]) -> dict[tuple[Any, ...], Any]:
    """Return the stored records that may have the key of one of the probes, by key."""
    name = table.by_name[table.key[0]].key_field
    values = sorted({_key(table, probe)[0] for probe in probes})
    known = {}
    for batch in in_batches(values):
        for record in table.rows().filter(**{f"{name}__in": batch}):
            known[_key(table, record)] = record
    return known


def _in_order(
    table: Table, rows: list[ProbedRow]
) -> Iterator[tuple[*ProbedRow, Sequence[BundleColumn]]]:
    """Yield each row after the rows it refers to, and in a cycle the columns to set afterwards."""
    columns = [column for column in table.refers_to_itself if column.name not in table.key]
    if not columns:
        yield from ((*row, ()) for row in rows)
        return
    by_slug = {row[2].slug: row for row in rows}
    graph: TopologicalSorter[str] = TopologicalSorter()
    for slug, (_, cells, _) in by_slug.items():
        named = {cells.get(column.name, "").strip() for column in columns}
        graph.add(slug, *(named & by_slug.keys() - {slug}))
    yielded: set[str] = set()
    # After a CycleError, the rows outside the cycle can still be taken from the sorter.
    with suppress(CycleError):
        graph.prepare()
    while ready := graph.get_ready():
        for slug in ready:
            yielded.add(slug)
            yield (*by_slug[slug], ())
        graph.done(*ready)
    yield from ((*row, columns) for slug, row in by_slug.items() if slug not in yielded)
