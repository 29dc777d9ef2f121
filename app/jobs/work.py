"""`jobs list`, `jobs retry` and `jobs cancel`: background work as a person sees and mends it."""

from datetime import datetime
from uuid import UUID

import click
from flask.cli import AppGroup

from app.jobs.handlers import label_of
from app.jobs.terminal import plain_refusals, present
from app.kernel.clock import SHANGHAI
from app.kernel.db import begin_reading, unit_of_work
from app.work.models import JOB_STATE_LABELS, Job, JobState
from app.work.queries import jobs_to_look_at, state_of
from app.work.service import cancel_job, retry_job

_MOST = 200

jobs = AppGroup("jobs", help="后台任务的查看和处理。")


@jobs.command("list")
@click.option("--dead", is_flag=True, help="只看失败待处理的")
def list_jobs(dead: bool) -> None:
    """列出没有做完的后台任务。"""
    now = present()
    with plain_refusals():
        found = jobs_to_look_at(begin_reading(), dead_only=dead, limit=_MOST + 1)
    for job in found[:_MOST]:
        click.echo(_line(job, now))
    if len(found) > _MOST:
        click.echo(f"只列出前 {_MOST} 项。")
    elif not found:
        click.echo("没有失败待处理的任务。" if dead else "没有未完成的任务。")


def _line(job: Job, now: datetime) -> str:
    state = state_of(job, now=now)
    at_work = state in (JobState.running, JobState.cancelling)
    said = job.progress_text if at_work else job.last_error or ""
    due = f"{job.run_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    cells = (
        str(job.id),
        label_of(job.kind),
        JOB_STATE_LABELS[state],
        due,
        f"做过 {job.attempts} 次",
        said,
    )
    return "\t".join(cells).rstrip()


@jobs.command("retry")
@click.argument("job_id", metavar="ID", type=click.UUID)
def retry(job_id: UUID) -> None:
    """让失败的任务从头再试。"""
    with plain_refusals(), unit_of_work() as session:
        retry_job(session, job_id, now=present())
    click.echo("已重新排队。")


@jobs.command("cancel")
@click.argument("job_id", metavar="ID", type=click.UUID)
def cancel(job_id: UUID) -> None:
    """取消任务；正在做的会尽快停下。"""
    with plain_refusals(), unit_of_work() as session:
        state = state_of(cancel_job(session, job_id, now=present()), now=present())
    click.echo(f"{JOB_STATE_LABELS[state]}。")
