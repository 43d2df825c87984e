"""The columns of the data bundle and the fields of the models."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models

from cases.exchange.bundle.layout.tables import TABLES
from cases.models.fields import Derived

NAMED_OTHERWISE = {
    "Claim": {"about"},
    "FormerSlug": {"kind", "former_slug", "leads_to"},
    "Warning": {"intermediaries"},
}
KEPT_INSIDE = {
    "Directive": {"updated_by"},
    "DirectiveException": {"updated_by"},
    "Case": {
        *("date_words", "date_edtf", "date_basis", "created_by", "updated_by", "published_by"),
        *("correction", "correction_note"),
    },
    "Claim": {"warning", "incident", "involvement", "assessment", "field"},
    "Note": {"author"},
    "FormerSlug": {"content_type", "object_id", "slug"},
    "Version": {"editor", "is_announced"},
}
"""Derived columns, accounts, and what `about` says."""


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_registry_has_a_column_for_each_field_but_those_kept_inside(table: Any) -> None:
    fields = {
        field.name
        for field in [*table.model._meta.concrete_fields, *table.model._meta.many_to_many]
        if not isinstance(field, models.AutoField | Derived)
    }
    inside = KEPT_INSIDE.get(table.model.__name__, set())
    named_otherwise = NAMED_OTHERWISE.get(table.model.__name__, set())
    assert fields - inside == set(table.by_name) - named_otherwise
    assert inside <= fields
