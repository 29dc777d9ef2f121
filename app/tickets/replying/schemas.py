"""What is asked of answers."""

from typing import Literal

from pydantic import Field

from app.kernel.schemas import Code, Input
from app.tickets.schemas import FirstInstant, LastInstant
from app.tickets.words import Source

ExternalSource = Literal[Source.hotline, Source.superior, Source.resident]
"""What is answered to somebody outside."""


class AnswersQuery(Input):
    """Which answers; both days are included."""

    source: ExternalSource | None = None
    from_: FirstInstant | None = Field(None, alias="from", description="上报时间不早于")
    to: LastInstant | None = Field(None, description="上报时间不晚于")
    organisation: Code | None = None
