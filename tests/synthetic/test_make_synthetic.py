"""`make_synthetic`: many made-up cases that keep every rule, and leave without a trace."""

from __future__ import annotations

import io
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import models, transaction
from pytest_django import DjangoAssertNumQueries
from pytest_django.plugin import DjangoDbBlocker

from cases.models import (
    Actor,
    Case,
    Change,
    Claim,
    Counter,
    Directive,
    DirectiveException,
    ExceptionAssessment,
    FormerSlug,
    Incident,
    Intermediary,
    Involvement,
    Note,
    Source,
    Version,
    Warning,
)
from cases.models.case_date import NO_DATE
from cases.models.edtf import parse
from cases.models.synthetic_label import SIGNS, synthetic_cases_are_public, synthetic_records
from cases.review.stored_records import findings_in_cases, findings_in_shared_records
from cases.synthetic import cast, make, parts, remove
from cases.synthetic.dates import Calendar
from cases.synthetic.draws import random_for
from cases.synthetic.records import Recipient
from cases.synthetic.removal import PARTS_OF_A_CASE, USES
from cases.versions.making import make_version, make_versions
from tests.support.factories import (
    make_actor,
    make_case,
    make_claim,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demo"),
    pytest.mark.slow,
    pytest.mark.once,
]

MADE = 150
CONTENT: list[type[models.Model]] = [
    Actor,
    Source,
    Case,
    Warning,
    Intermediary,
    Recipient,
    Incident,
    Involvement,
    ExceptionAssessment,
    Claim,
    Note,
]
NAMED_BY: dict[Any, tuple[str, ...]] = {
    Warning: ("case__slug", "sequence"),
    Incident: ("case__slug", "sequence"),
    Involvement: ("actor__slug", "role"),
    ExceptionAssessment: ("exception__slug",),
    User: ("username",),
}
"""What a record that another refers to is named by, where it is not its slug."""

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def made(demo: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make some cases beside the demo once for the tests of the module that want them."""
    with django_db_blocker.unblock(), transaction.atomic():
        make(MADE)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def nothing(made: None) -> None:
    """Begin without synthetic cases; the end of the test brings them back."""
    remove()


def run(*options: str) -> str:
    """Run the command and return what it says."""
    said = io.StringIO()
    call_command("make_synthetic", *options, stdout=said)
    return said.getvalue()


def refusal(*options: str) -> str:
    with pytest.raises(CommandError) as error:
        run(*options)
    return str(error.value)


def everything() -> dict[str, list[Any]]:
    """Return every row that is stored, keys included.

    But for the log of changes, and the counters that follow it: those go on, also by a removal.
    """
    rows = {
        model.__name__: sorted(model._default_manager.values_list(), key=str)
        for model in apps.get_app_config("cases").get_models(include_auto_created=True)
        if model not in (Change, Counter)
    }
    numbers = Counter.objects.filter(name="case_number")
    return rows | {"Counter": list(numbers.values_list("value", flat=True))}


def content(first: int = MADE) -> Rows:
    """Return the synthetic content with natural names in the place of keys, of the first cases."""
    last = f"DTW-{900_000_000 + first}"
    found = {}
    for model in CONTENT:
        way = next((way for part, way in PARTS_OF_A_CASE if part is model), "")
        records = model._default_manager.order_by()
        if model in SIGNS:
            records = synthetic_records(model)
        if way or model is Case:
            number = f"{way}__number" if way else "number"
            records = records.filter(**{f"{number}__range": ("DTW-900000001", last)})
        rows = records.values_list(*natural_columns(model))
        found[model.__name__] = sorted(rows, key=str)
    return found


def natural_columns(model: type[models.Model]) -> list[str]:
    columns: list[str] = []
    for field in model._meta.concrete_fields:
        if field.is_relation:
            names = NAMED_BY.get(field.related_model, ("slug",))
            columns += [f"{field.name}__{name}" for name in names]
        elif not field.primary_key:
            columns.append(field.name)
    return columns


def synthetic_cases() -> Any:
    return synthetic_records(Case)


def synthetic_parts(model: Any) -> Any:
    return model._default_manager.filter(case__in=synthetic_records(Case))


# Making


@pytest.mark.usefixtures("nothing")
def test_make_synthetic_says_what_it_made() -> None:
    said = run("--cases", "20", "--seed", "7")
    warnings = synthetic_parts(Warning).count()
    claims = synthetic_parts(Claim).count()
    assert said == f"Made 20 synthetic cases ({warnings} warnings, {claims} claims) with seed 7.\n"
    assert synthetic_records(Case).count() == 20


def test_make_synthetic_again_makes_the_same(made: None) -> None:
    before = content()
    remove()
    make(MADE)
    assert content() == before


def test_make_synthetic_with_another_seed_makes_others(made: None) -> None:
    before = content(20)
    remove()
    make(20, seed=2)
    assert [row[0] for row in content(20)["Case"]] == [row[0] for row in before["Case"]]
    assert content(20)["Claim"] != before["Claim"]


@pytest.mark.usefixtures("nothing")
def test_fewer_cases_are_the_first_of_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cast, "CASES_PER_BLOCK", 25)  # so that actors and sources become more
    monkeypatch.setattr(cast, "CASES_PER_SOURCE", 5)
    make(30)
    fewer = content(30)
    remove()
    make(90)
    more = content(30)
    for shared in ("Actor", "Source"):
        assert len(more[shared]) > len(fewer[shared])
        assert set(map(str, fewer.pop(shared))) < set(map(str, more.pop(shared)))
    assert more == fewer


def test_synthetic_records_pass_the_record_checks(made: None) -> None:
    findings = [
        str(finding)
        for finding in (*findings_in_cases(synthetic_records(Case)), *findings_in_shared_records())
        if not finding.is_weak  # as in real data, some have one source or no date
    ]
    assert [each for each in findings if "has no claim that asserts it" not in each] == []


def test_synthetic_records_are_valid_as_if_entered_in_forms(made: None) -> None:
    some = Case.objects.filter(pk__in=synthetic_records(Case).order_by("number")[:15])
    parts = [(model, lookup) for model, lookup in PARTS_OF_A_CASE if model is not Recipient]
    records = [*synthetic_records(Actor), *synthetic_records(Source), *some]
    for model, lookup in parts:
        records += model._default_manager.filter(**{f"{lookup}__in": some})
    for record in records:
        record.full_clean()


def test_case_date_is_the_one_that_saving_derives(made: None) -> None:
    for case in synthetic_records(Case):
        assert case.date == (case.derive_date() or NO_DATE)


def test_synthetic_records_are_the_same_after_they_are_saved(made: None) -> None:
    before = content(10)
    for case in synthetic_records(Case).order_by("number")[:10]:
        for record in [*case.warnings.all(), *case.incidents.all(), *case.claims.all(), case]:
            record.save()
    assert content(10) == before


def test_synthetic_records_are_labelled(made: None) -> None:
    for model, label in ((Case, "title"), (Actor, "name"), (Source, "title")):
        new = model._default_manager.filter(slug__startswith="synthetic-")
        assert new.count() == synthetic_records(model).count() > 0
        assert not new.exclude(**{f"{label}__startswith": "Synthetic "}).exists()
    assert (
        not synthetic_records(Case).exclude(summary__endswith=" Made up for scale tests.").exists()
    )
    assert not synthetic_parts(Claim).exclude(source__kind="synthetic").exists()
    assert not synthetic_parts(Note).exclude(slug__startswith="synthetic-").exists()


def test_numbers_of_real_cases_go_on_without_a_gap(made: None) -> None:
    assert make_case().number == "DTW-0008"
    numbers = sorted(synthetic_records(Case).values_list("number", flat=True))
    assert numbers[0] == "DTW-900000001"
    assert numbers[-1] == f"DTW-{900_000_000 + MADE}"


def test_synthetic_cases_are_as_uneven_as_real_ones(made: None) -> None:
    cases, warnings = synthetic_cases(), synthetic_parts(Warning)
    per_case = Tally(warnings.values_list("case", flat=True))
    assert max(per_case.values()) >= 3
    assert Tally(per_case.values()).most_common(1)[0][0] == 1
    kinds = Tally(cases.values_list("kind", flat=True))
    assert len(kinds) == 4
    assert kinds.most_common(1)[0][0] == "warning_given"
    assert cases.published().count() > MADE * 0.9
    assert cases.exclude(status="published").exists()
    for field in ("channel", "conduit", "basis", "who_specificity", "reception", "date_basis"):
        assert 0.2 < warnings.filter(**{field: "not_stated"}).count() / warnings.count() < 0.8
    claims = Tally(synthetic_parts(Claim).values_list("case", flat=True))
    assert min(claims.values()) >= 3
    assert max(claims.values()) <= 14
    assert synthetic_parts(Involvement).filter(role="claimant").exists()
    assert synthetic_parts(Note).exists()
    figures = synthetic_parts(Incident).filter(deaths__isnull=False)
    assert figures.filter(deaths__lt=10).count() > figures.count() / 2
    assert figures.filter(deaths__gt=100).exists()


def test_synthetic_cases_have_contested_values(made: None) -> None:
    value = ["case", "warning", "incident", "involvement", "assessment", "field"]
    claims = synthetic_parts(Claim)
    disputed = set(claims.filter(stance="disputes").values_list(*value))
    assert disputed
    assert disputed <= set(claims.filter(stance="asserts").values_list(*value))


@pytest.mark.usefixtures("nothing")
@pytest.mark.parametrize("there_are_exceptions", [True, False])
def test_cases_are_assessed_by_the_exceptions_that_are_here(
    monkeypatch: pytest.MonkeyPatch, there_are_exceptions: bool
) -> None:
    monkeypatch.setattr(parts, "SHARE_ASSESSED", 1)
    if not there_are_exceptions:
        Claim.objects.exclude(assessment=None).delete()
        ExceptionAssessment.objects.all().delete()
        Note.objects.all().delete()
        DirectiveException.objects.all().delete()
    make(10)
    assessed = synthetic_parts(ExceptionAssessment).values("case").distinct().count()
    assert assessed == (10 if there_are_exceptions else 0)


def test_actors_and_sources_are_used_unevenly() -> None:
    rng = random_for(1, "ranks")
    uses = Tally(cast.rank(rng, 200) for _ in range(60_000))
    assert uses[0] > 5_000
    assert sum(1 for rank in range(200) if uses[rank] <= 3) > 80


def test_actors_have_parents_and_other_names(made: None) -> None:
    actors = synthetic_records(Actor)
    assert set(actors.values_list("kind", flat=True)) == set(cast.BLOCK)
    assert actors.filter(kind="armed_group", parent__parent__kind="armed_group").exists()
    assert actors.filter(kind="intelligence_service", parent__kind="state").exists()
    aliases = "".join(
        alias for names in actors.values_list("aliases", flat=True) for alias in names
    )
    assert not aliases.isascii()


def test_synthetic_dates_fit_the_cache_of_the_reader() -> None:
    calendar = Calendar(seed=1)
    expressions = {calendar.at(place).edtf for place in range(len(calendar))}
    assert len(expressions) < parse.cache_parameters()["maxsize"]
    assert all(expressions)


# What is refused


@pytest.mark.parametrize("number", ["0", "-3", "1000001"])
def test_make_synthetic_of_no_sensible_number_is_refused(number: str) -> None:
    before = everything()
    said = refusal(f"--cases={number}")
    assert said == f"The number of cases is from 1 to 1,000,000, not {int(number):,}."
    assert everything() == before


@pytest.mark.parametrize("options", [[], ["--cases=5", "--remove"], ["--cases=many"]])
def test_make_synthetic_without_a_clear_order_is_refused(options: list[str]) -> None:
    assert refusal(*options)


def test_make_synthetic_twice_is_refused(made: None) -> None:
    before = everything()
    assert refusal("--cases", "10") == (
        f"There are already {MADE} synthetic cases here; remove them first with "
        "make_synthetic --remove."
    )
    assert everything() == before


@pytest.mark.usefixtures("nothing")
def test_make_synthetic_on_a_number_that_is_taken_stores_nothing() -> None:
    make_case(number="DTW-900000007")
    before = everything()
    assert "cannot be stored here" in refusal("--cases", "10")
    assert everything() == before


# Removing


def test_remove_leaves_everything_as_it_was(made: None) -> None:
    claims, warnings = synthetic_parts(Claim).count(), synthetic_parts(Warning).count()
    said = run("--remove")
    assert said == (
        f"Removed {MADE} synthetic cases ({warnings} warnings, {claims:,} claims), 30 actors and "
        "5 sources.\n"
    )
    before = everything()
    assert len(before["Case"]) == 7
    make(40)
    assert everything() != before
    remove()
    assert everything() == before


def test_remove_takes_what_editors_added_to_synthetic_cases(made: None) -> None:
    case = synthetic_cases().first()
    make_claim(case, source=make_source())
    make_note(case)
    case.slug = "synthetic-renamed"
    case.save()
    remove()
    assert not Case.objects.filter(number__startswith="DTW-9").exists()
    assert not FormerSlug.objects.exists()


def test_remove_without_anything_to_remove_says_so(nothing: None) -> None:
    before = everything()
    assert run("--remove") == "There are no synthetic records here.\n"
    assert everything() == before


def test_remove_keeps_real_records_that_look_alike(made: None) -> None:
    kept: list[Any] = [
        make_case(slug="synthetic-poison-2018", title="Synthetic poison"),
        make_actor(slug="synthetic-chemists", name="The Synthetic Chemists"),
        make_source(slug="synthetic-drugs", kind="press"),
        make_source(slug="another", kind="synthetic"),
    ]
    remove()
    for record in kept:
        record.refresh_from_db()


def first_of(kind: str) -> Actor:
    return synthetic_records(Actor).filter(kind=kind).order_by("name")[0]


def some_source() -> Source:
    return synthetic_records(Source).order_by("slug")[0]


def merge_into_synthetic() -> None:
    make_case(
        number="DTW-0500",
        status="withdrawn",
        withdrawn_reason="The same.",
        merged_into=synthetic_records(Case).first(),
    )


def publish_synthetic() -> None:
    case = synthetic_records(Case).get(number="DTW-900000001")
    case.summary += " Changed."
    case.save()
    make_version(case, None, "Changed.")


REAL_USES: dict[str, Callable[[], object]] = {
    "claim-1 of DTW-0500": lambda: make_claim(make_case(number="DTW-0500"), source=some_source()),
    "claim-1 of DTW-0501": lambda: make_claim(
        make_case(number="DTW-0501"), speaker=first_of("official")
    ),
    "warning-1 of DTW-0500": lambda: make_warning(
        make_case(number="DTW-0500"), issuer=first_of("state")
    ),
    "warning-1 of DTW-0501": lambda: make_warning(
        make_case(number="DTW-0501"), recipients=[first_of("state")]
    ),
    "incident-1 of DTW-0500": lambda: make_incident(
        make_case(number="DTW-0500"), country=first_of("state")
    ),
    "speaker-synthetic-state-1 of DTW-0500": lambda: make_involvement(
        make_case(number="DTW-0500"), actor=first_of("state")
    ),
    "note the-note": lambda: make_note(slug="the-note", source=some_source()),
    "note its-note": lambda: make_note(make_case(), slug="its-note", evidence=some_source()),
    "actor the-child": lambda: make_actor(slug="the-child", parent=first_of("state")),
    "actor the-national": lambda: make_actor(slug="the-national", country=first_of("state")),
    "source the-reprint": lambda: make_source(slug="the-reprint", derived_from=some_source()),
    "directive icd-191": lambda: Directive.objects.update(source=some_source()),
    "DTW-0500": merge_into_synthetic,
    "DTW-900000001, version 2": publish_synthetic,
}
"""What a removal would break, by the name that the refusal gives it."""


@pytest.mark.parametrize("name", REAL_USES)
def test_remove_is_refused_while_a_real_record_rests_on_it(made: None, name: str) -> None:
    REAL_USES[name]()
    before = everything()
    assert refusal("--remove") == (
        f"Nothing was removed, because these rest on synthetic records: {name}."
    )
    assert everything() == before


def test_remove_names_ten_of_many_records_that_rest_on_it(made: None) -> None:
    for number in range(12):
        make_actor(slug=f"child-{number:02}", parent=first_of("state"))
    said = refusal("--remove")
    assert said.count("actor child-") == 10
    assert said.endswith(" and others.")


def test_every_reference_to_synthetic_records_is_known_to_the_removal() -> None:
    known = {(model, field) for model, field, _ in USES}
    goes_with_case = {model for model, _ in PARTS_OF_A_CASE}
    for target in SIGNS:
        for relation in target._meta.get_fields(include_hidden=True):
            if isinstance(relation, models.ManyToOneRel) and not isinstance(
                relation, models.ManyToManyRel
            ):
                referring: Any = relation.related_model
                is_part = target is Case and referring in goes_with_case
                assert is_part or (referring, relation.field.name) in known, relation


# Whether there are any


def test_synthetic_cases_are_noticed_by_one_query(
    made: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert synthetic_cases_are_public()
    remove()
    with django_assert_num_queries(1):
        assert not synthetic_cases_are_public()


def test_synthetic_cases_that_are_no_longer_public_are_not_noticed(made: None) -> None:
    synthetic_records(Case).update(status="draft", published_at=None)
    assert not synthetic_cases_are_public()


@pytest.mark.usefixtures("made")
def test_synthetic_case_has_the_version_that_publishing_it_would_make() -> None:
    published = Case.objects.published().filter(pk__in=synthetic_records(Case).values("pk"))
    assert Version.objects.filter(case__in=published, number=1).count() == published.count()
    assert make_versions(published, None, "As it is.") == []
