"""The WSGI application: `gunicorn wsgi:app`, `flask --app wsgi …`."""

import gc

from sqlalchemy.orm import configure_mappers

from app import create_app

app = create_app()

# What is loaded now stays for ever: the collector need not look at it again and again.
configure_mappers()
gc.collect()
gc.freeze()
