"""What tests of reviews share: a document in a workspace, claims proposed from it, and a person who decides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from coopgraph.ask.graph import load
from coopgraph.claims import passages, workspace
from coopgraph.reading import acceptance, gates, graph_files, propose, records
from coopgraph.reading.model import Document, Draft, Mention, Origin, Proposal, proposal_id
from coopgraph.reading.page import Page
from coopgraph.reading.review import Session
from coopgraph.reading.vocabulary import Vocabulary, vocabulary

SOURCE = "release"
PLACE, PERSON = "https://example.org/id/place/", "https://example.org/id/person/"
TEXT = (
    "Two offices\n"
    "Northport cooperates with Coast Province. The Harbour Association supports Northport.\n"
    "Northport could trade with Eastland, Ada Lin said. Northport had 7.5 million people in 2019.\n"
    "Nothing is linked here.\n"
)
DRAFTS = (
    Draft("rules:t", "Northport cooperates with Coast Province.", "Northport", "cooperatesWith", "Coast Province"),
    Draft("rules:t", "The Harbour Association supports Northport.", "Harbour Association", "supports", "Northport"),
    Draft("rules:t", "Northport could trade with Eastland, Ada Lin said.", "Northport", "tradesWith", "Eastland",
          status="potential", cue="could", speakers=("Ada Lin",)),
    Draft("rules:t", "Northport had 7.5 million people in 2019.", "Northport", "population", "7.5 million people",
          as_of="2019"),
)  # fmt: skip


def document(text: str = TEXT, source: str = SOURCE, **facts: str | None) -> Document:
    """Return a document with a text whose first line is a heading."""
    digest = passages.digest(text)
    lines = len([line for line in text.splitlines() if line.strip()])
    kinds = ("heading", *("text",) * (lines - 1))
    given = {"title": "Two offices", "publisher": "The Gazette", "issued": "2020-06-01", "language": "en"} | facts
    origin = Origin(f"{source}.html", digest, "text/html", "test", digest, kinds=kinds, **given)  # type: ignore[arg-type]
    return Document(source, text, origin)


def words_of(folder: Path) -> Vocabulary:
    """Return the vocabulary of a workspace as it is now."""
    with load(folder) as graph:
        return vocabulary(graph.store)


def prepare(folder: Path, of: Document | None = None, drafts: tuple[Draft, ...] = DRAFTS) -> list[Proposal]:
    """Put a document and what is proposed from it into a workspace."""
    of = of or document()
    space = workspace.find(folder)
    records.save(of, space)
    with load(folder) as graph:
        page: Page = propose.page_of(of, graph.store, propose.judgements(space))
    checked = [gates.check(draft, page) for draft in drafts]
    proposals = [each for each in checked if isinstance(each, Proposal)]
    assert len(proposals) == len(checked), checked
    propose.save(propose.Outcome(proposals, []), space, of.source)
    return proposals


def session(folder: Path, by: str = "ann", source: str = SOURCE) -> Session:
    """Return a person who reviews the document."""
    return Session(workspace.find(folder), source, by)


def decide_all(one: Session) -> None:
    """Accept all that is open, and call all paragraphs complete."""
    while one.review.open:
        one.act("accept", one.review.open[0])
    for number in one.review.incomplete:
        one.complete(number)


def accept(folder: Path, source: str = SOURCE) -> acceptance.Acceptance:
    """Accept what was decided."""
    one = session(folder, source=source)
    accepted = acceptance.acceptance(one.workspace, one.review, words_of(folder))
    graph_files.save(accepted.files, one.workspace)
    return accepted


def decide_by_hand(one: Session) -> None:
    """Do through the state machine what scripted people do at a terminal and on a page."""
    first, _, third, fourth = one.review.items
    one.act("unsure", first)
    one.speak(2, 2, [Mention("Ada Lin", 0, 0, f"{PERSON}ada-lin", implied=True)])
    one.act("accept", one.review.items[1])
    one.act("undo", one.review.items[1])
    one.act("accept", one.review.items[1])
    added = addition(one)
    one.add(added)
    one.complete(2)
    changed = replace(third.claim, status="planned")
    one.act("edit", third, claim=changed, gist="A hope for trade.")
    one.act("reject", fourth, reason="not said")
    one.complete(3)
    one.complete(4)
    one.act("accept", one.review.open[0])


def addition(one: Session) -> Proposal:
    """Return the claim that nobody proposed."""
    words = "The Harbour Association supports Northport."
    start = one.document.text.index(words)
    at, end = start + words.index("Northport"), start + len(words)
    subject = Mention("Northport", at, at + 9, f"{PLACE}northport", kind="SpecialAdministrativeRegion")
    target = Mention("Eastland", start, end, f"{PLACE}eastland", kind="Country", implied=True)
    name = proposal_id(words, "Northport", "cooperatesWith", "Eastland")
    predicate = one.review.items[0].claim.predicate
    return Proposal(name, "release", 2, start, end, words, subject, predicate, target, "denied", ("person",))
