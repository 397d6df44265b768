// The panel: who says so, in which passage of which document.

function showPanel(takeFocus = false) {
  const panel = byId("panel");
  const { selection } = state;
  const content = state.path
    ? pathPanel()
    : !selection
      ? null
      : selection.node
        ? nodePanel(selection.node)
        : linePanel(selection.line, selection.claim);
  panel.hidden = !content;
  document.body.classList.toggle("with-panel", Boolean(content));
  if (!content) return panel.replaceChildren();
  panel.replaceChildren(
    make(
      "button",
      { type: "button", class: "quiet close", onclick: clearSelection, ariaLabel: t("closePanel") },
      t("close"),
    ),
    content,
  );
  panel.scrollTop = 0;
  const named = panel.querySelector(".claim.current");
  if (named && selection.claim) named.scrollIntoView({ block: "nearest" });
  if (takeFocus) panel.querySelector("h2").focus();
}

const heading = (...children) => make("h2", { tabIndex: -1 }, ...children);
const chip = (text, kind = "") => make("span", { class: `chip ${kind}` }, text);

const nodeLink = (term, text = labelOf(term)) =>
  nodeOf.has(term.index)
    ? make(
        "button",
        { type: "button", class: "link", onclick: () => select({ node: nodeOf.get(term.index) }, true) },
        text,
      )
    : make("span", {}, text);

// --- an entity -----------------------------------------------------------------------------------------------------

function nodePanel(node) {
  const { term } = node;
  const main = labelOf(term);
  const alts = [...new Set(term.alts)];
  const others = [
    ...new Set(
      Object.entries(term.labels)
        .filter(([, text]) => text !== main)
        .map(([, text]) => text),
    ),
  ];
  return make(
    "article",
    {},
    make("p", { class: "kicker" }, nodeSign(term.root), kindLabel(term.kind)),
    heading(main),
    others.length ? make("p", { class: "names" }, others.join(" · ")) : null,
    alts.length ? make("p", { class: "also" }, t("also", { names: alts.map(isolate).join(", ") })) : null,
    nodeActions(node),
    factList(node),
    seriesList(node),
    linkList(node),
    identity(term),
  );
}

function nodeActions(node) {
  const depth = state.near && state.near.node === node ? state.near.depth : 0;
  const steps = [1, 2, 3].map((n) =>
    make(
      "button",
      {
        type: "button",
        class: "step",
        ariaPressed: String(depth === n),
        ariaLabel: tn("withinLinks", n),
        title: tn("withinLinks", n),
        onclick: () => chooseNear(depth === n ? null : node, n),
      },
      String(n),
    ),
  );
  const path = make("button", { type: "button", onclick: () => pickPath(node) }, t("pathTo"));
  return make(
    "div",
    { class: "actions" },
    make(
      "div",
      { class: "steps", role: "group", ariaLabel: t("neighbourhood") },
      make("span", {}, t("neighbourhood")),
      steps,
    ),
    path,
  );
}

function factList(node) {
  const facts = node.facts.filter((claim) => view.claims[claim.index]);
  if (!facts.length) return null;
  return make(
    "section",
    {},
    make("h3", {}, t("facts"), " ", make("span", { class: "count" }, number(facts.length))),
    facts.map(factRow),
  );
}

/** A fact as one row that opens its evidence. */
function factRow(claim) {
  const row = make("details", {
    class: "fact",
    open: state.selection.claim === claim,
    ontoggle: () =>
      row.open &&
      row.childElementCount === 1 &&
      row.append(claimCard(claim, row === byId("panel").querySelector(".fact[open]"))),
  });
  row.append(
    make(
      "summary",
      {},
      sentence(claim),
      kindOf(claim.status) === "realised" ? null : chip(statusLabel(claim.status), `status ${kindOf(claim.status)}`),
    ),
  );
  return row;
}

/** Links of an entity, grouped by relation, each opening its evidence. */
function linkList(node) {
  const byGroup = new Map();
  for (const line of node.lines)
    for (const claim of line.claims)
      if (view.claims[claim.index]) byGroup.set(claim.group, [...(byGroup.get(claim.group) || []), claim]);
  const blocks = inOrder(byGroup.keys(), Object.keys(style.groups)).map((group) => {
    const own = byGroup.get(group);
    const rows = own
      .slice(0, 60)
      .map((claim) =>
        make(
          "li",
          {},
          make(
            "button",
            { type: "button", class: "row", onclick: () => select({ line: claim.line, claim }, true) },
            lineSign(group, strokeOf(claim.status), false),
            make("span", {}, sentence(claim)),
          ),
        ),
      );
    return make(
      "section",
      {},
      make("h3", {}, groupLabel(group), " ", make("span", { class: "count" }, number(own.length))),
      make("ul", { class: "rows" }, rows),
      own.length > 60 ? make("p", { class: "note" }, t("moreInTable", { n: number(own.length - 60) })) : null,
    );
  });
  return blocks.length ? make("div", {}, blocks) : make("p", { class: "note" }, t("noLinks"));
}

function identity(term) {
  return make(
    "section",
    { class: "identity" },
    make("h3", {}, t("identity")),
    make("p", { class: "iri" }, expandName(term.name)),
    term.identifiers.length
      ? make(
          "ul",
          { class: "identifiers" },
          term.identifiers.map((text) => make("li", {}, webLink(text, text))),
        )
      : null,
    make(
      "div",
      { class: "copies" },
      copyButton(t("copyIri"), () => expandName(term.name)),
    ),
  );
}

// --- a line ----------------------------------------------------------------------------------------------------------

function linePanel(line, current) {
  const pair = claims.filter(
    (claim) =>
      view.claims[claim.index] &&
      claim.line &&
      [line.a, line.b].every((end) => end === claim.line.a || end === claim.line.b) &&
      (line.a === line.b) === (claim.line.a === claim.line.b),
  );
  const own = pair.filter((claim) => claim.line === line);
  if (current && own.includes(current)) own.unshift(...own.splice(own.indexOf(current), 1));
  const rest = pair.filter((claim) => claim.line !== line);
  const [from, to] = line.marks === 1 ? [line.b, line.a] : [line.a, line.b];
  return make(
    "article",
    {},
    make(
      "p",
      { class: "kicker" },
      lineSign(line.group, line.stroke, line.marks !== 0),
      `${groupLabel(line.group)} · ${tn("claims", own.length)}`,
    ),
    heading(
      nodeLink(from.term),
      make("span", { class: "arrow" }, line.marks === 0 || line.marks === 3 ? " ↔ " : " → "),
      nodeLink(to.term),
    ),
    own.length
      ? own.map((claim) => claimCard(claim, claim === current || own.length === 1))
      : make("p", { class: "note" }, t("hiddenNow")),
    rest.length
      ? make(
          "section",
          {},
          make("h3", {}, t("samePair"), " ", make("span", { class: "count" }, number(rest.length))),
          rest.map((claim) => claimCard(claim, false)),
        )
      : null,
  );
}

// --- a path ----------------------------------------------------------------------------------------------------------

/** Which links of a path are not realised: those that it must hope for. */
function hopesOn(chain) {
  const hoped = chain.filter((line) => pathCost(line) > 1);
  const names = hoped.map((line) => `${isolate(labelOf(line.a.term))} – ${isolate(labelOf(line.b.term))}`).join("; ");
  return hoped.length ? make("p", { class: "hopes" }, tn("pathHopes", hoped.length, { names })) : null;
}

function pathPanel() {
  const { from, to, lines: chain } = state.path;
  let at = from;
  const stops = chain.map((line) => {
    const next = other(line, at);
    at = next;
    const shown = line.claims.filter((own) => view.claims[own.index]);
    const claim = shown.find((own) => kindOf(own.status) === "realised") || shown[0];
    return make("li", {}, claim ? claimCard(claim, false) : null, make("p", { class: "stop" }, nodeLink(next.term)));
  });
  return make(
    "article",
    {},
    make("p", { class: "kicker" }, t("path")),
    heading(make("bdi", {}, labelOf(from.term)), make("span", { class: "arrow" }, " ⇢ "), make("bdi", {}, labelOf(to.term))),
    chain.length
      ? [
          make("p", { class: "note" }, chain.length === 1 ? t("pathDirect") : tn("pathLength", chain.length)),
          hopesOn(chain),
        ]
      : make("p", { class: "note" }, from === to ? t("samePlace") : t("noPath")),
    make("ol", { class: "chain" }, make("li", {}, make("p", { class: "stop" }, nodeLink(from.term))), stops),
  );
}
