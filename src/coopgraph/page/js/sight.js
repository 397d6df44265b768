// Where the reader looks: the free part of the stage, and what of the picture is brought into it.

let panned = false; // whether the reader has moved the picture, which is then left where it is
let sight = null; // the free part of the stage on the map, in which labels stand whole as long as nobody has moved it

let fittedTo = ""; // width and height of the stage for which the picture was fitted

function onResize() {
  const size = `${stage.clientWidth} ${stage.clientHeight}`;
  if (!painting || panned || size === fittedTo) return redraw();
  arrange(false);
}

/** The part of the canvas that neither evidence, story nor years cover, in pixels from its upper left corner. */
function clearing() {
  const frame = holder.getBoundingClientRect();
  const [right, bottom] = sheetSize();
  const free = { left: 0, top: 0, right, bottom };
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
  const { left, right, top, bottom, ...fitted } = fitting(shown, room, closest);
  const frame = holder.getBoundingClientRect();
  const at = (scale) => {
    const x = (left + right) / 2 + (frame.width - room.left - room.right) / 2 / scale;
    const y = (top + bottom) / 2 + (frame.height - room.top - room.bottom) / 2 / scale;
    return { position: { x, y }, scale };
  };
  let { scale } = fitted;
  for (let turn = 0; turn < 5 && scale > ROOMY && !allNamed(shown, at(scale)); turn += 1) scale *= 0.94;
  move(at(scale), animate);
}

const ROOMY = 0.7; // the scale down to which a small graph is shown smaller for the sake of all its names

/** Whether all of some nodes, if they are few, find room for their names in a view. */
function allNamed(shown, seen) {
  if (shown.length > AWARE.nodes) return true;
  const ctx = holder.querySelector("canvas").getContext("2d");
  ctx.font = labelFont(labelSize(seen.scale));
  const [before, was] = [[...slotOf], unsettled];
  resetSlots(labelSize(seen.scale));
  const names = new LabelPlaces(ctx, seen.scale, badgeBoxes(seen.scale), sightOf(seen));
  for (const node of shown) names.add(node);
  unsettled = was;
  slotOf.clear();
  for (const [node, slot] of before) slotOf.set(node, slot);
  return names.boxes.size === shown.length;
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
  if (shown.length > AWARE.nodes) return box; // where there are many, names give way to the edge
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
  if (size < MEASURES.label + 2.5) return at(slotOf.get(node) || (standsAtHome(node) ? SLOTS[node.slot] : SLOTS[0]));
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
  if (network.getScale() >= SMALLEST || !fewShown()) return;
  const { x, y } = network.getViewPosition();
  move({ position: { x, y }, scale: SMALLEST }, false);
}

/** Where the chips above the picture lie on the map. */
function boxOfChips() {
  const frame = holder.getBoundingClientRect();
  const chips = byId("chips").getBoundingClientRect();
  const { x: left, y: top } = network.DOMtoCanvas({ x: chips.left - frame.left, y: chips.top - frame.top });
  const { x: right, y: bottom } = network.DOMtoCanvas({ x: chips.right - frame.left, y: chips.bottom - frame.top });
  return { left, right, top, bottom };
}

/** What of the map the free part of the stage shows in a view. */
function sightOf({ position: { x, y }, scale }) {
  const room = clearing();
  const { width, height } = holder.getBoundingClientRect();
  const [atX, atY] = [(px) => x + (px - width / 2) / scale, (py) => y + (py - height / 2) / scale];
  return { left: atX(room.left + 3), right: atX(room.right - 3), top: atY(room.top + 3), bottom: atY(room.bottom) };
}

function move(to, animate = true) {
  const duration = animate && !calm.matches && !inCrowd() ? 350 : 0;
  if (to.position) sight = sightOf(to);
  network.moveTo({ ...to, animation: duration ? { duration, easingFunction: "easeInOutQuad" } : false });
}

/** Moves the picture no further than brings these nodes, with those around them if there is room, into the clearing. */
function reveal(shown, around = shown) {
  if (!network || !shown.length) return;
  const now = network.getScale();
  const scale = now < SMALLEST && fewShown() ? 0.8 : now;
  const room = clearing();
  const fits = ({ left, right, top, bottom }) =>
    (right - left) * scale < room.right - room.left - 12 && (bottom - top) * scale < room.bottom - room.top - 12;
  let box = boxAround(around, scale);
  const alone = !fits(box);
  if (alone) {
    if (fitting(around, room, scale).scale >= SMALLEST) return fit(around, true, scale);
    box = boxAround(shown, scale);
    if (!fits(box)) return fit(shown, true, scale);
  }
  const position = network.getViewPosition();
  const seen = sightOf({ position, scale });
  const air = 6 / scale;
  const middle = (low, high) => (box[low] + box[high] - seen[low] - seen[high]) / 2;
  const nearest = (low, high) => Math.min(box[low] - air - seen[low], 0) + Math.max(box[high] + air - seen[high], 0);
  const by = alone && around !== shown ? middle : nearest; // what is shown without those around it stands in the middle
  const [x, y] = [by("left", "right"), by("top", "bottom")];
  if (x || y || scale !== now) move({ position: { x: position.x + x, y: position.y + y }, scale });
}

function zoomBy(factor) {
  panned = true;
  move({ scale: clamp(network.getScale() * factor, 0.005, 6) });
}
