from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_slug_is_no_missing_value"),
    ]

    operations = [
        migrations.AlterField(
            model_name="incident",
            name="deaths_qualifier",
            field=models.CharField(
                choices=[
                    ("exact", "Exactly"),
                    ("more_than", "Over"),
                    ("at_least", "At least"),
                    ("about", "About"),
                    ("not_stated", "Not stated"),
                    ("not_applicable", "Does not apply"),
                ],
                default="not_stated",
                help_text="Exactly: This figure as it stands, without “over” or “about”. · Over: More than this figure. · At least: This figure or more. · About: Around this figure, somewhat more or fewer. · Not stated: The sources give no figure. · Does not apply: There was nothing to count.",
                max_length=20,
                verbose_name="qualifier of deaths",
            ),
        ),
        migrations.AlterField(
            model_name="incident",
            name="injured_qualifier",
            field=models.CharField(
                choices=[
                    ("exact", "Exactly"),
                    ("more_than", "Over"),
                    ("at_least", "At least"),
                    ("about", "About"),
                    ("not_stated", "Not stated"),
                    ("not_applicable", "Does not apply"),
                ],
                default="not_stated",
                help_text="Exactly: This figure as it stands, without “over” or “about”. · Over: More than this figure. · At least: This figure or more. · About: Around this figure, somewhat more or fewer. · Not stated: The sources give no figure. · Does not apply: There was nothing to count.",
                max_length=20,
                verbose_name="qualifier of injured",
            ),
        ),
    ]
