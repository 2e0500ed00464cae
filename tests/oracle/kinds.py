"""Files that Python's own modules write, one after another with gaps between them; with `ends`, compressed data alone.

Answers, a line each: where the file begins, how long it is, and its kind; then `bytes` and all of them in hex.
"""
import bz2
import gzip
import io
import lzma
import random
import sqlite3
import struct
import sys
import tarfile
import tempfile
import wave
import zipfile
import zlib

import numpy


def png():
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + bytes(12) for _ in range(4))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(5):
            archive.writestr(f"member {n}", bytes([n]) * 1000)
    return out.getvalue()


def tarred():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for n in range(3):
            info = tarfile.TarInfo(f"member {n}")
            info.size = 700 * n
            archive.addfile(info, io.BytesIO(bytes([65 + n]) * info.size))
    return out.getvalue()


def sound():
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(range(200)))
    return out.getvalue()


def database():
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(folder + "/a.sqlite")
        connection.execute("create table t (a, b)")
        connection.executemany("insert into t values (?, ?)", [(n, "x" * 50) for n in range(100)])
        connection.commit()
        connection.close()
        with open(folder + "/a.sqlite", "rb") as file:
            return file.read()


def array(values):
    out = io.BytesIO()
    numpy.save(out, values, allow_pickle=True)
    return out.getvalue()


MEMBERS_OF_TAR = 3 * 512 + 1024 + 1536
FILES = [
    (png(), len(png()), "PNG picture"),
    (zipped(), len(zipped()), "ZIP archive"),
    (tarred(), MEMBERS_OF_TAR, "tar archive"),
    (gzip.compress(b"text" * 30), None, "gzip data"),
    (bz2.compress(b"text" * 30), None, "bzip2 data"),
    (lzma.compress(b"text" * 30), None, "XZ data"),
    (sound(), len(sound()), "WAV sound"),
    (database(), len(database()), "SQLite database"),
    (array(numpy.arange(50)), 128 + 400, "NumPy array"),
    (array(numpy.zeros((3, 7, 5), order="F", dtype=">f4")), 128 + 420, "NumPy array"),
    (array(numpy.zeros((), dtype=[("a", "<u2"), ("b", "<f8", (2,))])), 128 + 18, "NumPy array"),
    (array(numpy.array([1, None], dtype=object)), None, "NumPy array"),
]

rng = random.Random(5)
if sys.argv[1:] == ["ends"]:
    # Compressed data of several sizes and levels: of no bytes, of few, and of many blocks.
    noise = rng.randbytes(300_000)
    texts = [b"", b"text" * 30, bytes(2_000_000) + noise, noise, b"abc" * 400_000 + noise[:1000]]
    FILES = [
        (packed, len(packed), kind)
        for text in texts
        for packed, kind in [
            (gzip.compress(text), "gzip data"),
            (bz2.compress(text, 1 + len(text) % 9), "bzip2 data"),
            (lzma.compress(text, check=rng.choice([lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_SHA256])), "XZ data"),
        ]
    ]
whole = bytearray()
for data, length, kind in FILES:
    # Of bytes below 5 no magic is made.
    whole += bytes(rng.randrange(1, 5) for _ in range(rng.randrange(1, 3000)))
    print(len(whole), "-" if length is None else length, kind, sep="\t")
    whole += data
print("bytes", whole.hex(), sep="\t")
