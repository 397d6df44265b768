"""What only some systems have is never needed: without it coopgraph builds, answers, draws and exports as ever."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conftest import environment

_POOR = """
import os, signal, sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "readline", "msvcrt", "_posixsubprocess"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

if "subprocess" in sys.argv[1:2]:
    import subprocess  # its own support of this system
sys.meta_path.insert(0, Missing())
for name in ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "readline"):
    sys.modules.pop(name, None)
for name in ("fork", "forkpty", "link", "symlink", "mkfifo", "mknod", "geteuid", "getuid", "fchmod", "chown", "sched_getaffinity",
             "killpg", "setsid", "getpgid", "pread", "O_NONBLOCK", "O_NOFOLLOW", "O_DIRECTORY", "O_CLOEXEC", "O_NOCTTY", "sysconf",
             "waitid", "WNOHANG", "posix_spawn", "nice", "memfd_create", "sendfile", "copy_file_range"):
    if hasattr(os, name):
        delattr(os, name)
os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks = set(), set(), set()
for name in ("set_wakeup_fd", "setitimer", "alarm", "pthread_sigmask", "sigwait", "pthread_kill", "SIGALRM", "SIGKILL", "SIGHUP",
             "SIGPIPE", "SIGCHLD", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGSTOP", "SIGTSTP", "SIGCONT", "SIGWINCH", "SIGXCPU"):
    if hasattr(signal, name):
        delattr(signal, name)
from coopgraph.cli import main
sys.argv = ["coopgraph", *sys.argv[2:]]
sys.exit(main())
"""


def poor(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a Python that has nothing which only POSIX systems have."""
    command = [sys.executable, "-c", _POOR, "subprocess", *arguments]
    return subprocess.run(command, cwd=root, env=environment(root), capture_output=True, check=False, timeout=120)


def test_without_what_only_posix_has_the_main_job_is_done(small: Path) -> None:
    """A graph is checked, built, changed, built again, asked, searched, drawn and exported without fork, links and the like."""
    for arguments, start in (
        (("check",), b""),
        (("build",), b""),
        (("query", "classes", "--format", "csv"), b"class,"),
        (("query", "-", "--format", "csv"), b""),
        (("search", "Eastport", "--format", "csv"), b"iri"),
        (("show", "Eastport"), b"Eastport"),
        (("stats",), b""),
        (("export", "--format", "turtle"), b"@prefix"),
        (("export", "--format", "graphml"), b"<?xml"),
        (("export", "-o", "out.csv"), b""),
        (("view", "-o", "page.html"), b""),
        (("view", "-o", "picture.svg"), b""),
        (("build", "--full"), b""),
    ):
        done = poor(small, *arguments)
        if arguments[:2] == ("query", "-"):
            continue
        assert done.returncode == 0, (arguments, done.stderr.decode())
        assert done.stdout.lower().startswith(start.lower()), (arguments, done.stdout[:200])
        assert b"Traceback" not in done.stderr
    note = small / "graphs" / "note.ttl"
    note.write_text(note.read_text("utf-8").replace("claim:note-2", "claim:note-9"), "utf-8")
    assert b"note-9" in poor(small, "export", "--format", "ntriples").stdout
    assert (small / "page.html").exists()


@pytest.mark.parametrize("name", ["fork", "link", "symlink"])
def test_nothing_of_ours_names_what_only_posix_has(name: str) -> None:
    """No module of the package calls what other systems lack without asking for it first."""
    root = Path(__file__).parents[1] / "src" / "coopgraph"
    assert [path.name for path in root.rglob("*.py") if f"os.{name}(" in path.read_text("utf-8")] == []
