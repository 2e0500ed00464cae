"""Compares statistics with NumPy's: to the bit for counts, extremes and sums of integers; mean and standard deviation to
2 units of the last place of what exact fractions give.

Standard input: for each array a line of JSON, which says how long the bytes behind it are, then the bytes. Complaints
go to standard output, a line each.
"""

import json
import math
import sys
from fractions import Fraction

import ml_dtypes
import numpy as np

from exact import near, root


def dtype_of(name):
    if name == "?":
        # A bool that is neither 0 nor 1 keeps its number.
        return np.dtype("u1")
    return np.dtype(getattr(ml_dtypes, name)) if hasattr(ml_dtypes, name) else np.dtype(name)


def fraction(value):
    if isinstance(value, (int, np.integer)):
        return Fraction(int(value))
    if isinstance(value, np.longdouble) and np.dtype(type(value)).itemsize > 8:
        high = float(value)
        return Fraction(high)
    return Fraction(float(value))


def plain(array):
    """The values as a type that NumPy orders: small floats of ml_dtypes as float64."""
    if array.dtype.kind == "V" or array.dtype.name in vars(ml_dtypes):
        return array.astype(np.int64 if "int" in array.dtype.name else np.float64)
    if array.dtype.kind in "mM":
        return array.astype(np.int64)
    return array


class Case:
    def __init__(self, question, answer, array):
        self.question, self.answer = question, answer
        flat = array.reshape(-1)
        self.is_time = flat.dtype.kind in "mM"
        values = plain(flat)
        self.all = values
        if self.is_time:
            self.nan = values == np.iinfo(np.int64).min
        elif values.dtype.kind in "fc":
            self.nan = np.isnan(values)
        else:
            self.nan = np.zeros(values.shape, bool)
        self.values = values[~self.nan]
        self.problems = []

    def same(self, key, wanted):
        found = self.answer.get(key)
        if found != wanted and not (isinstance(found, float) and found == wanted):
            self.problems.append(f"{key}: {found} and not {wanted}")

    def check(self):
        self.same("count", int(self.all.size))
        self.same("nan", int(self.nan.sum()))
        if self.nan.any():
            self.same("first_nan", int(np.argmax(self.nan)))
        values = self.values
        self.same("zeros", int((values == 0).sum()))
        if values.dtype.kind == "c":
            return self.check_complex()
        self.same("negatives", int((values < 0).sum()))
        is_float = values.dtype.kind == "f"
        self.same("posinf", int(np.isposinf(values).sum()) if is_float else 0)
        self.same("neginf", int(np.isneginf(values).sum()) if is_float else 0)
        self.check_extremes()
        self.check_sums(is_float)
        self.check_order(is_float)

    def check_extremes(self):
        if not self.values.size:
            return self.same("min", None)
        numbers = np.flatnonzero(~self.nan)
        for key, place in (("min", np.argmin(self.values)), ("max", np.argmax(self.values))):
            self.same(key, self.values[place].item() if self.values.itemsize <= 8 else float(self.values[place]))
            self.same("arg" + key, int(numbers[place]))

    def check_sums(self, is_float):
        values = self.values
        if is_float and np.isinf(values).any():
            signs = {float(value) for value in values[np.isinf(values)]}
            mean = signs.pop() if len(signs) == 1 else math.nan
            for key, wanted in (("mean", mean), ("std", math.nan)):
                found = self.answer[key]
                if not (found == wanted or math.isnan(found) and math.isnan(wanted)):
                    self.problems.append(f"{key}: {found} and not {wanted}")
            return
        if not values.size:
            return
        exact = [fraction(value) for value in values.tolist()] if values.itemsize <= 8 else list(map(fraction, values))
        total, count = sum(exact), len(exact)
        if is_float:
            error = self.answer["sum_error"]
            if math.isfinite(self.answer["sum"]) and abs(Fraction(self.answer["sum"]) - total) > Fraction(error):
                self.problems.append(f"sum: {self.answer['sum']} is further from {float(total)} than {error}")
            if not near(self.answer["sum"], total, 1):
                self.problems.append(f"sum: {self.answer['sum']} and not {float(total)}")
        else:
            self.same("sum", int(total))
        mean = total / count
        if not near(self.answer.get("mean"), mean):
            self.problems.append(f"mean: {self.answer.get('mean')!r} and not {float(mean)!r}")
        spread = root(sum((value - mean) ** 2 for value in exact) / count)
        if not near(self.answer.get("std"), spread):
            self.problems.append(f"std: {self.answer.get('std')!r} and not {float(spread)!r}")

    def check_complex(self):
        values = self.values
        parts = values[np.isfinite(values)]
        if parts.size != values.size or not values.size:
            return
        for key, side in ((0, parts.real), (1, parts.imag)):
            exact = [fraction(float(value)) for value in side]
            mean = sum(exact) / len(exact)
            if not near(self.answer["mean"][key], mean):
                self.problems.append(f"mean[{key}]: {self.answer['mean'][key]} and not {float(mean)}")

    def check_order(self, is_float):
        answer, values = self.answer, self.values
        if "distinct" in answer:
            if answer["distinct_exact"]:
                self.same("distinct", len(np.unique(values)) + bool(self.nan.any()))
            elif abs(answer["distinct"] / len(np.unique(values)) - 1) > 0.02:
                self.problems.append(f"distinct: {answer['distinct']} is too far from {len(np.unique(values))}")
        for percent, found in answer.get("percentiles", []):
            self.check_percentile(percent, found)
        if "counts" in answer:
            self.check_histogram(is_float)

    def check_percentile(self, percent, found):
        if not self.values.size:
            return
        ordered = np.sort(self.values)
        at = (len(ordered) - 1) * (percent / 100)
        low, high = ordered[math.floor(at)], ordered[min(math.floor(at) + 1, len(ordered) - 1)]
        if low == high:
            wanted = float(low)
        elif not (np.isfinite(low) and np.isfinite(high)):
            return
        else:
            share = Fraction(at - math.floor(at))
            exact = fraction(low) + (fraction(high) - fraction(low)) * share
            size = max(abs(float(low)), abs(float(high)))
            if math.isfinite(found) and abs(Fraction(found) - exact) <= 3 * Fraction(math.ulp(size)):
                return
            wanted = float(exact)
        if found != wanted:
            self.problems.append(f"percentile {percent}: {found!r} and not {wanted!r}")

    def check_histogram(self, is_float):
        values = self.values
        if is_float:
            values = values[np.isfinite(values)]
        if not values.size:
            return
        kind = np.float32 if self.question["narrow"] else np.float64
        if values.dtype.kind in "iu" and values.dtype.itemsize == 8:
            # NumPy counts in the integers' own type, and warns of what that loses.
            if max(abs(int(values.min())), abs(int(values.max()))) > 2**52:
                return
        values = values.astype(kind)
        span = self.question.get("range")
        if float(values.max()) - float(values.min()) > np.finfo(kind).max / 2:
            return
        with np.errstate(all="ignore"):
            try:
                counts, edges = np.histogram(values, len(self.answer["counts"]), span)
            except ValueError:
                return
        if not np.all(np.diff(edges) > 0):
            return
        self.same("edges", [float(edge) for edge in edges])
        self.same("counts", [int(count) for count in counts])


def main():
    stream = sys.stdin.buffer
    checked = 0
    for line in iter(stream.readline, b""):
        question = json.loads(line)
        raw = stream.read(question["bytes"])
        dtype = dtype_of(question["dtype"])
        count = math.prod(question["shape"])
        flat = np.frombuffer(raw, dtype, count, question["offset"])
        array = flat.reshape(question["shape"], order=question["order"])
        array = eval("array" + question["slice"]) if question["slice"] else array
        with np.errstate(all="ignore"):
            case = Case(question, question["answer"], np.asarray(array))
            case.check()
        for problem in case.problems:
            print(f"{question['round']}: {question['dtype']} {question['shape']} {question['slice']}: {problem}")
        checked += 1
    print(f"{checked} arrays", file=sys.stderr)


main()
