"""Rows reached by the name of a relation, where a file cannot import the model of the rows."""

from __future__ import annotations

from typing import cast

from django.db import models


def rows_of(model: type[models.Model], relation: str) -> models.QuerySet[models.Model]:
    """Return every row of the model that refers to `model` by the reverse relation `relation`.

    The querysets of a case, an actor or a source read rows whose models import the file that the
    querysets are in. `rows_of(Case, "warnings")` is the same as `Warning.objects.all()`.
    """
    related = cast("type[models.Model]", model._meta.get_field(relation).related_model)
    return related._default_manager.all()
