"""The pages for a phone: one shell, and modules in the browser over the same API."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
