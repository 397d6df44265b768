// Badges: how many claims a line stands for, half way on it.

const badgeSize = (scale) => clamp(MEASURES.badge * scale, 10, 13) / scale;
const hasBadge = (line, scale) => line.shown > 1 && scale >= (inCrowd() ? 0.6 : 0.42);

/** Where the number of a line stands; those of parallel lines are shifted along them, so far that none hides another. */
function badgePlace(line, scale, aside = 0) {
  const { x1, y1, x2, y2 } = curveOf(line);
  const apart = (MEASURES.badgeApart * badgeSize(scale)) / MEASURES.badge;
  const shift = Math.max(MEASURES.badgeShift, apart / (Math.hypot(x2 - x1, y2 - y1) || 1));
  return pointOn(curveOf(line), clamp(0.5 + aside + shift * line.bend * (line.a.id < line.b.id ? 1 : -1), 0.2, 0.8));
}

function badgeBox(line, scale, aside = 0) {
  const [x, y] = badgePlace(line, scale, aside);
  const size = badgeSize(scale);
  const half = (size / MEASURES.badge) * (MEASURES.badgePadding + MEASURES.badgeLetter * (1 + String(line.shown).length));
  return { left: x - half, right: x + half, top: y - size * 0.78, bottom: y + size * 0.78, x, y };
}

/** The boxes of all badges by line, out of the way of signs and of each other as far as their lines allow. */
function badgeBoxes(scale) {
  const numbered = lines.filter((line) => hasBadge(line, scale));
  if (inCrowd()) return new Map(numbered.map((line) => [line, badgeBox(line, scale)]));
  const taken = new BoxGrid(140 / scale);
  if (numbered.length) for (const node of nodes) if (node.visible) taken.add(signBox(node));
  return new Map(
    numbered.map((line) => {
      const boxes = MEASURES.badgeAside.map((aside) => badgeBox(line, scale, aside));
      const box = boxes.find((own) => taken.free(own)) || boxes[0];
      taken.add(box);
      return [line, box];
    }),
  );
}

const signBox = ({ x, y, r }) => ({ left: x - r * 0.8, right: x + r * 0.8, top: y - r * 0.8, bottom: y + r * 0.8 });

/** "× 6" half way on each line that stands for several claims. */
function paintBadges(ctx, scale, box, boxes) {
  const size = badgeSize(scale);
  ctx.font = `600 ${size}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const [line, { left, right, top, bottom, x, y }] of boxes) {
    if (!inView(curveOf(line), box)) continue;
    ctx.globalAlpha = isFaint(line) ? FAINT : 1;
    ctx.fillStyle = surface().paper;
    ctx.strokeStyle = shade(groupStyle(line.group));
    ctx.lineWidth = 1.3 / Math.min(scale, 1);
    ctx.beginPath();
    ctx.roundRect(left, top, right - left, bottom - top, (bottom - top) / 2);
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = surface().ink;
    ctx.fillText(`×${line.shown}`, x, y + size * 0.06);
  }
  ctx.globalAlpha = 1;
}
