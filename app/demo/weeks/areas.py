"""The areas of a compound: what their photos show, and how people name a place in them."""

import random

from app.grid.models import Area

ENTRANCE, ROAD, GROUNDS, STAIRS, BOARD, STATION = (
    *(Area.main_entrance, Area.main_road, Area.shared_grounds),
    *(Area.stairwell, Area.notice_board, Area.waste_station),
)
OUTDOORS = (ENTRANCE, ROAD, GROUNDS)

SETTINGS: dict[Area, str] = {
    ENTRANCE: "gate",
    ROAD: "lane",
    GROUNDS: "courtyard",
    STAIRS: "stairwell",
    BOARD: "wall",
    STATION: "station",
}
"""What a photo of an area shows, where the scene allows it."""

_WHERE: dict[Area, tuple[str, ...]] = {
    ENTRANCE: ("主出入口", "大门东侧", "大门外", "门岗旁"),
    ROAD: ("{n}号楼前主路", "主干道中段", "{n}号楼东侧路边", "{n}号楼西头"),
    GROUNDS: ("{n}号楼前", "{n}号楼后面", "中心绿地", "健身区旁", "{n}号楼山墙边"),
    STAIRS: ("{n}号楼一单元楼道", "{n}号楼二单元一楼", "{n}号楼楼道口"),
    BOARD: ("宣传栏旁", "{n}号楼单元门口"),
    STATION: ("分类亭",),
}


def whereabouts(area: Area, buildings: int, dice: random.Random) -> str:
    """A place in an area of a compound with so many buildings, as somebody would write it."""
    return dice.choice(_WHERE[area]).format(n=dice.randint(1, max(1, buildings)))
