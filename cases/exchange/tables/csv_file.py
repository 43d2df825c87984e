"""A table as a CSV file (RFC 4180), streamed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from cases.exchange.bundle.layout.cells import MARKS, guard
from cases.exchange.downloads.portions import CASES_PER_PORTION, portions
from cases.finding.case_filter import CaseFilter
from cases.finding.claim_filter import Claims
from cases.text.batches import in_batches

from .case_row import CaseRow, case_rows, made_of_cases
from .evidence_tables import CLAIM_TABLE
from .file_filter import chosen_columns, is_for_excel
from .table import Column, Table, Value

# By which Excel recognizes UTF-8. Other programs would read it as part of the first name.
BYTE_ORDER_MARK = "\ufeff"


def csv_text(cases: CaseFilter, table: Table) -> Iterator[str]:
    """Return the parts of the CSV file with the rows of some cases, a batch of cases at a time.

    The cases are found at once, and read one batch after the other.
    """
    mark = BYTE_ORDER_MARK if is_for_excel(cases) else ""
    return _csv_text(list(cases.keys), table, chosen_columns(cases, table), mark)


def _csv_text(
    keys: Sequence[int], table: Table, columns: Sequence[Column], mark: str
) -> Iterator[str]:
    yield mark + lines([[column.name for column in columns]])
    for cells in portions(keys, lambda batch: list(rows(batch, table, columns))):
        if cells:
            yield lines(map(guarded, row) for row in cells)


def claims_text(claims: Claims) -> Iterator[str]:
    """Yield the parts of the CSV file with the rows of some claims, in the order of the claims."""
    columns = CLAIM_TABLE.columns
    yield lines([[column.name for column in columns]])
    for batch in in_batches(claims.found, CASES_PER_PORTION):
        cases = {case.record.number: case for case in case_rows({one.case for one in batch})}
        # A case may have been withdrawn meanwhile, or have lost the claim.
        said = (
            (cases[one.number], claim)
            for one in batch
            if one.number in cases
            for claim in cases[one.number].record.claims
            if claim.sequence == one.sequence
        )
        yield lines(
            [guarded(column.read(case, claim)) for column in columns] for case, claim in said
        )


def rows(keys: Sequence[int], table: Table, columns: Sequence[Column]) -> Iterator[list[Value]]:
    """Return an iterator over the rows of the public cases among `keys`; one query."""
    reads = [column.read for column in columns]

    def of_case(case: CaseRow) -> list[list[Value]]:
        return [[read(case, unit) for read in reads] for unit in table.units(case)]

    return chain.from_iterable(made_of_cases(keys, of_case))


def guarded(value: Value) -> Value:
    """Return a value so that no spreadsheet runs it as a formula."""
    return guard(value) if isinstance(value, str) and value[:1] in MARKS else value


def lines(cells: Iterable[Iterable[Value]]) -> str:
    """Return rows of cells as lines of CSV."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(cells)
    return buffer.getvalue()
