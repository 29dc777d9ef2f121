"""The key of the installation: Ed25519, in a file of its own, made once.

The file is PEM: the private key, and behind it, where the key was ever changed, the public keys
that came before it.
"""

import base64
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from app.evidence.errors import KeyUnusable

_BLOCK = re.compile(rb"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----\n?", re.DOTALL)


@dataclass(frozen=True)
class PublicKey:
    """A public key, named by the first 16 hex digits of the SHA-256 of its 32 bytes."""

    key: Ed25519PublicKey

    @property
    def raw(self) -> bytes:
        """Its 32 bytes."""
        return self.key.public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def id(self) -> str:
        """Its name."""
        return sha256(self.raw).hexdigest()[:16]

    @property
    def pem(self) -> str:
        """As openssl reads it."""
        return self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def signed(self, statement: str, signature: str) -> bool:
        """Whether a signature (base64) is this key's of a statement."""
        try:
            self.key.verify(base64.b64decode(signature, validate=True), statement.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class RecordKey:
    """The key that signs, and the public keys it and its forerunners are checked with."""

    private: Ed25519PrivateKey
    earlier: tuple[PublicKey, ...] = ()

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        return PublicKey(self.private.public_key())

    @property
    def known(self) -> dict[str, PublicKey]:
        """All keys that days may be signed with, by name."""
        return {each.id: each for each in (self.public, *self.earlier)}

    def sign(self, statement: str) -> str:
        """The signature of a statement, base64."""
        return base64.b64encode(self.private.sign(statement.encode())).decode()


def new_key_pem() -> str:
    """A fresh private key as PEM."""
    made = Ed25519PrivateKey.generate()
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@lru_cache(maxsize=8)
def key_in(file: Path) -> RecordKey:
    """The key of a file; raises KeyUnusable."""
    try:
        text = file.read_bytes()
    except OSError as problem:
        raise KeyUnusable(f"读不了签名密钥 {file}：{problem.strerror}。") from None
    blocks: dict[bytes, list[bytes]] = defaultdict(list)
    for found in _BLOCK.finditer(text):
        blocks[found[1]].append(found[0])
    try:
        (private,) = (load_pem_private_key(each, None) for each in blocks[b"PRIVATE KEY"])
        earlier = [load_pem_public_key(each) for each in blocks[b"PUBLIC KEY"]]
    except (ValueError, TypeError):
        raise KeyUnusable(f"{file} 里须正好有一个没有口令的 PEM 私钥。") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyUnusable(f"{file} 里的密钥不是 Ed25519。")
    return RecordKey(
        private, tuple(PublicKey(k) for k in earlier if isinstance(k, Ed25519PublicKey))
    )


def key_of(file: str | None) -> RecordKey | None:
    """The key that is set; None where none is. Raises KeyUnusable."""
    return key_in(Path(file)) if file else None
