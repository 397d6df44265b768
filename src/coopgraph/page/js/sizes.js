// What the size of a sign tells: claims of cooperation, as the layout has it, or another measure of what is shown.

const SIZE_MEASURES = {
  claims: (node) => linkCount(node) + node.facts.filter((claim) => view.claims[claim.index]).length,
  sources: (node) => new Set(shownClaims(node).flatMap((claim) => claim.sources).filter((source) => !state.sources.has(source.index))).size,
  degree: (node) => new Set(node.lines.filter((line) => line.shown).map((line) => other(line, node))).size,
};

const shownClaims = (node) =>
  [...node.lines.flatMap((line) => line.claims), ...node.facts].filter((claim) => view.claims[claim.index]);

/** Gives every visible sign the size of what it is to tell, its area in proportion. */
function sizeSigns() {
  const measure = SIZE_MEASURES[state.size];
  const shown = nodes.filter((node) => node.visible);
  const values = measure ? shown.map(measure) : [];
  const most = values.reduce((a, b) => Math.max(a, b), 10);
  const largest = MEASURES.largest[Number(nodes.length > MEASURES.many)];
  shown.forEach((node, i) => {
    const r = measure ? 6 + (largest - 6) * Math.sqrt(values[i] / most) : node.size;
    if (r === node.r) return;
    node.r = r;
    for (const line of node.lines) line.curve = null;
  });
}

function chooseSize(name) {
  state.size = name;
  buildTools();
  buildFilters();
  changed(true);
  announce(`${t("sizes")}: ${t(`size-${name}`)}`);
}
