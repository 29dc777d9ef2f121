"""What is done with a dossier: begun, and forgotten after a month."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.evidence.outgoing.service import want_no_more
from app.kernel.clock import shanghai_day
from app.kernel.ids import new_id
from app.people.access import Actor
from app.people.models import COMMUNITY_TYPES, Organisation, OrganisationType
from app.reports.dossiers.errors import DossierUnderWay, DossierUnsuitable
from app.reports.dossiers.models import Dossier, DossierPhoto, DossierPiece
from app.reports.dossiers.periods import Term
from app.work.models import Job, JobState
from app.work.queries import job_by_id, state_of
from app.work.service import enqueue

JOB = "dossier"
KEPT = timedelta(days=30)
MADE_FOR = COMMUNITY_TYPES | {OrganisationType.town}
UNDER_WAY = (JobState.waiting, JobState.running, JobState.cancelling)
_FEW = 100


def begin_dossier(
    session: Session, organisation: Organisation, term: Term, *, actor: Actor, now: datetime
) -> Dossier:
    """Has the worker make a dossier. Raises DossierUnsuitable or DossierUnderWay."""
    if organisation.type not in MADE_FOR:
        detail = "请选择镇、社区或村；全县的按镇分别做。"
        raise DossierUnsuitable(detail, fields={"organisation": [detail]})
    if term.days.first > shanghai_day(now):
        detail = f"{term.label}还没有开始。"
        raise DossierUnsuitable(detail, fields={"term": [detail]})
    _refuse_another(session, organisation, term, now)
    dossier = Dossier(
        id=new_id(),
        organisation_id=organisation.id,
        organisation=organisation,
        term=term.code,
        began_at=now,
        began_by_id=actor.person_id,
    )
    dossier.job_id = enqueue(
        session,
        JOB,
        {"dossier": str(dossier.id)},
        now=now,
        requested_by=actor.person_id,
        requested_path=organisation.path,
    )
    session.add(dossier)
    session.flush()
    return dossier


def _refuse_another(
    session: Session, organisation: Organisation, term: Term, now: datetime
) -> None:
    one_at_a_time = select(Organisation.id).where(Organisation.id == organisation.id)
    session.execute(one_at_a_time.with_for_update())
    asked = select(Dossier).where(
        Dossier.organisation_id == organisation.id,
        Dossier.term == term.code,
        Dossier.made_at.is_(None),
    )
    for one in session.scalars(asked):
        job = job_of(session, one)
        if job is not None and state_of(job, now=now) in UNDER_WAY:
            raise DossierUnderWay("请等它做好，或先取消。")


def job_of(session: Session, dossier: Dossier) -> Job | None:
    """The job that makes it, while it is remembered."""
    return job_by_id(session, dossier.job_id) if dossier.job_id else None


def forget_dossiers(session: Session, *, now: datetime, at_most: int) -> int:
    """Removes dossiers begun more than 30 days ago, a few at a time because of their size; how
    many went. The same can be made again of the same data."""
    old = select(Dossier.id).where(Dossier.began_at < now - KEPT).order_by(Dossier.began_at)
    ids = session.scalars(old.limit(min(at_most, _FEW))).all()
    for one in ids:
        want_no_more(session, one)
    for part in (DossierPhoto, DossierPiece):
        session.execute(delete(part).where(part.dossier_id.in_(ids)))
    session.execute(delete(Dossier).where(Dossier.id.in_(ids)))
    return len(ids)
