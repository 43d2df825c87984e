"""Signing in to the admin: attempts and their limits, and the second factor."""
