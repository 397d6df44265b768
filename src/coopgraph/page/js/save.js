// What is shown, to take away: SVG, PNG (drawn from the same SVG, twice as large) and CSV.

const fileName = (end) =>
  `${
    fold(titleText())
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 60) || "network"
  }.${end}`;

function download(content, type, end) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = make("a", { href: address, download: fileName(end) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  announce(t("saved", { file: fileName(end) }));
}

const svgText = () =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(pictureSvg())}\n`;

const saveSvg = () => download(svgText(), "image/svg+xml", "svg");

function savePng() {
  const picture = pictureSvg();
  const [width, height] = [Number(picture.getAttribute("width")), Number(picture.getAttribute("height"))];
  const scale = Math.min(2, 16_000 / Math.max(width, height));
  const image = new Image();
  image.onload = () => {
    const canvas = make("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => (blob ? download(blob, "image/png", "png") : announce(t("notSaved"))), "image/png");
  };
  image.onerror = () => announce(t("notSaved"));
  image.src = URL.createObjectURL(
    new Blob([new XMLSerializer().serializeToString(picture)], { type: "image/svg+xml" }),
  );
}

/** A field of CSV; what a spreadsheet would take for a formula is kept from being one. */
function csvField(value) {
  const text =
    /^[=+\-@\t\r]/.test(String(value)) && !/^-?\d+(\.\d+)?$/.test(String(value)) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function saveCsv() {
  const head = [
    "claim",
    "subject",
    "subject_label",
    "predicate",
    "predicate_label",
    "object",
    "object_label",
    "status",
    "group",
    "from",
    "to",
    "fields",
    "stated_by",
    "source",
    "paragraph",
    "gist",
  ];
  const rows = visibleClaims().map((claim) => [
    expandName(claim.name),
    expandName(claim.subject.name),
    labelOf(claim.subject),
    expandName(claim.predicate.name),
    labelOf(claim.predicate),
    claim.object ? expandName(claim.object.name) : claim.quantity.value,
    objectText(claim),
    claim.status,
    claim.group,
    claim.quantity ? claim.quantity.asOf : claim.from,
    claim.to,
    claim.fields.map(labelOf).join("; "),
    claim.speakers.map(labelOf).join("; "),
    claim.sources.map((source) => source.title).join("; "),
    claim.passages.map((passage) => passage.paragraph || "").join("; "),
    claim.passages.map((passage) => passage.quotation || best(passage.gist)).join(" | "),
  ]);
  download(`\ufeff${[head, ...rows].map((row) => row.map(csvField).join(",")).join("\r\n")}\r\n`, "text/csv", "csv");
}

/** The code by which another page shows this view. */
function embedCode() {
  const address = `${location.href.replace(/#.*$/, "")}${toAddress() ? `${toAddress()}&` : "#"}embed=1`;
  const quoted = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<iframe src="${quoted(address)}" title="${quoted(titleText())}" width="100%" height="560" style="border:0"></iframe>`;
}

const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** What is shown as GEXF 1.3 for Gephi: entities with their places, and a link for each visible claim. */
function saveGexf() {
  const space = "http://gexf.net/1.3";
  const doc = document.implementation.createDocument(space, "gexf");
  const add = (parent, name, attributes = {}) => {
    const element = doc.createElementNS(name.startsWith("viz:") ? `${space}/viz` : space, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value).replace(NOT_XML, ""));
    return parent.appendChild(element);
  };
  const values = (parent, list) => {
    const own = add(parent, "attvalues");
    list.forEach((value, i) => value !== "" && add(own, "attvalue", { for: i, value }));
  };
  doc.documentElement.setAttribute("version", "1.3");
  doc.documentElement.setAttributeNS("http://www.w3.org/2000/xmlns/", "xmlns:viz", `${space}/viz`);
  const graph = add(doc.documentElement, "graph", { defaultedgetype: "directed", mode: "static" });
  for (const [kind, names] of [["node", ["iri", "class"]], ["edge", ["claim", "status", "group", "from", "to", "source"]]]) {
    const own = add(graph, "attributes", { class: kind });
    names.forEach((title, id) => add(own, "attribute", { id, title, type: "string" }));
  }
  const nodesPart = add(graph, "nodes");
  for (const node of nodes) {
    if (!node.visible) continue;
    const own = add(nodesPart, "node", { id: node.id, label: labelOf(node.term) });
    values(own, [expandName(node.term.name), node.term.root]);
    add(own, "viz:position", { x: Math.round(node.x), y: Math.round(-node.y) });
    add(own, "viz:size", { value: node.r });
  }
  const edgesPart = add(graph, "edges");
  for (const claim of visibleClaims()) {
    if (!claim.line) continue;
    const ends = { source: claim.subject.index, target: claim.object.index };
    const own = add(edgesPart, "edge", { id: claim.index, ...ends, label: labelOf(claim.predicate), kind: claim.predicate.name });
    values(own, [expandName(claim.name), claim.status, claim.group, claim.from, claim.to, claim.sources.map((source) => source.title).join("; ")]);
  }
  const text = new XMLSerializer().serializeToString(doc);
  download(`<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`, "application/xml", "gexf");
}
