"""The steps of a guided tour through a network page, read from a small TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from coopgraph import files
from coopgraph.errors import DataError, near
from coopgraph.rdf.terms import curie, expand, language_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from coopgraph.claims.model import Extract, Labels

_KEYS: Final = ("title", "text", "select", "groups", "statuses", "fields", "years")


@dataclass(frozen=True, slots=True)
class Step:
    """One stop: what is told, in which languages, and what is shown meanwhile.

    `select` are entities or claims to bring into view; `groups` and `statuses`, where given, are the only ones shown;
    `fields` likewise; `years` the first and last year. IRIs are prefixed names.
    """

    title: Labels
    text: Labels
    select: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    years: tuple[int, ...] = field(default=())

    def plain(self) -> dict[str, Any]:
        """Return the step as plain data for the page."""
        texts = {"title": self.title, "text": self.text}
        chosen = {key: list(getattr(self, key)) for key in _KEYS[2:]}
        return {
            key: {language_tag(language): text for language, text in labels.items()} for key, labels in texts.items()
        } | chosen


def read(path: Path, extract: Extract) -> tuple[Step, ...]:
    """Return the steps of a story file, each `[[step]]` with title, text and what to select and filter.

    Raises `DataError` where the file cannot be read or names what the extract does not hold.
    """
    table = _table(path)
    for key in table:
        if key == "title":
            raise DataError(f"{path}: the page has the title of the graph; put title into coopgraph.toml")
        if key != "step":
            raise DataError(f"{path}: unknown key {key}; write each step below a line [[step]]")
    steps = table.get("step", [])
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise DataError(f"{path}: `step` is not a list of tables; write each step below a line [[step]]")
    return tuple(_step(f"{path}: step {index}", step, extract) for index, step in enumerate(steps, 1))


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(files.read_short(path))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path}: is not TOML ({error}); mend it there") from error


def _step(where: str, table: Mapping[str, Any], extract: Extract) -> Step:
    for key in table:
        if key not in _KEYS:
            raise DataError(f"{where}: unknown key {key}{near(key, _KEYS)}; use {', '.join(_KEYS)}")
    names = {curie(iri, extract.prefixes) or iri for iri in _names(extract)}
    return Step(
        _labels(where, table, "title"),
        _labels(where, table, "text"),
        _chosen(where, table, "select", names, extract),
        _chosen(where, table, "groups", {claim.group for claim in extract.claims}),
        _chosen(where, table, "statuses", {claim.status for claim in extract.claims}),
        _chosen(where, table, "fields", names, extract),
        _years(where, table),
    )


def _names(extract: Extract) -> Iterable[str]:
    yield from extract.terms
    for claim in extract.claims:
        yield claim.iri


def _labels(where: str, table: Mapping[str, Any], key: str) -> Labels:
    value = table.get(key)
    labels = {"en": value} if isinstance(value, str) else value
    if not isinstance(labels, dict) or not labels or not all(isinstance(text, str) for text in labels.values()):
        raise DataError(f'{where}: has no {key}; write {key} = "..." or {key}.en = "..."')
    return labels


def _chosen(
    where: str, table: Mapping[str, Any], key: str, names: set[str], extract: Extract | None = None
) -> tuple[str, ...]:
    chosen = table.get(key, [])
    if not isinstance(chosen, list) or not all(isinstance(name, str) for name in chosen):
        raise DataError(f'{where}: {key} is not a list of names; write {key} = ["..."]')
    for name in chosen:
        full = expand(name, extract.prefixes) if extract else None
        if name not in names and (extract is None or full is None or curie(full, extract.prefixes) not in names):
            raise DataError(f"{where}: {key} names {name}, which the graph does not hold{near(name, names)}")
    return tuple(chosen)


def _years(where: str, table: Mapping[str, Any]) -> tuple[int, ...]:
    years = table.get("years", [])
    if not isinstance(years, list) or len(years) not in (0, 2) or not all(isinstance(year, int) for year in years):
        raise DataError(f"{where}: years is not a first and a last year; write years = [2014, 2023]")
    return tuple(years)
