"""Disks that are full or read-only, really: mounted in a name space of the child that looks at them.

For use in a ``Forked`` child alone: the mounts go with it. Where the system lets nobody mount, the kernel's own limit
of a file's size stands in for the full disk, and the rights of another user for the read-only one.
"""

from __future__ import annotations

import ctypes
import os
import resource
from pathlib import Path

_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_READ_ONLY, _REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 1, 32, 4096, 16384, 1 << 18
_NOBODY = 65534
MOUNTED, LIMITED, NOT_OURS = "mounted", "a limit of the kernel", "another user's"
_libc = ctypes.CDLL(None, use_errno=True)


class SmallDisk:
    """A disk of a few hundred kilobytes on a folder; ``how``: mounted, or a limit of the size of files."""

    def __init__(self, folder: Path, size: int = 600_000) -> None:
        self.folder = folder
        self._filler = folder / "filler"
        folder.mkdir(exist_ok=True)
        self.how = MOUNTED if _own_mounts() and _mounted("tmpfs", folder, "tmpfs", 0, f"size={size}") else LIMITED

    def fill(self, leave: int) -> None:
        """Leave so many bytes and no more."""
        if self.how == LIMITED:
            resource.setrlimit(resource.RLIMIT_FSIZE, (leave, resource.RLIM_INFINITY))
            return
        free = os.statvfs(self.folder)
        self._filler.write_bytes(bytes(max(free.f_bavail * free.f_frsize - leave, 0)))

    def free(self) -> None:
        """Give the room back."""
        if self.how == LIMITED:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        else:
            self._filler.unlink()


def read_only(folder: Path) -> str:
    """Have nothing below a folder written any more by this process; say how."""
    again = _BIND | _REMOUNT | _READ_ONLY
    if _own_mounts() and _mounted(str(folder), folder, None, _BIND) and _mounted("none", folder, None, again):
        return MOUNTED
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    if os.geteuid() == 0:
        os.setuid(_NOBODY)
    return NOT_OURS


def _own_mounts() -> bool:
    """Whether this process may mount what nobody else sees: as root, or as root of a name space of its own."""
    user, group = os.geteuid(), os.getegid()
    if _libc.unshare(_NEW_MOUNTS) != 0:
        if _libc.unshare(_NEW_MOUNTS | _NEW_USER) != 0:
            return False
        try:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"0 {user} 1")
            Path("/proc/self/gid_map").write_text(f"0 {group} 1")
        except OSError:
            return False
    return _mounted("none", Path("/"), None, _RECURSIVE | _PRIVATE)


def _mounted(what: str, where: Path, kind: str | None, flags: int, options: str | None = None) -> bool:
    told = [None if text is None else text.encode() for text in (what, str(where), kind)]
    return _libc.mount(*told, ctypes.c_ulong(flags), None if options is None else options.encode()) == 0
