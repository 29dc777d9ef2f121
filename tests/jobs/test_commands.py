"""Commands are there for whoever asks for one, and cost nothing to a server."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVED = """
import sys
from pathlib import Path
from app import create_app
from tests.towns import cheap_settings
app = create_app(cheap_settings(f"sqlite:///{sys.argv[1]}/a.db", Path(sys.argv[1])))
print(*sorted(name for name in sys.modules if name.startswith(sys.argv[2])))
assert "township" in app.cli.list_commands(None)
"""


def loaded(folder: Path, prefix: str) -> list[str]:
    """The modules below a prefix that a server has loaded once it is ready."""
    command = [sys.executable, "-c", SERVED, str(folder), prefix]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.split()


def test_a_server_loads_no_command(tmp_path: Path) -> None:
    """A second `make run` serves within three seconds: what nobody asked for waits."""
    assert "app.jobs.township" not in loaded(tmp_path, "app.jobs")
    assert "app.demo.cli" not in loaded(tmp_path, "app.demo")
