"""The C2SP tlog-proof, with hashlib and one Ed25519 verification.

check_proof.py DIR, where `yinxin evidence unpack` wrote: the statement is in
the tree of the checkpoint, and the log's key signed the checkpoint.
"""

import json
import os

from common import leaf_hash, number, open_checkpoint, read, require, root_of_path, run, unbase64


def check(folder):
    keys = json.loads(read(os.path.join(folder, "keys.json")))
    statement = read(os.path.join(folder, "statement.cose"))
    index, path, note = parse(read(os.path.join(folder, "proof.tlog-proof")).decode())
    size, root = open_checkpoint(note, keys["log"])
    require(root_of_path(leaf_hash(statement), index, size, path) == root, "the statement is not in the tree")
    require(keys["checkpoint"] == note, "keys.json has another checkpoint")
    require((keys["index"], keys["size"], keys["root"]) == (index, size, root.hex()), "keys.json says otherwise")
    return f"entry {index} in a tree of {size}, {len(path)} hashes"


def parse(text):
    head, _, note = text.partition("\n\n")
    version, index, *path = head.split("\n")
    require(version == "c2sp.org/tlog-proof@v1", f"this is {version!r}")
    word, _, index = index.partition(" ")
    require(word == "index", f"{word!r} instead of index")
    path = [unbase64(line) for line in path]
    require(all(len(node) == 32 for node in path), "a hash has 32 bytes")
    return number(index), path, note


if __name__ == "__main__":
    run(check, "DIR")
