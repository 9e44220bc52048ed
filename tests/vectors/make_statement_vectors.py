#!/usr/bin/env python3
"""Makes statement.json, the vectors of docs/FORMAT.md sections 2, 3 and 4.

A second implementation, written from that text alone: it shares no code with
the program, so the two agree only if both read the text alike. Signatures come
from the `cryptography` package; every good layer is read back with `cbor2` and
checked with `pycose`, which know nothing of this project. Run it where these
three are installed, and only when the format changes:

    python3 tests/vectors/make_statement_vectors.py

Output depends on nothing but this file: keys come from fixed seeds, and
Ed25519 signatures (RFC 8032) have no randomness.
"""

import base64
import hashlib
import json
import pathlib
import struct

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pycose.keys import OKPKey
from pycose.keys.curves import Ed25519
from pycose.messages import Sign1Message

# --- Deterministic CBOR (RFC 8949 section 4.2.1) ---------------------------


class Raw(bytes):
    """Bytes that are CBOR already; for encodings that must be refused."""


class Tag:
    def __init__(self, number, item):
        self.number, self.item = number, item


def head(major, n):
    if n < 24:
        return bytes([major << 5 | n])
    for more, code, size in ((24, ">B", 8), (25, ">H", 16), (26, ">I", 32), (27, ">Q", 64)):
        if n < 1 << size:
            return bytes([major << 5 | more]) + struct.pack(code, n)
    raise ValueError(n)


def cbor(item):
    if isinstance(item, Raw):
        return bytes(item)
    if item is None:
        return b"\xf6"
    if isinstance(item, bool):
        return b"\xf5" if item else b"\xf4"
    if isinstance(item, int):
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    if isinstance(item, str):
        return head(3, len(item.encode())) + item.encode()
    if isinstance(item, list):
        return head(4, len(item)) + b"".join(map(cbor, item))
    if isinstance(item, dict):
        pairs = sorted((cbor(key), cbor(value)) for key, value in item.items())
        return head(5, len(item)) + b"".join(key + value for key, value in pairs)
    if isinstance(item, Tag):
        return head(6, item.number) + cbor(item.item)
    raise TypeError(item)


def sha256(data):
    return hashlib.sha256(data).digest()


# --- Keys ------------------------------------------------------------------

NAMES = ["founding", "log", "receipt", "transport", "witness", "drafter", "reviewer", "approver", "everything", "newcomer", "system", "security", "auditor", "spare"]
NAMES += ["register-founding", "register-log", "register-receipt", "register-transport", "register-witness", "register-system", "register-security", "later-log", "later-receipt", "officer"]
SEEDS = {name: bytes([index + 1]) * 32 for index, name in enumerate(NAMES)}


def secret(name):
    return Ed25519PrivateKey.from_private_bytes(SEEDS[name])


def public(name):
    return secret(name).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def kid(name):
    return sha256(bytes.fromhex("a301012006215820") + public(name))


# --- Layers (section 4) ----------------------------------------------------

ACT_TYPE = "application/vnd.yinxin.act.v0+cbor"
COSE_TYPE = "application/cose"
CODE, REALM = "11330100MB0000001A", "zhen.example"
ORIGIN = f"{REALM}/{CODE}"
REGISTER = f"{REALM}/register"
T0 = 1_790_000_000


def header(signer, purpose, sub, iat, content_type, anchor=None, iss=ORIGIN):
    """The protected header as a map; `anchor` is (size, root, roster, rules)."""
    fields = {
        1: -8,
        3: content_type,
        4: kid(signer),
        15: {1: iss, 2: sub, 6: iat},
        -70001: purpose,
    }
    if anchor:
        size, root, roster, rules = anchor
        fields |= {-70002: [size, root], -70003: roster, -70004: rules}
    return fields


def sign(signer, protected, payload):
    return secret(signer).sign(cbor(["Signature1", protected, b"", payload]))


def layer(signer, protected, payload):
    """One COSE_Sign1; `protected` is a map, or bytes already encoded."""
    protected = protected if isinstance(protected, bytes) else cbor(protected)
    return cbor(Tag(18, [protected, {}, payload, sign(signer, protected, payload)]))


def statement(act, signers, sub, iat, anchor, iss=ORIGIN):
    """Signs an act; `signers` are (name, purpose), innermost first."""
    payload, content_type = cbor(act), ACT_TYPE
    for index, (name, purpose) in enumerate(signers):
        outermost = index == len(signers) - 1
        fields = header(name, purpose, sub, iat + index, content_type, anchor if outermost else None, iss)
        payload, content_type = layer(name, fields, payload), COSE_TYPE
    return payload


def check_with_other_tools(data, signers):
    """cbor2 reads it to the same bytes, pycose verifies every layer."""
    for name, _ in reversed(signers):
        tag = cbor2.loads(data)
        assert tag.tag == 18 and dict(tag.value[1]) == {} and len(tag.value) == 4
        message = Sign1Message.decode(data)
        message.key = OKPKey(crv=Ed25519, x=public(name))
        assert message.verify_signature()
        data = tag.value[2]
    return data


# --- The ledger's tree (section 5) -----------------------------------------


def leaf(entry):
    return sha256(b"\x00" + entry)


def root(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + root(leaves[:split]) + root(leaves[split:]))


def path(index, leaves):
    """The inclusion proof of the leaf at `index`, from the bottom."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return path(index, leaves[:split]) + [root(leaves[split:])]
    return path(index - split, leaves[split:]) + [root(leaves[:split])]


def in_base64(data):
    return base64.b64encode(data).decode()


def checkpoint(origin, leaves, log):
    """A signed note of the ledger's size and root."""
    said = f"{origin}\n{len(leaves)}\n{in_base64(root(leaves))}\n"
    key_id = sha256(origin.encode() + b"\n\x01" + public(log))[:4]
    return f"{said}\n\u2014 {origin} {in_base64(key_id + secret(log).sign(said.encode()))}\n"


def log_proof(origin, leaves, log):
    """That the last entry is in the ledger."""
    index = len(leaves) - 1
    lines = ["c2sp.org/tlog-proof@v1", f"index {index}", *map(in_base64, path(index, leaves))]
    return "\n".join(lines) + "\n\n" + checkpoint(origin, leaves, log)


# --- Disclosures (section 2) -----------------------------------------------


def disclosure(number, value, key):
    return cbor([bytes([number]) * 16, value, key])


def digests(*disclosures):
    return sorted(map(sha256, disclosures))


DISCLOSURES = [
    (0xA1, "中文姓名", "name"),
    (0xA2, None, "post"),
    (0xB1, 42, "count"),
    (0xB2, True, "agreed"),
    (0xB3, "", "story"),
    (0xB4, -1, "below"),
    (0xC1, "登记有误", "reason"),
]

# --- A whole ledger: every kind of act, one, two and three layers ----------

PEOPLE = {"drafter": "11" * 16, "reviewer": "22" * 16, "approver": "33" * 16}
ADMINS = {"system": "66" * 16, "security": "77" * 16}
ROLES = {"system": ["system-admin"], "security": ["security-admin"]}
OFFICE, RECORD = "00" * 15 + "01", "ab" * 16
TEMPLATE = sha256(b"a template")
GENESIS = {
    "act": "genesis",
    "code": CODE,
    "name": "某市某局",
    "realm": REALM,
    "suite": "ed25519-sha256",
    "keys": {"delivery": "age1example"} | {name: public(name) for name in NAMES[:5]},
}
PUBLISH = {
    "act": "publish",
    "kind": "community",
    "template": TEMPLATE,
    "open": {"village": "某社区", "number": 7, "below": -3, "agreed": False, "empty": None},
    "digests": digests(*(disclosure(*d) for d in DISCLOSURES[2:6])),
    "version": 1,
}


def member(name, number):
    who = digests(disclosure(0xA0 + number, name, "name"), disclosure(0xD0 + number, "科员", "post"))
    return {"act": "member", "key": public(name), "roles": ROLES.get(name, [name]), "digests": who}


def roster(names):
    ids = PEOPLE | ADMINS
    return roster_of({ids[name]: member(name, 0) for name in names})


def roster_of(acts):
    """The roster that the latest member acts make, by id."""
    def person(sub, act):
        acting = [act["acting"]] if "acting" in act else []
        return [bytes.fromhex(sub), act["key"], act["roles"], *acting]

    return cbor([person(sub, act) for sub, act in sorted(acts.items()) if not act.get("suspended")])


def amend(previous, version=2):
    later = digests(*(disclosure(n + 16, value, key) for n, value, key in DISCLOSURES[2:6]))
    return PUBLISH | {"act": "amend", "digests": later, "version": version, "previous": previous}


def withdraw(previous, version=2):
    return {"act": "withdraw", "digests": digests(disclosure(*DISCLOSURES[6])), "version": version, "previous": previous}


ADMINS_SIGN = [("system", "draft"), ("security", "approve")]


class Ledger:
    """Entries in order, each anchored at those before it."""

    def __init__(self, origin):
        self.origin, self.good, self.people = origin, [], {}

    def leaves(self):
        return [case["leaf"] for case in self.good]

    def head(self):
        return [len(self.good), root(self.leaves())]

    def roster(self):
        return sha256(roster_of(self.people))

    def append(self, why, act, signers, sub):
        size, base = self.head()
        anchor = (size, base, self.roster(), 0)
        iat = T0 + 100 * size
        data = statement(act, signers, sub, iat, anchor, self.origin)
        assert check_with_other_tools(data, signers) == cbor(act)
        self.good.append(
            {
                "why": why,
                "act": act,
                "act_hex": cbor(act),
                "iss": self.origin,
                "sub": sub,
                "layers": [
                    {"signer": name, "purpose": purpose, "iat": iat + index}
                    for index, (name, purpose) in enumerate(signers)
                ],
                "size": anchor[0],
                "root": anchor[1],
                "roster": anchor[2],
                "rules": 0,
                "leaf": leaf(data),
                "hex": data,
            }
        )
        if act["act"] == "member":
            self.people[sub] = act
        return leaf(data)


def ledger():
    alone = [("founding", "approve")]
    two = [("drafter", "draft"), ("approver", "approve")]
    three = [("drafter", "draft"), ("reviewer", "review"), ("approver", "approve")]
    office = Ledger(ORIGIN)
    append, good = office.append, office.good

    append("genesis: one layer by the founding key", GENESIS, alone, OFFICE)
    for number, name in enumerate(PEOPLE):
        append(f"member: {name}", member(name, number), alone, PEOPLE[name])
    for number, name in enumerate(ADMINS, 5):
        append(f"member: {name}", member(name, number), alone, ADMINS[name])
    append("publish: three layers, as the act asks", PUBLISH | {"review": True}, three, RECORD)
    append("amend: two layers", amend(good[-1]["leaf"]), two, RECORD)
    append("withdraw: two layers", withdraw(good[-1]["leaf"]), two, RECORD)
    erase = withdraw(good[-1]["leaf"]) | {"act": "erase"}
    append("erase: two layers, after the withdrawal", erase, two, RECORD)
    places = {person["sub"]: index for index, person in enumerate(good)}
    acting = anew(good[places[PEOPLE["reviewer"]]]["leaf"], member("reviewer", 1)) | {"acting": [T0, T0 + 86_400]}
    append("member: the reviewer acts as approver for a day", acting, ADMINS_SIGN, PEOPLE["reviewer"])
    acted = [("drafter", "draft"), ("reviewer", "approve")]
    append("publish: approved by the acting approver", PUBLISH, acted, "cd" * 16)
    gone = anew(good[places[PEOPLE["drafter"]]]["leaf"], member("drafter", 0)) | {"suspended": True}
    append("member: the drafter is suspended", gone, [("security", "draft"), ("system", "approve")], PEOPLE["drafter"])
    back = anew(good[-1]["leaf"], member("drafter", 0) | {"key": public("spare")}, 3)
    append("member: and is back with another key", back, ADMINS_SIGN, PEOPLE["drafter"])
    return office


def anew(previous, act, version=2):
    return act | {"version": version, "previous": previous}


# --- The register of the realm, which admits the office of that ledger -----

KEEPER = "11330100MB0000002X"
REGISTER_ADMINS = {"register-system": "99" * 16, "register-security": "aa" * 16}
REGISTER_ROLES = {"register-system": "system-admin", "register-security": "security-admin"}
REGISTER_GENESIS = GENESIS | {
    "code": KEEPER,
    "name": "某市数据局",
    "keys": {"delivery": "age1example"} | {name: public(f"register-{name}") for name in NAMES[:5]},
}


def standing(head, roster_digest, first):
    """What the register says of the office; `first` is its entry 0's leaf."""
    return {
        "act": "office",
        "code": CODE,
        "name": GENESIS["name"],
        "ledger": first,
        "keys": {"delivery": "age1example"} | {name: public(name) for name in NAMES[1:5]},
        "head": head,
        "roster": roster_digest,
    }


def policy(number):
    return {"act": "policy", "number": number, "text": f"# yinxin-policy {number}\nquorum none\n"}


def register(office):
    """`office` is admitted, rotates two keys, and ends; two policies."""
    alone = [("register-founding", "approve")]
    admins = [("register-system", "draft"), ("register-security", "approve")]
    turned = [("register-security", "draft"), ("register-system", "approve")]
    book, admitted, policies = Ledger(REGISTER), "b0" * 16, "c0" * 16
    leaves = office.leaves()

    book.append("genesis: of a register, with the code of its keeper", REGISTER_GENESIS, alone, OFFICE)
    for number, name in enumerate(REGISTER_ADMINS, 7):
        person = member(name, number) | {"roles": [REGISTER_ROLES[name]]}
        book.append(f"member: {name}", person, alone, REGISTER_ADMINS[name])
    founded = standing([6, root(leaves[:6])], office.good[6]["roster"], leaves[0])
    last = book.append("office: admitted", founded, admins, admitted)
    book.append("policy: the first", policy(1), admins, policies)
    grown = founded | {"head": office.head(), "roster": office.roster()}
    later = {"log": public("later-log"), "receipt": public("later-receipt")}
    rotated = grown | {"keys": founded["keys"] | later}
    last = book.append("office: new log and receipt keys, at a larger head", anew(last, rotated), turned, admitted)
    book.append("policy: the second", policy(2), turned, policies)
    ended = rotated | {"suspended": True, "successors": sorted([KEEPER, "11330100MB0000003T"])}
    book.append("office: suspended, with two successors", anew(last, ended, 3), admins, admitted)
    return book


# --- Officers whom the register appoints, and their warrants ---------------

LENDER = "11330100MB0000003T"
APPOINTED = {"officer": "55" * 16, "newcomer": "56" * 16}


def appointment(size, office_roster, sub, act, **more):
    """What the register says so that the office may say `act` of a person."""
    said = {key: value for key, value in act.items() if key != "act"}
    names = {"code": CODE, "size": size, "roster": office_roster, "person": bytes.fromhex(sub), "member": said}
    return {"act": "appoint"} | names | more


def appointing(book, office):
    """The register goes on with the office, and appoints in it three times; each
    time the office takes the person in. Says how long the two ledgers were before."""
    before = len(book.good), len(office.good)
    admins = [("register-system", "draft"), ("register-security", "approve")]
    turned = [("register-security", "draft"), ("register-system", "approve")]
    admitted = "b0" * 16

    *_, ended = (case for case in book.good if case["act"]["act"] == "office")
    back = {key: value for key, value in ended["act"].items() if key not in ("suspended", "successors")}
    book.append("office: goes on after all", anew(ended["leaf"], back, 4), admins, admitted)
    keys = {name: bytes([0xE1 + number]) * 32 for number, name in enumerate(NAMES[1:5])}
    lender = standing([1, bytes(32)], bytes(32), bytes(32)) | {"code": LENDER, "name": "某市另一局"}
    lender["keys"] = {"delivery": "age1example"} | keys
    book.append("office: one that may lend", lender, admins, "b1" * 16)

    def take_in(why, name, act, signers, **more):
        sub, people = APPOINTED[name], roster_of(book.people)
        book.append(f"appoint: {why}", appointment(len(office.good), office.roster(), sub, act, **more), signers, admitted)
        entry = book.good[-1]["hex"]
        proof = log_proof(REGISTER, book.leaves(), "register-log")
        warrant = {"proof": proof, "roster": people, "statement": entry}
        return office.append(f"member: {why}, with the warrant", act | {"warrant": warrant}, [(name, "approve")], sub)

    officer = member("officer", 9) | {"roles": ["security-admin"]}
    last = take_in("a security admin", "officer", officer, admins)
    lent = member("newcomer", 10) | {"roles": ["auditor"]}
    take_in("an auditor whom another office lends", "newcomer", lent, turned, lender=LENDER)
    other = officer | {"roles": ["system-admin"]}
    take_in("the first of them as system admin", "officer", anew(last, other), turned)
    return before


# --- Statements that must be refused ---------------------------------------


def bad_statements():
    anchor = (4, bytes(32), sha256(roster(PEOPLE)), 0)
    act = cbor(PUBLISH)
    cases = []

    def bad(error, why, data):
        cases.append({"error": error, "why": why, "hex": data})

    def draft():
        return layer("drafter", header("drafter", "draft", RECORD, T0, ACT_TYPE), act)

    def fields(purpose="approve", content_type=COSE_TYPE):
        return header("approver", purpose, RECORD, T0 + 1, content_type, anchor)

    def outer(protected, payload=None):
        return layer("approver", protected, draft() if payload is None else payload)

    def with_act(act):
        data = act if isinstance(act, bytes) else cbor(act)
        return outer(fields(content_type=ACT_TYPE), data)

    def without(map_, key):
        return {k: v for k, v in map_.items() if k != key}

    def pairs(map_):
        return [(cbor(k), cbor(v)) for k, v in map_.items()]

    def written(pairs_):
        return head(5, len(pairs_)) + b"".join(k + v for k, v in pairs_)

    protected = cbor(fields())
    signature = sign("approver", protected, draft())
    good = outer(fields())
    assert good == cbor(Tag(18, [protected, {}, draft(), signature]))

    # The COSE_Sign1 itself.
    bad("Cose.Shape", "unprotected header is not empty", cbor(Tag(18, [protected, {4: kid("approver")}, draft(), signature])))
    bad("Cose.Shape", "no tag", cbor([protected, {}, draft(), signature]))
    bad("Cose.Shape", "tag 98, COSE_Sign", cbor(Tag(98, [protected, {}, draft(), signature])))
    bad("Cose.Shape", "tagged twice", cbor(Tag(18, Tag(18, [protected, {}, draft(), signature]))))
    bad("Cose.Shape", "detached payload", cbor(Tag(18, [protected, {}, None, signature])))
    bad("Cose.Shape", "payload is text", cbor(Tag(18, [protected, {}, "act", signature])))
    bad("Cose.Shape", "protected header is a map, not bytes", cbor(Tag(18, [fields(), {}, draft(), signature])))
    bad("Cose.Shape", "signature of 63 bytes", cbor(Tag(18, [protected, {}, draft(), signature[:63]])))
    bad("Cose.Shape", "five elements", cbor(Tag(18, [protected, {}, draft(), signature, None])))
    bad("Cose.Shape", "payload said to be a layer is an act", outer(fields(), act))
    bad("Cose.Cbor.Trailing", "a byte after the entry", good + b"\x00")
    bad("Cose.Cbor.Truncated", "the last byte is missing", good[:-1])
    bad("Cose.Cbor.Truncated", "nothing at all", b"")
    bad("Cose.Cbor.NotShortest", "array length in two bytes", b"\xd2\x98\x04" + good[2:])
    bad("Cose.Cbor.NotShortest", "tag in two bytes", b"\xd8\x12" + good[1:])
    bad("Cose.Cbor.NotAccepted", "array of indefinite length", b"\xd2\x9f" + good[2:] + b"\xff")
    bad("Cose.Cbor.Trailing", "the layer below has a byte more", outer(fields(), draft() + b"\x00"))
    bad("Cose.Shape", "the layer below has an unprotected header", outer(fields(), cbor(Tag(18, [cbor(header("drafter", "draft", RECORD, T0, ACT_TYPE)), {1: -8}, act, signature]))))

    # Headers.
    bad("HeaderCbor.MapOrder", "header keys out of order", outer(written(sorted(pairs(fields()), reverse=True))))
    bad("HeaderCbor.MapOrder", "header key twice", outer(written(sorted(pairs(fields())) + [(cbor(-70004), cbor(0))])))
    bad("HeaderCbor.Truncated", "empty protected header, not even a map", outer(b""))
    bad("HeaderCbor.Trailing", "a byte after the header", outer(protected + b"\x00"))
    bad("HeaderCbor.NotShortest", "a number written long", outer(written([(k, b"\x18\x00" if k == cbor(-70004) else v) for k, v in sorted(pairs(fields()))])))
    bad("Header.NotAMap", "the header is an array", outer(cbor([])))
    bad("Header.Missing", "the header is empty", outer(cbor({})))
    bad("Header.Unknown", "a label that nobody knows", outer(fields() | {-70005: 0}))
    bad("Header.Unknown", "crit", outer(fields() | {2: [4]}))
    bad("Header.Unknown", "a text label", outer(fields() | {"alg": -8}))
    bad("Header.Malformed", "alg ES256", outer(fields() | {1: -7}))
    bad("Header.Malformed", "alg as text", outer(fields() | {1: "EdDSA"}))
    bad("Header.Missing", "no kid", outer(without(fields(), 4)))
    bad("Header.Malformed", "kid of 8 bytes", outer(fields() | {4: kid("approver")[:8]}))
    bad("Header.Malformed", "another content type", outer(fields() | {3: "application/cbor"}))
    bad("Header.Malformed", "content type as number", outer(fields() | {3: 60}))
    bad("Header.Malformed", "a purpose that does not exist", outer(fields("seal")))
    bad("Header.Missing", "no purpose", outer(without(fields(), -70001)))
    bad("Header.Missing", "no claims", outer(without(fields(), 15)))
    bad("Header.Missing", "no iat", outer(fields() | {15: {1: ORIGIN, 2: RECORD}}))
    bad("Header.Malformed", "iat before 1970", outer(fields() | {15: {1: ORIGIN, 2: RECORD, 6: -1}}))
    bad("Header.Malformed", "sub in capitals", outer(fields() | {15: {1: ORIGIN, 2: RECORD.upper(), 6: T0}}))
    bad("Header.Malformed", "sub as bytes", outer(fields() | {15: {1: ORIGIN, 2: bytes.fromhex(RECORD), 6: T0}}))
    bad("Header.Unknown", "one more claim, exp", outer(fields() | {15: {1: ORIGIN, 2: RECORD, 4: T0, 6: T0}}))
    bad("Header.Unknown", "one more label in the layer below", outer(fields(), layer("drafter", header("drafter", "draft", RECORD, T0, ACT_TYPE) | {5: b""}, act)))

    # base, roster, rules.
    unanchored = header("approver", "approve", RECORD, T0 + 1, COSE_TYPE)
    anchored = header("drafter", "draft", RECORD, T0, ACT_TYPE, anchor)
    bad("Anchor", "none in the outermost layer", outer(unanchored))
    bad("Anchor", "in both layers", outer(fields(), layer("drafter", anchored, act)))
    bad("Anchor", "in the inner layer only", outer(unanchored, layer("drafter", anchored, act)))
    bad("Header.Missing", "base without roster", outer(without(fields(), -70003)))
    bad("Header.Missing", "base without rules", outer(without(fields(), -70004)))
    bad("Header.Unknown", "roster and rules without base", outer(without(fields(), -70002)))
    bad("Header.Malformed", "base is the size alone", outer(fields() | {-70002: 4}))
    bad("Header.Malformed", "base with a size below zero", outer(fields() | {-70002: [-1, bytes(32)]}))
    bad("Header.Malformed", "root of 31 bytes", outer(fields() | {-70002: [4, bytes(31)]}))
    bad("Header.Malformed", "rules beyond 32 bits", outer(fields() | {-70004: 1 << 32}))

    # Layers.
    review = layer("reviewer", header("reviewer", "review", RECORD, T0, COSE_TYPE), draft())
    bad("Layers", "a draft alone", layer("drafter", anchored, act))
    bad("Layers", "a review alone", outer(fields("review", ACT_TYPE), act))
    bad("Layers", "a draft taken for an approval: draft, draft", outer(fields("draft")))
    bad("Layers", "approve, approve", outer(fields(), layer("drafter", header("drafter", "approve", RECORD, T0, ACT_TYPE), act)))
    bad("Layers", "approve inside, draft outside", outer(fields("draft"), layer("drafter", header("drafter", "approve", RECORD, T0, ACT_TYPE), act)))
    bad("Layers", "draft, review, and no approval", outer(fields("review")))
    bad("Layers", "review inside, draft between, approve outside", outer(fields(), layer("drafter", header("drafter", "draft", RECORD, T0, COSE_TYPE), layer("reviewer", header("reviewer", "review", RECORD, T0, ACT_TYPE), act))))
    bad("Layers", "review, approve, and no draft", outer(fields(), layer("reviewer", header("reviewer", "review", RECORD, T0, ACT_TYPE), act)))
    bad("Layers", "draft, service", outer(fields("service")))
    bad("Layers", "four layers", outer(fields(), layer("reviewer", header("reviewer", "review", RECORD, T0, COSE_TYPE), review)))
    bad("Act.Field.NotAMap", "content type says act, payload is a layer", outer(fields(content_type=ACT_TYPE), draft()))

    # iss and sub.
    bad("Disagree", "iss of another ledger in the layer below", outer(fields(), layer("drafter", header("drafter", "draft", RECORD, T0, ACT_TYPE, iss=f"other.example/{CODE}"), act)))
    bad("Disagree", "another sub in the layer below", outer(fields(), layer("drafter", header("drafter", "draft", "cd" * 16, T0, ACT_TYPE), act)))

    # Acts.
    first, *more = PUBLISH["digests"]
    assert more
    bad("Act.UnknownKind", "an act of a later format", with_act({"act": "bury"}))
    bad("Act.Field.Missing", "no act", with_act(without(PUBLISH, "act")))
    bad("Act.Field.Malformed", "act is a number", with_act(PUBLISH | {"act": 1}))
    bad("Act.Field.NotAMap", "an array", with_act(cbor([])))
    bad("Act.Field.Unknown", "one more key", with_act(PUBLISH | {"note": "x"}))
    bad("Act.Field.Unknown", "publish with previous", with_act(PUBLISH | {"previous": bytes(32)}))
    bad("Act.Field.Missing", "publish without open values", with_act(without(PUBLISH, "open")))
    bad("Act.Field.Malformed", "publish says version 2", with_act(PUBLISH | {"version": 2}))
    bad("Act.Field.Malformed", "amend makes version 1", with_act(amend(bytes(32), 1)))
    bad("Act.Field.Missing", "amend without previous", with_act(without(amend(bytes(32)), "previous")))
    bad("Act.Field.Malformed", "previous of 20 bytes", with_act(amend(bytes(20))))
    bad("Act.Field.Malformed", "withdraw of version 0", with_act(withdraw(bytes(32), 0)))
    bad("Act.Field.Malformed", "version beyond 32 bits", with_act(withdraw(bytes(32), 1 << 32)))
    bad("Act.Field.Malformed", "digests unsorted", with_act(PUBLISH | {"digests": PUBLISH["digests"][::-1]}))
    bad("Act.Field.Malformed", "one digest twice", with_act(PUBLISH | {"digests": [first, first, *more]}))
    bad("Act.Field.Malformed", "digest of 31 bytes", with_act(PUBLISH | {"digests": [first[:31]]}))
    bad("Act.Field.Malformed", "an open value that is bytes", with_act(PUBLISH | {"open": {"x": b"x"}}))
    bad("Act.Field.Malformed", "an open value that is a list", with_act(PUBLISH | {"open": {"x": ["x"]}}))
    bad("Act.Field.Malformed", "an open key that is a number", with_act(PUBLISH | {"open": {1: "x"}}))
    bad("Act.Field.Malformed", "an open key of 401 bytes", with_act(PUBLISH | {"open": {"x" * 401: "x"}}))
    bad("Act.Field.Malformed", "roles unsorted", with_act(member("drafter", 0) | {"roles": ["drafter", "approver"]}))
    bad("Act.Field.Malformed", "one role twice", with_act(member("drafter", 0) | {"roles": ["drafter", "drafter"]}))
    bad("Act.Field.Malformed", "a role that does not exist", with_act(member("drafter", 0) | {"roles": ["mayor"]}))
    person = member("drafter", 0)
    bad("Act.Field.Malformed", "acting ends as it begins", with_act(person | {"acting": [5, 5]}))
    bad("Act.Field.Malformed", "acting from a negative second", with_act(person | {"acting": [-1, 5]}))
    bad("Act.Field.Malformed", "acting without an end", with_act(person | {"acting": [5]}))
    bad("Act.Field.Malformed", "suspended said to be false", with_act(person | {"suspended": False}))
    bad("Act.Field.Missing", "a later member act without previous", with_act(person | {"version": 2}))
    bad("Act.Field.Unknown", "a member act with previous alone", with_act(person | {"previous": bytes(32)}))
    bad("Act.Field.Malformed", "a member act that says version 1", with_act(anew(bytes(32), person, 1)))
    bad("Act.Field.Malformed", "review said to be false", with_act(PUBLISH | {"review": False}))
    bad("Act.Field.Malformed", "a key of 31 bytes", with_act(member("drafter", 0) | {"key": bytes(31)}))
    bad("Act.Field.Malformed", "another suite", with_act(GENESIS | {"suite": "sm2-sm3"}))
    bad("Act.Field.Malformed", "a name of 402 bytes", with_act(GENESIS | {"name": "名" * 134}))
    bad("Act.Field.Missing", "genesis without witness key", with_act(GENESIS | {"keys": without(GENESIS["keys"], "witness")}))
    bad("Act.Field.Unknown", "genesis with one more key", with_act(GENESIS | {"keys": GENESIS["keys"] | {"spare": bytes(32)}}))
    office = standing([4, bytes(32)], bytes(32), bytes(32))
    ended = office | {"suspended": True}
    bad("Act.Field.Malformed", "an office whose code has 17 characters", with_act(office | {"code": CODE[:17]}))
    bad("Act.Field.Malformed", "an office whose code is in small letters", with_act(office | {"code": CODE.lower()}))
    bad("Act.Field.Malformed", "an office whose code is that of a register", with_act(office | {"code": "register"}))
    bad("Act.Field.Malformed", "an office without a name", with_act(office | {"name": ""}))
    bad("Act.Field.Malformed", "an office whose ledger is 31 bytes", with_act(office | {"ledger": bytes(31)}))
    bad("Act.Field.Missing", "an office without transport key", with_act(office | {"keys": without(office["keys"], "transport")}))
    bad("Act.Field.Unknown", "an office with its founding key", with_act(office | {"keys": office["keys"] | {"founding": bytes(32)}}))
    bad("Act.Field.NotAMap", "an office whose keys are a list", with_act(office | {"keys": list(office["keys"].values())}))
    bad("Act.Field.Missing", "an office without a head", with_act(without(office, "head")))
    bad("Act.Field.Malformed", "an office whose head is a size alone", with_act(office | {"head": [4]}))
    bad("Act.Field.Malformed", "an office whose head has a size below zero", with_act(office | {"head": [-1, bytes(32)]}))
    bad("Act.Field.Malformed", "an office whose head has a root of 20 bytes", with_act(office | {"head": [4, bytes(20)]}))
    bad("Act.Field.Missing", "an office without a roster", with_act(without(office, "roster")))
    bad("Act.Field.Malformed", "an office said not to be suspended", with_act(office | {"suspended": False}))
    bad("Act.Field.Malformed", "successors of an office that goes on", with_act(office | {"successors": [KEEPER]}))
    bad("Act.Field.Malformed", "an empty list of successors", with_act(ended | {"successors": []}))
    bad("Act.Field.Malformed", "successors unsorted", with_act(ended | {"successors": [KEEPER, CODE]}))
    bad("Act.Field.Malformed", "one successor twice", with_act(ended | {"successors": [KEEPER, KEEPER]}))
    bad("Act.Field.Malformed", "33 successors", with_act(ended | {"successors": [f"{number:018}" for number in range(33)]}))
    bad("Act.Field.Malformed", "a successor that is a name", with_act(ended | {"successors": ["某市数据局"]}))
    bad("Act.Field.Missing", "a later office act without previous", with_act(office | {"version": 2}))
    bad("Act.Field.Unknown", "an office act with previous alone", with_act(office | {"previous": bytes(32)}))
    bad("Act.Field.Malformed", "an office act that says version 1", with_act(anew(bytes(32), office, 1)))
    bad("Act.Field.Unknown", "an office act with digests", with_act(office | {"digests": []}))
    bad("Act.Field.Malformed", "policy 0", with_act(policy(0)))
    bad("Act.Field.Malformed", "a policy whose number is text", with_act(policy(1) | {"number": "1"}))
    bad("Act.Field.Missing", "a policy without text", with_act(without(policy(1), "text")))
    bad("Act.Field.Malformed", "a policy with an empty text", with_act(policy(1) | {"text": ""}))
    bad("Act.Field.Malformed", "a policy of 32,769 bytes", with_act(policy(1) | {"text": "x" * 32_769}))
    bad("Act.Field.Malformed", "a policy whose text is bytes", with_act(policy(1) | {"text": b"quorum none"}))
    bad("Act.Field.Unknown", "a policy with previous", with_act(policy(2) | {"previous": bytes(32)}))
    officer = member("officer", 9) | {"roles": ["security-admin"]}
    appoint = appointment(1, bytes(32), APPOINTED["officer"], officer)
    said = appoint["member"]

    def saying(**more):
        return with_act(appoint | {"member": said | more})

    for key in ("code", "size", "roster", "person", "member"):
        bad("Act.Field.Missing", f"an appointment without {key}", with_act(without(appoint, key)))
    for key in ("key", "roles", "digests"):
        bad("Act.Field.Missing", f"an appointment that says no {key}", with_act(appoint | {"member": without(said, key)}))
    bad("Act.Field.Malformed", "an appointment whose code has 17 characters", with_act(appoint | {"code": CODE[:17]}))
    bad("Act.Field.Malformed", "an appointment in a register", with_act(appoint | {"code": "register"}))
    bad("Act.Field.Malformed", "an appointment whose code is bytes", with_act(appoint | {"code": CODE.encode()}))
    bad("Act.Field.Malformed", "an appointment in an empty ledger", with_act(appoint | {"size": 0}))
    bad("Act.Field.Malformed", "an appointment whose size is negative", with_act(appoint | {"size": -1}))
    bad("Act.Field.Malformed", "an appointment whose size is text", with_act(appoint | {"size": "1"}))
    bad("Act.Field.Malformed", "an appointment with a roster of 31 bytes", with_act(appoint | {"roster": bytes(31)}))
    bad("Act.Field.Malformed", "an appointment with a roster in hex", with_act(appoint | {"roster": bytes(32).hex()}))
    bad("Act.Field.Malformed", "an appointment of a person of 15 bytes", with_act(appoint | {"person": bytes(15)}))
    bad("Act.Field.Malformed", "an appointment of a person of 17 bytes", with_act(appoint | {"person": bytes(17)}))
    bad("Act.Field.Malformed", "an appointment of a person in hex", with_act(appoint | {"person": APPOINTED["officer"]}))
    bad("Act.Field.NotAMap", "an appointment whose member is a list", with_act(appoint | {"member": list(said.values())}))
    bad("Act.Field.NotAMap", "an appointment whose member is bytes", with_act(appoint | {"member": cbor(said)}))
    bad("Act.Field.Malformed", "a lender in small letters", with_act(appoint | {"lender": LENDER.lower()}))
    bad("Act.Field.Malformed", "a lender that is a register", with_act(appoint | {"lender": "register"}))
    bad("Act.Field.Malformed", "a lender said to be nobody", with_act(appoint | {"lender": None}))
    bad("Act.Field.Malformed", "two lenders", with_act(appoint | {"lender": [LENDER, KEEPER]}))
    bad("Act.Field.Unknown", "an appointment with one more key", with_act(appoint | {"note": "x"}))
    bad("Act.Field.Unknown", "an appointment with digests of its own", with_act(appoint | {"digests": []}))
    bad("Act.Field.Unknown", "an appointment with a version of its own", with_act(anew(bytes(32), appoint)))
    bad("Act.Field.Unknown", "an appointment said to be suspended", with_act(appoint | {"suspended": True}))
    bad("Act.Field.Unknown", "an appointment that says an act", saying(act="member"))
    bad("Act.Field.Unknown", "an appointment that says acting", saying(acting=[5, 6]))
    bad("Act.Field.Unknown", "an appointment that says suspended", saying(suspended=True))
    bad("Act.Field.Unknown", "an appointment that says a warrant", saying(warrant={"proof": "", "roster": b"", "statement": b""}))
    bad("Act.Field.Unknown", "an appointment that says who lends", saying(lender=LENDER))
    bad("Act.Field.Malformed", "an appointment of a key of 33 bytes", saying(key=bytes(33)))
    bad("Act.Field.Malformed", "an appointment to no role", saying(roles=[]))
    bad("Act.Field.Malformed", "an appointment to a role that does not exist", saying(roles=["mayor"]))
    bad("Act.Field.Malformed", "an appointment to roles unsorted", saying(roles=["system-admin", "auditor"]))
    bad("Act.Field.Malformed", "an appointment with digests unsorted", saying(digests=said["digests"][::-1]))
    bad("Act.Field.Missing", "a later appointment without previous", saying(version=2))
    bad("Act.Field.Unknown", "an appointment with previous alone", saying(previous=bytes(32)))
    bad("Act.Field.Malformed", "an appointment that says version 1", saying(version=1, previous=bytes(32)))
    bad("Act.Field.Malformed", "an appointment whose version is beyond 32 bits", saying(version=1 << 32, previous=bytes(32)))

    # The parts of a warrant are verified by the rules: any bytes and text will do.
    warrant = {"proof": "proof", "roster": b"\x80", "statement": good}

    def warranted(warrant):
        return with_act(officer | {"warrant": warrant})

    for key in warrant:
        bad("Act.Field.Missing", f"a warrant without {key}", warranted(without(warrant, key)))
    bad("Act.Field.Unknown", "a warrant with one more key", warranted(warrant | {"lender": LENDER}))
    bad("Act.Field.Unknown", "a warrant with its appointment", warranted(warrant | {"appointment": appoint}))
    bad("Act.Field.Malformed", "a warrant whose proof is bytes", warranted(warrant | {"proof": b"proof"}))
    bad("Act.Field.Malformed", "a warrant whose roster is text", warranted(warrant | {"roster": "80"}))
    bad("Act.Field.Malformed", "a warrant whose roster is a list", warranted(warrant | {"roster": []}))
    bad("Act.Field.Malformed", "a warrant whose statement is text", warranted(warrant | {"statement": good.hex()}))
    bad("Act.Field.Malformed", "a warrant whose statement is no bytes but itself", warranted(warrant | {"statement": Raw(good)}))
    bad("Act.Field.NotAMap", "a warrant that is bytes", warranted(cbor(warrant)))
    bad("Act.Field.NotAMap", "a warrant said to be none", warranted(None))
    bad("Act.Field.NotAMap", "two warrants", warranted([warrant, warrant]))
    bad("Act.Field.Unknown", "publish with a warrant", with_act(PUBLISH | {"warrant": warrant}))
    bad("Act.Field.Unknown", "genesis with a warrant", with_act(GENESIS | {"warrant": warrant}))
    bad("Act.Cbor.MapOrder", "keys of a warrant out of order", warranted(Raw(written(sorted(pairs(warrant), reverse=True)))))
    bad("Act.Cbor.MapOrder", "keys of what an appointment says out of order", with_act(appoint | {"member": Raw(written(sorted(pairs(said), reverse=True)))}))
    bad("Act.Cbor.MapOrder", "act keys out of order", with_act(written(sorted(pairs(PUBLISH), reverse=True))))
    bad("Act.Cbor.NotAccepted", "a float as open value", with_act(PUBLISH | {"open": {"x": Raw(b"\xf9\x3c\x00")}}))
    bad("Act.Cbor.NotShortest", "version written long", with_act(PUBLISH | {"version": Raw(b"\x18\x01")}))
    bad("Act.Cbor.Trailing", "a byte after the act", with_act(act + b"\x00"))
    return cases


def bad_disclosures():
    salt = bytes(16)
    cases = [
        ("Shape", "a map", cbor({})),
        ("Shape", "two elements", cbor([salt, "x"])),
        ("Shape", "four elements", cbor([salt, "x", "name", 1])),
        ("Shape", "salt of 15 bytes", cbor([salt[:15], "x", "name"])),
        ("Shape", "salt is text", cbor(["0123456789abcdef", "x", "name"])),
        ("Shape", "value is bytes", cbor([salt, b"x", "name"])),
        ("Shape", "value is a list", cbor([salt, ["x"], "name"])),
        ("Shape", "key is a number", cbor([salt, "x", 1])),
        ("Cbor.NotAccepted", "value is a float", cbor([salt, Raw(b"\xf9\x3c\x00"), "name"])),
        ("Cbor.NotShortest", "salt's length written long", b"\x83\x59\x00\x10" + salt + cbor("x") + cbor("name")),
        ("Cbor.Trailing", "a byte more", disclosure(0, "x", "name") + b"\x00"),
        ("Cbor.Truncated", "a byte less", disclosure(0, "x", "name")[:-1]),
    ]
    return [{"error": error, "why": why, "hex": data} for error, why, data in cases]


# --- Writing it down -------------------------------------------------------


def plain(item):
    """Bytes as hex, for JSON."""
    if isinstance(item, bytes):
        return item.hex()
    if isinstance(item, dict):
        return {key: plain(value) for key, value in item.items()}
    if isinstance(item, list):
        return [plain(value) for value in item]
    return item


def acting_roster():
    acting = [T0, T0 + 86_400]
    people = {PEOPLE["drafter"]: member("drafter", 0), PEOPLE["reviewer"]: member("reviewer", 1) | {"acting": acting}}
    data = roster_of(people)
    members = [{"id": sub, "key": act["key"], "roles": act["roles"], "acting": act.get("acting")} for sub, act in people.items()]
    return {"members": members, "hex": data, "digest": sha256(data)}


def main():
    office = ledger()
    book = register(office)
    registered, stated = appointing(book, office)
    vectors = {
        "about": "Disclosures, acts and statements of docs/FORMAT.md sections 2 to 4, made by make_statement_vectors.py. Hex throughout. statements are a ledger, in order: base, roster and leaf are true; register is another, which admits its office; appointing and warranted go on with register and statements. error is the name of the error within the layer that it is found in: Cose, HeaderCbor and Header are of a layer, Act of the innermost payload.",
        "seeds": [{"name": name, "seed": seed, "public_key": public(name), "kid": kid(name)} for name, seed in SEEDS.items()],
        "disclosures": [{"salt": bytes([n]) * 16, "value": value, "key": key, "hex": disclosure(n, value, key), "digest": sha256(disclosure(n, value, key))} for n, value, key in DISCLOSURES],
        "bad_disclosures": bad_disclosures(),
        "roster": [{"members": [{"id": PEOPLE[n], "key": public(n), "roles": [n]} for n in names], "hex": roster(names), "digest": sha256(roster(names))} for names in ([], ["drafter"], list(PEOPLE))] + [acting_roster()],
        "statements": office.good[:stated],
        "register": book.good[:registered],
        "appointing": book.good[registered:],
        "warranted": office.good[stated:],
        "bad": bad_statements(),
    }
    lines = []
    for key, value in vectors.items():
        if isinstance(value, str):
            lines.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
        else:
            items = ",\n".join("    " + json.dumps(plain(item), ensure_ascii=False) for item in value)
            lines.append(f"  {json.dumps(key)}: [\n{items}\n  ]")
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    pathlib.Path(__file__).with_name("statement.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
