"""Whether the texts of values mean the bytes they were made from, to NumPy, ml_dtypes and Python.

The input is sections: a line `TYPE COUNT BYTES BYTES_OF_TEXT`, then the values' bytes, then a line of text for each.
What differs is printed, at most three values a section.
"""
import ast
import re
import sys

import ml_dtypes
import numpy as np

ML = {name: np.dtype(getattr(ml_dtypes, name)) for name in dir(ml_dtypes)
      if name.startswith(("float", "int", "uint", "bfloat")) and isinstance(getattr(ml_dtypes, name), type)}
NAN = re.compile(r"nan\(0x[0-9a-f]+\)")
# As many values also have to look exactly as NumPy prints them.
LOOKS = 20_000


def complain(kind, rows, raw, texts, size):
    for row in rows[:3]:
        print(kind, raw[row * size:(row + 1) * size].hex(), texts[row])


def integers(kind, raw, texts, size, signed, order):
    back = b"".join(int(text).to_bytes(size, order, signed=signed) for text in texts)
    if back != raw:
        rows = [row for row in range(len(texts)) if back[row * size:(row + 1) * size] != raw[row * size:(row + 1) * size]]
        complain(kind, rows, raw, texts, size)


def significant(array, part):
    """The bytes that count: those of an x87 float without its padding."""
    view = np.ascontiguousarray(array).view(np.uint8).reshape(len(array), -1)
    if part == 16:
        view = view.reshape(len(array), -1, 16)[:, :, :10].reshape(len(array), -1)
    return view


def floats(kind, raw, texts, dtype):
    """NaNs are compared as such: Python has no text for their bits. What is no number at all is left out."""
    native = dtype.newbyteorder("<") if dtype.kind in "fc" else dtype
    values = np.frombuffer(raw, dtype).astype(native) if dtype != native else np.frombuffer(raw, native)
    known = np.array(["bits" not in text for text in texts])
    plain = [NAN.sub("nan", text) if "bits" not in text else "0" for text in texts]
    if native.kind == "c":
        part = {8: np.float32, 16: np.float64, 32: np.longdouble}[native.itemsize]
        split = re.compile(r"^\(?(.*?[^ep(])??([+-]?(?:[0-9.]+(?:e[+-][0-9]+)?|inf|nan))j\)?$")
        parts = [split.match(text).groups() if "j" in text else (text, "0") for text in plain]
        back = np.array([[part(real or "0"), part(imaginary)] for real, imaginary in parts], part).reshape(-1)
        back = back.view(native)
        parts_nan = lambda array: np.isnan(np.ascontiguousarray(array).view(part)).reshape(-1, 2)
        nan, nan_back = parts_nan(values), parts_nan(back)
        # Each part is compared by itself, a NaN only as such.
        size = native.itemsize // 2
        bits = lambda array: significant(array, size).reshape(len(values), 2, -1)
        same = (bits(values) == bits(back)).all(axis=2)
        ok = np.where(nan | nan_back, nan & nan_back, same).all(axis=1)
    else:
        number = np.longdouble if native == np.longdouble else float
        wide = np.array([number(text) for text in plain], np.longdouble if number is np.longdouble else np.float64)
        with np.errstate(all="ignore"):
            back = wide.astype(native)
        nan, nan_back = np.isnan(values.astype(wide.dtype)), np.isnan(wide)
        same = (significant(values, native.itemsize) == significant(back, native.itemsize)).all(axis=1)
        ok = np.where(nan | nan_back, nan & nan_back, same)
    complain(kind, np.flatnonzero(~(ok | ~known)), raw, texts, dtype.itemsize)
    if dtype.name not in ML:
        looks = [row for row in range(min(LOOKS, len(texts)))
                 if "nan" not in texts[row] and "bits" not in texts[row] and str(values[row]) != texts[row]]
        complain("the look of " + kind, looks, raw, texts, dtype.itemsize)


def section(kind, count, raw, texts):
    size = len(raw) // max(count, 1)
    order = "big" if kind.startswith(">") else "little"
    bare = kind.lstrip("<>|")
    if bare in ("u16", "i16"):
        integers(kind, raw, texts, 16, bare == "i16", order)
    elif bare in ("uint24", "int24"):
        integers(kind, raw, texts, 3, bare == "int24", order)
    elif re.fullmatch("[ui][1248]", bare):
        integers(kind, raw, texts, size, bare[0] == "i", order)
    elif bare == "bf16" or bare in ML:
        native = np.frombuffer(raw, ">u2").astype("<u2").tobytes() if kind == ">bf16" else raw
        floats(kind, native, texts, ML.get(bare, ML["bfloat16"]))
    elif bare[0] in "fc":
        floats(kind, raw, texts, np.dtype(kind))
    elif bare[0] in "SUV":
        values = np.frombuffer(raw, kind)
        wrong = [row for row, text in enumerate(texts)
                 if ast.literal_eval(text) != (bytes(values[row]) if bare[0] == "V" else values[row].item())]
        complain(kind, wrong, raw, texts, size)
    elif bare[0] in "Mm":
        values = np.frombuffer(raw, kind)
        wrong = [row for row, text in enumerate(texts) if str(values[row]) != text]
        back = np.array([np.datetime64(text) if bare[0] == "M" else np.timedelta64("NaT") for text in texts[:LOOKS]])
        complain(kind, wrong, raw, texts, size)
        if bare[0] == "M" and "[25" not in bare:
            again = back.astype(values.dtype.newbyteorder("<")) == values[:LOOKS]
            complain("reading " + kind, np.flatnonzero(~again & ~np.isnat(values[:LOOKS])), raw, texts, size)
    else:
        print("no such kind", kind)


def main():
    data = sys.stdin.buffer
    while header := data.readline().split():
        kind, count, size, length = header[0].decode(), int(header[1]), int(header[2]), int(header[3])
        raw, text = data.read(size), data.read(length).decode()
        texts = text.split("\n")[:-1]
        assert len(texts) == count, (kind, len(texts), count)
        section(kind, count, raw, texts)


main()
