"""How the documents are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

DECISIONS = Path(settings.BASE_DIR, "docs", "decisions")
MAX_LINES = 40

pytestmark = pytest.mark.once


def test_record_of_a_decision_is_short() -> None:
    lines = {
        file.name: len(file.read_text(encoding="utf-8").splitlines())
        for file in sorted(DECISIONS.glob("[0-9]*.md"))
    }
    assert lines
    assert {name: count for name, count in lines.items() if count > MAX_LINES} == {}
