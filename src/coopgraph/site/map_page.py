"""The map: places whose position the graph states, over the coasts; there are no borders, for borders are claims."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import cos, hypot, radians, sqrt
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from coopgraph.rdf.vocab import HOPED_FOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgraph.site.view import Name, View

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of a picture."""
_WIDTH, _TALLEST = 1000, 640
_NARROW, _WIDE, _LAST_NARROW = 11.5, 17.5, 0x2E7F
"""Widths of characters in labels, Chinese ones twice as wide."""
_SQUARE = 6
_SIDES: tuple[Literal["right", "left"], ...] = ("right", "left")
_LINKS = 200
"""Lines that are drawn: those of the pairs with most claims."""


class Spot(NamedTuple):
    """A place on the map, in the picture's units; its label stands on the `side` where there is room, or is not there.

    What is left out, and placed otherwise as the map is gone nearer, is for `map.js`, which places labels alike.
    """

    name: Name
    x: float
    y: float
    radius: float
    claims: int
    side: Literal["right", "left", ""] = ""

    @property
    def label_at(self) -> tuple[float, float]:
        """Where its label begins, or ends where it stands on the left."""
        away = self.radius + 4
        return round(self.x - away if self.side == "left" else self.x + away, 1), round(self.y + 5, 1)

    @property
    def sign(self) -> Box:
        """The room that the sign of the place takes."""
        return self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius

    def room_for(self, side: Literal["right", "left"]) -> Box:
        """Return the room that its label would take there."""
        wide = sum(_WIDE if ord(character) > _LAST_NARROW else _NARROW for character in self.name.text)
        left = self.x - self.radius - 4 - wide if side == "left" else self.x + self.radius + 4
        return left, self.y - 9, left + wide, self.y + 9


class Room:
    """The squares of a picture that are taken, and by what."""

    def __init__(self) -> None:
        self._takers: dict[tuple[int, int], str] = {}

    def take(self, box: Box, taker: str) -> None:
        """Take a box: left, top, right, bottom."""
        for square in _squares(box):
            self._takers.setdefault(square, taker)

    def is_free(self, box: Box, taker: str) -> bool:
        """Say whether nothing but the taker itself stands in a box that is wholly in the picture's width."""
        if box[0] < 0 or box[2] > _WIDTH:
            return False
        return all(self._takers.get(square, taker) == taker for square in _squares(box))


def _squares(box: Box) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = (int(edge // _SQUARE) for edge in box)
    return ((x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))


class Frame(NamedTuple):
    """A part of the world and how it is drawn: degrees to the picture's units, parallels as long as in its middle."""

    west: float
    north: float
    across: float
    down: float
    height: float

    def point(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a position is in the picture."""
        return round((longitude - self.west) * self.across, 1), round((self.north - latitude) * self.down, 1)


def content(view: View) -> dict[str, Any]:
    """Return what the template of the map shows."""
    site = view.content
    places = {iri: position for iri in site.kinds.get("place", ()) if (position := site.position(iri))}
    left_out = len(site.kinds.get("place", ())) - len(places)
    if not places:
        return {
            "title": view.words("map"),
            "spots": [],
            "left_out": left_out,
            "land": "",
            "frame": None,
            "lines": [],
            "lines_left": 0,
        }
    frame = _frame(list(places.values()))
    spots = _spots(places, frame, view)
    pairs = _pairs(places, view)
    strongest = sorted(pairs, key=lambda pair: (-len(pairs[pair]), pair))
    return {
        "title": view.words("map"),
        "frame": frame,
        "width": _WIDTH,
        "land": _land(frame),
        "lines": [_line(pair, pairs[pair], places, frame) for pair in strongest[:_LINKS]],
        "lines_left": max(0, len(pairs) - _LINKS),
        "spots": spots,
        "left_out": left_out,
    }


def _frame(positions: Sequence[tuple[float, float]]) -> Frame:
    """Return the part of the world in which all positions lie, with some air around them."""
    latitudes, longitudes = zip(*positions, strict=True)
    air = max(2.0, 0.15 * max(max(longitudes) - min(longitudes), max(latitudes) - min(latitudes)))
    west, east = max(-180.0, min(longitudes) - air), min(180.0, max(longitudes) + air)
    south, north = max(-85.0, min(latitudes) - air), min(85.0, max(latitudes) + air)
    down = _WIDTH / (east - west) / max(0.2, cos(radians((south + north) / 2)))
    down = min(down, _TALLEST / (north - south))
    across = down * max(0.2, cos(radians((south + north) / 2)))
    spare = (_WIDTH / across - (east - west)) / 2
    return Frame(west - spare, north, across, down, round((north - south) * down, 1))


def _spots(places: dict[str, tuple[float, float]], frame: Frame, view: View) -> list[Spot]:
    """Return the places, those with most claims last and so on top, with labels where there is room."""
    spots: dict[str, Spot] = {}
    numbers = {iri: len(view.content.about(iri)) for iri in places}
    for iri, number in sorted(numbers.items(), key=lambda item: (-item[1], item[0])):
        latitude, longitude = places[iri]
        radius = round(min(5 + sqrt(number), 18), 1)
        spots[iri] = Spot(view.name(iri), *frame.point(longitude, latitude), radius, number)
    room = Room()
    for iri, spot in spots.items():
        room.take(spot.sign, iri)
    return [_labelled(spot, iri, room) for iri, spot in spots.items()][::-1]


def _labelled(spot: Spot, iri: str, room: Room) -> Spot:
    for side in _SIDES:
        if room.is_free(box := spot.room_for(side), iri):
            room.take(box, iri)
            return spot._replace(side=side)
    return spot


def _pairs(places: dict[str, tuple[float, float]], view: View) -> dict[tuple[str, str], list[str]]:
    """Return the pairs of places that cooperate, each with the statuses of its claims."""
    pairs: dict[tuple[str, str], list[str]] = {}
    for claim in view.content.extract.claims:
        other = str(claim.object)
        if claim.group == "cooperation" and claim.subject in places and other in places and claim.subject != other:
            first, second = sorted((claim.subject, other))
            pairs.setdefault((first, second), []).append(claim.status)
    return pairs


def _line(
    pair: tuple[str, str], statuses: list[str], places: dict[str, tuple[float, float]], frame: Frame
) -> tuple[str, str, float]:
    (x1, y1), (x2, y2) = (frame.point(places[iri][1], places[iri][0]) for iri in pair)
    bend = 0.12
    cx, cy = (x1 + x2) / 2 + bend * (y1 - y2), (y1 + y2) / 2 + bend * (x2 - x1)
    hoped = all(status in HOPED_FOR for status in statuses)
    path = f"M{x1} {y1}Q{round(cx, 1)} {round(cy, 1)} {x2} {y2}"
    return path, "hoped" if hoped else "realised", round(min(1.4 + len(statuses) ** 0.5 * 0.7, 6), 1)


@cache
def _rings() -> list[list[tuple[float, float]]]:
    """Return the coasts as rings of longitude and latitude; what crosses the 180th meridian is there on both sides."""
    read = json.loads(files("coopgraph").joinpath("site", "vendor", "land.json").read_text("utf-8"))
    return [ring for steps in read for ring in _unbroken(list(_walked(steps)))]


def _unbroken(ring: list[tuple[float, float]]) -> Iterator[list[tuple[float, float]]]:
    """Yield a ring that steps from one edge of the world to the other as one that goes on beyond it, at both edges."""
    turns, going_on = 0, [ring[0]]
    for (before, _), (longitude, latitude) in pairwise(ring):
        turns += round((before - longitude) / 360)
        going_on.append((longitude + 360 * turns, latitude))
    whole = ring if turns else going_on  # around a pole there is no other side
    yield whole
    if whole != ring:
        shift = 360 if min(longitude for longitude, _ in whole) < -180 else -360
        yield [(longitude + shift, latitude) for longitude, latitude in whole]


def _walked(steps: list[int]) -> Iterator[tuple[float, float]]:
    x = y = 0
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        yield x / 100, y / 100


def _land(frame: Frame) -> str:
    """Return the land that is seen as a path, as fine as the picture is."""
    west, east = frame.west, frame.west + _WIDTH / frame.across
    south, north = frame.north - frame.height / frame.down, frame.north
    path: list[str] = []
    for ring in _rings():
        clipped = _clipped(ring, west, east, south, north)
        if len(clipped) > 2:
            path.append(_drawn([frame.point(*point) for point in clipped]))
    return "".join(path)


def _drawn(points: list[tuple[float, float]]) -> str:
    """Return a ring as a path, without points that are closer than a unit or two to the one before."""
    kept = [points[0]]
    for point in points[1:]:
        if hypot(point[0] - kept[-1][0], point[1] - kept[-1][1]) > 1.8:
            kept.append(point)
    if len(kept) < 3:
        return ""
    steps = "".join(f"l{_short(b[0] - a[0])} {_short(b[1] - a[1])}" for a, b in pairwise(kept))
    return f"M{kept[0][0]} {kept[0][1]}{steps}z"


def _short(number: float) -> str:
    text = f"{number:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def _clipped(
    ring: list[tuple[float, float]], west: float, east: float, south: float, north: float
) -> list[tuple[float, float]]:
    """Return the part of a ring within a frame (Sutherland and Hodgman, 1974)."""
    for axis, edge, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        inside = [sign * (point[axis] - edge) >= 0 for point in ring]
        if all(inside):
            continue
        if not any(inside):
            return []
        cut: list[tuple[float, float]] = []
        for at, point in enumerate(ring):
            before = ring[at - 1]
            if inside[at] != inside[at - 1]:
                share = (edge - before[axis]) / (point[axis] - before[axis])
                cut.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
            if inside[at]:
                cut.append(point)
        ring = cut
    return ring
