"""What axe finds on the page that is open in a browser."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe


def violations(page: Any, context: str = "html") -> list[tuple[str, str]]:
    """Return each broken rule with the HTML that breaks it, within what the selector finds.

    It waits until the page has loaded, because a click on a link returns before the next page has
    any content.
    """
    page.wait_for_load_state()
    found = Axe().run(page, context=context).response["violations"]
    return [(each["id"], node["html"][:160]) for each in found for node in each["nodes"]]
