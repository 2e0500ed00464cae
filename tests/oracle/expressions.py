"""Compares new values of elements, and which elements an expression or a value is true of, with NumPy's.

Standard input: for each case a line of JSON, then the bytes of its arrays, and what they became. Complaints go to
standard output, a line each.

Floats and complex numbers are NumPy arrays. Where integers take part one element after another is calculated: integers
are Python's, which do not wrap, and become what NumPy promotes them to where they meet a float.
"""

import json
import math
import sys
import warnings
from fractions import Fraction

import ml_dtypes
import numpy as np

from exact import near, root

warnings.simplefilter("ignore")
np.seterr(all="ignore")

ODD = {"<int24": (24, True, "little"), ">uint24": (24, False, "big")}


class Refused(Exception):
    """An element has no value."""


def dtype_of(name):
    bare = name.lstrip("<>")
    if hasattr(ml_dtypes, bare) and not bare.startswith(("int", "uint")):
        return np.dtype(getattr(ml_dtypes, bare))
    return np.dtype(name)


class Arr:
    """An array over bytes, whose elements are read and written by index."""

    def __init__(self, facts, raw):
        self.facts, self.raw = facts, raw
        name, offset = facts["dtype"], facts["offset"]
        count = math.prod(facts["shape"])
        if name in ODD:
            bits, signed, order = ODD[name]
            size = bits // 8
            spans = [raw[offset + size * at : offset + size * (at + 1)] for at in range(count)]
            flat = np.array([int.from_bytes(span, order, signed=signed) for span in spans], object)
        elif name in ("int4x2", "uint4x2"):
            codes = [raw[offset + at // 2] >> 4 * (at % 2) & 15 for at in range(count)]
            flat = np.array([code - 16 if code > 7 and name == "int4x2" else code for code in codes], object)
        else:
            part = raw[offset : offset + count * dtype_of(name).itemsize]
            if name == ">bfloat16":
                part = np.frombuffer(part, ">u2").astype("<u2").tobytes()
            flat = np.frombuffer(part, dtype_of(name))
            flat = flat.astype(flat.dtype.newbyteorder("="))
        self.whole = flat.reshape(facts["shape"], order=facts["order"])
        self.part = eval("a" + facts["slice"], {"a": self.whole})
        self.part = np.asarray(self.part)
        self.is_brain = name.endswith("bfloat16")

    @property
    def width(self):
        """Bytes of an integer, as far as promotion sees them; None of floats."""
        name = self.facts["dtype"]
        if name == "?":
            return 0
        if name in ODD:
            return 3
        if name.endswith("4x2"):
            return 1
        dtype = dtype_of(name)
        return dtype.itemsize if dtype.kind in "iuM" else None

    @property
    def limits(self):
        name = self.facts["dtype"]
        if name in ODD:
            bits, signed, _ = ODD[name]
        elif name.endswith("4x2"):
            bits, signed = 4, name == "int4x2"
        else:
            dtype = dtype_of(name)
            bits, signed = 8 * dtype.itemsize, dtype.kind != "u"
        return (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)


INTS = {0: np.dtype("?"), 1: np.dtype("i1"), 2: np.dtype("i2"), 3: np.dtype("i4"), 4: np.dtype("i4"), 8: np.dtype("i8")}


class W:
    """An integer of the elements: exact, and how wide it is where it meets a float."""

    __array_priority__ = 1000
    __array_ufunc__ = None

    def __init__(self, value, width, is_nat=False):
        self.value, self.width, self.is_nat = int(value), width, is_nat
        if not -(1 << 127) <= self.value < 1 << 127:
            raise Refused

    def float(self, like):
        """As what NumPy makes of it beside a float; a float of the expression makes it one of 64 bits."""
        if type(like) is float:
            return np.float64(self.value), np.float64(like)
        to = np.result_type(INTS[self.width], like.dtype)
        return to.type(float(self.value)), to.type(like)

    def both(self, other, name, turned):
        other = truth_of(other)
        if isinstance(other, (W, int)) and name != "truediv":
            width = max(self.width, other.width) if isinstance(other, W) else self.width
            a, b = self.value, other.value if isinstance(other, W) else int(other)
            a, b = (b, a) if turned else (a, b)
            return W(whole(name, a, b), width, self.is_nat or getattr(other, "is_nat", False))
        if self.is_nat:
            return self
        if isinstance(other, (W, int)):
            a, b = np.float64(self.value), np.float64(other.value if isinstance(other, W) else int(other))
        else:
            a, b = self.float(other)
        a, b = (b, a) if turned else (a, b)
        if name in ("and", "or", "xor", "lshift", "rshift"):
            raise Refused
        return FLOATS[name](a, b)

    def __neg__(self):
        return W(-self.value, self.width)

    def __abs__(self):
        return W(abs(self.value), self.width)


def whole(name, a, b):
    if name in ("floordiv", "mod") and b == 0 or name in ("lshift", "rshift") and b < 0:
        raise Refused
    if name == "pow" and (b < 0 or abs(a) > 1 and b > 127):
        raise Refused
    return WHOLES[name](a, b)


WHOLES = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "floordiv": lambda a, b: a // b,
    "mod": lambda a, b: a % b, "pow": lambda a, b: a**b, "and": lambda a, b: a & b, "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b, "lshift": lambda a, b: a << b if b < 128 or not a else 1 << 200, "rshift": lambda a, b: a >> b,
}
FLOATS = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "truediv": lambda a, b: a / b,
    "floordiv": lambda a, b: a // b, "mod": lambda a, b: a % b, "pow": lambda a, b: a**b,
}
for name in [*WHOLES, "truediv"]:
    setattr(W, f"__{name}__", lambda self, other, name=name: self.both(other, name, False))
    setattr(W, f"__r{name}__", lambda self, other, name=name: self.both(other, name, True))
COMPARE = {"lt": "<", "gt": ">", "le": "<=", "ge": ">=", "eq": "==", "ne": "!="}
for name, sign in COMPARE.items():
    def compare(self, other, sign=sign):
        other = truth_of(other)
        if self.is_nat or getattr(other, "is_nat", False):
            return W(sign == "!=", 0)
        if isinstance(other, (W, int)):
            pair = self.value, other.value if isinstance(other, W) else other
        else:
            pair = self.float(other)
        return W(bool(eval(f"a {sign} b", {"a": pair[0], "b": pair[1]})), 0)

    setattr(W, f"__{name}__", compare)
W.__hash__ = None


def truth_of(value):
    """Comparisons of floats are truth values, which count as integers."""
    return W(value, 0) if isinstance(value, (bool, np.bool_)) else value


def true(value):
    value = truth_of(value)
    return value.value != 0 if isinstance(value, W) else value != 0


def wider(a, b):
    """Both as one type, where one is a float."""
    if isinstance(a, W) and not isinstance(b, (W, int)):
        return a.float(b)
    if isinstance(b, W) and not isinstance(a, (W, int)):
        return a.float(b)[::-1] if isinstance(a, W) else b.float(a)[::-1]
    return a, b


def extreme(a, b, pick, ufunc):
    if isinstance(a, (W, int)) and isinstance(b, (W, int)):
        values = [one.value if isinstance(one, W) else one for one in (a, b)]
        width = max(one.width for one in (a, b) if isinstance(one, W))
        return W(pick(values), width)
    return ufunc(*wider(a, b))


def one_of(ufunc):
    return lambda v: v if isinstance(v, W) else ufunc(v)


def test(ufunc):
    return lambda v: W(bool(ufunc(0.0 if isinstance(v, W) else v)), 0)


ONE_BY_ONE = {
    "floor": one_of(np.floor), "ceil": one_of(np.ceil), "trunc": one_of(np.trunc), "round": one_of(np.round),
    "sign": lambda v: W((v.value > 0) - (v.value < 0), v.width) if isinstance(v, W) else np.sign(v),
    "sqrt": lambda v: np.sqrt(np.float64(v.value)) if isinstance(v, W) else np.sqrt(v),
    "abs": abs,
    "minimum": lambda a, b: extreme(a, b, min, np.minimum),
    "maximum": lambda a, b: extreme(a, b, max, np.maximum),
    "clip": lambda v, low, high: W(min(max(v.value, low), high), v.width) if isinstance(v, W) else np.clip(v, low, high),
    "isnan": test(np.isnan), "isinf": test(np.isinf), "isfinite": test(np.isfinite),
    "lnot": lambda v: W(not true(v), 0),
    "land": lambda a, b: W(true(a()) and true(b()), 0),
    "lor": lambda a, b: W(true(a()) or true(b()), 0),
}
AT_ONCE = {name: getattr(np, name) for name in "floor ceil trunc round sign sqrt abs minimum maximum clip isnan isinf isfinite nan_to_num".split()}
AT_ONCE |= {"lnot": lambda v: np.equal(v, 0), "land": lambda a, b: np.logical_and(a(), b()), "lor": lambda a, b: np.logical_or(a(), b())}


class Unfused(np.ndarray):
    """Complex numbers whose products are rounded after each operation, whatever NumPy's do on this processor."""

    def __mul__(self, other):
        a, b = np.asarray(self), np.asarray(other)
        if a.dtype.kind != "c" and b.dtype.kind != "c":
            return (a * other).view(Unfused)
        to = (a[..., None][..., 0] * other).dtype if np.isscalar(other) else np.result_type(a, b)
        a, b = a.astype(to), b.astype(to)
        made = np.empty(np.broadcast(a, b).shape, to)
        made.real = a.real * b.real - a.imag * b.imag
        made.imag = a.real * b.imag + a.imag * b.real
        return made.view(Unfused)

    __rmul__ = __mul__

    def __pow__(self, power):
        return self * self


class Rounded:
    """What NumPy has no arithmetic of its own for: single precision, rounded after each operation, as PyTorch has it."""

    __array_ufunc__ = None

    # Whether an element was infinite or NaN on the way: ml_dtypes has no infinity of some types.
    odd = False

    def __init__(self, values, dtype):
        self.values, self.dtype = np.asarray(values).astype(dtype).astype(np.float32), dtype
        Rounded.odd = Rounded.odd | ~np.isfinite(self.values.reshape(-1))

    def of(self, function, *all):
        return Rounded(function(*[single(one) for one in all]), self.dtype)


def single(value):
    return value.values if isinstance(value, Rounded) else np.float32(value) if not isinstance(value, np.ndarray) else value


for word in "add sub mul truediv floordiv mod pow neg abs".split():
    function = getattr(__import__("operator"), word)
    setattr(Rounded, f"__{word}__", lambda self, *other, f=function: self.of(f, self, *other))
    setattr(Rounded, f"__r{word}__", lambda self, other, f=function: self.of(f, other, self))
for word in COMPARE:
    function = getattr(__import__("operator"), word)
    setattr(Rounded, f"__{word}__", lambda self, other, f=function: f(single(self), single(other)))


def rounded_names(dtype):
    """The functions over rounded values; those that test give truth values."""
    names = {}
    for name, function in AT_ONCE.items():
        if name.startswith("is"):
            names[name] = lambda v, f=function: f(single(v))
        elif name.startswith("l"):
            names[name] = function
        elif name == "nan_to_num":
            top = float(ml_dtypes.finfo(dtype).max)
            names[name] = lambda v: Rounded(np.nan_to_num(v.values, posinf=top, neginf=-top), dtype)
        else:
            names[name] = lambda *all, f=function: next(one for one in all if isinstance(one, Rounded)).of(f, *all)
    return names


class Case:
    def __init__(self, question, stream):
        self.question = question
        self.x = Arr(question["x"], stream.read(question["x"]["bytes"]))
        self.others = [Arr(facts, stream.read(facts["bytes"])) for facts in question["others"]]
        self.after = stream.read(question["x"]["bytes"]) if question["outcome"] == "after" else None
        self.is_rounded = question["mix"] in ("Brain", "Small")
        self.is_at_once = all(one.width is None for one in [self.x, *self.others])
        for other in self.others:
            if other.part.size == 1:
                other.part = other.part.reshape(())
        self.problems = []

    def names(self):
        """The arrays by the names that they have in the expression."""
        return {"x": self.x} | {f"o{number + 1}": other for number, other in enumerate(self.others)}

    def at_once(self, text, constants, only=None):
        arrays = self.names()
        if self.is_rounded:
            dtype = dtype_of(self.x.facts["dtype"])
            values = {name: Rounded(arr.part, dtype) for name, arr in arrays.items()}
            functions = rounded_names(dtype)
        else:
            values = {name: arr.part for name, arr in arrays.items()}
            if self.question["mix"] == "Complex":
                values = {name: part.view(Unfused) for name, part in values.items()}
            functions = AT_ONCE
        made = eval(text, {**functions, **values, **constants})
        made = made.values if isinstance(made, Rounded) else np.asarray(made)
        if only:
            return np.broadcast_to(made, arrays[only].part.shape).reshape(-1)
        return np.broadcast_to(made, self.x.part.shape).reshape(-1)

    def one_by_one(self, text, constants, only=None):
        """A value for each element, or `Refused`."""
        arrays = {only: self.names()[only]} if only else self.names()
        count = arrays[only].part.size if only else self.x.part.size
        code = compile(text, text, "eval")
        flat = {name: np.broadcast_to(arr.part, self.x.part.shape if not only else arr.part.shape).reshape(-1) for name, arr in arrays.items()}
        made = []
        for at in range(count):
            values = {}
            has_nat = False
            for name, arr in arrays.items():
                value = flat[name][at]
                is_nat = arr.facts["dtype"].endswith("M8[s]") and np.isnat(value)
                has_nat |= is_nat and name in code.co_names
                if arr.width is not None:
                    value = W(value.astype(np.int64) if arr.facts["dtype"].endswith("M8[s]") else value, arr.width, is_nat)
                values[name] = value
            try:
                # A question compares NaT as NaN; nothing else is done with it.
                if has_nat and (only or not self.is_where):
                    raise Refused
                made.append(truth_of(eval(code, {**ONE_BY_ONE, **values, **constants})))
            except (Refused, TypeError):
                made.append(Refused)
        return made

    is_where = is_refused = False

    def values(self, text, constants, only=None):
        if self.is_at_once or self.is_rounded:
            return list(self.at_once(text, constants, only))
        return self.one_by_one(text, constants, only)

    def constants(self):
        """The numbers of all elements that were used, once they are checked; None when there is none and none was found."""
        constants = {}
        for number, known in enumerate(self.question["known"]):
            only = known["of"] if known["of"] in self.names() else None
            values = self.values(known["of"], {}, only)
            if self.question["mix"] != "Times" and any(one is Refused for one in values):
                self.is_refused = True
                return None
            value = known["value"]
            if isinstance(value, str):
                # Sums of complex numbers some of which are infinite are left out.
                is_left_out = self.question["mix"] == "Complex" and not np.isfinite(np.asarray(values)).all()
                if any(is_number(one) for one in values) and not is_left_out:
                    self.problems.append(f"{known}: there is a number")
                return None
            if isinstance(value, list):
                value = complex(*value)
            self.check_known(known, value, [plain(one) for one in values if is_number(one)])
            constants[f"k{number}"] = value
        return constants

    def check_known(self, known, value, values):
        name = known["name"]
        if any(isinstance(one, complex) for one in values):
            parts = [(value.real, [one.real for one in values]), (value.imag, [one.imag for one in values])]
            if name != "std" and all(math.isfinite(part) for part, _ in parts):
                for part, ones in parts:
                    self.check_known({"name": name}, part, ones)
            return
        if not all(math.isfinite(one) for one in values):
            wanted = {"min": min, "max": max}.get(name)
            if wanted and value != wanted(values):
                self.problems.append(f"{name}: {value}")
            return
        exact = [Fraction(one) for one in values]
        total = sum(exact)
        mean = total / len(exact)
        is_right = {
            "min": lambda: value == min(values),
            "max": lambda: value == max(values),
            "sum": lambda: value == total if isinstance(value, int) else near(value, total),
            "mean": lambda: near(value, mean),
            "std": lambda: near(value, root(sum((one - mean) ** 2 for one in exact) / len(exact))),
            "median": lambda: math.isclose(value, float(np.median([float(one) for one in values])), rel_tol=1e-6),
        }[name]()
        if not is_right:
            self.problems.append(f"{name} of {known.get('of')}: {value!r}")

    def is_odd(self, at):
        return self.question["mix"] == "Small" and np.broadcast_to(Rounded.odd, self.x.part.size)[at]

    def check_values(self):
        Rounded.odd = False
        constants = self.constants()
        outcome = self.question["outcome"]
        if constants is None:
            if outcome == "after" or isinstance(outcome, list) and not self.is_refused:
                self.problems.append(f"a number of all elements is missing, but: {outcome}")
            return
        if isinstance(outcome, str) and outcome != "after":
            return self.check_refused_at_all(outcome, constants)
        wanted = [self.stored(value) for value in self.values(self.question["python"], constants)]
        if isinstance(outcome, list):
            index = np.ravel_multi_index(outcome, self.x.part.shape) if outcome else 0
            if wanted[index] is not Refused and not self.is_odd(index):
                self.problems.append(f"refused at {outcome}, not {wanted[index]}")
            return
        after = Arr(self.x.facts, self.after)
        if any(value is Refused for value in wanted):
            self.problems.append(f"not refused: {wanted}")
            return
        for at, (found, value) in enumerate(zip(after.part.reshape(-1), wanted)):
            if not self.is_odd(at) and not same(found, value):
                self.problems.append(f"[{at}] of {self.x.part.reshape(-1)[at]}: {found!r} and not {value!r}")
                break
        self.check_untouched(after)

    def check_refused_at_all(self, outcome, constants):
        """Nothing has a value at all, or types can't be calculated with together."""
        if "Complex" in self.question["mix"] or "16" in outcome or "precision" in outcome:
            return
        wanted = [self.stored(value) for value in self.values(self.question["python"], constants)]
        if not any(value is Refused for value in wanted):
            self.problems.append(f"refused: {outcome}")

    def check_untouched(self, after):
        """What the slice leaves out is as it was."""
        mask = np.zeros(self.x.whole.shape, bool)
        numbers = np.arange(mask.size).reshape(mask.shape)
        mask.flat[np.asarray(eval("a" + self.x.facts["slice"], {"a": numbers})).reshape(-1)] = True
        before, now = self.x.whole[~mask], after.whole[~mask]
        as_bytes = lambda values: values.tobytes() if values.dtype != object else tuple(values)
        if as_bytes(before) != as_bytes(now):
            self.problems.append("other elements have changed")
        offset = self.x.facts["offset"]
        if self.after[:offset] != self.x.raw[:offset] or self.after[-5:] != self.x.raw[-5:]:
            self.problems.append("bytes around the array have changed")

    def stored(self, value):
        """What the array holds once a value is put there."""
        if value is Refused:
            return Refused
        value = truth_of(value)
        name = self.x.facts["dtype"]
        if name == "?":
            return (value.value if isinstance(value, W) else value) != 0
        if self.x.width is not None:
            if isinstance(value, W):
                number = value.value
            elif not np.isfinite(value) or float(value) != math.floor(float(value)):
                return Refused
            else:
                number = int(value)
            low, high = self.x.limits
            return number if low <= number <= high else Refused
        dtype = dtype_of(name)
        if isinstance(value, W):
            value = value.value
            wide = np.int64 if -(1 << 63) <= value < 1 << 63 else np.float64
            return np.array([value]).astype(wide).astype(dtype)[0]
        return np.asarray(value).astype(dtype)[()]

    def check_where(self):
        self.is_where = True
        Rounded.odd = False
        constants = self.constants() if "python" in self.question else {}
        outcome = self.question["outcome"]
        if constants is None:
            if not isinstance(outcome, str):
                self.problems.append(f"a number of all elements is missing, but: {outcome}")
            return
        if "python" in self.question:
            made = self.values(self.question["python"], constants)
            truths = [value is not Refused and bool(true(value)) for value in made]
        else:
            truths = self.asked()
        wanted = [number for number, value in enumerate(truths) if value]
        if isinstance(outcome, str):
            # What can't be of the type, or has no value, is found nowhere.
            if wanted:
                self.problems.append(f"refused: {outcome}, not {wanted[:9]}")
        elif [one for one in outcome if not self.is_odd(one)] != [one for one in wanted if not self.is_odd(one)]:
            values = [self.x.part.reshape(-1)[at] for at in sorted(set(outcome) ^ set(wanted))[:3]]
            self.problems.append(f"{outcome[:9]} and not {wanted[:9]}: {values}")

    def asked(self):
        """Which elements a value, a range or a value with a tolerance is true of."""
        question, flat = self.question, self.x.part.reshape(-1)
        name = self.x.facts["dtype"]
        if name.endswith("M8[s]"):
            value = question["value"]
            return list(np.isnat(flat)) if value == "NaT" else list(flat.astype(np.int64) == int(value))
        if name == "?":
            return [bool(value) for value in flat]
        if flat.dtype.kind == "c":
            return list(flat == 1)
        values = [Fraction(int(v)) if self.x.width is not None else float(v) for v in flat]
        typed = self.typed
        if "value" in question:
            value = question["value"]
            if value == "nan":
                return [math.isnan(v) for v in values]
            return [v == typed(value) for v in values]
        if "range" in question:
            low, high = question["range"]
            if not low and not high:
                return [False for _ in values]
            if self.x.width is None:
                low, high = (None if not end else typed(end) for end in (low, high))
            else:
                low, high = (None if not end else Fraction(end) for end in (low, high))
            return [not math.isnan(v) and (low is None or v >= low) and (high is None or v <= high) for v in values]
        if "steps" in question:
            value, steps = question["steps"]
            return [not math.isnan(v) and abs(self.rank(v) - self.rank(typed(value))) <= steps for v in values]
        value, tolerance, is_percent = question["near"]
        value, tolerance = Fraction(value), Fraction(tolerance)
        tolerance = abs(value) * tolerance / 100 if is_percent else tolerance
        low, high = value - tolerance, value + tolerance
        if self.x.width is None:
            # The ends are values of the type, the nearest ones.
            low, high = typed(float(low)), typed(float(high))
        return [math.isfinite(v) and low <= v <= high for v in values]

    def typed(self, text):
        """The nearest value of the type."""
        if self.x.width is not None:
            return Fraction(text)
        return float(np.asarray(float(text)).astype(dtype_of(self.x.facts["dtype"])))

    def rank(self, value):
        """The number of a float among those of its type; both zeros are one."""
        dtype = dtype_of(self.x.facts["dtype"]).newbyteorder("=")
        bits = int(np.array([abs(value)], np.float64).astype(dtype).view(f"u{dtype.itemsize}")[0])
        return -bits if value < 0 else bits


def is_number(value):
    if value is Refused:
        return False
    value = truth_of(value)
    return isinstance(value, W) or not np.isnan(np.complex128(value) if np.iscomplexobj(value) else np.float64(value))


def plain(value):
    value = truth_of(value)
    if isinstance(value, W):
        return value.value
    return complex(value) if np.iscomplexobj(value) else float(value)


def same(found, value):
    if isinstance(found, np.datetime64):
        return int(found.astype(np.int64)) == int(value)
    if isinstance(found, np.bool_) or isinstance(value, int):
        return int(found) == int(value)
    parts = lambda one: (np.complex128(one).real, np.complex128(one).imag) if np.iscomplexobj(one) else (np.float64(one),)
    pairs = zip(parts(found), parts(value))
    return all(np.isnan(a) and np.isnan(b) or a.tobytes() == b.tobytes() for a, b in pairs)


def main():
    stream = sys.stdin.buffer
    while line := stream.readline():
        question = json.loads(line)
        case = Case(question, stream)
        try:
            case.check_where() if sys.argv[1] == "where" else case.check_values()
        except Exception as error:
            case.problems.append(f"{type(error).__name__}: {error}")
        for problem in case.problems:
            print(f"{question['round']} {question['mix']} {question['x']} {[o['dtype'] for o in question['others']]} {question['own']}: {problem}")


main()
