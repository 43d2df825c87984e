"""Name those who passed a warning on, in place of a conduit that only said that somebody did."""

from django.db import migrations, models

CONDUITS = [
    "embassy_alert",
    "intelligence_liaison",
    "diplomatic",
    "police_visit",
    "written_notice",
    "phone",
    "declassification",
    "not_stated",
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_source_paragraphs")]

    operations = [
        migrations.CreateModel(
            name="Intermediary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="warnings_passed_on",
                        to="cases.actor",
                    ),
                ),
                (
                    "warning",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="intermediaries", to="cases.warning"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "intermediaries",
                "ordering": ["warning", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["warning", "actor"], name="intermediary_unique_actor_in_warning"
                    ),
                    models.UniqueConstraint(
                        fields=["warning", "position"],
                        name="intermediary_unique_position_in_warning",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(position__gte=1), name="intermediary_position_gte_1"
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="warning", name="warning_conduit_in_vocabulary"),
        migrations.AddConstraint(
            model_name="warning",
            constraint=models.CheckConstraint(
                condition=models.Q(conduit__in=CONDUITS), name="warning_conduit_in_vocabulary"
            ),
        ),
    ]
