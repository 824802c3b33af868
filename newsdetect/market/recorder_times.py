"""When a stream was subscribed to which coin: a delisted coin ends, a relisted one begins anew."""

from __future__ import annotations

from collections.abc import Sequence

from newsdetect.market.spool_reading import END_OF_TIME


class Times:
    """The half-open times of each coin of one stream, in nanoseconds since 1970."""

    def __init__(self, assets: Sequence[str], since_ns: int) -> None:
        self._times: dict[str, list[list[int]]] = {asset: [[since_ns, END_OF_TIME]] for asset in assets}

    def listens(self, assets: Sequence[str], at_ns: int) -> bool:
        """Note which coins are listened to from now on; tell whether these are others than before."""
        now = {asset for asset, times in self._times.items() if times[-1][1] == END_OF_TIME}
        for asset in now - set(assets):
            self._times[asset][-1][1] = at_ns
        for asset in set(assets) - now:
            self._times.setdefault(asset, []).append([at_ns, END_OF_TIME])
        return now != set(assets)

    def told(self) -> dict[str, list[list[int]]]:
        """Give them as the spool tells them."""
        return {asset: [list(one) for one in times] for asset, times in self._times.items()}
