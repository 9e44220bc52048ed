"""Makes a small office, runs every check on it, and shows that each can fail.

check_all.py BINARY [SEED]

A check that never fails proves nothing. So every input of every check is
corrupted: one bit of each byte of small files and of sampled bytes of large
ones, one character of each value in keys.json that the check rests on, one
byte of stored values in a copy of the database. Each corruption must be
refused.
"""

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path

import check_chain
import check_disclosures
import check_layers
import check_proof
import check_receipt
import check_tiles
from office import Office

HERE = Path(__file__).resolve().parent

# More than one full tile of 256.
ROWS = 300

# Files larger than this are corrupted at so many places, others everywhere.
SMALL, SAMPLES = 4096, 48

# What each check of unpacked evidence rests on: files, and values of keys.json.
PARTS = {
    check_layers: (["statement.cose", "draft.cose"], ["origin", "signers.draft", "signers.approve"]),
    check_receipt: (["statement.cose", "receipt.cose"], ["origin", "receipt", "root", "size", "index"]),
    check_proof: (["statement.cose", "proof.tlog-proof"], ["log", "checkpoint", "root", "size", "index"]),
    check_disclosures: (["disclosures.json"], []),
}


def main(binary, seed):
    draw = random.Random(seed)
    print(f"seed {seed}")
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(binary).resolve(), folder, ROWS)
        plain, amended, *_ = office.ids()
        office.amend(amended, "village=示例社区")
        exports = [(plain,), (amended,), (amended, "--version", 1), (plain, "--disclose", "county")]
        for export in exports:
            parts = office.unpacked(*export)
            for module in PARTS:
                report(module, holds(module, parts))
        parts = office.unpacked(plain)
        for module, (files, values) in PARTS.items():
            refuses(module, [parts], corrupted_parts(parts, files, values, draw))
        refuses(check_disclosures, [parts], corrupted_digests(parts, draw))
        tiles, vkey = office.tiles()
        report(check_tiles, holds(check_tiles, tiles, vkey))
        refuses(check_tiles, [tiles, vkey], corrupted_tiles(tiles, vkey, draw))
        database = office.data / "yinxin.db"
        report(check_chain, holds(check_chain, database))
        refuses(check_chain, [database], corrupted_databases(database, Path(folder) / "damaged.db", draw))


def report(module, text):
    print(f"{module.__name__}: {text}")


def holds(module, *arguments):
    """Runs a check as a program and demands that it is satisfied."""
    done = start(module, *arguments)
    if done.returncode != 0:
        sys.exit(f"{module.__name__} fails on what is sound: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def start(module, *arguments):
    script = HERE / f"{module.__name__}.py"
    return subprocess.run([sys.executable, "-B", script, *map(str, arguments)], capture_output=True, text=True)


def refuses(module, arguments, corruptions):
    """Demands that a check refuses every corruption; the first as a program too.

    A corruption is a context manager: in force inside, undone after. It gives
    what it did, and the arguments if they are others.
    """
    count = 0
    for corruption in corruptions:
        with corruption as (what, changed):
            given = changed or arguments
            try:
                module.check(*map(str, given))
            except Exception:  # whatever the check or its libraries refuse with
                count += 1
            else:
                sys.exit(f"{module.__name__} does not notice: {what}")
            if count == 1:
                done = start(module, *given)
                if done.returncode == 0 or not done.stderr or "Traceback" in done.stderr:
                    sys.exit(f"{module.__name__} exits {done.returncode} after: {what}\n{done.stderr}")
    if count == 0:
        sys.exit(f"{module.__name__} was given nothing corrupted")
    report(module, f"{count} corrupted inputs, all refused")


def corrupted_parts(folder, files, values, draw):
    for name in files:
        yield from corrupted_bytes(folder / name, draw)
    for value in values:
        yield corrupted_key(folder / "keys.json", value)


def corrupted_digests(folder, draw):
    """In the act, of what is disclosed; the rest of it is not this check's matter."""
    statement = folder / "statement.cose"
    for item in json.loads((folder / "disclosures.json").read_bytes()):
        place = statement.read_bytes().index(bytes.fromhex(item["digest"]))
        yield flipped(statement, place + draw.randrange(32), 1 << draw.randrange(8))


def corrupted_tiles(folder, vkey, draw):
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield from corrupted_bytes(path, draw)
        yield missing(path)
    for place in range(len(vkey)):
        yield given(f"vkey, character {place}", [folder, replace_character(vkey, place)])


def corrupted_bytes(path, draw):
    size = path.stat().st_size
    places = range(size) if size <= SMALL else sorted(draw.sample(range(size), SAMPLES))
    for place in places:
        yield flipped(path, place, 1 << draw.randrange(8))


@contextmanager
def flipped(path, place, mask):
    sound = path.read_bytes()
    data = bytearray(sound)
    data[place] ^= mask
    path.write_bytes(data)
    try:
        yield f"{path.name}, byte {place} ^ {mask:#04x}", None
    finally:
        path.write_bytes(sound)


@contextmanager
def missing(path):
    aside = path.with_name("aside")
    path.rename(aside)
    try:
        yield f"{path.name} is missing", None
    finally:
        aside.rename(path)


@contextmanager
def given(what, arguments):
    yield what, arguments


@contextmanager
def corrupted_key(path, value):
    """One character of a value in keys.json is another; a number is one more."""
    sound = path.read_bytes()
    keys = json.loads(sound)
    *parents, name = value.split(".")
    place = keys
    for parent in parents:
        place = place[parent]
    old = place[name]
    place[name] = old + 1 if isinstance(old, int) else replace_character(old, len(old) // 2)
    path.write_text(json.dumps(keys, ensure_ascii=False), encoding="utf-8")
    try:
        yield f"keys.json, {value}", None
    finally:
        path.write_bytes(sound)


def replace_character(text, place):
    """Another character there, of a kind that can stand there."""
    other = "0" if text[place] != "0" else "1"
    return text[:place] + other + text[place + 1 :]


def corrupted_databases(database, copy, draw):
    with closing(sqlite3.connect(database)) as db:
        (count,) = db.execute("SELECT count(*) FROM entry").fetchone()
    for position in sorted({0, count - 1, *draw.sample(range(count), 10)}):
        for column in ("bytes", "leaf", "chain"):
            yield stored(database, copy, "entry", column, position, draw)
        yield deleted(database, copy, position)
    yield stored(database, copy, "ledger", "chain", 0, draw)


@contextmanager
def stored(database, copy, table, column, position, draw):
    with damaged(database, copy) as db:
        row = "rowid IN (SELECT rowid FROM {} LIMIT 1 OFFSET ?)".format(table)
        (value,) = db.execute(f"SELECT {column} FROM {table} WHERE {row}", [position]).fetchone()
        value = bytearray(value)
        value[draw.randrange(len(value))] ^= 1 << draw.randrange(8)
        db.execute(f"UPDATE {table} SET {column} = ? WHERE {row}", [bytes(value), position])
    yield f"{table}.{column} of row {position}", [copy]


@contextmanager
def deleted(database, copy, position):
    with damaged(database, copy) as db:
        db.execute("DELETE FROM entry WHERE position = ?", [position])
    yield f"entry {position} is missing", [copy]


@contextmanager
def damaged(database, copy):
    """A copy without the triggers that refuse changes."""
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as db:
        source.backup(db)
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        yield db
        db.commit()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: check_all.py BINARY [SEED]")
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else time.time_ns() % 1_000_000)
