"""A read-only medium: whatever only reads works, and no byte there changes.

read_only.py BINARY

Runs itself again in a mount namespace of its own, where it may mount a folder
read-only without touching the machine.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from office import Office


def digests(folder):
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def check(binary, folder):
    office = Office(binary, folder, rows=5)
    medium = folder / "medium"
    medium.mkdir()
    subprocess.run(["mount", "--bind", office.data, medium], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", medium], check=True)
    before = digests(medium)
    record = json.loads(office.run("list", "--data", medium, "--json"))["records"][0]["id"]
    out = folder / "one.yinxin"
    for command in (["search", "武汉"], ["show", record], ["people", "list"], ["audit"], ["vkey"],
                    ["export", record, "--out", out], ["policy", "--out", folder / "policy"],
                    ["tiles", "--out", folder / "tiles"], ["verify", out]):
        office.run(*command, "--data", medium)
    assert digests(medium) == before
    print("read_only: everything that reads works, and nothing changed")


def main():
    binary = str(Path(sys.argv[1]).resolve())
    if os.environ.get("YINXIN_OWN_MOUNTS") != "yes":
        again = ["unshare", "--map-root-user", "--mount", sys.executable, "-B", __file__, binary]
        sys.exit(subprocess.run(again, env={**os.environ, "YINXIN_OWN_MOUNTS": "yes"}).returncode)
    with tempfile.TemporaryDirectory() as folder:
        try:
            check(binary, Path(folder))
        finally:
            subprocess.run(["umount", Path(folder) / "medium"], check=False)


main()
