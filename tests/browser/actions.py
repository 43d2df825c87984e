"""An editor's hands: every click and every key that a form takes, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class Effort:
    """What was done: `clicks`, `keys` that steer or shorten, and `letters` of what is recorded.

    A choice from a list is two clicks: one opens it, one chooses. Scrolling is not counted.
    """

    clicks: int = 0
    keys: int = 0
    letters: int = 0

    @property
    def steps(self) -> int:
        return self.clicks + self.keys


class Hands:
    """Works the page as an editor would, and counts."""

    def __init__(self, page: Any, effort: Effort | None = None) -> None:
        self.page, self.effort = page, effort or Effort()

    def click(self, selector: str) -> None:
        self.effort.clicks += 1
        self.page.locator(selector).locator("visible=true").first.click()

    def type(self, selector: str, text: str) -> None:
        """Click into a field and write what it has to hold."""
        self.click(selector)
        self.write(text)

    def write(self, text: str) -> None:
        """Write where the cursor stands."""
        self.effort.letters += len(text)
        self.page.keyboard.insert_text(text[:-1])  # at once, which no page can tell from typing
        self.page.keyboard.type(text[-1])

    def press(self, *keys: str) -> None:
        for key in keys:
            self.effort.keys += 1
            self.page.keyboard.press(key)

    def choose(self, selector: str, value: str) -> None:
        self.effort.clicks += 2
        self.page.locator(selector).focus()
        self.page.locator(selector).select_option(value)

    def find(self, field: str, beginning: str, name: str) -> None:
        """Choose a record by the beginning of its name."""
        self.click(f"#{field} + .select2 .select2-selection")
        # The list takes the focus a moment after it has opened; keys pressed before are lost.
        self.page.locator(".select2-search__field:focus").wait_for()
        self.effort.keys += len(beginning)
        self.page.keyboard.type(beginning)
        self.page.locator(".select2-results__option--highlighted", has_text=name).wait_for()
        self.press("Enter")

    def add_related(self, field: str) -> Hands:
        """Open the page of the green plus; its hands count into the same effort."""
        with self.page.expect_popup() as popup:
            self.click(f"#add_{field}")
        popup.value.wait_for_load_state()
        return Hands(popup.value, self.effort)

    def save_related(self, opener: Hands, field: str, name: str) -> None:
        """Save the page of the green plus, which closes and leaves its record chosen."""
        self.press("Control+s")
        opener.page.locator(f"#{field} + .select2", has_text=name).wait_for()
