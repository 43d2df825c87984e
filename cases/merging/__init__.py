"""Merging two records of the same thing: all references move, and no row is deleted by a cascade.

Each merge is one transaction. The log of merges keeps it and can undo it.
"""

from .refusal import MergeRefusedError
from .service import Preview, merge, preview, undo

__all__ = ["MergeRefusedError", "Preview", "merge", "preview", "undo"]
