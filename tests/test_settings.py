"""Settings: documented as they are, and a wrong one stops the start with one sentence."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import config.settings
from config.settings import PREFIX, Settings, SettingsError, load_settings

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "settings.md"
ROW = re.compile(r"^\| `GEXUN_(\w+)` \| (?:`([^`]*)`|(\S+)) \| (.+) \|$", re.MULTILINE)


@pytest.fixture
def right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment that is just enough, and no file of `make run`."""
    monkeypatch.setattr(config.settings, "EMBEDDED_ENV_FILE", tmp_path / "env")
    return {
        "GEXUN_DATABASE_URL": f"sqlite:///{tmp_path}/a.db",
        "GEXUN_PHOTO_STORE": f"file://{tmp_path}/photos",
        "GEXUN_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    }


def documented() -> dict[str, tuple[str, str]]:
    """Each documented variable with its default and what is said of it."""
    rows = ROW.findall(DOCS.read_text(encoding="utf-8"))
    return {name.lower(): (code or word, said) for name, code, word, said in rows}


def written_default(name: str) -> str:
    """The default of a setting as the page writes it."""
    field = Settings.model_fields[name]
    if field.is_required():
        return "必填"
    if field.default_factory is not None:
        return "处理器核数"
    if field.default is None:
        return "不设"
    return str(field.default).lower() if isinstance(field.default, bool) else str(field.default)


def test_the_page_says_what_there_is() -> None:
    page = documented()
    assert list(page) == list(Settings.model_fields)
    for name, (default, _) in page.items():
        assert default == written_default(name), name


def test_every_setting_says_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        if name not in ("database_url", "photo_store"):
            assert re.search(r"[\u4e00-\u9fff]", field.description or ""), name


def loaded(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of an environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def test_defaults_are_enough(right: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(right, monkeypatch)
    assert settings.embedded
    assert settings.concurrent_decodes == os.cpu_count()
    assert right["GEXUN_SECRET_KEY"] not in repr(settings)


@pytest.mark.parametrize("name", ["DATABASE_URL", "PHOTO_STORE", "SECRET_KEY"])
@pytest.mark.parametrize("value", [None, ""])
def test_what_must_be_set(
    right: dict[str, str], monkeypatch: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    del right[PREFIX + name]
    more = {} if value is None else {PREFIX + name: value}
    with pytest.raises(SettingsError, match=f"^环境变量 GEXUN_{name} 没有设置；见 docs/settings"):
        loaded({**right, **more}, monkeypatch)


def test_all_that_lacks_is_named_at_once(
    right: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert right
    with pytest.raises(SettingsError) as refusal:
        loaded({"GEXUN_TOKEN_HOURS": "0"}, monkeypatch)
    assert str(refusal.value) == (
        "环境变量 GEXUN_DATABASE_URL、GEXUN_PHOTO_STORE、GEXUN_SECRET_KEY 没有设置；"
        "见 docs/settings.md。"
    )


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("ENV", "staging", "只能是"),
        ("DATABASE_URL", "mysql://a", "须以 sqlite:///"),
        ("DATABASE_URL", "sqlite:///relative.db", "完整路径"),
        ("DATABASE_URL", "sqlite:///:memory:", "完整路径"),
        ("DATABASE_URL", "sqlite:////no/such/folder/a.db", "文件夹不存在"),
        ("DATABASE_URL", "postgresql+psycopg://a:b@host:c/d", "端口"),
        ("DATABASE_URL", "postgresql+psycopg://host:99999/b", "端口"),
        ("PHOTO_STORE", "uploads", "file:///"),
        ("PHOTO_STORE", "file://", "file:///"),
        ("PHOTO_STORE", "s3://", "s3://"),
        ("PHOTO_STORE", "s3://Photos/a", "桶名"),
        ("PHOTO_STORE", "s3://key:secret@photos/a", "桶名"),
        ("PHOTO_STORE", "s3://photos/a?b=c", "桶名"),
        ("SECRET_KEY", "short", "至少 32 个字符"),
        ("SESSION_KEYS", f"{'k' * 32},short", "每把至少 32 个字符"),
        ("URL_KEYS", f"{'k' * 32},", "每把至少 32 个字符"),
        ("PUBLIC_URL", "gexun.example", "http://"),
        ("PUBLIC_URL", "https://gexun.example/?a=1", "http://"),
        ("TILES_URL", "tiles.example/{z}/{x}/{y}", "http://"),
        ("TILES_URL", "https://tiles.example/{z}/{x}", "{y}"),
        ("TILES_URL", "https://{s}.example/{z}/{x}/{y}", "主机名"),
        ("TRUSTED_PROXIES", "-1", "不能小于 0"),
        ("TRUSTED_PROXIES", "6", "不能大于 5"),
        ("LIMIT_SIGN_INS", "0", "不能小于 1"),
        ("LIMIT_REQUESTS", "many", "须为整数"),
        ("LIMIT_REQUESTS", "1.5", "须为整数"),
        ("PHOTO_URL_HOURS", "0", "不能小于 1"),
        ("PHOTO_URL_HOURS", "169", "不能大于 168"),
        ("SETTLEMENTS_WALKED_WEEKLY", "perhaps", "true 或 false"),
        ("METRICS_TOKEN", "short", "至少 16 个字符"),
        ("S3_ACCESS_KEY", "only-one", "须与 GEXUN_S3_ACCESS_KEY 同时设置"),
        ("S3_SECRET_KEY", "only-one", "须与 GEXUN_S3_ACCESS_KEY 同时设置"),
        ("S3_ENDPOINT", "ftp://a", "http://"),
        ("S3_ENDPOINT", "http://cos_1.example", "域名"),
        ("S3_ENDPOINT", "http://存储.example", "域名"),
        ("S3_REGION", "east 1", "地域"),
        ("S3_REGION", "华东", "地域"),
        ("S3_ADDRESSING_STYLE", "other", "只能是"),
        ("S3_SIGNATURE_VERSION", "newest", "只能是"),
        ("S3_CHECKSUMS", "never", "只能是"),
        ("S3_TIMEOUT_S", "0", "不能小于 1"),
        ("S3_TIMEOUT_S", "61", "不能大于 60"),
        ("S3_TIMEOUT_S", "soon", "须为整数"),
        ("WECHAT_APP_ID", "gh_not_an_app_id", "写法不对"),
        ("WECHAT_APP_ID", "wx0123456789abcdef", "须与 GEXUN_WECHAT_APP_ID 同时设置"),
        ("WECHAT_APP_SECRET", "only-one", "须与 GEXUN_WECHAT_APP_ID 同时设置"),
        ("WECHAT_PUSH_TOKEN", "a-b", "须为 3 至 32 个字母和数字"),
        ("WECHAT_PUSH_AES_KEY", "short", "须为 43 个字母和数字"),
        ("WECHAT_API_URL", "api.weixin.example", "http://"),
        ("WECHAT_TIMEOUT_S", "11", "不能大于 10"),
    ],
)
def test_what_cannot_be_used(
    right: dict[str, str], monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    with pytest.raises(SettingsError) as refusal:
        loaded({**right, PREFIX + name: value}, monkeypatch)
    said = str(refusal.value)
    assert said.startswith("环境变量 GEXUN_")
    assert reason in said
    assert value not in said or value in reason
    assert "\n" not in said


def test_the_file_of_make_run_fills_in_but_never_in_production(
    right: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "kept by make run " * 3
    kept = {**right, "GEXUN_SECRET_KEY": secret, "GEXUN_LIMIT_REQUESTS": "7"}
    lines = [f"{name}={value}\n" for name, value in kept.items()]
    config.settings.EMBEDDED_ENV_FILE.write_text("".join(lines), encoding="utf-8")
    assert load_settings().secret_key.get_secret_value() == secret.strip()
    assert loaded({"GEXUN_LIMIT_REQUESTS": "9"}, monkeypatch).limit_requests == 9
    with pytest.raises(SettingsError, match="没有设置"):
        loaded({"GEXUN_ENV": "production"}, monkeypatch)
    right["GEXUN_SECRET_KEY"] = "f" * 32
    assert loaded(right, monkeypatch).secret_key.get_secret_value() == "f" * 32


@pytest.mark.parametrize(
    "command",
    [["-c", "import wsgi"], ["-m", "flask", "--app", "wsgi", "housekeeping"]],
    ids=["wsgi", "flask"],
)
@pytest.mark.parametrize(("name", "value"), [("SECRET_KEY", ""), ("LIMIT_REQUESTS", "many")])
def test_the_start_stops_with_one_sentence(
    right: dict[str, str], command: list[str], name: str, value: str
) -> None:
    environment = {**os.environ, **right, "GEXUN_ENV": "production", PREFIX + name: value}
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    lines = [line for line in ended.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, ended.stderr
    assert f"GEXUN_{name}" in lines[0]
    assert ended.stdout == ""
