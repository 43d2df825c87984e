"""Keep with a version that reinstates a case when and why the case was withdrawn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_missing_parties_and_new_values"),
    ]

    operations = [
        migrations.AddField(
            model_name="version",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="version",
            name="withdrawn_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_reason", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawn_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="version_withdrawal_has_time_and_reason",
            ),
        ),
    ]
