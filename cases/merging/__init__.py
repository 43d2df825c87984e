"""Merging two records that stand for the same: everything moves, nothing cascades away.

Each merge is one transaction, is kept in the log of merges, and can be undone from there.
"""

from .refusal import MergeRefusedError
from .service import Preview, merge, preview, undo

__all__ = ["MergeRefusedError", "Preview", "merge", "preview", "undo"]
