"""Remove network access from a process that does not need it. Python's own calls are refused; on Linux the kernel
refuses all others too, also those of programs that the process starts."""

from __future__ import annotations

import sys

SOCKET_EVENTS = {
    "socket.connect",
    "socket.bind",
    "socket.sendto",
    "socket.sendmsg",
    "socket.getaddrinfo",
    "socket.gethostbyname",
}
"""The audit events that Python raises before it uses a socket."""


def refuse_sockets() -> None:
    """Make any attempt of Python code to connect or listen an error from now on, because reading a file needs no
    network."""

    def watch(event: str, _: tuple) -> None:
        """Raise PermissionError for events about sockets; called by the interpreter before each audited action."""
        if event in SOCKET_EVENTS:
            raise PermissionError(f"reading a file may not use the network ({event})")

    sys.addaudithook(watch)


_NATIVE = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}
"""Type of machine to (the kernel's number for it, number of the call socket, number of the call io_uring_setup), from
Linux <asm/unistd.h>."""


def close_network() -> bool:
    """Have the kernel refuse every network socket from now on, also to libraries in C and to programs that this process
    starts.

    Uses a filter of system calls (seccomp): socket() of any family but AF_UNIX, and io_uring_setup(), fail with EACCES.
    Returns whether the filter is active; False on other systems and machines, where only `refuse_sockets` protects,
    which affects only Python's own calls.
    """
    import ctypes
    import platform
    import struct

    if sys.platform != "linux" or platform.machine() not in _NATIVE:
        return False
    machine, socket_call, ring_call = _NATIVE[platform.machine()]
    refuse, allow = 0x00050000 | 13, 0x7FFF0000  # SECCOMP_RET_ERRNO with EACCES, SECCOMP_RET_ALLOW
    load, equal, give = 0x20, 0x15, 0x06  # BPF: load a word, jump if equal, return
    steps = [
        (load, 0, 0, 4),  # offset of the machine architecture
        (equal, 1, 0, machine),
        (give, 0, 0, refuse),  # refuse calls with the numbers of another architecture
        (load, 0, 0, 0),  # offset of the system call number
        (equal, 4, 0, ring_call),
        (equal, 0, 2, socket_call),
        (load, 0, 0, 16),  # offset of the first argument: the address family
        (equal, 0, 1, 1),  # AF_UNIX
        (give, 0, 0, allow),
        (give, 0, 0, refuse),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, set_filter, by_filter = 38, 22, 2  # PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER
    return libc.prctl(no_new_privileges, 1, 0, 0, 0) == 0 and libc.prctl(set_filter, by_filter, program, 0, 0) == 0
