"""One job of a worker: a query or a question to bytes in the form that was asked for, cut at so many rows or bytes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from coopgraph.ask import questions, row_formats
from coopgraph.claims.query_file import Parameter, QueryFile
from coopgraph.errors import CoopgraphError, QueryError, UsageError
from coopgraph.site.served.content import BEHIND, BOOLEAN, ROWS, TRIPLES, Bytes
from coopgraph.store.interface import Graphs, Triples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgraph.ask.results import Row
    from coopgraph.rdf.terms import Triple
    from coopgraph.store.interface import Answer, Bindings, Solutions, Store


class Cut:
    """Rows or triples until there are too many, or too many bytes of them; `reason` says why the rest is left out."""

    def __init__(self, items: Iterable[Any], most: int, most_bytes: int, out: Bytes) -> None:
        self._items, self._most, self._most_bytes, self._out = items, most, most_bytes, out
        self.reason = ""

    def __iter__(self) -> Iterator[Any]:
        for number, item in enumerate(self._items):
            if number >= self._most:
                self.reason = f"{self._most} rows"
                return
            if self._out.size > self._most_bytes:
                self.reason = f"{self._most_bytes} bytes"
                return
            yield item


def answer(store: Store, job: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the head and the body of the answer to a job: its `kind`, `form` and where it was `cut`, or an `error`."""
    try:
        return _answer(store, job)
    except (UsageError, QueryError) as error:
        return {"error": str(error), "status": 400}, b""
    except CoopgraphError as error:
        return {"error": str(error), "status": BEHIND if store.address else 500}, b""
    except RecursionError:
        return {"error": "the query nests too deep; ask in smaller parts", "status": 400}, b""


def _answer(store: Store, job: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    store.seconds = job["seconds"]
    question = _question(job)
    if question is None:
        graphs = Graphs(*map(tuple, job["graphs"])) if job.get("graphs") else None
        return _written(store, store.query(job["text"], graphs=graphs), job, lambda names, rows: (names, rows))
    bindings: Bindings = questions.bind(question, job["values"], store)
    given = store.query(question.sparql, bindings)
    return _written(store, given, job, lambda names, rows: questions.asked(question, job["values"], names, rows))


def _question(job: Mapping[str, Any]) -> QueryFile | None:
    """Return the named question that a job is, None where it is a query."""
    if "parameters" not in job:
        return None
    parameters = tuple(Parameter(*each) for each in job["parameters"])
    return QueryFile(job["name"], "", "", parameters, job["text"], {})


def _written(store: Store, given: Answer, job: Mapping[str, Any], asked: Any) -> tuple[dict[str, Any], bytes]:
    """Return what a query gave in the form that the job has for its kind."""
    kind = TRIPLES if isinstance(given, Triples) else ROWS if hasattr(given, "variables") else BOOLEAN
    form = job["forms"].get(kind)
    if not form:
        return {"kind": kind, "status": 406}, b""
    out = Bytes()
    if kind == ROWS:
        answer = cast("Solutions", given)
        columns, rows = asked([variable.value for variable in answer.variables], answer)
        cut = _write_rows(form, columns, rows, store, job, out)
    elif isinstance(given, Triples):
        cut = _write_triples(form, given, store, job, out)
    else:
        row_formats.write_boolean(bool(given), out, form)  # type: ignore[arg-type]
        cut = ""
    if out.size > 2 * job["bytes"]:  # what is cut ends behind the row or triple with which there is too much
        raise QueryError(f"one row or triple has {out.size} bytes, and an answer {job['bytes']}; ask for less")
    return {"kind": kind, "form": form, "cut": cut}, out.whole()


def _write_rows(
    form: str, columns: Sequence[str], rows: Iterable[Row], store: Store, job: Mapping[str, Any], out: Bytes
) -> str:
    cut = Cut(rows, job["rows"], job["bytes"], out)
    row_formats.row_writer(form)(columns, cut, out, store.prefixes)  # type: ignore[arg-type]
    return cut.reason


def _write_triples(form: str, triples: Triples, store: Store, job: Mapping[str, Any], out: Bytes) -> str:
    listed = list(islice(triples, job["rows"] + 1))
    kept = listed[: job["rows"]]
    while True:
        _write_sorted(form, kept, store, out)
        if out.size <= job["bytes"] or len(kept) < 2:
            break
        kept = kept[: len(kept) // 2]
        out.clear()
    return f"{len(kept)} triples" if len(listed) > len(kept) else ""


def _write_sorted(form: str, triples: Iterable[Triple], store: Store, out: Bytes) -> None:
    from coopgraph.export import rdf_formats, sorted_rdf
    from coopgraph.store import written_forms

    restored = written_forms.restored_triples(triples)
    sorted_rdf.write(rdf_formats.WRITERS[form](store.prefixes), [("", restored)], out)  # type: ignore[arg-type]
