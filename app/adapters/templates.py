"""The message templates that the operator chose, out of a file."""

import tomllib
from collections.abc import Callable
from typing import NoReturn

from app.notices.messages.templates import Template, TemplatesFaulty, read_templates
from config.settings import Settings


def open_templates(settings: Settings, *, stop: Callable[[str], NoReturn]) -> tuple[Template, ...]:
    """Those of the file that is set, none without one. `stop` is told of a broken file."""
    if settings.wechat_templates_file is None:
        return ()
    try:
        with open(settings.wechat_templates_file, "rb") as file:
            return read_templates(tomllib.load(file))
    except (OSError, ValueError) as problem:
        why = problem if isinstance(problem, TemplatesFaulty) else "打不开，或不是 TOML。"
        stop(f"GEXUN_WECHAT_TEMPLATES_FILE 的文件不能用：{why}")
