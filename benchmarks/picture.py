"""How well the picture of the network page can be read, computed from what the page draws.

Run `python benchmarks/picture.py` for the bundled article, generated graphs and other shapes; `--json FILE` keeps the
figures. Lines, labels and signs are noted as the canvas is given them, in pixels of the screen. Needs playwright and
/usr/bin/chromium.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from time import process_time

import numpy as np
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from typing import TYPE_CHECKING, Any

from page import FLAGS

from coopgraph.page import html_page
from extracts import synthetic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coopgraph.claims.model import Extract

ROOT = Path(__file__).parents[1]
WATCH = """(() => {
  const own = CanvasRenderingContext2D.prototype;
  const { clearRect, moveTo, quadraticCurveTo, fillText, fill, rect } = own;
  const at = (ctx, x, y) => { const p = ctx.getTransform().transformPoint({ x, y }); return [p.x, p.y]; };
  const onPage = (ctx) => ctx.canvas.isConnected;
  let start = [0, 0];
  window.drawn = { lines: [], labels: [], signs: [] };
  own.clearRect = function (...given) {
    if (onPage(this)) window.drawn = { lines: [], labels: [], signs: [] };
    return clearRect.apply(this, given);
  };
  own.moveTo = function (x, y) { start = [x, y]; return moveTo.call(this, x, y); };
  own.quadraticCurveTo = function (cx, cy, x, y) {
    if (onPage(this)) window.drawn.lines.push([...at(this, ...start), ...at(this, cx, cy), ...at(this, x, y)]);
    return quadraticCurveTo.call(this, cx, cy, x, y);
  };
  own.fillText = function (text, x, y) {
    if (onPage(this) && !text.startsWith("×")) {
      const width = this.measureText(text).width;
      const left = x - width * { left: 0, center: 0.5, right: 1 }[this.textAlign];
      const half = parseFloat(this.font.split(" ")[1]) / 2;
      window.drawn.labels.push([...at(this, left, y - half), ...at(this, left + width, y + half)]);
    }
    return fillText.call(this, text, x, y);
  };
  own.rect = function (x, y, width, height) {
    const half = (width / 2) * this.getTransform().a;
    if (onPage(this)) window.drawn.signs.push([...at(this, x + width / 2, y + height / 2), half]);
    return rect.call(this, x, y, width, height);
  };
  own.fill = function (...given) {
    const { a, b, e, f } = this.getTransform();
    if (onPage(this) && given[0] instanceof Path2D && b === 0 && this.fillStyle !== "#ffffff" && a > 1.6)
      window.drawn.signs.push([e, f, a]);
    return fill.apply(this, given);
  };
})();"""
"""Notes what the latest frame holds: curves (six numbers), rows of labels (boxes), signs (middle and radius)."""

CLEARING = """() => {
  const stage = document.getElementById("stage").getBoundingClientRect();
  const years = document.getElementById("years").getBoundingClientRect();
  return [stage.width, stage.height - years.height];
}"""


@dataclass(frozen=True)
class Figures:
    """What can be counted in a picture; shares are of the canvas, and of the box around all signs."""

    signs: int
    lines: int
    crossings: int
    lines_through_labels: int
    lines_over_signs: int
    labels_overlapping: int
    signs_overlapping: int
    labels: int
    filled: float
    middle_half: float
    seconds: float


def main() -> None:
    """Print a row of figures for each graph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--graphs", nargs="+", default=["article"], choices=[*GRAPHS, "all"])
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--folder", type=Path, help="keep pages and screenshots there")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    kept: dict[str, Any] = {}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for name in GRAPHS if "all" in options.graphs else options.graphs:
            folder = options.folder or Path(scratch)
            kept[name] = asdict(figures(browser, GRAPHS[name](), folder / f"{name}.html", (width, height)))
            print(name, *(f"{key}={value}" for key, value in kept[name].items()), sep="  ", flush=True)
        browser.close()
    if options.json:
        options.json.write_text(json.dumps(kept, indent=2) + "\n", "utf-8")


def figures(browser: Browser, extract: Extract, path: Path, size: tuple[int, int]) -> Figures:
    """Return the figures of the page of an extract at a size of the window, and leave page and screenshot behind."""
    start = process_time()
    path.write_bytes(html_page.page(extract).encode("utf-8"))
    seconds = process_time() - start
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.add_init_script(WATCH)
    page.goto(f"{path.as_uri()}#show=all")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.wait_for_timeout(500)
    drawn, canvas = page.evaluate("window.drawn"), page.evaluate(CLEARING)
    page.screenshot(path=path.with_suffix(".png"))
    page.close()
    curves = np.array(drawn["lines"], dtype=np.float64).reshape(-1, 6)
    rows, signs = (
        np.array(drawn[key], dtype=np.float64).reshape(-1, 4 - (key == "signs")) for key in ("labels", "signs")
    )
    boxes = _labels(rows)
    ways = _ways(curves)
    return Figures(
        signs=len(signs),
        lines=len(curves),
        crossings=_crossings(ways) if len(ways) < 1500 else -1,
        lines_through_labels=sum(int(_hit(ways, _shrunk(box, 1)).sum()) for box in boxes),
        lines_over_signs=_over_signs(ways, signs) if len(ways) < 5000 else -1,
        labels_overlapping=sum(_overlap(a, b) for a, b in combinations(boxes, 2)) if len(boxes) < 500 else -1,
        signs_overlapping=_overlapping(signs),
        labels=len(boxes),
        filled=_filled(signs, rows, canvas),
        middle_half=_middle(signs),
        seconds=round(seconds, 2),
    )


def _labels(rows: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return the box of each label: rows that follow each other and touch belong together."""
    boxes: list[NDArray[np.float64]] = []
    below = None
    for row in rows:
        height = row[3] - row[1]
        if boxes and below is not None and 0 < row[1] - below < height * 1.3 and _aligned(boxes[-1], row):
            boxes[-1] = np.array([*np.minimum(boxes[-1][:2], row[:2]), *np.maximum(boxes[-1][2:], row[2:])])
        else:
            boxes.append(row)
        below = row[1]
    return boxes


def _aligned(box: NDArray[np.float64], row: NDArray[np.float64]) -> bool:
    return bool(min(abs(box[0] - row[0]), abs(box[2] - row[2]), abs(box[0] + box[2] - row[0] - row[2])) < 1)


def _ways(curves: NDArray[np.float64], steps: int = 24) -> NDArray[np.float64]:
    """Return curves as chains of points."""
    at = np.linspace(0, 1, steps + 1)[None, :, None]
    a, c, b = (curves[:, None, index : index + 2] for index in (0, 2, 4))
    return np.asarray(a * (1 - at) ** 2 + c * 2 * at * (1 - at) + b * at**2)


def _hit(ways: NDArray[np.float64], box: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which chains run through a box."""
    low, high = box[:2], box[2:]
    start, span = ways[:, :-1], np.diff(ways, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (low - start) / span, (high - start) / span
    enter, leave = np.fmin(one, two).max(axis=2), np.fmax(one, two).min(axis=2)
    return np.asarray((np.maximum(enter, 0) < np.minimum(leave, 1)).any(axis=1))


def _shrunk(box: NDArray[np.float64], by: float) -> NDArray[np.float64]:
    return box + np.array([by, by, -by, -by])


def _crossings(ways: NDArray[np.float64]) -> int:
    """Return how many pairs of lines cross."""
    total = 0
    a, b = ways[:, :-1], ways[:, 1:]
    low, high = ways.min(axis=1), ways.max(axis=1)
    for index in range(len(ways) - 1):
        near = (
            index
            + 1
            + np.flatnonzero(((low[index + 1 :] < high[index]) & (high[index + 1 :] > low[index])).all(axis=1))
        )
        p, q = a[index][None, :, None], b[index][None, :, None]
        r, s = a[near][:, None], b[near][:, None]
        one = _side(p, q, r) * _side(p, q, s)
        two = _side(r, s, p) * _side(r, s, q)
        total += int(((one < 0) & (two < 0)).any(axis=(1, 2)).sum())
    return total


def _side(p: NDArray[np.float64], q: NDArray[np.float64], r: NDArray[np.float64]) -> NDArray[np.float64]:
    return (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0])


def _over_signs(ways: NDArray[np.float64], signs: NDArray[np.float64]) -> int:
    """Return how many times a line runs over a sign at which it neither begins nor ends."""
    total = 0
    ends = ways[:, [0, -1]]
    for x, y, radius in signs:
        nearest = np.hypot(ways[:, :, 0] - x, ways[:, :, 1] - y).min(axis=1)
        own = (np.hypot(ends[:, :, 0] - x, ends[:, :, 1] - y) < radius * 1.5 + 6).any(axis=1)
        total += int(((nearest < radius) & ~own).sum())
    return total


def _overlap(a: NDArray[np.float64], b: NDArray[np.float64]) -> bool:
    return bool((np.maximum(a[:2], b[:2]) < np.minimum(a[2:], b[2:]) - 0.5).all())


def _overlapping(signs: NDArray[np.float64]) -> int:
    """Return how many pairs of signs lie upon each other."""
    order = signs[np.argsort(signs[:, 0])]
    total = 0
    for index, (x, y, radius) in enumerate(order):
        stop = np.searchsorted(order[:, 0], x + 2 * order[:, 2].max())
        others = order[index + 1 : stop]
        total += int((np.hypot(others[:, 0] - x, others[:, 1] - y) < (radius + others[:, 2]) * 0.98).sum())
    return total


def _filled(signs: NDArray[np.float64], rows: NDArray[np.float64], canvas: list[float]) -> float:
    """Return the share of the canvas that the box around signs and labels takes."""
    points = np.concatenate([signs[:, :2] - signs[:, 2:], signs[:, :2] + signs[:, 2:], rows[:, :2], rows[:, 2:]])
    low, high = np.maximum(points.min(axis=0), 0), np.minimum(points.max(axis=0), canvas)
    return round(float(np.prod(high - low) / np.prod(canvas)), 3)


def _middle(signs: NDArray[np.float64]) -> float:
    """Return the share of the box that the middle half of all signs takes, from quarter to quarter each way."""
    xy = signs[:, :2]
    quarter = [np.percentile(xy, part, axis=0) for part in (25, 75)]
    return round(float(np.prod(quarter[1] - quarter[0]) / np.prod(xy.max(axis=0) - xy.min(axis=0))), 3)


def _article() -> Extract:
    from coopgraph.ask.graph import load

    with load(ROOT) as graph:
        return graph.extract(source="hktdc-2023")


def _shape(pairs: list[tuple[int, int]], count: int) -> Extract:
    """Return a graph whose links join the given pairs."""
    from dataclasses import replace

    graph = synthetic(len(pairs), count)
    iris = [iri for iri in graph.terms if iri.rpartition("/")[2].startswith("n") and iri.rpartition("/n")[2].isdigit()]
    iris.sort(key=lambda iri: int(iri.rpartition("/n")[2]))
    links = [claim for claim in graph.claims if graph.is_link(claim)]
    claims = [replace(claim, subject=iris[a], object=iris[b]) for claim, (a, b) in zip(links, pairs, strict=False)]
    return replace(graph, claims=tuple(claims))


def _clusters(size: int) -> list[tuple[int, int]]:
    inside = [(a + start, b + start) for start in (0, size) for a, b in combinations(range(size), 2) if (a + b) % 2]
    return [*inside, (0, size), (1, size + 1)]


GRAPHS = {
    "article": _article,
    "dense": lambda: synthetic(2139, 325),
    "one": lambda: _shape([(0, 1)], 2),
    "star": lambda: _shape([(0, index) for index in range(1, 61)], 61),
    "clusters": lambda: _shape(_clusters(10), 20),
    "chain": lambda: _shape([(index, index + 1) for index in range(39)], 40),
    "bipartite": lambda: _shape([(a, b) for a in range(12) for b in range(12, 24)], 24),
    "two": lambda: _shape([(0, 1), (1, 2)], 3),
    "sixty": lambda: synthetic(140, 60),
    "three-hundred": lambda: synthetic(600, 300),
    "parts": lambda: _shape([(a * 4 + b, a * 4 + c) for a in range(6) for b, c in combinations(range(4), 2)], 24),
    "2000": lambda: synthetic(2_000),
    "20000": lambda: synthetic(20_000),
}
"""Name -> graph: the bundled article, one as dense as graphs get, and other shapes."""


if __name__ == "__main__":
    main()
