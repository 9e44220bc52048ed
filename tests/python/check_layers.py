"""Each layer of a statement, with pycose: signature, kid, headers, purposes.

check_layers.py DIR, where `yinxin evidence unpack` wrote.
"""

import json
import os

from common import canonical, read, require, run, thumbprint, unhex
from pycose.keys import OKPKey
from pycose.messages import CoseMessage, Sign1Message

ACT = "application/vnd.yinxin.act.v0+cbor"
LAYER = "application/cose"
PURPOSE, BASE, ROSTER, RULES = -70001, -70002, -70003, -70004
PURPOSES = [["draft", "approve"], ["draft", "review", "approve"]]
KEYS_OF = {
    "publish": {"act", "kind", "template", "open", "digests", "version"},
    "amend": {"act", "kind", "template", "open", "digests", "version", "previous"},
}


def check(folder):
    keys = json.loads(read(os.path.join(folder, "keys.json")))
    layers = unwrap(read(os.path.join(folder, "statement.cose")))
    purposes = [header[PURPOSE] for _, header, _ in layers]
    require(purposes[::-1] in PURPOSES, f"the layers are {purposes}")
    claims = []
    for number, (data, header, message) in enumerate(layers):
        outermost, innermost = number == 0, number == len(layers) - 1
        check_header(header, outermost, innermost, keys)
        check_signature(message, header, keys["signers"][header[PURPOSE]])
        check_files(folder, header[PURPOSE], data)
        claims.append((header[15][1], header[15][2]))
    require(len(set(claims)) == 1, "the layers are about different things")
    require(len(set(keys["signers"].values())) == len(layers), "one person signed twice")
    act = check_act(layers[-1][2].payload)
    return f"{len(layers)} layers of {act}: {', '.join(reversed(purposes))}"


def unwrap(data):
    """From the outermost layer inwards: bytes, header and message of each."""
    layers = []
    while True:
        require(len(layers) < 3, "there are more than three layers")
        canonical(data)
        message = CoseMessage.decode(data)
        require(isinstance(message, Sign1Message), "a layer is no COSE_Sign1")
        require(message.uhdr == {}, "an unprotected header is not empty")
        header = canonical(message.phdr_encoded)
        layers.append((data, header, message))
        if header[3] != LAYER:
            return layers
        data = message.payload


def check_header(header, outermost, innermost, keys):
    expected = {1, 3, 4, 15, PURPOSE} | ({BASE, ROSTER, RULES} if outermost else set())
    require(set(header) == expected, f"header labels are {sorted(header)}")
    require(header[1] == -8, "alg is not EdDSA")
    require(header[3] == (ACT if innermost else LAYER), f"content type is {header[3]!r}")
    claims = header[15]
    require(set(claims) == {1, 2, 6}, f"claims are {sorted(claims)}")
    require(claims[1] == keys["origin"], f"iss is {claims[1]!r}")
    require(len(unhex(claims[2])) == 16, "sub is no id")
    require(isinstance(claims[6], int) and claims[6] > 0, "iat is no time")
    if outermost:
        size, root = header[BASE]
        require(0 < size <= keys["index"] and len(root) == 32, "base is no earlier state of the ledger")
        require(len(header[ROSTER]) == 32 and header[RULES] == 0, "roster or rules")


def check_signature(message, header, key):
    key = unhex(key)
    require(header[4] == thumbprint(key), "kid is not the thumbprint of the signer's key")
    message.key = OKPKey(crv="Ed25519", x=key)
    require(message.verify_signature(), f"the signature of {header[PURPOSE]} does not hold")


def check_files(folder, purpose, data):
    if purpose != "approve":
        require(read(os.path.join(folder, f"{purpose}.cose")) == data, f"{purpose}.cose is not in the statement")


def check_act(payload):
    act = canonical(payload)
    word = act["act"]
    require(set(act) == KEYS_OF[word], f"{word} has the keys {sorted(act)}")
    digests = act["digests"]
    require(digests == sorted(set(digests)) and all(len(d) == 32 for d in digests), "digests")
    require(len(act["template"]) == 32 and isinstance(act["open"], dict), "template or open")
    require(act["version"] == 1 if word == "publish" else act["version"] > 1, "version")
    require(word == "publish" or len(act["previous"]) == 32, "previous")
    return word


if __name__ == "__main__":
    run(check, "DIR")
