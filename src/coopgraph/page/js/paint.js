// The picture on the canvas: lines below, nodes as vis-network calls for them, labels and badges above.

let dark = false;
const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

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
    if (!state.path.lines.length) chosen.nodes.add(state.path.from).add(state.path.to); // else only the path is shown
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

const inView = (curve, box) =>
  curve.right > box.left && curve.left < box.right && curve.bottom > box.top && curve.top < box.bottom;

function lineWidth(line) {
  const base = groupStyle(line.group).width + (moment && moment.fresh.has(line) ? 2.5 : 0);
  return line.shown > 1 ? Math.min(base + 0.6 + Math.sqrt(line.shown) * 0.5, 6) : base;
}

/** Whether a line steps back: it is not what is chosen, or has no part in the year that is played. */
const isFaint = (line) =>
  emphasis !== null ? !emphasis.lines.has(line) : moment !== null && isUndated(line);

const groupOrder = Object.keys(style.groups); // what comes first in the legend lies on top

/** Strokes all visible lines, gathered by look so that thousands take few strokes. */
function paintLines(ctx, scale, box) {
  const batches = new Map();
  const drawn = [];
  for (const line of lines) {
    if (!line.shown) continue;
    const curve = curveOf(line);
    if (!inView(curve, box)) continue;
    const faint = isFaint(line);
    const simple = inCrowd() && (scale < 0.5 || faint);
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
  const stretch = Math.max(1, 0.8 / scale); // from afar dashes stay long enough to be seen as such
  ctx.setLineDash(simple || faint ? [] : style.strokes[line.stroke].dash.map((length) => length * stretch));
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
  if (line.marks & 2)
    paintMark(
      ctx,
      markPaths[look.mark],
      curve.x2,
      curve.y2,
      Math.atan2(curve.y2 - curve.cy, curve.x2 - curve.cx),
      size,
    );
  if (line.marks & 1)
    paintMark(
      ctx,
      markPaths[look.mark],
      curve.x1,
      curve.y1,
      Math.atan2(curve.y1 - curve.cy, curve.x1 - curve.cx),
      size,
    );
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
const asDots = (scale) => inCrowd() && scale < 0.3;

/** All nodes seen from afar, one path for each colour, which is many times faster than one by one. */
function paintDots(ctx, scale, box) {
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
  for (const node of new Set([state.selection && state.selection.node, cursor])) if (node && node.visible) paintNode(ctx, node);
}

function paintNode(ctx, node) {
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
