"""The wheel is whole: an installed coopgraph answers questions about the bundled graph from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


def test_wheel_carries_ontology_graphs_queries_and_page(wheel: Path) -> None:
    """The wheel holds the package with its page, and ontology, graphs and queries as its data."""
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = ["data/coopgraph.toml", "data/ontology/coop.ttl", "data/graphs/hktdc-2023.ttl", "data/queries/partners.rq",
              "data/examples/every-kind-of-claim/coopgraph.toml",
              "data/examples/every-kind-of-claim/texts/report-2024.txt",
              "data/queries/derive/direct.rq", "data/queries/checks/unknown-status.rq",
              "page/network.html.j2", "py.typed",
              "reading/places.tsv", "reading/prompt.md", "reading/rules/en.toml"]  # fmt: skip
    assert {f"coopgraph/{name}" for name in wanted} <= names
    assert not [
        name
        for name in names
        if ".coopgraph/" in name or (name.endswith(".txt") and "data/" in name and "/examples/" not in name)
    ]


def test_wheel_names_its_licences(wheel: Path) -> None:
    """The wheel names the licences of code and data and carries their texts."""
    archive = zipfile.ZipFile(wheel)
    (metadata,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    text = archive.read(metadata).decode("utf-8")
    assert "License-Expression: MIT AND CC-BY-4.0" in text
    assert text.count("License-File:") == 3


def test_installed_wheel_answers_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    """From any folder and without write access to itself, an installed coopgraph answers about the bundled graph."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    (tmp_path / "elsewhere").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment.pop("COOPGRAPH_SOURCES", None)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "coopgraph", "query", "partners", "-p", "place=辽宁", "--format", "csv"],
        cwd=tmp_path / "elsewhere", env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "https://w3id.org/coopgraph/id/place/hong-kong" in done.stdout
    assert list((tmp_path / "cache").rglob("current"))
    assert not list((tmp_path / "site").rglob(".coopgraph"))
