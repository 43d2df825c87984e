"""Keep a log of merges, and let Editors and Reviewers look at it."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def let_groups_look(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Permissions are otherwise made only after the last migration, too late for the groups.
    config: Any = apps.get_app_config("cases")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    permission = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="cases", codename="view_merge"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Reviewers"]):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_revision_by_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("actor", "Actor"), ("source", "Source"), ("case", "Case")],
                        max_length=10,
                    ),
                ),
                (
                    "kept_key",
                    models.BigIntegerField(
                        help_text="No foreign key: it may be merged on, and be gone."
                    ),
                ),
                ("kept_name", models.CharField(max_length=550, verbose_name="into")),
                ("merged_key", models.BigIntegerField()),
                ("merged_name", models.CharField(max_length=550, verbose_name="merged")),
                ("merged_slug", models.SlugField(max_length=100)),
                ("reason", models.TextField()),
                ("steps", models.JSONField(default=list)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undone_reason", models.TextField(blank=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("actor", "source", "case"))),
                        name="merge_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept_key", models.F("merged_key")), _negated=True),
                        name="merge_of_two_records",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="merge_with_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at", None), ("undone_reason", "")),
                            models.Q(
                                ("undone_at__isnull", False),
                                models.Q(("undone_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="merge_undone_with_reason",
                    ),
                ],
            },
        ),
        migrations.RunPython(let_groups_look, migrations.RunPython.noop),
    ]
