"""Accounts for tests of signing in."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from tests.support.accounts import PASSWORD


@pytest.fixture
def account(db: None) -> User:
    """Return the account “ed” of a member of staff, who has no permissions yet."""
    return User.objects.create_user("ed", password=PASSWORD, is_staff=True)
