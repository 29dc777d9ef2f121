"""What several themes of administration share."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Day, Input, Output
from app.people.models import Role


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("不能有换行和看不见的字符")
    return text


Name = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(_printable)]
NewCode = Annotated[
    str,
    StringConstraints(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$"),
]
"""The code of something new: letters, digits, hyphens and underscores."""

On = Annotated[Day | None, Field(description="从哪天起；不填为今天，不能早于今天")]


class OnBody(Input):
    """From which day; today unless given."""

    on: On = None


class OrganisationQuery(PageQuery):
    """A page of what belongs to an organisation's subtree."""

    organisation: Annotated[Code | None, Field(description="组织编码，含其下级")] = None


class PersonNamed(Output):
    """A person inside another object."""

    username: str
    name: str


class PostPart(Input):
    """A role at an organisation."""

    role: Role
    organisation: Annotated[Code, Field(description="组织编码")]
