"""The examples of tables say what their rows say, and measures and questions over them count right."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections import Counter
from datetime import datetime
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


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> CoopGraph:
    """The example of projects, both its tables loaded."""
    return load(loaded("projects", tmp_path_factory.mktemp("projects"), "projects.toml", "register.toml"))


def test_planned_and_actual_ends_are_those_of_the_rows(projects: CoopGraph) -> None:
    """Each planned end stands beside the actual one of its row, where the row says that the project was completed."""
    days = {
        int(row["id"]): tuple(
            datetime.strptime(row[name], "%d-%b-%y").date().isoformat() if row[name] else None  # noqa: DTZ007 - a day
            for name in ("end_planned", "end_actual")
        )
        for row in rows("projects/projects.csv")
        if row["end_planned"]
    }
    completed = {int(row["id"]) for row in rows("projects/projects.csv") if row["status"] == "Completion"}
    asked = projects.ask("planned-and-actual")
    told = {
        int(str(row["project"]).rpartition("-")[2]): (str(row["due"]), str(row["done"]) if row["done"] else None)
        for row in asked
        if "aiddata" in str(row["project"])
    }
    assert told == {key: (due, done if key in completed else None) for key, (due, done) in days.items()}
    assert all((row["came"] == "late") == ((row["months"] or 0) > 0) for row in asked)


def test_a_table_tells_what_became_of_the_plans_of_a_document(projects: CoopGraph) -> None:
    """Plans of a press release are realised, open or denied as the rows of a later table report."""
    fates = {
        (str(row["subjectLabel"]), str(row["relation"]).rpartition("#")[2]): (row["fate"], str(row["happened"] or ""))
        for row in projects.ask("fates", until=2012)
    }
    assert fates == {
        ("Coast Railway", "fundedBy"): ("realised", "2013-02-11"),
        ("Coast Railway", "serves"): ("realised", "2016-10-03"),
        ("Bay Bridge", "fundedBy"): ("realised", "2014-05-20"),
        ("Bay Bridge", "serves"): ("open", ""),
        ("Harbour Terminal", "fundedBy"): ("denied", "2018-01-31"),
    }


def test_a_table_is_one_source_however_long_it_is(projects: CoopGraph, towns: CoopGraph) -> None:
    """Claims of a table are in the graph of their source, so that questions count them as one document's."""
    for graph in (projects, towns):
        counted = {str(row["source"]): row["claims"] for row in graph.ask("sources")}
        assert counted == Counter(source for claim in graph.claims() for source in claim.sources)


def test_roles_of_partners_are_relations(tmp_path: Path) -> None:
    """Who leads, takes part, supports and funds is as the rows say, and the budget is the sum of the parts."""
    graph = load(loaded("partners", tmp_path))
    roles: dict[str, dict[str, list[str]]] = {}
    budgets: Counter[str] = Counter()
    with (ROOT / "examples" / "partners" / "partners.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            roles.setdefault(row["title"], {}).setdefault(row["role"], []).append(row["organisation"])
            budgets[row["title"]] += int(row["budget"].replace(".", "") or 0)
    columns = {"leader": "Lead partner", "partners": "Partner", "associated": "Associated partner", "funders": "Funder"}
    for row in graph.ask("who-leads-what"):
        title = str(row["projectLabel"])
        told = {role: sorted(str(row[column] or "").split("; ")) for column, role in columns.items()}
        assert told == {role: sorted(roles[title].get(role, [""])) for role in columns.values()}
        assert row["budget"] == budgets.pop(title)
    assert not budgets
