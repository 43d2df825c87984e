"""Add the log of redactions, what versions say of them, and the permission of reviewers."""

from typing import Any

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def permit_reviewers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Django creates permissions only after the last migration, which is too late for the group.
    config: Any = apps.get_app_config("cases")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    reviewers, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Reviewers")
    found = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="cases", codename__in=["redact_case", "view_redaction"]
    )
    reviewers.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_reinstatement"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Redaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_number", models.CharField(max_length=13)),
                ("reason", models.TextField()),
                ("replacement", models.CharField(max_length=100)),
                ("text_digests", models.JSONField(default=list)),
                ("is_loose", models.BooleanField(default=False)),
                ("is_everywhere", models.BooleanField(default=False)),
                ("places", models.JSONField(default=list)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.AlterModelOptions(
            name="case",
            options={
                "ordering": [django.db.models.functions.text.Length("number"), "number"],
                "permissions": [
                    ("submit_case", "Can submit a case for review"),
                    ("publish_case", "Can publish a case"),
                    ("withdraw_case", "Can withdraw a case"),
                    ("redact_case", "Can redact a case and its versions"),
                ],
            },
        ),
        migrations.AddField(
            model_name="version",
            name="redacted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="version",
            name="redaction_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("redacted_at", None), ("redaction_reason", "")),
                    models.Q(
                        ("redacted_at__isnull", False),
                        models.Q(("redaction_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="version_redaction_has_time_and_reason",
            ),
        ),
        migrations.AddField(
            model_name="redaction",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="redactions",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="redaction",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="redaction_with_reason"
            ),
        ),
        migrations.RunPython(permit_reviewers, migrations.RunPython.noop),
    ]
