"""JSON of imports."""

from typing import Annotated

from pydantic import Field

from app.grid.models import Area
from app.kernel.schemas import Input, Named, Output
from app.tickets.answers import PersonNamed
from app.tickets.importing.models import ImportState
from app.tickets.words import Source

Binary = {"format": "binary"}


class ImportUpload(Input):
    """An upload: multipart/form-data with a spreadsheet, and its photos in one zip."""

    file: Annotated[
        str, Field(json_schema_extra=Binary, description="表格：.xlsx，或 UTF-8、GB18030 的 .csv")
    ]
    photos: Annotated[
        str | None, Field(json_schema_extra=Binary, description="照片：一个 zip，按文件名对应")
    ] = None


class ToldOut(Output):
    """Something to be said about a line of the spreadsheet."""

    line: int | None = Field(description="第几行；说的是整个文件时为空")
    field: str | None = Field(description="哪一列；不限于一列时为空")
    message: str


class TicketNamed(Output):
    """A ticket inside another object."""

    id: str
    number: str


class ImportRowOut(Output):
    """A row, and the ticket that it becomes or is already."""

    line: int = Field(description="表格里第几行")
    source: Source
    source_label: str
    external_number: str
    external_due_at: str | None
    occurred_at: str | None = Field(description="交办时间；没有写的为空")
    category: Named
    condition: Named
    community: Named
    compound: Named | None
    cell: Named | None
    area: Area | None
    area_label: str | None
    responsible: Named | None = Field(description="将派给的责任单位；要人工派遣的为空")
    due_at: str | None = Field(description="现在导入的整改期限；要人工派遣的为空")
    description: str
    photos: int = Field(description="照片张数")
    already_there: bool = Field(description="true：同一来源同一编号已有工单，跳过")
    ticket: TicketNamed | None = Field(description="已有的或导入而成的工单；还没有为空")
    possible_duplicate_of: list[TicketNamed] = Field(description="已有的工单里可能重复的")
    possible_duplicate_of_rows: list[int] = Field(
        description="表格里在前的各行中可能重复的：第几行；导入后列在 possible_duplicate_of"
    )


class ImportItem(Output):
    """An import in a list."""

    id: str
    state: ImportState = Field(
        description="previewed 待导入；faulty 有错误，不能导入；applying 正在导入；"
        "applied 已导入；failed 没有导入"
    )
    state_label: str
    file: str = Field(description="表格的文件名")
    made_at: str = Field(description="上传的时间")
    made_by: PersonNamed = Field(description="上传的人")
    organisation: Named | None = Field(description="为哪个组织导入的；不止一个的为空")
    applied_at: str | None = Field(description="导入的时间；还没有导入为空")
    new_count: int = Field(description="新工单数；还没有导入的是将建的")
    already_there_count: int = Field(description="已有而跳过的行数")
    faulty_count: int = Field(description="有错误的行数")
    tickets: str | None = Field(
        description="这些工单的列表的地址，新建的和已有的都在内；没有导入为空"
    )


class ImportPage(Output):
    """A page of imports, the one uploaded last first."""

    items: list[ImportItem]
    next_cursor: str | None


class ImportOut(ImportItem):
    """An import: what it would become, and what it became."""

    sheet: str | None = Field(description="读的是哪张工作表；CSV 为空")
    job: str | None = Field(description="后台任务的编号；不在后台做的为空")
    rows: list[ImportRowOut] = Field(description="没有错误的各行")
    faults: list[ToldOut] = Field(description="各处错误；有一处就不能导入")
    remarks: list[ToldOut] = Field(description="要知道的：没有读取的列、隐去的号码等")
