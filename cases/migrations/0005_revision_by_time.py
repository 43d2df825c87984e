"""Find the versions that were made last, which the page of changes lists."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_review_steps"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["made_at"], name="revision_made_at"),
        ),
    ]
