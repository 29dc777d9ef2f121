"""JSON of photos."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from app.kernel.geo import Datum
from app.kernel.schemas import Input, Instant, Named, Output
from app.photos.evidence import Direction, PhotoSource, Verdict

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")]


def _or_empty(schema: dict[str, Any]) -> None:
    """Says of every field that may be left out that it may be empty too."""
    for member in schema["properties"].values():
        if "default" in member:
            kinds = member.pop("anyOf", None) or [
                {k: member.pop(k) for k in tuple(member) if k not in ("default", "title")}
            ]
            member["anyOf"] = [*kinds, {"enum": [""]}]


class PhotoForm(Input):
    """The fields beside the file of an upload; an empty one counts as left out."""

    model_config = ConfigDict(json_schema_extra=_or_empty)

    lng: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    datum: Datum = Datum.WGS84
    accuracy_m: Annotated[float, Field(ge=0, le=100_000)] | None = None
    fixed_at: Instant | None = None
    taken_at: Instant | None = None
    source: PhotoSource = PhotoSource.UNKNOWN
    client_sha256: Sha256 | None = None
    occurred_at: Instant | None = None
    sent_at: Instant | None = None

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {name: value for name, value in values.items() if str(value).strip()}


class FileOnly(Input):
    """A form with one file and nothing else."""

    file: Annotated[str, Field(json_schema_extra={"format": "binary"})]


class PhotoUpload(PhotoForm):
    """An upload: multipart/form-data with one file."""

    file: Annotated[str, Field(json_schema_extra={"format": "binary"})]


class TakenAt(Output):
    """When a photo was taken, by the phone and by EXIF."""

    device: str | None
    exif: str | None


class DevicePosition(Output):
    """Where the phone said it was."""

    lng: float
    lat: float
    datum: Datum
    accuracy_m: float | None
    fixed_at: str | None


class ExifPosition(Output):
    """Where EXIF says the photo was taken."""

    lng: float
    lat: float
    datum: Literal["wgs84"]


class Positions(Output):
    """Both positions of a photo, as they came."""

    device: DevicePosition | None
    exif: ExifPosition | None


class PositionInForce(Output):
    """The one position that counts, in WGS-84: the device's before EXIF's."""

    lng: float
    lat: float
    datum: Literal["wgs84"]
    accuracy_m: float | None
    source: Literal["device", "exif"]


class PhotoCell(Output):
    """The cell that holds a photo's position; `code` is null outside every cell."""

    code: str | None
    name: str | None
    match: Literal["inside", "ambiguous", "outside"]
    candidates: list[Named]


class PatchOut(Output):
    """A box in pixels of the display rendition, from its upper left corner."""

    x: int
    y: int
    width: int
    height: int


class ShareBox(Output):
    """A box in shares of the upright picture's width and height, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


class AreaOut(Output):
    """A place that was changed, on the after-photo and on the before-photo."""

    after: ShareBox
    before: ShareBox


class FindingOut(Output):
    """One thing noticed about a photo; null: nothing observed, or nothing to hold it against."""

    code: str
    direction: Direction
    direction_label: str
    observed: str | None
    threshold: str | None
    message: str
    patch: PatchOut | None
    areas: list[AreaOut]
    photo_id: str | None


class PhotoUrls(Output):
    """Signed addresses: usable in an <img>, for an hour or more."""

    thumb: str
    display: str
    received: str | None


class PhotoOut(Output):
    """A photo: what it is, where and when, and what was noticed about it."""

    id: str
    sha256: str
    bytes: int
    media_type: str
    width: int
    height: int
    received_at: str
    purged_at: str | None
    taken_at: TakenAt
    positions: Positions
    position: PositionInForce | None
    cell: PhotoCell | None
    verdict: Verdict
    verdict_label: str
    findings: list[FindingOut]
    urls: PhotoUrls


class PhotoLinkQuery(Input):
    """The parts of a signed address; of what is sealed also whose it is."""

    expires: str = ""
    signature: str = ""
    viewer: str = ""
