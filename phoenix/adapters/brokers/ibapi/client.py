"""The library's client with what it loses, hides or waits for put right."""

from __future__ import annotations

import socket
import threading
from typing import Any

from phoenix.adapters.brokers.ibapi.library import Connection, Decoder, EClient, EReader
from phoenix.adapters.ibkr.ears import Ears, HeardBy
from phoenix.adapters.ibkr.line import Endpoint, Listener

NOT_CONNECTED = 504
SEND_TIMEOUT_S = 1.0


class IbapiEars(Ears):
    """The callbacks, where the library's own opinions are told from what came over the wire by the thread they are in.

    It is made in the thread that sends the requests.
    """

    def __init__(self, line: HeardBy, listener: Listener, endpoint: Endpoint) -> None:
        super().__init__(line, listener, endpoint)
        self._requests_from = threading.get_ident()

    def error(self, reqId: int, errorCode: int, errorString: str, advancedOrderRejectJson: str = "") -> None:
        """An error. Raises ConnectionError when a request finds the connection gone."""
        if errorCode == NOT_CONNECTED and threading.get_ident() == self._requests_from:
            raise ConnectionError(errorString)
        super().error(reqId, errorCode, errorString, advancedOrderRejectJson)


class WholeConnection(Connection):
    """A connection that reads what there is. The library's own waits for more behind a full buffer, and on the
    time-out forgets what it had read.
    """

    def __init__(self, host: str, port: int, connected: socket.socket) -> None:
        super().__init__(host, port)
        self.socket = connected

    def recvMsg(self) -> bytes:
        connected = self.socket
        if connected is None:
            return b""
        try:
            read: bytes = connected.recv(65536)
        except TimeoutError:
            return b""
        except OSError:
            read = b""
        if not read:
            self.disconnect()
        return read

    def wake(self) -> None:
        """End the reading that is under way in the reader's thread."""
        connected = self.socket
        if connected is not None:
            try:
                connected.shutdown(socket.SHUT_RDWR)
            except OSError:
                self.disconnect()


class ReportingDecoder(Decoder):
    """A decoder that says so when it drops a message."""

    def interpret(self, fields: tuple[bytes, ...]) -> None:
        if fields and int(fields[0]) not in self.msgId2handleInfo:
            self.wrapper.undecodable(f"Error handling fields: {_readable(fields)} unknown message")
            return
        super().interpret(fields)

    def interpretWithSignature(self, fields: tuple[bytes, ...], handleInfo: Any) -> None:
        expected = len(handleInfo.wrapperParams or ()) + 1
        if len(fields) != expected:
            self.wrapper.undecodable(
                f"Error handling fields: {_readable(fields)} are {len(fields)} fields instead of {expected}"
            )
            return
        super().interpretWithSignature(fields, handleInfo)


class ReportingClient(EClient):
    """A client over a socket whose handshake is done."""

    def __init__(self, ears: IbapiEars) -> None:
        super().__init__(ears)
        self.wire: WholeConnection | None = None
        self.listening: EReader | None = None

    def begin(self, wire: WholeConnection, client_id: int, server_version: int) -> None:
        """Take over the socket, start the reader's thread and ask for the session. Raises OSError."""
        self.host, self.port, self.clientId = wire.host, wire.port, client_id
        self.conn = self.wire = wire
        self.serverVersion_ = server_version
        self.decoder = ReportingDecoder(self.wrapper, server_version)
        self.setConnState(EClient.CONNECTED)
        self.reader = self.listening = EReader(wire, self.msg_queue)
        self.listening.start()
        self.startApi()

    def sendMsg(self, msg: str) -> None:
        """Hand over a whole message. Raises OSError when it did not leave whole; the connection is then over."""
        if self.wire is None:
            raise ConnectionError("not connected")
        body = msg.encode()
        whole = len(body).to_bytes(4) + body
        try:
            count = self.wire.sendMsg(whole)
        except OSError:
            self.wire.wake()
            raise
        if count != len(whole):
            self.wire.wake()
            raise ConnectionError("not connected" if count == 0 else "the gateway takes no more")

    def disconnect(self) -> None:
        """End the connection. What a request still reads of this object in another thread stays as it was."""
        self.setConnState(EClient.DISCONNECTED)
        if self.wire is not None:
            self.wire.disconnect()

    def stop(self) -> None:
        """Wake both threads, so that they end."""
        if self.wire is not None:
            self.wire.wake()
        self.msg_queue.put(b"")


def _readable(fields: tuple[bytes, ...]) -> list[str]:
    return [field.decode(errors="backslashreplace") for field in fields]
