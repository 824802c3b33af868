"""What is held against a claim, written as evidence: numbers to recompute it by hand, and the same in words.

One row a kind, source and venue, its coins together; then a row a coin's price, and the bounds of volume and levels.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from newsdetect.checks.bounds import refute, same_name
from newsdetect.checks.check import Basis, Evidence, Says
from newsdetect.checks.coverage import bases, coverage
from newsdetect.checks.evidence import BySide, Held, scaled
from newsdetect.checks.prices import Move
from newsdetect.checks.readings import side_by_side
from newsdetect.checks.sums import Sum
from newsdetect.checks.true_size import feed_correction
from newsdetect.checks.wording import money, percent, stretch
from newsdetect.checks.words import sums_in_words
from newsdetect.claims.claim import Claim
from newsdetect.market.provider import is_simulated
from newsdetect.types import ALL, Interval


def evidence_rows(claim: Claim, held: Held) -> tuple[Evidence, ...]:
    """Write what is held as evidence: a row a kind, source and venue, then the price, volume and levels."""
    when = stretch(held.window)
    written = [_row(claim, held, many, when) for many in _by_teller(held.sums).values()]
    says: Says = "against" if held.price in ("against", "refutes") else "supports"
    if held.price == "silent":
        says = "silent"
    written += [_candles(move, says) for move in held.moves]
    levels = [_candles(move, "against", note=level_note(move, level)) for move, level in held.levels]
    return (*written, *_volume(claim, held), *levels)


def _by_teller(rows: Sequence[Sum]) -> dict[tuple[str, str, str], list[Sum]]:
    found: dict[tuple[str, str, str], list[Sum]] = {}
    for row in rows:
        found.setdefault((row.kind, row.source, row.venue), []).append(row)
    return found


def _row(claim: Claim, held: Held, many: Sequence[Sum], when: str) -> Evidence:
    """Join the coins of one source and venue to one row; a row over all coins stands alone."""
    many = [row for row in many if row.asset == ALL] or many
    first = many[0]
    assets = tuple(dict.fromkeys([row.asset for row in many]))
    share = coverage(
        [(row.venue, row.asset) for row in many],
        venue=claim.venue, asset=claim.asset, at=held.window.end, known=held.known,
    )  # fmt: skip
    low = sum([row.low for row in many])
    tops = [row.high for row in many if row.high is not None]
    high = sum(tops) if len(tops) == len(many) else None
    known = [row.connected for row in many if row.connected is not None]
    single = held.reported is None
    fits = None if single or held.claimed is None else scaled(side_by_side(sums_in_words(many, held.known)), share)
    says = _says(claim, held, fits, many, told=high is not None or first.kind == "prints")
    if claim.metric == "largest_liquidation":
        low, high = max([row.largest for row in many]), None
    reach = f"{money(low)} to {money(high)}" if high is not None else f"{money(low)} or more"
    longs, shorts = (
        (None, None) if single else (_side(held.by_side[0], many, assets), _side(held.by_side[1], many, assets))
    )
    filled = None if single else feed_correction(held, many)
    read = [row.retrieved_at for row in many if row.retrieved_at is not None]
    return Evidence(
        kind=first.kind, source=first.source, venue=first.venue, assets=assets, side=claim.side,
        low=round(low, 2), high=None if high is None else round(high, 2),
        coverage=round(share.middle, 4), connected=round(sum(known) / len(known), 4) if known else None,
        longs=longs, shorts=shorts,
        corrected=round(filled.corrected, 2) if filled else None,
        saturated=round(filled.saturated, 4) if filled else None,
        says=says,
        note=f"{first.source}, {first.venue} {' '.join(assets)}: {reach} in {when}",
        retrieved_at=max(read, default=None), simulated=is_simulated(first.source),
        basis=() if single else _bases(claim, held, many),
    )  # fmt: skip


def _bases(claim: Claim, held: Held, many: Sequence[Sum]) -> tuple[Basis, ...]:
    """Give what the rows were weighed by: how the claim's own teller would tell them, and their shares of its scope."""
    known, pairs = held.known, [(row.venue, row.asset) for row in many]
    told = [basis for row in many if (basis := known.told(row)) is not None]
    shares = bases(pairs, venue=claim.venue, asset=claim.asset, at=held.window.end, known=known)
    return (*dict.fromkeys(told), *shares)


def _side(told: BySide, many: Sequence[Sum], assets: Collection[str]) -> Interval | None:
    """Give what the rows of one source and venue hold of one side."""
    first = many[0]
    rows = [row for row in told.get((first.kind, first.source, first.venue), ()) if row[0] in assets]
    if not rows:
        return None
    tops = [high for _, _, high in rows if high is not None]
    low = round(sum([low for _, low, _ in rows]), 2)
    return Interval(low=low, high=max(low, round(sum(tops), 2)) if len(tops) == len(rows) else None)


def _says(claim: Claim, held: Held, fits: Interval | None, rows: Sequence[Sum], *, told: bool) -> Says:
    """Say what one source's rows make of the claim; a source that it does not name speaks against it by a bound."""
    claimed = held.claimed
    if fits is None or claimed is None:
        return "silent"
    if fits.overlaps(claimed):
        return "supports" if told else "silent"
    named = claim.attributed_to is None or same_name(claim.attributed_to, rows[0].source)
    return "against" if named or rows[0].kind == "prints" or refute(claim, claimed, rows, held.known) else "silent"


def _candles(move: Move, says: Says, *, note: str | None = None) -> Evidence:
    unusual = "" if move.z is None else f", {abs(move.z):.1f} standard deviations of the week before"
    way = "rose" if move.net > 0 else "fell"
    return Evidence(
        kind="candles", source=move.source, venue=move.venue, assets=(move.asset,), low=move.low, high=move.high,
        connected=min(1.0, round(move.covered, 4)), says=says,
        note=note or f"{move.asset} {way} {percent(abs(move.net))} from {move.open:,.6g} to {move.close:,.6g}, at most "
        f"{percent(move.fall)} down and {percent(move.rise)} up on the way{unusual}",
        simulated=is_simulated(move.source),
    )  # fmt: skip


def _volume(claim: Claim, held: Held) -> tuple[Evidence, ...]:
    if held.volume is None:
        return ()
    bound, usd = held.volume, held.volume.usd
    broken = held.claimed is not None and held.claimed.low is not None and held.claimed.low > usd
    return (
        Evidence(
            kind="volume", source=bound.source, venue=bound.venue, assets=(claim.asset,), low=0.0,
            high=round(usd, 2), coverage=1.0, connected=1.0, says="against" if broken else "silent",
            note=volume_note(claim, usd), simulated=is_simulated(bound.source),
        ),
    )  # fmt: skip


def volume_note(claim: Claim, usd: float) -> str:
    """Say what a venue's volume bounds."""
    return f"no more than {money(usd)} can be liquidated in {claim.asset} on {claim.venue} by its volume"


def level_note(move: Move, level: float) -> str:
    """Say that a named level was never traded."""
    return f"{move.asset} traded between {move.low:,.0f} and {move.high:,.0f}, never near the named {level:,.0f}"
