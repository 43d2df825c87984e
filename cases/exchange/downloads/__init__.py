"""The list of cases for programs: `/cases.csv`, `/cases.json` and `/cases.atom`.

All three read the query string with `CaseFilter`, as the page does: the same query string selects
the same cases in the same order. CSV and JSON hold all of them and are streamed in batches. The
feed holds the first hundred.
"""
