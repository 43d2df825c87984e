"""The fixtures through Django's own commands: `loaddata` and `dumpdata` with natural keys."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from cases.models import Actor, Case, Directive, DirectiveException, Note, Source, Version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo"), pytest.mark.once]


def load_by_loaddata() -> None:
    call_command("loaddata", "directive", "article", "notes", stdout=io.StringIO())


def dump(path: Path) -> str:
    """Write the records that the fixtures hold, by their natural keys, and return the text."""
    models = (
        "source directive directiveexception actor case involvement warning incident "
        "exceptionassessment claim note"
    )
    call_command(
        "dumpdata",
        *(f"cases.{model}" for model in (*models.split(), "note")),
        natural_foreign=True,
        natural_primary=True,
        output=str(path),
    )
    return path.read_text()


def delete_everything() -> None:
    Version.objects.all()._raw_delete(using="default")
    for model in (Note, Case, DirectiveException, Directive, Source):
        model._default_manager.all().delete()
    Actor.objects.update(parent=None, country=None)
    Actor.objects.all().delete()


@pytest.mark.parametrize("refill", [load_by_loaddata, None])
@pytest.mark.slow
def test_fixtures_loaded_by_loaddata_or_from_a_dump_is_the_same(
    refill: Callable[[], None] | None, tmp_path: Path
) -> None:
    # A case of the demo became public when that was loaded; a fixture brings a moment of its own.
    written = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    Case.objects.update(published_at=written, updated_at=written)
    before = dump(tmp_path / "before.json")
    delete_everything()
    assert not Case.objects.exists()
    if refill is None:
        call_command("loaddata", str(tmp_path / "before.json"), stdout=io.StringIO())
    else:
        refill()
    assert dump(tmp_path / "after.json") == before
