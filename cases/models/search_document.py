from __future__ import annotations

from django.db import models

from . import fields
from .case import Case


class SearchDocument(models.Model):
    """What full-text search knows of one published case; derived, see `cases/search/`.

    `title`, `names` and `text` hold folded words, each field those of the one before too, so that
    a search can ask where all its words are. `text` also holds the words of titles and publishers
    of sources, marked as such. `passages` holds the texts as they are shown.
    """

    case = fields.OneToOneField(
        Case, on_delete=models.CASCADE, primary_key=True, related_name="search_document"
    )
    title = fields.TextField()
    names = fields.TextField()
    text = fields.TextField()
    passages = fields.JSONField(help_text="A list of [label, text, fragment of the page].")

    def __str__(self) -> str:
        return f"Search document of case {self.case_id}"
