"""`reports template`, `reports check`, `reports use`: a county's own templates of documents."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.jobs.terminal import plain_refusals, stop
from app.reports.documents.kinds import MAKINGS
from app.reports.documents.models import ReportKind
from app.reports.documents.samples import sample_document
from app.reports.templates.keeping import keep_template, refuse_faulty

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
    """用样例数据填一个模板，看能不能用、什么样子；有错的写明在哪里、错在什么。"""
    data = template.read_bytes()
    with plain_refusals():
        refuse_faulty(ReportKind(kind), data)
    _save(out, sample_document(ReportKind(kind), data))


@reports.command("use")
@click.argument("kind", type=KIND)
@click.argument("template", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_appcontext
def use(kind: str, template: Path) -> None:
    """换上本县的模板：先检查，有错误的不收，原来的照用。"""
    folder = current_app.extensions["gexun_settings"].template_folder
    if not folder:
        stop("没有设置 GEXUN_TEMPLATE_FOLDER。")
    with plain_refusals():
        try:
            kept = keep_template(ReportKind(kind), template.read_bytes(), Path(folder))
        except OSError as problem:
            stop(f"写不进 {folder}：{problem.strerror}。")
    click.echo(f"已换上：{kept}。以后生成的公文用它，已签发的不变。")


def _save(out: Path, data: bytes) -> None:
    if out.exists():
        stop(f"{out} 已经有了，请换一个名称。")
    try:
        out.write_bytes(data)
    except OSError as problem:
        stop(f"写不了 {out}：{problem.strerror}。")
    click.echo(f"已写入 {out}。")
