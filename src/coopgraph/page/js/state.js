// What the reader has chosen, what of the graph that leaves, and how both stand in the address.

const fresh = () => ({
  classes: new Set(),
  groups: new Set(),
  statuses: new Set(),
  sources: new Set(), // what is switched off
  fields: new Set(), // what alone is shown, if any
  minSources: 1,
  years: yearSpan ? [...yearSpan] : null,
  undated: true,
  near: null, // { node, depth }
  path: null, // { from, to, lines }
  picking: null, // the node from which a path is to lead to the next one chosen
  selection: null, // { node } | { line, claim? }
  table: false,
  step: -1,
});

const state = fresh();

const FACETS = { classes: 1, groups: 2, statuses: 4, fields: 8, sources: 16, minSources: 32, years: 64 };

/** Which facets a claim fails, as bits. */
function failures(claim) {
  let bits = 0;
  if (
    state.classes.size &&
    (state.classes.has(claim.subject.root) || (claim.link && state.classes.has(claim.object.root)))
  )
    bits |= FACETS.classes;
  if (state.groups.has(claim.group)) bits |= FACETS.groups;
  if (state.statuses.has(claim.status)) bits |= FACETS.statuses;
  if (
    state.fields.size &&
    !claim.fields.some((field) => state.fields.has(field.index)) &&
    !(claim.object && state.fields.has(claim.object.index))
  )
    bits |= FACETS.fields;
  if (state.sources.size && claim.sources.length && claim.sources.every((source) => state.sources.has(source.index)))
    bits |= FACETS.sources;
  if (state.minSources > 1 && independentSources(claim) < state.minSources) bits |= FACETS.minSources;
  if (state.years && !inYears(claim)) bits |= FACETS.years;
  return bits;
}

/** How many of the sources switched on say what a claim says. */
function independentSources(claim) {
  const trusted = new Set();
  for (const same of claim.same)
    for (const source of same.sources) if (!state.sources.has(source.index)) trusted.add(source);
  return trusted.size;
}

/** Whether a claim holds at some time in the years chosen; one without an end goes on. */
function inYears(claim) {
  const [low, high] = state.years;
  if (low <= yearSpan[0] && high >= yearSpan[1]) return state.undated || claim.first !== null || claim.last !== null;
  if (claim.first === null && claim.last === null) return state.undated;
  return (claim.first ?? -Infinity) <= high && (claim.last ?? Infinity) >= low;
}

/** What is visible, and how many claims (entities, for classes) each choice would show. */
const view = { claims: new Uint8Array(claims.length), links: 0, facts: 0, nodes: 0, counts: {} };

function evaluate() {
  const counts = {
    classes: new Map(),
    groups: new Map(),
    statuses: new Map(),
    fields: new Map(),
    sources: new Map(),
    years: new Map(),
    undated: 0,
  };
  const add = (map, key) => map.set(key, (map.get(key) || 0) + 1);
  const classNodes = new Set();
  for (const line of lines) line.shown = 0;
  for (const claim of claims) {
    const bits = failures(claim);
    view.claims[claim.index] = bits === 0 ? 1 : 0;
    if (bits === 0 && claim.line) claim.line.shown += 1;
    if ((bits & ~FACETS.classes) === 0) {
      classNodes.add(claim.subject);
      if (claim.link) classNodes.add(claim.object);
    }
    if ((bits & ~FACETS.groups) === 0) add(counts.groups, claim.group);
    if ((bits & ~FACETS.statuses) === 0) add(counts.statuses, claim.status);
    if ((bits & ~FACETS.fields) === 0) for (const field of claim.fields) add(counts.fields, field.index);
    if ((bits & ~FACETS.sources) === 0) for (const source of claim.sources) add(counts.sources, source.index);
    if ((bits & ~FACETS.years) === 0) claim.first === null ? (counts.undated += 1) : add(counts.years, claim.first);
  }
  for (const term of classNodes) if (nodeOf.has(term.index)) add(counts.classes, term.root);
  view.counts = counts;
  showNodes();
}

/** Hides links outside the neighbourhood, then nodes without any visible link or, where they never had one, fact. */
function showNodes() {
  if (state.near) keepNear(state.near.node, state.near.depth);
  view.nodes = view.links = view.facts = 0;
  for (const line of lines) view.links += line.shown;
  for (const node of nodes) {
    node.visible =
      node.lines.some((line) => line.shown > 0) ||
      (node.lines.length === 0 && node.facts.some((claim) => view.claims[claim.index]));
    if (state.near && node === state.near.node) node.visible = true;
    if (node.visible) view.nodes += 1;
    if (!node.visible && node.lines.length)
      for (const claim of node.facts) view.claims[claim.index] = view.claims[claim.index] && !state.near ? 1 : 0;
    for (const claim of node.facts) view.facts += view.claims[claim.index];
  }
}

function keepNear(start, depth) {
  const reached = new Set([start]);
  let front = [start];
  for (let step = 0; step < depth; step += 1) {
    const next = [];
    for (const node of front)
      for (const line of node.lines)
        if (line.shown && !reached.has(other(line, node)))
          reached.add(other(line, node)) && next.push(other(line, node));
    front = next;
  }
  for (const line of lines) {
    if (line.shown && !(reached.has(line.a) && reached.has(line.b))) {
      line.shown = 0;
      for (const claim of line.claims) view.claims[claim.index] = 0;
    }
  }
  for (const node of nodes) if (!reached.has(node)) for (const claim of node.facts) view.claims[claim.index] = 0;
}

const visibleClaims = () => claims.filter((claim) => view.claims[claim.index]);
const anyFilter = () =>
  state.classes.size + state.groups.size + state.statuses.size + state.sources.size + state.fields.size > 0 ||
  state.minSources > 1 ||
  !state.undated ||
  yearsNarrowed() ||
  state.near !== null;
const yearsNarrowed = () => state.years !== null && (state.years[0] > yearSpan[0] || state.years[1] < yearSpan[1]);

// --- the address -----------------------------------------------------------------------------------------------

function toAddress() {
  const parts = [];
  const put = (key, value) =>
    parts.push(
      `${key}=${encodeURIComponent(value).replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%20", "+")}`,
    );
  const { selection } = state;
  if (selection)
    put("sel", selection.node ? selection.node.term.name : (selection.claim || selection.line.claims[0]).name);
  for (const key of ["classes", "groups", "statuses"])
    if (state[key].size) put(`no-${key}`, [...state[key]].sort().join(","));
  if (state.sources.size)
    put(
      "no-sources",
      [...state.sources]
        .map((i) => sources[i].name)
        .sort()
        .join(","),
    );
  if (state.fields.size)
    put(
      "fields",
      [...state.fields]
        .map((i) => terms[i].name)
        .sort()
        .join(","),
    );
  if (state.minSources > 1) put("min-sources", state.minSources);
  if (yearsNarrowed()) put("years", state.years.join("-"));
  if (!state.undated) put("undated", "no");
  if (state.near) put("near", `${state.near.node.term.name},${state.near.depth}`);
  if (state.path) put("path", `${state.path.from.term.name},${state.path.to.term.name}`);
  if (state.table) put("view", "table");
  if (state.step >= 0) put("step", state.step + 1);
  if (language !== data.language) put("lang", language);
  return parts.length ? `#${parts.join("&")}` : "";
}

/** Takes over what an address says; names that the graph does not hold are passed over. */
function fromAddress(address) {
  const given = new URLSearchParams(address.replace(/^#/, ""));
  const list = (key) => (given.get(key) || "").split(",").filter(Boolean);
  Object.assign(state, fresh());
  for (const key of ["classes", "groups", "statuses"]) state[key] = new Set(list(`no-${key}`));
  state.sources = new Set(
    sources.filter((source) => list("no-sources").includes(source.name)).map((source) => source.index),
  );
  state.fields = new Set(
    list("fields")
      .filter((name) => termNamed.has(name))
      .map((name) => termNamed.get(name).index),
  );
  state.minSources = Math.max(1, Number.parseInt(given.get("min-sources"), 10) || 1);
  const years = /^(-?\d+)-(-?\d+)$/.exec(given.get("years") || "");
  if (years && yearSpan)
    state.years = [clamp(Number(years[1]), ...yearSpan), clamp(Number(years[2]), ...yearSpan)].sort((a, b) => a - b);
  state.undated = given.get("undated") !== "no";
  const [near, depth] = list("near");
  if (named(near)) state.near = { node: named(near), depth: clamp(Number(depth) || 1, 1, 3) };
  const ends = list("path").map(named);
  if (ends.length === 2 && ends[0] && ends[1]) state.path = { from: ends[0], to: ends[1], lines: [] };
  state.table = given.get("view") === "table";
  state.step = data.story.findIndex((_, i) => String(i + 1) === given.get("step"));
  if (languages.includes(given.get("lang"))) language = given.get("lang");
  state.selection = selectionNamed(given.get("sel") || "");
}

const named = (name) => (termNamed.has(name) ? nodeOf.get(termNamed.get(name).index) : undefined);

function selectionNamed(name) {
  if (named(name)) return { node: named(name) };
  const claim = claimNamed.get(name);
  if (!claim) return null;
  return claim.line
    ? { line: claim.line, claim }
    : nodeOf.has(claim.subject.index)
      ? { node: nodeOf.get(claim.subject.index), claim }
      : null;
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function writeAddress() {
  try {
    history.replaceState(null, "", toAddress() || location.pathname + location.search);
  } catch {
    // inside a notebook's iframe there is no address to write to
  }
}
