"""The environment of every test run, whatever the shell or a `.env` file says.

pytest imports this module before Django reads its settings (see `addopts` in pyproject.toml).
"""

import os
import secrets

os.environ.update(
    {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DEBUG": "off",
        "ALLOWED_HOSTS": "testserver,localhost",
        "SITE_URL": "http://testserver",
        "CSRF_TRUSTED_ORIGINS": "",
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or "sqlite://:memory:",
        "CACHE_URL": "",
        "REVIEW_BY_SECOND_PERSON": "on",
        "REQUIRE_TWO_FACTOR": "off",
        "IMPORT_MAX_MEGABYTES": "20",
        "LOG_REQUESTS": "on",
        "ERROR_MAIL_TO": "",
        "EMAIL_URL": "",
        "SECURITY_CONTACT": "",
        "CASEBOOK_AUTHORS": "",
        "CASEBOOK_EDITORS": "",
        "CASEBOOK_PUBLISHER": "",
        "CASEBOOK_CONTACT": "",
    }
)
