"""Backups of the embedded default: the database as it was at one instant, and its photos."""
