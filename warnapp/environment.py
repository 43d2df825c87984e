"""Readers of environment variables, one for each that the settings use.

Each returns a value for Django, or raises ImproperlyConfigured with one sentence that names the
variable and says what to set. An empty value counts as unset.
"""

import warnings
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

# Characters. Django generates keys of this length, and `check --deploy` requires it.
MIN_SECRET_KEY_LENGTH = 50

_RANDOM_KEY_COMMAND = "python -c 'import secrets; print(secrets.token_urlsafe(50))'"

_TRUE = frozenset({"on", "true", "yes", "1"})
_FALSE = frozenset({"off", "false", "no", "0"})

_DATABASE_SCHEMES = frozenset({"sqlite", "postgres", "postgresql"})

# The kinds of cache, each with the package that it needs in addition to Django, if any.
_CACHE_PACKAGES = {
    "locmemcache": None,
    "dbcache": None,
    "filecache": None,
    "dummycache": None,
    "redis": "redis",
    "rediss": "redis",
}

Environment = Mapping[str, str]


def secret_key(environment: Environment, *, debug: bool) -> str:
    """Return SECRET_KEY, which may be short only under DEBUG."""
    # There is no default, because anybody who knows the key can sign in as any user.
    key = _read(environment, "SECRET_KEY")
    if not key:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set: set it to a random text that nobody else knows, "
            f"for example the output of: {_RANDOM_KEY_COMMAND}"
        )
    if len(key) < MIN_SECRET_KEY_LENGTH and not debug:
        raise ImproperlyConfigured(
            f"SECRET_KEY is too short ({len(key)} characters): set it to at least "
            f"{MIN_SECRET_KEY_LENGTH} random ones, for example the output of: {_RANDOM_KEY_COMMAND}"
        )
    return key


def debug(environment: Environment) -> bool:
    """Return DEBUG; the default is off."""
    return _switch(environment, "DEBUG", "'on' (development only) or 'off'", default=False)


def review_by_second_person(environment: Environment) -> bool:
    """Return REVIEW_BY_SECOND_PERSON; the default is on.

    If it is on, nobody may publish a case that they edited last.
    """
    return _switch(
        environment, "REVIEW_BY_SECOND_PERSON", "'on' or 'off' (a team of one)", default=True
    )


def require_two_factor(environment: Environment) -> bool:
    """Return REQUIRE_TWO_FACTOR; the default is off.

    If it is on, an account without two-factor sign-in can do nothing but set it up.
    """
    return _switch(environment, "REQUIRE_TWO_FACTOR", "'on' or 'off'", default=False)


def allowed_hosts(environment: Environment, *, debug: bool) -> list[str]:
    """Return ALLOWED_HOSTS, which may be empty only under DEBUG."""
    hosts = _read_list(environment, "ALLOWED_HOSTS")
    # Without DEBUG, Django refuses every request if the list is empty.
    if not hosts and not debug:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is not set: set it to the host names under which the site is reached, "
            "separated by commas, for example 'casebook.example.org'."
        )
    for host in hosts:
        if "/" in host:
            raise ImproperlyConfigured(
                f"ALLOWED_HOSTS contains '{host}', which is an address: set it to host names only, "
                "for example 'casebook.example.org'."
            )
    return hosts


def site_url(environment: Environment, *, debug: bool) -> str:
    """Return SITE_URL, the public address of the site without a trailing slash.

    It may be missing only under DEBUG.
    """
    value = _read(environment, "SITE_URL")
    if not value and not debug:
        raise ImproperlyConfigured(
            "SITE_URL is not set: set it to the address by which readers reach the site, "
            "for example 'https://casebook.example.org'."
        )
    value = value or "http://127.0.0.1:8000"
    if not _is_origin(value.rstrip("/")):
        raise ImproperlyConfigured(
            f"SITE_URL is set to '{value}', which is not the address of a site: set it to scheme "
            "and host without a path, for example 'https://casebook.example.org'."
        )
    return value.rstrip("/")


def trusted_origins(environment: Environment) -> list[str]:
    """Return CSRF_TRUSTED_ORIGINS, other origins that may submit forms to this site."""
    origins = _read_list(environment, "CSRF_TRUSTED_ORIGINS")
    for origin in origins:
        if not _is_origin(origin):
            raise ImproperlyConfigured(
                f"CSRF_TRUSTED_ORIGINS contains '{origin}', which is not scheme and host: set it "
                "to full origins separated by commas, for example 'https://casebook.example.org'."
            )
    return origins


def import_megabytes(environment: Environment) -> int:
    """Return IMPORT_MAX_MEGABYTES, the size limit of an imported file."""
    value = _read(environment, "IMPORT_MAX_MEGABYTES") or "20"
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 1000):
        raise ImproperlyConfigured(
            f"IMPORT_MAX_MEGABYTES is set to '{value}', which is not a number of megabytes: set it "
            "to a whole number from 1 to 1000, or leave it unset for 20."
        )
    return int(value)


def log_requests(environment: Environment) -> bool:
    """Return LOG_REQUESTS, whether each request is logged; the default is on."""
    return _switch(environment, "LOG_REQUESTS", "'on' or 'off'", default=True)


def error_mail_to(environment: Environment) -> list[str]:
    """Return ERROR_MAIL_TO, the addresses that get a mail when a page fails; none by default."""
    addresses = _read_list(environment, "ERROR_MAIL_TO")
    for address in addresses:
        if "@" not in address.strip("@"):
            raise ImproperlyConfigured(
                f"ERROR_MAIL_TO contains '{address}', which is not a mail address: set it to "
                "addresses separated by commas, for example 'admin@example.org'."
            )
    return addresses


def mail_server(environment: Environment) -> dict[str, Any]:
    """Return Django's settings for EMAIL_URL; the default is a mail server on this machine."""
    url = _read(environment, "EMAIL_URL") or "smtp://localhost:25"
    try:
        config: dict[str, Any] = Env.email_url_config(url)
    except (KeyError, ValueError, ImproperlyConfigured):
        config = {}
    if not config.get("EMAIL_HOST"):
        # The value is not repeated in the message, because it may contain a password.
        raise ImproperlyConfigured(
            "EMAIL_URL is not the address of a mail server: set it to "
            "'smtp+tls://user:password@host:587', or leave it unset for one on this machine."
        )
    return config


def security_contact(environment: Environment) -> str:
    """Return SECURITY_CONTACT, where to report a weakness of the site; empty if unset."""
    return _contact(environment, "SECURITY_CONTACT", "security@example.org")


def casebook_authors(environment: Environment) -> list[tuple[str, str]]:
    """Return CASEBOOK_AUTHORS, who wrote the cases, as pairs of family and given names.

    A body has no given name. The list is empty if the variable is unset.
    """
    return _read_names(environment, "CASEBOOK_AUTHORS")


def casebook_editors(environment: Environment) -> list[tuple[str, str]]:
    """Return CASEBOOK_EDITORS, in the same form."""
    return _read_names(environment, "CASEBOOK_EDITORS")


def casebook_publisher(environment: Environment) -> str:
    """Return CASEBOOK_PUBLISHER, the body that publishes the casebook; empty if unset."""
    return " ".join(_read(environment, "CASEBOOK_PUBLISHER").split())


def casebook_contact(environment: Environment) -> str:
    """Return CASEBOOK_CONTACT, where readers can write to; empty if unset."""
    return _contact(environment, "CASEBOOK_CONTACT", "editors@example.org")


def database(environment: Environment, base_dir: Path) -> dict[str, Any]:
    """Return the DATABASES entry for DATABASE_URL; the default is a SQLite file in `base_dir`."""
    url = _read(environment, "DATABASE_URL")
    if not url:
        return _sqlite(base_dir / "casebook.sqlite3")
    scheme = url.partition("://")[0]
    try:
        with warnings.catch_warnings():
            # django-environ only warns about parts of the URL that it ignores.
            warnings.simplefilter("error")
            config: dict[str, Any] = Env.db_url_config(url) if scheme in _DATABASE_SCHEMES else {}
    except (ValueError, UserWarning):
        config = {}
    if not config.get("NAME"):
        # The value is not repeated in the message, because it may contain a password.
        raise ImproperlyConfigured(
            "DATABASE_URL is not the address of a SQLite or PostgreSQL database: set it to "
            "'postgres://user:password@host:5432/name' or 'sqlite:////folder/file.sqlite3', or "
            "leave it unset for a SQLite file in the project's folder."
        )
    if scheme == "sqlite":
        name = config["NAME"]
        return _sqlite(name if name == ":memory:" else base_dir / name)
    return _postgresql(config)


def cache(environment: Environment) -> dict[str, Any]:
    """Return the CACHES entry for CACHE_URL; the default is the memory of each process."""
    url = _read(environment, "CACHE_URL") or "locmemcache://"
    scheme = url.partition("://")[0]
    if "://" not in url or scheme not in _CACHE_PACKAGES:
        raise ImproperlyConfigured(
            f"CACHE_URL does not begin with a known kind of cache: set it to one of "
            f"{', '.join(f'{name}://' for name in _CACHE_PACKAGES)}, or leave it unset for "
            "the memory of each process."
        )
    package = _CACHE_PACKAGES[scheme]
    if package and not find_spec(package):
        raise ImproperlyConfigured(
            f"CACHE_URL asks for {scheme}://, which needs the package '{package}': install it "
            "beside the site's own, or set CACHE_URL to 'dbcache://cache' for one in the database."
        )
    config: dict[str, Any] = Env.cache_url_config(url)
    if scheme in {"dbcache", "filecache"} and not config["LOCATION"]:
        raise ImproperlyConfigured(
            f"CACHE_URL says {scheme}:// but not where: set it to 'dbcache://name_of_table' or "
            "'filecache:///folder'."
        )
    return config


def _sqlite(name: Path | str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        # The last connection to close deletes the write-ahead log. On a full disk readers could
        # not create it again, so each thread keeps its connection.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Begin transactions with the write lock. Otherwise one that reads before it writes
            # fails at once, without waiting, if another one wrote in between.
            "transaction_mode": "IMMEDIATE",
            # Seconds to wait for the write lock.
            "timeout": 20,
            # In WAL mode readers are not blocked by a writer, and NORMAL cannot corrupt the file.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            ),
        },
    }


def _postgresql(config: dict[str, Any]) -> dict[str, Any]:
    options = config.pop("OPTIONS", {})
    return {
        **config,
        # Each thread of the server keeps a connection and tests it at the start of a request. A
        # pool would save none, and would let requests wait for a database that is away.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # How long a host that does not answer at all can hold up a request: two seconds for a
            # new connection, three (in milliseconds) for an open one.
            "connect_timeout": 2,
            "tcp_user_timeout": 3000,
            **options,
        },
    }


def _read(environment: Environment, name: str) -> str:
    return environment.get(name, "").strip()


def _switch(environment: Environment, name: str, choices: str, *, default: bool) -> bool:
    value = _read(environment, name).lower()
    if value not in _TRUE | _FALSE | {""}:
        raise ImproperlyConfigured(
            f"{name} is set to '{value}', which is neither on nor off: "
            f"set it to {choices}, or leave it unset."
        )
    return value in _TRUE if value else default


def _contact(environment: Environment, name: str, example: str) -> str:
    value = _read(environment, name)
    if value and not value.startswith(("mailto:", "https://")):
        raise ImproperlyConfigured(
            f"{name} is set to '{value}', which is not a contact: set it to an address "
            f"such as 'mailto:{example}' or 'https://example.org/contact'."
        )
    return value


def _read_list(environment: Environment, name: str) -> list[str]:
    return [part for raw in _read(environment, name).split(",") if (part := raw.strip())]


def _read_names(environment: Environment, name: str) -> list[tuple[str, str]]:
    names = []
    for raw in _read(environment, name).split(";"):
        parts = [" ".join(part.split()) for part in raw.split(",")]
        if not any(parts):
            continue
        if len(parts) > 2 or not all(parts):
            raise ImproperlyConfigured(
                f"{name} contains '{raw.strip()}', which is not a name: set it to family and given "
                "names such as 'Lee, Ann; Okafor, Ben', and name a body without a comma."
            )
        names.append((parts[0], parts[1] if len(parts) == 2 else ""))
    return names


def _is_origin(value: str) -> bool:
    try:
        parts: SplitResult = urlsplit(value)
        _ = parts.port  # raises ValueError unless it is a number in range
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and not (parts.path or parts.query or parts.fragment or parts.username)
    )
