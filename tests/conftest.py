"""What every test stands on."""

import gc
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models.signals import post_migrate
from django.template import Context, RequestContext, Template
from django.test import Client, override_settings
from django.utils.safestring import SafeString
from pytest_django.plugin import DjangoDbBlocker

from cases import changelog, duplicates
from cases.exchange.bundle.importing import planned
from cases.exchange.downloads import transfers
from cases.finding import claim_filter, public_notes
from cases.index import case_index
from tests.support import factories
from tests.support.admin_forms import signed_in
from tests.support.demo import load_demo


@pytest.fixture(scope="session", autouse=True)
def settings_for_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Serve static files from where they are written, and hash passwords fast."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    with override_settings(
        # WhiteNoise warns when the folder is missing, and warnings are errors here.
        STATIC_ROOT=tmp_path_factory.mktemp("staticfiles"),
        DATA_FILES_DIR=tmp_path_factory.mktemp("datafiles"),
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": {"BACKEND": plain},
        },
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def contexts_of_pages_only(django_test_environment: None) -> None:
    """Let `response.context` have what a view gave its page, and nothing of smaller templates.

    Django's test client copies the context of every template that is rendered. The form of a case
    is made of a thousand, one for each control, and their copies took a fifth of the time.
    """
    # Private, and replaced by Django's own test environment in the same way.
    instrumented = Template._render  # type: ignore[attr-defined]  # not in the stubs

    def render(template: Template, context: Context) -> SafeString:
        if isinstance(context, RequestContext) and context.template is template:
            return instrumented(template, context)
        return template.nodelist.render(context)

    Template._render = render  # type: ignore[attr-defined]  # not in the stubs


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in a browser last, so that it is started once, the longest file first."""
    items.sort(
        key=lambda item: (
            item.get_closest_marker("browser") is not None,
            "test_every_page" not in item.nodeid,
        )
    )


def pytest_collection_finish(session: pytest.Session) -> None:
    """Keep the collector of garbage from looking at all modules and tests time and again, which
    took a twelfth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make the groups that a migration made anew when a test has flushed the tables."""
    with django_db_blocker.unblock():
        kept = {
            group: list(group.permissions.values_list("content_type__app_label", "codename"))
            for group in Group.objects.all()
        }

    def restore(**kwargs: Any) -> None:
        for group, permissions in kept.items():
            Group(pk=group.pk, name=group.name).save()
            group.permissions.set(
                Permission.objects.get(content_type__app_label=label, codename=codename)
                for label, codename in permissions
            )

    # Sent by flush, too, once for each app; by then the permissions of this one are there again.
    post_migrate.connect(restore, sender=apps.get_app_config("cases"))
    yield
    post_migrate.disconnect(restore, sender=apps.get_app_config("cases"))


@pytest.fixture(autouse=True)
def fresh_index() -> None:
    """Forget the index: what a test before saw in its transaction was taken back.

    And forget downloads that a test did not read, which a server would have closed, and files that
    were made.
    """
    shutil.rmtree(settings.DATA_FILES_DIR, ignore_errors=True)
    changelog.forget()
    case_index.forget()
    public_notes.forget()
    claim_filter.forget()
    duplicates.forget()
    transfers.forget()


@pytest.fixture
def versions_made_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let factories write the rows of public cases only: the test makes the versions itself."""
    monkeypatch.setattr(factories, "show", lambda case: None)


@pytest.fixture
def django_assert_num_queries(django_assert_num_queries: Any) -> Any:
    """Count queries as a server does that has run for a while: it knows the content types."""
    ContentType.objects.get_for_models(*apps.get_models())
    return django_assert_num_queries


@pytest.fixture
def user(db: None) -> User:
    """Return an account to do something in the name of."""
    return User.objects.create_user("somebody")


@pytest.fixture
def editor(db: None) -> Client:
    """Return a browser in which an editor is signed in."""
    return signed_in("Editors")


@pytest.fixture
def reviewer(db: None) -> Client:
    """Return a browser in which a reviewer is signed in."""
    return signed_in("Reviewers")


@pytest.fixture
def team_of_one(settings: Any) -> None:
    """Let a change of a public case be public at once, as in a team without a second person."""
    settings.REVIEW_BY_SECOND_PERSON = False


@pytest.fixture
def early_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an import of 100 rows report its progress, and every 25 of them."""
    monkeypatch.setattr(planned, "REPORT_PROGRESS_FROM", 100)
    monkeypatch.setattr(planned, "ROWS_BETWEEN_REPORTS", 25)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the seven cases of the article once for the tests of a module.

    Each test's own transaction nests in this one, and takes back what the test changed.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo()
        yield
        transaction.set_rollback(True)
