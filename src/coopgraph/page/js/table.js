// The table: every visible claim as text, for screen readers, for print, and where there is no canvas.

const CHUNK = 300;
let sorting = { column: -1, down: false };

const COLUMNS = [
  ["subject", (claim) => labelOf(claim.subject)],
  ["relation", (claim) => labelOf(claim.predicate)],
  ["object", objectText],
  ["status", (claim) => statusLabel(claim.status)],
  ["years", yearsText],
  ["fieldsColumn", (claim) => claim.fields.map(labelOf).join(", ")],
  ["source", (claim) => [...new Set(claim.passages.map(citation))].join("; ")],
];

/** Shows the view that is chosen: the picture, or in its place time, matrix or table. */
function showView() {
  const sheet = byId("sheet");
  const { view: chosen } = state;
  sheet.hidden = chosen === "map";
  byId("stage").classList.toggle("as-sheet", chosen !== "map");
  holder.tabIndex = chosen === "map" ? 0 : -1;
  if (chosen === "table") fillTable(CHUNK);
  else if (chosen === "time") sheet.replaceChildren(timeline());
  else if (chosen === "matrix") sheet.replaceChildren(matrix());
  markChosen();
}

/** Marks what is selected where it stands in table, timeline or matrix. */
function markChosen() {
  const { selection } = state;
  const claim = selection && (selection.claim || (selection.line && selection.line.claims.find((own) => view.claims[own.index])));
  const pair = selection && selection.line ? pairKey(selection.line.a, selection.line.b) : null;
  for (const element of byId("sheet").querySelectorAll("[data-claim], [data-pair]")) {
    const chosen = element.dataset.pair ? element.dataset.pair === pair : claim && element.dataset.claim === claim.name;
    element.ariaCurrent = chosen ? "true" : null;
  }
}

/** The rows in the order chosen: links first, then facts, each as the graph has them, or by one column. */
function tableRows() {
  const rows = visibleClaims();
  if (sorting.column < 0) return rows.sort((a, b) => Number(b.link) - Number(a.link) || a.index - b.index);
  const text = COLUMNS[sorting.column][1];
  const keyed = rows
    .map((claim) => [text(claim), claim])
    .sort((a, b) => a[0].localeCompare(b[0], language, { numeric: true }) || a[1].index - b[1].index);
  return (sorting.down ? keyed.reverse() : keyed).map(([, claim]) => claim);
}

function fillTable(limit) {
  const rows = tableRows();
  const body = make("tbody", {}, rows.slice(0, limit).map(tableRow));
  const table = make(
    "table",
    { id: "table" },
    make("caption", {}, t("tableCaption", { links: tn("links", view.links), facts: tn("factsCount", view.facts) })),
    make(
      "thead",
      {},
      make(
        "tr",
        {},
        COLUMNS.map(([key], i) =>
          make(
            "th",
            { scope: "col", ariaSort: sorting.column === i ? (sorting.down ? "descending" : "ascending") : "none" },
            make("button", { type: "button", class: "sort", onclick: () => sortBy(i) }, t(key)),
          ),
        ),
        make("th", { scope: "col" }, t("evidence")),
      ),
    ),
    body,
  );
  const rest = rows.length - limit;
  byId("sheet").replaceChildren(
    table,
    rest > 0
      ? make(
          "button",
          { type: "button", class: "more", onclick: () => fillTable(limit + CHUNK * 5) },
          t("moreRows", { n: number(rest) }),
        )
      : "",
  );
}

function tableRow(claim) {
  const cells = COLUMNS.map(([, text], i) =>
    make(
      i === 0 ? "th" : "td",
      i === 0 ? { scope: "row" } : {},
      i === 3
        ? chip(text(claim), `status ${kindOf(claim.status)}`)
        : i === 6
          ? claim.passages.map(citedPassage)
          : text(claim),
    ),
  );
  const open = make(
    "button",
    {
      type: "button",
      class: "quiet",
      ariaLabel: `${t("show")}: ${sentence(claim)}`,
      onclick: () => openClaim(claim),
    },
    t("show"),
  );
  return make(
    "tr",
    { class: claim.link ? "link-row" : "fact-row", "data-claim": claim.name },
    cells,
    make("td", {}, open),
  );
}

const citedPassage = (passage) =>
  make(
    "p",
    { class: "cited" },
    make("span", {}, passage.quotation || best(passage.gist)),
    " ",
    make("cite", {}, citation(passage)),
  );

function sortBy(column) {
  sorting = { column, down: sorting.column === column && !sorting.down };
  fillTable(CHUNK);
  byId("table").querySelectorAll("thead button")[column].focus();
}
