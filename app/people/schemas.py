"""JSON of sign-in and of persons."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.kernel.schemas import Code, Flag, Input, Named, Output
from app.people.models import OrganisationType, Role

Password = Annotated[str, StringConstraints(min_length=1, max_length=1024, strip_whitespace=False)]


class PasswordSignIn(Input):
    """A username and a password; `cookie` asks for a page session instead of a bearer token."""

    username: Annotated[str, Field(min_length=1, max_length=64)]
    password: Password
    cookie: Flag = False


class PostOut(Output):
    """A post: a role at an organisation."""

    id: str
    role: Role
    role_label: str
    organisation: Named
    organisation_type: OrganisationType
    communities: Annotated[
        list[Code], Field(description="管理组今天分管的社区、村的编码；不是管理组的为空")
    ]


class PersonOut(Output):
    """The person asking, with the posts in force today."""

    id: str
    name: str
    username: str
    posts: list[PostOut]


class MeOut(PersonOut):
    """The person asking, and how many notices they have not read; a page session also gets the
    CSRF token that its writes must carry."""

    csrf_token: str | None
    unread: int


class NewPassword(Input):
    """The password that one has, and the one to have."""

    password: Password
    new_password: Password


class OwnSignIn(Output):
    """A sign-in of one's own that holds."""

    id: str
    issued_at: str
    expires_at: str
    agent: str | None
    current: bool


class OwnSignIns(Output):
    """One's sign-ins that hold."""

    items: list[OwnSignIn]


class SignInOut(Output):
    """A sign-in: the token is shown this once (null for a page session)."""

    access_token: str | None
    expires_at: str
    person: PersonOut
    csrf_token: str | None = None
