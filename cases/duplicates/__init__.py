"""Detection of likely duplicates by name, title or web address.

A likely duplicate is only ever a hint: two people may have the same name.
"""

from .finding import Duplicate, like_actor, like_case, like_source, like_source_title
from .index import forget

__all__ = [
    "Duplicate",
    "forget",
    "like_actor",
    "like_case",
    "like_source",
    "like_source_title",
]
