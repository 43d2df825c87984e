"""What every test stands on."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from cases import case_index, duplicates, figures


@pytest.fixture(scope="session", autouse=True)
def settings_for_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Serve static files from where they are written, and hash passwords fast."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    with override_settings(
        # WhiteNoise warns when the folder is missing, and warnings are errors here.
        STATIC_ROOT=tmp_path_factory.mktemp("staticfiles"),
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": {"BACKEND": plain},
        },
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def fresh_index() -> None:
    """Forget the index and figures: what a test before saw in its transaction was taken back."""
    case_index.forget()
    figures.forget()
    duplicates.forget()


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the seven cases of the article once for the tests of a module.

    Each test's own transaction nests in this one, and takes back what the test changed.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def live_demo(transactional_db: None) -> None:
    """Load the seven cases for a test whose server runs in another thread, and so sees commits."""
    call_command("load_demo", verbosity=0)
