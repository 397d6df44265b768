// Curves, hit tests and labels; shapes and marks are SVG path data, so that canvas and SVG file show the same.

const classStyle = (root) => style.classes[root] || style.classes[""];
const groupStyle = (group) => style.groups[group] || style.groups[""];
const shapeOf = (root) => style.shapes[classStyle(root).shape];

/** The quadratic curve of a line, cut at the rims of its nodes: from (x1, y1) by (cx, cy) to (x2, y2). */
function curveOf(line) {
  if (line.curve) return line.curve;
  const { a, b } = line;
  if (a === b) return (line.curve = loopOf(line));
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = Math.hypot(dx, dy) || 1;
  const lift = line.bend * MEASURES.fan * 2 * Math.min(1, length / 90);
  const cx = (a.x + b.x) / 2 - (dy / length) * lift;
  const cy = (a.y + b.y) / 2 + (dx / length) * lift;
  const [x1, y1] = rim(a, cx, cy, length);
  const [x2, y2] = rim(b, cx, cy, length);
  return (line.curve = bounded({ x1, y1, cx, cy, x2, y2 }));
}

function rim(node, x, y, length) {
  const dx = x - node.x;
  const dy = y - node.y;
  const far = Math.hypot(dx, dy) || 1;
  const reach = Math.min(node.r * 1.06 + MEASURES.gap, length * 0.45);
  return [node.x + (dx / far) * reach, node.y + (dy / far) * reach];
}

/** A link of an entity with itself: a loop above the node. */
function loopOf({ a, bend }) {
  const reach = a.r + 26 + Math.abs(bend) * MEASURES.fan;
  return bounded({
    x1: a.x - a.r * 0.7,
    y1: a.y - a.r * 0.8,
    cx: a.x,
    cy: a.y - reach * 2,
    x2: a.x + a.r * 0.7,
    y2: a.y - a.r * 0.8,
  });
}

function bounded(curve) {
  curve.left = Math.min(curve.x1, curve.cx, curve.x2);
  curve.right = Math.max(curve.x1, curve.cx, curve.x2);
  curve.top = Math.min(curve.y1, curve.cy, curve.y2);
  curve.bottom = Math.max(curve.y1, curve.cy, curve.y2);
  return curve;
}

const pointOn = ({ x1, y1, cx, cy, x2, y2 }, at) => {
  const back = 1 - at;
  return [back * back * x1 + 2 * back * at * cx + at * at * x2, back * back * y1 + 2 * back * at * cy + at * at * y2];
};

/** A curve as four straight pieces. */
function piecesOf(curve) {
  const points = [0, 0.25, 0.5, 0.75, 1].map((at) => pointOn(curve, at));
  return points.slice(1).map((to, i) => [...points[i], ...to]);
}

/** Whether a straight piece runs through a box. */
function runsThrough([x1, y1, x2, y2], { left, right, top, bottom }) {
  const [ex, ey] = [(x2 - x1) / 2, (y2 - y1) / 2];
  const [w, h] = [(right - left) / 2, (bottom - top) / 2];
  const [x, y] = [x1 + ex - left - w, y1 + ey - top - h];
  const [ax, ay] = [Math.abs(ex), Math.abs(ey)];
  return Math.abs(x) < w + ax && Math.abs(y) < h + ay && Math.abs(x * ey - y * ex) < w * ay + h * ax;
}

/** The distance of a point from a curve, good enough for fingers. */
function distanceTo(curve, x, y) {
  let least = Infinity;
  let [fromX, fromY] = [curve.x1, curve.y1];
  for (let i = 1; i <= 12; i += 1) {
    const [toX, toY] = pointOn(curve, i / 12);
    const dx = toX - fromX;
    const dy = toY - fromY;
    const along = clamp(((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy || 1), 0, 1);
    least = Math.min(least, Math.hypot(x - fromX - along * dx, y - fromY - along * dy));
    [fromX, fromY] = [toX, toY];
  }
  return least;
}

function lineAt(x, y, reach) {
  let nearest = null;
  let least = reach;
  for (const line of lines) {
    if (!line.shown) continue;
    const curve = curveOf(line);
    if (x < curve.left - reach || x > curve.right + reach || y < curve.top - reach || y > curve.bottom + reach)
      continue;
    const distance = distanceTo(curve, x, y);
    if (distance < least) [least, nearest] = [distance, line];
  }
  return nearest;
}

// --- labels ----------------------------------------------------------------------------------------------------

const wide = (letter) =>
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
    letter,
  );
const columns = (text) => [...text].reduce((sum, letter) => sum + (wide(letter) ? 2 : 1), 0);

/** A text in at most three rows of about 19 columns, Chinese characters counting two. */
function wrapText(text, limit = MEASURES.columns, rows = MEASURES.rows) {
  const pieces =
    text
      .trim()
      .replace(/\s+/g, " ")
      .slice(0, 200)
      .match(
        /[\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]|[^\s\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]{1,18}\s?|\s/gu,
      ) || [];
  const wrapped = [""];
  for (const piece of pieces) {
    if (columns(wrapped.at(-1) + piece.trimEnd()) > limit && wrapped.at(-1).trim()) wrapped.push("");
    wrapped[wrapped.length - 1] += wrapped.at(-1) ? piece : piece.trimStart();
    if (wrapped.length > rows) break;
  }
  if (wrapped.length <= rows) return wrapped.map((row) => row.trim());
  let last = [...wrapped[rows - 1].trim()];
  while (last.length && columns(last.join("")) > limit - 1) last.pop();
  return [...wrapped.slice(0, rows - 1).map((row) => row.trim()), `${last.join("").trimEnd()}…${runsLeft(last.join("")) ? "\u200f" : ""}`];
}

/** Whether the first letter with a direction runs from right to left, so that an ellipsis belongs at the left. */
const runsLeft = (text) => /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(text);

const rowsCache = new Map();
function labelRows(node) {
  if (!rowsCache.has(node)) rowsCache.set(node, wrapText(labelOf(node.term)));
  return rowsCache.get(node);
}
