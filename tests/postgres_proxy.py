"""A proxy before Postgres that can lose the reply to a COMMIT, before the server has seen it or after."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit


@dataclass
class Proxy:
    """Where to connect, and what to lose."""

    url: str
    lose_before: int = 0  # commits that never reach the server
    lose_after: int = 0  # commits that the server has made when the connection breaks
    lost: list[str] = field(default_factory=list)


@contextmanager
def postgres_proxy(server_url: str) -> Iterator[Proxy]:
    """A proxy for as long as the block runs.

    Args:
        server_url: of the server, with a database's name.
    """
    parts = urlsplit(server_url)
    assert parts.port is not None
    upstream = (parts.hostname or "127.0.0.1", parts.port)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        proxy = Proxy(urlunsplit(parts._replace(netloc=f"{parts.username}@127.0.0.1:{port}")))
        threading.Thread(target=_accept, args=(listener, upstream, proxy), daemon=True).start()
        yield proxy


def _accept(listener: socket.socket, upstream: tuple[str, int], proxy: Proxy) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        server = socket.create_connection(upstream)
        threading.Thread(target=_to_client, args=(server, client), daemon=True).start()
        threading.Thread(target=_to_server, args=(client, server, proxy), daemon=True).start()


def _to_client(server: socket.socket, client: socket.socket) -> None:
    try:
        while content := server.recv(65536):
            client.sendall(content)
    except OSError:
        pass
    _close(client, server)


def _to_server(client: socket.socket, server: socket.socket, proxy: Proxy) -> None:
    try:
        while content := client.recv(65536):
            if b"COMMIT" in content.upper():
                if proxy.lose_before > 0:
                    proxy.lose_before -= 1
                    proxy.lost.append("before")
                    break
                if proxy.lose_after > 0:
                    proxy.lose_after -= 1
                    proxy.lost.append("after")
                    _close(client)
                    server.sendall(content)
                    time.sleep(0.2)  # the server commits before it notices that nobody listens
                    break
            server.sendall(content)
    except OSError:
        pass
    _close(client, server)


def _close(*sockets: socket.socket) -> None:
    for each in sockets:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
