"""Keeping what was previewed, and making tickets of it: all rows or none, and never one twice."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.kernel.db import rows_changed
from app.kernel.errors import DomainError, NotAllowed, Unavailable
from app.kernel.ids import new_id
from app.kernel.masking import masked
from app.people.access import Actor, Matter, allowing_post
from app.people.models import Organisation
from app.people.queries import actor_by_id
from app.tickets.importing.asking import asked_json, report_of
from app.tickets.importing.errors import ImportFaulty, ImportOutdated
from app.tickets.importing.known import KnownTicket, Number, known_numbers
from app.tickets.importing.models import ImportState, TicketImport
from app.tickets.importing.photo_intake import KeptPhotos, take_in_photos
from app.tickets.importing.planning import Plan, PlannedRow, towns_of
from app.tickets.importing.presenting import planned_json, told_json
from app.tickets.importing.reading.rows import Told
from app.tickets.importing.whereabouts import may_import_into
from app.tickets.intake.reporting import report_problem
from app.tickets.words import Source
from app.work.models import JobState
from app.work.queries import job_by_id, state_of
from app.work.service import enqueue

JOB = "ticket_import"
AT_ONCE = 50
"""Up to so many rows become tickets while their sender waits; more are background work."""

KEPT = timedelta(days=30)
_ENDED = (JobState.done, JobState.dead, JobState.cancelled)


def keep_import(
    session: Session,
    plan: Plan,
    photos: KeptPhotos,
    *,
    file_name: str,
    actor: Actor,
    now: datetime,
) -> TicketImport:
    """Keeps a preview. When nothing is wrong the photos are the actor's from now on, as if sent by
    themselves; of a faulty file none is kept. Raises PhotoJustRemoved."""
    kept = [] if plan.faults else [one for row in plan.rows for one in photos.of(row.said)]
    ids = take_in_photos(session, kept, actor=actor, now=now)
    rows = [] if plan.faults else [_row_json(row, photos, ids) for row in plan.rows]
    found = TicketImport(
        id=new_id(),
        person_id=actor.person_id,
        **_answered_for(actor, plan),
        file_name=masked(PurePath(file_name.replace("\\", "/")).name)[:120],
        sheet=plan.sheet[:120] if plan.sheet else None,
        state=ImportState.faulty if plan.faults else ImportState.previewed,
        made_at=now,
        rows=rows or [{"asked": None, "shown": planned_json(row)} for row in plan.rows],
        faults=[told_json(fault) for fault in plan.faults],
        remarks=[told_json(remark) for remark in plan.remarks],
        made={},
        new_count=sum(row.already is None for row in plan.rows),
        already_there_count=sum(row.already is not None for row in plan.rows),
        faulty_count=len({fault.line for fault in plan.faults}),
    )
    session.add(found)
    session.flush()
    return found


def _answered_for(actor: Actor, plan: Plan) -> dict[str, UUID | None]:
    """Whose import it is, as far as one organisation's post and one township hold all of it."""
    matters = [_matter_of(row) for row in plan.rows] or [Matter()]
    posts = [allowing_post(actor, "tickets.import", matter) for matter in matters]
    organisations = {post.organisation_id for post in posts if post}
    towns = {post.town_id for post in posts if post}
    return {"organisation_id": _only(organisations), "town_id": _only(towns)}


def _matter_of(row: PlannedRow) -> Matter:
    home = row.place.community
    return Matter(town_id=home.town_id, community_id=home.id)


def _only(ids: Collection[UUID | None]) -> UUID | None:
    return next(iter(ids)) if len(ids) == 1 else None


def _row_json(row: PlannedRow, photos: KeptPhotos, ids: Mapping[str, UUID]) -> dict[str, Any]:
    its = list(dict.fromkeys(ids[one.sha256] for one in photos.of(row.said)))
    return {"asked": asked_json(row, its), "shown": planned_json(row)}


def start_import(session: Session, found: TicketImport, *, actor: Actor, now: datetime) -> None:
    """Makes the tickets of a preview, or has the worker do so when they are many. What is under way
    or done already stays as it is. Raises NotAllowed for anybody but who uploaded it, ImportFaulty
    or ImportOutdated: then nothing was made."""
    if found.person_id != actor.person_id:
        raise NotAllowed("请由上传的人导入：工单的上报人是他。")
    if found.state is ImportState.faulty:
        raise ImportFaulty("请按 faults 改好表格，重新上传。", faults=_lines(found.faults))
    if found.state is ImportState.failed:
        raise ImportOutdated("请重新上传表格。", faults=_lines(found.faults))
    if found.state is ImportState.applied or _is_under_way(session, found, now):
        return
    if len(found.rows) <= AT_ONCE:
        make_tickets(session, found, actor=actor, now=now)
        return
    post = next(iter(actor.posts), None)
    found.job_id = enqueue(
        session,
        JOB,
        {"import": str(found.id)},
        now=now,
        requested_by=actor.person_id,
        requested_path=post.path if post else None,
    )
    found.state = ImportState.applying


def _is_under_way(session: Session, found: TicketImport, now: datetime) -> bool:
    """A job that was cancelled or given up leaves the import to be started again."""
    if found.state is not ImportState.applying or found.job_id is None:
        return False
    job = job_by_id(session, found.job_id)
    return job is not None and state_of(job, now=now) not in _ENDED


def make_tickets(session: Session, found: TicketImport, *, actor: Actor, now: datetime) -> None:
    """Makes a ticket of each row that is none yet; all or, with ImportOutdated, none."""
    towns = towns_of(actor)
    _take_turns(session, towns)
    numbers = [row["asked"]["external_number"] for row in found.rows]
    known = known_numbers(session, towns, numbers)
    faults: list[Told] = []
    made: dict[str, Any] = {}
    for row in found.rows:
        line = int(row["asked"]["line"])
        try:
            made[str(line)] = _made(session, row["asked"], known, actor=actor, now=now)
        except Unavailable:
            raise
        except DomainError as refused:
            faults.append(Told(line, None, refused.detail or refused.title))
    if faults:
        lines = _lines(told_json(fault) for fault in faults)
        raise ImportOutdated("请重新上传表格，看哪里变了。", faults=lines)
    found.made, found.state, found.applied_at = made, ImportState.applied, now
    found.already_there_count = sum(one["already_there"] for one in made.values())
    found.new_count = len(made) - found.already_there_count
    session.flush()


def _take_turns(session: Session, towns: Iterable[UUID]) -> None:
    """One import of a township at a time, so that none makes what another is making. Reports of
    phones do not wait for it: they ask for no such lock."""
    asked = select(Organisation.id).where(Organisation.id.in_(list(towns)))
    session.execute(asked.order_by(Organisation.id).with_for_update(key_share=True)).all()


def _made(
    session: Session,
    asked: dict[str, Any],
    known: dict[Number, KnownTicket],
    *,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    town, source = UUID(asked["town_id"]), Source(asked["source"])
    there = known.get((town, source, asked["external_number"]))
    if there is not None:
        return {"id": str(there.id), "number": there.number, "already_there": True}
    ticket = report_problem(session, report_of(asked, now=now), actor=actor).ticket
    if not may_import_into(actor, ticket.community):
        raise NotAllowed(f"{ticket.community.name}不在您的辖区，不能导入。")
    return {"id": str(ticket.id), "number": ticket.number, "already_there": False}


def do_import(session: Session, import_id: UUID, *, now: datetime) -> None:
    """Makes the tickets of an import in the background; what is wrong is written down in it."""
    asked = select(TicketImport).where(TicketImport.id == import_id).with_for_update()
    found = session.scalar(asked)
    if found is None or found.state is not ImportState.applying:
        return
    actor = actor_by_id(session, found.person_id, now=now)
    try:
        if actor is None:
            raise NotAllowed("上传人的账号已停用。")
        with session.begin_nested():
            make_tickets(session, found, actor=actor, now=now)
    except Unavailable:
        raise
    except DomainError as refused:
        found.state = ImportState.failed
        lines: Sequence[str] = refused.extra.get("faults") or [refused.detail or refused.title]
        found.faults = [told_json(Told(None, None, line)) for line in lines]
        found.faulty_count = len(lines)


def _lines(told: Iterable[Mapping[str, Any]]) -> list[str]:
    """Faults as a person reads them, one a line."""
    return [
        f"第 {one['line']} 行：{one['message']}" if one["line"] else str(one["message"])
        for one in told
    ]


def forget_old_imports(session: Session, *, now: datetime, at_most: int) -> int:
    """Removes imports uploaded more than 30 days ago; how many there were."""
    old = select(TicketImport.id).where(TicketImport.made_at < now - KEPT).limit(at_most)
    return rows_changed(session, delete(TicketImport).where(TicketImport.id.in_(old)))
