"""What is read from records of many cases is read again only if a case changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cases import changelog
from cases.changelog.triggers import log_everything
from cases.finding.cache_by_case import CacheByCase
from cases.models import Case
from cases.review.steps import withdraw
from cases.versions.current import Current
from tests.support.factories import make_case, show

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def read() -> list[int]:
    """The keys of the cases that were read, in order."""
    return []


@pytest.fixture
def titles(read: list[int]) -> CacheByCase[str]:
    def title_of(key: int, current: Current) -> Iterator[str]:
        read.append(key)
        yield current.record.title

    return CacheByCase(title_of)


def test_only_a_changed_case_is_read_again(titles: CacheByCase[str], read: list[int]) -> None:
    one, two = make_case(title="One", published=True), make_case(title="Two", published=True)
    keys = [two.pk, one.pk]
    assert titles.of(keys, changelog.latest()) == ["Two", "One"]
    assert titles.of(keys, changelog.latest()) == ["Two", "One"]
    assert sorted(read) == sorted(keys)
    Case.objects.filter(pk=one.pk).update(title="First")
    show(one)
    read.clear()
    assert titles.of(keys, changelog.latest()) == ["Two", "First"]
    assert read == [one.pk]


def test_case_that_is_no_longer_asked_for_is_forgotten(
    titles: CacheByCase[str], read: list[int]
) -> None:
    one, two = make_case(title="One", published=True), make_case(title="Two", published=True)
    titles.of([one.pk, two.pk], changelog.latest())
    assert titles.of([two.pk], changelog.latest()) == ["Two"]
    read.clear()
    assert titles.of([one.pk, two.pk], changelog.latest()) == ["One", "Two"]
    assert read == [one.pk]


def test_all_are_read_again_after_a_change_of_everything(
    titles: CacheByCase[str], read: list[int]
) -> None:
    one = make_case(title="One", published=True)
    titles.of([one.pk], changelog.latest())
    log_everything()
    read.clear()
    titles.of([one.pk], changelog.latest())
    assert read == [one.pk]


def test_all_are_read_again_if_the_version_goes_back(titles: CacheByCase[str]) -> None:
    one = make_case(title="One", published=True)
    assert titles.of([one.pk], changelog.latest() + 100) == ["One"]
    Case.objects.filter(pk=one.pk).update(title="First")
    show(one)
    assert titles.of([one.pk], changelog.latest()) == ["First"]


def test_case_that_changed_again_since_is_read_again(titles: CacheByCase[str]) -> None:
    one = make_case(title="One", published=True)
    titles.of([one.pk], changelog.latest())
    Case.objects.filter(pk=one.pk).update(title="First")
    show(one)
    seen = changelog.latest()
    Case.objects.filter(pk=one.pk).update(title="Second")
    show(one)
    assert titles.of([one.pk], seen) == ["Second"]


def test_case_that_is_withdrawn_has_nothing(titles: CacheByCase[str]) -> None:
    one = make_case(title="One", published=True)
    assert titles.of([one.pk], changelog.latest()) == ["One"]
    withdraw(one, None, "It was a double.")
    assert titles.of([one.pk], changelog.latest()) == []
