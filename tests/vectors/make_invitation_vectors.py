#!/usr/bin/env python3
"""Makes invitation.json, the vectors of docs/FORMAT.md section 9.

A second implementation, written from that text alone. Signatures come from the
`cryptography` package. Run it where that is installed, and only when the format
changes:

    python3 tests/vectors/make_invitation_vectors.py
"""

import hashlib
import json
import pathlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def head(major, n):
    if n < 24:
        return bytes([major << 5 | n])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if n < 1 << 8 * size:
            return bytes([major << 5 | code]) + n.to_bytes(size, "big")
    raise ValueError(n)


def cbor(item):
    if item is None:
        return b"\xf6"
    if isinstance(item, int):
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    if isinstance(item, str):
        return head(3, len(item.encode())) + item.encode()
    if isinstance(item, list):
        return head(4, len(item)) + b"".join(map(cbor, item))
    pairs = sorted((cbor(key), cbor(value)) for key, value in item.items())
    return head(5, len(pairs)) + b"".join(key + value for key, value in pairs)


SECRET = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(bytes([8]) * 32)
ORIGIN = "wuhan/11420100MB0889006F"


def public(secret):
    return secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


INVITATION = {
    "yinxin": "invitation/v0",
    "origin": ORIGIN,
    "genesis": bytes([1]) * 32,
    "office": "武汉市民政局",
    "nonce": bytes([2]) * 16,
    "member": bytes([3]) * 16,
    "name": "何新示例",
    "post": "科员",
    "roles": ["approver", "drafter"],
    "issued": 1_795_000_000,
    "expires": 1_795_000_000 + 14 * 86_400,
}


def answer(answered, secret=SECRET, key=None, domain=b"yinxin answer/v0 proof of possession\n", **changes):
    body = {
        "yinxin": "answer/v0",
        "origin": ORIGIN,
        "member": answered["member"],
        "nonce": answered["nonce"],
        "invitation": hashlib.sha256(cbor(answered)).digest(),
        "key": public(key or secret),
    }
    proof = secret.sign(domain + cbor(body))
    return body | {"proof": proof} | changes


def digits(data):
    number = int.from_bytes(hashlib.sha256(b"yinxin answer/v0 digits\n" + data).digest(), "big") % 10**20
    text = f"{number:020}"
    return " ".join(text[at : at + 4] for at in range(0, 20, 4))


def good(name, invitation):
    data = cbor(answer(invitation))
    plain = {key: value.hex() if isinstance(value, bytes) else value for key, value in invitation.items()}
    return {"name": name, "fields": plain, "invitation": cbor(invitation).hex(), "answer": data.hex(), "digits": digits(data)}


def bad_invitations():
    now = INVITATION["issued"]
    good = cbor(INVITATION)
    yield "empty", b""
    yield "a byte less", good[:-1]
    yield "a byte more", good + b"\0"
    yield "an answer", cbor(answer(INVITATION))
    yield "another version", cbor(INVITATION | {"yinxin": "invitation/v1"})
    yield "one field more", cbor(INVITATION | {"more": 1})
    yield "no post field", cbor({key: value for key, value in INVITATION.items() if key != "post"})
    yield "no roles", cbor(INVITATION | {"roles": []})
    yield "roles unsorted", cbor(INVITATION | {"roles": ["drafter", "approver"]})
    yield "roles that do not go together", cbor(INVITATION | {"roles": ["auditor", "drafter"]})
    yield "a role that does not exist", cbor(INVITATION | {"roles": ["mayor"]})
    yield "expires as it is made", cbor(INVITATION | {"expires": now})
    yield "expires before it is made", cbor(INVITATION | {"expires": now - 1})
    yield "stands longer than 90 days", cbor(INVITATION | {"expires": now + 90 * 86_400 + 1})
    yield "made before 1970", cbor(INVITATION | {"issued": -1})
    yield "an origin that is none", cbor(INVITATION | {"origin": "wuhan"})
    yield "an empty name", cbor(INVITATION | {"name": ""})
    yield "a name with a line break", cbor(INVITATION | {"name": "何\n新"})
    yield "a name of 401 bytes", cbor(INVITATION | {"name": "x" * 401})
    yield "a nonce of 15 bytes", cbor(INVITATION | {"nonce": bytes(15)})
    yield "a genesis of 31 bytes", cbor(INVITATION | {"genesis": bytes(31)})
    yield "a map that is out of order", b"\xab" + good[1:][::-1]
    yield "5,000 bytes", cbor(INVITATION | {"office": "x" * 5_000})


def bad_answers():
    good = answer(INVITATION)
    yield "empty", b""
    yield "a byte less", cbor(good)[:-1]
    yield "a byte more", cbor(good) + b"\0"
    yield "an invitation", cbor(INVITATION)
    yield "another version", cbor(good | {"yinxin": "answer/v1"})
    yield "a key of 31 bytes", cbor(good | {"key": bytes(31)})
    yield "a signature of 63 bytes", cbor(good | {"proof": bytes(63)})
    yield "no proof", cbor({key: value for key, value in good.items() if key != "proof"})
    yield "one field more", cbor(good | {"name": "何新示例"})


def unproved():
    yield "somebody else's key", cbor(answer(INVITATION, key=OTHER))
    yield "signed for another purpose", cbor(answer(INVITATION, domain=b""))
    yield "another invitation", cbor(answer(INVITATION, invitation=bytes(32)))
    yield "another person", cbor(answer(INVITATION, member=bytes(16)))
    yield "another office", cbor(answer(INVITATION, origin="wuhan/11100000000013338W"))
    yield "a key of small order", cbor(answer(INVITATION) | {"key": bytes([1] + [0] * 31)})


def main():
    as_cases = lambda pairs: [{"why": why, "hex": data.hex()} for why, data in pairs]
    vectors = {
        "about": "Invitations and answers of docs/FORMAT.md section 9, made by make_invitation_vectors.py. Hex throughout. bad_* are not read; unproved are read, and their proof does not hold.",
        "seed": (bytes([7]) * 32).hex(),
        "good": [good("a post", INVITATION), good("no post", INVITATION | {"post": None})],
        "bad_invitations": as_cases(bad_invitations()),
        "bad_answers": as_cases(bad_answers()),
        "unproved": as_cases(unproved()),
    }
    text = json.dumps(vectors, ensure_ascii=False, indent=2) + "\n"
    pathlib.Path(__file__).with_name("invitation.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
