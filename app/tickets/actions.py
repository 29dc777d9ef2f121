"""What people do to a ticket after it is reported, and what a person reads."""

from enum import StrEnum


class Action(StrEnum):
    """What people do to a ticket after it is reported."""

    dispatch = "dispatch"
    reject = "reject"
    reclassify = "reclassify"
    withdraw = "withdraw"
    rectify = "rectify"
    recall = "recall"
    close = "close"
    return_ = "return"
    comment = "comment"
    assign = "assign"
    send_back = "send_back"
    accept_send_back = "accept_send_back"
    refuse_send_back = "refuse_send_back"
    request_extension = "request_extension"
    grant_extension = "grant_extension"
    refuse_extension = "refuse_extension"
    suspend = "suspend"
    resume = "resume"
    refer = "refer"
    reopen = "reopen"
    void = "void"
    merge_into = "merge_into"
    supervise = "supervise"
    confirm = "confirm"
    explain = "explain"


ACTION_LABELS = {
    Action.dispatch: "派遣",
    Action.reject: "不予立案",
    Action.reclassify: "改类别",
    Action.withdraw: "撤回上报",
    Action.rectify: "提交整改",
    Action.recall: "撤回整改",
    Action.close: "核查通过，结案",
    Action.return_: "退回返工",
    Action.comment: "补充说明",
    Action.assign: "指派经办人",
    Action.send_back: "申请回退",
    Action.accept_send_back: "同意回退",
    Action.refuse_send_back: "不同意回退",
    Action.request_extension: "申请延期",
    Action.grant_extension: "同意延期",
    Action.refuse_extension: "不同意延期",
    Action.suspend: "挂账",
    Action.resume: "恢复办理",
    Action.refer: "移交",
    Action.reopen: "重新办理",
    Action.void: "作废",
    Action.merge_into: "并入另一张",
    Action.supervise: "督办",
    Action.confirm: "复核通过",
    Action.explain: "说明照片",
}

REPORT, MERGED_IN = "report", "merged_in"
"""What a timeline tells besides: how it began, and that another report came into it."""

EVENT_LABELS = {
    **{action.value: label for action, label in ACTION_LABELS.items()},
    REPORT: "上报",
    MERGED_IN: "并入了另一张",
}
