"""What a WSGI server runs: `gunicorn warnapp.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warnapp.settings")

application = get_wsgi_application()
