// Paper: the picture, and below it every visible claim under the passage that states it, each passage once.

const PAPER_ROWS = 5000;
let darkOnScreen = false;

window.addEventListener("beforeprint", () => {
  darkOnScreen = dark;
  if (dark) paintTheme(false);
  byId("paper").replaceChildren(...paperView(), paperTable());
});

window.addEventListener("afterprint", () => {
  byId("paper").replaceChildren();
  if (darkOnScreen) paintTheme(true);
});

/** The view that is on the screen; for the table, and where there is no room for its lines, the picture or its title. */
function paperView() {
  if (state.view === "time") return [paperHead(), timeline(PAPER_ROWS)];
  if (state.view === "matrix") return [paperHead(), matrix()];
  return [lines.length <= 3000 ? pictureSvg() : paperHead()];
}

const paperHead = () => make("header", {}, make("h1", {}, titleText()), make("p", {}, countsText()));

/** The claims as a table: a row for each source, below it one for each of its passages, and their claims below that. */
function paperTable() {
  const stated = visibleClaims();
  const rest = stated.length - PAPER_ROWS;
  const columns = ["claim", "status", "years", "fieldsColumn"];
  return make(
    "table",
    {},
    make("thead", {}, make("tr", {}, columns.map((key) => make("th", { scope: "col" }, t(key))))),
    make("tbody", {}, [...paperRows(stated.slice(0, PAPER_ROWS), columns.length)]),
    rest > 0 ? make("caption", {}, t("moreInTable", { n: number(rest) })) : null,
  );
}

function* paperRows(stated, width) {
  const byPassage = new Map();
  for (const claim of stated) {
    const passage = claim.passages[0] || null;
    byPassage.has(passage) ? byPassage.get(passage).push(claim) : byPassage.set(passage, [claim]);
  }
  const place = (passage) => (passage ? [passage.source ? passage.source.index : sources.length, passage.paragraph, passage.index] : [sources.length + 1]);
  const inTurn = [...byPassage].map(([passage, own]) => [place(passage), passage, own]).sort(([a], [b]) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  const across = (kind, ...content) => make("tr", { class: kind }, make("th", { colSpan: width, scope: "rowgroup" }, content));
  let source;
  for (const [, passage, own] of inTurn) {
    const from = passage && passage.source;
    if (source !== from) yield across("source", sourceText((source = from)));
    if (passage) yield across("passage", ...paperPassage(passage));
    yield* own.map(paperRow);
  }
}

const sourceText = (source) =>
  source
    ? [isolate(source.title), publisherText(source), dateText(source.issued, source.precision)].filter(Boolean).join(" · ")
    : t("unknownSource");

const paperPassage = (passage) => [
  passage.paragraph ? make("cite", {}, t("paragraph", { n: passage.paragraph })) : null,
  passage.quotation ? `“${passage.quotation}”` : make("span", { lang: bestTag(passage.gist) || null }, best(passage.gist)),
];

function paperRow(claim) {
  const people = claim.speakers.length ? `${t("statedBy")} ${claim.speakers.map(labelOf).join(", ")}` : "";
  const more = claim.passages.length > 1 ? t("also", { names: claim.passages.slice(1).map(citation).join("; ") }) : "";
  const small = [people, more].filter(Boolean).join(" · ");
  return make(
    "tr",
    { "data-claim": claim.name },
    make("td", {}, sentence(claim), small ? make("small", {}, ` ${small}`) : null),
    make("td", {}, statusLabel(claim.status)),
    make("td", {}, yearsText(claim)),
    make("td", {}, claim.fields.map(labelOf).join(", ")),
  );
}
