"""What a dossier holds, file by file, in the order in which it can be made."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from uuid import UUID

from sqlalchemy import select

from app.assessments.switching import switch_on_day
from app.evidence.package.bags import Item, text_item
from app.kernel.streaming_sheets import Column, Printed, Value, streamed_xlsx
from app.people.models import Organisation
from app.reports.documents.models import REPORT_KIND_LABELS, Report, ReportState
from app.reports.documents.queries import pieces_of
from app.reports.dossiers import books
from app.reports.dossiers.asking import Asked
from app.reports.dossiers.campaigns import campaign_paper, campaigns_in
from app.reports.dossiers.files import Shelf, held_item, named
from app.reports.dossiers.index import index_page
from app.reports.dossiers.pictures import Pictures
from app.reports.dossiers.records import FOLDER, record_photos
from app.reports.ledgers.kinds import LEDGERS, NUMBER, numbered

Said = Callable[[int, str], None]
INDEX = "目录.pdf"


def payload(asked: Asked, pictures: Pictures, said: Said) -> Iterator[Item]:
    """Every file; one of them at a time is in memory. `said` hears how far it is, from 1 to 90."""
    shelf = Shelf()
    said(2, "台账")
    yield from _ledgers(asked, shelf)
    said(15, "指标")
    yield _book(asked, shelf, "指标", "指标完成情况", books.DUTIES, books.duty_rows(asked))
    said(25, "通报和汇报")
    yield from _reports(asked, shelf)
    yield from _campaigns(asked, shelf, pictures, said)
    said(75, "记录的照片")
    yield from _record_photos(asked, shelf, pictures)
    said(85, "考核")
    yield from _scores(asked, shelf)
    shelf.waiting = len(pictures.waiting)
    yield _packed(INDEX, index_page(asked, shelf))


def _packed(path: str, data: bytes) -> Item:
    item = text_item(path, data)
    return Item(item.path, item.sha256, item.size, item.opened, packed=True)


def _book(
    asked: Asked,
    shelf: Shelf,
    folder: str,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
) -> Item:
    """A spreadsheet, kept aside until its hash is known; numbered, as ledgers are."""
    count = 0

    def counted() -> Iterator[Sequence[Value]]:
        nonlocal count
        for row in rows:
            count += 1
            yield [count, *row]

    note = f"时间：{asked.term.label}　　由系统中的记录自动生成"
    printed = Printed(f"{asked.organisation.name}{title}", note)
    pieces = streamed_xlsx(title, (NUMBER, *columns), counted(), printed=printed)
    path = f"{folder}/{named(title)}.xlsx"
    item = held_item(path, pieces)
    shelf.note(path, f"{count} 行")
    return item


def _ledgers(asked: Asked, shelf: Shelf) -> Iterator[Item]:
    for kind in LEDGERS:
        pages = kind.pages(asked.viewer, asked.organisation, asked.term.days)
        rows = (row[1:] for row in numbered(pages))
        yield _book(asked, shelf, "台账", kind.name, kind.columns, rows)


def _reports(asked: Asked, shelf: Shelf) -> Iterator[Item]:
    """The files of what was issued about days of the term, as they were issued."""
    days = asked.term.days
    wanted = (
        select(Report, Organisation.name)
        .join(Organisation, Organisation.id == Report.organisation_id)
        .where(asked.area.holds(), Report.state == ReportState.issued)
        .where(Report.to_on.between(days.first, days.last))
        .order_by(Report.to_on, Organisation.code, Report.kind, Report.id)
    )
    for report, organisation in asked.session.execute(wanted).all():
        if report.sha256 is None or report.bytes is None:
            continue
        kind, number = REPORT_KIND_LABELS[report.kind], report.issue_number
        days_said = f"{report.from_on}至{report.to_on}"
        name = named(kind, organisation, number, days_said, report.id.hex[-8:])
        pieces = pieces_of(asked.session, report.id, report.sha256)
        yield held_item(f"公文/{name}.docx", pieces)
        shelf.note(f"公文/{name}.docx", f"{organisation}{kind}{number or ''}，已签发")


def _campaigns(asked: Asked, shelf: Shelf, pictures: Pictures, said: Said) -> Iterator[Item]:
    folder = "一月一区"
    ids: list[UUID] = campaigns_in(asked)
    for number, campaign_id in enumerate(ids):
        said(30 + 45 * number // len(ids), f"第 {number + 1} 次行动，共 {len(ids)} 次")
        name, says, data = campaign_paper(asked, campaign_id, pictures)
        yield _packed(f"{folder}/{name}", data)
        shelf.note(f"{folder}/{name}", says)
        # As in long ledgers: no snapshot is kept, nothing piles up.
        asked.session.expunge_all()
        asked.session.rollback()
    yield _book(asked, shelf, folder, "半年完成情况", books.HALVES, books.half_rows(asked))
    title = f"{asked.term.year}年示范小区达标小区候选和理由"
    yield _book(asked, shelf, folder, title, books.CANDIDATES, books.candidate_rows(asked))


def _record_photos(asked: Asked, shelf: Shelf, pictures: Pictures) -> Iterator[Item]:
    count = 0
    for item in record_photos(asked, pictures):
        count += 1
        yield item
    shelf.note(f"{FOLDER}/", f"{count} 张，按日期、单位和内容分文件夹")


def _scores(asked: Asked, shelf: Shelf) -> Iterator[Item]:
    """Only while the county has assessment switched on, as everywhere."""
    if switch_on_day(asked.session, asked.today) is None:
        return
    for freeze in books.freezes_of(asked):
        title, rows = books.freeze_name(asked, freeze), books.score_rows(asked, freeze)
        yield _book(asked, shelf, "考核参考分", title, books.SCORES, rows)
