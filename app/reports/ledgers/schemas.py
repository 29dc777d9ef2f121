"""JSON of ledgers."""

from datetime import date
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from app.kernel.schemas import Code, Input, Output
from app.tickets.figures.schemas import Day

MOST_DAYS = 366


class DaysAsked(Input):
    """Some days, both included."""

    from_: Annotated[Day | None, Field(alias="from", description="从哪天起；不填为当月第一天")] = (
        None
    )
    to: Annotated[Day | None, Field(description="到哪天为止，含当天；不填为当月最后一天")] = None

    @field_validator("to")
    @classmethod
    def _runs_forward(cls, to: date | None, said: ValidationInfo) -> date | None:
        first = said.data.get("from_")
        if first is None or to is None:
            return to
        if to < first:
            raise ValueError("不能早于 from")
        if (to - first).days >= MOST_DAYS:
            raise ValueError(f"一次最多 {MOST_DAYS} 天")
        return to


class LedgerQuery(DaysAsked):
    """Whose ledger, of which days."""

    organisation: Annotated[Code | None, Field(description="哪个组织的；不填为本人能看的全部")] = (
        None
    )


class LedgerOut(Output):
    """One ledger that can be asked for."""

    code: str = Field(description="台账的编码")
    name: str = Field(description="台账的名称")
    says: str = Field(description="有什么")
    columns: list[str] = Field(description="各列的名称")
    url: str = Field(description="下载的地址；加 organisation、from、to")


class LedgersOut(Output):
    """Every ledger."""

    items: list[LedgerOut]
