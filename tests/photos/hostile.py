"""Files that want to break whoever opens them. Each is small and made here."""

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image

from tests.photos import pictures

Entry = tuple[int, int, int, bytes | int]


def tiff(entries: list[Entry], *, tail: bytes = b"", following: int = 0) -> bytes:
    """A little-endian TIFF block of one directory at 8: (tag, kind, count, value or offset).

    `tail` begins at `8 + 2 + 12 * len(entries) + 4`.
    """
    body = b"".join(
        struct.pack("<HHI", tag, kind, count)
        + (struct.pack("<I", value) if isinstance(value, int) else value.ljust(4, b"\x00"))
        for tag, kind, count, value in entries
    )
    head = b"II*\x00" + struct.pack("<IH", 8, len(entries))
    return head + body + struct.pack("<I", following) + tail


def gps(ref: bytes = b"N", latitude: bytes | None = None, kind: int = 5, count: int = 3) -> bytes:
    """A TIFF block with a GPS directory, by default sound: 30 N 118 E."""
    latitude = latitude or struct.pack("<6I", 30, 1, 0, 1, 0, 1)
    longitude = struct.pack("<6I", 118, 1, 0, 1, 0, 1)
    start = 8 + 2 + 12 + 4
    values = start + 2 + 4 * 12 + 4
    entries: list[Entry] = [
        (1, 2, 2, ref),
        (2, kind, count, values),
        (3, 2, 2, b"E"),
        (4, 5, 3, values + len(latitude)),
    ]
    directory = tiff(entries)[8:]
    return tiff([(0x8825, 4, 1, start)], tail=directory + latitude + longitude)


def with_exif(block: bytes) -> bytes:
    """A JPEG with this TIFF block as its EXIF."""
    segment = b"Exif\x00\x00" + block
    plain = pictures.encoded(pictures.quadrants())
    return plain[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + plain[2:]


def scan_bomb(scans: int = 1000, side: int = 1200) -> bytes:
    """A progressive JPEG whose last, empty refinement scan is repeated."""
    data = pictures.encoded(Image.new("L", (side, side), 128), progressive=True)
    last = data.rfind(b"\xff\xda")
    return data[:-2] + data[last:-2] * scans + b"\xff\xd9"


def sequential_scan_bomb(scans: int = 1000, side: int = 1200) -> bytes:
    """A baseline JPEG of one component a scan, the first of which is repeated."""
    data = pictures.encoded(Image.new("RGB", (side, side), (9, 99, 199)), subsampling=0)
    at = data.find(b"\xff\xda")
    header = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    one = pictures.encoded(Image.new("L", (side, side), 128))
    scan = header + one[one.find(b"\xff\xda") + 10 : -2]
    return data[:at] + scan * scans + b"\xff\xd9"


def segment_flood(segments: int = 5000) -> bytes:
    """A JPEG with thousands of empty comments."""
    plain = pictures.encoded(pictures.quadrants())
    return plain[:2] + b"\xff\xfe\x00\x02" * segments + plain[2:]


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """One PNG chunk with its check sum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Kind and body of each chunk; the pixels', which may be many, together as one."""
    found: list[tuple[bytes, bytes]] = []
    at, pixels = 8, b""
    while at < len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : end - 4]
        pixels += body if kind == b"IDAT" else b""
        found.append((kind, body))
        at = end
    return [*found, (b"IDAT", pixels)]


def png_of_144_megapixels() -> bytes:
    """A PNG header that announces 12,000 x 12,000, and the pixels for it."""
    header = struct.pack(">IIBBBBB", 12_000, 12_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1 << 20))
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", pixels)
        + png_chunk(b"IEND", b"")
    )


def png_with(kind: bytes, body: bytes) -> bytes:
    """An honest PNG with one more chunk before its pixels."""
    plain = pictures.encoded(pictures.quadrants(), "PNG")
    return plain[:33] + png_chunk(kind, body) + plain[33:]


def text_bomb() -> bytes:
    """A PNG whose compressed comment unpacks to 60 MB."""
    return png_with(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(60 << 20), 9))


def profile_bomb() -> bytes:
    """A PNG whose colour profile unpacks to 60 MB."""
    return png_with(b"iCCP", b"icc\x00\x00" + zlib.compress(bytes(60 << 20), 9))


def zip_polyglot() -> bytes:
    """A JPEG that is a ZIP archive as well."""
    out = io.BytesIO(pictures.photo())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("run.js", "alert(1)")
    return out.getvalue()


def pdf_polyglot() -> bytes:
    """A JPEG with the head of a PDF in a comment."""
    comment = b"%PDF-1.4 1 0 obj"
    plain = pictures.photo()
    return plain[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + plain[2:]


def directory_cycle() -> bytes:
    """A directory that follows itself."""
    return with_exif(tiff([(0x0112, 3, 1, b"\x01")], following=8))


def directory_reached_twice() -> bytes:
    """Many pointers to one GPS directory."""
    return with_exif(tiff([(0x8825, 4, 1, 8 + 2 + 12 * 40 + 4)] * 40, tail=bytes(2)))


def rationals(entries: int = 4500) -> bytes:
    """Thousands of tags that share one long value."""
    return with_exif(tiff([(0xC000 + n, 5, 900, 8) for n in range(entries)]))


def overlapping_values() -> bytes:
    """Few tags whose values together are far longer than the block."""
    return with_exif(tiff([(0xC000 + n, 5, 900, 8) for n in range(100)]))


def count_overflow() -> bytes:
    """A MakerNote of a thousand million parts."""
    return with_exif(tiff([(0x927C, 7, 1_000_000_000, 8)]))


def many_directories() -> bytes:
    """A chain of twelve directories."""
    links = b"".join(bytes(2) + struct.pack("<I", 8 + 6 * n) for n in range(1, 12))
    return with_exif(b"II*\x00" + struct.pack("<I", 8) + links + bytes(6))


def truncated() -> bytes:
    """A JPEG cut off in its pixels."""
    data = pictures.encoded(Image.effect_noise((800, 600), 60).convert("RGB"))
    return data[: len(data) // 2]


def jpeg_of_225_megapixels() -> bytes:
    """A small JPEG whose frame says that it is 15,000 pixels square."""
    data = pictures.encoded(pictures.quadrants())
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", 15_000, 15_000) + data[at + 4 :]


def broken_png() -> bytes:
    """A PNG whose pixels are not what their check sum says."""
    data = bytearray(pictures.encoded(pictures.quadrants(), "PNG"))
    at = data.find(b"IDAT") + 20
    data[at] ^= 0xFF
    return bytes(data)


def broken_heic() -> bytes:
    """A HEIC cut off in its pixels."""
    data = pictures.encoded(pictures.quadrants(), "HEIC")
    return data[:-100]


def drawing(form: str) -> bytes:
    """A picture in a format that is not taken, as Pillow names it."""
    return pictures.encoded(pictures.quadrants(), form)


# What each file is refused with, by the code that goes over the wire.
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "photo_unreadable"),
    "start of image only": (lambda: b"\xff\xd8\xff", "photo_unreadable"),
    "start and end of image": (lambda: b"\xff\xd8\xff\xd9", "photo_unreadable"),
    "truncated": (truncated, "photo_unreadable"),
    "broken png": (broken_png, "photo_unreadable"),
    "png signature only": (lambda: b"\x89PNG\r\n\x1a\n", "photo_unreadable"),
    "broken heic": (broken_heic, "photo_unreadable"),
    "heic brand only": (lambda: b"\x00\x00\x00\x18ftypheic" + bytes(12), "photo_unreadable"),
    "webp head only": (lambda: b"RIFF\x04\x00\x00\x00WEBP", "photo_unreadable"),
    "webp of noise": (lambda: b"RIFF\xff\x00\x00\x00WEBPVP8 " + bytes(200), "photo_unreadable"),
    "scan bomb": (scan_bomb, "photo_hostile"),
    "sequential scan bomb": (sequential_scan_bomb, "photo_hostile"),
    "segment flood": (segment_flood, "photo_hostile"),
    "directory cycle": (directory_cycle, "photo_hostile"),
    "directory reached twice": (directory_reached_twice, "photo_hostile"),
    "many directories": (many_directories, "photo_hostile"),
    "4,500 rationals": (rationals, "photo_hostile"),
    "overlapping values": (overlapping_values, "photo_hostile"),
    "count overflow": (count_overflow, "photo_hostile"),
    "225 megapixel jpeg": (jpeg_of_225_megapixels, "photo_too_many_pixels"),
    "144 megapixel png": (png_of_144_megapixels, "photo_too_many_pixels"),
    "gif": (lambda: drawing("GIF"), "unsupported_media_type"),
    "eps": (lambda: drawing("EPS"), "unsupported_media_type"),
    "tiff": (lambda: drawing("TIFF"), "unsupported_media_type"),
    "bmp": (lambda: drawing("BMP"), "unsupported_media_type"),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported_media_type"),
    "html": (lambda: b"<!doctype html><script>1</script>", "unsupported_media_type"),
    "zip": (lambda: b"PK\x03\x04" + bytes(40), "unsupported_media_type"),
    "zip polyglot": (zip_polyglot, "unsupported_media_type"),
    "pdf polyglot": (pdf_polyglot, "unsupported_media_type"),
    "avif brand": (
        lambda: b"\x00\x00\x00\x14ftypavif\x00\x00\x00\x00mif1",
        "unsupported_media_type",
    ),
    "random bytes": (lambda: b"\x00" + os.urandom(4096), "unsupported_media_type"),
}

# What is odd but shows a picture: taken, with its broken parts left aside.
TAKEN: dict[str, Callable[[], bytes]] = {
    "gps of 0/0": lambda: with_exif(gps(latitude=bytes(24))),
    "gps with a garbage reference": lambda: with_exif(gps(ref=b"x")),
    "gps of two rationals": lambda: with_exif(gps(count=2)),
    "gps of 91 degrees": lambda: with_exif(gps(latitude=struct.pack("<6I", 91, 1, 0, 1, 0, 1))),
    "exif cut short": lambda: with_exif(tiff([(0x8769, 4, 1, 60_000)])),
    "exif of noise": lambda: with_exif(bytes(range(256))),
    "png text bomb": text_bomb,
    "png profile bomb": profile_bomb,
    "png profile of noise": lambda: png_with(b"iCCP", b"icc\x00\x00noise"),
}
