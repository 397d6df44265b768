// Labels and badges on the canvas: as large as the reader needs, never one upon another.

let labelBoxes = [];

/** Where a label may stand beside its sign, as steps right and down, the most readable place first. */
const SLOTS = [
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
  [1, 1],
  [-1, 1],
  [1, -1],
  [-1, -1],
];

/** Where the label of a node stood last, kept as long as labels keep their size so that they do not jump. */
const slotOf = new Map();
let slotSize = 0;

/** Forgets where labels stood; those of nodes that were not moved begin where the layout has put them. */
function resetSlots() {
  slotOf.clear();
  if (language !== data.language || large) return;
  for (const node of nodes) if (node.x === node.home.x && node.y === node.home.y) slotOf.set(node, SLOTS[node.slot]);
}

function paintLabels(ctx, scale, box) {
  const size = clamp(MEASURES.label * scale, 11, 16) / scale;
  const row = (size * MEASURES.row) / MEASURES.label;
  const crowd = (box.right - box.left) * (box.bottom - box.top) * scale * scale;
  const most = large || nodes.length > 120 ? Math.round(crowd / 13000) : Infinity;
  ctx.font = `500 ${size}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  if (Math.abs(size - slotSize) > 0.01) Math.abs(size - MEASURES.label) < 2.5 ? resetSlots() : slotOf.clear();
  slotSize = size;
  const places = new LabelPlaces(ctx, size, row, 140 / scale);
  let tried = 0;
  for (const node of labelOrder()) {
    if (!node.visible || node.x < box.left || node.x > box.right || node.y < box.top || node.y > box.bottom) continue;
    if (places.boxes.size >= most || tried > most * 6) break;
    tried += 1;
    places.add(node);
  }
  labelBoxes = [...places.boxes.values()];
  for (const own of labelBoxes) paintLabel(ctx, own, size, row);
}

function* labelOrder() {
  if (emphasis) for (const node of nodes) if (emphasis.nodes.has(node)) yield node;
  for (const node of nodes) if (!emphasis || !emphasis.nodes.has(node)) yield node;
}

const widthCache = new Map();
function labelBox(ctx, node, size, row, [right, down] = SLOTS[0]) {
  const rows = labelRows(node);
  if (!widthCache.has(node)) widthCache.set(node, Math.max(...rows.map((text) => ctx.measureText(text).width)) / size);
  const width = widthCache.get(node) * size;
  const height = rows.length * row;
  const away = node.r * (right && down ? MEASURES.corner : MEASURES.side) + (row * MEASURES.air) / MEASURES.row;
  const x = node.x + right * away;
  const left = x - (width * (1 - right)) / 2;
  const top = node.y + down * away - (height * (1 - down)) / 2;
  const align = ["right", "center", "left"][right + 1];
  return { node, rows, x, align, left, right: left + width, top, bottom: top + height };
}

/** What it costs a label to have a line through it, a sign or a badge below it, to be cut by the edge, to stand badly. */
const LABEL_COSTS = { line: 3, sign: 30, badge: 20, outside: 12, rank: 0.3 };
const AWARE = { nodes: 120, lines: 600 }; // what is visible up to which labels keep out of the way of lines

/** Room for labels beside their signs: never upon another label, out of the way of lines, signs and badges. */
class LabelPlaces {
  constructor(ctx, size, row, cell) {
    this.boxes = new Map();
    this.boxAt = (node, slot) => labelBox(ctx, node, size, row, slot);
    this.labels = new BoxGrid(cell);
    this.signs = new BoxGrid(cell);
    this.pieces = null; // lines and badges, gathered when a label first looks for its place
    if (large) return;
    for (const { x, y, r, visible } of nodes)
      if (visible) this.signs.add({ left: x - r * 0.8, right: x + r * 0.8, top: y - r * 0.8, bottom: y + r * 0.8 });
  }
  /** Gives the label of a node a place, if need be that of another label which can stand elsewhere. */
  add(node) {
    if (!this.settle(node) && nodes.length <= 120) SLOTS.some((slot) => this.oust(node, slot));
  }
  settle(node) {
    const last = slotOf.get(node);
    if (last && this.labels.free(this.boxAt(node, last))) return this.put(node, last);
    const slots = large ? SLOTS.slice(0, 1) : SLOTS;
    let chosen = null;
    let least = Infinity;
    slots.forEach((slot, rank) => {
      const box = this.boxAt(node, slot);
      if (!this.labels.free(box)) return;
      const cost = large ? 0 : this.costOf(box) + LABEL_COSTS.rank * rank;
      if (cost < least) [chosen, least] = [slot, cost];
    });
    return chosen !== null && this.put(node, chosen);
  }
  costOf(box) {
    this.pieces ??= linePieces();
    let cost = [...this.signs.hits(box)].length * LABEL_COSTS.sign;
    if (box.left < reach.left || box.right > reach.right) cost += LABEL_COSTS.outside;
    for (const badge of this.pieces.badges) if (boxesMeet(badge, box)) cost += LABEL_COSTS.badge;
    for (const { curve, pieces } of this.pieces.lines)
      if (boxesMeet(curve, box) && pieces.some((piece) => runsThrough(piece, box))) cost += LABEL_COSTS.line;
    return cost;
  }
  put(node, slot) {
    slotOf.set(node, slot);
    this.boxes.set(node, this.boxAt(node, slot));
    this.labels.add(this.boxes.get(node));
    return true;
  }
  take(node) {
    this.labels.remove(this.boxes.get(node));
    this.boxes.delete(node);
  }
  oust(node, slot) {
    const inTheWay = [...new Set(this.labels.hits(this.boxAt(node, slot)))];
    if (inTheWay.length !== 1) return false;
    const rival = inTheWay[0].node;
    const former = slotOf.get(rival);
    this.take(rival);
    this.put(node, slot);
    if (this.settle(rival)) return true;
    this.take(node);
    this.put(rival, former);
    slotOf.delete(node);
    return false;
  }
}

/** The visible lines as straight pieces, and the boxes of badges. */
function linePieces() {
  const shown = lines.filter((line) => line.shown);
  const few = shown.length <= AWARE.lines && view.nodes <= AWARE.nodes ? shown : [];
  const half = (line) => MEASURES.badgePadding + MEASURES.badgeLetter * (1 + String(line.shown).length);
  return {
    lines: few.map((line) => ({ curve: curveOf(line), pieces: piecesOf(curveOf(line)) })),
    badges: few
      .filter((line) => line.shown > 1)
      .map((line) => [badgePlace(line), half(line)])
      .map(([[x, y], w]) => ({ left: x - w, right: x + w, top: y - 9, bottom: y + 9 })),
  };
}

const boxesMeet = (one, two) =>
  one.left < two.right && one.right > two.left && one.top < two.bottom && one.bottom > two.top;

function paintLabel(ctx, { node, rows, x, align, top }, size, row) {
  const faint = emphasis !== null && !emphasis.nodes.has(node);
  ctx.globalAlpha = faint ? 0.35 : 1;
  ctx.lineWidth = size * 0.32;
  ctx.strokeStyle = surface().paper;
  ctx.fillStyle = surface().ink;
  ctx.textAlign = align;
  rows.forEach((text, i) => {
    const y = top + (i + 0.5) * row;
    ctx.strokeText(text, x, y);
    ctx.fillText(text, x, y);
  });
  ctx.globalAlpha = 1;
}

/** Boxes found fast by the cells that they touch. */
class BoxGrid {
  constructor(cell) {
    this.cell = cell;
    this.cells = new Map();
  }
  *keys({ left, right, top, bottom }) {
    for (let x = Math.floor(left / this.cell); x <= Math.floor(right / this.cell); x += 1)
      for (let y = Math.floor(top / this.cell); y <= Math.floor(bottom / this.cell); y += 1) yield `${x} ${y}`;
  }
  *hits(box) {
    for (const key of this.keys(box))
      for (const placed of this.cells.get(key) || [])
        if (boxesMeet(box, placed)) yield placed;
  }
  free(box) {
    return this.hits(box).next().done;
  }
  remove(box) {
    for (const key of this.keys(box)) this.cells.get(key).splice(this.cells.get(key).indexOf(box), 1);
  }
  add(box) {
    for (const key of this.keys(box)) this.cells.has(key) ? this.cells.get(key).push(box) : this.cells.set(key, [box]);
  }
}

/** "× 6" half way on each line that stands for several claims. */
function paintBadges(ctx, scale, box) {
  if (scale < (large ? 0.6 : 0.42)) return;
  const size = clamp(MEASURES.badge * scale, 10, 13) / scale;
  ctx.font = `600 ${size}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const line of lines) {
    if (line.shown < 2 || !inView(curveOf(line), box)) continue;
    const faint = isFaint(line);
    const [x, y] = badgePlace(line);
    const half = size * (0.75 + 0.3 * String(line.shown).length);
    ctx.globalAlpha = faint ? FAINT : 1;
    ctx.fillStyle = surface().paper;
    ctx.strokeStyle = shade(groupStyle(line.group));
    ctx.lineWidth = 1.3 / Math.min(scale, 1);
    ctx.beginPath();
    ctx.roundRect(x - half, y - size * 0.75, half * 2, size * 1.5, size * 0.75);
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = surface().ink;
    ctx.fillText(`×${line.shown}`, x, y + size * 0.06);
  }
  ctx.globalAlpha = 1;
}

/** Badges of parallel lines are shifted along them, so that they do not hide each other. */
const badgePlace = (line) =>
  pointOn(curveOf(line), clamp(0.5 + MEASURES.badgeShift * line.bend * (line.a.id < line.b.id ? 1 : -1), 0.25, 0.75));
