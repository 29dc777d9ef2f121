"""JSON of the record."""

from typing import Annotated, Literal

from pydantic import Field

from app.kernel.schemas import Output


class KeyOut(Output):
    """A public key that days are signed with."""

    id: Annotated[str, Field(description="公钥 32 字节的 SHA-256 的前 16 个十六进制字符")]
    algorithm: Annotated[Literal["Ed25519"], Field(description="签名算法")]
    pem: Annotated[str, Field(description="公钥，PEM，openssl 可直接使用")]
    current: Annotated[bool, Field(description="true：现在签名用的；false：以前用的")]


class KeysOut(Output):
    """The public keys, the present one first."""

    items: list[KeyOut]
