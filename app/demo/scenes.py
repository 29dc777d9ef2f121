"""What can be wrong, where it is found, and how it looks before and after."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.demo.pictures import greens, litter, roads, walls
from app.demo.pictures.canvas import Canvas
from app.demo.pictures.site import Site

Draw = Callable[[Canvas, Site, random.Random, bool], None]


@dataclass(frozen=True)
class Scene:
    """How something wrong is drawn (True: before it is put right), and the settings it is seen in.

    `apart`: its dice go on differently before and after, so that other parts change too.
    """

    draw: Draw
    settings: tuple[str, ...]


SCENES: Mapping[str, Scene] = {
    "clutter": Scene(litter.clutter, ("courtyard", "stairwell", "gate", "village", "wall")),
    "furniture": Scene(litter.furniture, ("courtyard", "stairwell", "wall", "lane")),
    "garden": Scene(greens.garden, ("lawn", "courtyard", "village")),
    "wires": Scene(walls.wires, ("wall",)),
    "cables": Scene(roads.cables, ("lane", "village", "courtyard")),
    "fumes": Scene(walls.fumes, ("wall",)),
    "sewage": Scene(roads.sewage, ("courtyard", "village")),
    "drain": Scene(roads.drain, ("lane", "gate", "courtyard", "village")),
    "dirty_green": Scene(greens.dirty_green, ("lawn", "courtyard")),
    "bare_green": Scene(greens.bare_green, ("lawn", "courtyard")),
    "dead_tree": Scene(greens.dead_tree, ("lawn", "courtyard")),
    "building": Scene(greens.building, ("lawn", "courtyard", "village")),
    "rubbish": Scene(litter.rubbish, ("courtyard", "lane", "gate", "village", "stairwell")),
    "full_bins": Scene(litter.full_bins, ("station",)),
    "unsorted": Scene(litter.unsorted, ("station",)),
    "rubble": Scene(litter.rubble, ("courtyard", "lane", "village")),
    "fire_lane": Scene(roads.fire_lane, ("lane",)),
    "falling": Scene(walls.falling, ("wall",)),
    "posters": Scene(walls.posters, ("wall", "stairwell")),
    "board": Scene(walls.board, ("wall",)),
    "pothole": Scene(roads.pothole, ("lane", "gate", "village", "courtyard")),
    "lighting": Scene(roads.lighting, ("courtyard", "lane", "village")),
}
"""The scenes there are, by name."""
