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


def places(step: str) -> list[str]:
    """Return the places in the code that the page names for a step, in its order."""
    page = (settings.BASE_DIR / "docs" / "what-a-save-does.md").read_text(encoding="utf-8")
    _, _, section = page.partition(f"\n## “{step}”")
    return re.findall(r"^\| `([^`]+:[^`]+)` \|", section.partition("\n## ")[0], re.MULTILINE)


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


def test_save_and_publication_do_what_the_page_says_in_its_order(
    demo: None, django_capture_on_commit_callbacks: Any
) -> None:
    editor, reviewer = signed_in("Editors"), signed_in("Reviewers")
    case = Case.objects.get(slug="kerman-2024")
    address = f"/admin/cases/case/{case.pk}/change/"
    data = form_on(editor.get(address))
    data |= {"title": f"{case.title}, corrected", "change_note": "The title was wrong."}
    steps = (
        ("Save", editor, address, data, 1),
        (
            "Publish",
            reviewer,
            f"/admin/cases/case/publish/?cases={case.pk}",
            {"reason": "Weighed."},
            2,
        ),
    )
    for step, client, sent_to, sent, versions in steps:
        if step == "Publish":
            sent = form_on(client.get(sent_to), "reason_form") | sent
        order: list[str] = []
        with pytest.MonkeyPatch.context() as monkeypatch:
            for place in places(step):
                record_calls(monkeypatch, place, order)
            connection.run_on_commit.clear()  # what making the cases has left there
            with django_capture_on_commit_callbacks(execute=True):
                assert client.post(sent_to, sent).status_code == 302
        assert case.versions.count() == versions
        # The transaction of a test is committed after the response, and not before it is made.
        at_commit = "search.follow:catch_up"
        named = places(step)
        expected = [each for each in named if each != at_commit]
        assert order == expected + [each for each in named if each == at_commit]
