"""Making .venv: every way it can fail is said in one sentence, and the next try repairs it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What the installer needs of a clone, in a folder of its own."""
    folder = tmp_path / "clone"
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "install.sh", folder / ".ci")
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "tests").mkdir()
    for name in ("requirements.txt", "tests/requirements.txt"):
        (folder / name).write_text("", encoding="utf-8")
    return folder


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH that holds a shell's daily tools and no Python but those a test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "make", "awk", "grep", "head", "tail", "rm", "touch", "env", "mkdir"):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    return folder


def put(programs: Path, name: str, script: str) -> None:
    program = programs / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


def make(clone: Path, programs: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *(arguments or (".venv/.runtime",))],
        cwd=clone,
        env={"PATH": str(programs), "HOME": str(clone), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


OLD = """
if [ "$1" = -V ]; then echo 'Python 3.9.18'; exit 0; fi
exit 1
"""
# Stands in for an interpreter whose pip says what a test wants it to say.
FAKE = """
case "$*" in
    *sys.version_info*) exit 0 ;;
    "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    "-m pip --version") exit 0 ;;
    "-m pip install"*) {pip} ;;
esac
"""


def test_an_old_python_is_one_sentence(clone: Path, programs: Path) -> None:
    put(programs, "python3", OLD)
    made = make(clone, programs)
    assert made.returncode != 0
    assert "需要 Python 3.11 或更新的版本" in made.stderr
    assert "Python 3.9.18" in made.stderr
    assert not (clone / ".venv").exists()


def test_no_python_is_the_same_sentence(clone: Path, programs: Path) -> None:
    made = make(clone, programs)
    assert made.returncode != 0
    assert "需要 Python 3.11 或更新的版本" in made.stderr


def fake(programs: Path, name: str, pip: str) -> None:
    for tool in ("mkdir", "cp"):
        if not (programs / tool).exists():
            (programs / tool).symlink_to(str(shutil.which(tool)))
    put(programs, name, FAKE.format(pip=pip))


def test_a_newer_python_beside_an_old_one_is_taken(clone: Path, programs: Path) -> None:
    put(programs, "python3", OLD)
    fake(programs, "python3.12", "exit 0")
    made = make(clone, programs)
    assert made.returncode == 0, made.stderr
    assert (clone / ".venv" / ".runtime").exists()
    begun, done = made.stdout.splitlines()
    assert begun.startswith("正在安装依赖（requirements.txt），首次约需一两分钟")
    assert done == "依赖已装好。"
    assert (clone / ".gexun" / "install.lock").stat().st_mode & 0o777 == 0o600


def test_no_network_is_one_sentence_and_the_next_try_repairs(clone: Path, programs: Path) -> None:
    fake(
        programs,
        "python3",
        "echo 'WARNING: Retrying after connection broken by NewConnectionError'; exit 1",
    )
    made = make(clone, programs)
    assert made.returncode != 0
    assert "连不上软件包下载站" in made.stderr
    assert not (clone / ".venv" / ".runtime").exists()
    put(clone / ".venv" / "bin", "python", FAKE.format(pip="exit 0"))
    assert make(clone, programs).returncode == 0
    assert (clone / ".venv" / ".runtime").exists()


def test_a_folder_of_somebody_else_is_one_sentence(clone: Path, programs: Path) -> None:
    """What stands in the way of a folder stands for what forbids it: nothing forbids root."""
    fake(programs, "python3", "exit 0")
    (clone / ".gexun").write_text("")
    made = make(clone, programs)
    assert made.returncode != 0
    assert "这个文件夹不能写入" in made.stderr
    assert "install.sh:" not in made.stderr


def test_a_wrong_hash_is_not_called_a_network_fault(clone: Path, programs: Path) -> None:
    fake(
        programs,
        "python3",
        "echo 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS'; exit 1",
    )
    made = make(clone, programs)
    assert made.returncode != 0
    assert "连不上" not in made.stderr
    assert "DO NOT MATCH THE HASHES" in made.stderr


def test_a_venv_that_cannot_be_made_is_one_sentence(clone: Path, programs: Path) -> None:
    put(programs, "python3", 'case "$*" in *sys.version_info*) exit 0 ;; *) exit 1 ;; esac')
    made = make(clone, programs)
    assert made.returncode != 0
    assert "python3-venv" in made.stderr
    assert not (clone / ".venv").exists()


def test_a_broken_venv_is_made_again(clone: Path, programs: Path) -> None:
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to("/nonexistent/python3.11")
    (clone / ".venv" / ".runtime").touch()
    fake(programs, "python3", "exit 0")
    made = make(clone, programs)
    assert made.returncode == 0, made.stderr
    assert os.access(clone / ".venv" / "bin" / "python", os.X_OK)


def test_help_is_the_default(clone: Path, programs: Path) -> None:
    said = subprocess.run(
        ["make"], cwd=clone, env={"PATH": str(programs)}, capture_output=True, text=True, check=True
    ).stdout
    assert "make run" in said
    assert "make test" in said
