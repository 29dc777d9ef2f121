"""The obligations of the mission: who, how much, and where Gexun has each; the walk of each."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.mission import walks
from tests.mission.walking import Walk
from tests.mission.walks import duties

RECORD = "`POST /records`"
PROGRESS = "`GET /duties/progress`"
CASE, CASES = "`POST /cases`", "`GET /cases?open=1`、`?overdue=1`"
SITES = "`GET /checklists/{checklist}/sites`"
REPORT = "工作汇报第{}节"


@dataclass(frozen=True)
class Row:
    """One obligation: its section of the mission, what, whose, how much; the call that makes it,
    the board that shows it missing, the report it ends in; and the walk that proves these."""

    section: str
    what: str
    who: str
    number: str
    made: str
    board: str
    ends: str
    walk: Callable[[Walk], None]


ROWS = (
    Row("一", "新时代文明实践站活动；年度计划", "村、社区",
        "37 个站，每月至少 4 次，其中理论宣讲 1 次",
        RECORD, PROGRESS, REPORT.format("一"),
        duties(("station_activities", ("theory_lecture", "activity", "activity", "activity")),
               ("station_plan", ("yearly_plan",)))),
    Row("二", "公益宣传：社区、村、志愿服务广场、小区主次入口宣传栏", "场所的管理者",
        "社区 11 项、村 14 项、广场 6 项、宣传栏 10 项",
        "`POST /checklists/{checklist}/looks`、`…/tickets`", SITES, "问题整改台账",
        walks.checklists),
    Row("二", "走访千楼万户、巡访、主题活动", "社区", "常态化", RECORD, PROGRESS,
        REPORT.format("二"),
        duties(("publicity_visits", ("household_visit", "inspection_visit", "themed_activity")))),
    Row("三", "创建活动室", "社区 10 类、村 8 类", "独立活动室至少 3 个",
        "`POST /checklists/{checklist}/looks`、" + RECORD, SITES + "、" + PROGRESS,
        REPORT.format("三") + "、问题整改台账", walks.rooms),
    Row("三", "信息报送和采用", "村、社区",
        "每周社区 3 条、村 1 条、文明村 2 条；每月县 1 条、市级以上社区 3 条、村 2 条（不计分）",
        RECORD + "，只要链接", PROGRESS, REPORT.format("三"),
        duties(("weekly_information", ("information",)),
               ("county_articles", ("county_site_article",)),
               ("city_articles", ("city_site_article",)))),
    Row("三", "月度、季度、年度重点工作，挂图作战", "村、社区", "每月、每季、每年", RECORD,
        PROGRESS, REPORT.format("三"),
        duties(("month_plan", ("month_plan",)), ("quarter_plan", ("quarter_plan",)),
               ("year_plan", ("year_plan",)))),
    Row("三", "道德讲堂", "承办单位", "按安排", RECORD, PROGRESS, REPORT.format("三"),
        duties(("moral_lectures", ("moral_lecture",)))),
    Row("三", "文明村镇、文明社区届期", "县", "两年一届，从零开始", CASE + "、" + RECORD, CASES,
        REPORT.format("三"), walks.honours),
    Row("四", "推荐、走访身边好人", "村、社区", "每季至少推荐 1 人，每年至少走访 1 次", RECORD,
        PROGRESS, REPORT.format("四"),
        duties(("good_people", ("good_person",)), ("good_people_visits", ("good_person_visit",)))),
    Row("五", "移风易俗：六要、红黑榜", "村；社区为第六项", "每月，附照片",
        RECORD + "、`POST /checklists/six_essentials/looks`", PROGRESS, REPORT.format("五"),
        duties(("customs", ("board_update",)))),
    Row("六", "志愿服务队伍、大型活动、县级品牌、“春谷雨”平台", "村、社区",
        "至少 6 支；社区每年至少 2 次；社区年底至少 2 个",
        RECORD + "，平台的只要链接", PROGRESS, REPORT.format("六"), walks.volunteers),
    Row("七", "我们的节日", "村、社区", "7 个传统节日和纪念日", RECORD, PROGRESS,
        REPORT.format("七"), walks.festivals),
    Row("八", "城区管理组、城外管理组、村居管理组", "创建办", "3、2、1 个", "`POST /organisations`",
        "`GET /organisations`", "各种台账、通报，按管理组", walks.groups),
    Row("八", "两张网：每项指标、每处地方有人", "社区、安置小区村；其余村四类工作", "一处不漏",
        "`POST /assignments`", "`GET /assignments/vacant`", REPORT.format("八"),
        walks.named_persons),
    Row("九（一）", "六项行动四个步骤，一月一区", "社区负责人，执法协助",
        "每月两个小区或一片，半年一遍", "`POST /campaigns`、`…/steps`",
        "`GET /campaigns/progress`", REPORT.format("九"), walks.monthly_zone),
    Row("九（二）", "文明小区、文明单元、最美业主", "社区、业主委员会、物业公司",
        "示范小区可直接申报", "`POST /awards`、" + RECORD, "`GET /campaigns/candidates`",
        REPORT.format("九"), walks.awards),
    Row("三、九（三）", "考核村、社区；物业公司考核上报", "创建办、社区",
        "月调度和年度，如实打分；参考分，县里启用才有",
        "由发生的事算出；" + RECORD + "，创建办审核", "`GET /assessments`、" + PROGRESS,
        "固定的参考分和红黑榜、" + REPORT.format("九"), walks.assessment),
    Row("九（四）", "小区例会；每周全覆盖巡查；问题不过当日", "社区",
        "每月至少 1 次；每周，所有小区；当天（软目标）",
        RECORD + "、`POST /rounds`、`POST /tickets`", PROGRESS + "、`GET /coverage`",
        REPORT.format("九") + "、巡查台账、问题整改台账", walks.rounds),
    Row("九（五）", "无物业小区建档、走访；居民反映当场核实；维修申请、监督施工", "社区",
        "核准备案", CASE + "、`POST /tickets`、" + RECORD, CASES,
        REPORT.format("九") + "、问题整改台账", walks.unmanaged),
    Row("九（六）", "违法建设：发现、劝阻、上报镇、移交县", "社区、物业公司", "当即", CASE, CASES,
        REPORT.format("九"), walks.illegal_building),
    Row("十", "垃圾分类试点：收集亭、三支队伍、培训、台账、收运合同", "社区、物业公司",
        "每个试点小区 1–2 个，6 月底前；3 支；每月", CASE + "、" + RECORD,
        "`GET /cases?expiring=1`、" + PROGRESS,
        REPORT.format("十") + "、清运、入户宣传、培训台账", walks.waste),
    Row("十一", "老旧小区改造：项目、责任主体、征求意见、监督施工", "社区", "计划 20 个，清单按时",
        CASE + "、" + RECORD, CASES + "、" + PROGRESS, REPORT.format("十一"), walks.renovation),
)  # fmt: skip
