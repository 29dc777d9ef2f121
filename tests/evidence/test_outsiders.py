"""Somebody who has nothing of ours recomputes a chain from what docs/evidence.md says."""

import base64
import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from flask import Flask
from flask.testing import FlaskClient

from app.evidence.keys import key_in, new_key_pem
from tests.evidence.conftest import Office
from tests.tickets.stories import at

DOCUMENT = Path(__file__).parents[2] / "docs" / "evidence.md"


def script(folder: Path) -> Path:
    """The program of the document, as a reader copies it."""
    (text,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    path = folder / "check.py"
    path.write_text(text, "utf-8")
    return path


def recomputed(folder: Path, file: Path) -> subprocess.CompletedProcess[str]:
    """What the program says, without anything that is installed here."""
    command = [sys.executable, "-I", "-S", str(script(folder)), str(file)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


def exported(office: Office, folder: Path) -> Path:
    """Two days of the township's chain."""
    office.closed_ticket()
    office.worker()
    office.now(at("11-26 08:00"))
    office.report()
    office.worker()
    file = folder / "chain.jsonl"
    office.run("evidence", "export", "--town", office.town.code, str(file))
    return file


def test_the_document_has_the_program_that_is_handed_over() -> None:
    handed = Path(__file__).parents[2] / "app" / "evidence" / "package" / "check_record.py"
    assert f"```python\n{handed.read_text('utf-8')}```" in DOCUMENT.read_text("utf-8")


def test_an_outsider_recomputes_the_chain(office: Office, tmp_path: Path) -> None:
    said = recomputed(tmp_path, exported(office, tmp_path))
    assert said.returncode == 0, said.stdout + said.stderr
    heads = re.findall(r"(\d{4}-\d\d-\d\d) #(\d+) ([0-9a-f]{64}) OK", said.stdout)
    assert [(day, position) for day, position, _ in heads] == [
        ("2026-11-25", "4"),
        ("2026-11-26", "6"),
    ]
    (chain,) = {entry.chain_id for entry in office.entries() if entry.position == 6}
    ours = {str(e.position): e.hash for e in office.entries() if e.chain_id == chain}
    assert [ours[position] for _, position, _ in heads] == [head for *_, head in heads]


def test_an_outsider_finds_what_was_altered(office: Office, tmp_path: Path) -> None:
    file = exported(office, tmp_path)
    text = file.read_text("utf-8")
    lines = text.splitlines(keepends=True)
    altered = {
        "a word": text.replace("close", "voids", 1),
        "an entry less": "".join(lines[:2] + lines[3:]),
        "another order": "".join([*lines[:2], lines[3], lines[2], *lines[4:]]),
        "another head": text.replace('"head":"', '"head":"00', 1),
    }
    for what, changed in altered.items():
        assert changed != text
        file.write_text(changed, "utf-8")
        assert recomputed(tmp_path, file).returncode == 1, what


def test_the_signature_holds_by_the_published_key(
    office: Office, client: FlaskClient, tmp_path: Path
) -> None:
    (key,) = client.get("/api/v1/evidence/keys").get_json()["items"]
    public: Any = load_pem_public_key(key["pem"].encode())
    assert isinstance(public, Ed25519PublicKey)
    assert key["id"] == sha256(public.public_bytes_raw()).hexdigest()[:16]
    rows = [json.loads(line) for line in exported(office, tmp_path).read_text().splitlines()]
    first, second = (row for row in rows if "head" in row)
    public.verify(base64.b64decode(first["signature"]), first["statement"].encode())
    assert first["statement"].splitlines()[2:5] == [
        "day 2026-11-25",
        f"position {first['position']}",
        f"head {first['head']}",
    ]
    assert "statement" not in second


def test_a_key_is_made_once_and_an_earlier_one_is_still_known(
    office: Office, tmp_path: Path, key_file: Path
) -> None:
    file = tmp_path / "new.pem"
    assert key_in(key_file).public.id not in office.run("evidence", "make-key", str(file))
    assert file.stat().st_mode & 0o077 == 0
    assert "已经有了" in office.run("evidence", "make-key", str(file), status=1)
    both = tmp_path / "both.pem"
    both.write_text(new_key_pem() + key_in(key_file).public.pem)
    assert [*key_in(both).known][1:] == [key_in(key_file).public.id]


def test_a_key_that_cannot_be_used_is_said(office: Office, app: Flask, tmp_path: Path) -> None:
    office.closed_ticket()
    office.worker()
    broken = tmp_path / "broken.pem"
    broken.write_text("no key")
    settings = app.extensions["gexun_settings"]
    changed = settings.model_copy(update={"evidence_key_file": str(broken)})
    app.extensions["gexun_settings"] = changed
    assert "没有口令的 PEM 私钥" in office.verify(faults=True)
    answer = office.client.get("/api/v1/evidence/keys")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "evidence_key_unusable")
