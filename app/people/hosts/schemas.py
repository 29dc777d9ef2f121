"""JSON of signing in at a host."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.kernel.schemas import Input

HostCode = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=256, pattern=r"^[!-~]+$")
]
Consent = Annotated[str, Field(min_length=1, max_length=32)] | None


class HostSignIn(Input):
    """The code that the host's client was given, and the version of the privacy guide agreed to."""

    code: HostCode
    consent: Consent = None


class HostBind(Input):
    """The ticket of a sign-in that found nobody, and the code for the phone number."""

    binding_ticket: Annotated[str, Field(min_length=1, max_length=1024)]
    phone_code: HostCode
    consent: Consent = None
