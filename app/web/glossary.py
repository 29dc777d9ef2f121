"""What the members of requests and answers mean, in Chinese: one word means one thing everywhere.

`Schema.member` says more where a word has a narrower meaning. A schema's own description wins.
"""

import re
from typing import Any

PLACES = {
    "accuracy_m": "位置的精度（米，半径）",
    "area": "小区里的部位",
    "area_label": "部位的中文名",
    "buildings": "楼栋数",
    "candidates": "精度范围内可选的其他网格",
    "cell": "网格单元",
    "cells": "所跨的网格",
    "checkpoint": "巡查点位",
    "checkpoints": "巡查必到的点位",
    "community": "所属社区或村",
    "company": "当天合同有效的物业公司；无物业为空",
    "compound": "小区",
    "compounds": "位置所在的小区",
    "datum": "坐标系：wgs84、gcj02（腾讯、高德）、bd09（百度）",
    "distance_m": "距离（米）",
    "features": "网格轮廓",
    "fixed_at": "定位的时间",
    "geometry": "轮廓（GeoJSON）",
    "households": "户数",
    "in_service_on": "开始使用的日期",
    "kind": "种类",
    "kind_label": "种类的中文名",
    "lat": "纬度（度）",
    "lng": "经度（度）",
    "match": "inside 在网格内；ambiguous 离边界近于精度；outside 不在任何网格",
    "match_label": "匹配情况的中文说明",
    "outline": "轮廓（GeoJSON）",
    "position": "位置",
    "positions": "设备与 EXIF 各自给出的位置，原样保留",
    "properties": "编码、名称、所属组织",
    "responsible_people": "责任人",
    "retired_on": "停用的日期；仍在用为空",
    "wardens": "本网格的网格员",
}

PEOPLE = {
    "access_token": "登录令牌，只给这一次；网页登录为空",
    "actor": "谁做的；不便透露时为空",
    "assignee": "责任单位指定的经办人",
    "by": "谁看的",
    "cookie": "true：网页登录，令牌放在 cookie 里",
    "csrf_token": "网页写入时放进 X-CSRF-Token 的值",
    "expires_at": "到期时间",
    "organisation": "组织",
    "password": "口令",
    "person": "本人",
    "posts": "今天有效的岗位",
    "reported_by": "上报人；不便透露时为空",
    "responsible": "责任单位",
    "role": "岗位",
    "role_label": "岗位的中文名",
    "type_label": "类型的中文名",
    "username": "用户名",
}

PHOTOS = {
    "bytes": "收到的字节数",
    "client_sha256": "手机压缩之前原文件的 SHA-256（十六进制）",
    "cover": "封面小图的地址",
    "device": "设备给出的",
    "direction": "supports 佐证；contradicts 矛盾；unknown 不能判断",
    "display": "大图的地址",
    "exif": "EXIF 给出的",
    "expires": "地址失效的时刻（Unix 秒）",
    "file": "照片文件：JPEG、PNG、WebP 或 HEIC",
    "findings": "系统注意到的佐证和疑点",
    "height": "高（像素，转正后）",
    "media_type": "文件类型",
    "message": "中文说明",
    "observed": "所见",
    "photo": "照片",
    "photo_id": "另一张照片；无权查看时为空",
    "photo_ids": "照片：编号，或 key: 加上传时的 Idempotency-Key",
    "photos": "照片及其用途",
    "received": "收件：原文件的地址；无权查看时为空",
    "received_at": "收到的时间",
    "sha256": "原文件的 SHA-256（十六进制）",
    "signature": "签名",
    "taken_at": "拍摄时间",
    "threshold": "判断所用的界限",
    "thumb": "小图的地址",
    "urls": "签名地址，至少一小时内有效",
    "verdict": "consistent 相符；needs_review 待人工查看；contradicted 矛盾",
    "width": "宽（像素，转正后）",
}

TICKETS = {
    "action": "动作",
    "action_label": "动作的中文名",
    "allowed_actions": "现在可以做的动作",
    "at": "时间",
    "category": "事项类别",
    "changes": "改动了什么",
    "check_due_at": "核查期限",
    "closed_at": "结案时间",
    "closing_test": "结案标准",
    "condition": "立案条件；不填取该类别的第一个",
    "conditions": "立案条件",
    "description": "问题描述",
    "dispatched_at": "派遣时间",
    "due_at": "整改期限",
    "due_provisional": "true：当年节假日安排未公布，期限是暂定的",
    "extension_count": "已批准的延期次数",
    "external_due_at": "外部工单的期限",
    "external_number": "外部工单号",
    "filing_due_at": "立案期限",
    "fixed_on_spot": "当场整改：整改后照片和说明",
    "from": "从",
    "legs": "各责任单位的环节",
    "light": "green 未到时限八成；yellow 八成以上；red 超期",
    "limit_label": "办理时限",
    "merged_into": "并入的工单",
    "outside": "移交的外单位",
    "supervised_at": "督办的时间；没有督办为空",
    "suspended_until": "挂账到什么时候；没有挂账为空",
    "until": "到什么时候",
    "witnesses": "并入本单的各单的上报人；不便透露时为空",
    "mine": "1：只看本人上报的",
    "note": "说明；需要理由的动作写在这里",
    "number": "工单号",
    "outcome": "环节的结果",
    "pending": "等待答复的申请",
    "possible_duplicate_of": "可能重复的工单",
    "q": "工单号开头、小区名或描述中的词，至少两个字",
    "rectified_at": "整改完成时间",
    "recurrence_of": "复发：原来的工单",
    "reported_at": "上报时间",
    "reported_from": "上报时间不早于",
    "reported_to": "上报时间早于",
    "rework_count": "返工次数",
    "same_day": "是否当天办结",
    "second_look": "复查：waiting 待复查；ok 已通过",
    "sort": "newest 新的在前；due 快到期的在前",
    "source": "来源",
    "source_label": "来源的中文名",
    "standard_ref": "所依标准",
    "state": "状态",
    "state_label": "状态的中文名",
    "ticket": "工单：编号，或 key: 加上报时的 Idempotency-Key",
    "timeline": "经过，旧的在前，只增不改",
    "to": "到",
    "updated_at": "最近变动时间",
    "updated_since": "此后有变动的",
    "version": "所见的版本号；已有变化时返回 stale_version",
}

ROUNDS = {
    "all_fine": "true：其余点位全部正常",
    "checks": "各点位的结果",
    "complete": "是否已全覆盖",
    "completed_at": "全覆盖完成的时间",
    "covered": "已覆盖",
    "due": "应巡查的小区数",
    "missing": "还没有结果的点位",
    "rate": "覆盖率；没有应巡查的为空",
    "result": "fine 正常；problem 有问题",
    "result_label": "结果的中文名",
    "round": "巡查",
    "round_id": "巡查的编号",
    "week": "ISO 周，如 2026-W48；不填为本周",
    "weeks": "各周",
}

MANNERS = {
    "code": "编码",
    "cursor": "上一页给出的 next_cursor",
    "id": "编号（UUID）",
    "items": "各项",
    "limit": "每页几项",
    "name": "名称",
    "next_cursor": "下一页的位置；没有下一页为空",
    "occurred_at": "发生时间，离线作业时填写；至多 72 小时前",
    "sent_at": "发送时手机的时钟",
    "type": "类型",
}

MEMBERS = {**PLACES, **PEOPLE, **PHOTOS, **TICKETS, **ROUNDS, **MANNERS}

NARROWER = {
    "CategoryOut.action": "所属的六项行动",
    "CategoryOut.action_label": "六项行动的中文名",
    "CheckOut.at": "看的时间",
    "CheckOut.ticket": "问题对应的工单编号",
    "ConditionOut.limit": "办理时限：数量和单位",
    "CoverageItemOut.covered": "是否已覆盖",
    "CoverageOut.covered": "已覆盖的小区数",
    "AssignIn.person": "经办人的编号（UUID），须为责任单位的人",
    "OutsideIn.name": "外单位名称",
    "OutsideIn.number": "移交文号",
    "PendingOut.at": "什么时候申请的",
    "PendingOut.kind": "send_back 申请回退；request_extension 申请延期",
    "PendingOut.reason": "申请的理由",
    "PendingOut.until": "申请延到什么时候",
    "ReferIn.organisation": "执法机构（编码）；与 outside 填一个",
    "ReferredOutsideOut.answer": "外单位的答复；还没有为空",
    "ReferredOutsideOut.name": "外单位名称",
    "ReferredOutsideOut.number": "移交文号",
    "ReferredOutsideOut.on": "移交日期",
    "DispatchIn.organisation": "派给哪个组织（编码）",
    "EventOut.from": "动作之前的状态",
    "EventOut.to": "动作之后的状态",
    "FindingOut.code": "疑点或佐证的代码",
    "LegOut.from": "开始时间",
    "LegOut.to": "结束时间；未结束为空",
    "PhotoOut.cell": "所在网格；不在任何网格为空",
    "PhotoUpload.occurred_at": "发生时间，离线作业时填写；至多 72 小时前",
    "PhotoUpload.source": "camera 拍摄；album 相册；unknown 不明",
    "PhotoUseOut.findings": "就这一用途而言的佐证和疑点",
    "PhotoUseOut.role": "before 整改前；after 整改后；process 过程；check 核查",
    "PhotoUseOut.verdict": "就这一用途而言的结论",
    "PositionInForce.source": "device 设备；exif 照片自带",
    "TakenAt.device": "设备给出的拍摄时间",
    "TakenAt.exif": "EXIF 里的拍摄时间",
    "SummaryQuery.weeks": "最近几周，含本周",
    "TicketItem.version": "版本号，每次动作加一",
    "TicketOut.version": "版本号，每次动作加一",
    "WeekFigures.covered": "已覆盖的小区数",
    "job": "后台任务的编号",
    "kind": "thumb、display 或 received",
    "leave": "请假的编号",
    "organisation": "组织编码，含其下级",
    "photo": "照片：编号，或 key: 加上传时的 Idempotency-Key",
    "post": "岗位的编号",
    "round": "巡查的编号",
    "state": "状态，可重复",
    "town": "镇的编码；县的编码指全县通用的",
}
"""Narrower meanings, by schema and member; a bare name is a parameter of a path or query."""

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "urn:gexun:problem: 加错误码"},
        "title": {"type": "string", "description": "中文，可直接显示"},
        "status": {"type": "integer", "description": "HTTP 状态码"},
        "detail": {"type": "string", "description": "中文，错在哪里、怎么办"},
        "code": {"type": "string", "description": "稳定的错误码，见 docs/errors.md"},
        "errors": {
            "type": "object",
            "description": "字段 → 各条说明",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "current": {"type": "object", "description": "stale_version：工单现在的样子"},
        "allowed_actions": {
            "type": "array",
            "items": {"type": "string"},
            "description": "action_not_possible：现在可以做的动作",
        },
        "reference": {"type": "string", "description": "reference_unknown：还没有送达的引用"},
        "max_bytes": {"type": "integer", "description": "photo_too_large：最多多少字节"},
    },
}

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def describe(document: dict[str, Any]) -> None:
    """Gives every member and parameter its meaning; takes out what is written for our developers.

    Those are the docstrings of schemas and the titles that pydantic makes of names.
    """
    for schema_name, schema in document["components"]["schemas"].items():
        _forget_english(schema)
        for name, member in schema.get("properties", {}).items():
            _forget_english(member)
            meaning = NARROWER.get(f"{schema_name}.{name}") or MEMBERS.get(name)
            if meaning:
                member.setdefault("description", meaning)
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation["parameters"]:
                _describe_parameter(parameter)


def _describe_parameter(parameter: dict[str, Any]) -> None:
    _forget_english(parameter["schema"])
    said = parameter["schema"].pop("description", None)
    name = parameter["name"]
    meaning = said or NARROWER.get(name) or MEMBERS.get(name)
    if meaning:
        parameter.setdefault("description", meaning)


def _forget_english(schema: dict[str, Any]) -> None:
    if isinstance(schema.get("title"), str):
        del schema["title"]
    if not _CHINESE.search(schema.get("description", "中")):
        del schema["description"]
