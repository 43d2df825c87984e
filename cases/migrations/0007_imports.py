"""Keep a log of imports, and let Editors and Reviewers import."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Permissions are otherwise made only after the last migration, too late for these groups.
    config: Any = apps.get_app_config("cases")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    found = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="cases", codename__in=["add_import", "view_import"]
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Reviewers"]):
        group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("cases", "0006_merges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        help_text="“bundle”, or the table that was imported.", max_length=30
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                (
                    "content",
                    models.BinaryField(default=bytes, help_text="The file, until it is imported."),
                ),
                (
                    "content_digest",
                    models.CharField(max_length=64, verbose_name="SHA-256 of the file"),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        help_text="What the public reads at each version that the import made.",
                    ),
                ),
                ("summary", models.TextField(blank=True)),
                (
                    "plan",
                    models.JSONField(
                        default=list, help_text="What became of each row that was not as here."
                    ),
                ),
                ("plan_digest", models.CharField(blank=True, max_length=64)),
                (
                    "versions",
                    models.JSONField(default=list, help_text="The versions that it made."),
                ),
                ("row_count", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "applied_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="imported at"),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty for an import by command.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-applied_at", "-pk"],
            },
        ),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
