"""Templates: the shipped ones can be filled, a county's own take their place, none can do harm."""

import io
from pathlib import Path

import pytest
from docx import Document
from flask.testing import FlaskCliRunner

from app import create_app
from app.reports.documents.kinds import MAKINGS
from app.reports.documents.making import template_of
from app.reports.documents.models import ReportKind
from app.reports.documents.rendering import TemplateUnusable
from app.reports.documents.samples import sample_document
from tests.towns import cheap_settings


def template_saying(*lines: str) -> bytes:
    """A template of some paragraphs."""
    document, out = Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def words_of(data: bytes) -> list[str]:
    return [one.text for one in Document(io.BytesIO(data)).paragraphs]


@pytest.mark.parametrize("kind", list(MAKINGS))
def test_what_is_shipped_leaves_nothing_unfilled(kind: ReportKind) -> None:
    made = sample_document(kind, MAKINGS[kind].template())
    assert made == sample_document(kind, MAKINGS[kind].template())
    document = Document(io.BytesIO(made))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    said = "\n".join([*words_of(made), *cells])
    assert "{" not in said and "}" not in said
    assert "示例镇" in said


def test_a_countys_own_takes_its_place(tmp_path: Path) -> None:
    shipped = words_of(MAKINGS[ReportKind.bulletin].template())
    assert words_of(template_of(ReportKind.bulletin, None)) == shipped
    assert words_of(template_of(ReportKind.bulletin, tmp_path)) == shipped
    own = template_saying("{{ organisation }} {{ issue_number }}", "{{ nothing }}")
    (tmp_path / "bulletin.docx").write_bytes(own)
    assert template_of(ReportKind.bulletin, tmp_path) == own
    assert words_of(sample_document(ReportKind.bulletin, own)) == ["示例镇 第1期", ""]


@pytest.mark.parametrize("line", [
    "{{ chart.__class__.__mro__ }}",
    "{{ chart._markup.__globals__ }}",
    "{{ kpis.append(1) }}",
    "{% for one in kpis %}",
    "{{ organisation.nothing() }}",
])  # fmt: skip
def test_a_template_that_cannot_or_must_not_be_filled(line: str) -> None:
    with pytest.raises(TemplateUnusable):
        sample_document(ReportKind.bulletin, template_saying(line))


def test_the_commands(tmp_path: Path) -> None:
    app = create_app(cheap_settings(f"sqlite:///{tmp_path / 'none.db'}", tmp_path))
    run: FlaskCliRunner = app.test_cli_runner()
    out, sample = tmp_path / "通报.docx", tmp_path / "试样.docx"
    assert run.invoke(args=["reports", "template", "bulletin", f"{out}"]).exit_code == 0
    assert run.invoke(args=["reports", "check", "bulletin", f"{out}", f"{sample}"]).exit_code == 0
    assert "示例社区" in [
        cell.text for table in Document(f"{sample}").tables for cell in table.columns[0].cells
    ]
    assert "已经有了" in run.invoke(args=["reports", "template", "bulletin", f"{out}"]).stderr
    out.write_bytes(template_saying("{{ 坏"))
    assert "模板不能用" in run.invoke(args=["reports", "check", "bulletin", f"{out}", "x"]).stderr
