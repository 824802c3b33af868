"""Exact sums of dollars: each amount is cut into whole numbers, and whole numbers add up without rounding.

An amount is `whole + middle / 2**36 + fine / 2**72`; of numbers from a millionth of a dollar up nothing is lost, for a
double has 53 bits. Sums of int64 commute and can be taken away again, so that a running sum over millions of orders
drifts by nothing: `total` gives what `math.fsum` gives of the same amounts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Amounts cut in three: `limbs[0]` counts dollars, `limbs[1]` 2**-36 dollars, `limbs[2]` 2**-72 dollars.
Limbs = NDArray[np.int64]
#: Int64 holds the sum of 2**26 parts of so many bits: more orders in one sum than any market has.
_BITS = 36
_SCALE = 2.0**_BITS
_MASK = (1 << _BITS) - 1
#: Sums are rounded in stretches that fit a processor's cache.
_BLOCK = 4096


def limbs(usd: NDArray[np.float64]) -> Limbs:
    """Cut amounts of 0 to 2**37 USD, shape (n,), into limbs of shape (3, n); what lies below 2**-72 USD is dropped."""
    cut = np.empty((3, usd.size), np.int64)
    rest = usd
    for row in cut[:2]:
        whole = np.floor(rest)
        row[:] = whole
        # Both steps are exact: the difference has fewer bits, the factor is a power of two.
        rest = (rest - whole) * _SCALE
    cut[2] = rest
    return cut


def sql_limbs(column: str) -> tuple[str, str, str]:
    """Give the same three numbers as SQL expressions over a column of amounts."""
    first = f"floor({column})"
    rest = f"(({column} - {first}) * {_SCALE!r})"
    second = f"floor({rest})"
    third = f"floor(({rest} - {second}) * {_SCALE!r})"
    return f"{first}::BIGINT", f"{second}::BIGINT", f"{third}::BIGINT"


def total(sums: Limbs) -> NDArray[np.float64]:
    """Give summed limbs of shape (3, …) as USD, rounded once: the double nearest to the exact sum (below 2**52 USD)."""
    flat = sums.reshape(3, -1)
    if flat.shape[1] <= _BLOCK:
        return _rounded(*flat).reshape(sums.shape[1:])
    usd = np.empty(flat.shape[1])
    for start in range(0, usd.size, _BLOCK):
        usd[start : start + _BLOCK] = _rounded(*flat[:, start : start + _BLOCK])
    return usd.reshape(sums.shape[1:])


def _rounded(whole: NDArray[np.int64], middle: NDArray[np.int64], fine: NDArray[np.int64]) -> NDArray[np.float64]:
    carried = middle + (fine >> _BITS)
    dollars = (whole + (carried >> _BITS)).astype(np.float64)
    rest = (carried & _MASK) / _SCALE
    # Whole dollars are nothing or more than the rest, which lies below one: what is lost takes fewer steps (Dekker).
    near = dollars + rest
    lost = rest - (near - dollars)
    below, sticky = _two_sum(lost, (fine & _MASK) / _SCALE / _SCALE)
    # Rounded to odd, the lower part keeps on which side of a tie the sum lies, so that the last addition alone rounds.
    inexact = (sticky != 0) & ((below.view(np.int64) & 1) == 0)
    if inexact.any():
        below[inexact] = np.nextafter(below[inexact], np.copysign(np.inf, sticky[inexact]))
    return near + below


def _two_sum(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give a sum and what its rounding lost (Knuth)."""
    near = a + b
    other = near - a
    return near, (a - (near - other)) + (b - other)
