"""`python -m tests.bench.bulletins [--pairs 200]`: a bulletin with that many pairs of photos made
as the worker makes it: seconds, and the most memory that its process had."""

import argparse
import resource
import tempfile
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

from PIL import Image
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.adapters import open_store, store_options
from app.kernel.clock import shanghai_day, utc_now
from app.kernel.db import db, unit_of_work
from app.people.models import Organisation, OrganisationType, Person
from app.photos.models import Photo, PhotoBlob
from app.photos.store import BlobKind, blob_key
from app.reports.documents.making import Workshop, make_report
from app.reports.documents.models import Report, ReportKind, ReportState
from app.tickets.models import State, Ticket, TicketPhoto
from config.settings import Settings
from tests.bench.county import TOWNS
from tests.bench.databases import ENGINES, database, settings_for
from tests.bench.filling import loaded, pour_tickets
from tests.bench.tickets import fillings, ground_of

LIMIT_S, LIMIT_MB = 60, 300
TICKETS_FOR_EACH_PAIR = 20


def main() -> None:
    """Measures on each engine, each in turn; the memory is that of the whole process."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bulletins")
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--engine", action="append", choices=ENGINES)
    told = parser.parse_args()
    for engine in told.engine or ENGINES:
        folder = tempfile.TemporaryDirectory(prefix="gexun-bench-")
        with folder as name, database(engine, Path(name)) as url:
            print(measured(engine, settings_for(url, Path(name)), told.pairs), flush=True)


def measured(engine: str, settings: Settings, pairs: int) -> str:
    """One line: how long it took and how much memory, beside the limits."""
    now = utc_now()
    with loaded(settings, TOWNS, now=now):
        with unit_of_work() as session:
            ground = ground_of(session)
        with db.engine.begin() as connection:
            pour_tickets(connection, fillings(ground, pairs * TICKETS_FOR_EACH_PAIR, now=now))
        with unit_of_work() as session:
            report_id, ids = _draft(session, pairs)
            digests = _photos_of(session, ids)
        with unit_of_work() as session:
            session.execute(update(PhotoBlob).values(mask_id=report_id))
        store = open_store(settings.photo_store, store_options(settings, settings.photo_store))
        for number, digest in enumerate(digests):
            picture = BytesIO(_picture(number))
            store.put(blob_key(digest, BlobKind.DISPLAY), picture, media_type="image/jpeg")
        before, began, spent = _peak_mb(), time.perf_counter(), time.process_time()
        shop = Workshop(store, None, frozenset())
        make_report(report_id, shop, now=now, said=lambda _percent, _said: None)
        took, cpu = time.perf_counter() - began, time.process_time() - spent
        size = db.session.scalar(select(Report.bytes).where(Report.id == report_id)) or 0
        db.session.remove()
    return (
        f"{engine}, bulletin with {len(digests)} photos of {len(ids)} cases: {took:.1f} s "
        f"({cpu:.1f} s of a processor), limit {LIMIT_S} s; "
        f"{_peak_mb():.0f} MB at most, limit {LIMIT_MB} MB "
        f"({before:.0f} MB before it was begun); the file has {size / 1e6:.1f} MB"
    )


def _draft(session: Session, pairs: int) -> tuple[UUID, list[UUID]]:
    """A bulletin of a town's year, with so many closed tickets as its cases."""
    town = session.scalars(
        select(Organisation)
        .where(Organisation.type == OrganisationType.town)
        .order_by(Organisation.code)
    ).first()
    assert town is not None
    asked = select(Ticket.id).where(Ticket.town_id == town.id, Ticket.state == State.closed)
    ids = list(session.scalars(asked.order_by(Ticket.closed_at.desc()).limit(pairs)))
    today, person = shanghai_day(utc_now()), session.scalars(select(Person.id)).first()
    report = Report(
        kind=ReportKind.bulletin,
        organisation_id=town.id,
        from_on=today - timedelta(days=365),
        to_on=today,
        state=ReportState.draft,
        version=1,
        edits={},
        cases=[str(one) for one in ids],
        began_at=utc_now(),
        began_by_id=person,
    )
    session.add(report)
    session.flush()
    return report.id, ids


def _photos_of(session: Session, ids: list[UUID]) -> list[str]:
    asked = select(Photo.sha256).join(TicketPhoto, TicketPhoto.photo_id == Photo.id)
    return list(session.scalars(asked.where(TicketPhoto.ticket_id.in_(ids))))


def _picture(number: int) -> bytes:
    """A JPEG as large and as busy as a display rendition."""
    out = BytesIO()
    noise = Image.effect_noise((360, 270), 90).resize((1440, 1080))
    colour = Image.new("L", noise.size, number % 256)
    Image.merge("RGB", (noise, colour, noise)).save(out, "JPEG", quality=80)
    return out.getvalue()


def _peak_mb() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
