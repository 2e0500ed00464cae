"""Hashes by Python's own modules.

Lines of the name of an algorithm and bytes in hex, divided by a tab; answers a line of hex digits for each.
"""
import binascii
import hashlib
import sys
import zlib

BY_NAME = {
    "Adler-32": lambda data: "%08x" % zlib.adler32(data),
    "CRC-32": lambda data: "%08x" % zlib.crc32(data),
    "CRC-16/XMODEM": lambda data: "%04x" % binascii.crc_hqx(data, 0),
    "CRC-16/IBM-3740": lambda data: "%04x" % binascii.crc_hqx(data, 0xFFFF),
    "SHA-512/224": lambda data: hashlib.new("sha512_224", data).hexdigest(),
    "SHA-512/256": lambda data: hashlib.new("sha512_256", data).hexdigest(),
}

for line in sys.stdin:
    name, digits = line.rstrip("\n").split("\t")
    data = bytes.fromhex(digits)
    if name in BY_NAME:
        print(BY_NAME[name](data))
    else:
        plain = name.lower().replace("sha3-", "sha3_").replace("-", "")
        print(hashlib.new(plain, data).hexdigest())
