"""JSON of what is asked to be judged anew."""

from typing import Annotated

from pydantic import Field

from app.kernel.schemas import Day, Input


class RejudgeBody(Input):
    """Which photos."""

    town: Annotated[
        str | None, Field(max_length=32, description="哪个乡镇（编码）；不填为全县")
    ] = None
    from_on: Annotated[Day | None, Field(description="收到日期不早于")] = None
    to_on: Annotated[Day | None, Field(description="收到日期不晚于")] = None
