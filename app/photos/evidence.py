"""The words of evidence: facts that rules look at, thresholds, findings and verdicts. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.kernel.geo import distance_m


class Direction(StrEnum):
    """Which way a finding points."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What the findings come to, the gravest of them deciding."""

    CONSISTENT = "consistent"
    NEEDS_REVIEW = "needs_review"
    CONTRADICTED = "contradicted"


DIRECTION_LABELS = {
    Direction.SUPPORTS: "佐证",
    Direction.CONTRADICTS: "疑点",
    Direction.UNKNOWN: "参考",
}
VERDICT_LABELS = {
    Verdict.CONSISTENT: "相符",
    Verdict.NEEDS_REVIEW: "有疑点",
    Verdict.CONTRADICTED: "与事实不符",
}


class PhotoSource(StrEnum):
    """Where the phone took the picture from."""

    CAMERA = "camera"
    ALBUM = "album"
    UNKNOWN = "unknown"


class PhotoRole(StrEnum):
    """What a photo is evidence of in a ticket."""

    BEFORE = "before"
    AFTER = "after"
    PROCESS = "process"
    CHECK = "check"


ROLE_LABELS = {
    PhotoRole.BEFORE: "整改前",
    PhotoRole.AFTER: "整改后",
    PhotoRole.PROCESS: "过程",
    PhotoRole.CHECK: "核查",
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Figures that rules compare with, in metres, time spans, bits and shares; their version.

    These are the shipped ones: what a county has instead is in `app/photos/thresholds`.
    """

    version: str = "2026-11.5"
    positions_apart_m: float = 200.0
    poor_accuracy_m: float = 200.0
    future: timedelta = timedelta(minutes=5)
    late: timedelta = timedelta(hours=72)
    clocks_apart: timedelta = timedelta(minutes=10)
    fix_apart: timedelta = timedelta(hours=1)
    place_tolerance_m: float = 100.0
    other_place_m: float = 500.0
    other_place_accuracy_m: float = 100.0
    assumed_accuracy_m: float = 50.0
    before_ticket: timedelta = timedelta(minutes=5)
    similar_distance: int = 8
    near_distance: int = 6
    near_fine_distance: int = 48
    copy_fine_distance: int = 12
    retouched_middle: float = 0.12
    retouched_most: float = 0.18
    retouched_shift: float = 0.7
    least_detail: float = 0.1
    least_entropy: float = 2.0


SHIPPED = Thresholds()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed. `leads_to` is the verdict that it would bring about alone."""

    code: str
    direction: Direction
    observed: str
    threshold: str
    message: str
    rule_version: str
    leads_to: Verdict = Verdict.CONSISTENT
    other_photo_id: UUID | None = None

    def about(self, other_photo_id: UUID) -> "Finding":
        """The same finding, naming another photo."""
        return replace(self, other_photo_id=other_photo_id)


@dataclass(frozen=True, slots=True)
class Fix:
    """A position in WGS-84 degrees; accuracy is a radius in metres (None: not said)."""

    lng: float
    lat: float
    accuracy_m: float | None = None
    fixed_at: datetime | None = None

    def metres_to(self, other: "Fix") -> float:
        """Great-circle metres to another fix."""
        return distance_m(self.lng, self.lat, other.lng, other.lat)


@dataclass(frozen=True, slots=True)
class EarlierCopy:
    """A photo of the same bytes that was received before this one.

    `used_elsewhere`: it is evidence for another place than that of the use asked about;
    `handed_in_at`: when it first was after-evidence of another ticket (our clock); `returned_here`:
    it was after-evidence of this very ticket, and the work was found wanting.
    """

    photo_id: UUID
    received_at: datetime
    same_person: bool
    used_elsewhere: bool = False
    handed_in_at: datetime | None = None
    returned_here: bool = False


@dataclass(frozen=True, slots=True)
class EarlierLike:
    """A photo that was received before this one and looks like it.

    `distance` is the smallest between hashes of the two, `whole_distance` and `fine_distance` those
    of the whole pictures as they hang, of 64 and of 256 bits. `sent_again`: the same person says
    that both were made of one file, so a phone made it smaller once more.
    """

    photo_id: UUID
    received_at: datetime
    distance: int
    whole_distance: int
    fine_distance: int
    same_person: bool = False
    sent_again: bool = False

    def near_identical(self, limits: Thresholds) -> bool:
        """Whether the two are one picture but for re-encoding."""
        near = self.whole_distance <= limits.near_distance
        return near and self.fine_distance <= limits.near_fine_distance


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What is known of one photo.

    Instants are aware. `clock_offset` is what must be added to the phone's clock to get ours; both
    times the phone gives are corrected by it. `exif_problem` is an ExifProblem. `cell_match` is
    inside, ambiguous or outside (None: no position). `low_detail`: it shows too little to
    be compared with others.
    """

    received_at: datetime
    device_position: Fix | None = None
    exif_position: Fix | None = None
    device_taken_at: datetime | None = None
    exif_taken_at: datetime | None = None
    exif_problem: str | None = None
    clock_offset: timedelta = timedelta()
    source: PhotoSource = PhotoSource.UNKNOWN
    cell_match: str | None = None
    earlier_copies: tuple[EarlierCopy, ...] = ()
    earlier_likes: tuple[EarlierLike, ...] = ()
    low_detail: bool = False

    @property
    def position(self) -> Fix | None:
        """The device's position wins over EXIF."""
        return self.device_position or self.exif_position

    def by_our_clock(self, instant: datetime | None) -> datetime | None:
        """An instant of the phone's clock, corrected by its offset."""
        return None if instant is None else instant + self.clock_offset


class LikePlace(StrEnum):
    """Where a picture that looks like one in use belongs, seen from the place of the ticket.

    HERE: the ticket itself, a neighbour of it, or taken near by. ELSEWHERE: used for another place,
    it is not known how far. FAR: used or taken far beyond what positions err.
    """

    HERE = "here"
    UNKNOWN = "unknown"
    ELSEWHERE = "elsewhere"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class UsedLike:
    """A photo near-identical to one in use, of other bytes, and the place that it belongs to.

    `is_before`: it is before-evidence of this very ticket.
    """

    photo_id: UUID
    received_at: datetime
    fine_distance: int
    place: LikePlace
    is_before: bool = False


@dataclass(frozen=True, slots=True)
class UseFacts:
    """What is known of one use of a photo in a ticket.

    The place is the ticket's position, or its compound's or cell's outline: `distance_m` is what
    the caller measured to the outline (0 inside), `inside_place` whether it holds the photo.
    `reported_at` is when the server had the ticket, `occurred_at` when it was made offline, both by
    our clock; with `fixed_on_spot` before and after were both taken before there was a ticket.
    """

    role: PhotoRole
    reported_at: datetime
    occurred_at: datetime | None = None
    position: Fix | None = None
    distance_m: float | None = None
    inside_place: bool | None = None
    fixed_on_spot: bool = False
    earlier_copies: tuple[EarlierCopy, ...] = ()
    likes: tuple[UsedLike, ...] = ()

    @property
    def since(self) -> datetime:
        """The instant from which the ticket is: a phone that was offline reports late."""
        return min(self.reported_at, self.occurred_at or self.reported_at)

    @property
    def is_by_our_clock(self) -> bool:
        """Whether `since` is a receipt, which no phone's clock can have got wrong."""
        return self.since == self.reported_at
