"""The fields of forms."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.admin.case.parts import IncidentInline
from tests.support.admin_forms import form_on

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_coded_field_without_a_place_in_the_form_is_shown_last(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IncidentInline, "fieldsets", ((None, {"fields": ("target", "kind")}),))
    names = [
        name.removeprefix("incidents-0-")
        for name in form_on(editor.get("/admin/cases/case/add/"))
        if name.startswith("incidents-0-")
    ]
    assert names[:6] == ["target", "kind", "place", "country", "deaths", "injured"]
