"""System calls that reading a file never makes, refused to children (seccomp): sockets, processes, other memory,
signals, and what would stay in memory after the child (System V segments, message queues).

Landlock says which files are read; it does not hold the sockets of the machine's own services.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

_REFUSES_X86_64 = {
    "shmget": 29,
    "socket": 41,
    "connect": 42,
    "bind": 49,
    "listen": 50,
    "socketpair": 53,
    "clone": 56,
    "fork": 57,
    "vfork": 58,
    "execve": 59,
    "kill": 62,
    "semget": 64,
    "msgget": 68,
    "ptrace": 101,
    "rt_sigqueueinfo": 129,
    "mount": 165,
    "tkill": 200,
    "tgkill": 234,
    "mq_open": 240,
    "add_key": 248,
    "request_key": 249,
    "keyctl": 250,
    "unshare": 272,
    "rt_tgsigqueueinfo": 297,
    "perf_event_open": 298,
    "open_by_handle_at": 304,
    "setns": 308,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "bpf": 321,
    "execveat": 322,
    "userfaultfd": 323,
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "clone3": 435,
    "pidfd_getfd": 438,
}
_REFUSES_AARCH64 = {
    "mount": 40,
    "unshare": 97,
    "ptrace": 117,
    "kill": 129,
    "tkill": 130,
    "tgkill": 131,
    "rt_sigqueueinfo": 138,
    "mq_open": 180,
    "msgget": 186,
    "semget": 190,
    "shmget": 194,
    "socket": 198,
    "socketpair": 199,
    "bind": 200,
    "listen": 201,
    "connect": 203,
    "add_key": 217,
    "request_key": 218,
    "keyctl": 219,
    "clone": 220,
    "execve": 221,
    "rt_tgsigqueueinfo": 240,
    "perf_event_open": 241,
    "open_by_handle_at": 265,
    "setns": 268,
    "process_vm_readv": 270,
    "process_vm_writev": 271,
    "bpf": 280,
    "execveat": 281,
    "userfaultfd": 282,
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "clone3": 435,
    "pidfd_getfd": 438,
}
_MACHINES = {"x86_64": (0xC000003E, _REFUSES_X86_64), "aarch64": (0xC00000B7, _REFUSES_AARCH64)}

# Instructions of the filter: load a word of the call, compare it, answer.
_LIRE, _EGAL, _AU_MOINS, _REPONDRE = 0x20, 0x15, 0x35, 0x06
_NUMERO, _ARCHITECTURE = 0, 4
_PERMIS, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_AUTRE_ABI = 0x40000000  # the same calls under other numbers
_PR_SET_SECCOMP, _MODE_FILTRE = 22, 2


class _Programme(ctypes.Structure):
    _fields_ = (("longueur", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def refuser_le_reste(libc: ctypes.CDLL) -> bool:
    """Filter the calls of this process for ever; False where the machine or the kernel has no such filter."""
    if platform.machine() not in _MACHINES:
        return False
    instructions = _instructions(*_MACHINES[platform.machine()])
    programme = _Programme(len(instructions) // 8, instructions)
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTRE, ctypes.byref(programme), 0, 0) == 0)


def _instructions(architecture: int, refuses: dict[str, int]) -> bytes:
    """Other architecture, other numbering or a refused number: EPERM. Each jump counts what it leaps over."""
    reste = len(refuses)
    suite = [
        (_LIRE, 0, 0, _ARCHITECTURE),
        (_EGAL, 0, reste + 3, architecture),
        (_LIRE, 0, 0, _NUMERO),
        (_AU_MOINS, reste + 1, 0, _AUTRE_ABI),
        *((_EGAL, reste - rang, 0, numero) for rang, numero in enumerate(refuses.values())),
        (_REPONDRE, 0, 0, _PERMIS),
        (_REPONDRE, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in suite)
