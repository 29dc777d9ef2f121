"""What can be wrong with the record and its key."""

from app.kernel.errors import Unavailable


class KeyUnusable(Unavailable):
    """The key of the installation is set and cannot be read."""

    code = "evidence_key_unusable"
    title = "签名密钥不能用"
