"""A list of tickets as a spreadsheet, over HTTP."""

from collections.abc import Iterator, Sequence

from flask import Response

from app.kernel.clock import shanghai_day
from app.kernel.spreadsheets import XLSX
from app.kernel.streaming_sheets import CSV, Value, streamed_csv, streamed_xlsx
from app.tickets.exporting.rows import HEADINGS, exported_pages
from app.tickets.routes import filter_asked, viewer
from app.tickets.schemas import TicketFilters
from app.web.files import saved_as
from app.web.routing import Call, Routes

routes = Routes("工单")


@routes.get(
    "/tickets/export.xlsx",
    permission="tickets.list",
    query=TicketFilters,
    media_type=XLSX,
    refusals=(404,),
)
def get_export_xlsx(call: Call) -> Response:
    """工单列表导出为 Excel，筛选同工单列表，多少张都可以；不含人名"""
    return _saved(call, streamed_xlsx("工单", HEADINGS, _rows(call)), XLSX, "xlsx")


@routes.get(
    "/tickets/export.csv",
    permission="tickets.list",
    query=TicketFilters,
    media_type=CSV,
    refusals=(404,),
)
def get_export_csv(call: Call) -> Response:
    """工单列表导出为 CSV，内容同 export.xlsx"""
    return _saved(call, streamed_csv(HEADINGS, _rows(call)), CSV, "csv")


def _rows(call: Call) -> Iterator[Sequence[Value]]:
    """The rows; the first page is read at once, so that a refusal is still one."""
    pages = exported_pages(viewer(call), filter_asked(call, call.query(TicketFilters)))
    first = next(pages)

    def rows() -> Iterator[Sequence[Value]]:
        yield from first
        for page in pages:
            yield from page

    return rows()


def _saved(call: Call, pieces: Iterator[bytes], media_type: str, ending: str) -> Response:
    return saved_as(f"tickets-{shanghai_day(call.now)}.{ending}", pieces, media_type)
