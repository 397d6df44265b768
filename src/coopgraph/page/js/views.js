// The same links seen otherwise: as rows in time, and as a matrix of who is linked with whom.

const ROWS = 200; // rows of the timeline shown at first
const STRONGEST = 30; // entities in the matrix

// --- time ------------------------------------------------------------------------------------------------------------

/** Every dated link as a bar from its first to its last year; without an end it runs on, vague ends are soft. */
function timeline(limit = ROWS) {
  const dated = visibleClaims().filter((claim) => claim.first !== null || claim.last !== null);
  dated.sort((a, b) => (a.first ?? a.last) - (b.first ?? b.last) || (a.last ?? 9999) - (b.last ?? 9999) || a.index - b.index);
  const undated = visibleClaims().length - dated.length;
  if (!dated.length) return make("p", { class: "note" }, t("noDates"));
  return make(
    "div",
    { class: "timeline" },
    make("p", { class: "note" }, t("timeNote"), " ", undated ? tn("undatedLeft", undated) : ""),
    make("div", { class: "time-axis", ariaHidden: "true" }, axisYears().map((year) => make("span", { style: `left:${timeShare(year)}%` }, String(year)))),
    make("ol", {}, dated.slice(0, limit).map(timeRow)),
    dated.length > limit
      ? make(
          "button",
          { type: "button", class: "more", onclick: () => byId("sheet").replaceChildren(timeline(limit + ROWS * 4)) },
          t("moreRows", { n: number(dated.length - limit) }),
        )
      : null,
  );
}

const timeShare = (year) => (((stopOf(year) + (year > yearStops.at(-1) ? 1 : 0)) / yearStops.length) * 100).toFixed(2);

/** First and broken years, and some between, as many as have room. */
function axisYears() {
  const every = STEPS.find((step) => yearStops.length / step <= 8) || 1000;
  const wanted = yearStops.filter((year, i) => i === 0 || brokenAt.has(i) || (year % every === 0 && !brokenAt.has(i + 1)));
  let last = -Infinity;
  return wanted.filter((year) => timeShare(year) - last >= 7 && ((last = Number(timeShare(year))), true));
}

function timeRow(claim) {
  const from = claim.first === null ? 0 : Number(timeShare(claim.first));
  const to = claim.last === null ? 100 : Number(timeShare(claim.last + 1));
  const vague = (precision) => ["year", "decade", "century"].includes(precision);
  const soft = [
    claim.first === null || vague(claim.fromPrecision || (claim.quantity && claim.quantity.precision)) ? "soft-start" : "",
    claim.last === null ? "open-end" : vague(claim.toPrecision || (claim.quantity && claim.quantity.precision)) ? "soft-end" : "",
  ];
  return make(
    "li",
    {},
    make(
      "button",
      { type: "button", class: "time-row", onclick: () => openClaim(claim) },
      make("span", { class: "name" }, sentence(claim), " ", make("span", { class: "count" }, timeText(claim))),
      make(
        "span",
        { class: "track", ariaHidden: "true" },
        make("span", {
          class: `bar ${kindOf(claim.status)} ${soft.join(" ")}`,
          style: `left:${from}%;width:${Math.max(to - from, 0.8)}%;--shade:${shade(groupStyle(claim.group))}`,
        }),
      ),
    ),
  );
}

const openClaim = (claim) =>
  select(claim.line ? { line: claim.line, claim } : { node: nodeOf.get(claim.subject.index), claim }, true);

// --- matrix ----------------------------------------------------------------------------------------------------------

/** Who with whom: the entities with most visible links, and in each cell how many are realised and hoped for. */
function matrix() {
  const ranked = nodes.filter((node) => node.visible && node.lines.length);
  ranked.sort((a, b) => linkCount(b) - linkCount(a) || a.rank - b.rank);
  const chosen = ranked.slice(0, STRONGEST).sort((a, b) => a.rank - b.rank);
  const cells = new Map(); // "a b" -> { realised, other, line }
  for (const line of lines) {
    if (!line.shown) continue;
    const key = `${Math.min(line.a.id, line.b.id)} ${Math.max(line.a.id, line.b.id)}`;
    if (!cells.has(key)) cells.set(key, { realised: 0, hoped: 0, line });
    for (const claim of line.claims)
      if (view.claims[claim.index]) cells.get(key)[kindOf(claim.status) === "realised" ? "realised" : "hoped"] += 1;
  }
  return make(
    "div",
    { class: "matrix" },
    make(
      "table",
      {},
      make("caption", {}, t("matrixCaption", { n: number(chosen.length) })),
      make(
        "thead",
        {},
        make("tr", {}, make("td"), chosen.map((node) => make("th", { scope: "col" }, make("span", {}, labelOf(node.term))))),
      ),
      make(
        "tbody",
        {},
        chosen.map((row) =>
          make(
            "tr",
            {},
            make("th", { scope: "row" }, nodeLink(row.term)),
            chosen.map((column) => matrixCell(row, column, cells)),
          ),
        ),
      ),
    ),
  );
}

function matrixCell(row, column, cells) {
  const cell = cells.get(`${Math.min(row.id, column.id)} ${Math.max(row.id, column.id)}`);
  if (!cell) return make("td", row === column ? { class: "same" } : {});
  const name = t("matrixCell", {
    a: isolate(labelOf(row.term)),
    b: isolate(labelOf(column.term)),
    realised: number(cell.realised),
    hoped: number(cell.hoped),
  });
  const strength = clamp((cell.realised + cell.hoped) / 6, 0.15, 1).toFixed(2);
  return make(
    "td",
    { class: "linked" },
    make(
      "button",
      {
        type: "button",
        class: cell.realised ? "realised" : "hoped",
        style: `--strength:${strength}`,
        ariaLabel: name,
        title: name,
        onclick: () => select({ line: cell.line }, true),
      },
      cell.realised ? String(cell.realised) : "",
      cell.hoped ? make("small", {}, `${cell.realised ? "+" : ""}${cell.hoped}`) : "",
    ),
  );
}

// --- sizes -----------------------------------------------------------------------------------------------------------

function chooseSize(name) {
  state.size = name;
  buildTools();
  buildFilters();
  changed();
}

const MEASURE_OF = {
  claims: (node) => linkCount(node) + node.facts.length,
  sources: (node) => new Set(node.lines.flatMap((line) => line.claims.flatMap((claim) => claim.sources))).size * 3,
  degree: (node) => new Set(node.lines.filter((line) => line.shown).map((line) => other(line, node))).size,
};

/** Gives each sign the size of what it is to tell; that of cooperation is the layout's own. */
function resize() {
  const measure = MEASURE_OF[state.size];
  const largest = nodes.length > 200 ? 18 : 30;
  for (const node of nodes) {
    const size = measure ? Math.min(6 + 3.2 * Math.sqrt(measure(node)), largest) : node.size;
    if (size === node.r) continue;
    node.r = size;
    for (const line of node.lines) line.curve = null;
  }
}
