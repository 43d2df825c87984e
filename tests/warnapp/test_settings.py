"""The environment: what is accepted, and the sentence that answers what is not."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import pytest_django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from warnapp import environment

pytestmark = pytest.mark.once

KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"

WRONG = [
    ("SECRET_KEY", "", "SECRET_KEY is not set: set it to a random text"),
    ("SECRET_KEY", "   ", "SECRET_KEY is not set: set it to a random text"),
    ("SECRET_KEY", "short", r"SECRET_KEY is too short \(5 characters\): set it to at least 50"),
    ("DEBUG", "maybe", "DEBUG is set to 'maybe', .* set it to 'on'"),
    ("REVIEW_BY_SECOND_PERSON", "x", "REVIEW_BY_SECOND_PERSON is set to 'x', .* set it to 'on'"),
    ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS is not set: set it to the host names"),
    ("ALLOWED_HOSTS", " , ", "ALLOWED_HOSTS is not set: set it to the host names"),
    ("ALLOWED_HOSTS", "https://a.example", "ALLOWED_HOSTS contains .* set it to host names only"),
    ("DATABASE_URL", "mysql://user@host/name", "DATABASE_URL is not .* set it to 'postgres://"),
    ("DATABASE_URL", "/srv/casebook.sqlite3", "DATABASE_URL is not .* set it to 'postgres://"),
    ("DATABASE_URL", "sqlite://srv/a.sqlite3", "DATABASE_URL is not .* set it to 'postgres://"),
    ("DATABASE_URL", "postgres://user@host", "DATABASE_URL is not .* set it to 'postgres://"),
    ("DATABASE_URL", "postgres://u@host:x/name", "DATABASE_URL is not .* set it to 'postgres://"),
    ("SITE_URL", "", "SITE_URL is not set: set it to the address"),
    ("REQUIRE_TWO_FACTOR", "x", "REQUIRE_TWO_FACTOR is set to 'x', .* set it to 'on'"),
    ("LOG_REQUESTS", "x", "LOG_REQUESTS is set to 'x', .* set it to 'on'"),
    ("ERROR_MAIL_TO", "a.example", "ERROR_MAIL_TO contains 'a.example', .* set it to addresses"),
    ("EMAIL_URL", "mail.example", "EMAIL_URL is not .* set it to 'smtp"),
    ("EMAIL_URL", "consolemail://", "EMAIL_URL is not .* set it to 'smtp"),
    ("SECURITY_CONTACT", "a@a.example", "SECURITY_CONTACT is set to .* set it to an address"),
    ("CASEBOOK_CONTACT", "a@a.example", "CASEBOOK_CONTACT is set to .* set it to an address"),
    ("CASEBOOK_AUTHORS", "Lee, Ann, Jr", "CASEBOOK_AUTHORS contains 'Lee, Ann, Jr', .* set it to"),
    ("CASEBOOK_EDITORS", "Lee, Ann; Li,", "CASEBOOK_EDITORS contains 'Li,', .* set it to family"),
    ("SITE_URL", "casebook.example.org", "SITE_URL is set to .* set it to scheme and host"),
    ("SITE_URL", "ftp://a.example", "SITE_URL is set to .* set it to scheme and host"),
    ("SITE_URL", "https://a.example/path", "SITE_URL is set to .* set it to scheme and host"),
    ("IMPORT_MAX_MEGABYTES", "0", "IMPORT_MAX_MEGABYTES is set to .* set it to a whole number"),
    ("IMPORT_MAX_MEGABYTES", "ten", "IMPORT_MAX_MEGABYTES is set to .* set it to a whole number"),
    ("SITE_URL", "https://a.example:x", "SITE_URL is set to .* set it to scheme and host"),
    ("CSRF_TRUSTED_ORIGINS", "a.example", "CSRF_TRUSTED_ORIGINS contains 'a.example', .* set it"),
    ("CACHE_URL", "nonsense", "CACHE_URL does not begin .* set it to one of locmemcache://"),
    ("CACHE_URL", "memory://", "CACHE_URL does not begin .* set it to one of locmemcache://"),
    ("CACHE_URL", "filecache://", "CACHE_URL says filecache:// but not where: set it"),
]


def load(monkeypatch: pytest.MonkeyPatch, **values: str) -> dict[str, Any]:
    """Return the settings as they come out with `values` in the environment."""
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delitem(sys.modules, "warnapp.settings")  # the ones in use are put back
    return vars(import_module("warnapp.settings"))


@pytest.mark.parametrize(("name", "value", "sentence"), WRONG)
def test_settings_wrong_value_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"\A{sentence}") as refusal:
        load(monkeypatch, **{name: value})
    assert len(str(refusal.value).splitlines()) == 1


def test_settings_right_values_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(
        monkeypatch,
        SECRET_KEY=KEY,
        DEBUG="off",
        ALLOWED_HOSTS="a.example, b.example",
        SITE_URL="https://a.example/",
        CSRF_TRUSTED_ORIGINS="https://c.example,https://d.example:8443",
        CACHE_URL="dbcache://shared",
    )
    assert loaded["SECRET_KEY"] == KEY
    assert loaded["DEBUG"] is False
    assert loaded["ALLOWED_HOSTS"] == ["a.example", "b.example"]
    assert loaded["SITE_URL"] == "https://a.example"
    assert loaded["CSRF_TRUSTED_ORIGINS"] == ["https://c.example", "https://d.example:8443"]
    assert loaded["CACHES"]["default"]["LOCATION"] == "shared"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", False), ("off", False), ("False", False), ("0", False), ("on", True), ("TRUE", True)],
)
def test_debug_is_on_only_when_asked_for(value: str, expected: bool) -> None:
    assert environment.debug({"DEBUG": value}) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", True), ("on", True), ("1", True), ("off", False), ("False", False), ("no", False)],
)
def test_review_by_second_person_is_off_only_when_asked_for(value: str, expected: bool) -> None:
    given = {"REVIEW_BY_SECOND_PERSON": value}
    assert environment.review_by_second_person(given) is expected
    assert environment.review_by_second_person({}) is True


def test_allowed_hosts_may_be_empty_under_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, DEBUG="on", ALLOWED_HOSTS="")["ALLOWED_HOSTS"] == []


def test_secret_key_may_be_short_under_debug_but_not_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load(monkeypatch, DEBUG="on", SECRET_KEY="short")["SECRET_KEY"] == "short"
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        environment.secret_key({}, debug=True)


def test_people_of_the_casebook_are_read_as_family_and_given_names() -> None:
    given = {"CASEBOOK_EDITORS": " Lee, Ann  B. ;; Centre for Examples; Özdemir, Çağla;"}
    names = [("Lee", "Ann B."), ("Centre for Examples", ""), ("Özdemir", "Çağla")]
    assert environment.casebook_editors(given) == names
    assert environment.casebook_authors(given) == []


def test_site_url_unset_under_debug_is_this_machine() -> None:
    assert environment.site_url({}, debug=True) == "http://127.0.0.1:8000"


def test_mail_server_unset_is_this_machine_and_another_may_need_a_password() -> None:
    assert environment.mail_server({})["EMAIL_HOST"] == "localhost"
    other = environment.mail_server({"EMAIL_URL": "smtp+tls://user:p%40ss@mail.example:587"})
    assert (other["EMAIL_HOST"], other["EMAIL_HOST_PASSWORD"]) == ("mail.example", "p@ss")
    assert other["EMAIL_USE_TLS"] is True


def test_log_of_requests_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(monkeypatch, LOG_REQUESTS="off")
    assert loaded["LOGGING"]["loggers"]["warnapp.serving.request_log"]["level"] == "WARNING"


def test_cache_unset_is_the_memory_of_the_process() -> None:
    assert environment.cache({})["BACKEND"].endswith("LocMemCache")


def test_cache_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match="needs the package 'redis'"):
        environment.cache({"CACHE_URL": "redis://localhost/0"})


def test_cache_with_its_package_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "find_spec", lambda name: object())
    cache = environment.cache({"CACHE_URL": "redis://localhost/0"})
    assert cache["LOCATION"] == "redis://localhost/0"


def test_database_wrong_address_does_not_show_its_password() -> None:
    url = "mysql://user:hidden@host/name"
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.database({"DATABASE_URL": url}, Path())
    assert "hidden" not in str(refusal.value)


def test_database_unset_is_a_file_in_the_project(tmp_path: Path) -> None:
    assert environment.database({}, tmp_path)["NAME"] == tmp_path / "casebook.sqlite3"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:////srv/the cases.sqlite3", Path("/srv/the cases.sqlite3")),
        ("sqlite:///data/a.sqlite3", Path("/project/data/a.sqlite3")),
        ("sqlite://:memory:", ":memory:"),
    ],
)
def test_database_sqlite_file_counts_from_the_project(url: str, name: Path | str) -> None:
    assert environment.database({"DATABASE_URL": url}, Path("/project"))["NAME"] == name


def test_database_postgresql_is_given_up_soon_and_keeps_options() -> None:
    url = "postgres://user:p%40ss@db.example:5433/casebook?sslmode=require&connect_timeout=9"
    config = environment.database({"DATABASE_URL": url}, Path())
    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert (config["USER"], config["PASSWORD"], config["HOST"]) == ("user", "p@ss", "db.example")
    assert (config["PORT"], config["NAME"]) == (5433, "casebook")
    assert config["OPTIONS"] == {
        "sslmode": "require",
        "connect_timeout": 9,
        "tcp_user_timeout": 3000,
    }
    # A connection is kept, and one that was lost is made again without an error.
    assert config["CONN_MAX_AGE"] > 0
    assert config["CONN_HEALTH_CHECKS"]


@pytest.fixture
def sqlite_file(
    tmp_path: Path, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[BaseDatabaseWrapper]:
    """Return a connection to a SQLite file such as the settings make, apart from the tests' own."""
    configuration = environment.database({}, tmp_path)
    with django_db_blocker.unblock():
        database = ConnectionHandler({"default": configuration})["default"]
        yield database
        database.close()


def test_sqlite_file_is_durable_strict_and_patient(sqlite_file: BaseDatabaseWrapper) -> None:
    expected = {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 1,  # NORMAL
        "busy_timeout": 20_000,  # milliseconds
    }
    with sqlite_file.cursor() as cursor:
        found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}
    assert found == expected


def test_sqlite_file_keeps_the_log_that_readers_need_between_requests(
    sqlite_file: BaseDatabaseWrapper,
) -> None:
    with sqlite_file.cursor() as cursor:
        cursor.execute("CREATE TABLE a (b)")
    sqlite_file.close_if_unusable_or_obsolete()
    assert Path(f"{sqlite_file.settings_dict['NAME']}-wal").exists()


def test_sqlite_transaction_takes_the_write_lock_at_its_start(
    sqlite_file: BaseDatabaseWrapper,
) -> None:
    sqlite_file.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with closing(sqlite3.connect(sqlite_file.settings_dict["NAME"], timeout=0)) as other:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        sqlite_file.rollback()
        other.execute("BEGIN IMMEDIATE")


def test_https_site_is_reached_through_https_only(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(monkeypatch, SITE_URL="https://a.example")
    assert loaded["SECURE_SSL_REDIRECT"] is True
    assert loaded["SESSION_COOKIE_SECURE"] is True
    assert loaded["CSRF_COOKIE_SECURE"] is True
    assert loaded["SECURE_HSTS_SECONDS"] > 0
    assert loaded["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_http_site_trusts_no_proxy_and_redirects_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(monkeypatch, SITE_URL="http://127.0.0.1:8000")
    assert loaded["SECURE_SSL_REDIRECT"] is False
    assert loaded["SESSION_COOKIE_SECURE"] is False
    assert loaded["SECURE_HSTS_SECONDS"] == 0
    assert loaded["SECURE_PROXY_SSL_HEADER"] is None


def test_static_files_are_hashed_unless_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = load(monkeypatch, DEBUG="off")["STORAGES"]["staticfiles"]["BACKEND"]
    plain = load(monkeypatch, DEBUG="on")["STORAGES"]["staticfiles"]["BACKEND"]
    assert hashed == "whitenoise.storage.CompressedManifestStaticFilesStorage"
    assert plain == "django.contrib.staticfiles.storage.StaticFilesStorage"


def start(*command: str, **values: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the project with `values` in the environment."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={**os.environ, **values},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.process
def test_manage_with_a_wrong_value_prints_the_sentence_and_nothing_else() -> None:
    ended = start("manage.py", "check", SECRET_KEY="")
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("SECRET_KEY is not set: set it to")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.process
def test_manage_with_right_values_starts() -> None:
    ended = start("manage.py", "check")
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.process
def test_server_with_a_wrong_value_does_not_start_and_says_why() -> None:
    ended = start("-c", "import warnapp.wsgi", SITE_URL="a.example")
    assert ended.returncode == 1
    last = ended.stderr.splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: SITE_URL is set to")


@pytest.mark.process
def test_server_with_right_values_starts() -> None:
    assert start("-c", "import warnapp.wsgi").returncode == 0
