"""Why two records are not merged, or a merge is not undone."""

from __future__ import annotations


class MergeRefusedError(Exception):
    """It cannot be done, and nothing changed. `sentences` say why."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences))
