"""Assessment over HTTP."""

from app.assessments.routes import frozen, objections, scores

ROUTES = (scores.routes, frozen.routes, objections.routes)
