"""JSON of subscriptions."""

from typing import Annotated

from pydantic import Field

from app.kernel.schemas import Input, Output

TemplateId = Annotated[str, Field(min_length=1, max_length=64)]

TemplateIds = Annotated[tuple[TemplateId, ...], Field(max_length=10)]


class SubscriptionsBody(Input):
    """What somebody answered when their client asked whether it may tell them."""

    accepted: TemplateIds = ()
    refused: TemplateIds = ()


class SubscriptionOut(Output):
    """A template: for what it is, how many messages are granted, and since when it is refused."""

    template: str
    name: str
    kind_labels: list[str]
    lasting: bool
    left: int
    refused_at: str | None


class SubscriptionsOut(Output):
    """All templates."""

    items: list[SubscriptionOut]
