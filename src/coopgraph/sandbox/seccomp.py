"""A filter of system calls for Linux, under which a process opens no sockets; Python has no call for it, so ctypes."""

from __future__ import annotations

import ctypes
import os
import struct

_ARCHITECTURES = {"x86_64": (0xC000003E, 41, 317), "aarch64": (0xC00000B7, 198, 277)}
"""Machine -> its name in the kernel, and the numbers of socket(2) and seccomp(2)."""
_IO_URING_SETUP = 425
"""It opens sockets too, past any filter; the number is the same everywhere."""
_X32 = 0x40000000
"""Numbers from here on are calls of another kind of x86-64 programs."""
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13
"""What a filter returns: let it pass, or let the call fail as one that is not permitted (EACCES)."""
_NO_NEW_PRIVILEGES, _PARENT_DEATH_SIGNAL = 38, 1
_SET_FILTER, _ALL_THREADS = 1, 1


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def forbid_sockets() -> bool:
    """Let every later socket(2) fail, in all threads and in processes that are started; say whether that holds."""
    numbers = _ARCHITECTURES.get(os.uname().machine)
    if numbers is None:
        return False
    architecture, socket, seccomp = numbers
    program = b"".join(
        struct.pack("HBBI", *instruction)
        for instruction in (
            (_LOAD, 0, 0, 4),
            (_EQUAL, 0, 4, architecture),  # calls in another machine's numbers are refused
            (_LOAD, 0, 0, 0),
            (_AT_LEAST, 2, 0, _X32),
            (_EQUAL, 1, 0, socket),
            (_EQUAL, 0, 1, _IO_URING_SETUP),
            (_RETURN, 0, 0, _REFUSE),
            (_RETURN, 0, 0, _ALLOW),
        )
    )
    libc = ctypes.CDLL(None, use_errno=True)
    filters = _Program(len(program) // 8, program)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return bool(libc.syscall(seccomp, _SET_FILTER, _ALL_THREADS, ctypes.byref(filters)) == 0)


def end_with_parent(signal: int) -> None:
    """Have this process be sent a signal when the one that started it ends, however that ends."""
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal, 0, 0, 0)
