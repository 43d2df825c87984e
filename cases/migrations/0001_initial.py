# Each table with its constraints in one place, a field to a line as far as it fits.
# fmt: off

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Length, Substr
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThanOrEqual
from django.utils import timezone


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("contenttypes", "0002_remove_content_type_name")]

    operations = [
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("value", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("title", models.CharField(max_length=300)),
                ("kind", models.CharField(max_length=20)),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("author", models.CharField(blank=True, max_length=200)),
                ("published_words", models.CharField(blank=True, max_length=200)),
                ("published_edtf", models.CharField(blank=True, max_length=40)),
                ("published_basis", models.CharField(default="not_stated", max_length=20)),
                ("published_earliest", models.DateField(blank=True, null=True)),
                ("published_latest", models.DateField(blank=True, null=True)),
                ("url", models.URLField(blank=True, max_length=500)),
                ("archived_url", models.URLField(blank=True, max_length=500)),
                ("archiving", models.CharField(default="not_answered", max_length=20)),
                ("accessed_on", models.DateField(blank=True, null=True)),
                ("description", models.TextField(blank=True)),
                ("paragraphs", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("paragraphs_without_claims", models.TextField(blank=True)),
                (
                    "derived_from",
                    models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="derivatives", to="cases.source"),
                ),
                ("folded", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": ["title", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["press", "official", "directive", "court", "scholarship", "other", "synthetic"])),
                        name="source_kind_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("archiving__in", ["not_answered", "archived_elsewhere", "cannot_be_archived"])),
                        name="source_archiving_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("published_basis__in", ["stated", "resolved", "completed", "not_stated"])),
                        name="source_published_basis_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_edtf", ""), ("published_basis", "not_stated")),
                            models.Q(
                                models.Q(("published_edtf", ""), _negated=True), models.Q(("published_basis", "not_stated"), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="source_published_basis_iff_expression",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_earliest__isnull", True),
                            ("published_latest__isnull", True),
                            ("published_earliest__lte", models.F("published_latest")),
                            _connector="OR",
                        ),
                        name="source_published_earliest_lte_latest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("derived_from", models.F("pk")), _negated=True), name="source_not_derived_from_itself"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Actor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=30)),
                ("aliases", models.JSONField(blank=True, default=list)),
                ("description", models.TextField(blank=True)),
                ("wikidata_id", models.CharField(blank=True, max_length=20)),
                ("country", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="nationals", to="cases.actor")),
                ("parent", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="children", to="cases.actor")),
                ("folded", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("slug__in", ["none_reported", "not_applicable", "not_reported", "not_stated"]), _negated=True),
                        name="actor_slug_is_no_missing_value",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "state",
                                    "government_body",
                                    "intelligence_service",
                                    "police",
                                    "diplomatic_mission",
                                    "official",
                                    "individual",
                                    "armed_group",
                                    "media",
                                    "collective",
                                ],
                            )
                        ),
                        name="actor_kind_in_vocabulary",
                    ),
                    models.CheckConstraint(condition=models.Q(("parent", models.F("pk")), _negated=True), name="actor_not_its_own_parent"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("wikidata_id", ""),
                            models.Q(
                                Exact(Substr("wikidata_id", 1, 1), models.Value("Q")),
                                Exact(
                                    models.Func(Substr("wikidata_id", 2), models.Value("0123456789"), function="LTRIM"),
                                    models.Value(""),
                                ),
                                models.Q(Exact(Substr("wikidata_id", 2, 1), models.Value("0")), _negated=True),
                                models.Q(("wikidata_id", "Q"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="actor_wikidata_id_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Directive",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("code", models.CharField(max_length=40, unique=True)),
                ("title", models.CharField(max_length=300)),
                ("issued_words", models.CharField(blank=True, max_length=200)),
                ("issued_edtf", models.CharField(blank=True, max_length=40)),
                ("issued_basis", models.CharField(default="not_stated", max_length=20)),
                ("issued_earliest", models.DateField(blank=True, null=True)),
                ("issued_latest", models.DateField(blank=True, null=True)),
                ("authority", models.CharField(max_length=200)),
                ("statement", models.TextField()),
                ("limits", models.TextField(blank=True)),
                ("status", models.CharField(default="draft", max_length=20)),
                (
                    "jurisdiction",
                    models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="directives", to="cases.actor"),
                ),
                ("source", models.ForeignKey(on_delete=models.PROTECT, related_name="directives", to="cases.source")),
                (
                    "updated_by",
                    models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("folded", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": [models.F("issued_earliest").asc(nulls_last=True), "pk"],
                "permissions": [("publish_directive", "Can publish a directive or an exception")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("status__in", ["draft", "published"])), name="directive_status_in_vocabulary"),
                    models.CheckConstraint(
                        condition=models.Q(("slug__in", ["none_reported", "not_applicable", "not_reported", "not_stated"]), _negated=True),
                        name="directive_slug_is_no_missing_value",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("issued_basis__in", ["stated", "resolved", "completed", "not_stated"])),
                        name="directive_issued_basis_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issued_edtf", ""), ("issued_basis", "not_stated")),
                            models.Q(models.Q(("issued_edtf", ""), _negated=True), models.Q(("issued_basis", "not_stated"), _negated=True)),
                            _connector="OR",
                        ),
                        name="directive_issued_basis_iff_expression",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issued_earliest__isnull", True),
                            ("issued_latest__isnull", True),
                            ("issued_earliest__lte", models.F("issued_latest")),
                            _connector="OR",
                        ),
                        name="directive_issued_earliest_lte_latest",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("date_words", models.CharField(blank=True, max_length=200)),
                ("date_edtf", models.CharField(blank=True, max_length=40)),
                ("date_basis", models.CharField(default="not_stated", max_length=20)),
                ("date_earliest", models.DateField(blank=True, null=True)),
                ("date_latest", models.DateField(blank=True, null=True)),
                ("number", models.CharField(blank=True, max_length=13, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=30)),
                ("summary", models.TextField()),
                ("records_status", models.CharField(default="none_reported", max_length=30)),
                ("status", models.CharField(default="draft", max_length=20)),
                ("withdrawn_reason", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=timezone.now)),
                ("updated_at", models.DateTimeField(default=timezone.now)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "merged_into",
                    models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="merged_from", to="cases.case"),
                ),
                (
                    "published_by",
                    models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "updated_by",
                    models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("directives", models.ManyToManyField(blank=True, related_name="cases", to="cases.directive")),
                ("folded", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": [Length("number"), "number"],
                "permissions": [
                    ("submit_case", "Can submit a case for review"),
                    ("publish_case", "Can publish a case"),
                    ("withdraw_case", "Can withdraw a case"),
                    ("redact_case", "Can redact a case and its versions"),
                ],
                "indexes": [
                    models.Index(fields=["status", "date_earliest", "date_latest"], name="case_status_and_date"),
                    models.Index(fields=["-updated_at"], name="case_updated_at"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["warning_given", "alleged_failure_to_warn", "strategic_disclosure", "policy_origin"])
                        ),
                        name="case_kind_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "records_status__in",
                                ["requested_no_response", "neither_confirmed_nor_denied", "partly_released", "released", "none_reported"],
                            )
                        ),
                        name="case_records_status_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "in_review", "published", "withdrawn"])),
                        name="case_status_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("date_basis__in", ["stated", "resolved", "completed", "not_stated"])),
                        name="case_date_basis_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("date_edtf", ""), ("date_basis", "not_stated")),
                            models.Q(models.Q(("date_edtf", ""), _negated=True), models.Q(("date_basis", "not_stated"), _negated=True)),
                            _connector="OR",
                        ),
                        name="case_date_basis_iff_expression",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("date_earliest__isnull", True),
                            ("date_latest__isnull", True),
                            ("date_earliest__lte", models.F("date_latest")),
                            _connector="OR",
                        ),
                        name="case_date_earliest_lte_latest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            Exact(Substr("number", 1, 4), models.Value("DTW-")),
                            Exact(
                                models.Func(Substr("number", 5), models.Value("0123456789"), function="LTRIM"),
                                models.Value(""),
                            ),
                            GreaterThanOrEqual(Length("number"), 8),
                            LessThanOrEqual(Length("number"), 13),
                            models.Q(
                                Exact(Length("number"), 8),
                                models.Q(Exact(Substr("number", 5, 1), models.Value("0")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="case_number_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "withdrawn"), _negated=True),
                            models.Q(("withdrawn_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="case_withdrawn_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into", None),
                            models.Q(("status", "withdrawn"), models.Q(("merged_into", models.F("pk")), _negated=True)),
                            _connector="OR",
                        ),
                        name="case_merged_is_withdrawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True), ("published_at__isnull", False), _connector="OR"
                        ),
                        name="case_published_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=models.CASCADE, primary_key=True, related_name="search_document", serialize=False, to="cases.case"
                    ),
                ),
                ("title", models.TextField()),
                ("names", models.TextField()),
                ("text", models.TextField()),
                ("passages", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record", models.CharField(max_length=20)),
                ("object_id", models.BigIntegerField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("record", "object_id"), name="change_unique_per_record")]},
        ),
        migrations.CreateModel(
            name="DirectiveException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("code", models.CharField(max_length=20)),
                ("order", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("statement", models.TextField()),
                ("text_status", models.CharField(default="unverified", max_length=20)),
                ("article_wording", models.CharField(blank=True, max_length=300)),
                ("article_locator", models.CharField(blank=True, max_length=20)),
                ("status", models.CharField(default="draft", max_length=20)),
                ("directive", models.ForeignKey(on_delete=models.PROTECT, related_name="exceptions", to="cases.directive")),
                (
                    "updated_by",
                    models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("folded", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": ["directive", "order"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("status__in", ["draft", "published"])), name="exception_status_in_vocabulary"),
                    models.CheckConstraint(
                        condition=models.Q(("slug__in", ["none_reported", "not_applicable", "not_reported", "not_stated"]), _negated=True),
                        name="exception_slug_is_no_missing_value",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text_status__in", ["verified", "partly_verified", "unverified"])),
                        name="exception_text_status_in_vocabulary",
                    ),
                    models.UniqueConstraint(fields=("directive", "code"), name="exception_unique_code_per_directive"),
                    models.UniqueConstraint(fields=("directive", "order"), name="exception_unique_order_per_directive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("article_locator", ""), ("article_wording", "")),
                            models.Q(models.Q(("article_wording", ""), _negated=True), models.Q(("article_locator", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="exception_article_wording_has_locator",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExceptionAssessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("status", models.CharField(default="not_reported", max_length=20)),
                ("note", models.TextField(blank=True)),
                ("case", models.ForeignKey(on_delete=models.CASCADE, related_name="assessments", to="cases.case")),
                ("exception", models.ForeignKey(on_delete=models.PROTECT, related_name="assessments", to="cases.directiveexception")),
            ],
            options={
                "ordering": ["case", "exception__order"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["officially_invoked", "argued", "withheld", "ruled_out", "not_reported"])),
                        name="assessment_status_in_vocabulary",
                    ),
                    models.UniqueConstraint(fields=("case", "exception"), name="assessment_unique_per_case_and_exception"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_id", models.PositiveBigIntegerField()),
                ("slug", models.SlugField(max_length=100)),
                ("content_type", models.ForeignKey(on_delete=models.CASCADE, to="contenttypes.contenttype")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("content_type", "slug"), name="formerslug_unique_per_model")]},
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=30)),
                ("file_name", models.CharField(max_length=200)),
                ("content", models.BinaryField(default=bytes)),
                ("content_digest", models.CharField(max_length=64)),
                ("note", models.TextField(blank=True)),
                ("summary", models.TextField(blank=True)),
                ("plan", models.JSONField(default=list)),
                ("plan_digest", models.CharField(blank=True, max_length=64)),
                ("versions", models.JSONField(default=list)),
                ("written", models.JSONField(default=list)),
                ("row_count", models.PositiveIntegerField(default=0)),
                ("uploaded_at", models.DateTimeField(default=timezone.now)),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                (
                    "imported_by",
                    models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "undoes",
                    models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="undoings", to="cases.import"),
                ),
            ],
            options={
                "ordering": ["-applied_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("applied_at__isnull", False)), fields=("undoes",), name="import_undone_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date_words", models.CharField(blank=True, max_length=200)),
                ("date_edtf", models.CharField(blank=True, max_length=40)),
                ("date_basis", models.CharField(default="not_stated", max_length=20)),
                ("date_earliest", models.DateField(blank=True, null=True)),
                ("date_latest", models.DateField(blank=True, null=True)),
                ("sequence", models.PositiveSmallIntegerField(blank=True)),
                ("kind", models.CharField(default="not_stated", max_length=20)),
                ("place", models.CharField(default="not_stated", max_length=200)),
                ("target", models.CharField(default="not_stated", max_length=200)),
                ("deaths", models.PositiveIntegerField(blank=True, null=True)),
                ("deaths_qualifier", models.CharField(default="not_stated", max_length=20)),
                ("injured", models.PositiveIntegerField(blank=True, null=True)),
                ("injured_qualifier", models.CharField(default="not_stated", max_length=20)),
                ("description", models.TextField(blank=True)),
                ("case", models.ForeignKey(on_delete=models.CASCADE, related_name="incidents", to="cases.case")),
                ("country", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="incidents", to="cases.actor")),
            ],
            options={
                "ordering": ["case", "sequence"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "sequence"), name="incident_unique_sequence_in_case"),
                    models.CheckConstraint(
                        condition=models.Q(("date_basis__in", ["stated", "resolved", "completed", "not_stated"])),
                        name="incident_date_basis_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("date_edtf", ""), ("date_basis", "not_stated")),
                            models.Q(models.Q(("date_edtf", ""), _negated=True), models.Q(("date_basis", "not_stated"), _negated=True)),
                            _connector="OR",
                        ),
                        name="incident_date_basis_iff_expression",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("date_earliest__isnull", True),
                            ("date_latest__isnull", True),
                            ("date_earliest__lte", models.F("date_latest")),
                            _connector="OR",
                        ),
                        name="incident_date_earliest_lte_latest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["attack", "targeted_killing", "invasion", "averted", "none_reported", "not_stated"])
                        ),
                        name="incident_kind_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deaths_qualifier__in", ["exact", "more_than", "at_least", "about", "not_stated", "not_applicable"])
                        ),
                        name="incident_deaths_qualifier_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("injured_qualifier__in", ["exact", "more_than", "at_least", "about", "not_stated", "not_applicable"])
                        ),
                        name="incident_injured_qualifier_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deaths__isnull", True), ("deaths_qualifier__in", ("not_stated", "not_applicable"))),
                            models.Q(
                                ("deaths__gte", 0),
                                ("deaths__isnull", False),
                                models.Q(("deaths_qualifier__in", ("not_stated", "not_applicable")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="incident_deaths_iff_qualified",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("injured__isnull", True), ("injured_qualifier__in", ("not_stated", "not_applicable"))),
                            models.Q(
                                ("injured__gte", 0),
                                ("injured__isnull", False),
                                models.Q(("injured_qualifier__in", ("not_stated", "not_applicable")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="incident_injured_iff_qualified",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("place", ""), _negated=True), models.Q(("target", ""), _negated=True)),
                        name="incident_place_and_target_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ("none_reported", "averted")), _negated=True), ("deaths__isnull", True), _connector="OR"
                        ),
                        name="incident_without_event_has_no_deaths",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Involvement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=30)),
                ("note", models.TextField(blank=True)),
                ("actor", models.ForeignKey(on_delete=models.PROTECT, related_name="involvements", to="cases.actor")),
                ("case", models.ForeignKey(on_delete=models.CASCADE, related_name="involvements", to="cases.case")),
            ],
            options={
                "verbose_name": "role",
                "ordering": ["case", "role", "actor__name", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "intended_victim",
                                    "subject",
                                    "threat_source",
                                    "claimant",
                                    "alleged_perpetrator",
                                    "accused",
                                    "speaker",
                                    "policymaker",
                                    "audience",
                                    "context",
                                ],
                            )
                        ),
                        name="involvement_role_in_vocabulary",
                    ),
                    models.UniqueConstraint(fields=("case", "actor", "role"), name="involvement_unique_role_of_actor_in_case"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("kept_key", models.BigIntegerField()),
                ("kept_name", models.CharField(max_length=550)),
                ("merged_key", models.BigIntegerField()),
                ("merged_name", models.CharField(max_length=550)),
                ("merged_slug", models.SlugField(max_length=100)),
                ("reason", models.TextField()),
                ("steps", models.JSONField(default=list)),
                ("made_at", models.DateTimeField(default=timezone.now)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undone_reason", models.TextField(blank=True)),
                (
                    "made_by",
                    models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "undone_by",
                    models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", ("actor", "source", "case"))), name="merge_kind_known"),
                    models.CheckConstraint(
                        condition=models.Q(("kept_key", models.F("merged_key")), _negated=True), name="merge_of_two_records"
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="merge_with_reason"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at", None), ("undone_reason", "")),
                            models.Q(("undone_at__isnull", False), models.Q(("undone_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="merge_undone_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Redaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_number", models.CharField(max_length=13)),
                ("reason", models.TextField()),
                ("replacement", models.CharField(max_length=100)),
                ("text_digests", models.JSONField(default=list)),
                ("is_loose", models.BooleanField(default=False)),
                ("is_everywhere", models.BooleanField(default=False)),
                ("places", models.JSONField(default=list)),
                ("made_at", models.DateTimeField(default=timezone.now)),
                ("case", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="redactions", to="cases.case")),
                (
                    "made_by",
                    models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
                "constraints": [models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="redaction_with_reason")],
            },
        ),
        migrations.CreateModel(
            name="ReviewStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("status", models.CharField(max_length=20)),
                ("reason", models.TextField(blank=True)),
                ("concerns", models.JSONField(blank=True, default=list)),
                ("taken_at", models.DateTimeField(default=timezone.now)),
                ("case", models.ForeignKey(on_delete=models.CASCADE, related_name="review_steps", to="cases.case")),
                (
                    "taken_by",
                    models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["-taken_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "draft"), _negated=True), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="reviewstep_sent_back_with_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(blank=True, max_length=20)),
                ("part_key", models.BigIntegerField(blank=True, null=True)),
                ("field", models.CharField(blank=True, max_length=40)),
                ("value_then", models.TextField(blank=True)),
                ("text", models.TextField()),
                ("is_by_reviewer", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(default=timezone.now)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answer_to",
                    models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="answers", to="cases.comment"),
                ),
                (
                    "author",
                    models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("case", models.ForeignKey(on_delete=models.CASCADE, related_name="comments", to="cases.case")),
                (
                    "resolved_by",
                    models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="comment_has_text"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("part", ""), ("part_key", None)),
                            models.Q(models.Q(("part", ""), _negated=True), ("part_key__isnull", False)),
                            _connector="OR",
                        ),
                        name="comment_part_has_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_to", None),
                            models.Q(("field", ""), ("part", ""), ("resolved_at", None), ("resolved_by", None), ("value_then", "")),
                            _connector="OR",
                        ),
                        name="comment_answer_has_place_of_its_comment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("field", models.CharField(blank=True, max_length=250)),
                ("kind", models.CharField(max_length=20)),
                ("locator", models.CharField(blank=True, max_length=40)),
                ("source_says", models.TextField()),
                ("evidence_says", models.TextField()),
                ("evidence_locator", models.CharField(blank=True, max_length=40)),
                ("noted_on", models.DateField(default=timezone.localdate)),
                (
                    "author",
                    models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("case", models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="notes", to="cases.case")),
                (
                    "directive",
                    models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="notes", to="cases.directive"),
                ),
                (
                    "exception",
                    models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="notes", to="cases.directiveexception"),
                ),
                ("evidence", models.ForeignKey(on_delete=models.PROTECT, related_name="notes_resting_on_it", to="cases.source")),
                ("source", models.ForeignKey(on_delete=models.PROTECT, related_name="notes", to="cases.source")),
                ("folded", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": ["source", "case__number", "field", "slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["correction", "contradiction", "later_value", "completion", "context"])),
                        name="note_kind_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case__isnull", True), ("directive__isnull", True), ("exception__isnull", True)),
                            models.Q(("case__isnull", False), ("directive__isnull", True), ("exception__isnull", True)),
                            models.Q(("case__isnull", True), ("directive__isnull", False), ("exception__isnull", True)),
                            models.Q(("case__isnull", True), ("directive__isnull", True), ("exception__isnull", False)),
                            _connector="OR",
                        ),
                        name="note_about_one_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("source_says", ""), _negated=True), models.Q(("evidence_says", ""), _negated=True)),
                        name="note_says_both_sides",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("field", ""), ("case__isnull", False), _connector="OR"), name="note_about_value_has_case"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("record", models.JSONField()),
                ("change_note", models.TextField()),
                ("made_at", models.DateTimeField(default=timezone.now)),
                ("digest", models.CharField(max_length=64)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.TextField(blank=True)),
                ("redacted_at", models.DateTimeField(blank=True, null=True)),
                ("redaction_reason", models.TextField(blank=True)),
                ("case", models.ForeignKey(on_delete=models.PROTECT, related_name="versions", to="cases.case")),
                (
                    "editor",
                    models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["case", "number"],
                "indexes": [models.Index(fields=["made_at"], name="version_made_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="version_unique_number_in_case"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("change_note", ""), _negated=True), ("number__gte", 1)),
                        name="version_numbered_and_noted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_reason", "")),
                            models.Q(("withdrawn_at__isnull", False), models.Q(("withdrawn_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="version_withdrawal_has_time_and_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("redacted_at", None), ("redaction_reason", "")),
                            models.Q(("redacted_at__isnull", False), models.Q(("redaction_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="version_redaction_has_time_and_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Warning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date_words", models.CharField(blank=True, max_length=200)),
                ("date_edtf", models.CharField(blank=True, max_length=40)),
                ("date_basis", models.CharField(default="not_stated", max_length=20)),
                ("date_earliest", models.DateField(blank=True, null=True)),
                ("date_latest", models.DateField(blank=True, null=True)),
                ("sequence", models.PositiveSmallIntegerField(blank=True)),
                ("repeated", models.CharField(default="not_stated", max_length=30)),
                ("channel", models.CharField(default="not_stated", max_length=30)),
                ("conduit", models.CharField(default="not_stated", max_length=30)),
                ("basis", models.CharField(default="not_stated", max_length=30)),
                ("relation", models.CharField(default="not_stated", max_length=30)),
                ("content", models.TextField(default="not_stated")),
                ("who_specificity", models.CharField(default="not_stated", max_length=30)),
                ("target_specificity", models.CharField(default="not_stated", max_length=30)),
                ("place_specificity", models.CharField(default="not_stated", max_length=30)),
                ("time_specificity", models.CharField(default="not_stated", max_length=30)),
                ("window_start", models.DateField(blank=True, null=True)),
                ("window_end", models.DateField(blank=True, null=True)),
                ("issuer_action", models.CharField(default="not_stated", max_length=30)),
                ("before_incident", models.CharField(default="not_stated", max_length=30)),
                ("reception", models.CharField(default="not_stated", max_length=30)),
                ("follow_up", models.CharField(default="not_stated", max_length=30)),
                ("case", models.ForeignKey(on_delete=models.CASCADE, related_name="warnings", to="cases.case")),
                (
                    "issuer",
                    models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="warnings_issued", to="cases.actor"),
                ),
                ("recipients", models.ManyToManyField(blank=True, related_name="warnings_received", to="cases.actor")),
            ],
            options={
                "ordering": ["case", "sequence"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "sequence"), name="warning_unique_sequence_in_case"),
                    models.CheckConstraint(
                        condition=models.Q(("date_basis__in", ["stated", "resolved", "completed", "not_stated"])),
                        name="warning_date_basis_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("date_edtf", ""), ("date_basis", "not_stated")),
                            models.Q(models.Q(("date_edtf", ""), _negated=True), models.Q(("date_basis", "not_stated"), _negated=True)),
                            _connector="OR",
                        ),
                        name="warning_date_basis_iff_expression",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("date_earliest__isnull", True),
                            ("date_latest__isnull", True),
                            ("date_earliest__lte", models.F("date_latest")),
                            _connector="OR",
                        ),
                        name="warning_date_earliest_lte_latest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["public", "private", "not_stated"])), name="warning_channel_in_vocabulary"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "conduit__in",
                                [
                                    "embassy_alert",
                                    "intelligence_liaison",
                                    "diplomatic",
                                    "police_visit",
                                    "written_notice",
                                    "phone",
                                    "declassification",
                                    "not_stated",
                                ],
                            )
                        ),
                        name="warning_conduit_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "basis__in",
                                ["duty_to_warn", "legal_duty", "consular_alert", "strategic_disclosure", "foreign_practice", "not_stated"],
                            )
                        ),
                        name="warning_basis_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "relation__in",
                                ["ally", "adversary", "in_between", "own_nationals", "protected_person", "mixed", "not_stated"],
                            )
                        ),
                        name="warning_relation_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("who_specificity__in", ["named", "category", "absent", "not_stated"])),
                        name="warning_who_specificity_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("target_specificity__in", ["named", "category", "absent", "not_stated"])),
                        name="warning_target_specificity_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place_specificity__in", ["named", "category", "absent", "not_stated"])),
                        name="warning_place_specificity_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("time_specificity__in", ["named", "category", "absent", "not_stated"])),
                        name="warning_time_specificity_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("repeated__in", ["yes", "no", "not_stated"])), name="warning_repeated_in_vocabulary"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("issuer_action__in", ["protection_given", "protection_offered", "advice_only", "not_stated"])),
                        name="warning_issuer_action_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("before_incident__in", ["yes", "no", "not_stated"])),
                        name="warning_before_incident_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reception__in", ["accepted", "disbelieved", "dismissed", "not_stated", "not_applicable"])),
                        name="warning_reception_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("follow_up__in", ["acted", "inadequate", "none_visible", "unclear", "not_stated", "not_applicable"])
                        ),
                        name="warning_follow_up_in_vocabulary",
                    ),
                    models.CheckConstraint(condition=models.Q(("content", ""), _negated=True), name="warning_content_not_empty"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("window_start__isnull", True),
                            ("window_end__isnull", True),
                            ("window_end__gte", models.F("window_start")),
                            _connector="OR",
                        ),
                        name="warning_window_end_gte_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("window_end__isnull", True),
                            ("date_earliest__isnull", True),
                            ("window_end__gte", models.F("date_earliest")),
                            _connector="OR",
                        ),
                        name="warning_window_not_over_when_given",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Intermediary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("actor", models.ForeignKey(on_delete=models.PROTECT, related_name="warnings_passed_on", to="cases.actor")),
                ("warning", models.ForeignKey(on_delete=models.CASCADE, related_name="intermediaries", to="cases.warning")),
            ],
            options={
                "verbose_name_plural": "intermediaries",
                "ordering": ["warning", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=["warning", "actor"], name="intermediary_unique_actor_in_warning"),
                    models.UniqueConstraint(fields=["warning", "position"], name="intermediary_unique_position_in_warning"),
                    models.CheckConstraint(condition=models.Q(("position__gte", 1)), name="intermediary_position_gte_1"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date_words", models.CharField(blank=True, max_length=200)),
                ("date_edtf", models.CharField(blank=True, max_length=40)),
                ("date_basis", models.CharField(default="not_stated", max_length=20)),
                ("date_earliest", models.DateField(blank=True, null=True)),
                ("date_latest", models.DateField(blank=True, null=True)),
                ("sequence", models.PositiveSmallIntegerField(blank=True)),
                ("field", models.CharField(blank=True, max_length=40)),
                ("stance", models.CharField(default="asserts", max_length=20)),
                ("modality", models.CharField(max_length=20)),
                ("locator", models.CharField(max_length=40)),
                ("quote", models.CharField(blank=True, max_length=300)),
                ("gist", models.TextField(blank=True)),
                ("case", models.ForeignKey(on_delete=models.CASCADE, related_name="claims", to="cases.case")),
                (
                    "speaker",
                    models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="claims_made", to="cases.actor"),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.RESTRICT, related_name="claims", to="cases.exceptionassessment"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(blank=True, null=True, on_delete=models.RESTRICT, related_name="claims", to="cases.incident"),
                ),
                (
                    "involvement",
                    models.ForeignKey(blank=True, null=True, on_delete=models.RESTRICT, related_name="claims", to="cases.involvement"),
                ),
                ("source", models.ForeignKey(on_delete=models.PROTECT, related_name="claims", to="cases.source")),
                ("warning", models.ForeignKey(blank=True, null=True, on_delete=models.RESTRICT, related_name="claims", to="cases.warning")),
            ],
            options={
                "ordering": ["case", "sequence"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "sequence"), name="claim_unique_sequence_in_case"),
                    models.CheckConstraint(
                        condition=models.Q(("date_basis__in", ["stated", "resolved", "completed", "not_stated"])),
                        name="claim_date_basis_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("date_edtf", ""), ("date_basis", "not_stated")),
                            models.Q(models.Q(("date_edtf", ""), _negated=True), models.Q(("date_basis", "not_stated"), _negated=True)),
                            _connector="OR",
                        ),
                        name="claim_date_basis_iff_expression",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("date_earliest__isnull", True),
                            ("date_latest__isnull", True),
                            ("date_earliest__lte", models.F("date_latest")),
                            _connector="OR",
                        ),
                        name="claim_date_earliest_lte_latest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stance__in", ["asserts", "disputes", "declines"])), name="claim_stance_in_vocabulary"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("modality__in", ["quoted", "stated", "attributed", "reported", "alleged", "unclear", "inferred"])
                        ),
                        name="claim_modality_in_vocabulary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("assessment__isnull", True),
                                ("incident__isnull", True),
                                ("involvement__isnull", True),
                                ("warning__isnull", True),
                            ),
                            models.Q(
                                ("assessment__isnull", True),
                                ("incident__isnull", True),
                                ("involvement__isnull", True),
                                ("warning__isnull", False),
                            ),
                            models.Q(
                                ("assessment__isnull", True),
                                ("incident__isnull", False),
                                ("involvement__isnull", True),
                                ("warning__isnull", True),
                            ),
                            models.Q(
                                ("assessment__isnull", True),
                                ("incident__isnull", True),
                                ("involvement__isnull", False),
                                ("warning__isnull", True),
                            ),
                            models.Q(
                                ("assessment__isnull", False),
                                ("incident__isnull", True),
                                ("involvement__isnull", True),
                                ("warning__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="claim_about_one_part",
                    ),
                    models.CheckConstraint(condition=models.Q(("locator", ""), _negated=True), name="claim_has_locator"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("quote", ""), _negated=True), models.Q(("gist", ""), _negated=True), _connector="OR"),
                        name="claim_has_words",
                    ),
                ],
            },
        ),
    ]
