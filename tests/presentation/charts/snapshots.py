"""Specifications that are compared with files, so that a change of a picture is seen.

To write the files again: `UPDATE_SNAPSHOTS=1 .venv/bin/python -m pytest tests/presentation/charts`.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "snapshots"

# An object or a list without another in it, such as a mark: a line each in the file.
_INNERMOST = re.compile(r"\{[^{}\[\]]*\}|\[[^{}\[\]]*\]")


def assert_as_before(name: str, spec: dict[str, Any]) -> None:
    """Compare a specification with the file of this name, or write it if that is asked for."""
    path = FOLDER / f"{name}.json"
    text = json.dumps(spec, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(_INNERMOST.sub(_on_one_line, text), encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(text)


def _on_one_line(part: re.Match[str]) -> str:
    return re.sub(r"\n *", " ", part[0])
