"""The Django settings, configured by environment variables.

`.env.example` documents every variable. A file `.env` in the project's folder is read, too, but the
environment takes precedence. A missing or invalid value stops the start with a message (see
`environment.py`).
"""

import datetime as dt
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from environ import Env

from . import environment

# Must come before any module of the casebook: they subscript ModelAdmin[Case] and other classes.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

Env.read_env(BASE_DIR / ".env")

# The site and its address

DEBUG = environment.debug(os.environ)
SECRET_KEY = environment.secret_key(os.environ, debug=DEBUG)
ALLOWED_HOSTS = environment.allowed_hosts(os.environ, debug=DEBUG)
SITE_URL = environment.site_url(os.environ, debug=DEBUG)
CSRF_TRUSTED_ORIGINS = environment.trusted_origins(os.environ)
SECURITY_CONTACT = environment.security_contact(os.environ)

# What citations name: the casebook, and the people and the body behind it. Names are pairs of
# family and given name; a body has no given name.
SITE_NAME = "Duty-to-warn casebook"
CASEBOOK_AUTHORS = environment.casebook_authors(os.environ)
CASEBOOK_EDITORS = environment.casebook_editors(os.environ)
CASEBOOK_PUBLISHER = environment.casebook_publisher(os.environ)
CASEBOOK_CONTACT = environment.casebook_contact(os.environ)

# Whether a case has to be published by a person other than its last editor
REVIEW_BY_SECOND_PERSON = environment.review_by_second_person(os.environ)

# Whether an account without two-factor sign-in has to set it up before anything else
REQUIRE_TWO_FACTOR = environment.require_two_factor(os.environ)

ROOT_URLCONF = "warnapp.urls"
WSGI_APPLICATION = "warnapp.wsgi.application"

# Apps and middleware

INSTALLED_APPS = [
    # Before staticfiles, so that the development server serves static files as production does.
    "whitenoise.runserver_nostatic",
    "warnapp.admin.CasebookAdminConfig",  # django.contrib.admin, under our name
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "ninja",  # for the files of Swagger UI
    "cases.apps.CasesConfig",
]

MIDDLEWARE = [
    "warnapp.serving.health.HealthMiddleware",  # first: whatever the host and without https
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "warnapp.serving.request_log.RequestLogMiddleware",
    "warnapp.serving.compression.CompressedTextMiddleware",
    # Outside of sessions, because it asks whether the response depends on one.
    "cases.views.headers.ResponseHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "warnapp.serving.api_limit.ApiLimitMiddleware",  # inside of the headers of open data
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "warnapp.serving.upload_limits.UploadLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cases.views.errors.RedirectMovedMiddleware",
    "cases.views.errors.NotAllowedMiddleware",
    "cases.views.errors.SearchOutOfOrderMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it replaces the response to locked-out clients
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
            "builtins": [
                "cases.templatetags.directions",
                "django.contrib.humanize.templatetags.humanize",  # intcomma, for every count
            ],
        },
    },
]

# Data

DATABASES = {"default": environment.database(os.environ, BASE_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": environment.cache(os.environ)}
# The files of /data/, made once for each version of the dataset
DATA_FILES_DIR = environment.data_files_dir(os.environ, BASE_DIR)
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# Static files have hashed names, so that browsers can cache them for ever, and compressed copies.
# Under DEBUG they are served from the source folder and need not be collected.

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
FORM_RENDERER = "warnapp.form_renderer.FormRenderer"
MESSAGE_STORAGE = "warnapp.serving.message_storage.MessageStorage"

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

# The form of a case has about twenty fields for each claim, so a case with 50 claims would exceed
# Django's limit of 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# The size of a request besides an imported file. Django takes 2.5 MB of typed fields, and their
# names and borders take about as much again.
FORM_MAX_MEGABYTES = 5

# Limits of an imported file, which is read into memory.
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
# The proxy must set this header itself and drop any that a client sends.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _HTTPS else 0
CSRF_FAILURE_VIEW = "warnapp.serving.kept_input.token_refused"
SILENCED_SYSTEM_CHECKS = [
    # HSTS for subdomains and preload lists would also bind hosts that do not belong to this site.
    "security.W005",
    "security.W021",
]

# Pages load nothing from other sites, and neither inline scripts nor inline styles are allowed.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Open data alone may be read by pages of other sites (see cases/views/headers.py).
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Sign-in. The axes backend comes first: locked-out clients are refused before the password is
# checked.

LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"  # if the form names no page, or one of another site
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# The failed sign-ins within AXES_COOLOFF_TIME that refuse further ones: with one name from one
# address, and, for somebody who has never signed in from there, with any names from the address or
# with the name from any addresses.
SIGN_IN_FAILURE_LIMITS = {"name_from_address": 5, "address": 20, "name": 50}
AXES_HANDLER = "warnapp.signing_in.attempts.SignInHandler"
AXES_FAILURE_LIMIT = SIGN_IN_FAILURE_LIMITS["name_from_address"]
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
# A successful sign-in forgets the failures with the same name and address.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# A refused attempt writes nothing and does not make the wait longer.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "warnapp.signing_in.attempts.locked_out"
AXES_CLIENT_IP_CALLABLE = "warnapp.signing_in.attempts.client_address"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_VERBOSE = False
# Fields whose values the log of attempts masks, besides "password". A form that is kept over a
# sign-in (kept_input.py) sends its own fields with those of the sign-in.
AXES_SENSITIVE_PARAMETERS = [
    *("username", "ip_address", "code", "sign-in-username", "sign-in-password", "sign-in-code"),
    *("old_password", "new_password1", "new_password2", "password1", "password2"),
]
AXES_ENABLE_ADMIN = False  # cases/admin/log.py has a read-only admin for these logs
OTP_TOTP_ISSUER = SITE_NAME
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

# Logging: one line per request, and one per event with the id of its request, on stderr. An error
# is followed by its traceback. If there are addresses, errors are mailed, too.

LOG_REQUESTS = environment.log_requests(os.environ)
ADMINS = [("", address) for address in environment.error_mail_to(os.environ)]
SERVER_EMAIL = f"casebook@{urlsplit(SITE_URL).hostname}"
vars().update(environment.mail_server(os.environ))
EMAIL_TIMEOUT = 5  # seconds; a mail is sent within the request that failed

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "warnapp.serving.request_log.WithRequestId"}},
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {name} {request_id}: {message}",
            "style": "{",
        },
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "line",
        },
        "mail": {
            "class": "warnapp.serving.request_log.ErrorMailHandler",
            "level": "ERROR",
            "filters": ["request_id"],
            "formatter": "line",
        },
    },
    "root": {"handlers": ["stderr", "mail"], "level": "INFO"},
    "loggers": {
        # This replaces Django's own handlers, which print only under DEBUG.
        "django": {"level": "INFO"},
        # It would repeat each 4xx with its path. The log of requests has its status.
        "django.request": {"level": "ERROR"},
        "warnapp.serving.request_log": {"level": "INFO" if LOG_REQUESTS else "WARNING"},
        "axes": {"level": "WARNING"},  # sign-ins are in the database
        # It warns about every HEAD request, because Django leaves dropping the body to the server.
        "gunicorn.http.wsgi": {"level": "ERROR"},
        # They repeat parts of a pasted citation that they cannot read. The form says so.
        "bibtexparser": {"level": "CRITICAL"},
        "pylatexenc": {"level": "CRITICAL"},
    },
}
