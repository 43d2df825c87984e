"""The journal of a merge: each write as a step, to preview the merge and to undo it.

A step is plain JSON. It changes columns of rows ("old", "new"), deletes a row ("deleted"), creates
one ("made"), or adds other names to an actor ("names"). Undoing a step reverts only what it wrote,
and only if the value is unchanged since. Later changes in other columns are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, models, transaction

from cases.models.folded import fold_again
from cases.models.rows import as_json, from_json, name_of
from cases.text.batches import in_batches

from .refusal import MergeRefusedError

Step = dict[str, Any]
MAX_SHOWN = 5
# Rows in one UPDATE statement.
ROWS_PER_STATEMENT = 500


@dataclass
class Moves:
    """The rows of one kind of write: how many there are, and the names of the first ones."""

    label: str
    count: int = 0
    first: list[str] = field(default_factory=list)

    @property
    def others(self) -> int:
        """The number of rows that are not named."""
        return self.count - len(self.first)

    def add(self, rows: Iterable[models.Model], count: int) -> None:
        self.count += count
        # `rows` may be a queryset, which is not evaluated if no more names are needed.
        if len(self.first) < MAX_SHOWN:
            self.first += [name_of(row) for row in rows][: MAX_SHOWN - len(self.first)]


class Journal:
    """Writes rows and records each write as a step."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._moves: dict[str, Moves] = {}

    @property
    def moves(self) -> list[Moves]:
        """Return the writes by label, in the order of the first of each."""
        return list(self._moves.values())

    def move(
        self, label: str, rows: models.QuerySet[Any], gently: bool = False, /, **columns: Any
    ) -> None:
        """Set columns of all rows to the same values.

        If a write that was made `gently` has been changed since, undoing skips it and does not
        fail. This is for texts that editors keep working on.
        """
        model = rows.model
        before: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for key, *old in rows.order_by("pk").values_list("pk", *columns):
            before[tuple(old)].append(key)
        for old, keys in before.items():
            self._count(label, model._base_manager.filter(pk__in=keys[:MAX_SHOWN]), len(keys))
            for batch in in_batches(keys, ROWS_PER_STATEMENT):
                model._base_manager.filter(pk__in=batch).update(**columns)
                fold_again(model, batch, columns)
            self.steps.append(
                _step(label, model)
                | {
                    "keys": keys,
                    "old": as_json(zip(columns, old, strict=True)),
                    "new": as_json(columns),
                }
                | ({"gently": True} if gently else {})
            )

    def set(self, label: str, row: models.Model, gently: bool = False, /, **columns: Any) -> None:
        """Set the columns of one row that change, in the database and on the instance."""
        changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
        if not changed:
            return
        self.move(label, type(row)._base_manager.filter(pk=row.pk), gently, **changed)
        for name, value in changed.items():
            setattr(row, name, value)

    def delete(self, label: str, row: models.Model) -> None:
        """Delete one row that nothing refers to any more."""
        self._count(label, [row], 1)
        values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
        self.steps.append(_step(label, type(row)) | {"key": row.pk, "deleted": as_json(values)})
        row.delete()

    def make(self, label: str, row: models.Model) -> None:
        self._count(label, [row], 1)
        row.save()
        self.steps.append(_step(label, type(row)) | {"key": row.pk, "made": True})

    def add_names(self, label: str, actor: Any, names: Iterable[str]) -> None:
        """Add the names that the actor does not have yet."""
        known = [actor.name, *actor.aliases]
        new = [name for name in dict.fromkeys(names) if name not in known]
        if new:
            shown = self._moves.setdefault(label, Moves(label))
            shown.count += len(new)
            shown.first = [*shown.first, *new][:MAX_SHOWN]
            actor.aliases = [*actor.aliases, *new]
            type(actor)._base_manager.filter(pk=actor.pk).update(aliases=actor.aliases)
            fold_again(type(actor), [actor.pk])
            self.steps.append(_step(label, type(actor)) | {"key": actor.pk, "names": new})

    def _count(self, label: str, rows: Iterable[models.Model], count: int) -> None:
        self._moves.setdefault(label, Moves(label)).add(rows, count)


def _step(label: str, model: type[models.Model]) -> Step:
    return {"label": label, "model": model._meta.label_lower}


# Undoing


def undo_steps(steps: list[Step]) -> None:
    """Undo steps, the last one first. Raises MergeRefusedError if a row was changed since."""
    for step in reversed(steps):
        model = apps.get_model(step["model"])
        for kind, undo in _UNDO_BY_KIND.items():
            if kind in step:
                undo(step, model)


def _undo_update(step: Step, model: Any) -> None:
    new = {name: from_json(model, name, value) for name, value in step["new"].items()}
    old = {name: from_json(model, name, value) for name, value in step["old"].items()}
    for batch in in_batches(step["keys"]):
        rows = model._base_manager.filter(pk__in=batch)
        if step.get("gently"):
            rows = rows.filter(**new)
        elif rows.filter(**new).count() != len(batch):
            raise MergeRefusedError(_changed_since(step, model, rows.exclude(**new).first()))
        with _refusing_clashes(step):
            rows.update(**old)
            fold_again(model, batch, old)


def _changed_since(step: Step, model: Any, changed: models.Model | None) -> str:
    """Return a sentence on a row that was changed since the merge, or deleted (None)."""
    name, label = str(model._meta.verbose_name), step["label"]
    if changed is None:
        return f"A {name} that was moved was deleted since: {label}."
    return f"“{name_of(changed)}” ({name}) was changed since: {label}."


def _undo_delete(step: Step, model: Any) -> None:
    values = {name: from_json(model, name, value) for name, value in step["deleted"].items()}
    row = model(**values)
    if model._base_manager.filter(pk=row.pk).exists():
        raise MergeRefusedError(
            f"There is already another {model._meta.verbose_name} in its place."
        )
    for column in model._meta.concrete_fields:
        if column.is_relation and getattr(row, column.attname) is not None:
            try:
                getattr(row, column.name)
            except ObjectDoesNotExist:
                missing = f"the {column.verbose_name} of {model._meta.verbose_name} {row.pk}"
                raise MergeRefusedError(
                    f"Something that was merged was deleted since: {missing}."
                ) from None
    with _refusing_clashes(step):
        # Raw, so that the row gets exactly its old values: no save() and no derived columns.
        row.save_base(raw=True, force_insert=True)


def _undo_create(step: Step, model: Any) -> None:
    model._base_manager.filter(pk=step["key"]).delete()


def _undo_add_names(step: Step, model: Any) -> None:
    """Remove those of the added names that the actor still has."""
    actor = model._base_manager.filter(pk=step["key"]).first()
    if actor is None:
        raise MergeRefusedError("The actor that was kept does not exist any more.")
    aliases = [name for name in actor.aliases if name not in step["names"]]
    model._base_manager.filter(pk=actor.pk).update(aliases=aliases)
    fold_again(model, [actor.pk])


_UNDO_BY_KIND = {
    "new": _undo_update,
    "deleted": _undo_delete,
    "made": _undo_create,
    "names": _undo_add_names,
}


@contextmanager
def _refusing_clashes(step: Step) -> Iterator[None]:
    """Raise MergeRefusedError if a row that was added since breaks a constraint."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        label = step["label"]
        raise MergeRefusedError(f"Something entered since prevents it: {label}.") from error
