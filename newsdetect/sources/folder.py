"""An opener that reads bundled files instead of the network: the demo's and the tests' world without a connection."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from pathlib import Path

from newsdetect.errors import FetchError, TooLarge
from newsdetect.fetch.answer import Fetched


class FolderOpener:
    """Gives the file that stands for a URL; any other URL is a 404."""

    def __init__(self, mapping: Mapping[str, Path]) -> None:
        self._files = {url: Path(file) for url, file in mapping.items()}

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,  # noqa: ARG002 -- files carry no validators: each reading is a whole one
        last_modified: str | None = None,  # noqa: ARG002 -- likewise
        max_bytes: int | None = None,
    ) -> Fetched:
        """Give a bundled file as a URL's answer; see `Opener.get`."""
        file = self._files.get(url)
        if file is None:
            raise FetchError(f"{url}: not among the bundled pages", key=url, status=404)
        try:
            body = file.read_bytes()
        except OSError as fault:
            raise FetchError(f"{url}: its bundled file {file} cannot be read: {fault.strerror}", key=url) from fault
        if max_bytes is not None and len(body) > max_bytes:
            raise TooLarge(f"{url}: more than {max_bytes:,} bytes", key=url, status=200)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return Fetched(url=url, final_url=url, status=200, headers={"content-type": kind}, body=body)
