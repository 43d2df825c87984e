"""Create the groups Editors and Reviewers with their permissions."""

from typing import Any

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CODED = ["involvement", "warning", "incident", "claim", "exceptionassessment", "note"]
SHARED = ["actor", "source"]
RULES = ["directive", "directiveexception"]
LOGS = ["version", "merge", "import"]


def _permissions(actions: list[str], models: list[str]) -> list[str]:
    return [f"{action}_{model}" for action in actions for model in models]


EDITORS = [
    *_permissions(["view", "add", "change"], ["case", *CODED, *SHARED, *RULES]),
    *_permissions(["delete"], CODED),
    *_permissions(["view"], LOGS),
    "submit_case",
    "add_import",
]
REVIEWERS = [
    *EDITORS,
    *_permissions(["delete"], ["case", *SHARED]),
    "publish_case",
    "publish_directive",
    "withdraw_case",
    "redact_case",
    "view_redaction",
]


def create_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Django creates permissions only after the last migration, which is too late for the groups.
    config: Any = apps.get_app_config("cases")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    for name, codenames in (("Editors", EDITORS), ("Reviewers", REVIEWERS)):
        group, _ = group_model.objects.get_or_create(name=name)
        found = permission_model.objects.filter(
            content_type__app_label="cases", codename__in=codenames
        )
        group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(create_groups, migrations.RunPython.noop)]
