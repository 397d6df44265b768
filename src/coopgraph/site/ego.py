"""The neighbourhood of a thing as a small picture: itself, and around it what most claims link it with."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING, Final

from coopgraph.page.label_text import clip, width
from coopgraph.rdf.vocab import HOPED_FOR
from coopgraph.site.templating import piece

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markupsafe import Markup

    from coopgraph.claims.model import Claim
    from coopgraph.site.view import Name, View

MOST: Final = 12
"""Neighbours that are drawn."""
_WIDE, _HIGH = 190, 128
"""Half axes, in the picture's units, of the ellipse on which neighbours stand."""
_LETTERS = 24
"""Columns of a label, beyond which it is cut."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What a thing is linked with: its name and kind, its place, and how the line to it is drawn."""

    name: Name
    label: str
    root: str
    x: int
    y: int
    side: str
    group: str
    mark: str
    claims: int


def svg(iri: str, claims: Iterable[Claim], view: View) -> Markup | str:
    """Return the picture as SVG, or nothing where a thing is linked with fewer than two others."""
    links: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if isinstance(claim.object, str) and not view.content.term(claim.object).is_concept:
            links[claim.object if claim.subject == iri else claim.subject].append(claim)
    links.pop(iri, None)
    if len(links) < 2:
        return ""
    order = sorted(links, key=lambda other: (-len(links[other]), other))
    chosen = order[:MOST]
    neighbours = [_neighbour(other, links[other], at / len(chosen), view) for at, other in enumerate(chosen)]
    here = view.content.term(iri)
    return piece("neighbourhood")(view.name(iri), here.root, neighbours, len(order) - len(chosen), view.words)


def _neighbour(iri: str, claims: list[Claim], turn: float, view: View) -> Neighbour:
    angle = 2 * pi * turn - pi / 2
    x, y = round(_WIDE * cos(angle)), round(_HIGH * sin(angle))
    name = view.name(iri)
    groups = Counter(claim.group for claim in claims)
    group = min(groups, key=lambda each: (each != "cooperation", -groups[each], each))
    hoped = all(claim.status in HOPED_FOR for claim in claims)
    mark = "hoped" if hoped else "ended" if all(claim.status == "ended" for claim in claims) else "realised"
    side = "start" if x > 20 else "end" if x < -20 else "middle"
    return Neighbour(
        name,
        name.text if width(name.text) <= _LETTERS else clip(name.text, _LETTERS),
        view.content.term(iri).root,
        x,
        y,
        side,
        group,
        mark,
        len(claims),
    )
