"""The comparison: cases as rows or as columns of a table of coded variables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.http import urlencode

from cases.finding.case_filter import ComparisonFilter
from cases.finding.facets import Facet
from cases.finding.former_slugs import CASE_PARAMETER
from cases.finding.page_layout import COLUMNS, LAYOUT, LAYOUTS, MATRIX, MAX_COLUMNS, ROWS
from cases.presentation.comparison import DEFAULT_VARIABLES, side_by_side
from cases.presentation.comparison import rows as comparison_rows
from cases.presentation.table import chosen_variables
from cases.record.classes import CaseRecord

from .case_list import CaseList


class Comparison(CaseList):
    """The comparison: the published cases as a table of coded variables."""

    template_name = "case_list/comparison.html"
    fragment_name = ""
    subject = "Comparison of cases"
    filterset_class = ComparisonFilter
    jumps = False

    @property
    def is_side_by_side(self) -> bool:
        return self.filterset.query.data.get(LAYOUT) == COLUMNS

    def get_paginate_by(self, queryset: Any) -> int:
        per_page = super().get_paginate_by(queryset)
        return min(per_page, MAX_COLUMNS) if self.is_side_by_side else per_page

    def facets(self) -> list[Facet]:
        return []  # cases are filtered in the list

    def canonical(self) -> str:
        pairs = [pair for pair in self.query.pairs("view") if pair != (LAYOUT, ROWS)]
        return urlencode(sorted(pairs, key=lambda pair: pair[0]))

    def listing(self, records: dict[int, CaseRecord]) -> dict[str, Any]:
        columns = chosen_variables(self.query.data.getlist("column"), DEFAULT_VARIABLES)
        rows = comparison_rows(records, columns, self._within())
        query = self.query
        if self.is_side_by_side and int(query.data.get("per_page", 0)) > MAX_COLUMNS:
            remark = f"Side by side, a page has at most {MAX_COLUMNS} cases."
            query = replace(query, remarks=[*query.remarks, remark])
        return {
            "query": query,
            "columns": columns,
            "column_choices": self.column_choices(columns),
            "rows": rows,
            "groups": side_by_side(rows) if self.is_side_by_side else None,
            "layouts": LAYOUTS,
            "layout": self.query.data.get(LAYOUT, ROWS),
            "current_section": "cases",
            "list_query": self._list_query(),
            "is_picked": CASE_PARAMETER in self.query.data,
            "kept_for_picking": self.query.pairs("page", "view", LAYOUT, *self.filterset.narrowing),
        }

    def _within(self) -> str:
        """Return the query string that links from here add to the address of a case.

        The page of the case uses it to link back to this comparison and to its neighbours there.
        """
        within = self.query.data.copy()
        within.pop("page", None)
        within["view"] = MATRIX
        return within.urlencode()

    def _list_query(self) -> str:
        """Return the query string of the list with the same filters and columns."""
        # The list cannot pick cases by slug, so it may show more cases than the comparison.
        kept = self.query.data.copy()
        for name in (CASE_PARAMETER, LAYOUT, "page", "per_page"):
            kept.pop(name, None)
        if kept.get("view") == MATRIX:
            del kept["view"]
        if "column" in kept:
            kept["view"] = "table"
        return kept.urlencode()
