"""Static files as production serves them, and the headers under which pages load them."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings


@pytest.mark.django_db
def test_static_files_in_production_have_hashed_names_and_may_be_kept(tmp_path: Path) -> None:
    hashed = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    with override_settings(
        STATIC_ROOT=tmp_path, STORAGES={**settings.STORAGES, "staticfiles": hashed}
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        client = Client()
        page = client.get("/").text
        styles = re.findall(r'href="(/static/[^"]+\.css)"', page)
        assert styles
        for address in styles:
            assert re.search(r"\.[0-9a-f]{12}\.css$", address)
            response = client.get(address, headers={"accept-encoding": "gzip"})
            assert response.status_code == 200
            assert "immutable" in response["Cache-Control"]
            assert b"".join(response).strip()
            response.close()


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
