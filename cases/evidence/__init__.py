"""Coded values with their evidence: claims, notes, evidence status, badges and wording."""
