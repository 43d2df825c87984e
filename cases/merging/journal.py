"""What a merge writes, step by step, so that it can be shown beforehand and undone afterwards.

A step is plain JSON. It changes columns of rows ("old", "new"), deletes a row ("deleted"), makes
one ("made"), or adds other names to an actor ("names"). Undone, each takes back only what it did,
and only if that still stands: what was changed since in other columns stays as it is now.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction

from cases.text.batches import in_batches

from .refusal import MergeRefusedError

Step = dict[str, Any]
MAX_SHOWN = 5
BATCH = 500
"""How many rows are named in one statement."""


@dataclass
class Moves:
    """Rows to which the same happens: how many, and what the first ones are called."""

    label: str
    count: int = 0
    first: list[str] = field(default_factory=list)

    @property
    def others(self) -> int:
        """How many rows are not named."""
        return self.count - len(self.first)

    def add(self, rows: Iterable[models.Model], count: int) -> None:
        self.count += count
        if len(self.first) < MAX_SHOWN:  # otherwise the rows need not even be read
            self.first += [name_of(row) for row in rows][: MAX_SHOWN - len(self.first)]


class Journal:
    """Writes rows and keeps what it wrote."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._moves: dict[str, Moves] = {}

    @property
    def moves(self) -> list[Moves]:
        """Return what was written, by kind, in the order of writing."""
        return list(self._moves.values())

    def move(
        self, label: str, rows: models.QuerySet[Any], gently: bool = False, /, **columns: Any
    ) -> None:
        """Set columns of all rows to the same values.

        What was done `gently`, such as adding to a text that editors write, does not hinder the
        undoing when it was changed since; it then stays as it is.
        """
        model = rows.model
        before: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for key, *old in rows.order_by("pk").values_list("pk", *columns):
            before[tuple(old)].append(key)
        for old, keys in before.items():
            self._note(label, model._base_manager.filter(pk__in=keys[:MAX_SHOWN]), len(keys))
            for batch in in_batches(keys, BATCH):
                model._base_manager.filter(pk__in=batch).update(**columns)
            self.steps.append(
                _step(label, model)
                | {
                    "keys": keys,
                    "old": _plain(zip(columns, old, strict=True)),
                    "new": _plain(columns),
                }
                | ({"gently": True} if gently else {})
            )

    def set(self, label: str, row: models.Model, gently: bool = False, /, **columns: Any) -> None:
        """Set columns of one row, those of them that change, on the instance too."""
        changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
        if not changed:
            return
        self.move(label, type(row)._base_manager.filter(pk=row.pk), gently, **changed)
        for name, value in changed.items():
            setattr(row, name, value)

    def delete(self, label: str, row: models.Model) -> None:
        """Delete one row to which nothing refers any more."""
        self._note(label, [row], 1)
        values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
        self.steps.append(_step(label, type(row)) | {"key": row.pk, "deleted": _plain(values)})
        row.delete()

    def make(self, label: str, row: models.Model) -> None:
        self._note(label, [row], 1)
        row.save()
        self.steps.append(_step(label, type(row)) | {"key": row.pk, "made": True})

    def add_names(self, label: str, actor: Any, names: Iterable[str]) -> None:
        """Add other names that the actor has not yet."""
        known = [actor.name, *actor.aliases]
        new = [name for name in dict.fromkeys(names) if name not in known]
        if new:
            shown = self._moves.setdefault(label, Moves(label))
            shown.count += len(new)
            shown.first = [*shown.first, *new][:MAX_SHOWN]
            actor.aliases = [*actor.aliases, *new]
            type(actor)._base_manager.filter(pk=actor.pk).update(aliases=actor.aliases)
            self.steps.append(_step(label, type(actor)) | {"key": actor.pk, "names": new})

    def _note(self, label: str, rows: Iterable[models.Model], count: int) -> None:
        self._moves.setdefault(label, Moves(label)).add(rows, count)


def name_of(row: models.Model) -> str:
    """Name a row for an editor: a part of a case with the number of its case.

    A row that only ties a recipient to a warning is named like the warning.
    """
    if row._meta.auto_created:
        row = row.warning  # type: ignore[attr-defined]  # what no model is written for
    case = getattr(row, "case", None)
    return f"{case.number}: {row}" if case is not None else str(row)


def _step(label: str, model: type[models.Model]) -> Step:
    return {"label": label, "model": model._meta.label_lower}


def _plain(values: Any) -> dict[str, Any]:
    """Return values as JSON holds them."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder))
    return plain


# Undoing


def take_back(steps: list[Step]) -> None:
    """Undo steps, the last first. Raises RefusedError if something contradicts one."""
    for step in reversed(steps):
        model = apps.get_model(step["model"])
        for kind, undo in _UNDO.items():
            if kind in step:
                undo(step, model)


def _change_back(step: Step, model: Any) -> None:
    new = {name: _value(model, name, value) for name, value in step["new"].items()}
    old = {name: _value(model, name, value) for name, value in step["old"].items()}
    for batch in in_batches(step["keys"]):
        rows = model._base_manager.filter(pk__in=batch)
        if step.get("gently"):
            rows = rows.filter(**new)
        elif rows.filter(**new).count() != len(batch):
            raise MergeRefusedError(_changed_since(step, model, rows.exclude(**new).first()))
        with _uniqueness(step):
            rows.update(**old)


def _changed_since(step: Step, model: Any, changed: models.Model | None) -> str:
    """Say of a row that it does not stand as the merge left it, or of one that it is gone."""
    name, label = str(model._meta.verbose_name), step["label"]
    if changed is None:
        return f"A {name} that was moved is gone since: {label}."
    return f"“{name_of(changed)}” ({name}) was changed since: {label}."


def _make_again(step: Step, model: Any) -> None:
    values = {name: _value(model, name, value) for name, value in step["deleted"].items()}
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
                what = f"the {column.verbose_name} of {model._meta.verbose_name} {row.pk}"
                raise MergeRefusedError(
                    f"Something that was merged is gone since: {what}."
                ) from None
    with _uniqueness(step):
        row.save_base(raw=True, force_insert=True)


def _delete_again(step: Step, model: Any) -> None:
    model._base_manager.filter(pk=step["key"]).delete()


def _remove_names(step: Step, model: Any) -> None:
    """Remove the other names that came by the merge, those that are still there."""
    actor = model._base_manager.filter(pk=step["key"]).first()
    if actor is None:
        raise MergeRefusedError("The actor that was kept does not exist any more.")
    aliases = [name for name in actor.aliases if name not in step["names"]]
    model._base_manager.filter(pk=actor.pk).update(aliases=aliases)


_UNDO = {
    "new": _change_back,
    "deleted": _make_again,
    "made": _delete_again,
    "names": _remove_names,
}


@contextmanager
def _uniqueness(step: Step) -> Iterator[None]:
    """Turn a clash with a row made since into a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        label = step["label"]
        raise MergeRefusedError(f"Something entered since stands in the way: {label}.") from error


def _value(model: Any, attname: str, value: Any) -> Any:
    column = next(f for f in model._meta.concrete_fields if f.attname == attname)
    target = column.target_field if column.is_relation else column
    return None if value is None else target.to_python(value)
