"""Commands and background work. No business rules: each command is one call below."""

from flask import Flask


def register_commands(app: Flask) -> None:
    """Put the command groups on `flask --app wsgi …`.

    They are imported here, not above: the quick start-up code lives in this package too.
    """
    from app.jobs.backup import backup
    from app.jobs.catalogue import catalogue
    from app.jobs.engine import engine
    from app.jobs.evidence import evidence
    from app.jobs.housekeeping import housekeeping
    from app.jobs.organisations import organisations
    from app.jobs.people import people
    from app.jobs.photo_copies import copy
    from app.jobs.photos import photos
    from app.jobs.reports import reports
    from app.jobs.tickets import tickets
    from app.jobs.township import township
    from app.jobs.township_leaving import close, export
    from app.jobs.work import jobs
    from app.jobs.worker_command import worker

    for group in (township, catalogue, people, organisations, photos, tickets, jobs):
        app.cli.add_command(group)
    for group in (backup, engine, evidence):
        app.cli.add_command(group)
    app.cli.add_command(reports)
    photos.add_command(copy)
    township.add_command(export)
    township.add_command(close)
    app.cli.add_command(housekeeping)
    app.cli.add_command(worker)
