"""Applies IPS and BPS patches, and makes some, a line each: `format old new patch` in hex.

The answer is whether the patch makes the new bytes, and a patch of their own in hex."""

import io
import os
import sys
import tempfile

import ips_util
from bps.apply import apply_to_files
from bps.diff import diff_bytearrays
from bps.io import write_bps


def ips(old, new, patch):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "patch")
        with open(path, "wb") as out:
            out.write(patch)
        made = ips_util.Patch.load(path).apply(old)
    return bytes(made) == new, ips_util.Patch.create(old, new).encode()


def bps(old, new, patch):
    made = io.BytesIO()
    apply_to_files(io.BytesIO(patch), io.BytesIO(old), made)
    own = io.BytesIO()
    write_bps(diff_bytearrays(4, old, new), own)
    return made.getvalue() == new, own.getvalue()


for line in sys.stdin:
    kind, old, new, patch = line.split()
    is_same, own = {"ips": ips, "bps": bps}[kind](*map(bytes.fromhex, (old, new, patch)))
    print("same" if is_same else "other", own.hex())
