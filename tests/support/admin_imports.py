"""Imports in the admin, as somebody makes them in a browser."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.support.admin_forms import form_on

ADD = "/admin/cases/import/add/"


def upload(client: Client, subject: str, content: bytes | str, name: str = "file.csv") -> Any:
    """Upload a file as its form would, and return the page that it leads to."""
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, data)
    return client.post(ADD, {"subject": subject, "file": file}, follow=True)


def streamed(response: Any) -> str:
    """Return the page that was sent bit by bit."""
    assert response.streaming
    return b"".join(response.streaming_content).decode()


def confirm(client: Client, page: Any, **changes: str) -> Any:
    """Press “Import this file”, with a note if the form asks for one."""
    data = form_on(page, "confirm_form")
    data |= {"note": data["note"] or "Imported in a test."} | changes
    return client.post(page.request["PATH_INFO"], data, follow=True)


def told(page: Any) -> str:
    """Return the words of the page that a person reads."""
    text = page.text[page.text.index('id="content"') :]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())
