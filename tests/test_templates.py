"""How the templates are written, where the linter has no rule for it; run by `make lint` too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDER = Path(settings.BASE_DIR, "templates")
MAX_LINE_LENGTH = 120

pytestmark = pytest.mark.once


def lines() -> Iterator[tuple[str, str]]:
    """Yield each line of each template, after its place: "base.html:1"."""
    for file in sorted(FOLDER.rglob("*.html")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            yield f"{file.relative_to(FOLDER)}:{number}", line


def test_template_line_fits_on_a_screen() -> None:
    assert [place for place, line in lines() if len(line) > MAX_LINE_LENGTH] == []


def test_template_loads_every_tag_and_filter_that_it_uses() -> None:
    for file in sorted(FOLDER.rglob("*.html")):
        get_template(str(file.relative_to(FOLDER)))  # raises TemplateSyntaxError


def test_template_escapes_whatever_it_shows() -> None:
    unescaped = re.compile(r"\|\s*safe(seq)?\b|\{%\s*autoescape\s+off")
    assert [place for place, line in lines() if unescaped.search(line)] == []


def test_template_that_is_included_has_the_name_of_a_fragment() -> None:
    included = re.compile(r'\{% include "([\w/]*/)?(\w+\.html)"')
    wrong = [
        place
        for place, line in lines()
        for folder, name in included.findall(line)
        if (FOLDER / folder / name).exists() and not name.startswith("_")
    ]
    assert wrong == []
