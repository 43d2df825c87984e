"""The application that a web server runs: `gunicorn warnapp.wsgi`."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from .serving.garbage import collect_rarely
from .serving.waits import limit_clients, limit_database

# All that is made here stays: the garbage collector would take 0.3 s and free nothing.
gc.disable()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warnapp.settings")

application = limit_clients(get_wsgi_application())
limit_database(settings.DATABASES["default"])

# These need the apps to be loaded. The drawing process starts while the index is read.
from cases.index import case_index  # noqa: E402
from cases.presentation.charts.drawing import renderer  # noqa: E402

renderer.prepare()
case_index.prepare()
collect_rarely()
