"""Ledgers and papers over HTTP."""

from app.reports.ledgers import routes as ledgers
from app.reports.papers import routes as papers

ROUTES = (ledgers.routes, papers.routes)
