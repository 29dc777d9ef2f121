"""Every column of people's own words that a host is asked about; a test holds that none is missing.

The host has to be told who wrote: words of residents without an account and of anonymous staff are
not asked about, the office reads them before anybody else does.
"""

from collections.abc import Iterator
from typing import Any

from app.assessments.models import (
    AssessmentFreeze,
    AssessmentObjection,
    AssessmentScore,
    AssessmentSwitch,
)
from app.campaigns.awards.models import AwardApplication
from app.campaigns.models import Campaign, CampaignStep
from app.cases.models import Case, CaseStep
from app.catalogue.models import PausePeriod
from app.complaints.models import Complaint
from app.duties.records.models import DutyRecord, RecordChange
from app.people.models import Post
from app.photos.retention.models import PhotoHold
from app.rounds.models import RoundCheck
from app.rounds.spot_checks.models import SpotCheck
from app.texts.sources import Column, Source
from app.tickets.figures.freezes.models import KpiFreeze
from app.tickets.models import Ticket, TicketEvent

_RECORD = (
    ("工作记录的主题", DutyRecord.subject),
    ("工作记录的地点", DutyRecord.place),
    ("工作记录的说明", DutyRecord.note),
)
_AWARD = (("申报的单元", AwardApplication.unit), ("申报的理由", AwardApplication.grounds))
_SCORE = (AssessmentScore, AssessmentScore.id == AssessmentObjection.score_id)
_FREEZE = (AssessmentFreeze, AssessmentFreeze.id == AssessmentScore.freeze_id)


def _at_post(post_id: Column, *, ids: Column | None = None) -> dict[str, Any]:
    """The unit is that of the writer's post."""
    joins = ((Post, Post.id == post_id),)
    return {"organisation": Post.organisation_id, "ids": ids, "joins": joins}


def _reported() -> Iterator[Source]:
    """What is said of tickets, rounds and complaints."""
    of_ticket = (Ticket, Ticket.id == TicketEvent.ticket_id)
    yield Source(
        *("工单的问题描述", Ticket.description, Ticket.reporter_id, Ticket.reported_at),
        *(Ticket.town_id, Ticket.id),
    )
    yield Source(
        *("工单的办理说明", TicketEvent.note, TicketEvent.actor_id, TicketEvent.at),
        *(Ticket.town_id, TicketEvent.id, (of_ticket,)),
    )
    yield Source(
        *("巡查的说明", RoundCheck.note, RoundCheck.person_id, RoundCheck.received_at),
        **_at_post(RoundCheck.post_id, ids=RoundCheck.id),
    )
    yield Source(
        *("抽查的说明", SpotCheck.note, SpotCheck.person_id, SpotCheck.received_at),
        SpotCheck.town_id,
    )
    yield Source(
        *("投诉建议", Complaint.text, Complaint.person_id, Complaint.received_at),
        Complaint.office_id,
    )
    yield Source(
        *("投诉建议的答复", Complaint.answer, Complaint.answered_by_id, Complaint.answered_at),
        Complaint.office_id,
    )


def _recorded() -> Iterator[Source]:
    """What is said in records of duties, also as it was corrected."""
    change = (RecordChange, RecordChange.record_id == DutyRecord.id)
    for place, column in _RECORD:
        yield Source(
            *(place, column, DutyRecord.person_id, DutyRecord.received_at),
            *(DutyRecord.organisation_id, DutyRecord.id),
        )
        yield Source(
            *(place, column, RecordChange.person_id, RecordChange.at),
            *(DutyRecord.organisation_id, RecordChange.id, (change,)),
        )
    yield Source(
        *("工作记录的更正说明", RecordChange.note, RecordChange.person_id, RecordChange.at),
        **_at_post(RecordChange.post_id, ids=RecordChange.id),
    )


def _campaigned() -> Iterator[Source]:
    """What is said of campaigns, awards and cases."""
    dropped = Campaign.dropped_because, Campaign.person_id, Campaign.dropped_at
    yield Source("行动取消的理由", *dropped, Campaign.town_id)
    yield Source(
        *("行动的说明", CampaignStep.note, CampaignStep.person_id, CampaignStep.recorded_at),
        **_at_post(CampaignStep.post_id, ids=CampaignStep.id),
    )
    award = AwardApplication
    for place, column in _AWARD:
        yield Source(place, column, award.person_id, award.applied_at, award.town_id, award.id)
    yield Source(
        *("申报的答复", award.answer, award.answered_by_id, award.answered_at), award.town_id
    )
    step = (CaseStep, CaseStep.case_id == Case.id)
    by = CaseStep.person_id, CaseStep.recorded_at
    yield Source("专项的名称", Case.title, *by, Case.town_id, CaseStep.id, (step,))
    yield Source("专项取消的理由", Case.dropped_because, *by, Case.town_id, CaseStep.id, (step,))
    yield Source("专项的说明", CaseStep.note, *by, **_at_post(CaseStep.post_id, ids=CaseStep.id))


def _scored() -> Iterator[Source]:
    """What is said of scores and figures."""
    switch, freeze, said = AssessmentSwitch, AssessmentFreeze, AssessmentObjection
    yield Source(
        *("考核的依据", switch.document, switch.person_id, switch.switched_at),
        *(switch.organisation_id, switch.id),
    )
    yield Source(
        *("考核重算的理由", freeze.reason, freeze.frozen_by_id, freeze.frozen_at),
        *(freeze.town_id, freeze.id),
    )
    town = freeze.town_id, None, (_SCORE, _FREEZE)
    yield Source("对得分的申诉", said.text, said.person_id, said.made_at, *town)
    yield Source("申诉的答复", said.answer, said.answered_by_id, said.answered_at, *town)
    yield Source(
        *("指标重算的理由", KpiFreeze.reason, KpiFreeze.frozen_by_id, KpiFreeze.frozen_at),
        *(KpiFreeze.organisation_id, KpiFreeze.id),
    )


def _decided() -> Iterator[Source]:
    """Why something was stopped or kept."""
    pause, hold = PausePeriod, PhotoHold
    yield Source(
        *("暂停计时的理由", pause.reason, pause.made_by_id, pause.made_at),
        *(pause.organisation_id, pause.id),
    )
    yield Source("保全的理由", hold.reason, hold.made_by_id, hold.from_at, **_at_post(hold.post_id))
    at_post = _at_post(hold.post_id)
    yield Source(
        *("解除保全的理由", hold.release_reason, hold.released_by_id, hold.released_at), **at_post
    )


SOURCES = (*_reported(), *_recorded(), *_campaigned(), *_scored(), *_decided())
NOT_ASKED = frozenset({"tickets.pending_reason", "photo_checks.reason", "text_checks.reason"})
"""What a note of the timeline says too, and why somebody let a thing pass or not."""
