"""JSON of scanned places."""

from app.grid.models import Area
from app.kernel.schemas import Code, Input, Named, Output


class CodesQuery(Input):
    """Whether the sheet has the mini-program's codes too, where they are set up."""

    wechat: bool = True


class UnitCodesQuery(CodesQuery):
    """Whose places."""

    organisation: Code


class ScannedCheckpoint(Output):
    """The checkpoint at which a code hangs."""

    id: str
    name: str
    area: Area
    area_label: str


class ScannedOut(Output):
    """The place of a code; `checkpoint` null: the compound as a whole."""

    compound: Named
    checkpoint: ScannedCheckpoint | None
    in_service: bool
