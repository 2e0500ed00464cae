"""Evaluates exports of arrays: a line each of form, dtype, shape, bytes in C order, export (hex), element and origin."""
import array
import base64
import collections
import csv
import io
import json
import re
import struct
import sys
import uuid
import warnings

import ml_dtypes
import numpy as np
import safetensors

warnings.simplefilter("ignore")
np.seterr(all="ignore")

# Which way round the bytes of a number are that NumPy has no type for.
ORDER = "little"
WIDE = ("int128", "uint128")
# Elements whose text is no number of the type that NumPy has for them: counts that are shown as times, and colours.
NO_NUMBER = {"rgba", "filetime", "dostime", "unix32", "unix64", "unix64_ms", "unix64_us", "unix64_ns"}

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


class Skipped(Exception):
    """What can't be compared, and why."""


def is_ml(dtype):
    return dtype.type.__module__.startswith("ml_dtypes")


def parts(text):
    """The real and the imaginary part of a complex number, each with all its digits."""
    text = text[1:-1] if text.startswith("(") else text
    match = re.fullmatch(r"(.*?[^eE+-])([+-].*)j", text)
    if "bits(" in text:
        raise Skipped("complex numbers in bits")
    real, imaginary = match.groups() if match else ("0", text.removesuffix("j"))
    return np.longdouble(real), np.longdouble(imaginary)


def made(dtype, text, element=""):
    """The bytes of one value by its text."""
    if text.startswith("bits("):
        bits = int(text[5:-1], 16)
        if dtype.kind == "f" and dtype.itemsize == 16:
            value = bits.to_bytes(10, "little") + bytes(6)
            return value[::-1] if dtype.byteorder == ">" else value
        return bits.to_bytes(dtype.itemsize, "big" if dtype.byteorder == ">" else "little")
    if re.match(r"-?[0-9]{4,}-[0-9]{2}-.*", text) and dtype.kind in "iu":
        raise Skipped("counts that are shown as times")
    if element in WIDE or element in ("int24", "uint24"):
        size = dtype.itemsize
        return int(text).to_bytes(size, ORDER, signed=element[0] == "i")
    if element == "guid":
        found = uuid.UUID(text)
        return found.bytes_le if ORDER == "little" else found.bytes
    if element in NO_NUMBER or dtype.kind == "V" and not is_ml(dtype):
        raise Skipped(element or "plain bytes")
    if text.lower() in ("true", "false") and dtype.kind == "b":
        value = text.lower() == "true"
    elif dtype.kind in "iu" or is_ml(dtype) and "int" in dtype.name:
        value = int(text, 16 if text.startswith("0x") else 10)
    elif dtype.kind == "c":
        found = np.zeros(1, dtype)
        found.real, found.imag = parts(text)
        return found.tobytes()
    elif dtype.kind in "mM":
        unit, count = np.datetime_data(dtype)
        if text == "NaT":
            value = np.datetime64(text) if dtype.kind == "M" else np.timedelta64(text)
        elif dtype.kind == "M" and unit != "generic":
            if count != 1:
                raise Skipped("dates in ticks of several units")  # which NumPy reads in single ones, if they fit
            return np.array([text], dtype).tobytes()
        else:
            ticks, rest = divmod(int(text.split()[0]), count)
            if rest:
                raise ValueError(f"{text} is no whole number of {count} {unit}")
            value = ticks
    elif dtype.kind == "f" and dtype.itemsize == 16:
        value = np.longdouble(text)
    else:
        value = float(text)
    return np.array([value]).astype(dtype).tobytes()


def one(dtype, raw, text, element=""):
    """Whether a text is the value that these bytes are."""
    if dtype.kind in "SU":
        return strings(dtype, [text], raw, ())
    found = made(dtype, text, element)
    if element and dtype.kind == "V" and not is_ml(dtype):
        return None if found == raw else f"{text!r} instead of {raw.hex()}"
    a, b = flat(dtype, found, True), flat(dtype, raw, True)
    return None if a == b else f"{text!r}: {a!r} instead of {b!r}"


def leaves(dtype, at=0):
    """The places and types of the values of a record, in order."""
    if dtype.subdtype:
        base, shape = dtype.subdtype
        for place in range(int(np.prod(shape))):
            yield from leaves(base, at + place * base.itemsize)
    elif dtype.names is not None:
        for name in dtype.names:
            inner, offset = dtype.fields[name][:2]
            yield from leaves(inner, at + offset)
    else:
        yield at, dtype


def many(dtype, raw, texts, element=""):
    """The same of many values, each with as many texts as it has leaves."""
    places = list(leaves(dtype))
    items = len(raw) // dtype.itemsize if dtype.itemsize else 0
    if len(texts) != items * len(places):
        return f"{len(texts)} texts for {items} items of {len(places)} values"
    left_out = None
    for number, text in enumerate(texts):
        at, leaf = places[number % len(places)]
        at += number // len(places) * dtype.itemsize
        try:
            fault = one(leaf, raw[at:at + leaf.itemsize], text, element)
        except Skipped as reason:
            left_out = reason
            continue
        if fault:
            return f"value {number}: {fault}"
    if left_out:
        raise left_out
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
        try:
            value = np.frombuffer(raw[at * size:(at + 1) * size], dtype)[0]
        except (SystemError, ValueError):
            value = ""  # code points beyond all, which can only be written as bytes
        if dtype.kind == "U":
            value = str(value)
        else:
            value = bytes(value)
            try:
                plain = value.decode("ascii")
            except UnicodeDecodeError:
                plain = None
            value = plain if text == plain else value
        if text.startswith(("b'", 'b"')) and text != value:
            text = eval(text) if dtype.kind == "U" else eval(text).rstrip(b"\0")
            value = raw[at * size:(at + 1) * size] if dtype.kind == "U" else value
        if isinstance(text, str) and isinstance(value, str):
            text, value = text.replace("\r\n", "\n"), value.replace("\r\n", "\n")
        if text != value:
            return f"cell {at}: {text!r} instead of {value!r}"
    return None


def table(form, dtype, shape, raw, text, element):
    if form == "markdown":
        split = lambda line: [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
        lines = text.splitlines()[2:]
        if any(leaf.kind in "SUV" and not is_ml(leaf) for _, leaf in leaves(dtype)):
            raise Skipped("strings in Markdown")  # which has no quotes
        rows = [split(line) for line in lines]
    else:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="," if form == "csv" else "\t"))
        rows = rows[1:] if dtype.names is not None else rows
    cells = [cell for row in rows for cell in row]
    if dtype.subdtype and dtype.names is None:
        raise Skipped("lists in cells")
    return many(dtype, raw, cells, element)


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


def json_leaves(dtype, value):
    """The values of one item, in the order of its leaves."""
    if dtype.subdtype:
        base, shape = dtype.subdtype
        for _ in range(len(shape) - 1):
            value = [inner for outer in value for inner in outer]
        return [leaf for inner in value for leaf in json_leaves(base, inner)]
    if dtype.names is not None:
        if len(value) != len(dtype.names):
            raise ValueError(f"{len(value)} values for {len(dtype.names)} fields")
        return [leaf for name, inner in zip(dtype.names, value) for leaf in json_leaves(dtype[name], inner)]
    return [value]


def json_values(dtype, shape, raw, text, element):
    found = json.loads(text)
    for side in shape:
        if len(found if isinstance(found, list) else []) != side and shape[0] == side:
            return f"{len(found)} values instead of {side}"
        break
    for _ in range(max(len(shape) - 1, 0)):
        found = [inner for outer in found for inner in outer]
    items = found if shape else [found]
    values = [value for item in items for value in json_leaves(dtype, item)]
    places = list(leaves(dtype))
    texts = []
    for number, value in enumerate(values):
        leaf = places[number % len(places)][1] if places else dtype
        if leaf.kind == "f" and leaf.itemsize == 16:
            raise Skipped("long doubles, which JSON has as doubles")
        if leaf.kind == "c" and leaf.itemsize == 32:
            raise Skipped("long complex numbers, which JSON has as doubles")
        if leaf.kind == "S" and isinstance(value, str):
            value = value.rstrip("\0")
            value = "b'" + "".join(f"\\x{ord(letter):02x}" for letter in value) + "'"
        texts.append(value if isinstance(value, str) else str(value))
    return many(dtype, raw, texts, element)


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
            raise Skipped("big-endian bfloat16 among others")
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
            raise Skipped("big-endian bfloat16 among others")
        return same(eval(text, names), dtype, shape, raw, exact)
    global ORDER
    ORDER = "big" if name.startswith(">") else "little"
    if form == "list":
        value = eval(text.strip() or "[]", {"__builtins__": {"float": float, "complex": complex, "True": True, "False": False}})
        if 0 in shape:
            return None
        if ">bf16" in name and element != "bfloat16":
            raise Skipped("big-endian bfloat16 among others")
        if element in ("int24", "uint24", *WIDE, "guid"):
            flat_values = np.array(value, dtype=object).reshape(-1).tolist() if shape else [value]
            return many(dtype, raw, [str(value) for value in flat_values], element)
        if dtype_text.count("V") or "V" in dtype.str and not is_ml(dtype):
            raise Skipped("plain bytes, which np.array reads otherwise")
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
    if 0 in shape or dtype.itemsize == 0:
        return None
    if ">bf16" in name and element != "bfloat16":
        raise Skipped("big-endian bfloat16 among others")
    if form in ("csv", "tsv", "markdown"):
        return table(form, dtype, shape, raw, text, element)
    if form in ("rust", "c"):
        return source(form, dtype, shape, raw, text, element, name)
    if form == "json":
        return json_values(dtype, shape, raw, text, element)
    if form == "print":
        if dtype.names is not None or dtype.subdtype or dtype.kind in "SUmMV" and not is_ml(dtype) and element not in WIDE:
            raise Skipped("records, strings and times as they are printed")
        plain = re.sub(r"[\[\]]|(?<=nan)\(0x[0-9a-f]+\)", " ", text).replace(" +", "+").replace(" j", "j")  # the payload of a NaN stands behind it
        return many(dtype, raw, plain.split(), element)
    return "an unknown form"


count, left_out = 0, collections.Counter()
for line in sys.stdin.buffer.read().decode("utf-8").split("\n"):
    if not line:
        continue
    form, dtype, shape, raw, out, element, name = line.split("\t")
    shape = eval(shape)
    raw, out = bytes.fromhex(raw), bytes.fromhex(out)
    try:
        fault = check(form, dtype, shape, raw, out, element, name)
    except Skipped as reason:
        fault = None
        left_out[f"{form}: {reason}"] += 1
    except Exception as error:  # what can't be evaluated is a fault like any other
        fault = f"{type(error).__name__}: {error}"
    if fault:
        print(form, name, shape, fault, "|", out[:300])
    count += 1
for reason, times in left_out.most_common():
    print("left out:", times, reason, file=sys.stderr)
print(count, "evaluated,", left_out.total(), "of them not compared")
