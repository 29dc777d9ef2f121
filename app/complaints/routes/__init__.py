"""Complaints over HTTP: for anybody, for staff, for the office; and pages without JavaScript."""

from app.complaints.routes import office, public, staff

ROUTES = (public.routes, staff.routes, office.routes)
