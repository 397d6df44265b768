"""The examples that can be copied are whole workspaces in which all is well, and the page on claims shows them so."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import doc_examples
from conftest import ROOT, Run
from coopgraph.ask.graph import load
from coopgraph.claims import workspace
from coopgraph.claims.model import Quantity
from coopgraph.rdf.vocab import STATUSES

EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/coopgraph.toml"))
CLAIMS = ROOT / "examples" / "every-kind-of-claim"


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.name)
def example(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A fresh copy of an example."""
    return Path(shutil.copytree(request.param, tmp_path / "mine", ignore=shutil.ignore_patterns(".coopgraph")))


@pytest.mark.sampled(1)
def test_an_example_has_nothing_to_be_mended(example: Path, run: Run) -> None:
    """An example that was copied, its tables loaded, has nothing to mend, all its passages verified, and is sorted."""
    for mapping in sorted(example.glob("*.toml")):
        if "[table]" in mapping.read_text("utf-8"):
            assert run("table", mapping.name, cwd=example).code == 0
    checked = run("check", "--strict", cwd=example)
    assert (checked.code, checked.out) == (0, "")
    passages = sum(path.read_text("utf-8").count(" a coop:Passage ;") for path in (example / "graphs").rglob("*.ttl"))
    assert f"{passages} passages verified against their texts" in checked.err
    assert run("format", "--check", cwd=example).code == 0


def test_there_is_an_example_of_every_kind_of_claim(tmp_path: Path) -> None:
    """The example has every status, precision and relation group, figures, speakers, relayers and occasions."""
    with load(shutil.copytree(CLAIMS, tmp_path / "mine", ignore=shutil.ignore_patterns(".coopgraph"))) as graph:
        claims = graph.claims()
        groups = {row["group"] for row in graph.ask("relations")}
    assert {claim.status for claim in claims} == set(STATUSES)
    precisions = {value for claim in claims for value in (claim.valid_from_precision, claim.valid_to_precision)}
    assert precisions == {None, "day", "month", "year", "decade", "century"}
    assert {claim.group for claim in claims} == {str(group).rpartition("/")[2] for group in groups}
    figures = [claim.object for claim in claims if isinstance(claim.object, Quantity)]
    assert any(figure.share_of for figure in figures)
    assert all(figure.unit and figure.as_of for figure in figures)
    assert max(len(claim.speakers) for claim in claims) > 1
    assert any(claim.relayers and claim.speakers and claim.occasions for claim in claims)


def test_the_page_on_claims_shows_what_the_files_say() -> None:
    """Each block of Turtle on the page stands so in the example, and each claim of its first source is on the page."""
    page = (doc_examples.ROOT / "docs" / "claims.md").read_text("utf-8")
    files = "\n".join(path.read_text("utf-8") for path in sorted((CLAIMS / "graphs").glob("*.ttl")))
    blocks = [each for block in re.findall(r"```turtle\n(.*?)```", page, re.DOTALL) for each in block.split("\n\n")]
    for block in blocks:
        assert f"\n{block.strip()}\n" in files
    unseen = set(re.findall(r"^(claim:\S+) a ", files, re.MULTILINE)) - {block.split()[0] for block in blocks}
    assert unseen == {"claim:report-2024-22"}  # a post in an organisation, which another claim shows


def test_examples_are_brought_with_the_package() -> None:
    """An example is read beside the bundled graph."""
    assert (workspace.bundled() / "examples" / CLAIMS.name / "coopgraph.toml").is_file()
