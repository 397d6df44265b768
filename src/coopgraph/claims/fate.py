"""What became of a plan or hope, as the question `fates` tells it."""

from __future__ import annotations

from typing import NamedTuple

OUTCOMES = ("open", "realised", "fell short", "denied", "contradicted")


class Fate(NamedTuple):
    """What became of a plan or hope: one of `OUTCOMES`.

    `happened` is a day, month or year, by which it was so or, where `is_bound` does not hold, in which it began, and
    `evidence` the claim that tells of it; both are empty where nothing does. `months` passed from the announcement
    until then, or until the latest document; `further` claims tell of it beside the evidence.
    """

    outcome: str
    happened: str
    evidence: str
    is_bound: bool
    months: int = 0
    further: int = 0
