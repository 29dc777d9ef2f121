"""The made-up county in time: a clock that stories move, and what people do at it.

A story is a generator: it does something, gives the instant at which it goes on, and is resumed
when everything before that instant has happened. What would happen after the end does not.
"""

import heapq
import io
import random
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue.queries import work_calendar
from app.demo.drawing import Stamp, draw_photo
from app.demo.scenes import SCENES
from app.demo.weeks.areas import SETTINGS
from app.demo.weeks.cast import Cast, Community, Compound, Spot
from app.demo.weeks.matters import Matter
from app.kernel.clock import SHANGHAI, shanghai_day
from app.kernel.geo import Datum, from_wgs84
from app.kernel.moments import Moment
from app.people.access import Actor
from app.photos.evidence import PhotoSource
from app.photos.service import DeviceFix, PhotoClaims, keep_bytes, take_in_photo
from app.photos.store import PhotoStore
from app.sla.allowances import out_of
from app.sla.calendar import WorkCalendar
from app.sla.limits import Limit, LimitUnit, instant_after
from app.tickets.handling.clocks import pauses_of
from app.tickets.models import State, Ticket
from app.tickets.service import ActionAsked, check_action, circumstances_of, take_action
from app.tickets.workflow import Action, allowed_actions

Story = Generator[datetime, None, None]
Found = tuple[Community, Compound, Spot, Matter, random.Random]
"""Something wrong somewhere, and the dice of its story."""
SIZE = (1120, 840)
MORNING, EVENING, NIGHT = 7.5, 21.0, 23.5
"""The hours (Asia/Shanghai) between which people are about, and till when wardens report danger."""
_METRE = 1 / 111_195
MOST_BYTES = 25 << 20
_LOST_M = 260.0


@dataclass
class Case:
    """A ticket and what its story needs to know of it."""

    ticket_id: UUID
    community: Community
    compound: Compound
    spot: Spot
    matter: Matter
    dice: random.Random
    poor: bool = False
    """Whether the work was done badly this time."""


@dataclass(frozen=True)
class Shares:
    """How many in a hundred closures and clean rounds are looked at again."""

    second_looks: int
    spot_checks: int


@dataclass(frozen=True)
class Told:
    """A story under way, whether holidays do not hold it up, and its latest hour."""

    story: Story
    danger: bool
    latest: float


@dataclass
class World:
    """The county while its weeks go by; `now` is the instant at which it stands."""

    session: Session
    store: PhotoStore
    cast: Cast
    begins: datetime
    ends: datetime
    seed: int
    shares: Shares
    now: datetime = field(init=False)
    calendar: WorkCalendar = field(init=False)
    photographs: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    after_bytes: dict[str, bytes] = field(default_factory=dict)
    """The last after-photo of each organisation, for those who send a picture twice."""
    papers: dict[str, dict[Any, Any]] = field(default_factory=dict)
    """The first row of each town's last spreadsheet, for those who import it twice."""
    _waiting: list[tuple[datetime, int, Told]] = field(default_factory=list)
    _told: int = 0

    def __post_init__(self) -> None:
        self.now = self.begins
        self.calendar = work_calendar(self.session)

    @property
    def today(self) -> date:
        """The day (Asia/Shanghai) on which it ends."""
        return shanghai_day(self.ends)

    def dice(self, *names: object) -> random.Random:
        """Dice of their own for a story, whatever the others throw."""
        return random.Random(f"{self.seed} {' '.join(map(str, names))}")

    def tell(
        self, begins: datetime, story: Story, *, danger: bool = False, by_night: bool = False
    ) -> None:
        """Lets a story begin at an instant. Danger goes on in holidays; `by_night`: till 23:30."""
        self._told += 1
        told = Told(story, danger, NIGHT if by_night else EVENING)
        heapq.heappush(self._waiting, (begins, self._told, told))

    def live(self, *, until: datetime) -> None:
        """Lets everything happen that happens before an instant, in its order."""
        while self._waiting and self._waiting[0][0] < until:
            at, number, told = heapq.heappop(self._waiting)
            awake = self._when_awake(max(self.now, at), number, told)
            if awake > at and awake > self.now:
                heapq.heappush(self._waiting, (awake, number, told))
                continue
            self.now = max(self.now, at)
            following = next(told.story, None)
            if following is not None:
                heapq.heappush(self._waiting, (max(following, self.now), number, told))
        self.now = until
        self.session.flush()
        self.session.expunge_all()

    def _when_awake(self, at: datetime, number: int, told: "Told") -> datetime:
        """The instant itself when people are about, else some time in the next such morning."""
        local = at.astimezone(SHANGHAI)
        day, hour = local.date(), local.hour + local.minute / 60
        if MORNING <= hour < told.latest and (told.danger or not self.is_holiday(day)):
            return at
        if hour >= MORNING:
            day += timedelta(days=1)
        while not told.danger and self.is_holiday(day):
            day += timedelta(days=1)
        return self.at(day, MORNING + self.dice("morning", number, day).uniform(0.1, 2.5))

    def is_holiday(self, day: date) -> bool:
        """Whether a day (Asia/Shanghai) is one of three or more days off in a row."""
        off = [
            not self.calendar.is_working_day(day + timedelta(days=number))
            for number in range(-2, 3)
        ]
        return any(all(off[first : first + 3]) for first in range(3))

    def hours(self, working: float) -> datetime:
        """The instant after so many working hours."""
        limit = Limit(1, LimitUnit.hour)
        return instant_after(self.now, timedelta(hours=working), limit, self.calendar)

    def at(self, day: date, hour: float) -> datetime:
        """An hour of a day, Asia/Shanghai."""
        midnight = datetime.combine(day, time(), SHANGHAI)
        return midnight + timedelta(seconds=round(hour * 3600))

    def share_of_limit(self, case: Case, share: float) -> datetime:
        """The instant at which a share of the present leg's limit is used up."""
        ticket = self.ticket(case)
        leg = ticket.open_leg
        if leg is None:
            return self.now
        limit = Limit(leg.limit_amount, leg.limit_unit)
        pauses = pauses_of(self.session, ticket, since=leg.limit_from_at)
        at = instant_after(leg.limit_from_at, limit.length * share, limit, self.calendar, pauses)
        return max(at, self.now + timedelta(minutes=12))

    def ticket(self, case: Case) -> Ticket:
        """The ticket as it is."""
        return self.session.get_one(Ticket, case.ticket_id)

    def stands(self, case: Case, state: State) -> bool:
        """Whether the ticket is in a state: another story may have moved it."""
        return self.ticket(case).state is state

    def act(self, case: Case, action: Action, by: Actor, **said: Any) -> Ticket:
        """Somebody takes an action on the ticket as it is now."""
        ticket = self.ticket(case)
        circumstances = check_action(
            self.session, ticket, action, actor=by, version=ticket.version, now=self.now
        )
        if "until" in said:
            # Nobody names a time at which work is paused.
            said["until"] = out_of(said["until"], pauses_of(self.session, ticket, since=self.now))
        return take_action(
            self.session,
            circumstances,
            action,
            ActionAsked(moment=Moment(self.now, self.now), **said),
            actor=by,
            second_look_percent=self.shares.second_looks,
        )

    def may(self, case: Case, action: Action, by: Actor) -> bool:
        """Whether somebody may take an action now."""
        circumstances = circumstances_of(self.session, self.ticket(case), now=self.now)
        return action in allowed_actions(by, circumstances)

    def photograph(
        self,
        by: Actor,
        spot: Spot,
        matter: Matter,
        state: str,
        dice: random.Random,
        *,
        village: bool = False,
    ) -> tuple[UUID, bytes]:
        """Somebody takes a photo of a spot a few minutes ago and sends it now."""
        self.photographs += 1
        taken = self.now - timedelta(minutes=dice.randint(1, 6), seconds=dice.randint(0, 59))
        local = taken.astimezone(SHANGHAI)
        data = draw_photo(
            matter.scene,
            state,
            place=spot.place,
            moment=self.photographs,
            setting=setting_of(matter, spot, village=village),
            hour=local.hour + local.minute / 60,
            stamp=Stamp(taken) if dice.random() < 0.2 else None,
            size=SIZE,
        )
        # Between tall buildings a fix is now and then a few hundred metres off: somebody looks.
        off = _LOST_M if state == "after" and dice.random() < 0.04 else 0.0
        return self.send(by, spot, data, taken, dice, off=off), data

    def send(
        self,
        by: Actor,
        spot: Spot,
        data: bytes,
        taken: datetime,
        dice: random.Random,
        *,
        off: float = 0.0,
    ) -> UUID:
        """Somebody sends a picture from a spot; a phone's fix is some metres off."""
        east, north = (off + dice.gauss(0, 4)) * _METRE, dice.gauss(0, 4) * _METRE
        lng, lat = from_wgs84(spot.lng + east, spot.lat + north, Datum.GCJ02)
        accuracy = float(dice.choice((4, 5, 6, 8, 10, 12, 15, 20)))
        kept = keep_bytes(
            io.BytesIO(data), self.store, max_bytes=MOST_BYTES, known=lambda digest: False
        )
        claims = PhotoClaims(
            moment=Moment(self.now, self.now),
            fix=DeviceFix(lng, lat, Datum.GCJ02, accuracy, taken),
            taken_at=taken,
            source=PhotoSource.ALBUM if dice.random() < 0.1 else PhotoSource.CAMERA,
        )
        return take_in_photo(self.session, kept, claims, actor=by).photo.id

    def number(self, kind: str) -> str:
        """The next number of a kind of paper: the hotline's, a superior's, a letter's."""
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        local = self.now.astimezone(SHANGHAI)
        return f"{kind}{local:%Y%m%d}{self.numbers[kind]:03d}"


def setting_of(matter: Matter, spot: Spot, *, village: bool) -> str:
    """What is seen around the spot, as far as the scene is seen there."""
    fitting = SCENES[matter.scene].settings
    wanted: Iterable[str] = ("village", "lawn") if village else (SETTINGS[spot.area],)
    return next((each for each in wanted if each in fitting), fitting[0])
