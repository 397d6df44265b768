// Where nodes stand: on the map as the layout has it, around one of them, or as a chain; and how they get there.

const GLIDE = 350; // milliseconds from one arrangement to another
const RING = { near: 210, label: 118, link: 280 }; // pixels: to the first ring, for a label on it, of a chain's link

/** Width and height of what the years leave of the canvas. */
const sheetSize = () => [holder.clientWidth, Math.max(Math.min(holder.clientHeight, byId("strip").offsetTop), 1)];

/** Whether the stage is rather that of a phone held upright. */
function upright() {
  const [width, height] = sheetSize();
  return width < height * 1.05;
}

let drawnOut = { x: 1, y: 1 }; // how far the map is drawn out along each axis to fill the stage

const MOST_DRAWN_OUT = 1.6;
const AROUND = { x: 130, y: 60 }; // pixels that signs and labels at the edges take

/** Whether of a dense graph cooperation alone is seen, as it opens, for which it brings places of its own. */
const asOpened = () =>
  nodes.some((node) => node.first) && linkGroups.every((group) => state.groups.has(group) === (group !== "cooperation"));

let openedNow = false;

function takeHome() {
  const tall = upright();
  openedNow = asOpened();
  const turned = (own, [x, y, slot]) => own || [y, x, slot]; // small graphs bring places for phones too
  const whole = ({ tall: own, wide }) => (tall ? turned(own, wide) : wide);
  const opening = ({ firstTall, first }) => (tall ? turned(firstTall, first) : first);
  const laid = nodes.map((node) => (openedNow && node.first ? opening(node) : whole(node)));
  drawnOut = drawOut(openedNow ? laid.filter((_, i) => nodes[i].first) : laid);
  nodes.forEach((node, i) => {
    const [x, y, slot] = laid[i];
    node.home = onStage({ x, y });
    node.slot = slot;
  });
}

const onStage = ({ x, y }) => ({ x: x * drawnOut.x, y: y * drawnOut.y });

/** How far places must be drawn out, along one axis, for the shape of the stage; nothing is pressed together. */
function drawOut(laid) {
  const span = (axis) => laid.reduce((most, own) => Math.max(most, own[axis]), -Infinity) - laid.reduce((least, own) => Math.min(least, own[axis]), Infinity);
  const [w, h] = [span(0), span(1)];
  const [width, height] = sheetSize();
  const wider = ((h + AROUND.y) * width) / height - AROUND.x;
  const higher = ((w + AROUND.x) * height) / width - AROUND.y;
  const by = (wanted, now) => (now > 0 && wanted > now * 1.15 ? Math.min(wanted / now, MOST_DRAWN_OUT) : 1);
  return { x: by(wider, w), y: by(higher, h) };
}

/** The place of every visible node in the arrangement that the state asks for. */
function places() {
  if (state.path && state.path.lines.length) return chainPlaces();
  if (state.near) return ringPlaces(state.near.node);
  return new Map(nodes.map((node) => [node, state.moved.has(node) ? onStage(state.moved.get(node)) : node.home]));
}

/** Rings around a node, one for each step away, in the order in which the map has them around it. */
function ringPlaces(middle) {
  const spot = new Map([[middle, { x: 0, y: 0 }]]);
  const stretch = clamp(stage.clientWidth / Math.max(stage.clientHeight, 1), 0.6, 1.7) ** 0.5;
  const angleOf = new Map();
  let front = [middle];
  let radius = 0;
  while (front.length) {
    const next = new Map(); // node -> angles at which its neighbours further in stand
    for (const node of front)
      for (const line of node.lines) {
        const reached = other(line, node);
        if (!line.shown || spot.has(reached)) continue;
        if (!next.has(reached)) next.set(reached, []);
        if (angleOf.has(node)) next.get(reached).push(angleOf.get(node));
      }
    const ring = [...next].map(([node, angles]) => [node, angles.length ? meanAngle(angles) : angleOnMap(middle, node)]);
    ring.sort((a, b) => a[1] - b[1] || a[0].rank - b[0].rank);
    if (front[0] === middle) gather(ring);
    radius = Math.max(radius + RING.near * (radius ? 0.8 : 1), (ring.length * RING.label) / (2 * Math.PI));
    ring.forEach(([node], i) => {
      const angle = ring[0][1] + (i * 2 * Math.PI) / ring.length;
      angleOf.set(node, angle);
      spot.set(node, { x: radius * Math.cos(angle) * stretch, y: (radius * Math.sin(angle)) / stretch });
    });
    front = [...next.keys()];
  }
  return spot;
}

const GATHERED = 40; // nodes of a ring up to which each may look for another place in it

/** Brings linked nodes of the first ring beside each other, and out of the line through the middle. */
function gather(ring) {
  if (ring.length > GATHERED) return;
  const at = new Map(ring.map(([node], i) => [node, i]));
  const inside = lines.filter((line) => line.shown && line.a !== line.b && at.has(line.a) && at.has(line.b));
  const linked = new Map(ring.map(([node]) => [node, inside.filter((line) => line.a === node || line.b === node)]));
  const costOf = (node) => linked.get(node).reduce((sum, line) => sum + chordCost(at.get(line.a), at.get(line.b), ring.length), 0);
  const swap = (i, j) => {
    [ring[i][0], ring[j][0]] = [ring[j][0], ring[i][0]];
    at.set(ring[i][0], i).set(ring[j][0], j);
  };
  for (let turn = 0, better = true; turn < 6 && better; turn += 1) {
    better = false;
    for (let i = 0; i < ring.length; i += 1)
      for (let j = i + 1; j < ring.length; j += 1) {
        const both = () => costOf(ring[i][0]) + costOf(ring[j][0]);
        const before = both();
        swap(i, j);
        if (both() < before - 1e-9) better = true;
        else swap(i, j);
      }
  }
}

/** What a line between two places of a ring costs: its length, and much where it runs over the middle. */
function chordCost(i, j, count) {
  const apart = Math.min(Math.abs(i - j), count - Math.abs(i - j));
  return Math.sin((Math.PI * apart) / count) + (count / 2 - apart < 0.75 ? 2 : 0);
}

const angleOnMap = (middle, node) => Math.atan2(node.home.y - middle.home.y, node.home.x - middle.home.x);
const meanAngle = (angles) =>
  Math.atan2(
    angles.reduce((sum, angle) => sum + Math.sin(angle), 0),
    angles.reduce((sum, angle) => sum + Math.cos(angle), 0),
  );

/** The nodes of a path one after the other, along the longer side of the free part of the stage, as a zigzag. */
function chainPlaces() {
  const room = clearing();
  const [width, height] = [room.right - room.left, room.bottom - room.top];
  const chain = pathNodes();
  const tall = height > width;
  const step = clamp((tall ? height - 120 : width - 190) / (chain.length - 1), tall ? 90 : 150, RING.link);
  const aside = clamp((tall ? width : height) * 0.14, 24, 90);
  return new Map(
    chain.map((node, i) => [node, tall ? { x: (i % 2 ? 1 : -1) * aside, y: i * step } : { x: i * step, y: (i % 2 ? 1 : -1) * aside }]),
  );
}

function pathNodes() {
  const chain = [state.path.from];
  for (const line of state.path.lines) chain.push(other(line, chain.at(-1)));
  return chain;
}

let gliding = 0;

/** Brings all nodes to their places and all of them into view. */
function arrange(animate = true) {
  if (!network) return;
  cancelAnimationFrame(gliding);
  takeHome();
  const targets = [...places()];
  const from = targets.map(([node]) => ({ x: node.x, y: node.y }));
  const still = targets.every(([{ x, y }, to]) => x === to.x && y === to.y);
  put(targets, targets.map(([, to]) => to));
  resetSlots();
  fit(undefined, animate);
  if (still) return;
  for (const [{ id }, { x, y }] of targets) Object.assign(network.body.nodes[id], { x, y }); // moveNode would ask for physics
  if (!animate || calm.matches || inCrowd()) return redraw();
  const start = performance.now();
  const step = (now) => {
    const share = clamp((now - start) / GLIDE, 0, 1);
    const eased = share * share * (3 - 2 * share);
    put(targets, targets.map(([, to], i) => ({ x: from[i].x + (to.x - from[i].x) * eased, y: from[i].y + (to.y - from[i].y) * eased })));
    if (share === 1) resetSlots(slotSize);
    network.redraw();
    if (share < 1) gliding = requestAnimationFrame(step);
  };
  gliding = requestAnimationFrame(step);
}

function put(targets, spots) {
  targets.forEach(([node], i) => {
    node.x = spots[i].x;
    node.y = spots[i].y;
    for (const line of node.lines) line.curve = null;
  });
}

// --- nodes put elsewhere by hand -----------------------------------------------------------------------------------

const MOVED = 20; // nodes whose own places the address keeps

function keepMoved(ids) {
  if (state.near || state.path) return arrange(); // only the map keeps what a hand has moved
  for (const node of ids.map((id) => nodeOf.get(id))) {
    state.moved.delete(node);
    state.moved.set(node, { x: Math.round(node.x / drawnOut.x), y: Math.round(node.y / drawnOut.y) });
  }
  if (state.moved.size > MOVED) {
    state.moved.delete(state.moved.keys().next().value);
    const [view, scale] = [network.getViewPosition(), network.getScale()];
    arrange();
    move({ position: view, scale }, false);
    announce(t("movedMost", { n: MOVED }));
  }
  showChips();
  writeAddress();
}

const movedText = () => [...state.moved].map(([node, { x, y }]) => `${node.term.name},${x},${y}`).join(";");

function movedFrom(text) {
  const moved = new Map();
  for (const part of text.split(";").filter(Boolean).slice(0, MOVED)) {
    const [, name, x, y] = /^(.*),(-?\d{1,6}),(-?\d{1,6})$/.exec(part) || [];
    if (name !== undefined && nodeNamed(name)) moved.set(nodeNamed(name), { x: Number(x), y: Number(y) });
  }
  return moved;
}
