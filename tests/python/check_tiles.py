"""The C2SP tlog-tiles folder: root from the entry bundles, hash tiles, checkpoint.

check_tiles.py DIR VKEY, as `yinxin tiles` and `yinxin vkey` gave them.
"""

import os

from common import leaf_hash, open_checkpoint, read, require, run, tree_root

WIDTH = 256


def check(folder, vkey):
    size, root = open_checkpoint(read(os.path.join(folder, "checkpoint")).decode(), vkey)
    seen = {"checkpoint"}
    hashes = []
    for path, count in tiles("tile/entries", size):
        seen.add(path)
        entries = bundle(read(os.path.join(folder, path)))
        require(len(entries) == count, f"{path} has {len(entries)} entries")
        hashes += map(leaf_hash, entries)
    require(tree_root(hashes) == root, "the root of the entries is not the one of the checkpoint")
    level = 0
    while hashes:
        for number, (path, count) in enumerate(tiles(f"tile/{level}", len(hashes))):
            seen.add(path)
            expected = b"".join(hashes[number * WIDTH :][:count])
            require(read(os.path.join(folder, path)) == expected, f"{path} is not what the entries make")
        full = len(hashes) // WIDTH * WIDTH
        hashes = [tree_root(hashes[start : start + WIDTH]) for start in range(0, full, WIDTH)]
        level += 1
    require(files(folder) == seen, f"unexpected files: {sorted(files(folder) - seen)}")
    return f"{size} entries, {len(seen) - 1} tiles on {level} levels"


def tiles(prefix, count):
    """Paths of the tiles that hold `count` things, and how many each holds."""
    for number in range(0, (count + WIDTH - 1) // WIDTH):
        width = min(WIDTH, count - number * WIDTH)
        yield f"{prefix}/{groups(number)}" + ("" if width == WIDTH else f".p/{width}"), width


def groups(number):
    """1234067 is x001/x234/067."""
    text, number = f"{number % 1000:03}", number // 1000
    while number:
        text, number = f"x{number % 1000:03}/{text}", number // 1000
    return text


def bundle(data):
    """Entries, each after its length in two bytes."""
    entries = []
    while data:
        length = int.from_bytes(data[:2], "big")
        require(len(data) >= 2 + length, "a bundle is cut off")
        entries.append(data[2 : 2 + length])
        data = data[2 + length :]
    return entries


def files(folder):
    found = (os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names)
    return {os.path.relpath(path, folder).replace(os.sep, "/") for path in found}


if __name__ == "__main__":
    run(check, "DIR VKEY")
