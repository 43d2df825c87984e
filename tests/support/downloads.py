"""Reading what the machine addresses give, whole."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client


def give_up(response: Any) -> None:
    """Close a download that was not read to its end, as the server does when its reader goes away.

    It would close the connection of the test as well, as Django's client takes care that others do
    not.
    """
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)


def table(client: Client, query: str = "", name: str = "cases") -> list[dict[str, str]]:
    """Return the rows of a table of a query that is understood."""
    response = client.get(f"/{name}.csv?{query}")
    assert response.status_code == 200, response.getvalue()
    text = response.getvalue().decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def records(client: Client, query: str = "") -> Any:
    """Return the JSON file of a query that is understood."""
    response = client.get(f"/cases.json?{query}")
    assert response.status_code == 200, response.getvalue()
    return json.loads(response.getvalue())


def in_csv(client: Client, query: str = "") -> list[str]:
    """Return the numbers of the cases in the CSV file, in its order."""
    return [row["number"] for row in table(client, query)]


def in_api(client: Client, query: str = "") -> list[str]:
    """Return the numbers of the cases that have rows in the API or are in it, on all its pages.

    Both lists are cut into pages in the same way.
    """
    found: list[str] = []
    address: str | None = f"/api/v1/cases/?{query}&per_page=40"
    while address:
        page = client.get(address).json()
        numbers = [case["number"] for case in page["items"]]
        with_warnings = [case["number"] for case in page["items"] if case["warnings"]]
        rows = client.get(address.replace("/cases/", "/warnings/")).json()["items"]
        assert list(dict.fromkeys(row["case_number"] for row in rows)) == with_warnings
        found += numbers
        address = page["links"]["next"]
        assert address or page["count"] == len(found)
    return found


def in_json(client: Client, query: str = "") -> list[str]:
    return [case["number"] for case in records(client, query)["cases"]]
