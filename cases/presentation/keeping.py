"""What was made of records, kept in the memory of the process for the next page that shows it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.urls import get_script_prefix

P = ParamSpec("P")
Made = TypeVar("Made")


def kept(at_most: int) -> Callable[[Callable[P, Made]], Callable[P, Made]]:
    """Keep what a function returned for the last `at_most` arguments.

    The arguments have to be all that the result follows from, and be compared by what they hold, as
    records are; rows are not. So a record that changed in any way is another argument, in this
    process and in every other, and nothing has to be told that something changed.
    """

    def decorate(make: Callable[P, Made]) -> Callable[P, Made]:
        # Every address in what is made begins with the folder that the site is served in.
        @lru_cache(maxsize=at_most)
        def remembered(prefix: str, *args: Hashable, **named: Hashable) -> Made:
            return make(*args, **named)  # type: ignore[arg-type]  # those of `found`

        @wraps(make)
        def found(*args: P.args, **named: P.kwargs) -> Made:
            if settings.DEBUG:  # templates change
                return make(*args, **named)
            return remembered(get_script_prefix(), *args, **named)  # type: ignore[arg-type]  # hashable

        return found

    return decorate
