"""A work report: the eleven sections of the township's civilised-city work, as far as the period
has records of each; what has none says so."""

from collections.abc import Sequence
from typing import Any

from app.reports.documents.bulletins import Opened, case_words
from app.reports.documents.rendering import Filling
from app.reports.documents.sentences import Json, Sentences, bulletin_sentences

SECTIONS = (
    ("1", "一、着力推动新时代文明实践站建设"),
    ("2", "二、深化开展创建全国文明城市宣传"),
    ("3", "三、深化文明村镇、文明社区创建"),
    ("4", "四、深化道德模范与身边好人教育引领"),
    ("5", "五、持续推动移风易俗，建设文明乡风"),
    ("6", "六、深化推动志愿服务制度化"),
    ("7", "七、深化开展“我们的节日”系列主题活动"),
    ("8", "八、建立镇域文明创建网格化管理体制"),
    ("9", "九、深化加强住宅小区管理"),
    ("10", "十、推进生活垃圾分类"),
    ("11", "十一、推进老旧小区改造"),
)
"""The numbers of the duties' sections, and the headings of the seed document."""

NOTHING = "本期无记录。"
OF_COMPOUNDS = ("reported", "rectified", "closed", "overdue", "coverage", "categories")
"""The sentences of a bulletin that belong to the ninth section."""

WORK_REPORT_KEYS = (*(f"section:{number}" for number, _ in SECTIONS), *OF_COMPOUNDS, "next_steps")


def work_report_sentences(facts: Json) -> Sentences:
    """A sentence for each section about its duties, and those about the compounds."""
    about = {f"section:{number}": _section(facts["duties"], number) for number, _ in SECTIONS}
    of_figures = bulletin_sentences(facts)
    return {**about, **{key: of_figures[key] for key in OF_COMPOUNDS}, "next_steps": ""}


def _section(duties: Sequence[Json], number: str) -> str:
    done = [one for one in duties if one["section"] == number and one["done"]]
    return "；".join(_duty(one) for one in done) + "。" if done else ""


def _duty(one: Json) -> str:
    if not one["quota"]:
        return f"{one['name']} {one['done']}"
    return f"{one['name']}要求 {one['quota']}，完成 {one['done']}"


def work_report_words(
    facts: Json, sentences: Sentences, filling: Filling, opened: Opened
) -> dict[str, Any]:
    """What the template of a work report is filled with, besides its date."""
    return {
        "title": f"{facts['organisation']}{facts['said']}\n文明创建工作汇报",
        "sections": [_words(number, title, facts, sentences) for number, title in SECTIONS],
        "sentences": sentences,
        "cases": case_words(facts, sentences, filling, opened),
    }


def _words(number: str, title: str, facts: Json, sentences: Sentences) -> Json:
    said = [sentences.get(f"section:{number}", "")]
    if number == "9":
        said += [sentences.get(key, "") for key in OF_COMPOUNDS]
    duties = [one for one in facts["duties"] if one["section"] == number]
    recorded = any(one["done"] for one in duties)
    lines = [line for line in said if line]
    return {
        "title": title,
        "lines": lines or [NOTHING],
        "duties": duties if recorded else [],
    }
