"""The examples of tables say what their rows say, and measures and questions over them count right."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from conftest import ROOT, Run, environment
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.site import map_page


def loaded(name: str, folder: Path, *mappings: str) -> Path:
    """Return a copy of an example whose tables are loaded."""
    copy = Path(shutil.copytree(ROOT / "examples" / name, folder / name, ignore=shutil.ignore_patterns(".coopgraph")))
    for mapping in mappings or ("mapping.toml",):
        command = [sys.executable, "-m", "coopgraph", "table", mapping]
        subprocess.run(command, cwd=copy, env=environment(folder), check=True, capture_output=True)
    return copy


@pytest.fixture(scope="module")
def town_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example of twin towns, loaded: what was copied has neither graphs/ nor texts/."""
    return loaded("twin-towns", tmp_path_factory.mktemp("towns"))


@pytest.fixture(scope="module")
def towns(town_folder: Path) -> CoopGraph:
    """The graph of twin towns."""
    return load(town_folder)


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of an example."""
    with (ROOT / "examples" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_pair_of_towns_is_a_claim_of_its_row(towns: CoopGraph) -> None:
    """Each row claims its two towns twins, in its own paragraph, and each town lies in its country once."""
    same = {"Suzhou, Jiangsu": "Suzhou", "Taizhou, Zhejiang": "Taizhou"}
    pairs = [
        tuple(same.get(each[column], each[column]) for column in ("city1", "city2"))
        for each in rows("twin-towns/twin-towns.csv")
    ]
    found = towns.extract()
    called = {iri: entity.label for iri, entity in found.terms.items()}
    twins = {
        found.passages[claim.passages[0]].paragraph: (called[claim.subject], called[str(claim.object)])
        for claim in found.claims
        if claim.group == "cooperation"
    }
    assert twins == dict(enumerate(pairs, 2))
    inside = [called[claim.subject] for claim in found.claims if claim.group == "structure"]
    assert sorted(inside) == sorted({town for pair in pairs for town in pair})


def test_the_country_is_the_region_of_towns_whose_provinces_nobody_names(towns: CoopGraph) -> None:
    """A town of which only the country is known stands between as many regions as countries that its twins lie in."""
    country = {claim.subject: str(claim.object) for claim in towns.claims(group="structure")}
    twins: dict[str, set[str]] = {}
    for claim in towns.claims(group="cooperation"):
        for one, other in ((claim.subject, str(claim.object)), (str(claim.object), claim.subject)):
            twins.setdefault(one, set()).add(country[other])
    regions = towns.measures(group="cooperation")["regions"]
    assert regions == {town: len(others) for town, others in twins.items()}


def test_pairs_between_countries_are_counted_once(towns: CoopGraph) -> None:
    """A pair that is listed both ways is one pair of the two countries."""
    country = {claim.subject: str(claim.object) for claim in towns.claims(group="structure")}
    pairs = {frozenset((claim.subject, str(claim.object))) for claim in towns.claims(group="cooperation")}
    between = Counter(frozenset(country[town] for town in pair) for pair in pairs)
    counted = {
        frozenset((str(row["country"]), str(row["other"]))): row["pairs"]
        for row in towns.ask("twins-between-countries")
    }
    assert counted == {two: number for two, number in between.items() if len(two) == 2}


def test_the_folder_of_texts_is_made_again(town_folder: Path, tmp_path: Path, run: Run) -> None:
    """Where a workspace has graphs and no texts/, which often is not shared, a table makes it."""
    copy = Path(shutil.copytree(town_folder, tmp_path / "mine"))
    shutil.rmtree(copy / "texts")
    assert run("table", "mapping.toml", cwd=copy).code == 0
    assert (copy / "texts" / "twin-towns.txt").read_bytes() == (town_folder / "texts" / "twin-towns.txt").read_bytes()


def test_no_coast_runs_across_the_map() -> None:
    """No side of a coast leads from one edge of the world to the other, but for the one that surrounds a pole."""
    far = [
        latitude
        for ring in map_page._rings()
        for (before, latitude), (longitude, _) in pairwise(ring)
        if abs(before - longitude) > 180
    ]
    assert all(latitude < -80 for latitude in far)
