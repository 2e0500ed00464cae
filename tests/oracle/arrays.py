"""What NumPy says of slices, arithmetic, sequences and files. A line of JSON for each question, a line for each answer."""
import ast
import json
import re
import sys
import warnings

import ml_dtypes
import numpy as np

warnings.simplefilter("ignore")
np.seterr(all="ignore")


def view(question):
    """An array of the numbers of its items' places, laid out as asked for."""
    numbers = np.arange(question["len"], dtype=np.int64)
    if "strides" in question:
        start = numbers[question["offset"]:]
        strides = [8 * stride for stride in question["strides"]]
        return np.lib.stride_tricks.as_strided(start, question["shape"], strides)
    flat = numbers[: int(np.prod(question["shape"], dtype=np.int64))]
    return flat.reshape(question["shape"], order=question["order"])


def places(question):
    a = view(question)
    try:
        part = eval("a" + question["slice"], {"a": a, "np": np, "newaxis": None})
    except (IndexError, ValueError, SyntaxError, TypeError, NameError, OverflowError):
        return "error"
    part = np.asarray(part)
    return {"shape": part.shape, "items": part.flatten().tolist()}


def dtype_of(name):
    return np.dtype(getattr(ml_dtypes, name) if hasattr(ml_dtypes, name) else name)


NAMES = {name: getattr(np, name) for name in "clip abs minimum maximum sqrt floor ceil trunc round sign nan_to_num nan inf".split()}


def exact(text, x):
    """Of whole numbers: Python's own, which do not wrap."""
    names = {"clip": lambda v, low, high: min(max(v, low), high), "abs": abs, "minimum": min, "maximum": max}
    names["sign"] = lambda v: (v > 0) - (v < 0)
    return eval(text, {"x": int(x), **names})


class Rounded:
    """What NumPy has no arithmetic of its own for: single precision, rounded after each operation, as PyTorch has it."""

    def __init__(self, values, dtype):
        self.values, self.dtype = values.astype(dtype).astype(np.float32), dtype

    def of(self, function, *others):
        plain = [np.float32(other.values if isinstance(other, Rounded) else other) for other in others]
        return Rounded(function(*plain), self.dtype)


for word in "add sub mul truediv floordiv mod pow neg".split():
    function = getattr(__import__("operator"), word)
    setattr(Rounded, f"__{word}__", lambda self, *other, f=function: self.of(f, self, *other))
    setattr(Rounded, f"__r{word}__", lambda self, other, f=function: self.of(f, other, self))


def rounded(question, x, dtype):
    names = dict(NAMES)
    for name, function in NAMES.items():
        if callable(function):
            names[name] = lambda *all, f=function: next(one for one in all if isinstance(one, Rounded)).of(f, *all)
    names["nan_to_num"] = lambda v: Rounded(np.nan_to_num(v.values, posinf=LARGEST, neginf=-LARGEST), dtype)
    return eval(question["text"], {"x": Rounded(x, dtype), **names}).values


LARGEST = float(ml_dtypes.finfo(ml_dtypes.bfloat16).max)


def operation(question):
    dtype = dtype_of(question["dtype"])
    x = np.frombuffer(bytes.fromhex(question["bytes"]), dtype)
    if np.issubdtype(dtype, np.integer):
        limits = np.iinfo(dtype)
        values = []
        for number, item in enumerate(x):
            try:
                value = exact(question["text"], item)
            except (ZeroDivisionError, ValueError):
                return {"refused": number}
            if not isinstance(value, int) and not float(value).is_integer():
                return {"refused": number}
            if not limits.min <= int(value) <= limits.max:
                return {"refused": number}
            values.append(int(value))
        return {"bytes": np.array(values, dtype).tobytes().hex()}
    if question["dtype"] == "bfloat16":
        result = rounded(question, x, dtype)
    else:
        result = eval(question["text"], {"x": x, **NAMES})
        assert result.dtype == dtype, question
    return {"bytes": result.astype(dtype).tobytes().hex()}


def sequence(question):
    dtype = dtype_of(question["dtype"])
    n = question["items"]
    kind, low, high = question["kind"], question["low"], question["high"]
    if kind == "arange":
        made = np.arange(low, low + high * (n - 0.5) if isinstance(high, float) or isinstance(low, float) else low + high * n, high, dtype=dtype)
        made = made[:n]
    elif kind == "linspace":
        made = np.linspace(low, high, n, endpoint=question["endpoint"], dtype=dtype)
    elif np.issubdtype(dtype, np.integer):
        made = np.random.default_rng(question["seed"]).integers(low, high, n, dtype=np.int64).astype(dtype)
    else:
        made = np.random.default_rng(question["seed"]).uniform(low, high, n).astype(dtype)
    return {"bytes": made.tobytes().hex()}


def literal(question):
    """A number that is typed as such: its bytes, or refused where the type can't hold it."""
    name, value = question["dtype"], eval(question["text"])
    if name in ("int24", "uint24", "int4"):
        bits = 4 if name == "int4" else 24
        low, high = (0, 2**bits) if name[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1))
        if abs(value) == float("inf") or int(value) != value or not low <= value < high:
            return "refused"
        return {"bytes": f"{int(value) & 15:02x}" if bits == 4 else int(value).to_bytes(3, "little", signed=name[0] == "i").hex()}
    dtype = dtype_of(name)
    a = np.zeros(1, dtype)
    if isinstance(value, complex):
        # Python's own sum loses the sign of a zero.
        value = complex(*map(float, PARTS.fullmatch(question["text"]).groups()))
    if dtype.kind not in "biu" and question["text"] == "-0":
        # Python's whole numbers have no such zero.
        value = -0.0
    if dtype.kind in "iu" and dtype.name in np.sctypeDict:
        # What NumPy cuts is refused here.
        if abs(value) == float("inf") or int(value) != value:
            return "refused"
        value = int(value)
    try:
        # ml_dtypes takes no int beyond 64 bits.
        a[0] = float(value) if hasattr(ml_dtypes, name) else value
    except OverflowError:
        return "refused"
    if name == "float8_e8m0fnu" and 0 < value < 0.75 * 2.0**-127:
        # ml_dtypes takes the smallest for all that is smaller.
        return "refused"
    if dtype.kind == "b" and abs(value) == float("inf"):
        # Digits beyond a double are no number here.
        return "refused"
    if dtype.kind in "biu":
        return {"bytes": a.tobytes().hex()}
    typed = PARTS.fullmatch(question["text"]).groups()
    for text, part, back in zip(typed, (complex(value).real, complex(value).imag), (a[0].real, a[0].imag) if dtype.kind == "c" else (a[0],)):
        is_zero = text is None or not any(digit in text.split("e")[0] for digit in "123456789")
        if not np.isfinite(float(back)) or float(back) == 0 and not is_zero or is_zero and float(back) != 0:
            return "refused"
    return {"bytes": a.tobytes().hex()}


PARTS = re.compile(r"([+-]?[0-9.]+(?:e[+-]?[0-9]+)?)(?:([+-][0-9.]+(?:e[+-]?[0-9]+)?)j)?")


def broadcast(question):
    a = np.arange(int(np.prod(question["shape"])), dtype=np.uint8).reshape(question["shape"])
    try:
        value = eval(question["text"], {"np": np})
        # Without values an array has no type of its own.
        value = value.astype(np.uint8) if isinstance(value, np.ndarray) else value
        exec(f"a{question['slice']} = value", {"a": a, "value": value})
    except (ValueError, IndexError, OverflowError, TypeError):
        return "refused"
    return {"bytes": a.tobytes().hex()}


def date(question):
    """A whole number counts ticks, but of years it is one; digits in quotes are a date."""
    text, unit = question["text"], question["unit"]
    a = np.zeros(1, f"<M8[{unit}]")
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        value = text
    if not isinstance(value, (int, str)) or isinstance(value, int) and text[0] == "0" and text[1] != "x":
        value = text
    if isinstance(value, int) and unit == "Y" and text[:2] != "0x":
        value = str(value)
    try:
        a[0] = value
        # What is finer than the unit NumPy cuts, and it is refused here.
        if isinstance(value, str) and a[0].astype("M8[s]") != np.datetime64(value, "s"):
            return "refused"
    except (ValueError, OverflowError):
        return "refused"
    return {"bytes": a.tobytes().hex()}


ANSWERS = {"literal": literal, "broadcast": broadcast, "date": date, "places": places, "operation": operation, "sequence": sequence}

for line in sys.stdin:
    print(json.dumps(ANSWERS[sys.argv[1]](json.loads(line))))
