"""JSON of the record."""

from typing import Annotated, Literal

from pydantic import Field

from app.kernel.schemas import Input, Output


class PackageQuery(Input):
    """For whom a package is."""

    for_: Annotated[
        Literal["inside", "outside"],
        Field(
            alias="for",
            description="inside 单位内部用，含照片原件；"
            "outside 对外用，照片是遮盖后的，不含人名和文字",
        ),
    ] = "inside"


class KeyOut(Output):
    """A public key that days are signed with."""

    id: Annotated[str, Field(description="公钥 32 字节的 SHA-256 的前 16 个十六进制字符")]
    algorithm: Annotated[Literal["Ed25519"], Field(description="签名算法")]
    pem: Annotated[str, Field(description="公钥，PEM，openssl 可直接使用")]
    current: Annotated[bool, Field(description="true：现在签名用的；false：以前用的")]


class KeysOut(Output):
    """The public keys, the present one first."""

    items: list[KeyOut]
