#!/usr/bin/env python
"""Run one of Django's or the casebook's commands: `python manage.py help` lists them."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Check the settings first, so that a wrong one is a sentence and not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warnapp.settings")
    try:
        _ = settings.INSTALLED_APPS
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
