"""The Django project: settings, addresses, entry point, and what the Makefile runs."""
