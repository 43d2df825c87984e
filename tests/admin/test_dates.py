"""Dates in the admin: typed as ISO has them, and shown in one format on every page."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.formats import get_format

from cases.models import Case
from tests.support.admin_forms import page_of
from tests.support.factories import make_case


def test_date_in_a_form_is_year_month_day() -> None:
    assert forms.DateField(localize=True).clean("2024-03-07").isoformat() == "2024-03-07"
    assert get_format("DATE_INPUT_FORMATS")[0] == "%Y-%m-%d"


@pytest.mark.parametrize("typed", ["03/07/2024", "7 March 2024", "07.03.2024"])
def test_date_in_a_form_that_could_be_read_two_ways_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        forms.DateField().clean(typed)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/admin/cases/case/", None, "/admin/queue/?show=changed"])
def test_every_page_shows_a_time_in_the_same_format(editor: Client, address: str | None) -> None:
    case = make_case()
    late = dt.datetime.now(dt.UTC).replace(hour=0, minute=21)
    Case.objects.update(updated_at=late)
    words = f"{late.day} {late:%B %Y}, 00:21"
    assert words in editor.get(address or page_of(case)).text
