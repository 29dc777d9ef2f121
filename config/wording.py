"""How addresses, names and keys in settings are written."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

_LABEL = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*|[0-9a-f:.]+")
REGION = re.compile(rf"(?![0-9]+$){_LABEL}")
PUSH_TOKEN = re.compile(r"[0-9A-Za-z]{3,32}")
AES_KEY = re.compile(r"[0-9A-Za-z]{43}")
TILES = re.compile(
    rf"https?://{_LABEL}(\.{_LABEL})*(:[0-9]{{1,5}})?"
    r"(?=/\S*\{z\})(?=/\S*\{x\})(?=/\S*\{y\})/[!-~]*"
)
"""The address of the tiles of a map, with places for z, x and y."""
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
ADDRESSES = (
    "public_url",
    "s3_endpoint",
    "s3_public_endpoint",
    "wechat_api_url",
    "timestamp_url",
)
SET_TOGETHER = {
    "s3_secret_key": "s3_access_key",
    "wechat_app_secret": "wechat_app_id",
    "timestamp_ca_file": "timestamp_url",
}
"""Of each two either both are set or neither."""


def parted(keys: SecretStr) -> tuple[str, ...]:
    """The keys of a setting that holds several, the first first."""
    return tuple(each.strip() for each in keys.get_secret_value().split(","))


def sqlite_url(value: str) -> str:
    """The address of an SQLite database; raises ValueError where it can be none."""
    path = value.removeprefix("sqlite:///").partition("?")[0]
    if not path.startswith("/"):
        raise ValueError("须写出数据库文件的完整路径，例如 sqlite:////srv/gexun/gexun.db")
    if not Path(path).parent.is_dir():
        raise ValueError("数据库文件所在的文件夹不存在")
    return value


def has_sound_port(url: str) -> bool:
    """Whether the port of an address, if it has one, can be one."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def store_url(value: str) -> str:
    """The address of a photo store; raises ValueError where it can be none."""
    parts = urlsplit(value)
    if value.startswith("file:///") and len(parts.path) > 1:
        return value
    if not value.startswith("s3://") or not parts.netloc:
        raise ValueError("须为 file:///路径 或 s3://桶/前缀")
    if not BUCKET.fullmatch(parts.netloc) or parts.query or parts.fragment:
        raise ValueError("桶名须为 3 至 63 个小写字母、数字、- 和 . ，地址里不带口令、? 和 #")
    return value


def web_address(value: str) -> str:
    """The address of a server, without a slash at its end; raises ValueError for none."""
    parts = urlsplit(value)
    sound = parts.scheme in ("http", "https") and parts.hostname and has_sound_port(value)
    if not sound or parts.query or parts.fragment:
        raise ValueError("须为 http:// 或 https:// 开头的地址，不带 ? 和 #")
    return value.rstrip("/")
