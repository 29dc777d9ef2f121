"""JSON of accounts, posts and leaves."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from app.administration.schemas.common import (
    Name,
    On,
    OrganisationQuery,
    PersonNamed,
    PostPart,
)
from app.kernel.schemas import Day, Input, Named, Output
from app.people.models import Role

Username = Annotated[
    str,
    StringConstraints(min_length=2, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]*$"),
]
FullName = Annotated[Name, StringConstraints(max_length=64)]


def _number(text: str) -> str:
    if not (len(text) == 11 and text.isascii() and text.isdecimal() and text.startswith("1")):
        raise ValueError("应为 1 开头的 11 位数字")
    return text


Phone = Annotated[str, AfterValidator(_number)]
PhoneField = Annotated[Phone | None, Field(description="手机号，11 位；可以不填")]


class PeopleQuery(OrganisationQuery):
    """Accounts by username, narrowed by what one remembers of somebody."""

    q: Annotated[
        Annotated[str, StringConstraints(min_length=1, max_length=64)] | None,
        Field(description="姓名、用户名或手机号里的一段"),
    ] = None


class NewPerson(Input):
    """An account to be made, with its first post."""

    username: Username
    name: FullName
    phone: PhoneField = None
    post: Annotated[PostPart, Field(description="第一个岗位，从今天起")]


class PersonBody(Input):
    """The whole new state of an account."""

    name: FullName
    phone: PhoneField = None


class NewPost(PostPart):
    """A post from a day on."""

    from_on: On = None


class NewLeave(Input):
    """An absence and who stands in."""

    from_on: Annotated[Day, Field(description="请假首日，不能早于今天")]
    to_on: Annotated[Day, Field(description="回岗日：当天起不再代理")]
    deputy: Annotated[Username, Field(description="代理人的用户名")]


class AdministeredPost(Output):
    """A post with its dates."""

    id: str
    role: Role
    role_label: str
    organisation: Named
    from_on: Annotated[str, Field(description="从哪天起")]
    to_on: Annotated[str | None, Field(description="到哪天为止，不含当天；没有期限为空")]
    deputises: Annotated[PersonNamed | None, Field(description="代理谁；自己的岗位为空")]


class AdministeredLeave(Output):
    """A leave that lasts or is to come."""

    id: str
    deputy: Annotated[PersonNamed, Field(description="代理人")]
    from_on: Annotated[str, Field(description="请假首日")]
    to_on: Annotated[str, Field(description="回岗日")]


class AdministeredPerson(Output):
    """An account."""

    id: str
    username: str
    name: str
    phone: Annotated[str | None, Field(description="手机号")]
    active: Annotated[bool, Field(description="账号能否登录")]
    has_password: Annotated[bool, Field(description="是否已设口令")]
    posts: Annotated[list[AdministeredPost], Field(description="岗位；列表里只有未结束的")]
    leaves: Annotated[list[AdministeredLeave], Field(description="正在和将要的请假")]


class AdministeredPeople(Output):
    """A page of accounts by username."""

    items: list[AdministeredPerson]
    next_cursor: str | None


class FreshPassword(Output):
    """A fresh password, told this once."""

    username: str
    password: Annotated[
        str | None, Field(description="新口令，只在第一次答复里给出；重发得到的是空")
    ]
