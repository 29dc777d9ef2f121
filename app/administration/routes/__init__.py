"""The HTTP face of administration, by theme."""

from app.administration.routes import (
    audit,
    cells,
    dictionary,
    organisations,
    pauses,
    people,
    places,
    posts,
)

ROUTES = (
    organisations.routes,
    people.routes,
    posts.routes,
    places.routes,
    cells.routes,
    dictionary.routes,
    pauses.routes,
    audit.routes,
)
"""All of them, for create_app to mount."""
