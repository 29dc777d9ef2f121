"""What is asked of a host that delivers messages: the port that an adapter implements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class MessageRefused(Exception):
    """The host does not deliver to this person: they have refused, or have granted no more."""


class MessageFaulty(Exception):
    """The host does not take the message as it is made: its template or page is wrong."""

    def __init__(self, errcode: int) -> None:
        super().__init__(f"errcode {errcode}")
        self.errcode = errcode


@dataclass(frozen=True, slots=True)
class Message:
    """A filled template for somebody at the host, and the page that opens on it."""

    subject: str = field(repr=False)
    template: str
    page: str | None
    fields: Mapping[str, str] = field(repr=False)


class Messenger(Protocol):
    """Delivers messages; it asks another machine, so no transaction may be open."""

    host: str
    tenant: str

    def send(self, message: Message) -> str:
        """Gives a message to the host; its number there, empty for none. Raises MessageRefused,
        MessageFaulty and HostUnavailable, with which it is not known whether it was given."""
