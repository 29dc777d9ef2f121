"""Pictures of the pages for docs/screens, on the demonstration: `python -m tests.journeys.screens`.

With names (`phone-report …`) only those are made.
"""

import io
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from app.demo.drawing import draw_photo
from app.kernel.clock import shanghai_day, utc_now
from tests.administration.drawings import collection, feature, halves
from tests.browser import a_browser
from tests.journeys.desks import Desk
from tests.journeys.phones import Phone
from tests.running import ROOT, Run, copy_product
from tests.towns import Town

FOLDER = ROOT / "docs" / "screens"
WEEKS = "3"
Steps = Callable[[Any], None]


def at(place: str, words: str) -> Steps:
    """A page by its address, once it says these words."""

    def steps(phone: Phone) -> None:
        phone.open(place)
        phone.reads(words)

    return steps


def report_begun(phone: Phone) -> None:
    """A photo is taken, the category is next."""
    phone.open("report")
    phone.reads("示例花园")
    phone.shoot("拍照上报", draw_photo("clutter", "before", place=3, moment=5))
    phone.reads("点一下就上报")
    phone.reads("乱堆乱放")


def report_kept(phone: Phone) -> None:
    """The category was tapped where there is no network."""
    report_begun(phone)
    phone.context.set_offline(True)
    phone.tap("乱堆乱放")
    phone.reads("1 条待发")


def first_of(page: Steps, link: str, words: str) -> Steps:
    """What the first of a page's links leads to."""

    def steps(phone: Phone) -> None:
        page(phone)
        phone.page.locator(link).first.click()
        phone.reads(words)

    return steps


def pressed(page: Steps, key: str, words: str) -> Steps:
    """A page after a key was pressed, once it says these words."""

    def steps(desk: Desk) -> None:
        page(desk)
        desk.press(key)
        desk.reads(words)

    return steps


def cells_to_be(desk: Desk) -> None:
    """What an import of a cell cut in two would change."""
    town = Town(None, "")
    west, east = halves(town.cell())
    drawn = collection(
        feature("340299101001001", town.community(), west, name="示例镇第一社区第1网格"),
        feature("340299101001005", town.community(), east, name="示例镇第一社区第5网格"),
    )
    desk.open("admin/cells/import")
    file: Any = {"name": "网格.geojson", "mimeType": "application/geo+json"}
    desk.page.get_by_label("网格图文件").set_input_files(
        {**file, "buffer": json.dumps(drawn).encode()}
    )
    desk.tap("看会变什么")
    desk.reads("没有错误，可以写入")


def bulletin_made(desk: Desk) -> None:
    """A bulletin of this month, as the worker drafted it."""
    desk.open("papers/reports")
    desk.tap("起草")
    desk.tap("本月")
    desk.submit()
    desk.page.get_by_text("下载 Word").wait_for(timeout=120_000)


def scores_shown(desk: Desk) -> None:
    """The communities' scores of this month, as the demonstration has them on."""
    month = f"{shanghai_day(utc_now())}"[:7]
    desk.open(f"work/assessments?scheme=community_month&organisation=340299101&period={month}")
    desk.reads("到现在为止的分")


REVIEW = at("review", "系统注意到的")
RECORDS, ASSIGNMENTS = at("work/records", "只看待审核的"), at("work/assignments", "处处有人")
CAMPAIGNS, CASES = at("work/campaigns", "六项行动"), at("work/cases", "有自己过程的事")
MINE, WORK = at("mine", "待核查"), at("work", "按小区走")
SCREENS: dict[str, tuple[str, Steps]] = {
    "phone-report": ("wangge11", at("report", "示例花园")),
    "phone-category": ("wangge11", report_begun),
    "phone-kept": ("wangge11", report_kept),
    "phone-rounds": ("wangge11", at("rounds", "每个小区每周走到一次")),
    "phone-round": ("wangge11", at("rounds/340299101001C01", "主出入口")),
    "phone-mine": ("wangge11", MINE),
    "phone-ticket": ("wangge11", first_of(MINE, "a.ticket", "经过")),
    "phone-outbox": ("wangge11", at("outbox", "没有待发的")),
    "phone-me": ("wangge11", at("me", "大字模式")),
    "phone-inbox": ("zhifa1", at("me/inbox", "违法建设上报")),
    "phone-signins": ("wangge11", at("me/signins", "这里")),
    "phone-password": ("wangge11", at("me/password", "再输一遍")),
    "phone-complaints": ("wangge11", at("me/complaints", "想说什么")),
    "phone-work": ("wuye11", WORK),
    "phone-company-ticket": ("wuye11", first_of(WORK, "a.ticket", "经过")),
    "phone-repair": ("wuye11", first_of(WORK, "a.repair", "结案标准")),
    "phone-lead": ("shequ1", at("lead", "本周已巡")),
    "phone-records": ("shequ1", at("records", "还差")),
    "phone-list": ("shequ1", at("tickets?state=dispatched&title=待整改", "待整改")),
    "phone-checklists": ("shequ1", at("records/checklists", "宣传栏")),
    "phone-checklist": ("shequ1", at("records/checklists/entrance_board", "看过一次一直有效")),
    "phone-record": ("shequ1", at("records/new?kind=activity", "参加人数")),
    "console-review": ("ducha1", REVIEW),
    "console-reasons": ("ducha1", pressed(REVIEW, "r", "为什么退回返工")),
    "console-tickets": ("ducha1", at("tickets", "没有办结")),
    "console-ticket": ("ducha1", first_of(at("tickets", "没有办结"), ".list a", "责任环节")),
    "console-map": ("ducha1", at("map", "第1网格")),
    "console-coverage": ("ducha1", at("coverage", "自报")),
    "console-week": ("ducha1", first_of(at("coverage", "自报"), "a.week", "覆盖总表")),
    "console-inbox": ("ducha1", at("me/inbox", "违法建设上报")),
    "console-account": ("ducha1", at("me/account", "现在登录着")),
    "console-summary": ("ducha1", at("summary", "当日办结率")),
    "console-duties-unit": ("shequ1", at("work/duties", "信息报送")),
    "console-counted": ("ducha1", first_of(at("summary", "当日办结率"), ".figures a", "的分子")),
    "console-complaints": ("ducha1", at("complaints", "公开的电话")),
    "console-photo-checks": ("ducha1", at("photo-checks", "微信认为有风险的")),
    "console-duties": ("ducha1", at("work/duties", "按指标看")),
    "console-records": ("ducha1", RECORDS),
    "console-record": ("ducha1", first_of(RECORDS, "a.whole", "谁记录的")),
    "console-assignments": ("ducha1", ASSIGNMENTS),
    "console-assignments-unit": ("ducha1", first_of(ASSIGNMENTS, "tbody .as-link", "全部单位")),
    "console-checklists": ("ducha1", at("work/checklists/entrance_board", "登记看到的")),
    "console-campaigns": ("ducha1", CAMPAIGNS),
    "console-campaign": ("ducha1", first_of(CAMPAIGNS, "tbody .as-link", "发现的问题")),
    "console-halves": ("ducha1", at("work/campaigns/progress", "还差的小区")),
    "console-cases": ("ducha1", CASES),
    "console-case": ("ducha1", first_of(CASES, "tbody .as-link", "全部专项")),
    "console-awards": ("ducha1", at("work/awards", "年底候选")),
    "console-ledgers": ("ducha1", at("papers/ledgers", "台账")),
    "console-reports": ("ducha1", at("papers/reports", "通报和工作汇报")),
    "console-dossiers": ("ducha1", at("papers/dossiers", "一个压缩包")),
    "console-masks": ("ducha1", at("papers/masks", "待遮盖的照片")),
    "console-codes": ("shequ1", at("papers/codes", "沿线裁开")),
    "console-candidates": ("ducha1", at("work/campaigns/candidates", "巡查覆盖率")),
    "console-assessments": ("guanli", scores_shown),
    "console-score": ("ducha1", first_of(scores_shown, "a[href*='assessments/live']", "算式")),
    "console-report": ("ducha1", bulletin_made),
    "console-admin-organisations": ("guanli", at("admin/organisations", "示例镇第一社区")),
    "console-admin-people": ("guanli", at("admin/people", "第一社区负责人")),
    "console-admin-person": ("guanli", at("admin/people/wangge11", "请假和代理")),
    "console-admin-compound": ("guanli", at("admin/compounds/340299101001C01", "换物业")),
    "console-admin-compounds": ("guanli", at("admin/compounds", "示例花园")),
    "console-admin-pauses": ("guanli", at("admin/pauses", "暂停计时")),
    "console-admin-reminders": ("guanli", at("admin/reminders", "期限提醒")),
    "console-admin-thresholds": ("guanli", at("admin/thresholds", "照片")),
    "console-admin-cells": ("guanli", at("admin/cells", "导入网格图")),
    "console-admin-import": ("guanli", cells_to_be),
    "console-admin-dictionary": ("guanli", at("admin/dictionary?of=340299101", "换成本镇的")),
    "console-admin-log": ("guanli", at("admin/log", "服务器命令行")),
}
LARGE = ("phone-category", "console-review")
"""What is also shown in large text."""


def main(names: list[str]) -> None:
    """Makes the pictures that are named, all of them without a name."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, a_browser() as browser:
        copy = copy_product(Path(folder) / "product")
        run = Run(copy, DEMO_WEEKS=WEEKS, GEXUN_LIMIT_SIGN_INS="1000")
        try:
            run.greeting()
            passwords = _passwords(copy)
            for name in names or SCREENS:
                who, steps = SCREENS[name]
                for large in (False, True)[: 1 + (name in LARGE)]:
                    sit_down = Desk if name.startswith("console") else Phone
                    phone = sit_down(browser, f"http://127.0.0.1:{run.port}")
                    phone.page.add_init_script(f"localStorage.setItem('gexun.large', '{large:d}')")
                    phone.sign_in(who, password=passwords[who])
                    steps(phone)
                    _keep(phone, f"{name}{'-large' if large else ''}")
                    phone.close()
        finally:
            run.interrupt()
            run.clear_away()


def _passwords(copy: Path) -> dict[str, str]:
    lines = (copy / ".gexun" / "accounts.txt").read_text(encoding="utf-8").splitlines()
    return {words[0]: words[1] for line in lines if len(words := line.split()) > 3}


def _keep(phone: Phone, name: str) -> None:
    phone.page.wait_for_load_state("networkidle")
    with Image.open(io.BytesIO(phone.page.screenshot())) as picture:
        picture.convert("RGB").save(FOLDER / f"{name}.webp", quality=80, method=6)
    print(f"docs/screens/{name}.webp")


if __name__ == "__main__":
    main(sys.argv[1:])
