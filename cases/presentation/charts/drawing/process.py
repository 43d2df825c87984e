"""The process that draws: it reads a request a line, in JSON, and answers each with a line.

`{"spec": …}` is answered with the SVG of a Vega-Lite specification, `{"svg": …}` with a PNG of an
SVG in base64. It ends when its input does, so it does not outlive the server.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

import vl_convert

from .style import VERSION

# The first picture takes half a second, in which the engine loads Vega-Lite.
_FIRST: dict[str, Any] = {"spec": {"data": {"values": []}, "mark": "point"}}


def main() -> None:
    _drawn(_FIRST)
    for line in sys.stdin.buffer:
        try:
            answer = {"drawn": _drawn(json.loads(line))}
        # Whatever is wrong with one picture, the next may be right.
        except Exception as error:
            answer = {"error": str(error)[:500]}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


def _drawn(request: dict[str, Any]) -> str:
    if "spec" in request:
        # A specification has its data, so nothing has to be loaded.
        return vl_convert.vegalite_to_svg(request["spec"], vl_version=VERSION, allowed_base_urls=[])
    return base64.b64encode(vl_convert.svg_to_png(request["svg"], scale=2)).decode()


if __name__ == "__main__":
    main()
