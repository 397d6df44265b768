"""What only some systems have is never needed: without it coopgraph builds, answers, draws and exports as ever."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conftest import environment

_POOR = '''
import os, signal, subprocess, sys

MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "readline"}
OF_OS = """fork forkpty link symlink mkfifo mknod geteuid getuid fchmod chown sched_getaffinity killpg setsid getpgid
pread O_NONBLOCK O_NOFOLLOW O_DIRECTORY O_CLOEXEC O_NOCTTY sysconf posix_spawn nice sendfile copy_file_range"""
OF_SIGNAL = """set_wakeup_fd setitimer alarm pthread_sigmask sigwait pthread_kill SIGALRM SIGKILL SIGHUP SIGPIPE SIGCHLD
SIGQUIT SIGUSR1 SIGUSR2 SIGSTOP SIGTSTP SIGCONT SIGWINCH SIGXCPU"""

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
for name in MODULES:
    sys.modules.pop(name, None)
for module, names in ((os, OF_OS), (signal, OF_SIGNAL)):
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks = set(), set(), set()
from coopgraph.cli import main
sys.argv[0] = "coopgraph"
sys.exit(main())
'''


def poor(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a Python that has nothing which only POSIX systems have."""
    command = [sys.executable, "-c", _POOR, *arguments]
    return subprocess.run(command, cwd=root, env=environment(root), capture_output=True, check=False, timeout=120)


COMMANDS = [
    (("build",), b""),
    (("query", "classes", "--format", "csv"), b"class,"),
    (("search", "Eastport", "--format", "csv"), b"thing,"),
    (("show", "Eastport"), b"Eastport"),
    (("export", "--format", "turtle"), b"@prefix"),
    (("view", "-o", "page.html"), b""),
    (("build", "--full"), b""),
]


def test_without_what_only_posix_has_the_main_job_is_done(small: Path) -> None:
    """A graph is built, asked, searched, drawn, exported, changed and built again without fork, links and the like."""
    for arguments, start in COMMANDS:
        done = poor(small, *arguments)
        assert done.returncode == 0, (arguments, done.stderr.decode())
        assert done.stdout.startswith(start), (arguments, done.stdout[:200])
    note = small / "graphs" / "note.ttl"
    note.write_text(note.read_text("utf-8").replace("claim:note-2", "claim:note-9"), "utf-8")
    assert b"note-9" in poor(small, "export", "--format", "ntriples").stdout
    assert (small / "page.html").read_bytes().lower().startswith(b"<!doctype html>")


@pytest.mark.parametrize("name", ["fork", "link", "symlink"])
def test_nothing_of_ours_names_what_only_posix_has(name: str) -> None:
    """No module of the package calls what other systems lack without asking for it first."""
    root = Path(__file__).parents[1] / "src" / "coopgraph"
    texts = {path.name: path.read_text("utf-8") for path in root.rglob("*.py")}
    assert [
        file for file, text in texts.items() if f"os.{name}(" in text and f'hasattr(os, "{name}")' not in text
    ] == []
