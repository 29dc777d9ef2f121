"""What is done with a document: begun, edited, made, sent for approval, returned, issued."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.evidence.outgoing.service import want_no_more
from app.kernel.clock import shanghai_day
from app.kernel.errors import NotAllowed
from app.kernel.ids import new_id
from app.kernel.masking import masked
from app.people.access import Actor, ActorPost
from app.people.models import COMMUNITY_TYPES, Organisation, OrganisationType
from app.reports.documents.errors import (
    CaseUnsuitable,
    NotReady,
    ReportClosed,
    ReportUnsuitable,
    StaleReport,
)
from app.reports.documents.kinds import MAKINGS
from app.reports.documents.models import (
    REPORT_STATE_LABELS,
    Report,
    ReportKind,
    ReportPiece,
    ReportState,
)
from app.reports.documents.photos_shown import (
    refuse_pending,
    shows_old_pictures,
    shows_removed_pictures,
)
from app.reports.documents.queries import can_be_a_case, number_taken, unsuitable_cases
from app.reports.periods import Days
from app.tickets.figures.scope import lying_under
from app.tickets.models import Ticket
from app.work.models import Job, JobState
from app.work.queries import job_by_id, state_of
from app.work.service import cancel_job, enqueue

JOB = "report"
MADE_FOR = COMMUNITY_TYPES | {OrganisationType.county, OrganisationType.town}
UNDER_WAY = (JobState.waiting, JobState.running, JobState.cancelling)


@dataclass(frozen=True)
class Edit:
    """What somebody changes; None: left as it is. A sentence of None is ours again."""

    issue_number: str | None = None
    dated_on: date | None = None
    cases: Sequence[UUID] | None = None
    sentences: Mapping[str, str | None] | None = None


def begin_report(
    session: Session,
    kind: ReportKind,
    organisation: Organisation,
    days: Days,
    *,
    actor: Actor,
    now: datetime,
) -> Report:
    """A draft, which the worker makes at once. Raises ReportUnsuitable."""
    if organisation.type not in MADE_FOR:
        detail = "请选择县、镇、社区或村。"
        raise ReportUnsuitable(detail, fields={"organisation": [detail]})
    report = Report(
        id=new_id(),
        kind=kind,
        organisation_id=organisation.id,
        organisation=organisation,
        from_on=days.first,
        to_on=days.last,
        state=ReportState.draft,
        version=1,
        edits={},
        cases=[],
        began_at=now,
        began_by_id=actor.person_id,
    )
    session.add(report)
    session.flush()
    start_making(session, report, actor=actor, now=now)
    return report


def check_version(report: Report, version: int) -> None:
    """Raises StaleReport when somebody changed it since."""
    if report.version != version:
        raise StaleReport(current_version=report.version)


def _check_draft(report: Report) -> None:
    if report.state is not ReportState.draft:
        raise ReportClosed(f"这份公文{REPORT_STATE_LABELS[report.state]}了。")


def edit_report(session: Session, report: Report, edit: Edit) -> None:
    """Changes a draft. Raises ReportClosed or CaseUnsuitable."""
    _check_draft(report)
    if edit.issue_number is not None:
        report.issue_number = edit.issue_number or None
    if edit.dated_on is not None:
        report.dated_on = edit.dated_on
    if edit.cases is not None:
        report.cases = [str(one) for one in _cases(session, report, edit.cases)]
    if edit.sentences is not None:
        kept = {**report.edits, **edit.sentences}
        report.edits = {key: masked(text) for key, text in kept.items() if text is not None}
    report.version += 1
    session.flush()


def _cases(session: Session, report: Report, asked: Sequence[UUID]) -> list[UUID]:
    """The tickets chosen, each once, in their order."""
    ids = list(dict.fromkeys(asked))
    place = lying_under(report.organisation, report.to_on)
    fit = set(session.scalars(select(Ticket.id).where(Ticket.id.in_(ids), place, can_be_a_case())))
    wrong = [{"id": f"{one}"} for one in ids if one not in fit]
    if wrong:
        detail = "请选本单位已结案、整改前后都有照片、整改后照片没有疑点的工单。"
        raise CaseUnsuitable(detail, fields={"cases": [detail]}, tickets=wrong)
    return ids


def start_making(session: Session, report: Report, *, actor: Actor, now: datetime) -> None:
    """Has the worker make a draft anew; what is being made already goes on. Raises ReportClosed."""
    _check_draft(report)
    if is_under_way(session, report, now=now):
        return
    report.job_id = enqueue(
        session,
        JOB,
        {"report": str(report.id)},
        now=now,
        requested_by=actor.person_id,
        requested_path=report.organisation.path,
    )
    session.flush()


def job_of(session: Session, report: Report) -> Job | None:
    """The newest job that makes or made it, while it is remembered."""
    return job_by_id(session, report.job_id) if report.job_id else None


def is_under_way(session: Session, report: Report, *, now: datetime) -> bool:
    """Whether it is being made, or is about to be."""
    job = job_of(session, report)
    return job is not None and state_of(job, now=now) in UNDER_WAY


def submit_report(session: Session, report: Report, *, actor: Actor, now: datetime) -> None:
    """Sends a draft for approval, as it was made last. Raises ReportClosed, NotReady or
    MasksPending."""
    _check_draft(report)
    _refuse_unready(session, report, now)
    report.state, report.submitted_at = ReportState.submitted, now
    report.submitted_by_id, report.version = actor.person_id, report.version + 1
    report.made_version = report.version
    session.flush()


def _refuse_unready(session: Session, report: Report, now: datetime) -> None:
    """Raises NotReady with everything that is missing, or MasksPending when only that is."""
    lacking = []
    if shanghai_day(now) <= report.to_on:
        lacking.append("这段时间还没有结束")
    if MAKINGS[report.kind].numbered and not report.issue_number:
        lacking.append("没有填期号")
    if is_under_way(session, report, now=now):
        lacking.append("正在生成")
    elif report.made_version != report.version:
        lacking.append("改动以后还没有重新生成")
    elif report.made_at is not None and shanghai_day(report.made_at) <= report.to_on:
        lacking.append("是这段时间结束以前生成的，请重新生成")
    if report.issue_number and number_taken(session, report):
        lacking.append("期号已经用过")
    lacking += _overtaken(session, report)
    if not lacking:
        refuse_pending(session, report, "重新生成、送审")
    if shows_old_pictures(session, report):
        lacking.append("有照片生成以后改过遮盖，请重新生成")
    if lacking:
        raise NotReady("；".join(lacking) + "。")


def _overtaken(session: Session, report: Report) -> list[str]:
    """What became of its cases since it was made that lets it go no further, in words."""
    found = []
    if wrong := unsuitable_cases(session, report):
        found.append(f"典型案例 {'、'.join(wrong)} 已不是结案、照片没有疑点的工单，请去掉")
    if shows_removed_pictures(session, report):
        found.append("有照片生成以后因投诉清除，请重新生成")
    return found


def return_report(session: Session, report: Report) -> None:
    """Gives what was sent for approval back to be edited. Raises ReportClosed."""
    if report.state is not ReportState.submitted:
        raise ReportClosed("只有送审的可以退回修改。")
    report.state, report.version = ReportState.draft, report.version + 1
    report.made_version = report.version
    session.flush()


def refuse_others(report: Report, actor: Actor) -> None:
    """Raises NotAllowed to all but who began the draft."""
    if report.began_by_id != actor.person_id:
        raise NotAllowed("草稿由起草的人删除。")


def remove_draft(session: Session, report: Report, version: int, *, now: datetime) -> None:
    """Removes a draft with its file, and stops its making. Raises StaleReport, or ReportClosed when
    it is no draft or was ever sent for approval: somebody read it then, and it stays."""
    check_version(report, version)
    _check_draft(report)
    if report.submitted_at is not None:
        raise ReportClosed("这份公文送审过，退回以后只能修改，不能删除。")
    if report.job_id and is_under_way(session, report, now=now):
        cancel_job(session, report.job_id, now=now)
    session.execute(delete(ReportPiece).where(ReportPiece.report_id == report.id))
    want_no_more(session, report.id)
    session.delete(report)
    session.flush()


def issue_report(
    session: Session, report: Report, *, actor: Actor, post: ActorPost, now: datetime
) -> None:
    """Issues what was sent for approval: its file, figures and lists stay as they are from now on.
    Raises ReportClosed, NotReady or MasksPending."""
    if report.state is not ReportState.submitted:
        raise ReportClosed("请先送审，再签发。" if _is_draft(report) else "已经签发了。")
    one_at_a_time = select(Organisation.id).where(Organisation.id == report.organisation_id)
    session.execute(one_at_a_time.with_for_update())
    if report.issue_number and number_taken(session, report):
        raise NotReady("期号已经用过。")
    if overtaken := _overtaken(session, report):
        raise NotReady("；".join([*overtaken, "请退回，改好、重新生成后再送审"]) + "。")
    refuse_pending(session, report, "退回、重新生成，送审后签发")
    if shows_old_pictures(session, report):
        raise NotReady("有照片生成以后改过遮盖；请退回，重新生成后再送审。")
    report.state, report.issued_at = ReportState.issued, now
    report.issued_by_id, report.post_id = actor.person_id, post.id
    report.version += 1
    report.made_version = report.version
    session.flush()


def _is_draft(report: Report) -> bool:
    return report.state is ReportState.draft


def dated(report: Report, now: datetime) -> date:
    """The date that a document bears: the one written, else the day of its making."""
    return report.dated_on or shanghai_day(now)
