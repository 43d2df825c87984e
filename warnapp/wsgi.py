"""The application that a web server runs: `gunicorn warnapp.wsgi`."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from .serving.waits import limit_clients, limit_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warnapp.settings")

application = limit_clients(get_wsgi_application())
limit_database(settings.DATABASES["default"])

# Builds the index of cases before the first request.
from cases.index.case_index import prepare  # noqa: E402 - needs the apps to be loaded

prepare()
