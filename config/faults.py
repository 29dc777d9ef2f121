"""What is wrong with the environment, in one Chinese sentence for the operator."""

from typing import Any

PREFIX = "GEXUN_"

REASONS = {
    "int_parsing": "须为整数",
    "int_from_float": "须为整数",
    "bool_parsing": "须为 true 或 false",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected} 之一",
    "string_too_short": "至少 {min_length} 个字符",
    "string_pattern_mismatch": "写法不对",
    "too_short": "至少 {min_length} 个字符",
}
"""Pydantic's error types that settings can raise, in Chinese."""


def fault_sentence(faults: list[Any]) -> str:
    """What is wrong: all variables that lack, or the first one at fault; never its value, which
    may be a secret."""
    missing = [_variable(fault) for fault in faults if fault["type"] == "missing"]
    if missing:
        return f"环境变量 {'、'.join(missing)} 没有设置；见 docs/settings.md。"
    fault, name = faults[0], _variable(faults[0])
    context = fault.get("ctx") or {}
    if fault["type"] == "value_error":
        reason = str(context["error"])
    else:
        reason = REASONS.get(fault["type"], "值不对").format_map(context)
    return f"环境变量 {name} 不能用：{reason}；见 docs/settings.md。"


def _variable(fault: Any) -> str:
    return f"{PREFIX}{str(fault['loc'][0]).upper()}"
