"""The Django project: settings, URLs, entry points, and the programs that the Makefile runs."""
