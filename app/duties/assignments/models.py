"""The table of assignments: who answers for a place or a duty, from a day to a day."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalogue.desk.models import LINE_LABELS as LINE_LABELS
from app.catalogue.desk.models import Line as Line
from app.grid.models import Cell, Checkpoint, Compound
from app.kernel.db import Base, Dated, Identified
from app.people.models import Organisation, Person, Role


class AssignedKind(StrEnum):
    """What somebody answers for: a place of the field grid, or work of the desk grid."""

    cell = "cell"
    compound = "compound"
    checkpoint = "checkpoint"
    duty = "duty"
    line = "line"


ASSIGNED_KIND_LABELS = {
    AssignedKind.cell: "网格",
    AssignedKind.compound: "小区",
    AssignedKind.checkpoint: "点位",
    AssignedKind.duty: "指标",
    AssignedKind.line: "工作分工",
}


class Part(StrEnum):
    """Whether somebody leads or assists."""

    lead = "lead"
    assistant = "assistant"


ANSWERING = (Role.warden, Role.lead, Role.supervisor)
"""The roles by which somebody can answer for a place or a duty."""

PART_LABELS = {Part.lead: "负责", Part.assistant: "协助"}


class AssistantKind(StrEnum):
    """As what somebody assists."""

    cadre = "cadre"
    party_member = "party_member"
    old_cadre = "old_cadre"
    owners_committee = "owners_committee"
    company_head = "company_head"
    villager_group_head = "villager_group_head"
    cleaning_company = "cleaning_company"


ASSISTANT_KIND_LABELS = {
    AssistantKind.cadre: "村（居）干部",
    AssistantKind.party_member: "党员",
    AssistantKind.old_cadre: "老干部",
    AssistantKind.owners_committee: "业主委员会成员",
    AssistantKind.company_head: "物业负责人",
    AssistantKind.villager_group_head: "村民组长",
    AssistantKind.cleaning_company: "保洁公司",
}


class Assignment(Identified, Dated, Base):
    """Somebody leads or assists at a subject of a unit, for a time.

    The subject is a cell, compound or checkpoint by its id, or `word`: the code of a duty or a line
    of work. A lead is a person with an account; who assists may have none and then has a `name`
    only.
    """

    __tablename__ = "assignments"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[AssignedKind]
    cell_id: Mapped[UUID | None] = mapped_column(ForeignKey("cells.id"), index=True)
    compound_id: Mapped[UUID | None] = mapped_column(ForeignKey("compounds.id"), index=True)
    checkpoint_id: Mapped[UUID | None] = mapped_column(ForeignKey("checkpoints.id"), index=True)
    word: Mapped[str | None] = mapped_column(String(32))
    part: Mapped[Part]
    assists_as: Mapped[AssistantKind | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str | None] = mapped_column(String(40))

    organisation: Mapped[Organisation] = relationship()
    cell: Mapped[Cell | None] = relationship()
    compound: Mapped[Compound | None] = relationship()
    checkpoint: Mapped[Checkpoint | None] = relationship()
    person: Mapped[Person | None] = relationship()

    __table_args__ = (Index("ix_assignments_unit", "organisation_id", "kind", "word"),)

    @property
    def subject_key(self) -> tuple[UUID, AssignedKind, UUID | str | None]:
        """What the row is about, as assignments to the same subject share it."""
        place = self.cell_id or self.compound_id or self.checkpoint_id
        return self.organisation_id, self.kind, place or self.word
