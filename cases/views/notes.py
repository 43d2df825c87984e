"""The list of editorial notes."""

from __future__ import annotations

from cases.finding.note_filter import NoteFilter

from .lists import FilteredList


class NoteList(FilteredList):
    """The public editorial notes, which say where a source errs, is silent or is contradicted."""

    filterset_class = NoteFilter
    template_name = "notes/list.html"
