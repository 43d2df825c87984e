"""What the address of a table asks for: cases, as the list does, and columns."""

from __future__ import annotations

from functools import cache

from django.core.exceptions import ValidationError
from django.http import QueryDict

from cases.finding.address_form import Hints, TypedField
from cases.finding.case_filter import CaseFilter, ComparisonFilter
from cases.finding.filters import Typed
from cases.finding.page_layout import MATRIX
from cases.finding.query_string import filled
from cases.text.excerpt import excerpt

from .table import Column, Table

COLUMNS, EXCEL = "columns", "excel"


class _ColumnsField(TypedField):
    """Names of columns; a repeated parameter goes on with the list."""

    def clean(self, value: list[str]) -> list[str]:
        return super().clean([",".join(value)])


class ColumnChoice(Typed):
    """The parameter that chooses columns of a table: their names with commas between."""

    def __init__(self, table: Table) -> None:
        self.known = table.by_name
        super().__init__(
            self._check, narrows=False, label="Columns", meaning="Columns of the file, in order."
        )

    @property
    def field(self) -> TypedField:
        return _ColumnsField(self.parameter, self.check)

    def _check(self, value: str) -> None:
        unknown = next((name for name in _names(value) if name not in self.known), None)
        if unknown is not None:
            near = Hints().nearest(unknown, self.known)
            known = ", ".join(self.known)
            raise ValidationError(
                f"There is no column “{excerpt(unknown)}”{near} The columns are: {known}."
            )


def _names(value: str) -> list[str]:
    """Return the names in a list with commas, each once."""
    return list(dict.fromkeys(name for part in value.split(",") if (name := part.strip())))


def _check_excel(value: str) -> None:
    if value not in ("0", "1"):
        raise ValidationError(f"“{EXCEL}” is 1 for a file that Excel opens as UTF-8, otherwise 0.")


def cases_asked(data: QueryDict) -> CaseFilter:
    """Read an address of cases as the list does, or as the comparison does for `view=matrix`."""
    return (ComparisonFilter if _is_comparison(data) else CaseFilter)(data)


def rows_asked(data: QueryDict, table: Table) -> CaseFilter:
    """Read the address of a table, which may also choose columns."""
    return _filter_of(table, ComparisonFilter if _is_comparison(data) else CaseFilter)(data)


def _is_comparison(data: QueryDict) -> bool:
    return filled(data).get("view") == MATRIX


@cache
def _filter_of(table: Table, base: type[CaseFilter]) -> type[CaseFilter]:
    excel = Typed(
        _check_excel, narrows=False, label="For Excel", meaning="1: with a byte order mark."
    )
    return type("TableFilter", (base,), {COLUMNS: ColumnChoice(table), EXCEL: excel})


def chosen_columns(cases: CaseFilter, table: Table) -> tuple[Column, ...]:
    """Return the columns that an address chooses, or all of them."""
    chosen = _names(cases.query.data.get(COLUMNS, ""))
    return tuple(table.by_name[name] for name in chosen) or table.columns


def is_for_excel(cases: CaseFilter) -> bool:
    """Whether the file begins with the mark by which Excel recognizes UTF-8."""
    return bool(cases.query.data.get(EXCEL) == "1")
