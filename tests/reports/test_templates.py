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
from app.reports.templates.checking import faults_of
from app.reports.templates.errors import TemplateFaulty
from app.reports.templates.keeping import keep_template, refuse_faulty
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


FAULTY = [
    (["{{ 坏"], "正文“{{ 坏”：花括号没有成对"),
    (["好", "{% for one in kpis %}"], "有标记没有结束"),
    (["{% fro x in kpis %}"], "没有“fro”这种标记"),
    (["抬头", "{{ organisatoin }}"], "正文“{{ organisatoin }}”：没有“organisatoin”这个名称"),
    (["{% for kpi in kpis %}{{ kpi.nmae }}{% endfor %}"], "没有“nmae”这个名称"),
    (["{{ sentences.reportd }}"], "没有“reportd”这个名称"),
    (["{{ organisation|shout }}"], "没有“shout”这种格式"),
    (["{{ range(9)|list }}"], "没有“range”这个名称"),
    (["{{ 'x' * 99 }}"], "不能调用程序"),
]


@pytest.mark.parametrize(("lines", "said"), FAULTY)
def test_what_is_wrong_is_told_and_where(lines: list[str], said: str) -> None:
    with pytest.raises(TemplateFaulty) as refused:
        refuse_faulty(ReportKind.bulletin, template_saying(*lines))
    assert said in refused.value.detail


def test_all_faults_are_told_at_once_in_headers_too() -> None:
    document, out = Document(), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = "{{ hader }}"
    document.add_paragraph("{{ boddy }}")
    document.save(out)
    found = faults_of(ReportKind.work_report, out.getvalue())
    assert {(one.part, one.near) for one in found} == {
        ("正文", "{{ boddy }}"),
        ("页眉", "{{ hader }}"),
    }


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"PK\x05\x06" + bytes(18)])
def test_a_file_that_is_none_of_word(data: bytes) -> None:
    (fault,) = faults_of(ReportKind.bulletin, data)
    assert "不是 Word 文件" in fault.said


@pytest.mark.parametrize("kind", list(MAKINGS))
def test_a_sound_one_is_put_in_place_and_a_faulty_one_leaves_it(
    kind: ReportKind, tmp_path: Path
) -> None:
    sound = MAKINGS[kind].template()
    assert keep_template(kind, sound, tmp_path).read_bytes() == sound
    with pytest.raises(TemplateFaulty):
        keep_template(kind, template_saying("{{ nothing }}"), tmp_path)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [sound]


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
    assert "没有成对" in run.invoke(args=["reports", "check", "bulletin", f"{out}", "x"]).stderr
    told = run.invoke(args=["reports", "use", "bulletin", f"{out}"])
    assert "GEXUN_TEMPLATE_FOLDER" in told.stderr
