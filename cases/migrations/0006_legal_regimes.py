"""Let directives of several jurisdictions stand side by side, and cases name those that apply."""

from typing import Any

from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def copy_days_of_issue(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the exact day of issue as an uncertain date."""
    directives: Any = apps.get_model("cases", "Directive").objects
    for key, day in directives.values_list("pk", "issued_on"):
        directives.filter(pk=key).update(
            issued_edtf=day.isoformat(),
            issued_basis="stated",
            issued_earliest=day,
            issued_latest=day,
        )


def publish_what_was_public(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Keep public what was public before there were drafts."""
    for name in ("Directive", "DirectiveException"):
        apps.get_model("cases", name)._base_manager.update(status="published")


def permit_drafts(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let editors enter directives and exceptions, and reviewers publish them."""
    # Django creates permissions only after the last migration, which is too late for the groups.
    config: Any = apps.get_app_config("cases")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    models_of_rules = ("directive", "directiveexception")
    entering = [f"{action}_{model}" for action in ("add", "change") for model in models_of_rules]
    permissions: Any = apps.get_model("auth", "Permission").objects
    for name, codenames in (("Editors", entering), ("Reviewers", ["publish_directive"])):
        group = apps.get_model("auth", "Group").objects.get(name=name)
        found = permissions.filter(content_type__app_label="cases", codename__in=codenames)
        group.permissions.add(*found)


STATUSES = ["draft", "published"]
CONSTRAINTS = [
    models.CheckConstraint(
        condition=models.Q(status__in=STATUSES), name="directive_status_in_vocabulary"
    ),
    models.CheckConstraint(
        condition=~models.Q(
            slug__in=["none_reported", "not_applicable", "not_reported", "not_stated"]
        ),
        name="directive_slug_is_no_missing_value",
    ),
    models.CheckConstraint(
        condition=models.Q(issued_basis__in=["stated", "resolved", "completed", "not_stated"]),
        name="directive_issued_basis_in_vocabulary",
    ),
    models.CheckConstraint(
        condition=models.Q(issued_edtf="") & models.Q(issued_basis="not_stated")
        | ~models.Q(issued_edtf="") & ~models.Q(issued_basis="not_stated"),
        name="directive_issued_basis_iff_expression",
    ),
    models.CheckConstraint(
        condition=models.Q(issued_earliest__isnull=True)
        | models.Q(issued_latest__isnull=True)
        | models.Q(issued_earliest__lte=models.F("issued_latest")),
        name="directive_issued_earliest_lte_latest",
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_intermediaries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions("directive", {}),
        migrations.RenameField("directive", "issued_by", "authority"),
        migrations.AddField(
            "directive",
            "jurisdiction",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=models.PROTECT,
                related_name="directives",
                to="cases.actor",
            ),
        ),
        migrations.AddField(
            "directive", "issued_words", models.CharField(blank=True, max_length=200)
        ),
        migrations.AddField(
            "directive", "issued_edtf", models.CharField(blank=True, max_length=40)
        ),
        migrations.AddField(
            "directive", "issued_basis", models.CharField(default="not_stated", max_length=20)
        ),
        migrations.AddField(
            "directive", "issued_earliest", models.DateField(blank=True, null=True)
        ),
        migrations.AddField("directive", "issued_latest", models.DateField(blank=True, null=True)),
        migrations.AddField("directive", "limits", models.TextField(blank=True)),
        migrations.RunPython(copy_days_of_issue, migrations.RunPython.noop),
        migrations.RemoveField("directive", "issued_on"),
        migrations.AlterModelOptions(
            "directive",
            {
                "ordering": [models.OrderBy(models.F("issued_earliest"), nulls_last=True), "pk"],
                "permissions": [("publish_directive", "Can publish a directive or an exception")],
            },
        ),
        *(
            migrations.AddField(model, "status", models.CharField(default="draft", max_length=20))
            for model in ("directive", "directiveexception")
        ),
        *(
            migrations.AddField(
                model,
                "updated_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=models.SET_NULL,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            )
            for model in ("directive", "directiveexception")
        ),
        migrations.RunPython(publish_what_was_public, migrations.RunPython.noop),
        migrations.AddConstraint(
            "directiveexception",
            models.CheckConstraint(
                condition=models.Q(status__in=STATUSES), name="exception_status_in_vocabulary"
            ),
        ),
        *(migrations.AddConstraint("directive", constraint) for constraint in CONSTRAINTS),
        migrations.AddField(
            "case",
            "directives",
            models.ManyToManyField(blank=True, related_name="cases", to="cases.directive"),
        ),
        migrations.RunPython(permit_drafts, migrations.RunPython.noop),
    ]
