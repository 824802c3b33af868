"""A verdict in one sentence: what it is, the numbers behind it, and why it is not a stronger one."""

from __future__ import annotations

from newsdetect.checks.check import Verdict
from newsdetect.checks.compare import Case, corroborates, searched
from newsdetect.checks.evidence import Held
from newsdetect.checks.evidence_rows import level_note, volume_note
from newsdetect.checks.tuning import tuning
from newsdetect.checks.wording import count, listed, money, percent, percents, span, stretch
from newsdetect.claims.claim import Claim
from newsdetect.types import ALL, Interval


def explain(claim: Claim, case: Case, verdict: Verdict, *, simulated: bool = False) -> str:
    """Write the sentence; it opens with SIMULATED where any of the evidence comes from a generator."""
    said = _said(claim, case, verdict)
    return f"SIMULATED market data. {said}" if simulated else said


def _said(claim: Claim, case: Case, verdict: Verdict) -> str:
    if verdict == "not_checkable":
        why = case.barred or case.missing or "no print, bar, snapshot or candle covers its scope and time"
        return f"Not checkable: {why}."
    if verdict == "inconsistent":
        return f"Inconsistent in itself: {'; '.join(conflict.note for conflict in case.conflicts)}."
    assert case.best is not None
    if verdict == "contradicted":
        return f"Contradicted: {_broken(claim, case.best)}, at {_ends(case)}."
    told = () if case.best.refuted else (_price(case.best), _sum(claim, case.best))
    parts = [part for part in told if part]
    if verdict == "corroborated":
        return f"Corroborated: {'; '.join(parts)}; {_special(case)}."
    return f"Plausible: {'; '.join([*parts, _weak(claim, case)])}."


def _broken(claim: Claim, held: Held) -> str:  # noqa: PLR0911 -- one return a kind of bound
    """Name the bound that is broken at the best end."""
    claimed = money(claim.value) if claim.unit == "USD" else f"{count(claim.value)} {claim.unit}"
    if held.levels:
        return level_note(*held.levels[0])
    if held.price == "refutes":
        side = "longs" if claim.side == "long" else "shorts"
        return f"{claimed} of {side} cannot be lost while {_price(held)}"
    interval = held.claimed
    if interval is not None and interval.high is not None and held.floor > interval.high:
        shown = money(held.floor)
        if claim.metric == "largest_liquidation":
            return f"a single order of {shown} was recorded in {stretch(held.window)}, more than the claimed {claimed}"
        alone = "alone " if held.coverage.middle < tuning().coverage else ""
        return f"{_who(held)} {alone}show more than the claimed {claimed} in {stretch(held.window)}: at least {shown}"
    if held.volume is not None and held.volume.usd == held.ceiling:
        return f"{volume_note(claim, held.volume.usd)}, and {claimed} is claimed"
    if held.ceiling is not None:
        return f"{_who(held)} show at most {money(held.ceiling)} in {stretch(held.window)}, and {claimed} is claimed"
    return f"the bounds of {stretch(held.window)} are broken"


def _ends(case: Case) -> str:
    number = 0 if case.tried is None else len(case.tried)
    return "its own time" if number == 1 else f"each of {number} end times that its words allow"


def _price(held: Held) -> str:
    """Say how the price went in the window."""
    if not held.moves:
        return ""
    told = []
    for move in held.moves:
        way = "rose" if move.net > 0 else "fell"
        most = move.rise if move.net > 0 else move.fall
        said = f"{move.asset} {way} {percent(abs(move.net))} ({move.open:,.6g} → {move.close:,.6g}"
        said += f", {percent(most)} at most)" if most > abs(move.net) + 0.001 else ")"
        if move.z is not None and abs(move.z) >= tuning().unusual:
            said += f", {abs(move.z):.1f} standard deviations of its week"
        told.append(said)
    return f"{listed(told)} in the candles of {stretch(held.window)}"


def _sum(claim: Claim, held: Held) -> str:
    """Say what was counted, by whom, and how it compares with the claim."""
    if not held.sums or held.claimed is None:
        return ""
    if held.reported is None:
        return ""
    sources = listed(sorted({row.source for row in held.sums}))
    share = held.coverage
    whole = (
        "" if share.low > 0.99 else f", and hold {percents(Interval(low=share.low, high=share.high))} of such a total"
    )
    return (
        f"{_who(held)} {'alone ' if share.middle < tuning().coverage else ''}show {span(held.seen)} of the claimed "
        f"{_amount(claim)} in {stretch(held.window)} ({sources}){whole}"
    )


def _who(held: Held) -> str:
    """Name venues and coins of what was counted."""
    if all(venue == coin == ALL for venue, coin in held.pairs):
        return "readings of the whole market"
    venues = sorted({"all venues" if venue == ALL else venue for venue, _ in held.pairs})
    coins = sorted({"all coins" if coin == ALL else coin for _, coin in held.pairs})
    named = listed(coins) if len(coins) <= 6 else f"{len(coins)} coins"
    return f"{named} on {listed(venues)}"


def _weak(claim: Claim, case: Case) -> str:  # noqa: PLR0911 -- one return a reason
    """Say why a plausible claim is not confirmed."""
    held = case.best
    assert held is not None
    assert case.tried is not None
    if held.refuted:
        broken = f"{int(case.tried.refuted.sum())} of the {len(case.tried)} end times that its words allow"
        return f"{_broken(claim, held)}, but only at {broken}"
    if not held.sums:
        return "only candles cover this time, and a price move alone confirms no amount"
    if held.price == "against":
        return "but the price went the other way for most of it"
    if held.reported is None:
        return "a single order cannot be confirmed by sums"
    if held.claimed is not None and not held.reported.overlaps(held.claimed):
        return f"that would rather make {span(held.reported)} in all, but breaks no bound"
    if held.coverage.middle < tuning().coverage:
        return "nothing speaks against it, but so small a part of its scope cannot confirm it"
    if case.specific is not None and case.specific < tuning().specific:
        return f"it fits, but so would one random window in {case.specific:.2g}, so the match confirms nothing"
    if (moved := searched(case)) > tuning().searched and corroborates(held):
        return (
            f"it fits, but over the end times that its words allow the readings move by a factor of {moved:.2g}, "
            "so that one of them fits many a figure"
        )
    return f"it fits, but the range that the readings allow, {span(held.reported)}, is too wide to confirm it"


def _special(case: Case) -> str:
    if case.specific is None:
        return "the figure lies in the range that these make, with no history to tell how special the match is"
    return f"the figure matches, and a random window would {case.specific:.0f} times less often"


def _amount(claim: Claim) -> str:
    said = money(claim.value) if claim.unit == "USD" else f"{count(claim.value)} {claim.unit}"
    return {"exact": said, "about": f"about {said}", "at_least": f"{said} or more", "at_most": f"up to {said}"}[
        claim.hedge
    ]
