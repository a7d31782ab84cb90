"""Those who receive alerts, on loopback: a webhook and a mail server that work, fail, dawdle or say nothing."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

HOST = "127.0.0.1"


class Webhook(ThreadingHTTPServer):
    """Takes JSON. `status` is what it answers; while `is_dawdling` it takes the request, and answers when `go_on` is
    called."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((HOST, 0), _Hook)
        self.status = 200
        self.is_dawdling = False
        self.received: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.asked = threading.Semaphore(0)
        self._gate = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def go_on(self) -> None:
        self._gate.set()

    def wait(self) -> None:
        self._gate.wait(30)


class _Hook(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.release()
        if self.server.is_dawdling:
            self.server.wait()
        self.server.paths.append(self.path)
        if self.server.status == 200:
            self.server.received.append(json.loads(body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


class MailServer(ThreadingTCPServer):
    """Takes mail by as much of SMTP as that needs; with `refusal`, answers every recipient with it."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__((HOST, 0), _Mail)
        self.refusal = ""
        self.received: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Mail(StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            match word:
                case b"DATA":
                    self._say("354 go on")
                    self.server.received.append(self._data())
                    self._say("250 taken")
                case b"QUIT":
                    self._say("221 bye")
                    return
                case b"RCPT" if self.server.refusal:
                    self._say(self.server.refusal)
                case _:
                    self._say("250 well")

    def _data(self) -> str:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines).decode()

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def webhook() -> Iterator[Webhook]:
    with _served(Webhook()) as server:
        yield server
        server.go_on()


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with _served(MailServer()) as server:
        yield server


@contextmanager
def _served(server: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def nobody() -> int:
    """A port on loopback at which nobody listens."""
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
