"""Likely duplicates: names, titles and addresses that may stand for a record we already have.

A duplicate is only ever named, never refused: two people may have one name.
"""

from .finding import Duplicate, like_actor, like_case, like_source
from .index import forget

__all__ = ["Duplicate", "forget", "like_actor", "like_case", "like_source"]
