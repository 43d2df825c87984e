"""Editors write rows, the public reads versions: no public address asks for the rows of a case."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.exchange.tables.registry import TABLES
from tests.support.public_pages import PAGES, SITEMAPS, STATES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

API = [
    *(f"/{name}/" for name in TABLES),
    *(f"/{name}/" for name in ("actors", "sources", "directives", "exceptions", "changes")),
    *("/cases/DTW-0001/", "/cases/DTW-0001/versions/", "/cases/DTW-0001/versions/1/"),
    *("/codebook/", "/schema/"),
]
FILES = [
    "/cases.csv",
    "/cases.json?q=attack",
    "/cases.atom",
    "/cases.feed.json?kind=warning_given",
    "/changes.atom",
    "/changes.feed.json",
    "/changes.csv",
    "/changes.json",
    *SITEMAPS,
    "/matrix/?layout=columns&case=kerman-2024&case=boston-2013",
    "/cases/?modality=alleged",
    "/cases/?contested=yes&view=table",
    "/id/DTW-0001/",
    "/sources/daily-true-news/claims.csv",
    "/cases/kerman-2024.json",
    "/cases/kerman-2024/v/1.json",
    *(f"/api/v1{path}" for path in API),
    *("/cases/moscow-concert-hall-2024.bib", "/cases/moscow-concert-hall-2024/v/1.ris"),
    "/cite.csl.json?recipient=russia",
]
ROWS = re.compile(
    r"\bcases_(warning\w*|intermediary|incident|involvement|exceptionassessment|claim|"
    r"case_directives|note)\b"
)
"""The tables of the parts of cases."""
BESIDE_CASES = re.compile(r'"cases_note"\."(case_id" IS NULL|(directive|exception)_id" IN)')
"""In a query for notes about no case, which no version of a case has."""


def fetch(client: Client, address: str) -> None:
    response = client.get(address, follow=True)
    if response.streaming:
        b"".join(response)
    assert response.status_code == 200, address


def rows_asked_for(client: Client, address: str) -> set[str]:
    fetch(client, address)  # makes the index and the figures, if they are not there yet
    with CaptureQueriesContext(connection) as queries:
        fetch(client, address)
    statements = [query["sql"] for query in queries if not BESIDE_CASES.search(query["sql"])]
    return {found[0] for statement in statements for found in ROWS.finditer(statement)}


def test_no_public_address_asks_for_the_rows_of_cases(client: Client) -> None:
    asking = {
        address: rows
        for address in [*PAGES, *STATES, *FILES]
        if (rows := rows_asked_for(client, address))
    }
    assert asking == {}
