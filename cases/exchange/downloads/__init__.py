"""The list of cases for programs: `/cases.csv`, `/cases.json` and `/cases.atom`.

Each asks CaseQuery, as the page does, so that the same query string means the same cases in the
same order. CSV and JSON hold all of them and are read and sent in portions; the feed holds the
first hundred.
"""
