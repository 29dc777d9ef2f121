"""JSON of organisations under administration."""

from typing import Annotated

from pydantic import Field

from app.administration.schemas.common import Name, NewCode, OrganisationQuery
from app.kernel.schemas import Code, Input, Named, Output
from app.people.models import OrganisationType


class OrganisationsQuery(OrganisationQuery):
    """Organisations by code, of one type."""

    type: OrganisationType | None = None


class NewOrganisation(Input):
    """An organisation to be made; its code and its place in the tree stay for good."""

    code: NewCode
    name: Name
    type: OrganisationType
    parent: Annotated[Code, Field(description="上级组织编码；以后不能改")]


class OrganisationBody(Input):
    """The whole new state of an organisation."""

    name: Name


class GivenBody(Input):
    """All that a management group looks after."""

    organisations: Annotated[
        list[Code], Field(max_length=200, description="分管的全部社区和村（编码），从今天起")
    ]


class AdministeredOrganisation(Output):
    """An organisation with its place in the tree."""

    id: str
    code: str
    name: str
    type: OrganisationType
    type_label: str
    parent: Annotated[Named | None, Field(description="上级组织")]
    town: Annotated[Named | None, Field(description="所属的镇；县级的为空")]
    given: Annotated[list[Named], Field(description="管理组今天分管的社区和村")]
    retired_on: str | None


class AdministeredOrganisations(Output):
    """A page of organisations by code."""

    items: list[AdministeredOrganisation]
    next_cursor: str | None
