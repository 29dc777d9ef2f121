"""What can be wrong, and where, in words for people. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.tickets.actions import EVENT_LABELS

FIELDS = {
    "note_sha256": "说明",
    "changes_sha256": "变更内容",
    "description_sha256": "问题描述",
    "at": "时间",
    "received_at": "收到时间",
    "removed_at": "删除时间",
    "actor": "办理人",
    "post": "岗位",
    "organisation": "单位",
    "action": "事项",
    "from": "原状态",
    "to": "新状态",
    "sequence": "顺序",
    "number": "工单编号",
    "ticket": "所属工单",
    "sha256": "文件的 SHA-256",
    "bytes": "字节数",
    "media_type": "文件类型",
    "reason": "删除原因",
    "rule": "保存期限",
    "source": "来源",
    "external_number": "外部编号",
    "reporter": "上报人",
    "taken_at": "自报的拍摄时间",
    "occurred_at": "自报的发生时间",
    "clock_offset_s": "手机时钟差",
    "client_sha256": "手机原图的 SHA-256",
    "position": "自报的位置",
    "exif_taken_at": "EXIF 时间",
    "exif_position": "EXIF 位置",
    "software": "EXIF 软件名",
    "verdict": "结论",
    "verdict_before": "原来的结论",
    "follows": "结论与疑点不符",
    "stands": "现在的结论或疑点与最后一次判断不符",
    "findings_before_sha256": "原来的疑点",
    "judged_at": "判断的时间",
    "judged_for": "判断的缘由",
    "rule_version": "规则版本",
    "rule_versions": "规则版本",
    "findings_sha256": "疑点",
    "role": "用途",
}
"""What the members of an entry are called."""


@dataclass(frozen=True)
class Fault:
    """One thing that is not as the record has it; `remark`: nothing was altered, but look."""

    chain: str
    said: str
    day: date | None = None
    position: int | None = None
    about: str = ""
    remark: bool = False

    @property
    def line(self) -> str:
        """As a person reads it: township, day, entry, what it is about, what is wrong."""
        where = f"第 {self.position} 条" if self.position else ""
        day = self.day.isoformat() if self.day else ""
        return "\t".join(each for each in (self.chain, day, where, self.about, self.said) if each)


def about(facts: Mapping[str, Any]) -> str:
    """What an entry is about."""
    if "event" in facts:
        action = EVENT_LABELS.get(facts.get("action", ""), facts.get("action"))
        return f"工单 {facts.get('number')} 第 {facts.get('sequence')} 步（{action}）"
    if "judgement" in facts:
        ticket = f"工单 {facts['number']} " if "number" in facts else ""
        return f"{ticket}照片 {facts.get('photo')} 事后的结论"
    return f"照片 {facts.get('photo')}"


def differences(kept: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """What of a row is not what its entry says, in the words of people.

    A position that a photo lacked may be added to it later; nothing else may change.
    """
    for name in sorted({*kept, *now}):
        was, is_now = kept.get(name), now.get(name)
        if was == is_now or (name == "position" and was is None):
            continue
        if name == "uses":
            yield from _of_uses(was or [], is_now or [])
        elif isinstance(was, dict) and isinstance(is_now, dict):
            yield from differences(was, is_now)
        else:
            yield FIELDS.get(name, name)


def _of_uses(kept: list[dict[str, Any]], now: list[dict[str, Any]]) -> Iterator[str]:
    before, after = ({each["photo"]: each for each in uses} for uses in (kept, now))
    for photo in sorted({*before, *after}):
        if photo not in after:
            yield f"照片 {photo} 的使用记录被删去"
        elif photo not in before:
            yield f"照片 {photo} 的使用记录是后加的"
        else:
            yield from (
                f"照片 {photo} 的{said}" for said in differences(before[photo], after[photo])
            )
