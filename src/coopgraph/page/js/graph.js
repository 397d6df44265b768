// The graph: terms, sources, passages, claims, and the nodes and lines that show them.

const expandName = (name) => {
  if (name.startsWith("<")) return name.slice(1, -1);
  const cut = name.indexOf(":");
  return (data.prefixes[name.slice(0, cut)] ?? name.slice(0, cut + 1)) + name.slice(cut + 1);
};

const terms = data.terms.map(([name, kind, root, labels, alts, identifiers], index) => ({
  index,
  name,
  kind: kind || "",
  root: root || "",
  labels: labels || {},
  alts: alts || [],
  identifiers: identifiers || [],
}));
const termNamed = new Map(terms.map((term) => [term.name, term]));

const lastPart = (name) => name.replace(/>$/, "").split(/[/#:]/).pop();
const labelOf = (term) => best(term.labels, lastPart(term.name));
const labelNamed = (name, otherwise) => (termNamed.has(name) ? labelOf(termNamed.get(name)) : otherwise);
const groupLabel = (group) => labelNamed(`relation:${group}`, group);
const statusLabel = (status) => labelNamed(`status:${status}`, status);
const classLabel = (root) =>
  (texts[language].classes || {})[root] ??
  (best(data.kinds[root]) || texts.en.classes[root] || root.replace(/(?<=[a-z])(?=[A-Z])/g, " ") || t("other"));

const kindLabel = (kind) => (texts[language].kinds || {})[kind] ?? classLabel(kind);

const sources = data.sources.map(([name, title, publisher, issued, precision, page, license, roots], index) => ({
  index,
  name,
  title: title || lastPart(name),
  publisher: publisher || "",
  issued: issued || "",
  precision: precision || "",
  page: page || "",
  license: license || "",
  roots: roots || [name],
}));

const passages = data.passages.map(([name, source, paragraph, start, end, sha256, gist, quotation], index) => ({
  index,
  name,
  source: sources[source] || null,
  paragraph: paragraph || 0,
  start: start || 0,
  end: end || 0,
  sha256: sha256 || "",
  gist: gist || null,
  quotation: quotation || "",
}));

/** The year of a day, or the first (end 0) or last (1) of the decade or century that it stands for. */
function yearOf(day, precision, end) {
  const year = day ? Number.parseInt(day, 10) : Number.NaN;
  if (Number.isNaN(year)) return null;
  const span = { decade: 10, century: 100 }[precision];
  return span ? Math.floor(year / span) * span + end * (span - 1) : year;
}

const claims = data.claims.map(decodeClaim);

function decodeClaim(row, index) {
  const [
    name,
    s,
    p,
    o,
    status,
    group,
    link,
    cited,
    fields,
    from,
    fromPrecision,
    to,
    toPrecision,
    speakers,
    occasions,
    relayers,
    due,
    duePrecision,
    change,
    reported,
    called,
  ] = row;
  const quantity = Array.isArray(o)
    ? {
        value: String(o[0]),
        datatype: o[1],
        unit: o[2] || "",
        asOf: o[3] || "",
        precision: o[4] || "",
        shareOf: o[5] ? terms[o[5] - 1] : null,
        measure: o[6] ? terms[o[6] - 1] : null,
        counterpart: o[7] ? terms[o[7] - 1] : null,
        near: o[8] || "",
        periodFrom: o[9] || "",
        periodTo: o[10] || "",
      }
    : null;
  const evidence = (cited || []).map((i) => passages[i]);
  const list = (numbers) => (numbers || []).map((i) => terms[i]);
  return {
    index,
    name,
    subject: terms[s],
    predicate: terms[p],
    object: quantity ? null : terms[o],
    quantity,
    status,
    group,
    link: link === 1,
    passages: evidence,
    sources: [...new Set(evidence.map((passage) => passage.source).filter(Boolean))],
    fields: list(fields),
    from: from || "",
    fromPrecision: fromPrecision || "",
    to: to || "",
    toPrecision: toPrecision || "",
    speakers: list(speakers),
    occasions: list(occasions),
    relayers: list(relayers),
    due: due || "",
    duePrecision: duePrecision || "",
    change: change ? terms[change - 1] : null,
    reported: reported === 1,
    called: called || [],
    fate: null,
    first: quantity ? yearOf(quantity.asOf, quantity.precision, 0) : yearOf(from, fromPrecision, 0),
    last: quantity ? yearOf(quantity.asOf, quantity.precision, 1) : yearOf(to, toPrecision, 1),
    line: null,
  };
}
const claimNamed = new Map(claims.map((claim) => [claim.name, claim]));

/** What became of plans and hopes, as the question `fates` tells it. */
for (const [claim, outcome, months, happened, bound, evidence, further] of data.fates)
  claims[claim || 0].fate = {
    outcome: data.outcomes[outcome || 0],
    months: months || 0,
    happened: happened || "",
    bound: bound === 1,
    evidence: evidence ? claims[evidence - 1] : null,
    further: further || 0,
  };
const isOpen = (claim) => claim.fate !== null && claim.fate.outcome === "open";

/** Claims that say the same (subject, predicate, object), whoever says it. */
const triples = new Map();
for (const claim of claims) {
  const figure = claim.quantity;
  const what = figure && [figure.value, figure.measure?.index, figure.counterpart?.index, figure.periodFrom, figure.near];
  const key = `${claim.subject.index} ${claim.predicate.index} ${figure ? what.join(" ") : claim.object.index}`;
  if (!triples.has(key)) triples.set(key, []);
  triples.get(key).push(claim);
  claim.same = triples.get(key);
}

const nodes = island("nodes").map(({ id, x, y, size, slot = 0, tall = null, first = null, firstTall = null }, rank) => ({
  id,
  rank,
  term: terms[id],
  x,
  y,
  r: size,
  slot,
  home: { x, y },
  wide: [x, y, slot],
  tall,
  first, // where it stands while a dense graph is seen as it opens
  firstTall,
  size,
  lines: [],
  facts: [],
  visible: true,
}));
const nodeOf = new Map(nodes.map((node) => [node.id, node]));

const strokeOf = (status) => (status in style.strokes ? status : "realised");
/** What a status comes down to: planned and potential links are both hoped for. */
const kindOf = (status) => (status === "planned" || status === "potential" ? "hoped" : strokeOf(status));

const lines = island("edges").map((edge, index) => {
  const own = edge.cg.map((i) => claims[i]);
  const line = {
    index,
    a: nodeOf.get(edge.from),
    b: nodeOf.get(edge.to),
    claims: own,
    bend: edge.bend || 0,
    marks: edge.marks ?? 2,
    group: commonest(own.map((claim) => claim.group)),
    stroke: own.every((claim) => claim.status === own[0].status) ? strokeOf(own[0].status) : kindOf(own[0].status),
    shown: own.length,
    curve: null,
  };
  line.a.lines.push(line);
  if (line.b !== line.a) line.b.lines.push(line);
  for (const claim of own) claim.line = line;
  return line;
});

for (const claim of claims)
  if (!claim.link && nodeOf.has(claim.subject.index)) nodeOf.get(claim.subject.index).facts.push(claim);

function commonest(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
  return [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most))[0];
}

const other = (line, node) => (line.a === node ? line.b : line.a);

/** Large graphs are drawn in a simpler way: no marks and no dashes from afar. */
const large = lines.length > 2000;

const allYears = claims.flatMap((claim) => [claim.first, claim.last]).filter((year) => year !== null);
const yearSpan = allYears.length
  ? [allYears.reduce((a, b) => Math.min(a, b)), allYears.reduce((a, b) => Math.max(a, b))]
  : null;

/** What it costs a path to use a line: what is not realised is taken only where the way around is long. */
const HOPE = 3;
const DENIAL = 30;
function pathCost(line) {
  const stated = line.claims.filter((claim) => view.claims[claim.index]).map((claim) => kindOf(claim.status));
  if (stated.includes("realised")) return 1;
  return stated.every((kind) => kind === "denied") ? DENIAL : HOPE;
}

/** The best chain of visible lines between two nodes, as few and as much realised as can be, or null. */
function bestPath(from, to) {
  const came = new Map([[from, { cost: 0, line: null }]]);
  const done = new Set();
  const buckets = [[from]]; // costs are small whole numbers, so nodes wait in the bucket of their cost
  for (let cost = 0; cost < buckets.length && !done.has(to); cost += 1) {
    for (const node of buckets[cost] || []) {
      if (done.has(node) || came.get(node).cost < cost) continue;
      done.add(node);
      for (const line of node.lines) {
        const reached = other(line, node);
        const total = cost + (line.shown ? pathCost(line) : Infinity);
        if (total >= (came.get(reached) || { cost: Infinity }).cost) continue;
        came.set(reached, { cost: total, line });
        (buckets[total] ||= []).push(reached);
      }
    }
  }
  if (!came.has(to)) return null;
  const chain = [];
  for (let node = to; came.get(node).line; node = other(chain[0], node)) chain.unshift(came.get(node).line);
  return chain;
}
