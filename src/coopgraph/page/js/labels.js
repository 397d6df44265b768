// Labels and badges on the canvas: as large as the reader needs, never one upon another.

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
        if (box.left < placed.right && box.right > placed.left && box.top < placed.bottom && box.bottom > placed.top)
          return false;
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
const badgePlace = (line) =>
  pointOn(curveOf(line), clamp(0.5 + 0.11 * line.bend * (line.a.id < line.b.id ? 1 : -1), 0.25, 0.75));
