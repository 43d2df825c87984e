"""Dates in the admin's forms are typed as ISO has them."""

from __future__ import annotations

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format


def test_date_in_a_form_is_year_month_day() -> None:
    assert forms.DateField(localize=True).clean("2024-03-07").isoformat() == "2024-03-07"
    assert get_format("DATE_INPUT_FORMATS")[0] == "%Y-%m-%d"


@pytest.mark.parametrize("typed", ["03/07/2024", "7 March 2024", "07.03.2024"])
def test_date_in_a_form_that_could_be_read_two_ways_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        forms.DateField().clean(typed)
