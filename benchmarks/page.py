"""How long the network page takes to make, to appear and to filter, beside what pyvis does by default.

Run `python benchmarks/page.py`; `--pyvis 1000` also draws pyvis' own page up to so many links (5,000 take minutes).
Times are medians; sizes are of the whole file. Needs playwright and /usr/bin/chromium.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from typing import TYPE_CHECKING

from coopgraph.page import html_page
from extracts import synthetic

if TYPE_CHECKING:
    from coopgraph.claims.model import Extract

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

WATCH = """(() => {
  for (const name of ["fill", "fillText"]) {
    const own = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...given) {
      if (!window.painted && this.canvas.isConnected) {
        window.painted = -1;
        requestAnimationFrame(() => setTimeout(() => (window.painted = performance.now())));
      }
      return own.apply(this, given);
    };
  }
})();"""
"""Notes when the first frame with something on the canvas is through."""

FILTER = """async () => {
  const times = [];
  for (const box of [...document.querySelectorAll(".rail fieldset:nth-of-type(2) input")].slice(0, 4)) {
    for (let turn = 0; turn < 2; turn += 1) {
      const start = performance.now();
      box.click();
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      times.push(performance.now() - start);
    }
  }
  return times;
}"""
"""Switches relation groups off and on again, each until its frame is through."""


FRAMES = """() => {
  const start = performance.now();
  let frames = 0;
  const count = () => { frames += 1; if (!window.stopFrames) requestAnimationFrame(count); };
  requestAnimationFrame(count);
  window.framesPerSecond = () => { window.stopFrames = true; return (frames * 1000) / (performance.now() - start); };
}"""
"""Counts frames until they are asked for."""


def main() -> None:
    """Print a row for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1_000, 5_000, 20_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pyvis", type=int, default=1_000, metavar="LINKS")
    options = parser.parse_args()
    print(
        f"{'links':>7} {'made, s':>8} {'kB':>7} {'paint, s':>9} {'filter, ms':>11} {'frames/s':>9} "
        f"{'pyvis made, s':>14} {'pyvis paint, s':>15}"
    )
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for links in options.sizes:
            extract = synthetic(links)
            path = Path(folder, "page.html")
            made = median(_made(extract, path) for _ in range(options.runs))
            shown = [_shown(browser, path) for _ in range(options.runs)]
            painted, filtered, frames = (median(times) for times in zip(*shown, strict=True))
            row = f"{links:>7} {made:>8.2f} {path.stat().st_size / 1000:>7.0f}"
            row += f" {painted:>9.2f} {filtered:>11.0f} {frames:>9.0f}"
            if links <= options.pyvis:
                own = Path(folder, "pyvis.html")
                made = _made_by_pyvis(extract, own)
                row += f" {made:>14.2f} {median(_painted(browser, own) for _ in range(min(options.runs, 3))):>15.2f}"
            print(row, flush=True)
        browser.close()


def _made(extract: Extract, path: Path) -> float:
    start = perf_counter()
    path.write_bytes(html_page.page(extract).encode("utf-8"))
    return perf_counter() - start


def _made_by_pyvis(extract: Extract, path: Path) -> float:
    from pyvis.network import Network

    start = perf_counter()
    network = Network(directed=True, cdn_resources="in_line")
    for claim in extract.claims:
        if isinstance(claim.object, str):
            network.add_node(claim.subject, label=extract.terms[claim.subject].label)
            network.add_node(claim.object, label=extract.terms[claim.object].label)
            network.add_edge(claim.subject, claim.object, title=extract.terms[claim.predicate].label)
    path.write_text(network.generate_html(), encoding="utf-8")
    return perf_counter() - start


def _shown(browser: Browser, path: Path) -> tuple[float, float, float]:
    """Return seconds to the first paint, milliseconds of a filter step, and frames a second while dragging."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(WATCH)
    page.goto(f"{path.as_uri()}#show=all")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.wait_for_timeout(300)
    painted, filtered = page.evaluate("window.painted"), median(page.evaluate(FILTER))
    page.mouse.move(700, 400)
    page.mouse.down()
    page.evaluate(FRAMES)
    for step in range(40):
        page.mouse.move(700 + step * 4, 400 + step % 9 * 4)
    frames = page.evaluate("window.framesPerSecond()")
    page.mouse.up()
    page.close()
    return painted / 1000, filtered, frames


def _painted(browser: Browser, path: Path) -> float:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    page.add_init_script(WATCH)
    page.goto(path.as_uri(), timeout=600_000)
    while not (painted := page.evaluate("window.painted")) or painted < 0:
        page.wait_for_timeout(50)
    page.close()
    return float(painted) / 1000


if __name__ == "__main__":
    main()
