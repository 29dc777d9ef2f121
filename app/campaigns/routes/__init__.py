"""Campaigns over HTTP."""

from app.campaigns.awards import routes as awards
from app.campaigns.routes import boards, carrying_out

ROUTES = (carrying_out.routes, boards.routes, awards.routes)
