"""Texts of the site in the reader's language: its own, labels out of the graph, dates, times and figures."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from coopgraph.claims.dates import in_words, span
from coopgraph.claims.model import Quantity
from coopgraph.rdf.languages import best_language
from coopgraph.rdf.terms import language_tag
from coopgraph.rdf.vocab import local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgraph.claims.model import Claim, Labels

_DAY = re.compile(r"(-?\d{4,})-(\d\d)-(\d\d)", re.ASCII)


class Words:
    """What the site says in one language of the reader, `en`, `zh-Hans` or `zh-Hant`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts: dict[str, Any] = json.loads(
            files("coopgraph").joinpath("site", "texts", f"{language}.json").read_text("utf-8")
        )

    def __call__(self, key: str, /, **values: Any) -> str:
        """Return a text of the site's own; with n=1, the one for a single thing where there is one."""
        text = self._texts.get(f"{key}1") if values.get("n") == 1 else None
        text = text or self._texts[key]
        if not values:
            return str(text)
        given = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
        return str(text).format(**given)

    def answers(self) -> dict[str, str]:
        """Return the texts that the scripts need."""
        return {key.removeprefix("answer-"): text for key, text in self._texts.items() if key.startswith("answer-")}

    def pattern(self, key: str) -> str:
        """Return a text of the site's own as it is before values stand in it."""
        return str(self._texts[key])

    def has(self, key: str) -> bool:
        """Say whether there is such a text."""
        return key in self._texts

    def best(self, labels: Labels, fallback: str = "") -> tuple[str, str]:
        """Return the text that the reader is shown and its language tag, or the fallback, of no language."""
        tag = best_language(labels, self.language)
        return (fallback, "") if tag is None else (labels[tag], language_tag(tag))

    def list(self, parts: Iterable[str]) -> str:
        """Return texts parted by commas."""
        return self("comma").join(parts)

    def date(self, day: str | None, precision: str | None) -> str:
        """Return a date as exactly as it is known, as it stands in a sentence."""
        if self.language == "en":
            return in_words(day, precision)
        parts = _DAY.match(day or "")
        if parts is None:
            return day or ""
        year, month, date = map(int, parts.groups())
        numbers = {"year": year, "month": month, "day": date, "decade": year // 10 * 10, "century": year // 100 + 1}
        return str(self._texts["dates"].get(precision or "day", self._texts["dates"]["day"])).format(**numbers)

    def times(self, claim: Claim) -> str:
        """Return when a claim holds, as its status has it, or nothing."""
        if isinstance(claim.object, Quantity):
            return self._measured(claim.object)
        due = self.date(claim.due_by, claim.due_by_precision)
        return self("parts").join(filter(None, [self._lasting(claim), self("dueBy", date=due) if due else ""]))

    def _measured(self, quantity: Quantity) -> str:
        """Return the day or the time that a figure is of, or nothing."""
        if quantity.period_from and quantity.period_to:
            return self("forSpan", span=self.span(quantity.period_from, quantity.period_to))
        day = self.date(quantity.as_of, quantity.as_of_precision)
        return self("asOf", date=day) if day else ""

    def span(self, first: str, last: str) -> str:
        """Return the time from one day to another, in years where it is whole years."""
        if self.language == "en":
            return span(first, last)
        is_whole = first.endswith("-01-01") and last.endswith("-12-31")
        begin, end = (self.date(day, "year" if is_whole else "day") for day in (first, last))
        return begin if begin == end else self("toDate", first=begin, last=end)

    def _lasting(self, claim: Claim) -> str:
        """Return from when to when a link holds, or when it did."""
        first = self.date(claim.valid_from, claim.valid_from_precision)
        last = self.date(claim.valid_to, claim.valid_to_precision)
        if not first and not last:
            day = self.date(claim.as_of, claim.as_of_precision)
            return self("asOf", date=day) if day else ""
        phrases: Mapping[str, str] = self._texts["times"].get(claim.status, self._texts["times"]["realised"])
        which = "begin" if not last else "end" if not first else "one" if first == last else "both"
        return phrases[which].format(first=first, last=last, at="on" if claim.valid_from_precision == "day" else "in")

    def figure(self, quantity: Quantity) -> str:
        """Return a number with its unit, thousands parted where nothing else changes in what is written."""
        near = f"near-{quantity.approximation}"
        if quantity.approximation == "among":
            return self(near)
        whole, dot, rest = quantity.value.partition(".")
        is_long = re.fullmatch(r"-?[1-9][0-9]{3,30}", whole)
        number = f"{int(whole):,}{dot}{rest}" if is_long else quantity.value
        name = local_name(quantity.unit) if quantity.unit else ""
        figure = f"{number}{self._texts['units'].get(name, f' {name}' if name else '')}"
        return self(near, value=figure) if self.has(near) else figure


@cache
def words(language: str) -> Words:
    """Return the texts for a language of the reader."""
    return Words(language)
