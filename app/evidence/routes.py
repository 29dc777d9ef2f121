"""The record over HTTP: the public key, and what is handed over of a ticket."""

from functools import partial
from typing import Any

from flask import Response, current_app, stream_with_context

from app.evidence.keys import key_of
from app.evidence.outgoing.service import Wish, pending, undecided_photos, want_photos
from app.evidence.package.bags import bagged, zipped
from app.evidence.package.making import Making, note_given, payload
from app.evidence.schemas import KeysOut, PackageQuery
from app.photos.masking.models import Purpose
from app.tickets.circumstances import matter_of
from app.tickets.routes import loaded_ticket
from app.web.routing import Call, Routes

routes = Routes("证据")


@routes.get("/evidence/keys", permission="public", answer=KeysOut, refusals=(503,))
def get_keys(call: Call) -> dict[str, Any]:
    """记录链签名用的公钥，现在的在前，以前的在后

    没有设置密钥的，items 为空。
    """
    key = key_of(call.settings.evidence_key_file)
    known = (key.public, *key.earlier) if key else ()
    return {
        "items": [
            {"id": each.id, "algorithm": "Ed25519", "pem": each.pem, "current": number == 0}
            for number, each in enumerate(known)
        ]
    }


@routes.get(
    "/tickets/<ticket>/package.zip",
    permission="tickets.package",
    query=PackageQuery,
    media_type="application/zip",
    loads=loaded_ticket,
    matter=lambda call: matter_of(call.loaded),
    refusals=(409, 422, 503),
)
def get_package(call: Call) -> Response:
    """一张工单的证据包（BagIt），可以用 sha256sum 和三十行程序独立核对

    内部用的含照片原件，记下谁取的，待人工审核的没有文件；
    对外用的（for=outside）是遮盖后的显示图和原件的 SHA-256，没有人名和文字；
    还有照片没有人看过的 409，并列入等着遮盖的照片。按保存期限清除了的照片，原处写明。
    刚办的一步几秒之后入链；当天的记录次日签名。
    """
    ticket, outside = call.loaded, call.query(PackageQuery).for_ == "outside"
    key = key_of(call.settings.evidence_key_file)
    store, keys = current_app.extensions["gexun_store"], key.known if key else {}
    if outside:
        _refuse_undecided(call)
    making = Making(call.session, store, keys, call.now, outside)
    # Read at once, but for the photos: a refusal is still one.
    items = [*bagged(payload(making, [ticket]), now=call.now, about=ticket.number)]
    call.note(partial(note_given, given=making.received, by=call.actor.person_id, now=call.now))
    name = f"{ticket.number}{'-outside' if outside else ''}"
    pieces = zipped(items, folder=name, now=call.now)
    headers = [("Content-Disposition", f'attachment; filename="{name}.zip"')]
    return Response(stream_with_context(pieces), headers=headers, mimetype="application/zip")


def _refuse_undecided(call: Call) -> None:
    """Raises MasksPending while a photo of the ticket waits; from then on it is on the list."""
    waiting = undecided_photos(call.session, [call.loaded.id])
    if waiting:
        wish = Wish(Purpose.package, call.actor.person_id, call.now)
        call.note(partial(want_photos, undecided=waiting, wish=wish))
        raise pending(waiting, "取对外用的证据包")
