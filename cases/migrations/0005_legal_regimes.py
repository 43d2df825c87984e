"""Let directives of several jurisdictions stand side by side, and cases name those that apply."""

from typing import Any

from django.apps.registry import Apps
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


CONSTRAINTS = [
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
    dependencies = [("cases", "0004_source_paragraphs")]

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
            {"ordering": [models.OrderBy(models.F("issued_earliest"), nulls_last=True), "pk"]},
        ),
        *(migrations.AddConstraint("directive", constraint) for constraint in CONSTRAINTS),
        migrations.AddField(
            "case",
            "directives",
            models.ManyToManyField(blank=True, related_name="cases", to="cases.directive"),
        ),
    ]
