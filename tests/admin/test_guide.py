"""The editor guide inside the admin."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_editor_guide_is_linked_from_the_admin_and_has_its_sections(editor: Client) -> None:
    address = reverse("admin:guide")
    assert f'href="{address}"' in editor.get("/admin/").text
    article = editor.get(address).text.partition("<article>")[2]
    assert '<h2 id="code-a-case">Code a case</h2>' in article
    assert "<table>" in article
    assert "**" not in article
    # Other documents are not served there.
    assert re.findall(r'href="(?!#|https?:)[^"]*"', article.partition("</article>")[0]) == []
    assert Client().get(address).status_code == 302
