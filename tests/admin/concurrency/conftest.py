"""Two people who work on one record."""

import pytest
from django.test import Client

from tests.support.admin_forms import signed_in


@pytest.fixture
def anna(db: None) -> Client:
    return signed_in("Reviewers", first_name="Anna", last_name="Berg")


@pytest.fixture
def bert(db: None) -> Client:
    return signed_in("Reviewers", first_name="Bert", last_name="Cole")
