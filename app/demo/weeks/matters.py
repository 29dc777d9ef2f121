"""What is found in compounds: the category, how it looks, what people write about it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from app.demo.weeks.areas import BOARD, ENTRANCE, GROUNDS, ROAD, STAIRS, STATION, whereabouts
from app.grid.models import Area


@dataclass(frozen=True)
class Matter:
    """A kind of problem: category and condition, scene of its photos, areas, and texts.

    `says` may hold {where}; `fixed` is what whoever put it right writes; `weight` how often it is.
    """

    category: str
    scene: str
    areas: tuple[Area, ...]
    says: tuple[str, ...]
    fixed: tuple[str, ...]
    weight: float = 1.0
    condition: str | None = None

    @property
    def danger(self) -> bool:
        """Whether it cannot wait for the morning or for the end of a holiday."""
        return self.category == "05-96" or self.condition == "live_wire"


MATTERS: dict[str, Matter] = {
    "clutter": Matter(
        "01-36",
        "clutter",
        (STAIRS, GROUNDS, ENTRANCE),
        (
            "{where}堆了纸箱和木板，已有好几天",
            "{where}堆放杂物，影响通行",
            "{where}旧纸板、水桶随意堆放",
            "{where}装修剩的板材没有清走",
            "{where}杂物占了半边路",
        ),
        ("杂物已清走，地面已打扫", "已联系住户清理完毕", "已全部清运"),
        5,
    ),
    "furniture": Matter(
        "01-35",
        "furniture",
        (STAIRS, GROUNDS, ROAD),
        ("{where}丢弃旧沙发和床垫", "{where}有废旧柜子没人清理", "{where}大件家具放了一周"),
        ("大件已运走", "废旧家具已清运到集中点", "已安排车辆拉走"),
        2,
    ),
    "garden": Matter(
        "01-91",
        "garden",
        (GROUNDS,),
        (
            "{where}绿地被开成菜地",
            "{where}草坪上种了青菜和葱",
            "{where}绿化带被围起来种菜",
            "{where}毁绿种菜，约五六平方米",
        ),
        ("菜地已清除，撒了草籽", "已铲除并平整，准备补种", "劝说后自行清理，已复绿"),
        3,
        "planted",
    ),
    "digging": Matter(
        "01-91",
        "garden",
        (GROUNDS,),
        ("{where}有人正在翻地准备种菜", "{where}正在挖草坪"),
        ("已当场劝止，草坪已恢复", "已制止，工具已收走"),
        0.6,
        "under_way",
    ),
    "wires": Matter(
        "01-08",
        "wires",
        (ROAD, GROUNDS),
        (
            "{where}从窗户拉线给电动车充电",
            "{where}飞线充电，插排放在地上",
            "{where}有两处私拉电线",
        ),
        ("飞线已拆除，引导到充电棚", "已拆除并入户告知", "电线已收，已贴提醒"),
        3.5,
    ),
    "cables": Matter(
        "01-80",
        "cables",
        (ROAD, GROUNDS),
        ("{where}通信线垂下来，够得着头", "{where}线缆松脱下垂", "{where}架空线挂得很低"),
        ("线缆已重新固定", "已联系运营单位收紧", "废线已剪除"),
        1.5,
    ),
    "live_wire": Matter(
        "01-80",
        "cables",
        (ROAD,),
        ("{where}电线断落，可能带电", "{where}路灯线垂落，有人看守"),
        ("已断电并更换线路", "已隔离抢修，恢复供电"),
        0.4,
        "live_wire",
    ),
    "fumes": Matter(
        "99-01",
        "fumes",
        (ROAD, GROUNDS),
        ("{where}小餐馆油烟直排墙面", "{where}排烟口对着住户，墙上全是油污"),
        ("已加装净化罩，墙面已清洗", "排烟管已改道，油污已清"),
        1,
    ),
    "sewage": Matter(
        "01-30",
        "sewage",
        (GROUNDS, ENTRANCE),
        ("{where}有人往路面倒污水", "{where}污水横流，有异味", "{where}洗刷水直接倒在地上"),
        ("地面已冲洗，已告知商户", "已清理，并加装提示牌"),
        1.5,
    ),
    "drain": Matter(
        "05-03",
        "drain",
        (ROAD, ENTRANCE, GROUNDS),
        ("{where}窨井往外冒水", "{where}下水道堵了，路面积水", "{where}污水井满溢"),
        ("管道已疏通", "已用车抽排并疏通", "井内淤泥已清掏"),
        2,
    ),
    "dirty_green": Matter(
        "01-17",
        "dirty_green",
        (GROUNDS,),
        ("{where}草坪里纸屑、塑料袋较多", "{where}绿地有散落垃圾", "{where}绿化带里没打扫"),
        ("绿地垃圾已捡拾", "已保洁", "已清理并增加保洁频次"),
        2.5,
        "dirty",
    ),
    "bare_green": Matter(
        "01-17",
        "bare_green",
        (GROUNDS,),
        ("{where}绿化带黄土裸露", "{where}灌木枯死一片，需要补种", "{where}草皮踩秃了"),
        ("已补种灌木和草花", "已复绿", "已换土补栽"),
        1.5,
        "to_be_repaired",
    ),
    "dead_tree": Matter(
        "01-17",
        "dead_tree",
        (GROUNDS,),
        ("{where}一棵树枯死倾斜", "{where}枯树要倒，请尽快处理"),
        ("枯树已移除，补栽了新树", "已伐除并补种"),
        0.8,
        "to_be_repaired",
    ),
    "shed": Matter(
        "01-01",
        "building",
        (GROUNDS,),
        ("{where}搭了一间彩钢棚", "{where}私搭铁皮房，占用绿地", "{where}违建棚子用来堆货"),
        ("棚子已拆除，场地已清理", "当事人已自行拆除"),
        1,
        "built",
    ),
    "shed_rising": Matter(
        "01-01",
        "building",
        (GROUNDS,),
        ("{where}正在焊架子搭棚", "{where}有人正在砌墙"),
        ("已停工并拆除", "已制止，材料已清走"),
        0.4,
        "under_way",
    ),
    "rubbish": Matter(
        "01-10",
        "rubbish",
        (GROUNDS, ROAD, ENTRANCE),
        (
            "{where}地上有暴露垃圾",
            "{where}垃圾袋乱扔",
            "{where}一堆生活垃圾没人收",
            "{where}垃圾散落",
        ),
        ("垃圾已清，地面已冲洗", "已清理干净", "已清扫并提醒住户"),
        4.5,
    ),
    "full_bins": Matter(
        "01-92",
        "full_bins",
        (STATION,),
        ("垃圾桶满溢，周边散落", "分类亭四个桶都满了", "桶满未清，有异味"),
        ("已清运，桶体已擦洗", "已清空，增加了清运次数"),
        3,
    ),
    "unsorted": Matter(
        "01-93",
        "unsorted",
        (STATION,),
        ("可回收桶里混投厨余", "垃圾没有分类，混投明显", "标识牌下堆着没分类的袋子"),
        ("已二次分拣", "已分拣并安排值守"),
        2,
    ),
    "rubble": Matter(
        "01-11",
        "rubble",
        (ROAD, GROUNDS),
        ("{where}装修垃圾堆了很久", "{where}砖块渣土没有清运", "{where}建筑垃圾占道"),
        ("渣土已清运", "已用车拉走，场地已平整"),
        2,
    ),
    "fire_lane": Matter(
        "04-96",
        "fire_lane",
        (ROAD,),
        (
            "{where}消防通道停了车，没有联系方式",
            "{where}车辆堵住消防通道",
            "{where}占用消防通道停车",
        ),
        ("车已挪走", "已联系车主移车", "已移走，并补画标线"),
        3,
    ),
    "falling": Matter(
        "05-96",
        "falling",
        (ROAD, ENTRANCE),
        ("{where}外墙面砖脱落", "{where}墙皮开裂，有掉落危险"),
        ("松动部分已铲除修补，已撤围挡", "已铲除并抹平"),
        0.7,
    ),
    "posters": Matter(
        "02-01",
        "posters",
        (STAIRS, BOARD),
        ("{where}墙上贴满小广告", "{where}小广告有二十多张", "{where}喷涂小广告"),
        ("小广告已铲除，墙面已粉刷", "已清除并覆盖"),
        3,
    ),
    "board": Matter(
        "02-99",
        "board",
        (BOARD,),
        ("宣传栏画面破损两块", "公益广告缺失一幅", "宣传栏内容撕坏"),
        ("画面已更换补齐", "已重新张贴"),
        1.5,
    ),
    "pothole": Matter(
        "99-02",
        "pothole",
        (ROAD, ENTRANCE),
        ("{where}路面破损，有坑", "{where}路面塌陷，骑车容易摔", "{where}地砖松动积水"),
        ("已修补平整", "坑洼已填补"),
        1.5,
    ),
    "lighting": Matter(
        "99-03",
        "lighting",
        (ROAD, GROUNDS),
        ("{where}路灯不亮", "{where}灯杆被撞歪，晚上不亮", "{where}连着两盏灯都坏了"),
        ("路灯已修复", "灯杆已扶正，灯具已更换"),
        1.2,
    ),
    "other": Matter(
        "99-99",
        "furniture",
        (GROUNDS, ROAD),
        (
            "{where}公共区域放了桌椅，请核实归谁管",
            "{where}有人长期占用公共区域",
            "{where}旧家什没人认领，请核实",
        ),
        ("已处理", "已协调解决"),
        0.6,
    ),
}
"""What occurs, by name."""


def chosen(dice: random.Random, names: Sequence[str] | None = None) -> str:
    """The name of a matter, as often as it occurs."""
    among = list(names or MATTERS)
    return dice.choices(among, [MATTERS[name].weight for name in among])[0]


def description(matter: Matter, area: Area, buildings: int, dice: random.Random) -> str:
    """What somebody writes about a matter in an area of a compound with so many buildings."""
    return dice.choice(matter.says).format(where=whereabouts(area, buildings, dice))
