"""The addresses of pages, which are quicker to make than by `reverse()` and the same."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from cases.record.addresses import page_address

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("view", "name"),
    [
        ("case_detail", "moscow-concert-hall-2024"),
        ("case_permanent", "DTW-0001"),
        ("case_permanent", "DTW 1?é"),  # no number of ours, but an address that may be asked for
        ("actor_detail", "cia_2"),
        ("source_detail", "n"),
    ],
)
def test_address_is_that_of_reverse_wherever_the_site_is_mounted(view: str, name: str) -> None:
    assert page_address(view, name) == reverse(view, args=[name])
    set_script_prefix("/casebook/")
    try:
        assert page_address(view, name) == reverse(view, args=[name])
        assert page_address(view, name).startswith("/casebook/")
    finally:
        set_script_prefix("/")


@pytest.mark.parametrize("slug", ["", "two words", "a/b", "é"])
def test_address_of_a_name_that_no_page_can_have_is_refused(slug: str) -> None:
    with pytest.raises(NoReverseMatch):
        page_address("case_detail", slug)
