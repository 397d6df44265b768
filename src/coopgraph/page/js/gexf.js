// What is shown as GEXF 1.3 for Gephi: the attributes of `coopgraph export --format gexf`, with places, sizes and colours.

const GEXF_NODE = {
  kind: ({ term }) => term.kind,
  root: ({ term }) => term.root,
  names: ({ term }) => [...new Set([...Object.values(term.labels), ...term.alts])].filter((name) => name !== labelOf(term)),
};
const GEXF_EDGE = {
  predicate: (claim) => expandName(claim.predicate.name),
  group: (claim) => claim.group,
  status: (claim) => claim.status,
  fields: (claim) => claim.fields.map(labelOf),
  speakers: (claim) => claim.speakers.map(labelOf),
  occasions: (claim) => claim.occasions.map(labelOf),
  relayers: (claim) => claim.relayers.map(labelOf),
  sources: (claim) => claim.sources.map((source) => expandName(source.name)),
  roots: (claim) => [...new Set(claim.sources.flatMap((source) => source.roots))].map(expandName).sort(),
  passages: (claim) => claim.passages.map((passage) => expandName(passage.name)),
  paragraphs: (claim) => claim.passages.map((passage) => passage.paragraph).filter(Boolean),
  gist: (claim) => claim.passages.map((passage) => best(passage.gist)).filter(Boolean).join(" / "),
  valid_from: (claim) => claim.from || null,
  valid_to: (claim) => claim.to || null,
  first_year: (claim) => claim.first,
  last_year: (claim) => claim.last,
  claim: (claim) => expandName(claim.name),
};
const GEXF_SHAPES = { dot: "disc", square: "square", diamond: "diamond", triangle: "triangle", triangleDown: "triangle" };
const GEXF_STROKES = { planned: "dashed", potential: "dashed", hoped: "dashed", ended: "dotted" };

const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const xmlText = (value) =>
  String(value)
    .replace(NOT_XML, "\ufffd")
    .replace(/[&<>"\t\n\r]/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** An element of XML; attributes without a value are left out. */
function xmlElement(name, attributes = {}, children = []) {
  const given = Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined);
  const head = `<${name}${given.map(([key, value]) => ` ${key}="${xmlText(value)}"`).join("")}`;
  return children.length ? `${head}>\n${children.join("\n")}\n</${name}>` : `${head}/>`;
}

function gexfText() {
  const shown = nodes.filter((node) => node.visible);
  const drawn = visibleClaims().filter((claim) => claim.line);
  const graph = xmlElement("graph", { defaultedgetype: "directed", mode: "static" }, [
    gexfColumns("node", GEXF_NODE),
    gexfColumns("edge", GEXF_EDGE),
    xmlElement("nodes", {}, shown.map(gexfNode)),
    xmlElement("edges", {}, drawn.map(gexfEdge)),
  ]);
  const meta = `<meta>\n<creator>coopgraph</creator>\n<description>${xmlText(titleText())}</description>\n</meta>`;
  const space = { xmlns: "http://gexf.net/1.3", "xmlns:viz": "http://gexf.net/1.3/viz", version: "1.3" };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xmlElement("gexf", space, [meta, graph])}\n`;
}

const gexfColumns = (kind, columns) =>
  xmlElement(
    "attributes",
    { class: kind, mode: "static" },
    Object.keys(columns).map((title, id) =>
      xmlElement("attribute", { id, title, type: title.endsWith("_year") ? "long" : "string" }),
    ),
  );

const gexfValues = (columns, thing) =>
  xmlElement(
    "attvalues",
    {},
    Object.values(columns)
      .map((cell, id) => [id, cell(thing)])
      .filter(([, value]) => value !== null)
      .map(([id, value]) => xmlElement("attvalue", { for: id, value: Array.isArray(value) ? value.join(" | ") : value })),
  );

const gexfColour = (hex) => {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return xmlElement("viz:color", { r, g, b });
};

/** An entity where it stands; the axis of GEXF points upwards. */
const gexfNode = (node) =>
  xmlElement("node", { id: expandName(node.term.name), label: labelOf(node.term) }, [
    gexfValues(GEXF_NODE, node),
    gexfColour(classStyle(node.term.root).light),
    xmlElement("viz:position", { x: fix(node.x), y: fix(-node.y), z: 0 }),
    xmlElement("viz:size", { value: fix(node.r) }),
    xmlElement("viz:shape", { value: GEXF_SHAPES[classStyle(node.term.root).shape] || "disc" }),
  ]);

const gexfEdge = (claim) =>
  xmlElement(
    "edge",
    {
      id: expandName(claim.name),
      source: expandName(claim.subject.name),
      target: expandName(claim.object.name),
      label: labelOf(claim.predicate),
    },
    [
      gexfValues(GEXF_EDGE, claim),
      gexfColour(groupStyle(claim.group).light),
      xmlElement("viz:shape", { value: GEXF_STROKES[strokeOf(claim.status)] || "solid" }),
    ],
  );

const saveGexf = () => download(gexfText(), "application/xml", "gexf");
