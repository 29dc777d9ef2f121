"""Stamps for signed days, asked for outside of any transaction."""

import logging
from typing import TYPE_CHECKING, Any

from flask import current_app

from app.evidence.timestamps.port import AuthorityUnavailable, Stamping
from app.evidence.timestamps.service import days_to_stamp, keep_stamp
from app.evidence.timestamps.tokens import StampRefused, query_for, stamped_at
from app.kernel.db import unit_of_work

if TYPE_CHECKING:
    from app.jobs.handlers import Progress

log = logging.getLogger("gexun.timestamps")

STAMP = "stamp_days"
_AT_ONCE = 50
"""How many days one job asks for; the next job asks for more."""


def stamp_days(_payload: dict[str, Any], progress: "Progress") -> None:
    """Asks for what lacks. The first that fails ends it: the next slot tries again, and neither
    the head nor anything else waits."""
    stamping: Stamping | None = current_app.extensions["gexun_stamping"]
    if stamping is None:
        progress(100, "没有设置时间戳服务")
        return
    with unit_of_work() as session:
        found = days_to_stamp(session, limit=_AT_ONCE)
        waiting = [(day.chain_id, day.day, day.statement) for day in found]
    for number, (chain_id, day, statement) in enumerate(waiting):
        progress(100 * number // len(waiting), "请时间戳服务盖时间戳")
        query = query_for(statement)
        try:
            answer = stamping.authority.answer(query.data)
            at = stamped_at(answer, statement, stamping.roots, query.nonce)
        except (AuthorityUnavailable, StampRefused) as problem:
            log.warning("no timestamp for %s: %s", day, problem)
            progress(100, f"取到 {number} 天，其余没有取到，下次再取")
            return
        with unit_of_work() as session:
            keep_stamp(session, chain_id, day, answer, stamped_at=at)
    progress(100, f"取到 {len(waiting)} 天的时间戳")
