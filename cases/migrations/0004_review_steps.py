"""Keep each step that is taken with a case, and find the cases changed last."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_changes_and_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        help_text="The status that the case got by it.", max_length=20
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "concerns",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="The weak points in spite of which the case was published, in words.",
                    ),
                ),
                ("taken_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-taken_at", "-pk"],
            },
        ),
        migrations.AlterField(
            model_name="case",
            name="updated_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="last edited by",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["-updated_at"], name="cases_case_updated_c10726_idx"),
        ),
        migrations.AddField(
            model_name="reviewstep",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="review_steps",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="reviewstep",
            name="taken_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "draft"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="reviewstep_sent_back_with_reason",
                violation_error_message="Say why the case is sent back; its editor is told.",
            ),
        ),
    ]
