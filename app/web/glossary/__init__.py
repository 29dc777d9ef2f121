"""The Chinese words of the OpenAPI document: what every member and parameter means."""

import re
from typing import Any

from app.web.glossary.members import MEMBERS
from app.web.glossary.narrower import NARROWER
from app.web.glossary.problem import PROBLEM as PROBLEM

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
