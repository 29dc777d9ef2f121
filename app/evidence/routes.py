"""The record over HTTP: the public key."""

from typing import Any

from app.evidence.keys import key_of
from app.evidence.schemas import KeysOut
from app.web.routing import Call, Routes

routes = Routes("证据")


@routes.get("/evidence/keys", permission="public", answer=KeysOut, refusals=(503,))
def get_keys(call: Call) -> dict[str, Any]:
    """记录链签名用的公钥，现在的在前，以前的在后

    没有设置密钥的，items 为空。
    """
    key = key_of(call.settings.evidence_key)
    known = (key.public, *key.earlier) if key else ()
    return {
        "items": [
            {"id": each.id, "algorithm": "Ed25519", "pem": each.pem, "current": number == 0}
            for number, each in enumerate(known)
        ]
    }
