"""The HTTP faces of the desk grid, for create_app to mount."""

from app.duties import routes as dictionary
from app.duties.assignments import routes as assignments
from app.duties.checklists import routes as checklists
from app.duties.progress import routes as progress
from app.duties.records import routes as records

ROUTES = (
    dictionary.routes,
    assignments.routes,
    progress.routes,
    records.routes,
    checklists.routes,
)
