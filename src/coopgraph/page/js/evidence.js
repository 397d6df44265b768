// The panel: who says so, in which passage of which document.

function showPanel(takeFocus = false) {
  const panel = byId("panel");
  const { selection } = state;
  const content = state.path ? pathPanel() : !selection ? null : selection.node ? nodePanel(selection.node) : linePanel(selection.line, selection.claim);
  panel.hidden = !content;
  document.body.classList.toggle("with-panel", Boolean(content));
  if (!content) return panel.replaceChildren();
  panel.replaceChildren(make("button", { type: "button", class: "quiet close", onclick: clearSelection, ariaLabel: t("closePanel") }, t("close")), content);
  panel.scrollTop = 0;
  const named = panel.querySelector(".claim.current");
  if (named && selection.claim) named.scrollIntoView({ block: "nearest" });
  if (takeFocus) panel.querySelector("h2").focus();
}

const heading = (...children) => make("h2", { tabIndex: -1 }, ...children);
const chip = (text, kind = "") => make("span", { class: `chip ${kind}` }, text);

const nodeLink = (term, text = labelOf(term)) => (nodeOf.has(term.index) ? make("button", { type: "button", class: "link", onclick: () => select({ node: nodeOf.get(term.index) }, true) }, text) : make("span", {}, text));

// --- an entity -----------------------------------------------------------------------------------------------------

function nodePanel(node) {
  const { term } = node;
  const main = labelOf(term);
  const others = [...new Set(Object.entries(term.labels).filter(([, text]) => text !== main).map(([, text]) => text))];
  return make("article", {},
    make("p", { class: "kicker" }, nodeSign(term.root), kindLabel(term.kind)),
    heading(main),
    others.length ? make("p", { class: "names" }, others.join(" · ")) : null,
    term.alts.length ? make("p", { class: "also" }, t("also", { names: term.alts.join(", ") })) : null,
    nodeActions(node),
    factList(node),
    linkList(node),
    identity(term),
  );
}

function nodeActions(node) {
  const depth = state.near && state.near.node === node ? state.near.depth : 0;
  const steps = [1, 2, 3].map((n) => make("button", { type: "button", class: "step", ariaPressed: String(depth === n), ariaLabel: tn("withinLinks", n), title: tn("withinLinks", n), onclick: () => chooseNear(depth === n ? null : node, n) }, String(n)));
  const path = make("button", { type: "button", onclick: () => pickPath(node) }, t("pathTo"));
  return make("div", { class: "actions" }, make("div", { class: "steps", role: "group", ariaLabel: t("neighbourhood") }, make("span", {}, t("neighbourhood")), steps), path);
}

function factList(node) {
  const facts = node.facts.filter((claim) => view.claims[claim.index]);
  if (!facts.length) return null;
  return make("section", {}, make("h3", {}, t("facts"), " ", make("span", { class: "count" }, number(facts.length))), facts.map(factRow));
}

/** A fact as one row that opens its evidence. */
function factRow(claim) {
  const row = make("details", { class: "fact", open: state.selection.claim === claim, ontoggle: () => row.open && row.childElementCount === 1 && row.append(claimCard(claim, row === byId("panel").querySelector(".fact[open]"))) });
  row.append(make("summary", {}, sentence(claim), kindOf(claim.status) === "realised" ? null : chip(statusLabel(claim.status), `status ${kindOf(claim.status)}`)));
  return row;
}

/** Links of an entity, grouped by relation, each opening its evidence. */
function linkList(node) {
  const byGroup = new Map();
  for (const line of node.lines) for (const claim of line.claims) if (view.claims[claim.index]) byGroup.set(claim.group, [...(byGroup.get(claim.group) || []), claim]);
  const blocks = inOrder(byGroup.keys(), Object.keys(style.groups)).map((group) => {
    const own = byGroup.get(group);
    const rows = own.slice(0, 60).map((claim) => make("li", {}, make("button", { type: "button", class: "row", onclick: () => select({ line: claim.line, claim }, true) }, lineSign(group, strokeOf(claim.status), false), make("span", {}, sentence(claim)))));
    return make("section", {}, make("h3", {}, groupLabel(group), " ", make("span", { class: "count" }, number(own.length))), make("ul", { class: "rows" }, rows), own.length > 60 ? make("p", { class: "note" }, t("moreInTable", { n: number(own.length - 60) })) : null);
  });
  return blocks.length ? make("div", {}, blocks) : make("p", { class: "note" }, t("noLinks"));
}

function identity(term) {
  return make("section", { class: "identity" },
    make("h3", {}, t("identity")),
    make("p", { class: "iri" }, expandName(term.name)),
    term.identifiers.length ? make("ul", { class: "identifiers" }, term.identifiers.map((text) => make("li", {}, webLink(text, text)))) : null,
    make("div", { class: "copies" }, copyButton(t("copyIri"), () => expandName(term.name))),
  );
}

// --- a line ----------------------------------------------------------------------------------------------------------

function linePanel(line, current) {
  const pair = claims.filter((claim) => view.claims[claim.index] && claim.line && [line.a, line.b].every((end) => end === claim.line.a || end === claim.line.b) && (line.a === line.b) === (claim.line.a === claim.line.b));
  const own = pair.filter((claim) => claim.line === line);
  if (current && own.includes(current)) own.unshift(...own.splice(own.indexOf(current), 1));
  const rest = pair.filter((claim) => claim.line !== line);
  const [from, to] = line.marks === 1 ? [line.b, line.a] : [line.a, line.b];
  return make("article", {},
    make("p", { class: "kicker" }, lineSign(line.group, line.stroke, line.marks !== 0), `${groupLabel(line.group)} · ${tn("claims", own.length)}`),
    heading(nodeLink(from.term), make("span", { class: "arrow" }, line.marks === 0 || line.marks === 3 ? " ↔ " : " → "), nodeLink(to.term)),
    own.length ? own.map((claim) => claimCard(claim, claim === current || own.length === 1)) : make("p", { class: "note" }, t("hiddenNow")),
    rest.length ? make("section", {}, make("h3", {}, t("samePair"), " ", make("span", { class: "count" }, number(rest.length))), rest.map((claim) => claimCard(claim, false))) : null,
  );
}

// --- a claim ----------------------------------------------------------------------------------------------------------

function claimCard(claim, current) {
  const when = timeText(claim);
  return make("div", { class: `claim ${kindOf(claim.status)}${current ? " current" : ""}` },
    make("p", { class: "sentence" }, sentence(claim)),
    make("p", { class: "chips" }, chip(statusLabel(claim.status), `status ${kindOf(claim.status)}`), when ? chip(when) : null, claim.fields.map((field) => chip(labelOf(field), "field")), agreement(claim)),
    speakerLine(claim),
    claim.passages.map(passageQuote),
    technical(claim),
  );
}

/** Whether others say the same, or its contrary. */
function agreement(claim) {
  const said = independentSources(claim);
  const statuses = new Set(claim.same.map((same) => same.status));
  return [said > 1 ? chip(t("bySources", { n: said })) : null, statuses.size > 1 && statuses.has("denied") ? chip(t("disputed"), "warn") : null];
}

function speakerLine(claim) {
  if (!claim.speakers.length && !claim.relayers.length) return null;
  const people = (list) => list.flatMap((term, i) => [i ? ", " : "", nodeLink(term)]);
  return make("p", { class: "speaker" }, claim.speakers.length ? [t("statedBy"), " ", people(claim.speakers)] : null, claim.occasions.length ? [" ", t("statedAt"), " ", people(claim.occasions)] : null, claim.relayers.length ? [" · ", t("relayedBy"), " ", people(claim.relayers)] : null);
}

function passageQuote(passage) {
  const { source } = passage;
  const text = passage.quotation ? make("blockquote", { class: "quotation" }, passage.quotation) : passage.gist ? make("blockquote", { lang: bestTag(passage.gist) || null }, best(passage.gist)) : null;
  if (text && text.textContent.length > 700) text.classList.add("long");
  const place = [passage.paragraph ? t("paragraph", { n: passage.paragraph }) : "", source ? publisherText(source) : "", source ? dateText(source.issued, source.precision) : ""].filter(Boolean).join(" · ");
  return make("div", { class: "passage" }, text, make("p", { class: "cite" }, source ? make("cite", {}, webLink(source.page, source.title)) : t("unknownSource"), place ? make("span", {}, ` · ${place}`) : null));
}

/** IRI, Turtle and SPARQL, written out when they are asked for. */
function technical(claim) {
  const parts = [["IRI", t("copyIri"), () => expandName(claim.name)], ["Turtle", t("copyTurtle"), () => turtleOf(claim)], ["SPARQL", t("copySparql"), () => sparqlOf(claim)]];
  const details = make("details", { class: "technical", ontoggle: () => {
    if (!details.open || details.childElementCount > 1) return;
    for (const [name, copy, content] of parts) details.append(make("h4", {}, name, copyButton(copy, content)), make("pre", { tabIndex: 0 }, content()));
    details.append(copyButton(t("copyLink"), () => linkTo(claim)));
  } }, make("summary", {}, t("technical")));
  return details;
}

const linkTo = (claim) => `${location.href.replace(/#.*$/, "")}#sel=${encodeURIComponent(claim.name).replaceAll("%3A", ":")}`;

function copyButton(text, content) {
  const button = make("button", { type: "button", class: "quiet copy", onclick: async () => {
    const copied = await copyText(content());
    button.textContent = copied ? t("copied") : t("notCopied");
    announce(button.textContent);
    setTimeout(() => (button.textContent = text), 1500);
  } }, text);
  return button;
}

/** Copies by the clipboard where the page may, else (file:, iframe) by a selected text field. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = make("textarea", { value: text, class: "unseen", ariaHidden: "true" });
    const before = document.activeElement;
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    if (before) before.focus();
    return copied;
  }
}

// --- a path ----------------------------------------------------------------------------------------------------------

function pathPanel() {
  const { from, to, lines: chain } = state.path;
  let at = from;
  const stops = chain.map((line) => {
    const next = other(line, at);
    at = next;
    const claim = line.claims.find((own) => view.claims[own.index]);
    return make("li", {}, claim ? claimCard(claim, false) : null, make("p", { class: "stop" }, nodeLink(next.term)));
  });
  return make("article", {},
    make("p", { class: "kicker" }, t("path")),
    heading(labelOf(from.term), make("span", { class: "arrow" }, " ⇢ "), labelOf(to.term)),
    chain.length ? make("p", { class: "note" }, tn("pathLength", chain.length)) : make("p", { class: "note" }, from === to ? t("samePlace") : t("noPath")),
    make("ol", { class: "chain" }, make("li", {}, make("p", { class: "stop" }, nodeLink(from.term))), stops),
  );
}
