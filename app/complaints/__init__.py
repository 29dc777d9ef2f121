"""Complaints and suggestions (投诉建议): from residents and staff."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
