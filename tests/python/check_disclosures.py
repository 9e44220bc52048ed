"""The disclosures, with hashlib: the digest of each is in the signed act.

check_disclosures.py DIR, where `yinxin evidence unpack` wrote. Whether the act
is signed is the matter of check_layers.py.
"""

import json
import os

from common import canonical, read, require, run, sha256, unhex


def check(folder):
    act = innermost(canonical(read(os.path.join(folder, "statement.cose"))))
    disclosures = json.loads(read(os.path.join(folder, "disclosures.json")))
    for item in disclosures:
        require(set(item) == {"key", "value", "salt", "digest", "bytes"}, f"{sorted(item)}")
        data = unhex(item["bytes"])
        salt, value, key = canonical(data)
        require(len(salt) == 16 and salt.hex() == item["salt"], f"salt of {key}")
        require(key == item["key"], f"key {item['key']!r} is {key!r}")
        require(type(value) is type(item["value"]) and value == item["value"], f"value of {key}")
        require(sha256(data).hex() == item["digest"], f"digest of {key}")
        require(sha256(data) in act["digests"], f"{key} is not in the act")
        require(key not in act["open"], f"{key} is open and disclosed")
    digests = [item["digest"] for item in disclosures]
    require(digests == sorted(set(digests)), "disclosures are not sorted by digest, or not unique")
    require(len({item["key"] for item in disclosures}) == len(disclosures), "two disclosures have one key")
    return f"{len(disclosures)} of {len(act['digests'])} disclosed"


def innermost(layer):
    """The act: the payload that is no layer itself."""
    content = canonical(layer.value[2])
    return content if isinstance(content, dict) else innermost(content)


if __name__ == "__main__":
    run(check, "DIR")
