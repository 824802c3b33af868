"""Read a text column as a number or an instant: SQL expressions, null where the text is none.

Times are UTC: an offset is honoured, a time without one is UTC, a bare number is an epoch whose unit its size tells.
"""

from __future__ import annotations

_ZONE = r" ?(?:Z|z|UTC|([+-])(\d{2}):?(\d{2})?)?"
_ISO = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?" + _ZONE + ")?"
_EPOCH = r"\d{9,19}([.]\d+)?"


def text(column: str) -> str:
    """Give a column's text; null where there is none (`cleaning` strips the space around it)."""
    return f'"{column}"'


def number(column: str) -> str:
    """Read a number; null where the text is none."""
    return f'try_cast("{column}" AS DOUBLE)'


def instant(column: str) -> str:
    """Read an instant as nanoseconds since 1970; null where the text is none.

    Casts alone would pass over offsets and zones' names in silence: all but plain UTC is read by its form.
    """
    said = f'"{column}"'
    in_utc = f"(suffix({said}, 'Z') OR suffix({said}, '+00:00')) AND strpos(substr({said}, 12), ' ') = 0"
    plain = f"epoch_ns(try_cast({said} AS TIMESTAMP_NS))"
    place = "'^.{16,} ?([+-])([0-9]{2}):?([0-9]{2})?$'"
    sign, hours, minutes = (f"regexp_extract({said}, {place}, {group})" for group in (1, 2, 3))
    shift = (
        f"(coalesce(try_cast({hours} AS BIGINT), 0) * 60 + coalesce(try_cast({minutes} AS BIGINT), 0)) * 60000000000"
    )
    iso = f"epoch_ns(try_cast(replace({said}, ',', '.') AS TIMESTAMP_NS)) - if({sign} = '-', -1, 1) * {shift}"
    return (
        f"CASE WHEN {in_utc} THEN {plain} WHEN {_is_whole(said)} THEN {_epoch(f'try_cast({said} AS HUGEINT)')} "
        f"WHEN regexp_full_match({said}, '{_EPOCH}') THEN {_epoch(f'try_cast({said} AS DECIMAL(38, 9))')} "
        f"WHEN regexp_full_match({said}, '{_ISO}') THEN {iso} END"
    )


def _is_whole(said: str) -> str:
    """Tell a whole number of as many digits as an epoch has; most files' times are such, and quickly read."""
    return f"length({said}) BETWEEN 9 AND 19 AND try_cast({said} AS BIGINT)::VARCHAR = {said}"


def _epoch(whole: str) -> str:
    """Read seconds, milli-, micro- or nanoseconds: between 1973 and 5138 their sizes do not overlap."""
    units = ((1e11, 10**9), (1e14, 10**6), (1e17, 10**3))
    cases = " ".join(f"WHEN {whole} < {int(below)} THEN {whole} * {factor}" for below, factor in units)
    return f"try_cast(CASE {cases} ELSE {whole} END AS BIGINT)"
