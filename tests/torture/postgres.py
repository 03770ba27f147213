"""A Postgres server of one suite, and a wire in front of it that can lose a reply."""

import contextlib
import mmap
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
from pathlib import Path

from child_process import Child, in_child


def why_not() -> str | None:
    """Why no server can be started here; None where it can."""
    missing = [name for name in ("initdb", "pg_ctl") if shutil.which(name) is None]
    if missing:
        return f"no {missing[0]} on this machine"
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return "running as root, and there is no runuser to start Postgres as somebody else"
    return None


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A throwaway server."""

    def __init__(self) -> None:
        self._prefix: list[str] = []
        self._folder = Path(tempfile.mkdtemp(prefix="weft-postgres-"))
        if os.geteuid() == 0:  # Postgres refuses to run as root
            self._prefix = ["runuser", "-u", "nobody", "--"]
            shutil.chown(self._folder, "nobody")
        self.port = free_port()
        self._run("initdb", "-D", str(self._data), "-A", "trust", "-U", "weft", "-E", "UTF8", "--no-locale")
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1"
        self._run("pg_ctl", "-D", str(self._data), "-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it: "immediate" as a crash does, "fast" as an administrator does."""
        self._run("pg_ctl", "-D", str(self._data), "-m", mode, "-w", "stop")

    def make_databases(self, *names: str) -> None:
        """Make empty databases."""

        def make() -> None:
            import pg8000.native

            connection = pg8000.native.Connection("weft", host="127.0.0.1", port=self.port, database="postgres")
            for name in names:
                connection.run(f"CREATE DATABASE {name}")
            connection.close()

        in_child(lambda: make() or "made")

    def remove(self) -> None:
        """Stop it and remove its files."""
        with contextlib.suppress(RuntimeError):
            self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _run(self, *command: str) -> None:
        # The server keeps what it inherits open, so it is given files, not pipes.
        done = subprocess.run(
            [*self._prefix, *command], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
        )
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} ended with {done.returncode}")


_STATE = struct.Struct("<qq")  # commits seen; the one whose reply is lost


class Wire:
    """Passes everything on to a server, but for one reply: that of the commit that it was told to lose."""

    def __init__(self, server_port: int) -> None:
        self.port = free_port()
        self._shared = mmap.mmap(-1, _STATE.size)
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._child = Child(lambda: self._serve(server_port)).release()
        self._listener.close()

    @property
    def commits(self) -> int:
        """Commits that went over the wire since the last `lose`."""
        return int(_STATE.unpack(self._shared[:])[0])

    def lose(self, commit: int) -> None:
        """Lose the reply of this commit, counted from now on; 0: of none."""
        self._shared[:] = _STATE.pack(0, commit)

    def cut(self) -> None:
        """End it."""
        self._child.send(9)
        self._child.wait()

    def _serve(self, server_port: int) -> None:
        while True:
            client, _ = self._listener.accept()
            server = socket.create_connection(("127.0.0.1", server_port))
            is_lost = threading.Event()
            threading.Thread(target=self._to_server, args=(client, server, is_lost), daemon=True).start()
            threading.Thread(target=self._to_client, args=(server, client, is_lost), daemon=True).start()

    def _to_server(self, client: socket.socket, server: socket.socket, is_lost: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while content := client.recv(65536):
                if b"commit" in content.lower():
                    with self._lock:
                        seen, wanted = _STATE.unpack(self._shared[:])
                        self._shared[:] = _STATE.pack(seen + 1, wanted)
                    if seen + 1 == wanted:
                        is_lost.set()
                server.sendall(content)
        _close(server)

    def _to_client(self, server: socket.socket, client: socket.socket, is_lost: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while content := server.recv(65536):
                if is_lost.is_set():  # the server has answered, so the commit stands; nobody hears of it
                    break
                client.sendall(content)
        _close(client)
        _close(server)


def _close(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
