// The picture on the canvas: lines below, nodes as vis-network calls for them, labels and badges above.

let dark = false;
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

const shade = (own) => (dark ? own.dark : own.light);
const surface = () => (dark ? style.surface.dark : style.surface.light);
const FAINT = 0.13;

const shapePaths = Object.fromEntries(Object.entries(style.shapes).map(([name, d]) => [name, new Path2D(d)]));
const markPaths = Object.fromEntries(Object.entries(style.marks).map(([name, d]) => [name, new Path2D(d)]));
const crossPath = new Path2D(style.cross);

/** What stands out, as sets of nodes and lines, or null when all is equal. */
let emphasis = null;
let hovered = null;

function emphasise() {
  const chosen = { nodes: new Set(), lines: new Set() };
  const addLine = (line) => chosen.lines.add(line) && chosen.nodes.add(line.a).add(line.b);
  const addNode = (node) => {
    chosen.nodes.add(node);
    for (const line of node.lines) if (line.shown) addLine(line);
  };
  const of = (what) => (what.line ? addLine(what.line) : addNode(what.node));
  if (state.path) {
    chosen.nodes.add(state.path.from).add(state.path.to);
    state.path.lines.forEach(addLine);
  } else if (state.selection) of(state.selection);
  else if (stepSelection().length) emphasiseStep(chosen, of);
  else if (hovered) of(hovered);
  emphasis = chosen.nodes.size ? chosen : null;
}

/** A step shows the lines between its entities; where there are none, all their lines. */
function emphasiseStep(chosen, of) {
  const wanted = stepSelection();
  const ends = new Set(wanted.map((what) => what.node));
  const between = lines.filter((line) => line.shown && line.a !== line.b && ends.has(line.a) && ends.has(line.b));
  if (!between.length) return wanted.forEach(of);
  for (const what of wanted) what.node ? chosen.nodes.add(what.node) : of(what);
  for (const line of between) chosen.lines.add(line);
}

const inView = (curve, box) => curve.right > box.left && curve.left < box.right && curve.bottom > box.top && curve.top < box.bottom;

function lineWidth(line) {
  const base = groupStyle(line.group).width;
  return line.shown > 1 ? Math.min(base + 0.6 + Math.sqrt(line.shown) * 0.5, 6) : base;
}

const groupOrder = Object.keys(style.groups); // what comes first in the legend lies on top

/** Strokes all visible lines, gathered by look so that thousands take few strokes. */
function paintLines(ctx, scale, box) {
  const batches = new Map();
  const drawn = [];
  for (const line of lines) {
    if (!line.shown) continue;
    const curve = curveOf(line);
    if (!inView(curve, box)) continue;
    const faint = emphasis !== null && !emphasis.lines.has(line);
    const simple = large && (scale < 0.5 || faint);
    const key = `${faint ? 0 : 1}|${99 - groupOrder.indexOf(line.group)}|${simple ? "realised" : line.stroke}|${simple ? 0 : lineWidth(line).toFixed(1)}`;
    if (!batches.has(key)) batches.set(key, { faint, simple, line, curves: [] });
    batches.get(key).curves.push(curve);
    if (!simple && !faint) drawn.push(line);
  }
  for (const key of [...batches.keys()].sort()) strokeBatch(ctx, scale, batches.get(key));
  if (!large || drawn.length < 800) for (const line of drawn) paintMarks(ctx, line, scale);
}

function strokeBatch(ctx, scale, { faint, simple, line, curves }) {
  ctx.strokeStyle = shade(groupStyle(line.group));
  ctx.lineWidth = simple ? 0.7 / scale : Math.max(lineWidth(line), 0.8 / scale);
  ctx.globalAlpha = (faint ? FAINT : 1) * (simple ? 0.35 : 0.95);
  ctx.setLineDash(simple || faint ? [] : style.strokes[line.stroke].dash);
  ctx.lineCap = line.stroke === "ended" ? "round" : "butt";
  ctx.beginPath();
  for (const { x1, y1, cx, cy, x2, y2 } of curves) {
    ctx.moveTo(x1, y1);
    if (simple) ctx.lineTo(x2, y2);
    else ctx.quadraticCurveTo(cx, cy, x2, y2);
  }
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

function paintMarks(ctx, line, scale) {
  const curve = curveOf(line);
  const look = groupStyle(line.group);
  ctx.fillStyle = ctx.strokeStyle = shade(look);
  const size = clamp(look.width / 1.9, 0.75, 1.25);
  if (line.marks & 2) paintMark(ctx, markPaths[look.mark], curve.x2, curve.y2, Math.atan2(curve.y2 - curve.cy, curve.x2 - curve.cx), size);
  if (line.marks & 1) paintMark(ctx, markPaths[look.mark], curve.x1, curve.y1, Math.atan2(curve.y1 - curve.cy, curve.x1 - curve.cx), size);
  if (line.stroke === "denied") {
    ctx.save();
    ctx.translate(...pointOn(curve, 0.5));
    ctx.lineWidth = Math.max(2, 1 / scale);
    ctx.stroke(crossPath);
    ctx.restore();
  }
}

function paintMark(ctx, path, x, y, angle, size) {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(angle);
  ctx.scale(size, size);
  ctx.fill(path);
  ctx.restore();
}

/** Whether nodes are so small that a dot says as much as their shape. */
const asDots = (scale) => large && scale < 0.3;

/** All nodes seen from afar, one path for each colour, which is many times faster than one by one. */
function paintDots(ctx, scale, box) {
  if (!asDots(scale)) return;
  const byLook = new Map();
  for (const node of nodes) {
    if (!node.visible || node.x < box.left || node.x > box.right || node.y < box.top || node.y > box.bottom) continue;
    const key = `${emphasis !== null && !emphasis.nodes.has(node) ? 0 : 1}${node.term.root}`;
    byLook.has(key) ? byLook.get(key).push(node) : byLook.set(key, [node]);
  }
  for (const [key, own] of [...byLook].sort(([a], [b]) => (a < b ? -1 : 1))) {
    ctx.globalAlpha = key.startsWith("0") ? 0.22 : 1;
    ctx.fillStyle = shade(classStyle(key.slice(1)));
    ctx.beginPath();
    for (const { x, y, r } of own) {
      const half = Math.max(r * 0.85, 1.7 / scale);
      ctx.rect(x - half, y - half, half * 2, half * 2);
    }
    ctx.fill();
  }
  ctx.globalAlpha = 1;
}

function paintNode(ctx, node) {
  if (asDots(network.getScale()) && node !== cursor && !(state.selection && state.selection.node === node)) return;
  const faint = emphasis !== null && !emphasis.nodes.has(node);
  const selected = state.selection && state.selection.node === node;
  const look = classStyle(node.term.root);
  ctx.save();
  ctx.translate(node.x, node.y);
  const r = Math.max(node.r, 2.4 / network.getScale()); // from afar a node stays a dot
  ctx.scale(r, r);
  ctx.lineWidth = r > node.r ? 0 : 2.4 / r;
  ctx.lineJoin = "round";
  const path = shapePaths[look.shape] || shapePaths.dot;
  ctx.fillStyle = ctx.strokeStyle = surface().paper;
  if (r === node.r) ctx.stroke(path);
  ctx.fill(path);
  ctx.globalAlpha = faint ? 0.22 : 1;
  ctx.fillStyle = shade(look);
  ctx.fill(path);
  if (selected || node === cursor) {
    ctx.scale(1 + 6 / r, 1 + 6 / r);
    ctx.lineWidth = 2.4 / (r + 6);
    ctx.strokeStyle = surface().ink;
    if (node === cursor && !selected) ctx.setLineDash([4 / r, 3 / r]);
    ctx.stroke(path);
  }
  ctx.restore();
}

// --- labels: as large as the reader needs, never one upon another ------------------------------------------------

let labelBoxes = [];

function paintLabels(ctx, scale, box) {
  const size = clamp(14 * scale, 11, 16) / scale;
  const row = size * 1.2;
  const crowd = (box.right - box.left) * (box.bottom - box.top) * scale * scale;
  const most = large || nodes.length > 120 ? Math.round(crowd / 13000) : Infinity;
  labelBoxes = [];
  ctx.font = `500 ${size}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  const grid = new BoxGrid(140 / scale);
  let tried = 0;
  for (const node of labelOrder()) {
    if (!node.visible || node.x < box.left || node.x > box.right || node.y < box.top || node.y > box.bottom) continue;
    if (labelBoxes.length >= most || tried > most * 6) break;
    tried += 1;
    const own = labelBox(ctx, node, size, row);
    if (!grid.free(own)) continue;
    grid.add(own);
    labelBoxes.push(own);
    paintLabel(ctx, own, size, row);
  }
}

function* labelOrder() {
  if (emphasis) for (const node of nodes) if (emphasis.nodes.has(node)) yield node;
  for (const node of nodes) if (!emphasis || !emphasis.nodes.has(node)) yield node;
}

const widthCache = new Map();
function labelBox(ctx, node, size, row) {
  const rows = labelRows(node);
  if (!widthCache.has(node)) widthCache.set(node, Math.max(...rows.map((text) => ctx.measureText(text).width)) / size);
  const half = (widthCache.get(node) * size) / 2;
  const top = node.y + node.r * 1.1 + row * 0.2;
  return { node, rows, left: node.x - half, right: node.x + half, top, bottom: top + rows.length * row };
}

function paintLabel(ctx, { node, rows, top }, size, row) {
  const faint = emphasis !== null && !emphasis.nodes.has(node);
  ctx.globalAlpha = faint ? 0.35 : 1;
  ctx.lineWidth = size * 0.32;
  ctx.strokeStyle = surface().paper;
  ctx.fillStyle = surface().ink;
  rows.forEach((text, i) => {
    const y = top + (i + 0.5) * row;
    ctx.strokeText(text, node.x, y);
    ctx.fillText(text, node.x, y);
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
  free(box) {
    for (const key of this.keys(box))
      for (const placed of this.cells.get(key) || [])
        if (box.left < placed.right && box.right > placed.left && box.top < placed.bottom && box.bottom > placed.top) return false;
    return true;
  }
  add(box) {
    for (const key of this.keys(box)) this.cells.has(key) ? this.cells.get(key).push(box) : this.cells.set(key, [box]);
  }
}

/** "× 6" half way on each line that stands for several claims. */
function paintBadges(ctx, scale, box) {
  if (scale < (large ? 0.6 : 0.42)) return;
  const size = clamp(11.5 * scale, 10, 13) / scale;
  ctx.font = `600 ${size}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const line of lines) {
    if (line.shown < 2 || !inView(curveOf(line), box)) continue;
    const faint = emphasis !== null && !emphasis.lines.has(line);
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
const badgePlace = (line) => pointOn(curveOf(line), clamp(0.5 + 0.11 * line.bend * (line.a.id < line.b.id ? 1 : -1), 0.25, 0.75));
