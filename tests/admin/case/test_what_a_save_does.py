"""The page that says what a save does, compared with what one does."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from cases.models import Case
from tests.support.admin_forms import form_on, signed_in

pytestmark = pytest.mark.django_db


def places() -> list[str]:
    """Return the places in the code that the page names, in its order."""
    page = (settings.BASE_DIR / "docs" / "what-a-save-does.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([^`]+:[^`]+)` \|", page, re.MULTILINE)


def record_calls(monkeypatch: pytest.MonkeyPatch, place: str, order: list[str]) -> None:
    """Let the first call of what stands at a place be noted in `order`."""
    module, _, path = place.partition(":")
    owner: Any = import_module(module if module.startswith("warnapp") else f"cases.{module}")
    *outer, name = path.split(".")
    for each in outer:
        owner = getattr(owner, each)
    function = getattr(owner, name)

    def noting(*args: Any, **named: Any) -> Any:
        if place not in order:
            order.append(place)
        return function(*args, **named)

    monkeypatch.setattr(owner, name, noting)


def test_save_of_a_public_case_does_what_the_page_says_in_its_order(
    demo: None,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    client = signed_in("Editors")
    case = Case.objects.get(slug="kerman-2024")
    address = f"/admin/cases/case/{case.pk}/change/"
    data = form_on(client.get(address))
    data |= {"title": f"{case.title}, corrected", "change_note": "The title was wrong."}
    order: list[str] = []
    for place in places():
        record_calls(monkeypatch, place, order)
    connection.run_on_commit.clear()  # what making the cases has left there
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(address, data)
    assert response.status_code == 302
    assert case.versions.count() == 2
    # The transaction of a test is committed after the response, and not before it is made.
    at_commit = "search.follow:catch_up"
    assert order == [*(each for each in places() if each != at_commit), at_commit]
