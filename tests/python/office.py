"""A small office made with the command line, for the checks to look at."""

import csv
import json
import secrets
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMUNITIES = ROOT / "practice" / "wuhan_communities_2021.csv"

# A public check-digit sample and invented people, as in practice/ORIGINS.md.
CODE = "11420100MB0889006F"
DRAFTER, APPROVER = "张三示例", "李四示例"


class Office:
    """Founds an office in `folder` that publishes the first `rows` communities."""

    def __init__(self, binary, folder, rows):
        self.binary, self.folder = binary, Path(folder)
        self.data = self.folder / "office"
        host, drafter, approver = (self._passphrase(name) for name in ("host", "drafter", "approver"))
        self._drafter = ["--as", DRAFTER, "--passphrase-file", drafter]
        self._approver = ["--as", APPROVER, "--passphrase-file", approver, "--host-passphrase-file", host]
        founding = ["--realm", "wuhan-practice", "--name", "武汉市民政局", "--code", CODE]
        self.on_data("office", "create", *founding, "--passphrase-file", host)
        for name, role, file in [(DRAFTER, "drafter", drafter), (APPROVER, "approver", approver)]:
            secret = ["--passphrase-file", file, "--host-passphrase-file", host]
            self.on_data("people", "add", "--name", name, "--role", role, *secret)
        self.on_data("import", *self._drafter, "--template", "community", self._sheet(rows))
        self.approve()

    def run(self, *arguments):
        """Runs the program; what it printed, if it exited with 0."""
        command = [str(argument) for argument in (self.binary, *arguments)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def on_data(self, *arguments):
        return self.run(*arguments, "--data", self.data)

    def approve(self):
        self.on_data("approve", *self._approver, "--all")

    def amend(self, record, setting):
        self.on_data("amend", *self._drafter, record, "--set", setting)
        self.approve()

    def ids(self):
        return [record["id"] for record in json.loads(self.on_data("list", "--limit", 1000, "--json"))["records"]]

    def unpacked(self, record, *options):
        """Exports a record and unpacks the file; the folder of its parts."""
        count = len(list(self.folder.glob("*.yinxin")))
        file, parts = self.folder / f"{count}.yinxin", self.folder / f"parts-{count}"
        self.on_data("export", record, "--out", file, *options)
        self.run("evidence", "unpack", file, "--out", parts)
        return parts

    def tiles(self):
        """The tiles and the verifier key of their checkpoint."""
        folder = self.folder / "tiles"
        self.on_data("tiles", "--out", folder)
        return folder, self.on_data("vkey").strip()

    def _passphrase(self, name):
        path = self.folder / f"passphrase-{name}"
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(18) + "\n")
        return path

    def _sheet(self, rows):
        path = self.folder / "communities.csv"
        with open(COMMUNITIES, encoding="utf-8", newline="") as source:
            lines = list(csv.reader(source))[: rows + 1]
        with open(path, "w", encoding="utf-8", newline="") as sheet:
            csv.writer(sheet).writerows(lines)
        return path
