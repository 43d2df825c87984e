"""A way to PostgreSQL that a test can block, as if the server were away."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread
from urllib.parse import quote, urlsplit, urlunsplit

from django.db import connection

from .process_killing import ProcessDatabase


@dataclass
class Forwarder:
    """Listens in a folder as PostgreSQL does, and passes on what it gets to the test's server."""

    host: str
    port: int
    file: Path
    _listener: socket.socket | None = None
    _open: list[socket.socket] = field(default_factory=list)

    def start(self) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.file))
        self._listener.listen()
        Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def stop(self) -> None:
        """Break every connection and accept no more."""
        if self._listener is not None:
            self.file.unlink()
            for one in (self._listener, *self._open):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
            self._open.clear()
            self._listener = None

    def _server(self) -> socket.socket:
        """Return a connection to the server."""
        if not self.host.startswith("/"):
            return socket.create_connection((self.host, self.port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{self.host}/.s.PGSQL.{self.port}")
        return server

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = self._server()
                self._open += [near, far]
                for source, target in ((near, far), (far, near)):
                    Thread(target=_pass_on, args=[source, target], daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_RDWR)


@contextmanager
def forwarder(database: ProcessDatabase) -> Iterator[tuple[ProcessDatabase, Forwarder]]:
    """Yield the database as processes reach it through a forwarder, and the forwarder."""
    # Not the folder of the test: the name of a socket has at most about a hundred letters.
    with tempfile.TemporaryDirectory() as folder:
        server = connection.connection.info
        forwarding = Forwarder(server.host, server.port, Path(folder) / ".s.PGSQL.5432")
        forwarding.start()
        parts = urlsplit(database.url)
        account = parts.netloc.rpartition("@")[0]
        url = parts._replace(netloc=f"{account}@", query=f"host={quote(folder)}&port=5432")
        try:
            yield replace(database, url=urlunsplit(url)), forwarding
        finally:
            forwarding.stop()
