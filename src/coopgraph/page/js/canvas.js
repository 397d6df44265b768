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
  network.on("beforeDrawing", (ctx) => {
    if (!painting) return;
    reach = visibleBox();
    paintLines(ctx, network.getScale(), reach);
    paintDots(ctx, network.getScale(), reach);
  });
  network.on("afterDrawing", (ctx) => {
    if (!painting) return;
    paintBadges(ctx, network.getScale(), reach);
    paintLabels(ctx, network.getScale(), reach);
  });
  network.on("click", onClick);
  network.on("doubleClick", ({ nodes: [id] }) => id !== undefined && chooseNear(nodeOf.get(id), 1));
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

let panned = false; // whether the reader has moved the picture, which is then left where it is

let fittedTo = ""; // width and height of the stage for which the picture was fitted

function onResize() {
  const size = `${stage.clientWidth} ${stage.clientHeight}`;
  if (!painting || panned || size === fittedTo) return redraw();
  upright() === tallNow ? fit(undefined, false) : arrange(false);
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

function hitAt({ x, y }, ids = []) {
  if (ids.length) return nodeOf.get(ids[0]).visible ? { node: nodeOf.get(ids[0]) } : null;
  const label = labelBoxes.find((box) => x > box.left && x < box.right && y > box.top && y < box.bottom);
  if (label) return { node: label.node };
  const line = lineAt(x, y, 9 / network.getScale());
  return line ? { line } : null;
}

function onClick({ nodes: ids, pointer }) {
  select(hitAt(pointer.canvas, ids));
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
    const id = network.getNodeAt(dom);
    hover(hitAt(network.DOMtoCanvas(dom), id === undefined ? [] : [id]), dom);
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

// --- where the reader looks ----------------------------------------------------------------------------------------

/** The part of the stage that neither evidence, story nor years cover, in pixels from its upper left corner. */
function clearing() {
  const frame = stage.getBoundingClientRect();
  const free = {
    left: 0,
    top: 0,
    right: frame.width,
    bottom: frame.height - byId("strip").getBoundingClientRect().height,
  };
  const chips = byId("chips").getBoundingClientRect();
  if (chips.height) free.top = chips.bottom - frame.top;
  for (const id of ["panel", "tour"]) {
    const cover = byId(id).getBoundingClientRect();
    if (!cover.width) continue;
    if (cover.width > frame.width * 0.8) free.bottom = Math.min(free.bottom, cover.top - frame.top);
    else if (id === "panel") free.right = Math.min(free.right, cover.left - frame.left);
    else if (frame.width > 900) free.left = cover.right - frame.left;
    else free.top = Math.max(free.top, cover.bottom - frame.top);
  }
  return free;
}

/** Shows these nodes (by default all visible ones) as large as fits. */
function fit(shown = nodes.filter((node) => node.visible), animate = true, closest = 2.2) {
  if (!network || !shown.length) return;
  panned = false;
  fittedTo = `${stage.clientWidth} ${stage.clientHeight}`;
  const room = clearing();
  const { left, right, top, bottom, scale } = fitting(shown, room, closest);
  const frame = stage.getBoundingClientRect();
  const x = (left + right) / 2 + (frame.width - room.left - room.right) / 2 / scale;
  const y = (top + bottom) / 2 + (frame.height - room.top - room.bottom) / 2 / scale;
  move({ position: { x, y }, scale }, animate);
}

/** Fits what is left only where that makes a difference: a picture that jumps at each filter is hard to follow. */
function refit() {
  const shown = nodes.filter((node) => node.visible);
  if (!network || !shown.length) return;
  const { scale } = fitting(shown, clearing(), 2.2);
  if (Math.abs(scale / network.getScale() - 1) > 0.12) fit(shown);
}

/** The box around nodes and the labels that they get at the scale at which all of it fits. */
function fitting(shown, room, closest) {
  let scale = 1;
  for (let turn = 0; ; turn += 1) {
    const box = boxAround(shown, scale);
    const fits = Math.min(
      (room.right - room.left - 24) / (box.right - box.left),
      (room.bottom - room.top - 24) / (box.bottom - box.top),
    );
    scale = clamp(fits, 0.005, closest);
    if (turn === 3) return { ...box, scale };
  }
}

function boxAround(shown, scale) {
  const ctx = holder.querySelector("canvas").getContext("2d");
  const size = clamp(MEASURES.label * scale, 11, 16) / scale;
  ctx.font = `500 ${size}px ${FONT}`;
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  const grow = (left, right, top, bottom) => {
    box.left = Math.min(box.left, left);
    box.right = Math.max(box.right, right);
    box.top = Math.min(box.top, top);
    box.bottom = Math.max(box.bottom, bottom);
  };
  for (const node of shown) {
    const reach = node.r * 1.3;
    grow(node.x - reach, node.x + reach, node.y - reach, node.y + reach);
    if (shown.length > 400) continue;
    const own = labelBox(ctx, node, size, (size * MEASURES.row) / MEASURES.label, slotOf.get(node) || SLOTS[node.slot]);
    grow(own.left, own.right, own.top, own.bottom);
  }
  return box;
}

/** At first what is selected or told is in view; a small screen shows the middle, large enough to read. */
function firstView() {
  if (!network) return;
  if (state.selection) return showChosen();
  if (state.near || state.path) return;
  if (state.step >= 0) return fit(emphasis ? [...emphasis.nodes].filter((node) => node.visible) : undefined, false, 1.1);
  if (network.getScale() >= 0.5 || nodes.length > 100) return;
  const { x, y } = network.getViewPosition();
  move({ position: { x, y }, scale: 0.5 }, false);
}

function move(to, animate = true) {
  const duration = animate && !calm.matches && !large ? 350 : 0;
  network.moveTo({ ...to, animation: duration ? { duration, easingFunction: "easeInOutQuad" } : false });
}

/** Moves the picture so that these nodes stand in the clearing, and zooms only where they do not fit. */
function reveal(shown) {
  if (!network || !shown.length) return;
  const room = clearing();
  const scale = network.getScale();
  const inside = shown.every((node) => {
    const { x, y } = network.canvasToDOM({ x: node.x, y: node.y });
    return x > room.left + 50 && x < room.right - 50 && y > room.top + 40 && y < room.bottom - 40;
  });
  const tiny = scale < 0.5 && nodes.length <= 100;
  if (!inside || tiny) fit(shown, true, Math.max(scale, 0.8));
}

function zoomBy(factor) {
  panned = true;
  move({ scale: clamp(network.getScale() * factor, 0.005, 6) });
}

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
