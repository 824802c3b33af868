"""What was staged of an import, taken into the archive's parts: whole or not at all, with a report of every row."""

from __future__ import annotations

from pathlib import Path

import duckdb

from newsdetect.market import manifest as lists
from newsdetect.market.merging import Merged, merge
from newsdetect.market.outliers import set_absurd_aside
from newsdetect.market.quarantine import faults, set_aside
from newsdetect.market.reports import ImportReport, RowFault
from newsdetect.market.staging import Staged, refuse_if_nothing_is_good


def take(connection: duckdb.DuckDBPyConnection, folder: Path, staged: Staged) -> ImportReport:
    """Merge what is staged into the parts of the archive in `folder`.

    Raise MarketFileError where no row is usable; single bad rows are written under `quarantine/` and counted.
    """
    if staged.kind == "prints":
        candles = lists.read(folder).all("candles")
        set_absurd_aside(connection, [str(folder / part.file) for part in candles])
    refuse_if_nothing_is_good(connection, staged)
    with lists.locked(folder):
        held = lists.read(folder)
        merged = merge(connection, folder, staged.kind, held)
        if merged.parts:
            lists.write(folder, held.replaced(staged.kind, merged.parts))
        kept_out = faults(connection)
        if kept_out:
            set_aside(connection, folder, staged.kind, staged.file)
    return _report(staged, merged, kept_out)


def _report(staged: Staged, merged: Merged, kept_out: tuple[RowFault, ...]) -> ImportReport:
    notices = list(staged.notices)
    if merged.differing:
        notices.append(
            f"{merged.differing:,} rows tell otherwise of what was read at the same time; of such the larger is given"
        )
    quarantined = sum(one.rows for one in kept_out)
    return ImportReport(
        file=staged.file,
        kind=staged.kind,
        rows=staged.rows,
        added=merged.added,
        known=staged.rows - quarantined - merged.added - merged.repeated,
        repeated=merged.repeated,
        quarantined=quarantined,
        faults=kept_out,
        notices=tuple(notices),
    )
