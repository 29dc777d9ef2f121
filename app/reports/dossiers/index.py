"""The first page of a dossier: what is in it, what is not, and how it is checked."""

from typing import Any

from app.kernel.pdf import gap, pdf_of, table, words
from app.reports.dossiers.asking import Asked
from app.reports.dossiers.files import Shelf
from app.reports.periods import day_said

HOW = (
    "解开压缩包，进入其中的文件夹，运行 sha256sum -c manifest-sha256.txt，每个文件一行，"
    "都是 OK 就没有改动（Windows 装 Git 后在 Git Bash 里同样运行）。"
    "格式是 BagIt（RFC 8493），文件都在 data 文件夹里。"
)
WAITING = (
    "有 {count} 张照片没有放进来：还没有人看过有没有人脸、车牌、门牌要遮盖，或正待人工审核。"
    "工单的照片已列入“待遮盖”，看完以后再做一份。"
)


def index_page(asked: Asked, shelf: Shelf) -> bytes:
    """The page as a PDF."""
    days = asked.term.days
    title = f"{asked.organisation.name}{asked.term.label}档案"
    last = asked.term.last_day(asked.today)
    span = f"{day_said(days.first)}至{day_said(days.last)}"
    so_far = "" if last == days.last else "（时段还没有结束，是到做的时候为止的）"
    story: list[Any] = [
        words(title, 18, align="center"),
        gap(2),
        words(f"时间：{span}{so_far}", 10.5, align="center"),
        gap(4),
        table(
            [["文件", "内容"], *([name, says] for name, says in shelf.lines)],
            [110, 60],
            heading=True,
        ),
        gap(4),
    ]
    if shelf.waiting:
        story += [words(WAITING.format(count=shelf.waiting), 10.5, indent=True), gap(2)]
    story += [
        words("照片是遮盖后的，缩到长边 720 像素，不带拍摄信息。", 10.5, indent=True),
        gap(2),
        words(f"核对：{HOW}", 10.5, indent=True),
    ]
    return pdf_of(story, title=title, foot=title)
