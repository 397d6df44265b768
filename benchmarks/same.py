"""Whether two checkouts of coopgraph give the same answers, exports and pages, byte for byte.

`python benchmarks/same.py OLD NEW --workspace DIR` runs the command line of both checkouts (their `.venv`) on copies of
a workspace and prints each output that differs; it exits with 1 where one does.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXPORTS = ("turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml", "graphml", "gexf", "csv", "node-link")
PAGES = ("page.html", "page.svg")


def commands(questions: list[str], entity: str) -> list[list[str]]:
    """Return the commands whose output is compared."""
    asked = [["query", name, "--format", "csv"] for name in questions]
    about = [["query", name, "-p", f"place={entity}", "--format", "csv"] for name in questions]
    exports = [["export", "--format", name] for name in EXPORTS]
    pages = [["view", "--format", Path(name).suffix[1:], "-o", name] for name in PAGES]
    return [*asked, *about, *exports, *pages, ["check"], ["show", entity], ["search", entity[:4]], ["questions"]]


def outputs(checkout: Path, workspace: Path, entity: str) -> dict[str, bytes]:
    """Return what the commands of a checkout write about a copy of a workspace."""
    program = str(checkout.resolve() / ".venv" / "bin" / "coopgraph")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "workspace"
        shutil.copytree(workspace, copy, ignore=shutil.ignore_patterns(".coopgraph", ".git", ".venv"))

        def run(words: list[str]) -> bytes:
            done = subprocess.run([program, *words], cwd=copy, capture_output=True, check=False)
            return done.stdout + b"\nexit %d" % done.returncode

        run(["build"])
        listed = run(["questions", "--format", "csv"]).decode().splitlines()[1:]
        names = [line.partition(",")[0] for line in listed if "," in line]
        found = {" ".join(words): run(words) for words in commands(names, entity)}
        return found | {name: (copy / name).read_bytes() for name in PAGES if (copy / name).exists()}


def main() -> None:
    """Compare, and say what differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--entity", default="Liaoning", help="what is asked about")
    options = parser.parse_args()
    old, new = (outputs(each, options.workspace, options.entity) for each in (options.old, options.new))
    differing = [name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
    print(*(differing or [f"{len(old)} outputs are the same"]), sep="\n")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
