"""A filter of a list by a related record."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import RelatedOnlyFieldListFilter
from django.utils.safestring import SafeString


class RelatedFilter(RelatedOnlyFieldListFilter):
    """Offers the related records that the list has, and “None” where Django offers “-”."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_value_display = SafeString("None")
