"""Floats against what exact fractions give."""

import math
import sys
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 60


def near(ours, exact, units=2):
    """Whether a float is within so many units of the last place of a fraction."""
    if ours is None:
        return False
    if not math.isfinite(ours):
        return abs(exact) > sys.float_info.max
    return abs(Fraction(ours) - exact) <= units * Fraction(math.ulp(ours))


def root(square):
    """The square root of a fraction, to fifty digits."""
    value = (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()
    return Fraction(value)
