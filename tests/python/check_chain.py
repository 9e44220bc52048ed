"""The hash chain beside the entries: ten lines, as docs/FORMAT.md §5 promises.

check_chain.py DB, the office's yinxin.db. Read-only. The chain is unsigned:
it shows accidents; that nobody rewrote it is shown by the tree.
"""

import sqlite3
from hashlib import sha256
from pathlib import Path

from common import require, run


def check(path):
    with sqlite3.connect(Path(path).absolute().as_uri() + "?mode=ro", uri=True) as db:
        (ledgers,) = db.execute("SELECT count(*) FROM ledger").fetchone()
        require(ledgers > 0, "there is no ledger")
        for ledger, size, head in db.execute("SELECT id, size, chain FROM ledger").fetchall():
            chain, count = bytes(32), 0
            query = "SELECT position, bytes, leaf, chain FROM entry WHERE ledger = ? ORDER BY position"
            for position, data, leaf, stored in db.execute(query, [ledger]):
                require(position == count, f"entry {count} is missing")
                require(leaf == sha256(b"\x00" + data).digest(), f"the leaf of entry {position}")
                chain, count = sha256(chain + leaf).digest(), count + 1
                require(chain == stored, f"the chain at entry {position}")
            require((count, chain) == (size, head), "the ledger's size or chain is not that of its entries")
    return f"{count} entries chained"


if __name__ == "__main__":
    run(check, "DB")
