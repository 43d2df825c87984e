"""Undoing an import: what it changed is put back, what it added is deleted; all of it or nothing.

That is possible as long as its rows are as it left them and nothing else refers to what it added.
Otherwise rows are refused, with the reason. Two things stay all the same: versions, and the actors,
sources and rules that a version names.

Rows pass the models and the record checks as in an import, and public cases get a version.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Min, QuerySet

from cases.models import (
    Actor,
    Case,
    Comment,
    Directive,
    DirectiveException,
    Import,
    Merge,
    Note,
    ReviewStep,
    Source,
)
from cases.models.relations import referring
from cases.models.rows import from_json, name_of, owner_of
from cases.models.vocabulary import CaseStatus
from cases.review.rules import PUBLISH_RULES
from cases.review.steps import send_back
from cases.review.transitions import OF_IMPORTS, WITHDRAW
from cases.text.batches import in_batches
from cases.text.plurals import counted
from cases.versions.mentions import slugs_mentioned_since

from ..layout.columns import cells_of
from ..layout.tables import CASES, FORMER_ADDRESSES, TABLES, VERSIONS, Table
from .plan import CHANGED, KEPT, REFUSED, REMOVED, ImportedChange, Plan, RowPlan
from .planned import Permits, PlannedWork, Progress
from .publishing_rows import refusal_of_rule
from .storing import changes_of, store
from .written_rows import Entry, by_table, digest_of, digest_of_columns, stored_records, values_of

SHARED = (Actor, Source, Directive, DirectiveException)

# The relations whose rows go with a record, or are part of its values.
GO_WITH_IT = {
    *("case_directives.case", "reviewstep.case", "searchdocument.case", "comment.case"),
    *("warning_recipients.warning", "intermediary.warning"),
}

# The permissions for columns that the public sees of a withdrawn case.
NEEDED = dict.fromkeys(("withdrawn_reason", "merged_into_id"), WITHDRAW.permission)

VERSIONS_STAY = "Versions are kept for good, so an import that brought some cannot be undone."
STEPS_STAY = {
    CaseStatus.PUBLISHED: "The import published it, and what was public is kept for good. "
    "A reviewer can withdraw it instead.",
    CaseStatus.WITHDRAWN: "The import withdrew it. A reviewer can reinstate it instead.",
}
CHANGED_SINCE = "It was changed since the import."
UPDATED_SINCE = (
    "The casebook was updated since the import and keeps other columns here now, so nobody can "
    "tell whether this was changed."
)
DELETED_SINCE = "It was deleted since the import."


class UndoPlan(Plan):
    """What undoing an import does with each row that the import wrote."""

    words: ClassVar = {REMOVED: "deleted", CHANGED: "put back", KEPT: "left", REFUSED: "in the way"}
    always: ClassVar = (REMOVED, CHANGED)


@dataclass
class _Row:
    """A row that the import wrote, its record as it is now, and what undoing does with it."""

    table: Table
    entry: Entry
    plan: RowPlan
    record: Any

    @property
    def is_addition(self) -> bool:
        return self.entry["old"] is None

    def refuse(self, message: str, about: Any = None) -> None:
        self.plan.refuse(message, target=target_of(about or self.record))


class Undoing(PlannedWork):
    """Undoes an import. The `note` goes into each new version; see `PlannedWork`."""

    def __init__(
        self,
        undone: Import,
        note: str,
        user: User | None = None,
        *,
        dry_run: bool = False,
        permits: Permits = lambda permission: True,
        expected: str | None = None,
    ) -> None:
        self.undone = undone
        super().__init__(
            UndoPlan(),
            note,
            user,
            len(undone.written),
            dry_run=dry_run,
            permits=permits,
            expected=expected,
        )
        self.case_steps.undone_note = undone.note
        self._rows: list[_Row] = []
        self._by_record: dict[tuple[type[Any], int], _Row] = {}

    def rows(self) -> Iterator[Progress]:
        yield from self._compare()
        self._done = 0
        self._refuse_steps_since()
        self._keep_what_versions_name()
        for row in self._rows:
            self._require_permission(row)
        # In reverse, so that each state in between is one that the import passed through.
        for row in reversed(self._rows):
            if not row.is_addition and row.plan.action != REFUSED:
                self._put_back(row)
                yield from self._count("putting back")
        yield from self._delete()

    # Whether the rows are as the import left them

    def _compare(self) -> Iterator[Progress]:
        for table, entries in by_table(self.undone.written):
            keys = [entry["pk"] for entry in entries]
            merged = _merges(table, keys, "merged_key")
            # A record from before the import may stay what others were merged into.
            added = [entry["pk"] for entry in entries if entry["old"] is None]
            kept = _merges(table, added, "kept_key")
            records = stored_records(table, keys)
            for entry in entries:
                plan = RowPlan(table.name, entry["row"], entry["key"], REMOVED)
                self.plan.rows.append(plan)
                record = records.get(entry["pk"])
                row = _Row(table, entry, plan, record)
                self._rows.append(row)
                if record is not None:
                    plan.target = target_of(record)
                    self.case_steps.remember_row(plan, record)
                    self._by_record[table.model, record.pk] = row
                if entry["pk"] in merged:
                    merge = merged[entry["pk"]]
                    row.refuse(f"It was merged into {merge.kept_name}. Undo that first.", merge)
                elif entry["pk"] in kept:
                    merge = kept[entry["pk"]]
                    row.refuse(f"{merge.merged_name} was merged into it. Undo that first.", merge)
                elif record is None:
                    row.refuse(DELETED_SINCE)
                elif table is VERSIONS:
                    row.refuse(VERSIONS_STAY, record.case)
                elif entry.get("step") in STEPS_STAY:
                    row.refuse(STEPS_STAY[entry["step"]])
                elif difference := _difference(record, entry):
                    row.refuse(difference)
                yield from self._count(f"comparing {table.title}")

    def _refuse_steps_since(self) -> None:
        """Refuse one row of each case that was submitted, published or withdrawn since."""
        rows: dict[int, _Row] = {}
        for row in self._rows:
            case = owner_of(row.record) if row.record is not None else None
            if isinstance(case, Case):
                rows.setdefault(case.pk, row)
        for batch in in_batches(sorted(rows)):
            since = ReviewStep.objects.filter(case__in=batch, taken_at__gt=self.undone.applied_at)
            last = {step.case_id: step for step in since.select_related("case").reverse()}
            for key, step in last.items():
                # Sent back, a case is as open to changes as it was.
                if not step.sent_back and rows[key].plan.action != REFUSED:
                    message = f"{step.case.number} was {step.words} since the import."
                    rows[key].refuse(message, step.case)

    def _keep_what_versions_name(self) -> None:
        """Keep the added actors, sources and rules that a version names, as their pages do."""
        added = [row for row in self._rows if row.is_addition and isinstance(row.record, SHARED)]
        named = slugs_mentioned_since(self.undone.uploaded_at) if added else {}
        for row in added:
            version = named.get(row.record.slug)
            if version is not None and row.plan.action != REFUSED:
                row.plan.action = KEPT
                row.plan.remark = f"version {version.number} of {version.case.number} names it."

    # Who may

    def _require_permission(self, row: _Row) -> None:
        """Refuse a row unless the user may change its record, or delete what the import added.

        The person who imported a record may delete it again with the right to add.
        """
        if row.plan.action in (REFUSED, KEPT):
            return
        is_own = self.user is not None and self.user.pk == self.undone.imported_by_id
        action = ("add" if is_own else "delete") if row.is_addition else "change"
        needed = [f"cases.{action}_{row.table.model._meta.model_name}"]
        if row.table is FORMER_ADDRESSES:
            needed = [f"cases.change_{row.record.content_type.model}"]
        elif self._is_part_of_older_case(row.record):
            needed.append("cases.change_case")
        needed += [NEEDED[name] for name in row.entry["old"] or () if name in NEEDED]
        if row.entry.get("step"):
            needed.append(OF_IMPORTS[CaseStatus(row.entry["step"])].permission)
        rule = isinstance(row.record, Directive | DirectiveException)
        if rule and row.is_addition and row.record.is_published:
            needed.append(PUBLISH_RULES)
        if not all(map(self.permits, needed)):
            verb = "delete" if row.is_addition else "change"
            row.refuse(f"Your account may not {verb} {row.table.title}; ask somebody who may.")

    def _is_part_of_older_case(self, record: Any) -> bool:
        """Whether a record is a part of a case that the import did not add."""
        case = owner_of(record)
        if case is record or not isinstance(case, Case):
            return False
        row = self._by_record.get((Case, case.pk))
        return row is None or not row.is_addition

    # Writing

    def _put_back(self, row: _Row) -> None:
        table, record, plan = row.table, row.record, row.plan
        plan.action = CHANGED
        columns = [column for column in table.columns if column.name not in table.key]
        cells, before = cells_of(record, columns), self.case_steps.before(record)
        try:
            _set_former(record, row.entry["old"])
        except ObjectDoesNotExist:
            row.refuse("It would refer again to a record that was deleted since the import.")
            return
        plan.changes = list(changes_of(table, record, columns, cells, adding=False))
        if isinstance(record, Directive | DirectiveException):
            refusal = refusal_of_rule(record, before, self.permits, self.user, False)
            if refusal:
                row.refuse(refusal)
                return
            record.updated_by = self.user
        if store(table, plan, record):
            self.case_steps.record_stored(plan, record, False, before)
            if row.entry.get("step") == CaseStatus.IN_REVIEW and record.status == row.entry["step"]:
                send_back(record, self.user, self.note)
                plan.changes.append(ImportedChange("status", row.entry["step"], record.status))

    def _delete(self) -> Iterator[Progress]:
        """Delete what the import added, those that refer to others first."""
        tables = list(by_table(self.undone.written))
        for table, _ in reversed(tables):
            added = {
                row.record.pk: row
                for row in self._rows
                if row.table is table and row.is_addition and row.plan.action == REMOVED
            }
            self._leave_what_is_referred_to(table, added)
            if table is CASES:
                self._count_comments(added)
            for batch in in_batches(list(added)):
                rows = table.model._base_manager.filter(pk__in=batch)
                itself = [column.name for column in table.refers_to_itself]
                if itself:  # they may refer to each other in a circle
                    rows.update(**dict.fromkeys(itself))
                for key in batch:
                    if getattr(added[key].record, "case_id", None) is not None:
                        record = added[key].record
                        self.case_steps.record_stored(added[key].plan, record, False, None)
                rows.delete()
                for _ in batch:
                    yield from self._count(f"deleting {table.title}")

    def _count_comments(self, added: dict[int, _Row]) -> None:
        """Say at each case how many comments are deleted with it, and how many there are in all."""
        total = 0
        for batch in in_batches(list(added)):
            counts = Counter(Comment.objects.filter(case__in=batch).values_list("case", flat=True))
            for key, count in counts.items():
                added[key].plan.remark = f"with {counted(count, 'comment')}."
            total += counts.total()
        if total:
            self.plan.notices.append(f"Deleted with the cases: {counted(total, 'comment')}.")

    def _leave_what_is_referred_to(self, table: Table, added: dict[int, _Row]) -> None:
        """Take out of `added` what a record refers to that stays, and say why."""
        own = [column for column in referring(table.model).values() if column.model is table.model]
        blocked = _referring_to(table, added)
        while blocked:
            staying = []
            for key, other in blocked.items():
                row = added.pop(key)
                staying.append(row.record)
                known = self._by_record.get((type(other), other.pk))
                if known is not None and known.plan.action == KEPT:
                    row.plan.action = KEPT
                    row.plan.remark = f"“{name_of(other)}”, which stays, refers to it."
                elif known is None or known.plan.action != REFUSED:
                    row.refuse(f"“{name_of(other)}” refers to it.", other)
            # What those that stay refer to has to stay as well.
            blocked = {
                getattr(record, column.attname): record
                for record in staying
                for column in own
                if getattr(record, column.attname) in added
            }


def _referring_to(table: Table, added: Collection[int]) -> dict[int, Any]:
    """Return for each added record one that refers to it and is not deleted with it."""
    found: dict[int, Any] = {}
    for name, column in referring(table.model).items():
        if name in GO_WITH_IT:
            continue
        for batch in in_batches([key for key in added if key not in found]):
            rows = column.model._base_manager.filter(**{f"{column.name}__in": batch})
            if column.model is table.model:
                pairs = rows.values_list(column.attname, "pk")
                first = {key: other for key, other in pairs if other not in added}
            else:
                first = dict(rows.values_list(column.attname).annotate(Min("pk")))
            by_key = _with_names(column.model).in_bulk(first.values())
            found |= {key: by_key[other] for key, other in first.items()}
    return found


def _with_names(model: Any) -> QuerySet[Any]:
    """Return the rows of a model, joined with what their names are made of."""
    for table in TABLES:
        if table.model is model:
            return cast("QuerySet[Any]", table.rows())
    columns = {column.name for column in model._meta.concrete_fields}
    rows: QuerySet[Any] = model._base_manager.all()
    # Rows that only link two others have the name of the one that is, or is part of, a case.
    for path in ("case", "warning__case"):
        if path.partition("__")[0] in columns:
            rows = rows.select_related(path)
    return rows


def _merges(table: Table, keys: Sequence[int], role: str) -> dict[int, Merge]:
    """Return the last merges that were not undone, by the key of a record of `table` in that role.

    The role is "merged_key" for the record that went, "kept_key" for the one that it went into.
    """
    kind = table.model._meta.model_name
    if kind not in Merge.Kind.values:
        return {}
    found: dict[int, Merge] = {}
    for batch in in_batches(keys):
        merges = Merge.objects.filter(kind=kind, undone_at=None, **{f"{role}__in": batch})
        found |= {getattr(merge, role): merge for merge in merges.defer("steps").reverse()}
    return found


def _difference(record: Any, entry: Entry) -> str:
    """Return why a record is not known to be as the import left it, or ""."""
    values = values_of(record)
    if digest_of_columns(values) != entry["columns"]:
        return UPDATED_SINCE
    return CHANGED_SINCE if digest_of(values) != entry["digest"] else ""


def _set_former(record: Any, old: dict[str, Any]) -> None:
    """Set the former values of a record.

    The records that it listed are to be stored with it. Raises ObjectDoesNotExist if the record
    would refer to one that is gone.
    """
    columns = {column.attname: column for column in record._meta.concrete_fields}
    for name, value in old.items():
        if name in columns:
            setattr(record, name, from_json(type(record), name, value))
            if columns[name].is_relation:
                getattr(record, columns[name].name)
        else:
            model = Directive if name == "directives" else Actor
            listed = [model._base_manager.get(pk=key) for key in value]
            setattr(record, f"{name}_to_be", listed)


def target_of(record: Any) -> str:
    """Return the kind and the key of the record whose page in the admin shows a row, or ""."""
    owner = None if record is None else owner_of(record)
    if not isinstance(owner, (*SHARED, Case, Merge, Note)):
        return ""
    return f"{owner._meta.model_name}/{owner.pk}"
