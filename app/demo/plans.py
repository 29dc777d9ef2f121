"""How demonstration townships are laid out: their communities, compounds and companies."""

from dataclasses import dataclass

COUNTY = "340299"


@dataclass(frozen=True)
class Unit:
    """A community or village to be: code suffix, name, type, number of wardens, compounds (name,
    company, kind, buildings, households)."""

    suffix: str
    name: str
    type: str
    wardens: int
    compounds: tuple[tuple[str, str, str, int, int], ...]


@dataclass(frozen=True)
class Plan:
    """A township to be. Its units lie in rows of `columns` blocks of two by two cells.

    `name` None: numbered by the code, and so are its compounds. The first `outlined` compounds of
    a unit have an outline.
    """

    units: tuple[Unit, ...]
    companies: tuple[tuple[str, str, int], ...]
    columns: int = 2
    outlined: int = 2
    name: str | None = None

    @property
    def rows(self) -> int:
        """How many rows of blocks there are."""
        return -(-len(self.units) // self.columns)


COMPANIES = (("WY299001", "示例甲物业公司", 2), ("WY299002", "示例乙物业公司", 1))
ENFORCEMENT = f"{COUNTY}-CWB"
GROUPS = (("G1", "城区管理1组"), ("G2", "城外管理1组"), ("G3", "村居管理1组"))
UNITS = (
    Unit(
        "001",
        "第一社区",
        "社区",
        2,
        (
            ("示例花园", "WY299001", "商品房小区", 12, 480),
            ("示例老街小区", "", "老旧小区", 8, 216),
            ("示例临街散户", "", "散户", 5, 60),
        ),
    ),
    Unit(
        "002",
        "第二社区",
        "社区",
        1,
        (
            ("示例雅苑", "WY299002", "商品房小区", 9, 342),
            ("示例纺织新村", "WY299001", "老旧小区", 14, 392),
        ),
    ),
    Unit("201", "安置村", "安置小区村", 1, (("示例安置小区", "WY299002", "安置小区", 16, 640),)),
    Unit(
        "202",
        "山前村",
        "村",
        1,
        (("示例上村居民点", "", "居民点", 20, 35), ("示例下村居民点", "", "居民点", 26, 41)),
    ),
)
COMPOUND_CHECKPOINTS = (
    ("主出入口", "主出入口"),
    ("主干道", "主干道"),
    ("公共环境", "公共环境"),
    ("楼道1", "楼道"),
    ("楼道2", "楼道"),
    ("宣传栏", "宣传栏"),
    ("垃圾分类亭", "垃圾分类亭"),
)
SETTLEMENT_CHECKPOINTS = COMPOUND_CHECKPOINTS[1:3] + COMPOUND_CHECKPOINTS[5:6]

SMALL = Plan(UNITS, COMPANIES)
"""The township of the README's tour and of `demo township`."""

_A, _B, _C, _D = "WY299001", "WY299002", "WY299003", "WY299004"
_NEW, _OLD, _RESETTLED, _LOOSE, _SETTLEMENT = (
    *("商品房小区", "老旧小区", "安置小区", "散户", "居民点"),
)

LARGE = Plan(
    (
        Unit(
            "001",
            "第一社区",
            "社区",
            2,
            (
                ("示例金桂园", _A, _NEW, 18, 864),
                ("示例水岸名邸", _A, _NEW, 11, 462),
                ("示例机械厂宿舍", "", _OLD, 9, 270),
            ),
        ),
        Unit(
            "002",
            "第二社区",
            "社区",
            2,
            (
                ("示例绿洲花苑", _B, _NEW, 15, 690),
                ("示例粮站家属院", "", _OLD, 6, 144),
                ("示例锦绣华庭", _C, _NEW, 14, 616),
            ),
        ),
        Unit(
            "003",
            "第三社区",
            "社区",
            1,
            (
                ("示例阳光里", _C, _NEW, 10, 400),
                ("示例南苑小区", _C, _OLD, 16, 512),
                ("示例临河散户", "", _LOOSE, 12, 38),
            ),
        ),
        Unit(
            "004",
            "第四社区",
            "社区",
            2,
            (
                ("示例北苑小区", _D, _OLD, 20, 640),
                ("示例供销社宿舍", _D, _OLD, 5, 110),
                ("示例翠湖天地", _B, _NEW, 13, 598),
                ("示例书香苑", _A, _NEW, 8, 336),
            ),
        ),
        Unit(
            "005",
            "第五社区",
            "社区",
            1,
            (
                ("示例梧桐公馆", _B, _NEW, 7, 252),
                ("示例化肥厂小区", "", _OLD, 11, 330),
            ),
        ),
        Unit(
            "006",
            "第六社区",
            "社区",
            2,
            (
                ("示例和风雅居", _C, _NEW, 12, 528),
                ("示例西苑小区", _D, _OLD, 14, 420),
                ("示例城墙根散户", "", _LOOSE, 15, 46),
            ),
        ),
        Unit("201", "新安安置村", "安置小区村", 1, (("示例新安家园", _D, _RESETTLED, 22, 1012),)),
        Unit(
            "202",
            "坡下村",
            "村",
            1,
            (
                ("示例坡下居民点", "", _SETTLEMENT, 30, 52),
                ("示例桥头居民点", "", _SETTLEMENT, 18, 27),
            ),
        ),
        Unit("203", "竹园村", "村", 1, (("示例竹园居民点", "", _SETTLEMENT, 24, 40),)),
    ),
    (
        *COMPANIES,
        ("WY299003", "示例丙物业公司", 2),
        ("WY299004", "示例丁物业公司", 1),
    ),
    columns=3,
    outlined=3,
    name="示例城关镇",
)
"""The county's second township in the demonstration, three times as large."""
