"""The headers of responses: which sites may read them, and what browsers may do with them."""

from __future__ import annotations

from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client

OPEN = [
    *("/cases.csv", "/cases.json", "/cases.atom", "/cases.feed.json"),
    *("/cite.bib", "/warnings.csv"),
    *("/changes.csv", "/changes.json", "/changes.atom", "/changes.feed.json"),
    *("/api/v1/cases/", "/api/v1/actors/"),
]

pytestmark = pytest.mark.usefixtures("db", "demo")


@pytest.mark.parametrize("address", OPEN)
def test_open_data_may_be_read_by_pages_of_every_site(client: Client, address: str) -> None:
    client.raise_request_exception = False
    found = client.get(address)
    unchanged = client.get(address, headers={"If-None-Match": found["ETag"]})
    refused = client.get(f"{address}?nonsense=1")
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        failed = client.get(address)
    assert [each.status_code for each in (found, unchanged, refused)] == [200, 304, 400]
    assert failed.status_code >= 500
    for response in (found, unchanged, refused, failed):
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert {"ETag", "Retry-After"} <= set(response["Access-Control-Expose-Headers"].split(", "))


@pytest.mark.parametrize("address", ["/", "/cases/", "/nothing/", "/admin/login/"])
def test_page_may_not_be_read_or_embedded_by_other_sites(client: Client, address: str) -> None:
    response = client.get(address)
    assert "Access-Control-Allow-Origin" not in response
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
