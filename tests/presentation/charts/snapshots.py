"""Specifications that are compared with files, so that a change of a picture is seen.

To write the files again: `UPDATE_SNAPSHOTS=1 .venv/bin/python -m pytest tests/presentation/charts`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "snapshots"


def assert_as_before(name: str, spec: dict[str, Any]) -> None:
    """Compare a specification with the file of this name, or write it if that is asked for."""
    path = FOLDER / f"{name}.json"
    text = json.dumps(spec, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(text, encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(text)
