"""From the measured numbers to the table, the page and the plot."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import exp, log
from typing import TYPE_CHECKING, Any

from plot import svg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

Measured = dict[str, Any]

OTHERS = ("pyoxigraph", "rdflib", "virtuoso")
GOALS_FOR = 1_000_000
"""The size from which on goals are judged."""
_LARGE = 2_000_000
"""The size beyond which only these figures have goals: what a graph ten times as large must still keep."""
_GOALS_WHEN_LARGE = ("peak memory of the build", "rebuild after", "pair with passages", "that count")


@dataclass(frozen=True)
class Row:
    """A line of the table: our number, those of the others, and the goal with whether it is reached."""

    figure: str
    unit: str
    ours: float | None
    others: Mapping[str, str] = field(default_factory=dict)
    goal: str = ""
    reached: bool | None = None


def rows(at: Measured) -> list[Row]:
    """Return the figures of one size."""
    found = [row for make in (_build, _questions, _processes, _forms, _texts) for row in make(at)]
    if at["size"] <= _LARGE:
        return found
    kept = [any(part in row.figure for part in _GOALS_WHEN_LARGE) for row in found]
    return [row if keep else replace(row, goal="", reached=None) for row, keep in zip(found, kept, strict=True)]


def _of(at: Measured, task: str, key: str = "seconds") -> float | None:
    number = at.get("tasks", {}).get(task, {}).get(key)
    return None if number is None else float(number)


@dataclass(frozen=True)
class Goal:
    """What is to be reached: in words, and as a test of the number that it is judged by."""

    words: str
    test: Callable[[float], bool]

    def row(
        self,
        figure: str,
        unit: str,
        ours: float | None,
        others: Mapping[str, str] | None = None,
        judged: float | None = None,
    ) -> Row:
        """Return a row judged by `judged`, or else by our number itself."""
        number = ours if judged is None else judged
        return Row(figure, unit, ours, others or {}, self.words, None if number is None else self.test(number))


def _beside(figure: str, at: Measured, task: str, goal: Goal, other: str, theirs: float | None) -> Row:
    """Return a row of seconds, judged by how they compare with those of another engine."""
    ours = _of(at, task)
    judged = ours / theirs if ours and theirs else None
    return Row(figure, "s", ours, {other: _shown(theirs)}, goal.words, None if judged is None else goal.test(judged))


def _at_most(times: float, other: str) -> Goal:
    return Goal(f"≤ {times:g} × {other}", lambda ratio: ratio <= times)


def _faster(times: float, other: str) -> Goal:
    return Goal(f"≥ {times:g} × faster than {other}", lambda ratio: ratio <= 1 / times)


def _below(limit: float, words: str = "") -> Goal:
    return Goal(words or f"< {limit:,g}", lambda number: number < limit)


def _above(limit: float) -> Goal:
    return Goal(f"≥ {limit:,g}", lambda number: number >= limit)


def _build(at: Measured) -> Iterator[Row]:
    seconds, triples = _of(at, "build"), _of(at, "build", "triples")
    if seconds is None or triples is None:
        return
    large = triples > _LARGE
    engines = {name: engine for name, engine in at.get("engines", {}).items() if name != "coopgraph"}
    loads = {"pyoxigraph": _of(at, "raw_build"), **{n: e["load"] for n, e in engines.items() if n != "pyoxigraph"}}
    peaks = {name: _shown(engine.get("peak_mb")) for name, engine in engines.items()}
    peaks["pyoxigraph"] = _shown(_of(at, "raw_build", "peak_mb"))
    yield _above(40_000).row("whole build", "triples/s", triples / seconds)
    yield Row("whole build; of others, load", "s", seconds, {name: _shown(load) for name, load in loads.items()})
    yield Row("processor time of that, all processes", "s", _of(at, "build", "cpu"))
    yield _below(4_000 if large else 1_200).row("peak memory of the build", "MB", _of(at, "build", "peak_mb"), peaks)
    rebuilt = _below(3.0 if large else 1.5, "< 1.5, at 10M < twice that")
    yield rebuilt.row("rebuild after one source changed", "s", _of(at, "rebuild"))
    yield Row("peak memory of the rebuild", "MB", _of(at, "rebuild", "peak_mb"))


def _questions(at: Measured) -> Iterator[Row]:
    asked = at.get("questions", {})
    if not asked:
        return
    yield from _means("questions", asked, "pyoxigraph", _at_most(1.1, "pyoxigraph"))
    yield from _means("questions", asked, "rdflib", _faster(15, "rdflib"))
    yield from _means("that count, the same text", asked, "virtuoso", _at_most(2, "Virtuoso"))
    yield from _means("that count, Virtuoso asked plainly", asked, "plain", _at_most(2, "Virtuoso"))
    pair = asked.get("claims-between", {})
    cells = {engine: _cell(answer) for engine, answer in pair.items()}
    yield _below(20).row("pair with passages", "ms", _milliseconds(pair.get("coopgraph", {})), cells)


def _means(which: str, asked: Measured, other: str, goal: Goal) -> Iterator[Row]:
    """Yield the geometric means of the questions that both engines answer; a limit reached counts as its seconds."""
    pairs = list(_pairs(asked.values(), other))
    if not pairs:
        return
    ours, theirs = (1000 * mean(pair[place] for pair in pairs) for place in (0, 1))
    late = sum(pair[2] for pair in pairs)
    shown = f"{'> ' if late else ''}{_shown(theirs)}" + (f" ({late} cut off)" if late else "")
    column = "virtuoso" if other == "plain" else other
    row = goal.row(f"geometric mean of {len(pairs)} {which}", "ms", ours, {column: shown}, ours / theirs)
    yield row if row.reached or not late else replace(row, reached=None)  # with all the time, theirs may take longer


def _pairs(asked: Iterable[Measured], other: str) -> Iterator[tuple[float, float, bool]]:
    """Yield (our seconds, theirs, whether theirs is only the limit) of the questions that both answer alike."""
    for answers in asked:
        ours, theirs = answers.get("coopgraph", {}), answers.get(other, {})
        late = theirs.get("error") == "late"
        if "seconds" in ours and ("seconds" in theirs or late):
            yield ours["seconds"], theirs["limit"] if late else theirs["seconds"], late


def mean(numbers: Iterable[float]) -> float:
    """Return the geometric mean."""
    logs = [log(number) for number in numbers]
    return exp(sum(logs) / len(logs))


def _processes(at: Measured) -> Iterator[Row]:
    taken = at.get("processes", {})
    for ours, bare, figure, limit in (
        ("query", "bare query", "`coopgraph query`, whole process, CPU; a script with click", 1.6),
        ("help", "bare help", "`coopgraph --help`, CPU; `import click`", 1.5),
    ):
        if taken.get(ours) and taken.get(bare):
            one, other = 1000 * taken[ours]["cpu"], 1000 * taken[bare]["cpu"]
            yield _at_most(limit, "bare").row(figure, "ms", one, {"pyoxigraph": _shown(other)}, one / other)


def _forms(at: Measured) -> Iterator[Row]:
    yield _beside("sorted Turtle", at, "turtle", _faster(3, "rdflib"), "rdflib", _of(at, "rdflib_forms"))
    yield Row("peak memory of sorted Turtle", "MB", _of(at, "turtle", "peak_mb"))
    yield _beside("N-Quads", at, "nquads", _at_most(1.3, "pyoxigraph"), "pyoxigraph", _of(at, "raw_nquads"))
    yield Row("peak memory of N-Quads", "MB", _of(at, "nquads", "peak_mb"))
    rows_of = _of(at, "raw_networkx")
    yield _beside("`to_networkx`", at, "networkx", _at_most(1.5, "pyoxigraph rows"), "pyoxigraph", rows_of)
    triples = _of(at, "rdflib_forms", "networkx_seconds")
    yield _beside("`to_networkx`", at, "networkx", _faster(5, "rdflib"), "rdflib", triples)


def _texts(at: Measured) -> Iterator[Row]:
    seconds, size = _of(at, "check_texts"), _of(at, "check_texts", "bytes")
    if seconds and size:
        yield _above(50).row("`check --sources`, the verifying itself", "MB/s", size / seconds / 1e6)
        yield Row("passages verified in that", "1/s", (_of(at, "check_texts", "passages") or 0) / seconds)
        yield Row("`check --sources` when every text is new, the whole", "s", _of(at, "check_texts", "whole"))
    for key, figure in (
        ("seconds", "a name looked up, median"),
        ("slowest", "a name looked up, slowest of 20"),
        ("searched", "a text searched in names and gists, median"),
        ("slowest_searched", "a text searched, slowest of 20"),
    ):
        found = _of(at, "labels", key)
        yield _below(30).row(figure, "ms", None if found is None else 1000 * found)
    yield Row("`stats --measures`, of the whole network", "s", _of(at, "measures"))
    yield Row("peak memory of the measures", "MB", _of(at, "measures", "peak_mb"))


def _milliseconds(answer: Measured) -> float | None:
    return 1000 * answer["seconds"] if "seconds" in answer else None


def _cell(answer: Measured) -> str:
    if answer.get("error") == "late":
        return f"> {1000 * answer['limit']:,.0f}"
    return _shown(_milliseconds(answer)) if "seconds" in answer else "fails"


def _shown(number: float | None) -> str:
    if number is None:
        return "–"
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def table(results: Measured) -> str:
    """Return the figures of every size as Markdown, and below them each question."""
    when = f"{results['when'][:10]} at {results['when'][11:16]} UTC"
    machine = ", ".join(f"{name} {version}" for name, version in results["machine"].items())
    parts = [f"Measured on {when} with {machine}. {results.get('note', '')}".rstrip()]
    for at in sorted(results["sizes"], key=lambda at: -at["size"]):
        judged = at["size"] >= GOALS_FOR
        parts.append(f"### {at['size']:,} triples")
        if at.get("when", results["when"]) != results["when"]:
            parts.append(f"Measured on {at['when'][:10]} at {at['when'][11:16]} UTC.")
        if "load" in at:
            busy = "; others were at work, so that single numbers are too high" if at["load"] > 1.5 else ""
            parts.append(f"The load average was {at['load']:.1f} at the start{busy}.")
        head = ("figure", "unit", "coopgraph", "pyoxigraph", "rdflib", "Virtuoso", "goal", "reached")
        body = [_cells(row) for row in rows(at) if row.ours is not None]
        width = len(head) if judged else len(head) - 2
        parts.append(_markdown(head[:width], [cells[:width] for cells in body]))
    for at in results["sizes"]:
        if at["size"] >= GOALS_FOR and at.get("questions"):
            parts.append(f"### Each question at {at['size']:,} triples")
            parts.append(_WORDS_ON_QUESTIONS)
            cells = [_question(name, answers) for name, answers in sorted(at["questions"].items())]
            parts.append(_markdown(("question", "rows", "coopgraph", *_COLUMNS.values()), cells))
    return "\n\n".join(parts)


_COLUMNS = {"pyoxigraph": "pyoxigraph", "rdflib": "rdflib", "virtuoso": "Virtuoso", "plain": "Virtuoso, plainly"}
"""What the table of questions shows beside coopgraph: key of the measured numbers -> head of the column."""
_WORDS_ON_QUESTIONS = """Milliseconds; `>` was cut off, – was not asked, and several numbers of rows are those of
engines that do not agree, or of the plain form, which asks for a little less."""


def _question(name: str, answers: Measured) -> list[str]:
    counted = {answer["rows"] for answer in answers.values() if "rows" in answer}
    shown = [_cell(answers[engine]) if engine in answers else "–" for engine in ("coopgraph", *_COLUMNS)]
    return [name, " / ".join(f"{int(count):,}" for count in sorted(counted)), *shown]


def _cells(row: Row) -> list[str]:
    reached = "" if row.reached is None else "yes" if row.reached else "**no**"
    return [row.figure, row.unit, _shown(row.ours), *(row.others.get(name, "–") for name in OTHERS), row.goal, reached]


def _markdown(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(results: Measured, page: Path) -> None:
    """Write the page and, beside it, its plot."""
    plot = page.with_suffix(".svg")
    plot.write_text(svg(results, LINES), encoding="utf-8")
    text = _PAGE.format(table=table(results), plot=plot.name, goals=_goals(results))
    page.write_text(text, encoding="utf-8")


def _goals(results: Measured) -> str:
    """Return in words how many goals are reached, and which are not."""
    said = []
    for at in results["sizes"]:
        judged = [row for row in rows(at) if row.reached is not None] if at["size"] >= GOALS_FOR else []
        missed = [
            f"- {row.figure}: {_shown(row.ours)} {row.unit}"
            + "".join(f", {name} {number}" for name, number in row.others.items() if number != "–")
            + f"; the goal is {row.goal}."
            for row in judged
            if not row.reached
        ]
        if judged:
            reached = f"At {at['size']:,} triples {len(judged) - len(missed)} of {len(judged)} goals are reached"
            said.append(f"{reached}; these are not:\n\n" + "\n".join(missed) if missed else f"{reached}.")
    return "\n\n".join(said)


_PAGE = """# Performance

How long coopgraph takes, beside the tools that one would use without it: pyoxigraph called directly on a disk store of
the same quads, rdflib with its memory store, and Virtuoso. The graphs are invented, in the real data model: about 100
claims a source in some 50 passages, degrees by a power law. Engines take turns in one run, times are medians, and what
counts are the ratios: a busy machine makes all of them slower, single numbers more than others. Goals are for a million
triples, and a few of them for ten million too.

{goals}

![How time grows with size]({plot})

## Measure again

```sh no-run
make bench                                               # 100,000 and 1,000,000 triples, about five minutes
python benchmarks/bench.py --full                        # 10,000 to 10,000,000 triples
python benchmarks/bench.py --full --rdflib-limit 5       # what is shown here
python benchmarks/bench.py --report docs/performance.md  # this page and its plot, from benchmarks/results.json
```

## What the figures are

- **whole build**: files read, checked, derived from, loaded, indexed; triples of the files a second. The other engines
  only load the finished quads. Peak memory is that of all processes together.
- **rebuild**: one source file changed, then `build`.
- **questions**: each question of the library, with its required parameters and no optional ones, at most 100,000 rows.
  coopgraph looks up names and reads the question's file each time; the others are given text and terms. A question that
  is cut off counts as its limit, and a goal that this leaves open is not judged; one that coopgraph itself does not
  answer in time is in no mean (at ten million triples some that read all claims: see the table of each question).
- **questions that count**: those that go over all claims. Virtuoso is asked in the same words (rewritten for its
  peculiarities as coopgraph does for servers), which read what the build has counted, and plainly: counted from the
  claims, in the short words of `benchmarks/plain/`, without what the library's own forms give beside that.
- **whole process**: CPU time of the command, beside a script that imports click and asks the same of pyoxigraph, or
  beside `python -c "import click"`.
- **N-Quads** and **sorted Turtle**: into a file, beside pyoxigraph's dump and rdflib's Turtle writer.
- **`to_networkx`**: with all attributes of nodes and edges, beside the rows of one query put into `add_edges_from`, and
  beside rdflib's `rdflib_to_networkx_multidigraph`, in which each triple is an edge.
- **`check --sources`**: `batches.compare` in one process, given what the store keeps of where passages stand, with the
  texts read from disk: positions, paragraphs and checksums of all. A text has a passage for every 190 bytes or so.
  Beside it, the whole of `check` when every text has another time of change and no graph file has changed.
- **names and texts**: 20 labels, English and Chinese, looked up whole (`names.resolve`), and their first three letters
  searched (`names.search`).

## Latest figures

{table}
"""


def _asked(at: Measured) -> float | None:
    answers = [answer.get("coopgraph", {}) for answer in at.get("questions", {}).values()]
    return mean(answer["seconds"] for answer in answers if "seconds" in answer) if answers else None


def _pair(at: Measured) -> float | None:
    seconds: float | None = at.get("questions", {}).get("claims-between", {}).get("coopgraph", {}).get("seconds")
    return seconds


LINES: Sequence[tuple[str, str, Callable[[Measured], float | None]]] = (
    ("whole build", "#1b6ca8", lambda at: _of(at, "build")),
    ("sorted Turtle", "#8a5a00", lambda at: _of(at, "turtle")),
    ("to_networkx", "#7b3fa0", lambda at: _of(at, "networkx")),
    ("rebuild, one source changed", "#c2410c", lambda at: _of(at, "rebuild")),
    ("questions, geometric mean", "#137547", _asked),
    ("pair with passages", "#a8174e", _pair),
    ("a name looked up", "#4a5568", lambda at: _of(at, "labels")),
)
"""What the plot shows: the name, colour and seconds of each line."""
