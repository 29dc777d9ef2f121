"""What both web faces are made of: design tokens, parts, the API client and the outbox."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
