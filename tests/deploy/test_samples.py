"""What else an operator gets: the environment sample, the units, the compose file, the scripts."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from config.settings import PREFIX, Settings, SettingsError, load_settings
from tests.running import ROOT

DEPLOY = ROOT / "config" / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
OF_WECHAT = {"GEXUN_WECHAT_PUSH_TOKEN": 32, "GEXUN_WECHAT_PUSH_AES_KEY": 43}
"""How long secrets are that have a length of their own."""
LINE = re.compile(r"#?(GEXUN_[A-Z0-9_]+)=(.*)")


def sampled(*, all_of_them: bool) -> dict[str, str]:
    """The variables of the sample; with `all_of_them` those behind # too."""
    lines = (DEPLOY / "env.sample").read_text("utf-8").splitlines()
    found = [match for line in lines if (match := LINE.fullmatch(line))]
    return {m[1]: m[2] for m in found if all_of_them or not m[0].startswith("#")}


@pytest.mark.parametrize("all_of_them", [False, True])
def test_the_environment_sample_is_read_by_the_settings(
    all_of_them: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in sampled(all_of_them=all_of_them).items():
        is_secret = name.endswith(("_KEY", "_KEYS", "_TOKEN"))
        length = OF_WECHAT.get(name, 48)
        monkeypatch.setenv(name, "s" * length if is_secret else value)
    settings = Settings(_env_file=None)
    assert (settings.env, settings.trusted_proxies) == ("production", 1)
    assert settings.photo_store.startswith("s3://")


def test_a_sample_whose_secret_nobody_replaced_does_not_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in sampled(all_of_them=False).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match="GEXUN_SECRET_KEY"):
        load_settings()


def test_the_environment_sample_names_every_setting_and_no_other() -> None:
    assert set(sampled(all_of_them=True)) == {f"{PREFIX}{n}".upper() for n in Settings.model_fields}


def sections(unit: Path) -> dict[str, dict[str, list[str]]]:
    """A unit as systemd reads it: sections, names, and every value of each."""
    found: dict[str, dict[str, list[str]]] = {}
    text = unit.read_text("utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            here = found.setdefault(heading[1], {})
        else:
            name, _, value = line.partition("=")
            here.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_what_there_is(unit: Path) -> None:
    read = sections(unit)
    if unit.suffix == ".timer":
        assert unit.with_suffix(".service") in UNITS
        return
    service = read["Service"]
    words = shlex.split(service["ExecStart"][0])
    program = words[0].removeprefix("/opt/gexun/")
    if program.startswith(".venv/bin/"):
        assert (ROOT / ".venv" / "bin" / Path(program).name).exists()
    else:
        assert (ROOT / program).stat().st_mode & 0o111
    assert service["NoNewPrivileges"] == ["yes"]
    assert service["User"] != ["root"]
    _verify(unit)


def _verify(unit: Path) -> None:
    """What systemd itself says, where there is one: paths of the server are not on this machine."""
    if shutil.which("systemd-analyze"):
        command = ["systemd-analyze", "verify", str(unit)]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
        faults = [line for line in said.splitlines() if unit.name in line or "Unknown" in line]
        assert [line for line in faults if "is not executable" not in line] == []


def test_the_compose_file_names_what_there_is() -> None:
    read = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    assert set(read["services"]) == {"database", "migrate", "web", "worker", "proxy"}
    for name in ("migrate", "web", "worker"):
        service = read["services"][name]
        assert service["env_file"] == "env"
        build = service["build"]
        assert ((DEPLOY / build["context"]) / build["dockerfile"]).is_file()
    mounted = [each.split(":")[0] for each in read["services"]["proxy"]["volumes"]]
    assert (DEPLOY / mounted[0]).is_file()
    for service in read["services"].values():
        assert set(service.get("depends_on", {})) <= set(read["services"])
        named = [each.split(":")[0] for each in service.get("volumes", [])]
        assert {each for each in named if each[0] not in "./"} <= set(read["volumes"])


def test_the_image_is_made_of_what_there_is() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    for source in re.findall(r"^COPY (\S+) ", text, re.MULTILINE):
        assert (ROOT / source).exists(), source


@pytest.mark.parametrize("script", sorted(DEPLOY.glob("*.sh")), ids=lambda path: path.name)
def test_scripts_are_plain_shell(script: Path) -> None:
    assert script.stat().st_mode & 0o111
    checked = subprocess.run(["sh", "-n", str(script)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
