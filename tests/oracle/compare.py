"""Pairs of arrays in the folder of the first argument, and what np.isclose says of them, a line each:
the options of `pagelens diff`, the indices that are not equal, the largest difference."""

import os
import sys

import numpy as np

folder = sys.argv[1]
rng = np.random.default_rng(12)
number = 0


def write(array, order):
    global number
    number += 1
    name = f"{number}.npy"
    np.save(os.path.join(folder, name), np.asarray(array, order=order))
    return name


def case(a, b, atol, rtol, equal_nan, orders=("C", "C")):
    options = [write(a, orders[0]), write(b, orders[1])]
    options += ["--atol", repr(atol), "--rtol", repr(rtol)] + (["--equal-nan"] if equal_nan else [])
    with np.errstate(all="ignore"):
        close = np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan)
        same = a == b
        if a.dtype.kind in "fc" or b.dtype.kind in "fc":
            difference = np.abs(a - b).astype(np.float64)
        else:
            difference = np.abs(a.astype(object) - b.astype(object)).astype(np.float64)
        difference = np.where(same, 0.0, difference)
        nan = np.isnan(a) | np.isnan(b) if a.dtype.kind in "fc" and b.dtype.kind in "fc" else np.isnan(difference)
    plain = difference[~nan]
    largest = repr(float(plain.max())) if plain.size else "none"
    indices = ";".join("[" + ", ".join(map(str, index)) + "]" for index in np.argwhere(~close))
    print(" ".join(options), indices, largest, sep="\t")


def noisy(dtype, scale):
    a = (rng.standard_normal((9, 14)) * 10).astype(dtype)
    b = a.copy()
    change = rng.random(a.shape) < 0.5
    with np.errstate(all="ignore"):
        b[change] = (a[change] + (rng.standard_normal(a.shape) * scale)[change].astype(dtype)).astype(dtype)
    for value in [np.nan, np.inf, -np.inf, 0.0, -0.0]:
        a[rng.random(a.shape) < 0.03] = value
        b[rng.random(a.shape) < 0.03] = value
    both = rng.random(a.shape) < 0.05
    a[both] = np.nan
    b[both] = np.nan
    return a, b


for dtype in ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]:
    for atol, rtol in [(0.0, 0.0), (1e-8, 1e-5), (0.01, 0.0), (0.0, 0.01)]:
        for equal_nan in [False, True]:
            a, b = noisy(dtype, 0.02)
            case(a, b, atol, rtol, equal_nan)
for orders in ["CF", "FC", "FF"]:
    a, b = noisy("<f4", 0.02)
    case(a, b.astype(">f4"), 0.01, 1e-3, False, orders)
for dtype in ["|i1", "|u1", "<i2", ">u2", "<i4", "<u4", "<i8", "<u8"]:
    a = rng.integers(0, 100, (5, 7)).astype(dtype)
    b = (a + rng.integers(0, 4, (5, 7))).astype(dtype)
    case(a, b, 1.0, 0.01, False)
    case(a, b, 0.0, 0.05, False, "CF")
for dtype in ["<c8", "<c16"]:
    a, b = noisy(dtype, 0.02)
    case(a, b, 0.01, 1e-3, False)
    case(a, b, 0.01, 1e-3, True)
a = rng.integers(-50, 50, (4, 5)).astype("<i4")
case(a, a + 0.25, 0.25, 0.0, False)
case(a + 0.25, a, 0.125, 0.25, False)
