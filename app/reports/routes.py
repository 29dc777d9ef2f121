"""Ledgers, papers and documents over HTTP."""

from app.reports.documents import routes as documents
from app.reports.dossiers import routes as dossiers
from app.reports.ledgers import routes as ledgers
from app.reports.papers import routes as papers

ROUTES = (ledgers.routes, papers.routes, documents.routes, dossiers.routes)
