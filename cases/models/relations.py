"""Relations by their names: the rows that refer to a model, and where a reference leads.

Only `preset` and the functions after it know Django's cache of prefetched rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.db import models


def rows_of(model: type[models.Model], relation: str) -> models.QuerySet[models.Model]:
    """Return every row of the model that refers to `model` by the reverse relation `relation`.

    The querysets of a case, an actor or a source read rows whose models import the file that the
    querysets are in. `rows_of(Case, "warnings")` is the same as `Warning.objects.all()`.
    """
    related = cast("type[models.Model]", model._meta.get_field(relation).related_model)
    return related._default_manager.all()


def referring(model: type[models.Model]) -> dict[str, Any]:
    """Return every foreign key to a model by `model.field`, including many-to-many tables."""
    return {
        f"{relation.related_model._meta.model_name}.{relation.field.name}": relation.field
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
    }


def preset(record: models.Model, relation: str, related: Iterable[models.Model]) -> None:
    """Let the relation of this instance have these rows, as a prefetch would. Nothing is stored.

    A queryset is read when the relation is first used.
    """
    rows: Any = related
    if not isinstance(related, models.QuerySet):
        rows = rows_of(type(record), relation).none()
        rows._result_cache = list(related)  # there is no public way to do this
    _prefetched(record)[relation] = rows


def forget(record: models.Model, relation: str) -> None:
    """Read the relation of this instance again when it is next used."""
    _prefetched(record).pop(relation, None)


@contextmanager
def presetting(
    record: models.Model, relation: str, related: Iterable[models.Model]
) -> Iterator[None]:
    """Let the relation have these rows within the block, and after it what it had before."""
    before = _prefetched(record).get(relation)
    preset(record, relation, related)
    try:
        yield
    finally:
        forget(record, relation)
        if before is not None:
            _prefetched(record)[relation] = before


def loaded(record: models.Model, relation: str) -> Iterable[models.Model]:
    """Return the rows that the relation of this instance has without a query; () if not read."""
    rows: Iterable[models.Model] = _prefetched(record).get(relation, ())
    return rows


def _prefetched(record: models.Model) -> dict[str, Any]:
    cache: dict[str, Any] = record.__dict__.setdefault("_prefetched_objects_cache", {})
    return cache


def protect(through: type[models.Model], reference: str) -> None:
    """Refuse to delete a record that a row of Django's own table of a relation refers to.

    By default the row would be lost with the record, and there is no option for that.
    """
    key: Any = through._meta.get_field(reference)
    key.remote_field.on_delete = models.PROTECT


def leads_to(record: models.Model, reference: str, target: models.Model) -> bool:
    """Return whether following `reference` from `record`, again and again, reaches `target`.

    One query for each record on the way, unless it is loaded already.
    """
    return any(found.pk == target.pk for found in _follow(record, reference))


def leads_in_a_circle(record: models.Model, reference: str) -> bool:
    """Return whether following `reference` from `record` reaches some record for a second time.

    One query for each record on the way, unless it is loaded already.
    """
    keys = [record.pk, *(found.pk for found in _follow(record, reference))]
    return len(set(keys)) < len(keys)


def _follow(record: models.Model, reference: str) -> Iterator[models.Model]:
    """Yield the records that `reference` leads to; one that closes a circle is the last."""
    passed = {record.pk}
    following = getattr(record, reference)
    while following is not None:
        yield following
        if following.pk in passed:
            return
        passed.add(following.pk)
        following = getattr(following, reference)
