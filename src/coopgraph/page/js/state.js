// What the reader has chosen, and what of the graph that leaves.

const VIEWS = ["map", "time", "matrix", "table"];
const SIZES = ["cooperation", "claims", "sources", "degree"];

const noFilters = () => ({
  classes: new Set(),
  groups: new Set(),
  statuses: new Set(),
  sources: new Set(), // what is switched off
  fields: new Set(), // what alone is shown, if any
  minSources: 1,
  years: yearSpan ? [...yearSpan] : null,
  undated: true,
  open: false, // only plans and hopes of which no later source tells
});

/** The groups that a graph of many links hides at first, all but cooperation. */
const allLinks = claims.filter((claim) => claim.link);
const linkGroups = [...new Set(allLinks.map((claim) => claim.group))];
const dense = allLinks.length > MEASURES.dense && linkGroups.includes("cooperation");
const hiddenAtFirst = () => new Set(dense ? linkGroups.filter((group) => group !== "cooperation") : []);

const fresh = () => ({
  ...noFilters(),
  groups: hiddenAtFirst(),
  near: null, // { node, depth }
  path: null, // { from, to, lines }
  picking: null, // the node from which a path is to lead to the next one chosen
  selection: null, // { node } | { line, claim? }
  view: "map",
  step: -1,
  size: "cooperation", // what the size of a sign tells
  moved: new Map(), // node -> where the reader put it
});

const state = fresh();

const FACETS = { classes: 1, groups: 2, statuses: 4, fields: 8, sources: 16, minSources: 32, years: 64, open: 128 };

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
  if (state.open && !isOpen(claim)) bits |= FACETS.open;
  return bits;
}

/** How many of the sources switched on say what a claim says; those that repeat one another count once. */
function independentSources(claim) {
  const trusted = new Set();
  for (const same of claim.same)
    for (const source of same.sources)
      if (!state.sources.has(source.index)) for (const root of source.roots) trusted.add(root);
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
    open: 0,
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
    if ((bits & ~FACETS.open) === 0 && isOpen(claim)) counts.open += 1;
    if ((bits & ~FACETS.years) === 0) claim.first === null ? (counts.undated += 1) : add(counts.years, claim.first);
  }
  for (const term of classNodes) if (nodeOf.has(term.index)) add(counts.classes, term.root);
  view.counts = counts;
  showNodes();
}

/** Hides links outside the neighbourhood, then nodes without any visible link or, where they never had one, fact. */
function showNodes() {
  if (state.near) keepNear(state.near.node, state.near.depth);
  if (state.path) keepPath();
  view.nodes = view.links = view.facts = 0;
  for (const line of lines) view.links += line.shown;
  for (const node of nodes) {
    node.visible =
      node.lines.some((line) => line.shown > 0) ||
      (node.lines.length === 0 && node.facts.some((claim) => view.claims[claim.index]));
    if (state.near && node === state.near.node) node.visible = true;
    if (node.visible) view.nodes += 1;
    if (!node.visible && node.lines.length)
      for (const claim of node.facts) view.claims[claim.index] = view.claims[claim.index] && !state.near && !state.path ? 1 : 0;
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
  keepOnly(reached, (line) => reached.has(line.a) && reached.has(line.b));
}

/** Finds the path anew among what the filters leave, and hides all but it; where there is none, nothing is hidden. */
function keepPath() {
  const { from, to } = state.path;
  state.path.lines = bestPath(from, to) || [];
  if (!state.path.lines.length) return;
  const chain = pathNodes();
  const pairs = new Set(chain.slice(1).map((node, i) => `${Math.min(node.id, chain[i].id)} ${Math.max(node.id, chain[i].id)}`));
  keepOnly(new Set(chain), (line) => pairs.has(`${Math.min(line.a.id, line.b.id)} ${Math.max(line.a.id, line.b.id)}`));
}

function keepOnly(kept, isKept) {
  for (const line of lines) {
    if (!line.shown || isKept(line)) continue;
    line.shown = 0;
    for (const claim of line.claims) view.claims[claim.index] = 0;
  }
  for (const node of nodes) if (!kept.has(node)) for (const claim of node.facts) view.claims[claim.index] = 0;
}

const visibleClaims = () => claims.filter((claim) => view.claims[claim.index]);
const anyFilter = () =>
  state.classes.size + state.groups.size + state.statuses.size + state.sources.size + state.fields.size > 0 ||
  state.minSources > 1 ||
  !state.undated ||
  state.open ||
  yearsNarrowed();
const narrowed = (years) => years !== null && (years[0] > yearSpan[0] || years[1] < yearSpan[1]);
const yearsNarrowed = () => narrowed(state.years);

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
