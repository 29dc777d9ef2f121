"""How far background work is, and stopping it."""

from typing import Any

from app.jobs.handlers import label_of
from app.kernel.clock import rfc3339
from app.kernel.errors import NotThere
from app.kernel.ids import parse_id
from app.people.access import Matter
from app.tickets.rejudging.schemas import RejudgeBody
from app.tickets.rejudging.service import begin_rejudging, queue_rejudging, scope_of
from app.web.routing import Call, Routes
from app.work.models import JOB_STATE_LABELS, Job
from app.work.queries import job_by_id, state_of
from app.work.schemas import JobOut
from app.work.service import cancel_job

routes = Routes("后台任务")


def matter_of(job: Job) -> Matter:
    """What permissions ask about a job."""
    paths = (job.requested_path,) if job.requested_path else ()
    return Matter(requester_id=job.requested_by, paths=paths)


def job_asked_for(call: Call) -> Job:
    """The job named in the path, when the asker sees it; raises NotThere."""
    job_id = parse_id(call.args["job"])
    job = job_by_id(call.session, job_id) if job_id else None
    if job is None or not call.may("jobs.read", matter_of(job)):
        raise NotThere("没有这项任务，或不是您提出的。")
    return job


def matter_asked_for(call: Call) -> Matter:
    """What permissions ask about the job named in the path."""
    return matter_of(call.loaded)


def job_json(call: Call, job: Job) -> dict[str, Any]:
    """A job as its asker sees it: never the payload, never what went wrong inside."""
    state = state_of(job, now=call.now)
    return {
        "id": str(job.id),
        "kind": job.kind,
        "kind_label": label_of(job.kind),
        "state": state,
        "state_label": JOB_STATE_LABELS[state],
        "progress": job.progress,
        "progress_text": job.progress_text,
        "attempts": job.attempts,
        "requested_at": rfc3339(job.made_at),
        "ended_at": rfc3339(job.ended_at),
    }


@routes.get(
    "/jobs/<job>",
    permission="jobs.read",
    answer=JobOut,
    loads=job_asked_for,
    matter=matter_asked_for,
)
def get_job(call: Call) -> dict[str, Any]:
    """后台任务的进度"""
    return job_json(call, call.loaded)


@routes.post(
    "/jobs/<job>/cancel",
    permission="jobs.cancel",
    answer=JobOut,
    loads=job_asked_for,
    matter=matter_asked_for,
    refusals=(409,),
)
def post_cancel(call: Call) -> dict[str, Any]:
    """取消后台任务；正在做的会尽快停下"""
    return job_json(call, cancel_job(call.session, call.loaded.id, now=call.now))


@routes.post(
    "/photo-thresholds/rejudge",
    permission="thresholds.write",
    body=RejudgeBody,
    answer=JobOut,
    status=202,
)
def post_rejudge(call: Call) -> dict[str, Any]:
    """按今天的界限重新判断以前的照片和它们在工单里的用途，由后台任务做

    原来的结论和疑点都留着，已经作出的决定不变；同样的范围上次没有做完的，接着做。
    """
    said = call.body(RejudgeBody)
    scope = scope_of(call.session, said.town, said.from_on, said.to_on)
    run = begin_rejudging(call.session, scope, now=call.now)
    asker = call.actor.person_id
    job_id = queue_rejudging(call.session, run, requested_by=asker, now=call.now)
    job = job_by_id(call.session, job_id)
    assert job is not None
    return job_json(call, job)
