"""Figures over HTTP."""

from app.tickets.figures.routes import freezes, kpis, summary

ROUTES = (summary.routes, kpis.routes, freezes.routes)
