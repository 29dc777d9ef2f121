"""What the outside world is made of; only create_app and jobs choose here."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from app.adapters.local_store import LocalPhotoStore
from app.grid.codes.port import CodeMaker
from app.kernel.sealing import Sealer
from app.notices.messages.port import Messenger
from app.people.hosts.port import HostPlatform
from app.people.hosts.pushes import HostPushes
from app.photos.direct.signer import UploadSigner
from app.photos.safety.port import PhotoChecker
from app.photos.store import PhotoStore
from app.texts.port import TextChecker
from config.settings import Settings

if TYPE_CHECKING:
    from app.adapters.s3_store import S3Options


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """What a store's url does not say; `s3` None: boto3's own defaults.

    `phones`: where phones reach the bucket by themselves; None: they do not.
    """

    s3: "S3Options | None" = field(default=None)
    phones: "S3Options | None" = field(default=None)


def open_store(url: str, options: StoreOptions | None = None) -> PhotoStore:
    """The photo store of `file:///path` or `s3://bucket/prefix`; ValueError for another url."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and len(parts.path) > 1:
        return LocalPhotoStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        # boto3 takes a third of a second to import; only those who use it wait for it.
        from app.adapters.s3_store import S3Options, S3PhotoStore

        s3 = (options.s3 if options else None) or S3Options()
        return S3PhotoStore(parts.netloc, parts.path, s3)
    raise ValueError("照片存储地址应为 file:///路径 或 s3://存储桶/前缀")


def store_options(settings: Settings, url: str) -> StoreOptions:
    """What the url of a store does not say; boto3 is imported only for one in a bucket."""
    if not url.startswith("s3:"):
        return StoreOptions()
    from app.adapters.s3_store import S3Options

    access, secret = settings.s3_access_key, settings.s3_secret_key
    s3 = S3Options(
        endpoint_url=settings.s3_endpoint,
        access_key=access.get_secret_value() if access else None,
        secret_key=secret.get_secret_value() if secret else None,
        region=settings.s3_region,
        addressing_style=settings.s3_addressing_style,
        signature_version=settings.s3_signature_version,
        checksums=settings.s3_checksums,
        timeout_s=settings.s3_timeout_s,
    )
    phones = replace(s3, endpoint_url=settings.s3_public_endpoint or s3.endpoint_url)
    return StoreOptions(s3=s3, phones=phones if settings.direct_upload else None)


def open_upload_signer(url: str, options: StoreOptions) -> UploadSigner | None:
    """What gives out addresses of the store itself; None where phones do not reach it."""
    parts = urlsplit(url)
    if parts.scheme != "s3" or options.phones is None:
        return None
    from app.adapters.s3_uploads import S3UploadSigner

    return S3UploadSigner(parts.netloc, parts.path, options.phones)


@dataclass(frozen=True)
class Hosts:
    """The host platforms that are set up, by their names, what sends messages, makes codes
    and checks photos and texts."""

    platforms: dict[str, HostPlatform] = field(default_factory=dict)
    messenger: Messenger | None = None
    code_maker: CodeMaker | None = None
    photo_checker: PhotoChecker | None = None
    text_checker: TextChecker | None = None


def open_hosts(settings: Settings, *, clock: Callable[[], datetime]) -> Hosts:
    """What is set up of host platforms; another one is one more adapter here."""
    if settings.wechat_app_id is None or settings.wechat_app_secret is None:
        return Hosts()
    from app.adapters.wechat.codes import WeChatCodes
    from app.adapters.wechat.messages import WeChatMessenger
    from app.adapters.wechat.platform import WeChatPlatform
    from app.adapters.wechat.safety import WeChatPhotoChecker, WeChatTextChecker
    from app.adapters.wechat.wire import WeChatOptions, WeChatWire

    options = WeChatOptions(
        base_url=settings.wechat_api_url,
        app_id=settings.wechat_app_id,
        secret=settings.wechat_app_secret.get_secret_value(),
        timeout_s=settings.wechat_timeout_s,
    )
    sealer = Sealer((settings.secret_key.get_secret_value(),), purpose="host-tokens")
    wire = WeChatWire(options, sealer=sealer, clock=clock)
    wechat = WeChatPlatform(wire)
    codes = WeChatCodes(wire, page=settings.wechat_code_page)
    checker = WeChatPhotoChecker(wire) if settings.content_checks else None
    texts = WeChatTextChecker(wire) if settings.text_checks else None
    return Hosts({wechat.host: wechat}, WeChatMessenger(wire), codes, checker, texts)


def open_pushes(settings: Settings) -> HostPushes | None:
    """What reads the pushes of the host; None where it is not set up."""
    if settings.wechat_app_id is None or settings.wechat_push_token is None:
        return None
    from app.adapters.wechat.push import WeChatPushes

    key = settings.wechat_push_aes_key
    return WeChatPushes(
        app_id=settings.wechat_app_id,
        token=settings.wechat_push_token.get_secret_value(),
        aes_key=key.get_secret_value() if key else None,
    )
