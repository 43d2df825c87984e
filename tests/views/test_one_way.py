"""Editors write rows, the public reads versions: no public address asks for the rows of a case."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.public_pages import PAGES, STATES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

FILES = [
    "/cases.csv",
    "/cases.json?q=attack",
    "/cases.atom",
    "/changes.atom",
    "/matrix/?layout=columns&case=kerman-2024&case=boston-2013",
    "/cases/?modality=alleged",
    "/cases/?contested=yes&view=table",
    "/id/DTW-0001/",
]
ROWS = re.compile(
    r"\bcases_(warning\w*|intermediary|incident|involvement|exceptionassessment|claim|"
    r"case_directives)\b"
)
"""The tables of the parts of cases."""
PUBLIC_NAMES = "which actors and sources are public"
READS_ROWS = {
    "/actors/": PUBLIC_NAMES,
    "/actors/islamic-state/": PUBLIC_NAMES,
    "/sources/": PUBLIC_NAMES,
    "/cases/chavez-2004/v/1/": PUBLIC_NAMES,
    "/cases/?q=attacks": PUBLIC_NAMES,
    "/sources/daily-true-news/": "the claims of a source, page by page",
    "/exceptions/violent-actor/": "whether it was invoked in any case",
    "/notes/": PUBLIC_NAMES,
    "/about/": "how many claims there are",
}
"""What still asks for rows, and for what; pages of the same kind do, too."""
SAME_KIND = re.compile(
    r"/cases/.*[?&]q=|/cases/[\w-]+/v/|/(actors|sources|notes|about)/|/exceptions/[\w-]+/"
)


def fetch(client: Client, address: str) -> None:
    response = client.get(address, follow=True)
    if response.streaming:
        b"".join(response)
    assert response.status_code == 200, address


def rows_asked_for(client: Client, address: str) -> set[str]:
    fetch(client, address)  # makes the index and the figures, if they are not there yet
    with CaptureQueriesContext(connection) as queries:
        fetch(client, address)
    return {found[0] for query in queries for found in ROWS.finditer(query["sql"])}


def test_no_public_address_asks_for_the_rows_of_cases(client: Client) -> None:
    asking = {
        address: rows
        for address in [*PAGES, *STATES, *FILES]
        if not SAME_KIND.match(address) and (rows := rows_asked_for(client, address))
    }
    assert asking == {}


@pytest.mark.parametrize("address", READS_ROWS)
def test_address_that_is_excepted_does_ask_for_rows(client: Client, address: str) -> None:
    assert rows_asked_for(client, address)
