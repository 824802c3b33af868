"""Two figures for one amount: "over $460 million" in the headline, $462.3 million below it."""

from __future__ import annotations

from newsdetect.claims.intervals import significant_digits

#: How far a rough figure may lie beside the precise one, as a share of it: of one digit, and of more.
_ONE_DIGIT, _MORE_DIGITS = 0.025, 0.05


def rounds(rough: float, precise: float) -> bool:
    """Tell whether `rough` is `precise` with fewer digits, or cut down to its first ones ("over $460M" for 462)."""
    digits = significant_digits(rough)
    if abs(rough - precise) > (_MORE_DIGITS if digits > 1 else _ONE_DIGIT) * precise:
        return False
    return float(f"{precise:.{digits}g}") == rough or (
        digits > 1 and 0 <= precise - rough < 10 ** (len(str(int(rough))) - digits)
    )
