"""What is read from records of many cases is read again only if a case changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cases import changelog
from cases.changelog.triggers import log_everything
from cases.index.kept_by_case import KeptByCase
from cases.models import Case
from cases.versions.current import Current
from tests.support.factories import make_case, show

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def read() -> list[int]:
    """The keys of the cases that were read, in order."""
    return []


@pytest.fixture
def titles(read: list[int]) -> KeptByCase[str]:
    def title_of(key: int, current: Current) -> Iterator[str]:
        read.append(key)
        yield current.record.title

    return KeptByCase(title_of)


def test_only_a_changed_case_is_read_again(titles: KeptByCase[str], read: list[int]) -> None:
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
    titles: KeptByCase[str], read: list[int]
) -> None:
    one, two = make_case(title="One", published=True), make_case(title="Two", published=True)
    titles.of([one.pk, two.pk], changelog.latest())
    assert titles.of([two.pk], changelog.latest()) == ["Two"]
    read.clear()
    assert titles.of([one.pk, two.pk], changelog.latest()) == ["One", "Two"]
    assert read == [one.pk]


def test_all_are_read_again_after_a_change_of_everything(
    titles: KeptByCase[str], read: list[int]
) -> None:
    one = make_case(title="One", published=True)
    titles.of([one.pk], changelog.latest())
    log_everything()
    read.clear()
    titles.of([one.pk], changelog.latest())
    assert read == [one.pk]


def test_case_that_is_not_public_has_nothing(titles: KeptByCase[str]) -> None:
    assert titles.of([make_case().pk], changelog.latest()) == []
