"""The places there are, and where one stands to take their picture.

A place is its dice: the same dice build the same place.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.demo.pictures.built import stairwell, station, wall
from app.demo.pictures.canvas import Canvas, Eye
from app.demo.pictures.outdoors import courtyard, gate, lane, lawn, village
from app.demo.pictures.site import Site


@dataclass(frozen=True)
class Setting:
    """How a place is built, and how one looks at it: the middle of the view and its spread."""

    build: Callable[[Canvas, random.Random], Site]
    pitch: float = -0.07
    yaw: float = 0.16
    indoors: bool = False


def eye_for(setting: Setting, place: random.Random, moment: random.Random) -> Eye:
    """Where one stands: chosen with the place, moved by a few hands' breadths with the moment."""
    return Eye(
        x=place.uniform(-0.4, 0.4) + moment.uniform(-0.12, 0.12),
        y=place.uniform(-0.6, 0.6) + moment.uniform(-0.12, 0.12),
        z=place.uniform(1.45, 1.75) + moment.uniform(-0.04, 0.04),
        yaw=place.uniform(-setting.yaw, setting.yaw) + moment.uniform(-0.012, 0.012),
        pitch=setting.pitch + place.uniform(-0.04, 0.02) + moment.uniform(-0.008, 0.008),
        focal=place.uniform(0.74, 0.92),
    )


SETTINGS: Mapping[str, Setting] = {
    "courtyard": Setting(courtyard, yaw=0.1),
    "lane": Setting(lane, yaw=0.08),
    "lawn": Setting(lawn, pitch=-0.1),
    "gate": Setting(gate, yaw=0.1),
    "station": Setting(station, pitch=-0.04, yaw=0.08),
    "wall": Setting(wall, pitch=0.06, yaw=0.22),
    "stairwell": Setting(stairwell, pitch=-0.08, yaw=0.07, indoors=True),
    "village": Setting(village, yaw=0.1),
}
