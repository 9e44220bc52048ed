#!/usr/bin/env python3
"""Draws icon.svg in every size that a system asks for. Needs Chromium.

    python3 icons/make.py
"""

import struct
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
# What Linux, Windows (.ico) and macOS (.icns) take; the names are Tauri's.
PNG = {"32x32.png": 32, "128x128.png": 128, "128x128@2x.png": 256, "icon.png": 512}
ICO = (16, 24, 32, 48, 64, 256)
ICNS = {b"icp4": 16, b"icp5": 32, b"ic11": 32, b"icp6": 64, b"ic12": 64, b"ic07": 128,
        b"ic13": 256, b"ic08": 256, b"ic14": 512, b"ic09": 512, b"ic10": 1024}


def drawn(size: int) -> bytes:
    """The icon as a PNG of `size` by `size`."""
    with tempfile.TemporaryDirectory() as folder:
        page, picture = Path(folder, "page.html"), Path(folder, "icon.png")
        svg = (HERE / "icon.svg").read_text().replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)
        page.write_text(f'<!doctype html><body style="margin:0;line-height:0">{svg}')
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--default-background-color=00000000", f"--window-size={size},{size}",
             f"--screenshot={picture}", page.as_uri()],
            check=True, capture_output=True, timeout=60)
        return picture.read_bytes()


def ico(pictures: list[tuple[int, bytes]]) -> bytes:
    """An .ico of PNGs."""
    head, body = struct.pack("<HHH", 0, 1, len(pictures)), b""
    for size, png in pictures:
        place = 6 + 16 * len(pictures) + len(body)
        # 256 is written as 0.
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(png), place)
        body += png
    return head + body


def icns(pictures: list[tuple[bytes, bytes]]) -> bytes:
    """An .icns of PNGs."""
    body = b"".join(kind + struct.pack(">I", 8 + len(png)) + png for kind, png in pictures)
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def main() -> None:
    sizes = {size: drawn(size) for size in sorted({*PNG.values(), *ICO, *ICNS.values()})}
    for name, size in PNG.items():
        (HERE / name).write_bytes(sizes[size])
    (HERE / "icon.ico").write_bytes(ico([(size, sizes[size]) for size in ICO]))
    (HERE / "icon.icns").write_bytes(icns([(kind, sizes[size]) for kind, size in ICNS.items()]))


if __name__ == "__main__":
    main()
