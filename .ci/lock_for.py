"""Prints a lock file with only what one release of Python needs: lock_for.py FILE 3.11"""

import sys
from pathlib import Path

from pip._vendor.packaging.requirements import Requirement

lines = Path(sys.argv[1]).read_text("utf-8").split("\n")
release = sys.argv[2]
where = {
    "python_version": release,
    "python_full_version": f"{release}.0",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
}
wanted = True
for line in lines:
    if line and not line.startswith((" ", "#")):
        named = Requirement(line.removesuffix("\\").strip())
        wanted = named.marker is None or named.marker.evaluate(where)
        line = line.replace(f" ; {named.marker}", "") if named.marker else line
        if named.marker:
            line = f"{line.partition(';')[0].strip()} \\" if line.endswith("\\") else line
    if wanted:
        print(line)
