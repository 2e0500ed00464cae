"""What NumPy says of slices, arithmetic, sequences and files. A line of JSON for each question, a line for each answer."""
import json
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
            names[name] = lambda first, *rest, f=function: first.of(f, first, *rest)
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


ANSWERS = {"places": places, "operation": operation, "sequence": sequence}

for line in sys.stdin:
    print(json.dumps(ANSWERS[sys.argv[1]](json.loads(line))))
