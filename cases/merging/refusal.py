"""The error for merges, and for undoing them."""

from __future__ import annotations


class MergeRefusedError(Exception):
    """Two records cannot be merged, or a merge cannot be undone. `sentences` say why."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences))
