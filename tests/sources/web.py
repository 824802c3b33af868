"""A web server on the loopback for tests: each path answers by a small function that owns the raw socket file."""

from __future__ import annotations

import contextlib
import gzip
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


class Web:
    """The server: what it answers at which path, and which requests came."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.stopping = threading.Event()
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                answer = web.answers.get(self.path.split("?")[0], reply(404, b"not here"))
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    answer(self)

            def log_message(self, *args: object) -> None:
                """Say nothing: the tests look at `requests`."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        # A client that hangs up on us is what many tests are about.
        self._server.handle_error = lambda request, address: None
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def stop(self) -> None:
        """End all answers, the endless ones too."""
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def paths(self) -> list[str]:
        """Give the paths that were asked for, robots.txt left out."""
        return [path for path, _ in self.requests if path != "/robots.txt"]

    def drip(self, chunk: bytes, pause_s: float, *, head: bytes = b"") -> Answer:
        """Make an answer that never ends: `chunk` after `chunk`, until the test is over."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.close_connection = True
            handler.wfile.write(head)
            while not self.stopping.is_set():
                handler.wfile.write(chunk)
                time.sleep(pause_s)

        return answer


def reply(status: int = 200, body: bytes = b"", **headers: str) -> Answer:
    """Make a whole answer; underscores in header names stand for dashes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if status != 304:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if status != 304:
            handler.wfile.write(body)

    return answer


def bomb(megabytes: int) -> bytes:
    """Zeros, packed a thousandfold."""
    return gzip.compress(b"\0" * (megabytes * 1024 * 1024))


@contextlib.contextmanager
def serving() -> Iterator[Web]:
    """Run a server for one test."""
    web = Web()
    web.start()
    try:
        yield web
    finally:
        web.stop()
