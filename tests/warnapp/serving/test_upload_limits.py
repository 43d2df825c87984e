"""The size of a request: refused before it is read."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.support.reading import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MEGABYTE = 1_000_000


class Unread(BytesIO):
    """A body that must not be read."""

    def read(self, *args: Any) -> bytes:
        pytest.fail("was read")


def send(client: Client, address: str, megabytes: float) -> Any:
    sent: Any = {
        "CONTENT_LENGTH": str(int(megabytes * MEGABYTE)),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "wsgi.input": Unread(),
    }
    return client.generic("POST", address, **sent)


@pytest.mark.parametrize("address", ["/admin/login/", "/cases/", "/admin/cases/import/add/"])
def test_large_upload_without_an_account_is_refused_unread(client: Client, address: str) -> None:
    response = send(client, address, 80)
    assert response.status_code == 413
    assert "It has 80.0 MB; at most 5 MB are accepted without signing in." in words_of(response)


@pytest.mark.slow
def test_large_upload_of_an_editor_is_refused_unread_only_beyond_an_import(editor: Client) -> None:
    response = send(editor, "/admin/cases/import/add/", settings.IMPORT_MAX_MEGABYTES + 6)
    assert response.status_code == 413
    assert f"at most {settings.IMPORT_MAX_MEGABYTES} MB are accepted." in words_of(response)
    file = SimpleUploadedFile("actors.csv", b"," * (6 * MEGABYTE))
    taken = editor.post("/admin/cases/import/add/", {"subject": "actors", "file": file})
    assert taken.status_code == 200


def test_upload_of_no_stated_or_an_odd_length_is_none(client: Client) -> None:
    for length in ("", "x", "-1"):
        assert client.generic("POST", "/cases/", CONTENT_LENGTH=length).status_code == 405
