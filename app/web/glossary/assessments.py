"""What names mean in assessment."""

ASSESSMENTS = {
    "frozen": "固定的参考分的编号",
    "score": "一个参考分的编号",
    "objection": "异议的编号",
    "item": "哪一项（来源）；给出工单的只有指标",
}
