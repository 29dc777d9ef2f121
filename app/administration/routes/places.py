"""Compounds, contracts and checkpoints over HTTP."""

from dataclasses import dataclass
from typing import Any

from app.administration.places import checkpoints as checkpoint_service
from app.administration.places import compounds as service
from app.administration.places.compounds import CompoundContent
from app.administration.places.contracts import change_contract
from app.administration.presenting.places import compound_json
from app.administration.routes.acting import (
    WRITE,
    act_of,
    changed,
    meant,
    organisation_of_body,
    ruled,
    towns_seen,
)
from app.administration.schemas.common import OnBody
from app.administration.schemas.places import (
    AdministeredCompound,
    CheckpointBody,
    CompoundBody,
    ContractBody,
    NewCompound,
)
from app.administration.sight import matter_changed
from app.grid import sight
from app.grid.models import Checkpoint, Compound
from app.kernel.errors import NotThere
from app.kernel.ids import parse_id
from app.people.access import Matter
from app.people.models import Organisation
from app.web.routing import Call, Routes

routes = Routes("管理：小区")


@dataclass(frozen=True, slots=True)
class CompoundAndCheckpoint:
    """A compound and one of its checkpoints."""

    compound: Compound
    checkpoint: Checkpoint


def compound_asked_for(call: Call) -> Compound:
    """The compound named in the path; raises NotThere."""
    return sight.compound_in_sight(call.session, call.args["code"], towns_seen(call))


def place_of_compound(call: Call) -> Matter:
    """Who changes a compound administers its community."""
    return matter_changed(call.loaded.organisation)


def _content(call: Call, said: CompoundBody) -> CompoundContent:
    return CompoundContent(
        said.name,
        ruled(call, said.organisation),
        said.kind,
        said.buildings,
        said.households,
        said.outline,
    )


def community_named(call: Call) -> Organisation | None:
    """Where a new compound is to be."""
    return organisation_of_body(call, "organisation")


@routes.post(
    "/compounds",
    permission=WRITE,
    body=NewCompound,
    answer=AdministeredCompound,
    status=201,
    loads=community_named,
    matter=changed,
)
def post_compound(call: Call) -> dict[str, Any]:
    """新建小区，可以连点位一起"""
    said = call.body(NewCompound)
    made = service.make_compound(
        call.session,
        said.code,
        _content(call, said),
        in_service_on=said.in_service_on,
        checkpoints=[(one.name, one.area) for one in said.checkpoints],
        act=act_of(call),
    )
    return compound_json(call.session, made)


@routes.put(
    "/compounds/<code>",
    permission=WRITE,
    body=CompoundBody,
    answer=AdministeredCompound,
    loads=compound_asked_for,
    matter=place_of_compound,
    refusals=(409,),
)
def put_compound(call: Call) -> dict[str, Any]:
    """修改小区"""
    said = call.body(CompoundBody)
    # It may move to another community only where the asker administers that one too.
    content = _content(call, said)
    service.change_compound(call.session, call.loaded, content, act=act_of(call))
    return compound_json(call.session, call.loaded)


@routes.post(
    "/compounds/<code>/retire",
    permission=WRITE,
    body=OnBody,
    answer=AdministeredCompound,
    loads=compound_asked_for,
    matter=place_of_compound,
)
def post_retired_compound(call: Call) -> dict[str, Any]:
    """停用小区；物业合同同日结束"""
    said = call.body(OnBody)
    service.retire_compound(call.session, call.loaded, on=said.on, act=act_of(call))
    return compound_json(call.session, call.loaded)


@routes.post(
    "/compounds/<code>/contract",
    permission=WRITE,
    body=ContractBody,
    answer=AdministeredCompound,
    loads=compound_asked_for,
    matter=place_of_compound,
)
def post_contract(call: Call) -> dict[str, Any]:
    """从某天起由哪家物业公司管理；空为无物业"""
    said = call.body(ContractBody)
    company = None if said.company is None else meant(call, said.company, "company")
    change_contract(call.session, call.loaded, company, from_on=said.from_on, act=act_of(call))
    return compound_json(call.session, call.loaded)


@routes.post(
    "/compounds/<code>/checkpoints",
    permission=WRITE,
    body=CheckpointBody,
    answer=AdministeredCompound,
    status=201,
    loads=compound_asked_for,
    matter=place_of_compound,
)
def post_checkpoint(call: Call) -> dict[str, Any]:
    """增加点位；已停用的同名点位恢复使用"""
    said = call.body(CheckpointBody)
    checkpoint_service.add_checkpoint(
        call.session, call.loaded, name=said.name, area=said.area, act=act_of(call)
    )
    return compound_json(call.session, call.loaded)


def checkpoint_asked_for(call: Call) -> CompoundAndCheckpoint:
    """The compound and the checkpoint named in the path; raises NotThere."""
    compound, wanted = compound_asked_for(call), parse_id(call.args["checkpoint"])
    checkpoint = call.session.get(Checkpoint, wanted) if wanted else None
    if checkpoint is None or checkpoint.compound_id != compound.id:
        raise NotThere("这个小区没有这个点位。")
    return CompoundAndCheckpoint(compound, checkpoint)


def place_of_checkpoint(call: Call) -> Matter:
    """Who changes a checkpoint administers the compound's community."""
    return matter_changed(call.loaded.compound.organisation)


@routes.put(
    "/compounds/<code>/checkpoints/<checkpoint>",
    permission=WRITE,
    body=CheckpointBody,
    answer=AdministeredCompound,
    loads=checkpoint_asked_for,
    matter=place_of_checkpoint,
    refusals=(409,),
)
def put_checkpoint(call: Call) -> dict[str, Any]:
    """修改点位的名称和区域"""
    said, found = call.body(CheckpointBody), call.loaded
    checkpoint_service.change_checkpoint(
        call.session,
        found.compound,
        found.checkpoint,
        name=said.name,
        area=said.area,
        act=act_of(call),
    )
    return compound_json(call.session, found.compound)


@routes.post(
    "/compounds/<code>/checkpoints/<checkpoint>/retire",
    permission=WRITE,
    body=OnBody,
    answer=AdministeredCompound,
    loads=checkpoint_asked_for,
    matter=place_of_checkpoint,
)
def post_retired_checkpoint(call: Call) -> dict[str, Any]:
    """停用点位，从某天起"""
    said, found = call.body(OnBody), call.loaded
    checkpoint_service.retire_checkpoint(
        call.session, found.compound, found.checkpoint, on=said.on, act=act_of(call)
    )
    return compound_json(call.session, found.compound)
