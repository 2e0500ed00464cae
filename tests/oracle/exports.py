"""Evaluates exports of arrays: a line each of form, dtype, shape, bytes in C order, export (hex), element and origin."""
import array
import base64
import csv
import io
import json
import re
import struct
import sys
import warnings

import ml_dtypes
import numpy as np
import safetensors

warnings.simplefilter("ignore")
np.seterr(all="ignore")

NUMBERS = {"float16", "float32", "float64", "bfloat16"} | {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}


def is_odd(part):
    """Whether an 80-bit float is a NaN, or has a first bit that contradicts its exponent."""
    significand, exponent = int.from_bytes(part[:8], "little"), int.from_bytes(part[8:], "little") & 0x7FFF
    first = significand >> 63
    return exponent == 0x7FFF and significand != 1 << 63 or first != (exponent > 0)


def flat(dtype, raw, nan=False):
    """The bits that count: of long doubles without padding, of records without gaps; with `nan` a NaN is a NaN."""
    if dtype.subdtype:
        base, _ = dtype.subdtype
        size = base.itemsize
        return [flat(base, raw[at:at + size], nan) for at in range(0, len(raw), size)] if size else []
    if dtype.names is not None:
        return [flat(dtype[n], raw[dtype.fields[n][1]:dtype.fields[n][1] + dtype[n].itemsize], nan) for n in dtype.names]
    if dtype.kind in "fc" and dtype.itemsize in (16, 32) and dtype.char.lower() == "g":
        big = dtype.byteorder == ">"
        parts = [raw[at:at + 16][::-1 if big else 1][:10] for at in range(0, len(raw), 16)]
        return "nan" if nan and any(is_odd(part) for part in parts) else parts
    if nan and dtype.itemsize:
        if dtype in LOW:
            return raw[0] & LOW[dtype]
        value = np.frombuffer(raw, dtype)[0]
        if dtype.kind == "b":
            return bool(value)
        try:
            if value != value:
                return "nan"
        except (TypeError, ValueError):
            pass
        if dtype.kind == "c" and (value.real != value.real or value.imag != value.imag):
            return "nan"
    return raw


# The bits that a type uses, where it does not use all of its byte.
USED = {"int4": 15, "uint4": 15, "int2": 3, "uint2": 3, "float6_e2m3fn": 63, "float6_e3m2fn": 63, "float4_e2m1fn": 15}
LOW = {np.dtype(getattr(ml_dtypes, name)): mask for name, mask in USED.items()}


def same(found, dtype, shape, raw, exact=True, any_dtype=False):
    found = np.asarray(found)
    if not any_dtype and found.dtype != dtype:
        return f"dtype {found.dtype}"
    if found.shape != shape:
        return f"shape {found.shape}"
    size = dtype.itemsize
    own = found.tobytes()
    if len(own) != len(raw):
        return f"{len(own)} bytes"
    if not size:
        return None
    for at in range(0, len(raw), size):
        a, b = flat(dtype, own[at:at + size], not exact), flat(dtype, raw[at:at + size], not exact)
        if a != b:
            return f"item {at // size}: {a!r} instead of {b!r}"
    return None


def number(dtype, text):
    if text in ("True", "False", "true", "false"):
        return text.lower() == "true"
    text = text.replace("_", "")
    if dtype.kind in "iu":
        return int(text)
    return float(text)


def numbers(dtype, shape, raw, texts):
    made = np.array([number(dtype, text) for text in texts], dtype=dtype)
    return same(made.reshape(shape), dtype, shape, raw, exact=False)


def strings(dtype, texts, raw, shape):
    """Cells of strings: as they are, or a literal of bytes."""
    size = dtype.itemsize
    for at, text in enumerate(texts):
        value = np.frombuffer(raw[at * size:(at + 1) * size], dtype)[0]
        if dtype.kind == "U":
            value = str(value)
        else:
            value = bytes(value)
            try:
                plain = value.decode("ascii")
            except UnicodeDecodeError:
                plain = None
            value = plain if text == plain else value
        if text.startswith("b'") and text != value:
            text = eval(text)
            value = raw[at * size:(at + 1) * size] if dtype.kind == "U" else value
        if isinstance(text, str) and isinstance(value, str):
            text, value = text.replace("\r\n", "\n"), value.replace("\r\n", "\n")
        if text != value:
            return f"cell {at}: {text!r} instead of {value!r}"
    return None


def table(form, dtype, shape, raw, text, element):
    if form == "markdown":
        if element not in NUMBERS:
            return None
        rows = [line.strip("| ").split(" | ") for line in text.splitlines()[2:]]
    else:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="," if form == "csv" else "\t"))
    cells = [cell for row in rows for cell in row]
    if element in NUMBERS or element == "bool" and set(raw) <= {0, 1}:
        return numbers(dtype, shape, raw, cells)
    if dtype.kind in "SU" and dtype.names is None and element in ("", "char"):
        return strings(dtype, cells, raw, shape)
    return None


def source(form, dtype, shape, raw, text, element, name):
    """C and Rust: the numbers in their order, and the shape in the declaration."""
    head, body = text.split("=", 1)
    words = re.findall(r"-?(?:f(?:32|64)::)?(?:NAN|INFINITY|true|false|[0-9][0-9.eE+-]*)", body)
    words = [word.replace("f32::", "").replace("f64::", "").replace("INFINITY", "inf") for word in words]
    sides = tuple(int(side) for side in re.findall(r"\[(\d+)\]", head)) if form == "c" else tuple(int(side) for side in re.findall(r"; (\d+)\]", head))[::-1]
    if sides != shape:
        return f"shape {sides}"
    if element in ("int24", "uint24"):
        # NumPy has no integers of three bytes.
        order = "big" if name.startswith(">") else "little"
        groups = [raw[at:at + 3] for at in range(0, len(raw), 3)]
        wanted = [int.from_bytes(group, order, signed=element == "int24") for group in groups]
        return None if [int(word) for word in words] == wanted else f"{words} instead of {wanted}"
    return numbers(dtype, shape, raw, words)


def json_values(dtype, shape, raw, text, element):
    found = json.loads(text)
    if element not in NUMBERS:
        return None
    flat_values = np.array(found, dtype=object).reshape(-1).tolist() if shape else [found]
    convert = int if dtype.kind in "iu" else float
    made = np.array([convert(value) for value in flat_values], dtype=dtype).reshape(shape)
    return same(made, dtype, shape, raw, exact=False)


def check(form, dtype_text, shape, raw, out, element, name):
    dtype = eval(dtype_text, {"np": np, "ml_dtypes": ml_dtypes})
    if element == "bfloat16" and ">bf16" in name and form not in ("raw", "hex", "base64", "bytes"):
        raw = b"".join(raw[at:at + 2][::-1] for at in range(0, len(raw), 2))  # ml_dtypes has no big-endian one
    if form == "npy":
        found = np.load(io.BytesIO(out), allow_pickle=False)
        if found.shape != shape:
            return f"shape {found.shape}"
        if dtype.itemsize == 0 or 0 in shape:
            return None
        if ">bf16" in name and element != "bfloat16":
            return None
        viewed = found if found.dtype == dtype else found.reshape(-1, order="A").view(dtype).reshape(shape, order="F" if found.flags.fnc else "C")
        return same(viewed, dtype, shape, raw)
    if form == "raw":
        return None if out == raw else "bytes"
    if form == "safetensors":
        [(_, tensor)] = safetensors.deserialize(out)
        found = np.frombuffer(bytes(tensor["data"]), dtype if element == "bfloat16" else dtype.newbyteorder("<")).reshape(tensor["shape"])
        little = dtype.newbyteorder("<") if element != "bfloat16" else dtype
        if little.itemsize > 1 and dtype.byteorder == ">":
            raw = np.frombuffer(raw, dtype).byteswap().tobytes()
        return same(found, little, shape, raw)
    text = out.decode("utf-8")
    exact = "# the bits of" not in text
    names = {"np": np, "ml_dtypes": ml_dtypes, "struct": struct, "array": array, "nan": float("nan"), "inf": float("inf")}
    if form in ("array", "memmap"):
        if ">bf16" in name and element != "bfloat16":
            eval(text, names)
            return None
        return same(eval(text, names), dtype, shape, raw, exact)
    if form == "list":
        value = eval(text.strip() or "[]", {"__builtins__": {"float": float, "complex": complex, "True": True, "False": False}})
        if 0 in shape or (">bf16" in name and element != "bfloat16") or dtype_text.count("V") or "V" in dtype.str or element in ("int128", "uint128", "guid", "rgba"):
            return None
        return same(np.array(value, dtype=dtype), dtype, shape, raw, exact)
    if form == "struct":
        values = eval(text, names)
        return same(np.array(values, dtype=dtype).reshape(shape), dtype, shape, raw, exact=False)
    if form == "array.array":
        values = eval(text, {"array": array})
        return same(np.array(values, dtype=dtype).reshape(shape), dtype, shape, raw, exact)
    if form == "bytes":
        return None if eval(text) == raw else "bytes"
    if form == "hex":
        return None if bytes.fromhex(text) == raw else "bytes"
    if form == "base64":
        return None if base64.b64decode(text) == raw else "bytes"
    if 0 in shape:
        return None
    if form in ("csv", "tsv", "markdown"):
        return table(form, dtype, shape, raw, text, element)
    if form in ("rust", "c"):
        return source(form, dtype, shape, raw, text, element, name)
    if form == "json":
        return json_values(dtype, shape, raw, text, element)
    if form == "print":
        if element not in NUMBERS:
            return None
        plain = re.sub(r"[\[\]]|\(0x[0-9a-f]+\)", " ", text)  # the payload of a NaN stands behind it
        return numbers(dtype, shape, raw, plain.split())
    return "an unknown form"


count = 0
for line in sys.stdin.buffer.read().decode("utf-8").split("\n"):
    if not line:
        continue
    form, dtype, shape, raw, out, element, name = line.split("\t")
    shape = eval(shape)
    raw, out = bytes.fromhex(raw), bytes.fromhex(out)
    try:
        fault = check(form, dtype, shape, raw, out, element, name)
    except Exception as error:  # what can't be evaluated is a fault like any other
        fault = f"{type(error).__name__}: {error}"
    if fault:
        print(form, name, shape, fault, "|", out[:300])
    count += 1
print(count, "evaluated")
