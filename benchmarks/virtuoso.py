"""A Virtuoso server of our own, where Debian's package is installed: own data folder, loopback, ended at the end."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path
from time import perf_counter
from urllib.error import URLError
from urllib.request import urlopen

PROGRAM = shutil.which("virtuoso-t") or "/usr/bin/virtuoso-t"
_ISQL = shutil.which("isql-vt") or shutil.which("isql-v") or "isql-vt"

_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 340000
MaxDirtyBuffers = 250000
DirsAllowed = {data}
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
[SPARQL]
ResultSetMaxRows = 100000
MaxQueryExecutionTime = 10
"""


def installed() -> bool:
    """Say whether there is a Virtuoso to run."""
    return Path(PROGRAM).exists() and shutil.which(_ISQL) is not None


class Server:
    """A running server loaded with `all.nq` of a folder; use it in a `with` statement."""

    def __init__(self, folder: Path) -> None:
        self.load_seconds = self.peak_mb = 0.0
        self._data = folder
        self._folder = folder / "virtuoso"
        self._sql, self._http = free_port(), free_port()

    def __enter__(self) -> Server:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()
        ini = self._folder / "virtuoso.ini"
        ini.write_text(_INI.format(folder=self._folder, data=self._data, sql=self._sql, http=self._http))
        address = f"http://127.0.0.1:{self._http}/sparql"
        (self._folder / "address").write_text(address)
        self._process = subprocess.Popen([PROGRAM, "-f", "-c", str(ini)], cwd=self._folder, stderr=subprocess.DEVNULL)
        try:
            self._wait(address)
            start = perf_counter()
            self._run(f"ld_dir('{self._data}', 'all.nq', 'urn:none'); rdf_loader_run(); checkpoint;")
            self.load_seconds = perf_counter() - start
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        status = Path(f"/proc/{self._process.pid}/status")
        if status.exists():
            peak = next((line for line in status.read_text().splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
            self.peak_mb = int(peak.split()[1]) / 1024
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, commands: str) -> None:
        subprocess.run(
            [_ISQL, f"127.0.0.1:{self._sql}", "dba", "dba", f"exec={commands}"], check=True, capture_output=True
        )

    def _wait(self, address: str) -> None:
        for _ in range(300):
            try:
                urlopen(address, timeout=5).close()
            except (URLError, OSError):
                time.sleep(0.2)
            else:
                return
        raise TimeoutError("Virtuoso has not started")


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
