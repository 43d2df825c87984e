"""The application that a web server runs: `gunicorn warnapp.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warnapp.settings")

application = get_wsgi_application()

# Builds the index of cases before the first request.
from cases.index.case_index import prepare  # noqa: E402 - needs the apps to be loaded

prepare()
