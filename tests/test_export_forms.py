"""Exports that other programs know: RDF 1.2, nanopublications, and folders that describe the table of claims."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
from csvw import CSVW, TableGroup
from csvw.frictionless import DataPackage
from rocrate.rocrate import ROCrate

from conftest import Run, environment, write_small, write_tiny
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.errors import DataError, UsageError
from coopgraph.export import claim_table, export, folders
from coopgraph.rdf.vocab import RDF, status_iri
from hostile import TEXTS

REIFIERS = {
    "turtle-1.2": ("turtle", ox.RdfFormat.TURTLE),
    "trig-1.2": ("trig", ox.RdfFormat.TRIG),
    "ntriples-1.2": ("ntriples", ox.RdfFormat.N_TRIPLES),
}
TITLE = "“引号” \"quotes\" 'twice' 香港 | <a>&\\ \u202e"
PARTS = [ox.NamedNode(RDF + name) for name in ("subject", "predicate", "object")]


@pytest.fixture(scope="module")
def odd_graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CoopGraph]:
    """A graph without a licence or description, with a title and texts that try every writer, odd dates and numbers."""
    root = write_tiny(tmp_path_factory.mktemp("odd") / "w")
    (root / "coopgraph.toml").write_text(f'title = {json.dumps(TITLE)}\nbase = "https://example.org/id/"\n')
    bulletin = next(iter((root / "graphs").glob("bulletin*.ttl")))
    text = bulletin.read_text("utf-8")
    escaped = "".join(f"\\U{ord(letter):08X}" for letter in "".join(TEXTS) + " | ")
    bulletin.write_text(text.replace('coop:gist "', f'coop:gist "{escaped}'), "utf-8")
    with load(root) as graph:
        yield graph


@pytest.fixture(scope="module")
def empty_graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CoopGraph]:
    """A graph with two places and no claim."""
    root = write_small(tmp_path_factory.mktemp("empty") / "w")
    (root / "graphs" / "note.ttl").unlink()
    with load(root) as graph:
        yield graph


@pytest.fixture(params=["tiny_graph", "odd_graph", "empty_graph"])
def graph(request: pytest.FixtureRequest) -> CoopGraph:
    """Each of three graphs: one of everything, one that is odd, one without claims."""
    graph: CoopGraph = request.getfixturevalue(request.param)
    return graph


def folder(graph: CoopGraph, format_: str, path: Path) -> dict[str, object]:
    """Write a form of several files and return its description."""
    graph.export_to(path / format_, format_)
    described: dict[str, object] = json.loads((path / format_ / folders.FORMS[format_].name).read_text("utf-8"))
    return described


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table of claims."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("format_", REIFIERS)
def test_reifiers_say_what_the_plain_form_says(graph: CoopGraph, format_: str) -> None:
    """With each triple term taken apart again, RDF 1.2 has the quads of the form of RDF 1.1, one for each claim."""
    plain, parser = REIFIERS[format_]
    quads = list(ox.parse(graph.export(format_), format=parser))
    terms = [quad for quad in quads if quad.predicate.value == RDF + "reifies"]
    assert len(terms) == len(graph)
    apart = {
        ox.Quad(quad.subject, part, term, quad.graph_name)
        for quad in terms
        if isinstance(quad.object, ox.Triple)
        for part, term in zip(PARTS, quad.object, strict=True)
    }
    assert {*quads, *apart}.difference(terms) == set(ox.parse(graph.export(plain), format=parser))


def test_a_triple_term_has_the_number_as_it_is_written(tiny: Path) -> None:
    """In a triple term stands 310.0 where the graph file says that, which the engine keeps as 310."""
    for path in (tiny / "graphs").glob("almanac*.ttl"):
        path.write_text(path.read_text("utf-8").replace("rdf:object 310", "rdf:object 310.0"), "utf-8")
    with load(tiny) as graph:
        assert " 310.0 )>>" in graph.export("turtle-1.2")


@pytest.mark.parametrize("only", ["direct", "entities", "ontology", "claims"])
def test_parts_of_the_graph_have_reifiers_too(tiny_graph: CoopGraph, only: str) -> None:
    """A part without claims is the same in RDF 1.1 and 1.2, and the part of claims is not."""
    assert (tiny_graph.export("turtle-1.2", only=only) == tiny_graph.export("turtle", only=only)) == (only != "claims")


def nanopublications(text: str) -> Iterator[tuple[rdflib.URIRef, dict[str, rdflib.Graph]]]:
    """Yield the nanopublications of TriG as rdflib reads them, each with its four graphs."""
    dataset = rdflib.Dataset()
    dataset.parse(data=text, format="trig")
    np = rdflib.Namespace("http://www.nanopub.org/nschema#")
    for iri, _, _, head in dataset.quads((None, rdflib.RDF.type, np.Nanopublication, None)):
        links = ("hasAssertion", "hasProvenance", "hasPublicationInfo")
        (names,) = [[dataset.graph(head).value(iri, np[link]) for link in links]]
        yield iri, {"head": dataset.graph(head), **dict(zip(links, map(dataset.graph, names), strict=True))}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own use of it
def test_nanopublications_are_well_formed(graph: CoopGraph) -> None:
    """Each claim is one, of four graphs with something in each; the graphs speak of one another as they have to."""
    found = dict(nanopublications(graph.export("nanopub")))
    assert len(found) == len(graph)
    for iri, parts in found.items():
        assert len({part.identifier for part in parts.values()}) == len(parts) == 4
        assert all(map(len, parts.values()))
        assertion, provenance, about = (parts[name] for name in parts if name != "head")
        assert len(parts["head"]) == 4
        assert (assertion.identifier, rdflib.PROV.wasDerivedFrom, None) in provenance
        assert (iri, rdflib.DCTERMS.isPartOf, None) in about
        assert ((iri, rdflib.DCTERMS.license, None) in about) == bool(graph.store.manifest.get("license"))
        assert not any(isinstance(term, rdflib.BNode) for part in parts.values() for triple in part for term in triple)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own use of it
def test_a_nanopublication_asserts_what_is_so_and_no_more(tiny_graph: CoopGraph) -> None:
    """Only a realised link stands there as a triple; claim, passages and sources are described as in the store."""
    dataset = rdflib.Graph().parse(data=tiny_graph.export("ntriples"), format="nt")
    extracted = tiny_graph.extract()
    found = {str(iri).removesuffix("/nanopub"): parts for iri, parts in nanopublications(tiny_graph.export("nanopub"))}
    for claim in extracted.claims:
        parts, node = found[claim.iri], rdflib.URIRef(claim.iri)
        plain = [triple for triple in parts["hasAssertion"] if triple[0] != node]
        is_link = claim.status == "realised" and isinstance(claim.object, str)
        assert plain == ([tuple(map(rdflib.URIRef, (claim.subject, claim.predicate, claim.object)))] if is_link else [])
        assert (node, rdflib.URIRef(COOP + "status"), rdflib.URIRef(status_iri(claim.status))) in parts["hasAssertion"]
        for iri in map(rdflib.URIRef, (claim.iri, *claim.passages, *claim.sources)):
            stated = {*parts["hasAssertion"], *parts["hasProvenance"]}
            told = {triple for triple in dataset.triples((iri, None, None)) if str(triple[2]) != COOP + "Claim"}
            assert told <= stated


PROV_DERIVED = "prov:wasDerivedFrom"
COOP = "https://w3id.org/coopgraph/ontology#"


def test_a_claim_with_a_fragment_has_valid_names(small: Path) -> None:
    """An IRI has one # at most, also those of a nanopublication of a claim that has one."""
    note = small / "graphs" / "note.ttl"
    note.write_text(note.read_text("utf-8").replace("claim:note-1", "<https://example.org/doc#1>"), "utf-8")
    with load(small) as graph:
        names = {quad.graph_name.value for quad in ox.parse(graph.export("nanopub"), format=ox.RdfFormat.TRIG)}
    assert "https://example.org/doc#1/nanopub/assertion" in names
    assert all(name.count("#") == 1 for name in names)


def test_forms_of_claims_take_a_selection(tiny_graph: CoopGraph, tmp_path: Path) -> None:
    """Nanopublications, tables and folders have the claims that are chosen; RDF says that it has the whole graph."""
    wanted = [claim.iri for claim in tiny_graph.claims(status="planned")]
    assert wanted
    assert [row["claim"] for row in csv.DictReader(tiny_graph.export("csv", status="planned").splitlines())] == wanted
    assert tiny_graph.export("nanopub", status="planned").count("a np:Nanopublication") == len(wanted)
    tiny_graph.export_to(tmp_path / "d", "datapackage", status="planned")
    assert [row["claim"] for row in rows(tmp_path / "d" / "claims.csv")] == wanted
    with pytest.raises(UsageError, match="turtle holds the whole graph; leave out --status"):
        tiny_graph.export("turtle", status="planned")


def test_a_data_package_opens_in_pandas_through_its_descriptor(graph: CoopGraph, tmp_path: Path) -> None:
    """With the types that the descriptor gives, pandas reads a row a claim, dates and numbers as such."""
    resource = folder(graph, "datapackage", tmp_path)["resources"][0]  # type: ignore[index]
    fields = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    kinds = {"string": "str", "number": "float64", "date": "str"}
    frame = pd.read_csv(
        tmp_path / "datapackage" / resource["path"],
        dtype={name: kinds[kind] for name, kind in fields.items()},
        parse_dates=[name for name, kind in fields.items() if kind == "date"],
        keep_default_na=False,
        na_values=resource["schema"]["missingValues"],
    )
    assert list(frame.columns) == list(fields)
    assert list(frame["claim"]) == [claim.iri for claim in graph.claims()]
    assert frame["claim"].is_unique
    assert fields["value"] == "number"
    assert fields["valid_from"] == "date"


def test_descriptions_are_true_of_the_files(graph: CoopGraph, tmp_path: Path) -> None:
    """Sizes and checksums are those of the files, and title and licence those of the workspace."""
    package = folder(graph, "datapackage", tmp_path)
    croissant = folder(graph, "croissant", tmp_path)
    crate = {node["@id"]: node for node in folder(graph, "ro-crate", tmp_path)["@graph"]}  # type: ignore[index]
    data = (tmp_path / "datapackage" / "claims.csv").read_bytes()
    resource = package["resources"][0]  # type: ignore[index]
    assert (resource["bytes"], resource["hash"]) == (len(data), f"sha256:{sha256(data).hexdigest()}")
    assert croissant["distribution"][0]["sha256"] == sha256(data).hexdigest()  # type: ignore[index]
    for name in ("claims.csv", "claims.trig"):
        content = (tmp_path / "ro-crate" / name).read_bytes()
        assert crate[name]["sha256"] == sha256(content).hexdigest()
        assert crate[name]["contentSize"] == str(len(content))
    title, licence = graph.store.manifest["title"], graph.store.manifest.get("license")
    assert package["title"] == croissant["name"] == crate["./"]["name"] == title
    assert [one["path"] for one in package.get("licenses", [])] == [licence] * bool(licence)  # type: ignore[attr-defined]
    assert croissant.get("license") == licence
    assert licence is None or crate["./"]["license"] == {"@id": licence}


def test_csv_on_the_web_gives_the_claims_as_rdf(graph: CoopGraph, tmp_path: Path) -> None:
    """A reader of CSVW finds the table valid, and makes of each row the claim with the triple that it speaks of."""
    folder(graph, "csvw", tmp_path)
    path = str(tmp_path / "csvw" / "claims.csv-metadata.json")
    assert CSVW(path, validate=True).is_valid
    group = CSVW(path)
    described = [row["describes"][0] for row in group.to_json()["tables"][0]["row"]] if len(graph) else []
    extracted = graph.extract()
    assert [node["@id"] for node in described] == [claim.iri for claim in extracted.claims]
    for node, claim in zip(described, extracted.claims, strict=True):
        assert (node["rdf:subject"], node["rdf:predicate"]) == (claim.subject, claim.predicate)
        assert node["rdf:type"] == f"{COOP}Claim"
        assert node[f"{COOP}status"] == status_iri(claim.status)
        assert node["paragraphs"] == [extracted.passages[iri].paragraph for iri in claim.passages]
        assert node.get("passages", [node.get(PROV_DERIVED)]) == list(claim.passages)
        assert node["source_title"] == " | ".join(extracted.sources[iri].title for iri in claim.sources)
        if isinstance(claim.object, str):
            assert node["rdf:object"] == claim.object
        else:
            assert node["rdf:object"] == float(claim.object.value)


@pytest.mark.filterwarnings("ignore:Invalid property required for Datatype")  # of what it makes of the package
def test_a_reader_of_tables_finds_the_data_package_valid(graph: CoopGraph, tmp_path: Path) -> None:
    """The package is read by a program that checks each cell against its type and each row against the key."""
    described = folder(graph, "datapackage", tmp_path)
    described["resources"][0]["scheme"] = "file"  # type: ignore[index]  # this program takes no other
    (table,) = DataPackage(described, tmp_path / "datapackage").to_tablegroup(TableGroup).tables
    assert table.tableSchema.primaryKey == ["claim"]
    assert table.check_primary_key()
    assert len(list(table)) == len(graph)


def test_croissant_has_what_the_specification_demands(graph: CoopGraph, tmp_path: Path) -> None:
    """What it must say is said, and each field is drawn from a column of the table that is distributed."""
    described = folder(graph, "croissant", tmp_path)
    needed = {"@context", "@type", "conformsTo", "description", "name", "url", "datePublished", "distribution"}
    assert needed <= set(described)
    (file,), (records,) = described["distribution"], described["recordSet"]  # type: ignore[misc]
    header = (tmp_path / "croissant" / file["contentUrl"]).read_text("utf-8").splitlines()[0].split(",")
    assert [field["source"]["extract"]["column"] for field in records["field"]] == header
    assert {field["source"]["fileObject"]["@id"] for field in records["field"]} == {file["@id"]}
    assert records["key"]["@id"] in {field["@id"] for field in records["field"]}


def test_rocrate_opens_the_crate(graph: CoopGraph, tmp_path: Path) -> None:
    """The library of RO-Crate finds title, day, licence and both files, and writes the same crate again."""
    folder(graph, "ro-crate", tmp_path)
    crate = ROCrate(tmp_path / "ro-crate")
    assert crate.name == graph.store.manifest["title"]
    assert crate.datePublished.year >= 2021
    assert crate.license
    assert {file.id for file in crate.data_entities} == {"claims.csv", "claims.trig"}
    crate.write(tmp_path / "again")
    assert {path.name for path in (tmp_path / "again").iterdir()} == set(folders.FORMS["ro-crate"].files)


def test_odd_dates_and_numbers_make_a_column_text(tmp_path: Path) -> None:
    """A year before ours is no date and INF no number to most programs, so their columns are called text."""
    assert claim_table._is_date("2014-02-28")
    assert not any(
        map(claim_table._is_date, ("-0044-03-15", "2014-02-30", "20140228", "2014-02-28Z", "12014-01-01", ""))
    )
    assert all(map(claim_table._is_number, ("310", "49.60", "-1.0e6", "007", ".5")))
    assert not any(map(claim_table._is_number, ("INF", "NaN", "1,000", "", "x", "1e")))


@pytest.mark.parametrize("format_", export.FOLDERS)
def test_a_folder_of_ours_is_written_again_and_no_other(tiny_graph: CoopGraph, tmp_path: Path, format_: str) -> None:
    """New, empty and our own folders are written; files, devices and whatever holds something else are left alone."""
    target = tmp_path / "out"
    target.mkdir()
    tiny_graph.export_to(target, format_)
    first = {path.name: path.read_bytes() for path in target.iterdir()}
    assert set(first) == set(folders.FORMS[format_].files)
    tiny_graph.export_to(target, format_, status="planned")
    tiny_graph.export_to(target, format_)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == first
    (target / "mine.txt").write_text("mine")
    for other in (target, target / "mine.txt", Path("/dev/null")):
        with pytest.raises(DataError, match=r"holds other files; name|is no folder, as several files need; name"):
            tiny_graph.export_to(other, format_)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == {**first, "mine.txt": b"mine"}


def test_a_folder_that_looks_alike_is_not_ours(tiny_graph: CoopGraph, tmp_path: Path) -> None:
    """Files of the same names that somebody else wrote stay."""
    for name in folders.FORMS["datapackage"].files:
        (tmp_path / name).write_text("{}")
    with pytest.raises(DataError, match="holds other files"):
        tiny_graph.export_to(tmp_path, "datapackage")
    assert {path.read_text() for path in tmp_path.iterdir()} == {"{}"}


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, OSError(28, "No space left on device"), BrokenPipeError])
def test_a_failure_leaves_no_folder(
    tiny_graph: CoopGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    """What is interrupted or finds the disk full leaves nothing behind, and a former export as it was."""
    tiny_graph.export_to(tmp_path / "old", "ro-crate")
    before = {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()}

    def fail(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(folders.nanopublications, "write", fail)
    for name in ("old", "new"):
        with pytest.raises((KeyboardInterrupt, DataError)):
            tiny_graph.export_to(tmp_path / name, "ro-crate")
    assert {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_the_command_line_says_what_is_wrong(run: Run, small: Path, tmp_path: Path) -> None:
    """Without a folder, with one that is not ours, or with options that a form has not, one line says what to do."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("")
    cases = [
        (["datapackage"], 2, "datapackage is a folder of several files; name it with -o DIR"),
        (["csvw", "-o", "full"], 3, "full: holds other files; name a folder that is new, empty or of the same form"),
        (
            ["csvw", "-o", "full/x"],
            3,
            "full/x: is no folder, as several files need; name a folder that is new or empty",
        ),
        (["csvw", "-o", "no/way"], 3, "no/way: the folder no does not exist; create it first"),
        (["ro-crate", "--only", "direct", "-o", "new"], 2, "ro-crate holds claims and nothing else; leave out --only"),
        (["trig-1.2", "--since", "2014"], 2, "trig-1.2 holds the whole graph; leave out --status, --group, --field"),
        (["nanopub", "--source", "nobody"], 2, "no source is called 'nobody'"),
    ]
    for arguments, code, said in cases:
        done = run("-w", small, "export", "--format", *arguments, cwd=tmp_path)
        assert (done.code, done.out) == (code, "")
        assert done.error.startswith(said), done.error
    assert not (tmp_path / "new").exists()
    done = run("-w", small, "export", "--format", "csvw", "-o", "new/", "--status", "realised", cwd=tmp_path)
    assert (done.code, done.out) == (0, "")
    assert len(rows(tmp_path / "new" / "claims.csv")) == 1


def test_folders_are_the_same_to_the_byte(tiny: Path) -> None:
    """Two processes with different hash seeds give the same bytes in every folder."""
    code = (
        "import sys\nfrom coopgraph import load\nfrom coopgraph.export.export import FOLDERS\n"
        "with load('.') as graph:\n    [graph.export_to(f'{sys.argv[1]}-{form}', form) for form in FOLDERS]"
    )
    for seed in ("0", "4711"):
        env = environment(tiny, {"PYTHONHASHSEED": seed})
        subprocess.run([sys.executable, "-c", code, seed], cwd=tiny, env=env, check=True)
    paths = list(tiny.glob("0-*/*"))
    assert len(paths) == sum(len(form.files) for form in folders.FORMS.values())
    for path in paths:
        other = tiny / path.parent.name.replace("0-", "4711-", 1) / path.name
        assert path.read_bytes() == other.read_bytes()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_frictionless_finds_the_data_package_valid(graph: CoopGraph, tmp_path: Path) -> None:
    """Frictionless, where it is installed, finds nothing wrong with descriptor, checksum, cells and key."""
    frictionless = pytest.importorskip("frictionless")
    folder(graph, "datapackage", tmp_path)
    report = frictionless.Package(str(tmp_path / "datapackage" / "datapackage.json")).validate()
    assert report.valid, report.flatten()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_mlcroissant_reads_the_dataset(graph: CoopGraph, tmp_path: Path) -> None:
    """The library of Croissant, where it is installed, finds no error and reads a record a claim."""
    mlcroissant = pytest.importorskip("mlcroissant")
    folder(graph, "croissant", tmp_path)
    dataset = mlcroissant.Dataset(str(tmp_path / "croissant" / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    assert len(list(dataset.records("claims"))) == len(graph)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_nanopub_finds_the_nanopublications_valid(tiny_graph: CoopGraph) -> None:
    """The library of nanopublications, where it is installed, finds each of them valid."""
    nanopub = pytest.importorskip("nanopub")
    for _, parts in nanopublications(tiny_graph.export("nanopub")):
        one = rdflib.ConjunctiveGraph()
        for part in parts.values():
            one.addN((*triple, one.get_context(part.identifier)) for triple in part)
        assert nanopub.Nanopub(rdf=one).is_valid
