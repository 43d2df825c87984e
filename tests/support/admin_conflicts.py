"""Pages of the admin that refuse a form, because the record changed since it was opened."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from tests.support.admin_forms import messages_on


def is_saved(page: Any) -> bool:
    return "was changed successfully" in messages_on(page)


def told_on(page: Any) -> str:
    """Return what a page tells of a conflict, "" if there is none."""
    assert page.status_code == 200, page.status_code
    panel = _Panel()
    panel.feed(page.text)
    return " ".join(panel.words.split())


class _Panel(HTMLParser):
    """Gathers the words of the section that tells of a conflict."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.words = False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section":
            self.inside = dict(attrs).get("class") == "conflict"

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.words += data + " "
