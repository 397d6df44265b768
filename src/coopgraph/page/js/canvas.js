// vis-network holds the nodes, the viewport and the pointer; what is seen is painted by paint.js.

let network = null;
let painting = false; // nothing is painted before all is ready: every frame of a large graph is dear
let cursor = null; // the node on which the keyboard stands
let reach = { left: 0, right: 0, top: 0, bottom: 0 };

const stage = byId("stage");
const holder = byId("canvas");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

function startCanvas() {
  const nowhere = { drawNode: () => {}, nodeDimensions: { width: 0, height: 0 } }; // neither seen nor hit
  const custom = ({ ctx, id }) => {
    const node = nodeOf.get(id);
    return painting && node.visible
      ? { drawNode: () => paintNode(ctx, node), nodeDimensions: { width: node.r * 2, height: node.r * 2 } }
      : nowhere;
  };
  const set = new vis.DataSet(
    nodes.map((node) => ({ id: node.id, x: node.x, y: node.y, size: node.r, shape: "custom", ctxRenderer: custom })),
  );
  network = new vis.Network(holder, { nodes: set, edges: new vis.DataSet() }, island("options"));
  const ids = network.body.nodeIndices;
  network.on("beforeDrawing", (ctx) => {
    if (!painting) return;
    reach = visibleBox();
    const scale = network.getScale();
    network.body.nodeIndices = asDots(scale) ? [] : ids; // what is a dot need not be drawn one by one, nor be dragged
    paintLines(ctx, scale, reach);
    if (asDots(scale)) paintDots(ctx, scale, reach);
  });
  network.on("afterDrawing", (ctx) => {
    if (!painting) return;
    const scale = network.getScale();
    const badges = badgeBoxes(scale);
    paintBadges(ctx, scale, reach, badges);
    paintLabels(ctx, scale, reach, badges);
  });
  network.on("click", ({ pointer }) => select(hitAt(pointer.canvas)));
  network.on("doubleClick", ({ pointer: { canvas } }) => nodeAt(canvas.x, canvas.y) && chooseNear(nodeAt(canvas.x, canvas.y), 1));
  network.on("dragging", ({ nodes: ids }) => ids.forEach(followNode));
  network.on("dragEnd", ({ nodes: ids }) => (ids.length ? keepMoved(ids) : (panned = true)));
  network.on("zoom", () => (panned = true));
  holder.querySelector(".vis-network").removeAttribute("tabindex"); // the canvas around it is the stop of the keyboard
  holder.addEventListener("pointermove", onPointerMove);
  holder.addEventListener("pointerleave", () => hover(null));
  holder.addEventListener("keydown", onKey);
  holder.setAttribute("aria-label", t("pictureOf", { title: titleText() }));
  new ResizeObserver(onResize).observe(holder);
}

function visibleBox() {
  const { width, height } = holder.getBoundingClientRect();
  const { x: left, y: top } = network.DOMtoCanvas({ x: 0, y: 0 });
  const { x: right, y: bottom } = network.DOMtoCanvas({ x: width, y: height });
  return { left, right, top, bottom };
}

function followNode(id) {
  const node = nodeOf.get(id);
  Object.assign(node, network.getPosition(id));
  for (const line of node.lines) line.curve = null;
}

/** Paints once in the next frame, however often it is asked for before. */
let frameAsked = 0;
function redraw() {
  if (!network || !painting || frameAsked) return;
  frameAsked = requestAnimationFrame(() => {
    frameAsked = 0;
    network.redraw();
  });
}

// --- pointer -----------------------------------------------------------------------------------------------------

function hitAt({ x, y }) {
  const node = nodeAt(x, y);
  if (node) return { node };
  const label = labelBoxes.find((box) => x > box.left && x < box.right && y > box.top && y < box.bottom);
  if (label) return { node: label.node };
  const line = lineAt(x, y, 9 / network.getScale());
  return line ? { line } : null;
}

/** The visible node whose sign lies nearest below a point; a sign seen from afar is as large as a finger needs. */
function nodeAt(x, y) {
  let nearest = null;
  let least = 1;
  const finger = 5 / network.getScale();
  for (const node of nodes) {
    if (!node.visible) continue;
    const share = Math.hypot(node.x - x, node.y - y) / Math.max(node.r, finger);
    if (share < least) [least, nearest] = [share, node];
  }
  return nearest;
}

let waiting = false;
let resting = 0;
function onPointerMove(event) {
  if (waiting || event.pointerType === "touch" || event.buttons) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    const frame = holder.getBoundingClientRect();
    const dom = { x: event.clientX - frame.left, y: event.clientY - frame.top };
    hover(hitAt(network.DOMtoCanvas(dom)), dom);
  });
}

function hover(what, dom) {
  const same = what && hovered && what.node === hovered.node && what.line === hovered.line;
  holder.style.cursor = what ? "pointer" : "grab";
  showTip(what, dom);
  if (same || (!what && !hovered)) return;
  hovered = what;
  clearTimeout(resting);
  if (state.selection || state.path || state.step >= 0) return;
  resting = setTimeout(
    () => {
      // only a pointer that rests dims the rest, or every move would make the picture flicker
      emphasise();
      redraw();
    },
    hovered ? 180 : 60,
  );
}

function showTip(what, dom) {
  const tip = byId("tip");
  tip.hidden = !what;
  if (!what) return;
  const head = what.node ? labelOf(what.node.term) : `${labelOf(what.line.a.term)} – ${labelOf(what.line.b.term)}`;
  const claim = what.line && what.line.claims.find((own) => view.claims[own.index]);
  const more = what.node
    ? `${classLabel(what.node.term.root)} · ${tn("links", linkCount(what.node))}`
    : what.line.shown === 1
      ? `${sentence(claim)} · ${statusLabel(claim.status)}`
      : `${groupLabel(what.line.group)} · ${tn("links", what.line.shown)}`;
  tip.replaceChildren(make("strong", {}, head), make("span", {}, more));
  const { width, height } = stage.getBoundingClientRect();
  tip.style.left = `${clamp(dom.x + 14, 4, Math.max(4, width - 290))}px`;
  tip.style.top = `${clamp(dom.y + 16, 4, height - 70)}px`;
}

const linkCount = (node) => node.lines.reduce((sum, line) => sum + line.shown, 0);

// --- keyboard ------------------------------------------------------------------------------------------------------

function onKey(event) {
  const direction = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
  if (direction) moveCursor(...direction);
  else if (event.key === "Enter" || event.key === " ") cursor && select({ node: cursor }, true);
  else if (event.key === "+" || event.key === "=") zoomBy(1.3);
  else if (event.key === "-") zoomBy(1 / 1.3);
  else if (event.key === "0") fit();
  else return;
  event.preventDefault();
}

/** Steps to the node that lies nearest in a direction, linked ones first. */
function moveCursor(dx, dy) {
  const start = cursor && cursor.visible ? cursor : state.selection && state.selection.node;
  if (!start) return setCursor(nodes.find((node) => node.visible));
  const linked = new Set(start.lines.filter((line) => line.shown).map((line) => other(line, start)));
  let bestNode = null;
  let least = Infinity;
  for (const node of nodes) {
    if (!node.visible || node === start) continue;
    const along = (node.x - start.x) * dx + (node.y - start.y) * dy;
    const aside = Math.abs((node.x - start.x) * dy) + Math.abs((node.y - start.y) * dx);
    if (along <= 0 || aside > along * 1.6) continue;
    const cost = (along + aside * 2) * (linked.has(node) ? 0.4 : 1);
    if (cost < least) [least, bestNode] = [cost, node];
  }
  if (bestNode) setCursor(bestNode);
}

function setCursor(node) {
  cursor = node || null;
  if (!cursor) return;
  announce(`${labelOf(cursor.term)}, ${classLabel(cursor.term.root)}, ${tn("links", linkCount(cursor))}`);
  reveal([cursor]);
  redraw();
}
