"""The top level reads as the product: no other names than the promised ones lie there."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROMISED = {"app", "uploads", "config", "wsgi.py", "tests", "requirements.txt"}
BESIDE = {"README.md", "pyproject.toml", "Makefile", "docs"}


def names_at_the_top() -> set[str]:
    """What git holds or would take; the plain folder when this copy is no git work tree."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0 and listed.stdout:
        return {path.split("/")[0] for path in listed.stdout.split("\0") if path}
    return {path.name for path in ROOT.iterdir() if path.name != "__pycache__"}


def test_only_promised_names_at_the_top() -> None:
    visible = {name for name in names_at_the_top() if not name.startswith(".")}
    assert visible - PROMISED - BESIDE == set()


def test_every_promised_name_is_there() -> None:
    assert PROMISED - names_at_the_top() == set()


def test_what_every_change_must_pass_is_what_the_readme_says() -> None:
    steps = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [step for step in steps if step.startswith("step ")] == [
        "step make check",
        "step make test",
    ]
    assert "\nmake test" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_nothing_uploaded_is_kept_with_the_code() -> None:
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "check-ignore", "uploads/ab/photo.jpg"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    ignored = "/uploads/*" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert listed.returncode == 0 or ignored
