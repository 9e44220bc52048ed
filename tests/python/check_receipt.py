"""The COSE Receipt (RFC 9942), with scitt-cose, against the statement.

check_receipt.py DIR, where `yinxin evidence unpack` wrote. A receipt does not
authenticate the size of the tree, so size and position are compared with those
of the checkpoint.
"""

import json
import os

from common import canonical, read, require, run, thumbprint, unhex
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from scitt_cose import verify_receipt


def check(folder):
    keys = json.loads(read(os.path.join(folder, "keys.json")))
    statement = read(os.path.join(folder, "statement.cose"))
    receipt = read(os.path.join(folder, "receipt.cose"))
    canonical(receipt)
    key = unhex(keys["receipt"])
    pem = Ed25519PublicKey.from_public_bytes(key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    result = verify_receipt(receipt, leaf_entry_hex=statement.hex(), log_public_key_pem=pem)
    require(result.ok, "; ".join(result.errors))
    require(result.root == keys["root"], "the receipt is over another root")
    require(result.tree_size == keys["size"], "the receipt says another size")
    require(result.leaf_index == keys["index"], "the receipt says another position")
    require(result.issuer == result.subject == keys["origin"], "the receipt is of another ledger")
    require(result.protected_header_ext == {4: thumbprint(key)}, "kid is not that of the receipt key")
    return f"receipt of entry {result.leaf_index} in a tree of {result.tree_size}"


if __name__ == "__main__":
    run(check, "DIR")
