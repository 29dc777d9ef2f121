"""JSON of pauses."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.administration.schemas.common import Name, OrganisationQuery, PersonNamed
from app.kernel.schemas import Code, Input, Instant, Named, Output

Reason = Annotated[str, StringConstraints(min_length=1, max_length=400)]


class PausesQuery(OrganisationQuery):
    """Pauses, the one ordered last first."""

    organisation: Annotated[
        Code | None, Field(description="组织编码，含其下级和上级：凡影响到它的暂停")
    ] = None


class NewPause(Input):
    """A pause as a paper orders it."""

    organisation: Annotated[Code, Field(description="在哪里暂停：县、镇、社区或村的编码，含其下级")]
    categories: Annotated[
        Annotated[list[Code], Field(min_length=1, max_length=200)] | None,
        Field(description="暂停哪些事项类别（编码）；不填为全部，巡查也暂停"),
    ] = None
    document: Annotated[Name, Field(description="依据的文件号")]
    reason: Annotated[Reason, Field(description="事由；其中的电话、身份证号码和房号会被隐去")]
    from_at: Annotated[Instant, Field(alias="from", description="开始时间；可补录 72 小时以内的")]
    to_at: Annotated[Instant, Field(alias="to", description="结束时间，不含；最长 366 天")]


class PauseEnd(Input):
    """When a pause ends earlier than ordered."""

    at: Annotated[
        Instant | None,
        Field(description="什么时候结束，不能早于现在；不填为现在。还没有开始的就此取消"),
    ] = None


class PauseOut(Output):
    """A pause: `from` and `to` are as they hold, a cancelled one has both the same."""

    id: str
    organisation: Annotated[Named, Field(description="在哪里，含其下级")]
    categories: Annotated[list[Named] | None, Field(description="哪些事项类别；全部为空")]
    document: Annotated[str, Field(description="依据的文件号")]
    reason: Annotated[str, Field(description="事由")]
    from_: Annotated[str, Field(alias="from", description="开始时间")]
    to: Annotated[str, Field(description="结束时间，不含；与开始时间相同的是已取消")]
    made_at: Annotated[str, Field(description="登记时间")]
    made_by: Annotated[PersonNamed | None, Field(description="登记人")]
    ended_at: Annotated[str | None, Field(description="提前结束、取消的登记时间；没有为空")]
    ended_by: Annotated[PersonNamed | None, Field(description="提前结束、取消的登记人")]


class PausesOut(Output):
    """A page of pauses."""

    items: list[PauseOut]
    next_cursor: str | None
