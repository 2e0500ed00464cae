"""Formats of Python's struct: random ones, and whether values shown by pagelens pack to the same bytes.

make SEED COUNT: lines of a format, its size and random bytes in hex, divided by tabs.
check: lines of a format, bytes in hex and the values as text, divided by tabs.
"""
import random
import struct
import sys


class Nan(float):
    """`nan`, and `nan(0x7fc00001)`."""

    def __call__(self, bits):
        return float("nan")


def make(seed, count):
    rng = random.Random(seed)
    for _ in range(count):
        mark = rng.choice(["", "@", "=", "<", ">", "!"])
        codes = "xcbB?hHiIlLqQefdsp" + ("nNP" if mark in ("", "@") else "")
        parts = []
        for _ in range(rng.randrange(2, 8)):
            many = rng.choice(["", "", "", "0", "1", "2", "3", "11"])
            code = rng.choice(codes)
            # Python itself fails at `0p`.
            many = "" if (many, code) == ("0", "p") else many
            parts.append(many + code + rng.choice(["", "", " "]))
        text = mark + "".join(parts)
        print(text, struct.calcsize(text), rng.randbytes(struct.calcsize(text)).hex(), sep="\t")


def packed(text, values):
    """The bytes of the values; every NaN is the same one."""
    plain = [float("nan") if isinstance(value, float) and value != value else value for value in values]
    return struct.pack(text, *plain)


def check():
    scope = {"nan": Nan("nan"), "inf": float("inf")}
    for line in sys.stdin.read().split("\n")[:-1]:
        text, data, shown = line.split("\t")
        wanted = struct.unpack(text, bytes.fromhex(data))
        given = eval(shown, scope)
        # A zero is no part of a NumPy string, and of one character neither.
        given = tuple(value or b"\0" if value == b"" and isinstance(old, bytes) and len(old) == 1 else value
                      for value, old in zip(given, wanted))
        if len(given) != len(wanted) or packed(text, given) != packed(text, wanted):
            print(line, wanted)


if sys.argv[1] == "make":
    make(int(sys.argv[2]), int(sys.argv[3]))
else:
    check()
