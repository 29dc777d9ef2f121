"""The pages for a desk: reviewing by keys, lists, figures; modules over the same API."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
