// How what is on the screen stands in the address, and how Back and Forward walk through it.

const WALKED = ["sel", "near", "path", "view", "step"]; // what is a step of its own in the browser's history

let unknownNames = []; // what an address names and the graph does not hold

const encodeValue = (value) => encodeURIComponent(value).replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%20", "+");

/** Everything on the screen as [key, value] pairs. */
function* addressParts() {
  const { selection, near, path } = state;
  const sorted = (values) => [...values].sort().join(",");
  if (selection) yield ["sel", selection.node && !selection.claim ? selection.node.term.name : (selection.claim || selection.line.claims[0]).name];
  if (near) yield ["near", `${near.node.term.name},${near.depth}`];
  if (path) yield ["path", `${path.from.term.name},${path.to.term.name}`];
  if (state.view !== "map") yield ["view", state.view];
  if (state.step >= 0) yield ["step", state.step + 1];
  const own = filterParts(state);
  const usual = filterParts(usualFilters(state.step));
  if (JSON.stringify(own) !== JSON.stringify(usual)) yield* own.length ? own : [["show", "all"]];
  if (state.size !== "cooperation") yield ["size", state.size];
  if (state.moved.size) yield ["at", movedText()];
  if (embedded) yield ["embed", 1];
  if (language !== data.language) yield ["lang", language];

  function filterParts(filters) {
    const parts = [];
    for (const key of ["classes", "groups", "statuses"]) if (filters[key].size) parts.push([`no-${key}`, sorted(filters[key])]);
    if (filters.sources.size) parts.push(["no-sources", sorted([...filters.sources].map((i) => sources[i].name))]);
    if (filters.fields.size) parts.push(["fields", sorted([...filters.fields].map((i) => terms[i].name))]);
    if (filters.minSources > 1) parts.push(["min-sources", filters.minSources]);
    if (narrowed(filters.years)) parts.push(["years", filters.years.join("-")]);
    if (!filters.undated) parts.push(["undated", "no"]);
    if (filters.open) parts.push(["plans", "open"]);
    return parts;
  }
}

/** The filters that a step of the story, or the page at first, has of its own. */
const usualFilters = (step) => (data.story[step] ? stepFilters(data.story[step]) : fresh());

function toAddress() {
  const parts = [...addressParts()].map(([key, value]) => `${key}=${encodeValue(value)}`);
  return parts.length ? `#${parts.join("&")}` : "";
}

const FILTER_KEYS = ["no-classes", "no-groups", "no-statuses", "no-sources", "fields", "min-sources", "years", "undated", "plans", "show"];

/** Takes over what an address says, and notes which of its names the graph does not hold. */
function fromAddress(address) {
  const given = new URLSearchParams(address.replace(/^#/, ""));
  const list = (key) => (given.get(key) || "").split(",").filter(Boolean);
  unknownNames = [];
  const known = (names, holds) => names.filter((name) => holds(name) || (unknownNames.push(name), false));
  Object.assign(state, fresh());
  state.step = data.story.findIndex((_, i) => String(i + 1) === given.get("step"));
  if (given.get("step") && state.step < 0) unknownNames.push(`step ${given.get("step")}`);
  if (state.step >= 0) Object.assign(state, stepFilters(data.story[state.step]));
  if (FILTER_KEYS.some((key) => given.has(key))) {
    Object.assign(state, noFilters());
    const used = { classes: new Set(nodes.map((node) => node.term.root)), groups: new Set(claims.map((claim) => claim.group)), statuses: new Set(claims.map((claim) => claim.status)) };
    for (const key of ["classes", "groups", "statuses"]) state[key] = new Set(known(list(`no-${key}`), (name) => used[key].has(name)));
    const sourceNames = new Map(sources.map((source) => [source.name, source.index]));
    state.sources = new Set(known(list("no-sources"), (name) => sourceNames.has(name)).map((name) => sourceNames.get(name)));
    state.fields = new Set(known(list("fields"), (name) => termNamed.has(name)).map((name) => termNamed.get(name).index));
    state.minSources = Math.max(1, Number.parseInt(given.get("min-sources"), 10) || 1);
    const years = /^(-?\d+)-(-?\d+)$/.exec(given.get("years") || "");
    if (years && yearSpan) state.years = [clamp(Number(years[1]), ...yearSpan), clamp(Number(years[2]), ...yearSpan)].sort((a, b) => a - b);
    state.undated = given.get("undated") !== "no";
    state.open = given.get("plans") === "open";
  }
  const [near, depth] = list("near");
  if (near && known([near], nodeNamed).length) state.near = { node: nodeNamed(near), depth: clamp(Number(depth) || 1, 1, 3) };
  const ends = known(list("path").slice(0, 2), nodeNamed).map(nodeNamed);
  if (ends.length === 2) state.path = { from: ends[0], to: ends[1], lines: [] };
  const oneOf = (key, choices, otherwise) => known([given.get(key)].filter(Boolean), (name) => choices.includes(name))[0] || otherwise;
  state.view = oneOf("view", VIEWS, state.view);
  state.size = oneOf("size", SIZES, state.size);
  state.moved = movedFrom(given.get("at") || "");
  embedded = given.get("embed") === "1";
  language = oneOf("lang", languages, language);
  const chosen = given.get("sel") || "";
  state.selection = selectionNamed(chosen);
  if (chosen && !state.selection) unknownNames.push(chosen);
  const hidden = state.selection && state.selection.claim && failures(state.selection.claim);
  if (hidden && !FILTER_KEYS.some((key) => given.has(key)) && state.step < 0) Object.assign(state, noFilters());
}

const nodeNamed = (name) => (termNamed.has(name) ? nodeOf.get(termNamed.get(name).index) : undefined);

function selectionNamed(name) {
  if (nodeNamed(name)) return { node: nodeNamed(name) };
  const claim = claimNamed.get(name);
  if (!claim) return null;
  if (claim.line) return { line: claim.line, claim };
  return nodeOf.has(claim.subject.index) ? { node: nodeOf.get(claim.subject.index), claim } : null;
}

const walked = (address) => {
  const given = new URLSearchParams(address.replace(/^#/, ""));
  return WALKED.map((key) => given.get(key) || "").join(" ");
};

/** Puts the screen into the address: what is walked through as a step of the history, all else in place. */
function writeAddress() {
  const address = toAddress();
  if (address === location.hash) return;
  const push = painting && !following && location.protocol !== "about:" && walked(address) !== walked(location.hash);
  try {
    history[push ? "pushState" : "replaceState"](null, "", address || location.pathname + location.search);
  } catch {
    // inside a notebook's iframe there is no address to write to
  }
}

let following = false;

/** Takes over an address that the reader typed, followed or went back to, not one that the page itself wrote. */
function followAddress() {
  if (location.hash === toAddress()) return;
  following = true;
  const before = `${language} ${embedded} ${state.size}`;
  fromAddress(location.hash);
  `${language} ${embedded} ${state.size}` === before ? buildTools() : build();
  changed(true);
  arrange();
  showChosen();
  following = false;
}
