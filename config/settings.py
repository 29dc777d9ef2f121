"""Settings, typed, from the environment (prefix GEXUN_); a wrong one stops the start."""

import os
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.faults import PREFIX as PREFIX
from config.faults import fault_sentence
from config.wording import (
    ADDRESSES,
    AES_KEY,
    HOST,
    PUSH_TOKEN,
    REGION,
    SET_TOGETHER,
    TILES,
    has_sound_port,
    parted,
    sqlite_url,
    store_url,
    web_address,
)

ROOT = Path(__file__).resolve().parent.parent
EMBEDDED_ENV_FILE = ROOT / ".gexun" / "env"
SHORTEST_KEY = 32


class SettingsError(Exception):
    """The environment cannot be used; the message is one Chinese sentence for the operator."""


class Settings(BaseSettings):
    """Everything an operator can set; docs/settings.md says the same for people."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True
    )

    env: Literal["development", "production"] = Field(
        "development", description="production 时不读 .gexun/env，也不装演示数据"
    )
    database_url: str = Field(description="sqlite:////路径/gexun.db 或 postgresql+psycopg://…")
    photo_store: str = Field(description="file:///路径 或 s3://桶/前缀")
    secret_key: SecretStr = Field(min_length=SHORTEST_KEY, description="签名密钥，至少 32 个字符")
    session_keys: SecretStr | None = Field(
        None, description="网页登录的校验密钥，可以几把；不设用 GEXUN_SECRET_KEY"
    )
    url_keys: SecretStr | None = Field(
        None, description="照片地址的签名密钥，可以几把；不设用 GEXUN_SECRET_KEY"
    )
    public_url: str | None = Field(None, description="反向代理后面对外的地址，可带路径前缀")
    trusted_proxies: int = Field(0, ge=0, le=5, description="前面有几层可信的反向代理")
    tiles_url: str | None = Field(
        None, description="督查台地图的底图：XYZ 瓦片的地址，含 {z}、{x}、{y}；不设没有底图"
    )
    tiles_datum: Literal["wgs84", "gcj02"] = Field("wgs84", description="底图的坐标系")
    limit_sign_ins: int = Field(10, ge=1, description="每个地址、每个用户名每分钟登录次数")
    limit_failed_sign_ins: int = Field(
        20, ge=1, description="一个用户名 15 分钟内输错几次口令，就锁到这 15 分钟结束"
    )
    limit_requests: int = Field(600, ge=1, description="每人每分钟请求次数")
    limit_complaints: int = Field(
        10, ge=1, description="每个地址、每个人每小时提交投诉建议的次数；同一个小区为五倍"
    )
    token_hours: int = Field(720, ge=1, le=8784, description="一次登录有效几小时")
    photo_max_bytes: int = Field(
        25 * 1024 * 1024, ge=1024, le=1024**3, description="一张照片最多多少字节"
    )
    photo_url_hours: int = Field(1, ge=1, le=168, description="照片地址至少有效几小时")
    concurrent_decodes: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        le=64,
        description="每个进程同时解码几张照片；默认为处理器核数",
    )
    settlements_walked_weekly: bool = Field(False, description="居民点是否也每周巡查")
    second_look_percent: int = Field(20, ge=0, le=100, description="结案中抽多少（%）由督查员复核")
    spot_check_percent: int = Field(
        10, ge=0, le=100, description="每周的正常巡查中抽多少（%）由督查员实地抽查；0 为不抽"
    )
    backup_folder: str | None = Field(
        None, description="内置数据库的备份放在哪个文件夹；不设为数据库旁边的 backups"
    )
    template_folder: str | None = Field(
        None, description="本县自己的公文模板（Word）放在哪个文件夹；不设用随产品提供的"
    )
    evidence_key_file: str | None = Field(
        None, description="记录链每日签名用的密钥文件（Ed25519，PEM）；不设则不签名"
    )
    timestamp_url: str | None = Field(None, description="时间戳服务（RFC 3161）的地址；不设不取")
    timestamp_ca_file: str | None = Field(
        None, validate_default=True, description="时间戳服务的根证书（PEM）；与地址同时设置"
    )
    purge_photos: bool = Field(False, description="后台任务进程是否每天清除保存期满的照片文件")
    disk_alarm_mb: int = Field(1024, ge=0, description="本机放数据的磁盘剩余空间少于多少 MB 就告警")
    metrics_token: SecretStr | None = Field(
        None, min_length=16, description="外机读取 /metrics 的口令，至少 16 个字符"
    )
    argon2_memory_kib: int = Field(
        19 * 1024, ge=8, le=4 * 1024 * 1024, description="口令散列内存（KiB）"
    )
    argon2_time_cost: int = Field(2, ge=1, le=100, description="口令散列轮数")
    s3_endpoint: str | None = Field(None, description="对象存储地址；不设为 AWS")
    s3_region: str = Field("us-east-1", description="对象存储地域")
    s3_access_key: SecretStr | None = Field(
        None, description="对象存储访问键；不设则用运行环境自带的"
    )
    s3_secret_key: SecretStr | None = Field(
        None, validate_default=True, description="对象存储密钥；与访问键同时设置"
    )
    s3_addressing_style: Literal["auto", "path", "virtual"] = Field(
        "auto", description="桶名在路径还是域名里"
    )
    s3_signature_version: Literal["s3v4", "s3"] = Field(
        "s3v4", description="请求的签名算法；s3 是旧的第 2 版，只给不认第 4 版的存储用"
    )
    s3_checksums: Literal["when_required", "when_supported"] = Field(
        "when_required", description="何时另带校验和；国内各家的对象存储不收 when_supported 带的"
    )
    s3_timeout_s: int = Field(
        3, ge=1, le=60, description="对象存储多少秒连不上或没有应答，就算不可用"
    )
    s3_public_endpoint: str | None = Field(
        None, description="手机从外面访问对象存储的地址；不设则与 GEXUN_S3_ENDPOINT 相同"
    )
    direct_upload: bool = Field(
        True, description="照片在对象存储时，申请上传地址的手机是否直接传到存储"
    )

    wechat_app_id: str | None = Field(
        None, pattern=r"^wx[0-9a-f]{16}$", description="微信小程序的 AppID；不设则不能用微信登录"
    )
    wechat_app_secret: SecretStr | None = Field(
        None, validate_default=True, description="微信小程序的 AppSecret；与 AppID 同时设置"
    )
    wechat_push_token: SecretStr | None = Field(
        None, description="微信消息推送的 Token；不设则不收推送"
    )
    wechat_push_aes_key: SecretStr | None = Field(
        None, description="微信消息推送的 EncodingAESKey；设了就只收加密的（安全模式）"
    )
    wechat_templates_file: str | None = Field(
        None, description="微信订阅消息的模板写在哪个文件（TOML）；不设则不发"
    )
    wechat_code_page: str = Field(
        "pages/place/index", description="小程序码打开小程序的哪一页，不以 / 开头"
    )
    wechat_api_url: str = Field("https://api.weixin.qq.com", description="微信服务端接口的地址")
    wechat_timeout_s: int = Field(
        5, ge=1, le=10, description="微信多少秒连不上或没有应答，就算不可用"
    )

    privacy_version: str = Field(
        "1",
        pattern=r"^[0-9A-Za-z.-]{1,32}$",
        description="现行隐私保护指引的版本；改了就要重新同意",
    )

    content_checks: bool = Field(False, description="是否请微信检查照片，照片会被微信取走")

    text_checks: bool = Field(False, description="是否请微信检查各人写的文字，文字会发给微信")

    @field_validator("content_checks", "text_checks")
    @classmethod
    def _can_be_asked(cls, value: bool, info: ValidationInfo) -> bool:
        pushed = ("wechat_push_token", "public_url") if info.field_name == "content_checks" else ()
        needed = ("wechat_app_id", *pushed)
        missing = [PREFIX + name.upper() for name in needed if info.data.get(name) is None]
        if value and missing:
            raise ValueError(f"须另设 {'、'.join(missing)}")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if value.startswith("sqlite:///"):
            return sqlite_url(value)
        if not value.startswith("postgresql+psycopg://"):
            raise ValueError("须以 sqlite:/// 或 postgresql+psycopg:// 开头")
        if not has_sound_port(value):
            raise ValueError("端口须为 1 至 65535 的整数；口令中的特殊字符须写成 %XX")
        return value

    @field_validator("photo_store")
    @classmethod
    def _known_store(cls, value: str) -> str:
        return store_url(value)

    @field_validator(*ADDRESSES)
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        return None if value is None else web_address(value)

    @field_validator("s3_endpoint", "s3_public_endpoint")
    @classmethod
    def _plain_host(cls, value: str | None) -> str | None:
        if value and not HOST.fullmatch(urlsplit(value).hostname or ""):
            raise ValueError("域名只能用字母、数字、- 和 .")
        return value

    @field_validator("s3_region")
    @classmethod
    def _region_name(cls, value: str) -> str:
        if not REGION.fullmatch(value):
            raise ValueError("地域只能用字母、数字和 -，如 ap-shanghai")
        return value

    @field_validator(*SET_TOGETHER)
    @classmethod
    def _both(cls, value: Any, info: ValidationInfo) -> Any:
        other = SET_TOGETHER[str(info.field_name)]
        if (value is None) != (info.data.get(other) is None):
            raise ValueError(f"须与 {PREFIX}{other.upper()} 同时设置")
        return value

    @field_validator("wechat_push_token")
    @classmethod
    def _push_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not PUSH_TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("须为 3 至 32 个字母和数字")
        return value

    @field_validator("wechat_push_aes_key")
    @classmethod
    def _whole_aes_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not AES_KEY.fullmatch(value.get_secret_value()):
            raise ValueError("须为 43 个字母和数字")
        return value

    @field_validator("backup_folder", "template_folder")
    @classmethod
    def _whole_path(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith("/"):
            raise ValueError("须写出文件夹的完整路径，例如 /mnt/backup/gexun")
        return value

    @field_validator("evidence_key_file", "timestamp_ca_file", "wechat_templates_file")
    @classmethod
    def _whole_file(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith("/"):
            raise ValueError("须写出文件的完整路径，例如 /etc/gexun/evidence-key.pem")
        return value

    @field_validator("tiles_url")
    @classmethod
    def _tiles(cls, value: str | None) -> str | None:
        if value is not None and not (TILES.fullmatch(value) and has_sound_port(value)):
            raise ValueError("须以 http:// 或 https:// 开头，主机名后面有 {z}、{x}、{y}")
        return value

    @field_validator("session_keys", "url_keys")
    @classmethod
    def _long_keys(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and any(len(each) < SHORTEST_KEY for each in parted(value)):
            raise ValueError(f"每把至少 {SHORTEST_KEY} 个字符，用英文逗号隔开")
        return value

    def keys_for(self, purpose: Literal["sessions", "urls"]) -> tuple[str, ...]:
        """The keys of a purpose: the first signs, all are taken, so that one can be replaced
        without anybody noticing."""
        own = self.session_keys if purpose == "sessions" else self.url_keys
        return parted(own) if own else (self.secret_key.get_secret_value(),)

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded default (SQLite)."""
        return self.database_url.startswith("sqlite:")

    @property
    def database_file(self) -> Path | None:
        """The file of the embedded database; None for any other."""
        path = self.database_url.removeprefix("sqlite:///").partition("?")[0]
        return Path(path) if self.embedded else None


def load_settings() -> Settings:
    """The settings of this process; raises SettingsError naming what lacks or is at fault.

    What the environment lacks comes from the ignored file that `make run` keeps, except in
    production, which never borrows the embedded secret or database.
    """
    in_production = os.environ.get(f"{PREFIX}ENV", "").strip() == "production"
    try:
        return Settings(_env_file=None if in_production else EMBEDDED_ENV_FILE)  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsError(fault_sentence(error.errors(include_input=False))) from None
