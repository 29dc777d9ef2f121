"""Reads the imports and shapes of modules out of their syntax, and says which rules they break."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RUNGS = (
    ("kernel",),
    ("sla", "work"),
    ("people",),
    ("grid", "catalogue", "notices"),
    ("photos", "administration"),
    ("rounds", "backup", "texts"),
    ("tickets", "engines"),
    ("campaigns", "cases", "escalations", "evidence"),
    ("complaints", "duties"),
    ("assessments",),
    ("faces",),
    ("phone", "console", "reports"),
    ("create_app", "jobs", "demo"),
)
RANK = {package: rank for rank, rung in enumerate(RUNGS) for package in rung}
TOP = len(RUNGS) - 1
WEB_MAY_IMPORT = {"kernel", "sla", "work", "people"}
REQUEST_NAMES = {"request", "g", "session", "after_this_request"}
LONGEST_FUNCTION = 40
LONGEST_MODULE = 300


@dataclass(frozen=True)
class Module:
    """A Python file of the product: its path below the repository's root, and its text."""

    path: str
    source: str

    @property
    def parts(self) -> tuple[str, ...]:
        return Path(self.path).with_suffix("").parts

    @property
    def package(self) -> str:
        """The rung's name: the folder below app/, and create_app for app/__init__.py."""
        if self.path == "app/__init__.py":
            return "create_app"
        return self.parts[1]

    @property
    def is_routes(self) -> bool:
        return self.parts[-1] == "routes" or "routes" in self.parts[2:-1]

    def imports(self) -> Iterator[tuple[int, str, str]]:
        """Line, dotted module and imported name, for every import statement at any depth."""
        for node in ast.walk(ast.parse(self.source)):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield node.lineno, alias.name, ""
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    yield node.lineno, self._absolute(node), alias.name

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        here = self.parts[:-1]
        base = here[: len(here) - node.level + 1]
        return ".".join([*base, *([node.module] if node.module else [])])


def modules_below(root: Path, *folders: str) -> list[Module]:
    """Every Python file of the product except migrations, which are written by a tool."""
    return [
        Module(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for folder in folders
        for path in sorted((root / folder).rglob("*.py"))
        if "migrations" not in path.relative_to(root).parts
    ]


def imported_packages(module: Module) -> Iterator[tuple[int, str]]:
    """Line and name of each package below app/ that a module imports."""
    for line, dotted, name in module.imports():
        parts = dotted.split(".")
        if parts[0] != "app":
            continue
        if len(parts) > 1:
            yield line, parts[1]
        else:
            yield line, name if name in RANK or name in ("web", "adapters") else "create_app"


def ladder_faults(module: Module) -> list[str]:
    """Imports that go up the ladder or sideways, or that reach web or adapters unbidden."""
    return [
        f"{module.path}:{line}: {module.package} may not import {target}"
        for line, target in imported_packages(module)
        if not _may_import(module, target)
    ]


def _may_import(module: Module, target: str) -> bool:
    source = module.package
    if source == target:
        return True
    if target == "web":
        return source == "create_app" or module.is_routes
    if target == "adapters":
        return source in ("create_app", "jobs")
    if target not in RANK:
        return False
    if source == "web":
        return target in WEB_MAY_IMPORT
    if source == "adapters":
        return RANK[target] < TOP
    if source not in RANK:
        return False
    return RANK[target] < RANK[source] or RANK[source] == RANK[target] == TOP


def request_faults(module: Module) -> list[str]:
    """Uses of Flask's request outside the edge."""
    if module.package == "web" or module.is_routes:
        return []
    return [
        f"{module.path}:{line}: flask.{name} exists in routes.py and web only"
        for line, dotted, name in module.imports()
        if dotted == "flask" and name in REQUEST_NAMES
    ]


def length_faults(module: Module) -> list[str]:
    """Functions and modules that have grown too long."""
    lines = module.source.count("\n")
    faults = []
    if lines > LONGEST_MODULE:
        faults.append(f"{module.path}: {lines} lines, at most {LONGEST_MODULE}")
    for node in ast.walk(ast.parse(module.source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                faults.append(
                    f"{module.path}:{node.lineno}: {node.name} has {length} lines, "
                    f"at most {LONGEST_FUNCTION}"
                )
    return faults
