"""What a bulletin says, made of figures and of nothing else. Pure.

A sentence that has nothing to be about is not made; none praises, blames or explains.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]
Sentences = dict[str, str]
MOST_NAMED = 3
BULLETIN_KEYS = (
    "reported",
    "rectified",
    "closed",
    "overdue",
    "coverage",
    "categories",
    "cases",
    "next_steps",
)


def percent(numerator: int, denominator: int) -> str:
    """A share as people read it; a dash where there is nothing to be a share of."""
    return f"{numerator / denominator:.1%}" if denominator else "—"


def share(figure: Json) -> str:
    """A share with both of its numbers."""
    return f"{figure['numerator']}/{figure['denominator']}（{_rate(figure)}）"


def _rate(figure: Json) -> str:
    return percent(figure["numerator"], figure["denominator"])


def bulletin_sentences(facts: Json) -> Sentences:
    """The sentences of a bulletin by their keys, in the order of the page."""
    kpis = {one["code"]: one for one in facts["kpis"]}
    found = {
        "reported": _reported(facts, kpis),
        "rectified": _rectified(kpis),
        "closed": _closed(kpis),
        "overdue": _overdue(facts, kpis),
        "coverage": coverage_sentence(facts["coverage"]),
        "categories": _categories(facts["categories"]),
        "cases": f"本期选登典型案例 {len(facts['cases'])} 件。" if facts["cases"] else "",
        "next_steps": "",
    }
    return found


def _reported(facts: Json, kpis: Mapping[str, Json]) -> str:
    reported, filed = kpis["valid_reports"]["denominator"], kpis["filed_accurately"]["denominator"]
    whose = f"{facts['said']}，{facts['area']}"
    if not reported:
        return f"{whose}没有上报的问题。"
    return f"{whose}共上报问题 {reported} 件，立案 {filed} 件。"


def _rectified(kpis: Mapping[str, Json]) -> str:
    done, in_time = kpis["rectified"], kpis["rectified_in_time"]
    if not done["denominator"]:
        return "本期没有到期应处置的环节。"
    return (
        f"应处置环节 {done['denominator']} 个，已处置 {done['numerator']} 个，"
        f"处置率 {_rate(done)}；其中在期限内处置 {in_time['numerator']} 个，"
        f"按期处置率 {_rate(in_time)}。"
    )


def _closed(kpis: Mapping[str, Json]) -> str:
    closed, reworked = kpis["closed"], kpis["reworked"]
    if not closed["denominator"]:
        return "本期没有到期应结案的工单。"
    return (
        f"应结案工单 {closed['denominator']} 件，已结案 {closed['numerator']} 件，"
        f"结案率 {_rate(closed)}；返工 {reworked['numerator']} 件，返工率 {_rate(reworked)}。"
    )


def _overdue(facts: Json, kpis: Mapping[str, Json]) -> str:
    left = kpis["overdue"]["numerator"]
    if not left:
        return ""
    return f"截至{facts['as_of']}，有 {left} 个环节超过期限仍未整改。"


def coverage_sentence(coverage: Json) -> str:
    """How much of what was to be walked was walked, and what walking some of it again found."""
    due, covered = coverage["due"], coverage["covered"]
    if not due:
        return ""
    weeks = len(coverage["weeks"])
    said = f"{weeks} 周应巡查小区 {due} 个次，全覆盖 {covered} 个次，覆盖率 {percent(covered, due)}"
    if not coverage["walked"]:
        return f"{said}。"
    return (
        f"{said}；实地抽查 {coverage['walked']} 个次，发现问题 {coverage['with_problems']} 个次。"
    )


def _categories(categories: Sequence[Json]) -> str:
    if not categories:
        return ""
    most = "、".join(f"{one['name']} {one['count']} 件" for one in categories[:MOST_NAMED])
    return f"上报问题按类别，较多的是{most}。" if len(categories) > 1 else f"上报的都是{most}。"


def case_sentence(case: Json) -> str:
    """What a case was and what was done, with its instants."""
    said = f"{case['place']}：{case['category']}"
    done = f"{case['reported']}上报，{case['responsible']}于{case['rectified']}整改"
    return f"{said}。{done}，{case['closed']}结案。"


def told(generated: Sentences, edits: Mapping[str, str]) -> Sentences:
    """The sentences as they go into the document: what somebody wrote stands in place of ours."""
    return {key: edits.get(key, text) for key, text in generated.items()}
