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
    paintBadges(ctx, network.getScale(), reach);
    paintLabels(ctx, network.getScale(), reach);
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

let panned = false; // whether the reader has moved the picture, which is then left where it is
let sight = null; // the free part of the stage on the map, in which labels stand whole as long as nobody has moved it

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
  network.setSize("100%", "100%"); // at once: vis-network else keeps the view of the former size for a while
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

/** The box around nodes, their lines and the labels that they get at the scale at which all of it fits. */
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
  const box = boxOfSigns(shown);
  if (shown.length > 400) return box;
  const ctx = holder.querySelector("canvas").getContext("2d");
  const size = labelSize(scale);
  ctx.font = labelFont(size);
  const signs = { ...box };
  for (const node of shown) grow(box, narrowest(ctx, node, size, signs));
  growByLines(box, shown);
  return box;
}

function boxOfSigns(shown) {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const { x, y, r } of shown) grow(box, { left: x - r * 1.3, right: x + r * 1.3, top: y - r * 1.3, bottom: y + r * 1.3 });
  return box;
}

function grow(box, { left, right, top, bottom }) {
  box.left = Math.min(box.left, left);
  box.right = Math.max(box.right, right);
  box.top = Math.min(box.top, top);
  box.bottom = Math.max(box.bottom, bottom);
}

/** Grows a box by the middles of lines between nodes, which bend outwards where lines are parallel or lead back. */
function growByLines(box, shown) {
  const ends = new Set(shown);
  for (const line of lines) {
    if (!line.shown || !ends.has(line.a) || !ends.has(line.b)) continue;
    const [x, y] = pointOn(curveOf(line), 0.5);
    grow(box, { left: x - 4, right: x + 4, top: y - 4, bottom: y + 4 });
  }
}

/** The box of a label where it stands or, where labels are large for the picture, where it juts out least from a box. */
function narrowest(ctx, node, size, box) {
  const at = (slot) => labelBox(ctx, node, size, (size * MEASURES.row) / MEASURES.label, slot);
  if (likeLayout(size)) return at(slotOf.get(node) || (standsAtHome(node) ? SLOTS[node.slot] : SLOTS[0]));
  const jut = (own) =>
    Math.max(box.left - own.left, 0) + Math.max(own.right - box.right, 0) +
    Math.max(box.top - own.top, 0) + Math.max(own.bottom - box.bottom, 0);
  return SLOTS.map(at).reduce((least, own) => (jut(own) < jut(least) ? own : least));
}

const SMALLEST = 0.36; // the scale below which a small graph is not shown at first, but its middle

/** At first what is selected or told is in view; a small screen shows the middle, large enough to read. */
function firstView() {
  if (!network) return;
  if (state.selection) return showChosen();
  if (state.near || state.path) return;
  if (state.step >= 0) return fit(emphasis ? [...emphasis.nodes].filter((node) => node.visible) : undefined, false, 1.1);
  if (network.getScale() >= SMALLEST || nodes.length > 100) return;
  const { x, y } = network.getViewPosition();
  move({ position: { x, y }, scale: SMALLEST }, false);
}

/** What of the map the free part of the stage shows in a view. */
function sightOf({ position: { x, y }, scale }) {
  const room = clearing();
  const { width, height } = stage.getBoundingClientRect();
  const [atX, atY] = [(px) => x + (px - width / 2) / scale, (py) => y + (py - height / 2) / scale];
  return { left: atX(room.left + 3), right: atX(room.right - 3), top: atY(room.top + 3), bottom: atY(room.bottom) };
}

function move(to, animate = true) {
  const duration = animate && !calm.matches && !large ? 350 : 0;
  if (to.position) sight = sightOf(to);
  network.moveTo({ ...to, animation: duration ? { duration, easingFunction: "easeInOutQuad" } : false });
}

/** Moves the picture so that these nodes stand in the clearing, if there is room with those around them. */
function reveal(shown, around = shown) {
  if (!network || !shown.length) return;
  const room = clearing();
  const scale = network.getScale();
  const inside = around.every((node) => {
    const { x, y } = network.canvasToDOM({ x: node.x, y: node.y });
    return x > room.left + 50 && x < room.right - 50 && y > room.top + 40 && y < room.bottom - 40;
  });
  const tiny = scale < 0.5 && nodes.length <= 100;
  if (inside && !tiny) return;
  const closest = tiny ? 0.8 : scale; // what is large enough stays as large, so that no name moves
  fit(fitting(around, room, closest).scale < SMALLEST ? shown : around, true, closest);
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
