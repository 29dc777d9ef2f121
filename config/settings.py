"""Settings, typed, from the environment (prefix GEXUN_); a wrong one stops the start."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
EMBEDDED_ENV_FILE = ROOT / ".gexun" / "env"


class SettingsError(Exception):
    """The environment cannot be used; the message is one Chinese sentence for the operator."""


class Settings(BaseSettings):
    """Everything an operator can set. `make run` keeps its own in the ignored file .gexun/env."""

    model_config = SettingsConfigDict(
        env_prefix="GEXUN_", env_file=EMBEDDED_ENV_FILE, extra="ignore", frozen=True
    )

    env: Literal["development", "production"] = "development"
    database_url: str = Field(description="sqlite:////路径/gexun.db 或 postgresql+psycopg://…")
    photo_store: str = Field(description="file:///路径 或 s3://桶/前缀")
    secret_key: SecretStr = Field(min_length=32, description="签名密钥，至少 32 个字符")
    public_url: str | None = Field(None, description="反向代理后面对外的地址")
    trusted_proxies: int = Field(0, ge=0, le=5, description="前面有几层可信的反向代理")
    limit_sign_ins: int = Field(10, ge=1, description="每个地址、每个用户名每分钟登录次数")
    limit_requests: int = Field(600, ge=1, description="每人每分钟请求次数")
    token_hours: int = Field(720, ge=1, description="一次登录有效几小时")
    photo_max_bytes: int = Field(25 * 1024 * 1024, ge=1024, description="一张照片最多多少字节")
    photo_url_hours: int = Field(1, ge=1, le=168, description="照片地址至少有效几小时")
    concurrent_decodes: int = Field(2, ge=1, le=64, description="每个进程同时解码几张照片")
    settlements_walked_weekly: bool = Field(False, description="居民点是否也每周巡查")
    metrics_token: SecretStr | None = Field(None, description="外机读取 /metrics 的口令")
    argon2_memory_kib: int = Field(19 * 1024, ge=8, description="口令散列内存（KiB）")
    argon2_time_cost: int = Field(2, ge=1, description="口令散列轮数")
    s3_endpoint: str | None = Field(None, description="对象存储地址；空为 AWS")
    s3_region: str = Field("us-east-1", description="对象存储地域")
    s3_access_key: SecretStr | None = Field(None, description="对象存储访问键")
    s3_secret_key: SecretStr | None = Field(None, description="对象存储密钥")
    s3_addressing_style: Literal["auto", "path", "virtual"] = Field(
        "auto", description="桶名在路径还是域名里"
    )

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("须以 sqlite:/// 或 postgresql+psycopg:// 开头")
        return value

    @field_validator("photo_store")
    @classmethod
    def _known_store(cls, value: str) -> str:
        if not value.startswith(("file:///", "s3://")):
            raise ValueError("须以 file:/// 或 s3:// 开头")
        return value

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded default (SQLite)."""
        return self.database_url.startswith("sqlite:")


def load_settings() -> Settings:
    """The settings of this process; raises SettingsError naming the first variable at fault."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        name = f"GEXUN_{str(first['loc'][0]).upper()}"
        reason = "没有设置" if first["type"] == "missing" else f"不能用：{first['msg']}"
        raise SettingsError(f"环境变量 {name} {reason}；见 docs/settings.md。") from None
