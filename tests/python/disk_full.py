"""A full disk: what was reported is there, nothing half-appears, a rerun completes.

disk_full.py BINARY

Runs itself again in a mount namespace of its own, where it may mount a small
tmpfs without touching the machine.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from office import APPROVER, CODE, COMMUNITIES, DRAFTER

MIB = 1 << 20


class Disk:
    """A tmpfs of a size that can be changed."""

    def __init__(self, folder, size):
        self.folder = Path(folder)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)

    def resize(self, size):
        subprocess.run(["mount", "-o", f"remount,size={size}", self.folder], check=True)

    def used(self):
        state = os.statvfs(self.folder)
        return (state.f_blocks - state.f_bfree) * state.f_frsize


class Desk:
    def __init__(self, binary, data, secret):
        self.binary, self.data, self.secret = binary, data, secret

    def call(self, *arguments):
        command = [self.binary, *map(str, arguments), "--json", "--lang", "en"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return done.returncode, json.loads(done.stdout), done.stderr

    def done(self, *arguments):
        code, answer, errors = self.call(*arguments)
        assert code == 0, (arguments, code, answer, errors)
        return answer

    def full(self, *arguments):
        """The last count that was said to be on disk; 3 says that something was done, 1 that nothing was."""
        code, answer, errors = self.call(*arguments)
        said = reported(errors)
        told = answer["failed"] if code == 3 else answer["errors"][0]
        assert code == (3 if said else 1) and told["code"] == "disk_full", (arguments, code, answer, errors)
        return said

    def total(self, *filters):
        return self.done("list", "--data", self.data, "--limit", 1, *filters)["total"]

    def found(self):
        key = ["--passphrase-file", self.secret]
        self.done("office", "create", "--data", self.data, "--realm", "wuhan-practice", "--name", "示例局",
                  "--code", CODE, *key)
        for name, role in [(DRAFTER, "drafter"), (APPROVER, "approver")]:
            self.done("people", "add", "--data", self.data, "--name", name, "--role", role, *key,
                      "--host-passphrase-file", self.secret)
        self.done("keys", "unattended", "on", "--data", self.data, "--host-passphrase-file", self.secret)

    def importing(self, sheet):
        return ["import", "--data", self.data, "--as", DRAFTER, "--passphrase-file", self.secret,
                "--template", "community", sheet]

    def approving(self):
        return ["approve", "--data", self.data, "--as", APPROVER, "--passphrase-file", self.secret, "--all"]

    def audited(self):
        assert self.done("audit", "--data", self.data)["clean"]


def reported(errors):
    """The last count that was said to be on disk."""
    counts = [int(word) for line in errors.splitlines() for word in line.split() if word.isdigit()]
    return max(counts, default=0)


def check(binary, folder):
    (folder / "disk").mkdir()
    secret = folder / "secret"
    secret.write_text("full disk 示例\n", encoding="utf-8")
    with open(COMMUNITIES, encoding="utf-8", newline="") as file:
        rows = sum(1 for _ in csv.reader(file)) - 1
    disk = Disk(folder / "disk", 64 * MIB)
    desk = Desk(binary, disk.folder / "office", secret)
    desk.found()

    disk.resize(disk.used() + 4 * MIB)
    said = desk.full(*desk.importing(COMMUNITIES))
    disk.resize(64 * MIB)
    stored = desk.total("--state", "submitted")
    assert said <= stored < rows, (said, stored)
    desk.audited()
    desk.done(*desk.importing(COMMUNITIES))
    assert desk.total() == rows
    print(f"disk_full: import stopped after {stored} rows, completed to {rows}")

    disk.resize(disk.used() + 4 * MIB)
    said = desk.full(*desk.approving())
    disk.resize(64 * MIB)
    published = desk.total("--state", "published")
    assert said <= published < rows, (said, published)
    assert published + desk.total("--state", "submitted") == rows
    desk.audited()
    desk.done(*desk.approving())
    assert desk.total("--state", "published") == rows
    desk.audited()
    print(f"disk_full: approve stopped after {published} records, completed to {rows}")

    record = desk.done("list", "--data", desk.data, "--limit", 1)["records"][0]["id"]
    out = disk.folder / "one.yinxin"
    disk.resize(disk.used())
    code, answer, _ = desk.call("export", "--data", desk.data, record, "--out", out)
    assert code == 1 and not out.exists(), (code, answer)
    print("disk_full: export leaves no file behind")


def main():
    binary = str(Path(sys.argv[1]).resolve())
    if os.environ.get("YINXIN_OWN_MOUNTS") != "yes":
        again = ["unshare", "--map-root-user", "--mount", sys.executable, "-B", __file__, binary]
        sys.exit(subprocess.run(again, env={**os.environ, "YINXIN_OWN_MOUNTS": "yes"}).returncode)
    with tempfile.TemporaryDirectory() as folder:
        try:
            check(binary, Path(folder))
        finally:
            subprocess.run(["umount", Path(folder) / "disk"], check=False)


main()
