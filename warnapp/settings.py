"""The settings, in one module, driven by the environment.

`.env.example` lists every name with its meaning; a file `.env` in the project's folder is read too,
and the environment wins over it. A missing or wrong value stops the start with a sentence (see
`environment.py`).
"""

import datetime as dt
import os
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from environ import Env

from . import environment

# Before any module of the casebook is imported: they write ModelAdmin[Case], Feed[Announcement, …].
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

Env.read_env(BASE_DIR / ".env")

# The site and its address

DEBUG = environment.debug(os.environ)
SECRET_KEY = environment.secret_key(os.environ, debug=DEBUG)
ALLOWED_HOSTS = environment.allowed_hosts(os.environ, debug=DEBUG)
SITE_URL = environment.site_url(os.environ)
CSRF_TRUSTED_ORIGINS = environment.trusted_origins(os.environ)

# Whether a case is published by somebody else than who edited it last
REVIEW_BY_SECOND_PERSON = environment.review_by_second_person(os.environ)

ROOT_URLCONF = "warnapp.urls"
WSGI_APPLICATION = "warnapp.wsgi.application"

# Applications and the way of a request through them

INSTALLED_APPS = [
    # Before staticfiles, so that the development server serves static files as the real one does.
    "whitenoise.runserver_nostatic",
    "warnapp.admin.CasebookAdminConfig",  # django.contrib.admin, under our name
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "cases.apps.CasesConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "warnapp.compression.CompressedTextMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it answers for whom it keeps out
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cases.views.context.site",
            ],
        },
    },
]

# Data

DATABASES = {"default": environment.database(os.environ, BASE_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": environment.cache(os.environ)}
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# Static files: hashed names, which browsers may keep for ever, and compressed twins. Under DEBUG
# they are served from where they are written, so that nothing has to be collected.

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# The form of a case has about twenty fields a claim; Django's limit of 1,000 is one good case.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# The largest file that is imported, in megabytes and in rows of a table. It is read into memory.
IMPORT_MAX_MEGABYTES = environment.import_megabytes(os.environ)
IMPORT_MAX_ROWS = 200_000

# Language and time

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
FORMAT_MODULE_PATH = ["warnapp.formats"]
USE_TZ = True

# Security. One rule: a site whose address begins with https is reached through https only.

_HTTPS = SITE_URL.startswith("https://")

SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, past the proxy
# The proxy in front must set this header itself and drop the one that a visitor sends.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _HTTPS else 0
CSRF_FAILURE_VIEW = "warnapp.kept_input.token_refused"
SILENCED_SYSTEM_CHECKS = [
    # HSTS for subdomains and for browsers' built-in lists binds hosts that are not this site's.
    "security.W005",
    "security.W021",
]

# Pages load nothing from elsewhere, and nothing written inside a page is run or applied.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Who may sign in: the password is checked only for whom failures do not keep out.

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
# By name and address: a stranger cannot keep an editor out who signs in from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "warnapp.signing_in.locked_out"
AXES_CLIENT_IP_CALLABLE = "warnapp.signing_in.client_address"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_VERBOSE = False
# The last two are those of kept_input.py.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "sign-in-password", "sign-in-code"]
AXES_ENABLE_ADMIN = False  # ours is in cases/admin/log.py, to look at only
OTP_TOTP_ISSUER = "Duty-to-warn casebook"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day

AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Log: one line for each event, on stderr; an error is followed by its traceback.

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Naming it here takes away Django's own handlers, which print only under DEBUG.
        "django": {"level": "INFO"},
        "axes": {"level": "WARNING"},  # sign-ins are in the database
        # It warns of each HEAD request, whose body Django leaves to the server to drop.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
