"""JSON of dossiers, in and out."""

from typing import Annotated

from pydantic import Field

from app.kernel.paging import PageQuery
from app.kernel.schemas import Code, Input, Named, Output
from app.reports.documents.schemas import MakingOut
from app.reports.dossiers.periods import PATTERN

TermCode = Annotated[
    str, Field(pattern=PATTERN, description="半年或全年，例如 2026H2（下半年）、2026（全年）")
]


class DossierNamed(Input):
    """The member of a body that says whose dossier it is."""

    organisation: Annotated[Code, Field(description="镇、社区或村的编码")]


class NewDossier(DossierNamed):
    """A dossier to be made."""

    term: TermCode


class DossiersQuery(PageQuery):
    """A page of dossiers."""

    organisation: Annotated[Code | None, Field(description="只列这个组织的")] = None
    term: Annotated[TermCode | None, Field(description="只列这个时段的")] = None


class TermOut(Output):
    """A half year or a year."""

    code: Annotated[str, Field(description="2026H2 或 2026")]
    label: Annotated[str, Field(description="中文名，例如 2026年下半年")]


class PackageOut(Output):
    """The file of a dossier."""

    url: Annotated[str, Field(description="下载的地址")]
    sha256: Annotated[str, Field(description="压缩包的 SHA-256（十六进制）")]
    bytes: Annotated[int, Field(description="压缩包的字节数")]
    files: Annotated[int, Field(description="里面有几个文件")]
    photos_waiting: Annotated[
        int, Field(description="没有放进去的照片：还没有人看过要不要遮盖，或正待人工审核")
    ]
    is_outdated: Annotated[
        bool, Field(description="做好以后有照片被撤下或改了遮盖，不能再下载，请再做一份")
    ]
    made_at: Annotated[str, Field(description="做好的时间，数据截至这时")]


class DossierOut(Output):
    """A dossier."""

    id: str
    organisation: Named
    term: Annotated[TermOut, Field(description="半年或全年")]
    from_: Annotated[str, Field(alias="from", description="从哪天起")]
    to: Annotated[str, Field(description="到哪天为止，含当天")]
    began_at: Annotated[str, Field(description="提出的时间")]
    kept_until: Annotated[str, Field(description="保存到什么时候，以后可以再做")]
    job: Annotated[MakingOut | None, Field(description="后台生成的进度；早已做完的为空")]
    package: Annotated[PackageOut | None, Field(description="压缩包；还没有做好为空")]


class DossierPage(Output):
    """A page of dossiers."""

    items: list[DossierOut]
    next_cursor: str | None
