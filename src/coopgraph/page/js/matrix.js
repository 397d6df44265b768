// The matrix: who is linked with whom among the strongest, realised and not; better than lines where these are many.

const STRONGEST = 30;

/** The pairs with visible links: "smaller id, larger id" -> how many are realised, how many are not, and their line. */
function linkedPairs() {
  const pairs = new Map();
  for (const line of lines) {
    if (!line.shown || line.a === line.b) continue;
    const key = pairKey(line.a, line.b);
    if (!pairs.has(key)) pairs.set(key, { realised: 0, hoped: 0, line });
    const pair = pairs.get(key);
    if (line.shown > pair.line.shown) pair.line = line;
    for (const claim of line.claims)
      if (view.claims[claim.index]) pair[kindOf(claim.status) === "realised" ? "realised" : "hoped"] += 1;
  }
  return pairs;
}

const pairKey = (a, b) => `${Math.min(a.id, b.id)} ${Math.max(a.id, b.id)}`;

function matrix() {
  const ranked = nodes.filter((node) => node.visible && node.lines.length);
  ranked.sort((a, b) => linkCount(b) - linkCount(a) || a.rank - b.rank);
  const shown = ranked.slice(0, STRONGEST);
  if (!shown.length) return make("p", { class: "note" }, t("noLinks"));
  const pairs = linkedPairs();
  const most = Math.max(1, ...[...pairs.values()].map((pair) => pair.realised));
  const cell = (row, column) => matrixCell(row, column, pairs.get(pairKey(row, column)), most);
  const table = make(
    "table",
    { role: "grid", onkeydown: walkMatrix },
    make("caption", {}, tn("matrixCaption", shown.length), " ", t("matrixNote")),
    make(
      "thead",
      {},
      make("tr", {}, make("td"), shown.map((node) => make("th", { scope: "col" }, make("span", { title: labelOf(node.term) }, wrapText(labelOf(node.term), 21, 2).join("\n"))))),
    ),
    make(
      "tbody",
      {},
      shown.map((row) =>
        make("tr", {}, make("th", { scope: "row" }, labelOf(row.term)), shown.map((column) => cell(row, column))),
      ),
    ),
  );
  const first = table.querySelector("button");
  if (first) first.tabIndex = 0;
  return make("div", { class: "matrix" }, table);
}

function matrixCell(row, column, pair, most) {
  if (row === column || !pair) return make("td", { class: row === column ? "same" : null });
  const { realised, hoped, line } = pair;
  const parts = [realised ? tn("cellRealised", realised) : "", hoped ? tn("cellHoped", hoped) : ""].filter(Boolean);
  const name = `${isolate(labelOf(row.term))} – ${isolate(labelOf(column.term))}: ${parts.join(t("comma"))}`;
  return make(
    "td",
    { class: "linked" },
    make(
      "button",
      {
        type: "button",
        tabIndex: -1,
        "data-pair": pairKey(row, column),
        style: realised ? `--strength:${Math.round(12 + 30 * Math.sqrt(realised / most))}%` : null,
        class: realised ? "realised" : "hoped",
        ariaLabel: name,
        title: name,
        onfocus: (event) => stopHere(event.currentTarget),
        onclick: () => select({ line }, true),
      },
      realised ? String(realised) : "",
      hoped ? make("small", {}, `+${hoped}`) : "",
    ),
  );
}

/** The one cell of the matrix that Tab leads to. */
function stopHere(button) {
  for (const stop of button.closest("table").querySelectorAll("button[tabindex='0']")) stop.tabIndex = -1;
  button.tabIndex = 0;
}

/** Arrows lead from linked pair to linked pair, along a row or a column; Home and End to the first and last of a row. */
function walkMatrix(event) {
  const here = event.target.closest("td");
  if (!here) return;
  const [row, column] = [here.parentElement.rowIndex, here.cellIndex];
  const cells = [...event.currentTarget.querySelectorAll("tbody td.linked")];
  const place = (cell) => [cell.parentElement.rowIndex, cell.cellIndex];
  const inRow = cells.filter((cell) => place(cell)[0] === row);
  const inColumn = cells.filter((cell) => place(cell)[1] === column);
  const next = {
    ArrowRight: () => inRow.find((cell) => place(cell)[1] > column),
    ArrowLeft: () => inRow.findLast((cell) => place(cell)[1] < column),
    ArrowDown: () => inColumn.find((cell) => place(cell)[0] > row),
    ArrowUp: () => inColumn.findLast((cell) => place(cell)[0] < row),
    Home: () => inRow[0],
    End: () => inRow.at(-1),
  }[event.key];
  if (!next) return;
  event.preventDefault();
  const cell = next();
  if (cell) cell.querySelector("button").focus();
}
