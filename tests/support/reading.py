"""What a person reads of a page: its words, without markup and without runs of white space."""

from __future__ import annotations

import re
from html import unescape
from typing import Any


def words(response: Any) -> str:
    """Return the visible words of the main part of a page that answered 200."""
    assert response.status_code == 200, response.status_code
    main = response.text.partition("<main")[2].partition("</main>")[0].partition(">")[2]
    return text_of(main)


def words_of(response: Any) -> str:
    """Return the visible words of any page."""
    return text_of(response.text)


def text_of(markup: str) -> str:
    """Return the visible words of a piece of HTML."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split()).replace(" ,", ",")
