"""Static files as production serves them, and the headers under which pages load them."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory, override_settings

from tests.support.public_pages import CASES
from warnapp.serving.compression import CompressedTextMiddleware

pytestmark = pytest.mark.once

LISTS = [
    "/cases/",
    "/cases/?view=table",
    "/matrix/",
    "/actors/",
    "/exceptions/",
    "/sources/",
    "/notes/",
    "/changes/",
]
LIMIT = 60_000
"""Bytes that a first visit to a list or a case may transfer: page, styles, scripts and icon."""


@pytest.fixture(scope="module")
def production_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Collect the static files as production does, and serve them."""
    hashed = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    with override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("collected"),
        STORAGES={**settings.STORAGES, "staticfiles": hashed},
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield


def transferred(client: Client, address: str) -> bytes:
    """Return what goes over the wire for the address."""
    response = client.get(address, headers={"accept-encoding": "gzip"})
    assert response.status_code == 200
    body = b"".join(response) if response.streaming else response.content
    return body


@pytest.mark.usefixtures("db", "demo", "production_files")
@pytest.mark.parametrize("address", ["/", *LISTS, *[f"/cases/{slug}/" for slug in CASES]])
@pytest.mark.slow
def test_first_visit_transfers_at_most_60_kilobytes(client: Client, address: str) -> None:
    page = client.get(address).text
    files = set(re.findall(r'<(?:link|script|img)\b[^>]* (?:href|src)="(/static/[^"]+)"', page))
    assert len(files) > 5
    sizes = {file: len(transferred(client, file)) for file in [address, *files]}
    assert sizes[address] < len(page) / 2
    assert sum(sizes.values()) <= LIMIT, sizes


def test_archive_is_not_compressed_again(rf: RequestFactory) -> None:
    def answer(kind: str) -> HttpResponseBase:
        request = rf.get("/", headers={"accept-encoding": "gzip"})
        response = HttpResponse(b"a" * 999, content_type=kind)
        return CompressedTextMiddleware(lambda _: response).process_response(request, response)

    assert answer("application/json")["Content-Encoding"] == "gzip"
    assert not answer("application/zip").has_header("Content-Encoding")


@pytest.mark.usefixtures("db", "production_files")
def test_static_files_in_production_have_hashed_names_and_may_be_kept(client: Client) -> None:
    styles = re.findall(r'href="(/static/[^"]+\.css)"', client.get("/").text)
    assert styles
    for address in styles:
        assert re.search(r"\.[0-9a-f]{12}\.css$", address)
        response = client.get(address, headers={"accept-encoding": "gzip"})
        assert response.status_code == 200
        assert "immutable" in response["Cache-Control"]
        assert b"".join(response).strip()


@pytest.mark.django_db
def test_page_allows_nothing_inline_and_nothing_from_elsewhere(client: Client) -> None:
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in client.get("/")["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
