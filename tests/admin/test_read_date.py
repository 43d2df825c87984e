"""What a form says of a date that is typed into it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.support.admin_forms import opened, save
from tests.support.factories import make_source

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_date_that_is_typed_is_read_for_the_script_of_the_form(editor: Client) -> None:
    address = reverse("admin:read_date")
    read: dict[str, Any] = editor.get(address, {"text": "November 2022"}).json()
    assert read == {"edtf": "2022-11", "meaning": "November 2022 = 1–30 November 2022"}
    refused = editor.get(address, {"text": "03/07/2024"}).json()
    assert refused["error"].startswith("“03/07/2024” can be 3 July 2024 or 7 March 2024.")
    assert "error" in editor.get(address).json()
    assert Client().get(address).status_code == 302


def test_date_that_is_saved_in_a_common_form_is_stored_as_edtf_and_echoed(editor: Client) -> None:
    source = make_source()
    save(editor, source, published_edtf="November 2022", published_basis="stated")
    source.refresh_from_db()
    assert (source.published_edtf, str(source.published_latest)) == ("2022-11", "2022-11-30")
    assert opened(editor, source)["published_edtf"] == "2022-11"
    page = editor.get(reverse("admin:cases_source_change", args=[source.pk]))
    assert "November 2022 = 1–30 November 2022</output>" in page.text
    page = save(editor, source, published_edtf="03/07/2024")
    assert "can be 3 July 2024 or 7 March 2024" in page.text
