"""Commands and background work. No business rules: each command is one call below."""

import click
from flask.cli import AppGroup


class Commands(AppGroup):
    """Imports the commands when one is asked for: a server never asks, and starts sooner."""

    _fetched = False

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        self._fetch()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        self._fetch()
        return super().get_command(ctx, cmd_name)

    def _fetch(self) -> None:
        if not self._fetched:
            self._fetched = True
            _add_all(self)


def _add_all(cli: AppGroup) -> None:
    from app.demo.cli import demo
    from app.jobs.backup import backup
    from app.jobs.catalogue import catalogue
    from app.jobs.engine import engine
    from app.jobs.evidence import evidence
    from app.jobs.figures import figures
    from app.jobs.housekeeping import housekeeping
    from app.jobs.organisations import organisations
    from app.jobs.people import people
    from app.jobs.photo_copies import copy
    from app.jobs.photo_purge import purge
    from app.jobs.photos import photos
    from app.jobs.rejudging import rejudge
    from app.jobs.reports import reports
    from app.jobs.tickets import tickets
    from app.jobs.township import township
    from app.jobs.township_leaving import close, export
    from app.jobs.work import jobs
    from app.jobs.worker_command import worker

    for group in (township, catalogue, people, organisations, photos, tickets, jobs):
        cli.add_command(group)
    for group in (backup, engine, evidence, figures):
        cli.add_command(group)
    cli.add_command(reports)
    photos.add_command(copy)
    photos.add_command(purge)
    photos.add_command(rejudge)
    township.add_command(export)
    township.add_command(close)
    cli.add_command(housekeeping)
    cli.add_command(worker)
    cli.add_command(demo)
