"""File systems made for one test: small ones that fill up, and one whose power is cut."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_EXT4_IOC_SHUTDOWN = 0x8004587D
_NO_LOG_FLUSH = 2  # what the journal has not written is lost too, as when the power goes


def why_not() -> str | None:
    """Why nothing can be mounted here; None where it can."""
    if os.geteuid() != 0:
        return "only root may mount file systems"
    missing = [name for name in ("mount", "umount", "mkfs.ext4") if shutil.which(name) is None]
    return f"no {missing[0]} on this machine" if missing else None


@contextmanager
def small_disk(place: Path, size_kilobytes: int) -> Iterator[Path]:
    """A file system in memory that holds so much and no more."""
    place.mkdir(parents=True, exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={size_kilobytes}k", "tmpfs", str(place))
    try:
        yield place
    finally:
        _run("umount", "-l", str(place))


def free_kilobytes(place: Path) -> int:
    """What is left on the file system of a folder."""
    found = os.statvfs(place)
    return found.f_bavail * found.f_frsize // 1024


class PowerSupply:
    """A disk in a file, with an ext4 file system that forgets what was not synced when `cut` is called."""

    def __init__(self, image: Path, place: Path, size_megabytes: int = 256) -> None:
        self.image, self.place = image, place
        with image.open("wb") as file:
            file.truncate(size_megabytes << 20)
        _run("mkfs.ext4", "-q", "-F", str(image))
        place.mkdir(parents=True, exist_ok=True)
        self.connect()

    def connect(self) -> None:
        """Mount it; ext4 replays its journal."""
        # A commit interval of five minutes: nothing reaches the disk by luck before the cut.
        _run("mount", "-o", "loop,commit=300", str(self.image), str(self.place))

    def cut(self) -> None:
        """From now on nothing reaches the disk, and what was not synced is gone; then mount it again."""
        folder = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, _EXT4_IOC_SHUTDOWN, _NO_LOG_FLUSH.to_bytes(4, "little"))
        finally:
            os.close(folder)
        self.disconnect()
        self.connect()

    def disconnect(self) -> None:
        """Unmount it."""
        _run("umount", str(self.place))


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
