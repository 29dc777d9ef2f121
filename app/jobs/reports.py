"""`reports template`, `reports check`: a county's own templates of documents."""

from pathlib import Path

import click

from app.jobs.terminal import stop
from app.reports.documents.kinds import MAKINGS
from app.reports.documents.models import ReportKind
from app.reports.documents.rendering import TemplateUnusable
from app.reports.documents.samples import sample_document

KIND = click.Choice([kind.value for kind in MAKINGS])


@click.group("reports")
def reports() -> None:
    """公文：取模板、试模板。"""


@reports.command("template")
@click.argument("kind", type=KIND)
@click.argument("out", type=click.Path(path_type=Path))
def template(kind: str, out: Path) -> None:
    """把随产品提供的模板存成文件，供在 Word 里改。"""
    _save(out, MAKINGS[ReportKind(kind)].template())


@reports.command("check")
@click.argument("kind", type=KIND)
@click.argument("template", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("out", type=click.Path(path_type=Path))
def check(kind: str, template: Path, out: Path) -> None:
    """用样例数据填一个模板，看能不能用、什么样子。"""
    try:
        made = sample_document(ReportKind(kind), template.read_bytes())
    except TemplateUnusable as broken:
        stop(f"模板不能用：{broken.__cause__}")
    _save(out, made)


def _save(out: Path, data: bytes) -> None:
    if out.exists():
        stop(f"{out} 已经有了，请换一个名称。")
    try:
        out.write_bytes(data)
    except OSError as problem:
        stop(f"写不了 {out}：{problem.strerror}。")
    click.echo(f"已写入 {out}。")
