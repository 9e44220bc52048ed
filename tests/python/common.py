"""What several checks need: RFC 6962 hashes, C2SP notes, strict base64 and CBOR.

Written from docs/FORMAT.md and the C2SP texts; nothing here is shared with the
program under test.
"""

import base64
import hashlib
import sys

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Mismatch(Exception):
    """What was checked is not as docs/FORMAT.md says."""


def require(holds, message):
    if not holds:
        raise Mismatch(message)


def run(check, usage):
    """Runs a check as a program: its arguments are paths, or a vkey."""
    names = usage.split()
    if len(sys.argv) != len(names) + 1:
        sys.exit(f"usage: {sys.argv[0]} {usage}")
    try:
        print(check(*sys.argv[1:]))
    except Exception as error:  # whatever a broken file makes the libraries raise
        sys.exit(f"{sys.argv[0]}: {type(error).__name__}: {error}")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def tree_root(hashes):
    """RFC 6962 §2.1 over leaf hashes, or over roots of full subtrees of one size."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(tree_root(hashes[:split]), tree_root(hashes[split:]))


def root_of_path(leaf, index, size, path):
    """RFC 9162 §2.1.3.2."""
    require(0 <= index < size, f"index {index} is outside a tree of {size}")
    fn, sn, root = index, size - 1, leaf
    for sibling in path:
        require(sn > 0, "the path is too long")
        if fn & 1 or fn == sn:
            root = node_hash(sibling, root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = node_hash(root, sibling)
        fn, sn = fn >> 1, sn >> 1
    require(sn == 0, "the path is too short")
    return root


def number(text):
    """A decimal without sign or leading zeros."""
    require(text.isascii() and text.isdigit() and str(int(text)) == text, f"{text!r} is no number")
    return int(text)


def unbase64(text):
    data = base64.b64decode(text, validate=True)
    require(base64.b64encode(data).decode() == text, f"{text!r} is not canonical base64")
    return data


def unhex(text):
    data = bytes.fromhex(text)
    require(data.hex() == text, f"{text!r} is not lower-case hex")
    return data


def canonical(data):
    """Decodes deterministic CBOR and nothing else."""
    value = cbor2.loads(data)
    require(cbor2.dumps(value, canonical=True) == data, "this is not deterministic CBOR")
    return value


def thumbprint(key):
    """RFC 9679: of the map {kty: OKP, crv: Ed25519, x: key}."""
    return sha256(bytes.fromhex("a301012006215820") + key)


def open_vkey(vkey):
    """A signed-note verifier key: its name, key id and Ed25519 key."""
    name, key_id, blob = vkey.split("+", 2)
    blob = unbase64(blob)
    require(len(blob) == 33 and blob[0] == 1, "this vkey is not of Ed25519")
    expected = sha256(name.encode() + b"\n" + blob)[:4]
    require(key_id == expected.hex(), "the key id of this vkey is not that of its name and key")
    return name, expected, blob[1:]


def open_checkpoint(note, vkey):
    """Verifies a checkpoint signed by exactly one log key: size and root."""
    name, key_id, key = open_vkey(vkey)
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    require(signatures.endswith("\n") and signatures.count("\n") == 1, "this note has not one signature")
    dash, signer, blob = signatures[:-1].split(" ")
    blob = unbase64(blob)
    require(dash == "—" and signer == name, f"this note is signed by {signer!r}, not {name!r}")
    require(blob[:4] == key_id, "this note is signed by another key")
    Ed25519PublicKey.from_public_bytes(key).verify(blob[4:], text.encode())
    origin, size, root, rest = text.split("\n", 3)
    require(origin == name and rest == "", "this is no checkpoint of this log")
    root = unbase64(root)
    require(len(root) == 32, "a root has 32 bytes")
    return number(size), root
