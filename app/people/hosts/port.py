"""What is asked of a host platform: the port that an adapter implements."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class HostIdentity:
    """Who somebody is at a host: `subject` is theirs within one `tenant` (an app or a company).

    `phone` is known where the host says it along with the identity.
    """

    host: str
    tenant: str
    subject: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)


class HostPlatform(Protocol):
    """A host platform; both verbs ask another machine, so no transaction may be open.

    Both raise CodeRefused for a code that is used, expired or made up, TooManyAtHost, HostBlocked,
    and HostUnavailable when the host gives no answer that can be used.
    """

    host: str
    """A short lower-case word: wechat."""
    tenant: str
    """The app at the host that codes are for."""

    def exchange(self, code: str) -> HostIdentity:
        """Who has signed in at the host, for the code that its client was given."""

    def phone_number(self, phone_code: str) -> str:
        """The mainland number that somebody let the host tell, digits only, for the code that its
        client was given."""
