"""All tidy tables, in the order in which files and pages list them."""

from __future__ import annotations

from .case_table import CASE_TABLE
from .evidence_tables import CLAIM_TABLE, NOTE_TABLE
from .part_tables import INCIDENT_TABLE, WARNING_TABLE
from .role_tables import APPLIED_DIRECTIVE_TABLE, ASSESSMENT_TABLE, INVOLVEMENT_TABLE
from .table import Table

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        CASE_TABLE,
        WARNING_TABLE,
        INCIDENT_TABLE,
        INVOLVEMENT_TABLE,
        APPLIED_DIRECTIVE_TABLE,
        ASSESSMENT_TABLE,
        CLAIM_TABLE,
        NOTE_TABLE,
    )
}

WHICH_ROWS = "The filter chooses cases; each file has all rows of these cases."

# What a reader has to know about rows in addition to their columns.
_ROWS = (
    f"{WHICH_ROWS} With relation=adversary there are also the other warnings of a case that has "
    "one to an adversary, so choose the rows after you have read them.",
    "A cell has one value. Tables are joined by columns of the same name: case, and with it "
    "warning or incident. Actors, sources, directives and exceptions are named by their slugs.",
    "In a column of codes, not_stated means that no source says, and not_applicable that there is "
    "nothing to say. A number or a day that is missing is an empty cell, and the column beside it "
    "says why: the qualifier of a figure, the date in EDTF, the status of a lead time.",
)
_CERTAINTY = "After each coded value, a column “…_modality” says how certain it is."
_NOTES = (
    "A note never changes a value, even where it corrects the source: note_count says how many "
    "notes are about a case, a warning or an incident."
)
_GUARD = (
    "A text that a spreadsheet would run as a formula has an apostrophe before it. If a cell "
    "begins with one or more apostrophes and then =, +, -, @, a tab or a carriage return, remove "
    "one apostrophe to get the text."
)

# The same of a table as a CSV file …
HOW_TO_READ = (
    *_ROWS,
    f"{_CERTAINTY} /claims.csv has the evidence itself.",
    f"{_NOTES} /notes.csv has what they say.",
    "“columns” chooses columns of these tables by their names, in the order given: "
    "/warnings.csv?columns=case,warning,channel,reception. The codebook, the changes and the files "
    "of /data/ come whole.",
    "The files are in UTF-8, with the names of the columns in their first row. “excel=1” puts a "
    "byte order mark before it, without which Excel shows other letters for “é”.",
    "Excel changes some cells of a CSV file that is opened with a double click: the printed date "
    "“March 7” becomes 7 March of this year, and the month 2024-01 a day. The workbook "
    "(/cases.xlsx) has them as they are. To take a CSV file, choose Data → From Web or From "
    "Text/CSV, and the type Text for the columns “…_printed” and “…_edtf”; do so too where Excel "
    "separates columns with “;”.",
    _GUARD,
)

# … and of all tables as a workbook.
HOW_TO_READ_WORKBOOK = (
    *_ROWS,
    f"{_CERTAINTY} The sheet claims has the evidence itself.",
    f"{_NOTES} The sheet notes has what they say.",
    "The sheet codebook says what each column means, and the sheet values what each code means.",
    _GUARD,
    "Numbers are numbers and days are days, except days before March 1900, which Excel does not "
    "know: they are texts such as 1899-12-31.",
    "Excel allows 32,767 characters in a cell. A longer text ends with “…”; the CSV files have all "
    "of it.",
)
