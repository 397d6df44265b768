// Labels on the canvas: as large as the reader needs, never one upon another.

let labelBoxes = [];

/** Where a label may stand beside its sign, as steps right and down, the most readable place first. */
const SLOTS = MEASURES.slots;

/** Where the label of a node stood last, kept as long as labels keep their size so that they do not jump. */
const slotOf = new Map();
let slotSize = 0;
let unsettled = true; // whether labels have not yet looked for better places together

const labelSize = (scale) => clamp(MEASURES.label * scale, 11, 16) / scale;
const labelFont = (size) => `500 ${size}px ${FONT}`;

/** Whether labels are about as large as the layout took them to be, so that its slots hold. */
const likeLayout = (size) => Math.abs(size - MEASURES.label) < 2.5 && language === data.language && !large;
const standsAtHome = (node) => node.x === node.home.x && node.y === node.home.y && drawnOut.x < 1.2 && drawnOut.y < 1.2;

/** Forgets where labels stood; those of nodes that were not moved begin where the layout has put them. */
function resetSlots(size = MEASURES.label) {
  slotOf.clear();
  if (likeLayout(size)) for (const node of nodes) if (standsAtHome(node)) slotOf.set(node, SLOTS[node.slot]);
  unsettled = slotOf.size < nodes.length;
}

function paintLabels(ctx, scale, box, badges) {
  const size = labelSize(scale);
  const row = (size * MEASURES.row) / MEASURES.label;
  const crowd = (box.right - box.left) * (box.bottom - box.top) * scale * scale;
  const most = fewShown() ? Infinity : Math.round(crowd / 13000);
  ctx.font = labelFont(size);
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  if (Math.abs(size - slotSize) > 0.01) resetSlots(size);
  slotSize = size;
  const places = new LabelPlaces(ctx, scale, badges, panned ? null : sight);
  if (byId("chips").childElementCount) places.signs.add(boxOfChips());
  let tried = 0;
  for (const node of labelOrder()) {
    if (!node.visible || node.x < box.left || node.x > box.right || node.y < box.top || node.y > box.bottom) continue;
    if (places.boxes.size >= most || tried > most * 6) break;
    tried += 1;
    places.add(node);
  }
  if (unsettled) places.improve();
  unsettled = false;
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

/** What it costs a label to have a line through it, and to stand badly. */
const LABEL_COSTS = { line: 3, rank: 0.3 };
const AWARE = { nodes: 120, lines: 600 }; // what is visible up to which labels keep out of the way of lines

const fewShown = () => view.nodes <= AWARE.nodes;
const inCrowd = () => large && !fewShown(); // so many that a name stands below its sign or nowhere

/** Room for labels beside their signs: in sight, never upon another label, a sign or a badge, out of the way of lines. */
class LabelPlaces {
  constructor(ctx, scale, badges, sight = null) {
    const size = labelSize(scale);
    const row = (size * MEASURES.row) / MEASURES.label;
    this.boxes = new Map();
    this.boxAt = (node, slot) => labelBox(ctx, node, size, row, slot);
    this.sight = sight;
    this.labels = new BoxGrid(140 / scale);
    this.signs = new BoxGrid(140 / scale); // and badges
    this.pieces = null; // of lines, gathered when a label first looks for its place
    if (inCrowd()) return;
    for (const node of nodes) if (node.visible) this.signs.add(signBox(node));
    for (const badge of badges.values()) this.signs.add(badge);
  }
  /** Gives the label of a node a place, if need be that of another label which can stand elsewhere. */
  add(node) {
    if (this.settle(node) || !fewShown() || SLOTS.some((slot) => this.oust(node, slot))) return;
    if (node.rank < MEASURES.main) this.squeeze(node);
  }
  /** Names one of the main nodes at all costs: where fewest signs and badges lie below. */
  squeeze(node) {
    const below = (slot) => [...this.signs.hits(this.boxAt(node, slot))].length;
    const [slot] = SLOTS.filter((slot) => this.isInSight(this.boxAt(node, slot)) && this.labels.free(this.boxAt(node, slot)))
      .sort((a, b) => below(a) - below(b));
    if (slot) this.put(node, slot);
  }
  settle(node) {
    const last = slotOf.get(node);
    const slot = last && this.isFree(this.boxAt(node, last)) ? last : this.best(node);
    return slot !== null && this.put(node, slot);
  }
  isFree(box) {
    return this.isInSight(box) && this.labels.free(box) && this.signs.free(box);
  }
  isInSight({ left, right, top, bottom }) {
    const { sight } = this;
    return !sight || (left >= sight.left && right <= sight.right && top >= sight.top && bottom <= sight.bottom);
  }
  /** The free slot that costs least, or null. */
  best(node) {
    let chosen = null;
    let least = Infinity;
    (inCrowd() ? SLOTS.slice(0, 1) : SLOTS).forEach((slot, rank) => {
      const box = this.boxAt(node, slot);
      if (!this.isFree(box)) return;
      const cost = inCrowd() ? 0 : this.costOf(box) + LABEL_COSTS.rank * rank;
      if (cost < least) [chosen, least] = [slot, cost];
    });
    return chosen;
  }
  /** Lets each label look once more, now that the others stand, until none can stand better. */
  improve() {
    if (!fewShown()) return;
    for (let turn = 0; turn < 4; turn += 1) {
      let moved = false;
      for (const node of [...this.boxes.keys()]) {
        const before = slotOf.get(node);
        this.take(node);
        const slot = this.best(node) || before;
        this.put(node, slot);
        moved ||= slot !== before;
      }
      if (!moved) return;
    }
  }
  costOf(box) {
    this.pieces ??= linePieces();
    let cost = 0;
    for (const { curve, pieces } of this.pieces)
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
    if (this.isFree(this.boxAt(node, slot))) {
      this.put(node, slot);
      if (this.settle(rival)) return true;
      this.take(node);
    }
    this.put(rival, former);
    slotOf.delete(node);
    return false;
  }
}

/** The visible lines as straight pieces. */
function linePieces() {
  const shown = lines.filter((line) => line.shown);
  const few = shown.length <= AWARE.lines && fewShown() ? shown : [];
  return few.map((line) => ({ curve: curveOf(line), pieces: piecesOf(curveOf(line)) }));
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
