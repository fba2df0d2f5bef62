"""The process that reads a file cannot reach a network, whatever its libraries do."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SCRIPT = """
import ctypes, errno, json, os, socket
from kb.no_network import close_network
holds = close_network()
libc = ctypes.CDLL(None, use_errno=True)
def tried(family):
    number = libc.socket(family, socket.SOCK_STREAM, 0)
    return "open" if number >= 0 else errno.errorcode[ctypes.get_errno()]
found = {name: tried(getattr(socket, name)) for name in ("AF_INET", "AF_INET6", "AF_NETLINK", "AF_UNIX")}
child = os.popen("python3 -c 'import socket; socket.socket()' 2>&1 || true").read()
print(json.dumps([holds, found, "PermissionError" in child]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the filter of system calls is Linux's")
def test_kernel_refuses_sockets_to_libraries_in_c_and_to_programs_that_are_started():
    done = subprocess.run([sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True)
    holds, found, child = json.loads(done.stdout)
    if not holds:
        pytest.skip("this machine has no filter of system calls, or another processor")
    assert found == {"AF_INET": "EACCES", "AF_INET6": "EACCES", "AF_NETLINK": "EACCES", "AF_UNIX": "open"} and child
