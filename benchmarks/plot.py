"""A log-log plot as SVG, written by hand."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Measured = dict[str, Any]

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 760, 460, 70, 210, 20, 50


def svg(results: Measured, wanted: Sequence[tuple[str, str, Callable[[Measured], float | None]]]) -> str:
    """Return a log-log plot of seconds by triples: a line for each name, colour and how its seconds are read."""
    lines = [(name, colour, _points(results, read)) for name, colour, read in wanted]
    lines = [line for line in lines if line[2]]
    across = _Axis([x for *_, points in lines for x, _ in points], _LEFT, _WIDTH - _RIGHT)
    down = _Axis([y for *_, points in lines for _, y in points], _HEIGHT - _BOTTOM, _TOP)
    parts = list(_grid(across, down))
    placed: list[float] = []
    for name, colour, points in sorted(lines, key=lambda line: -line[2][-1][1]):
        parts += _line(name, colour, [(across.at(x), down.at(y)) for x, y in points], placed)
    box = f'viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif" font-size="12">'
    title = "<title>Seconds by number of triples, both on logarithmic scales</title>"
    ground = f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>'
    return "\n".join([head, title, ground, *parts, "</svg>"]) + "\n"


def _points(results: Measured, read: Callable[[Measured], float | None]) -> list[tuple[float, float]]:
    found = ((float(at["size"]), read(at)) for at in results["sizes"])
    return sorted((size, seconds) for size, seconds in found if seconds)


class _Axis:
    """A logarithmic scale over whole powers of ten."""

    def __init__(self, numbers: Sequence[float], start: float, end: float) -> None:
        self.first = int(log10(min(numbers)) // 1)
        self.last = max(int(-(-log10(max(numbers)) // 1)), self.first + 1)
        self._start, self._end = start, end

    def at(self, number: float) -> float:
        """Return where a number stands."""
        share = (log10(number) - self.first) / (self.last - self.first)
        return round(self._start + share * (self._end - self._start), 1)

    def ticks(self) -> list[tuple[float, str]]:
        """Return where the powers of ten stand, and what they are called."""
        powers = range(self.first, self.last + 1)
        return [(self.at(10.0**power), f"{10**power:,}" if power >= 0 else f"{10.0**power:g}") for power in powers]


def _grid(across: _Axis, down: _Axis) -> Iterator[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    for x, name in across.ticks():
        yield f'<path d="M{x} {_TOP}V{bottom}" stroke="#ddd"/>'
        yield f'<text x="{x}" y="{bottom + 18}" text-anchor="middle">{name}</text>'
    for y, name in down.ticks():
        yield f'<path d="M{_LEFT} {y}H{right}" stroke="#ddd"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{name}</text>'
    yield f'<text x="{(_LEFT + right) / 2}" y="{_HEIGHT - 8}" text-anchor="middle">triples</text>'
    yield f'<text x="14" y="{bottom / 2}" text-anchor="middle" transform="rotate(-90 14 {bottom / 2})">seconds</text>'


def _line(name: str, colour: str, points: Sequence[tuple[float, float]], placed: list[float]) -> Iterator[str]:
    """Yield a line with its name at its end, moved down where another name stands."""
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    yield from (f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in points)
    x, y = points[-1]
    placed.append(max(y, placed[-1] + 15) if placed else y)
    yield f'<text x="{x + 10}" y="{placed[-1] + 4}" fill="{colour}">{name}</text>'
