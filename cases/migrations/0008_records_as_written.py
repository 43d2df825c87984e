"""PostgreSQL keeps the records of versions as they are written.

`jsonb`, the type of a JSONField, is written as a text again for each reader, which takes PostgreSQL
half of its time: every public page and file reads whole records. `json` cannot be compared or
searched in SQL, and nothing does that with records.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations


def to(type_: str) -> Any:
    """Return a step that changes the type of the column on PostgreSQL."""

    def change(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"ALTER TABLE cases_version ALTER COLUMN record TYPE {type_} USING record::{type_}"
            )

    return change


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_release_site_and_checksums"),
    ]

    operations = [migrations.RunPython(to("json"), to("jsonb"))]
