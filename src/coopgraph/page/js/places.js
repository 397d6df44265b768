// Where nodes stand: on the map as the layout has it, around one of them, or as a chain; and how they get there.

const GLIDE = 350; // milliseconds from one arrangement to another
const RING = { near: 210, label: 118, link: 280 }; // pixels: to the first ring, for a label on it, of a chain's link

/** Whether the stage is a phone held upright, for which small graphs bring places of their own. */
const upright = () => stage.clientHeight > stage.clientWidth * 1.15 && nodes.length > 0 && nodes.every((node) => node.tall);

let tallNow = false;

function takeHome() {
  const tall = (tallNow = upright());
  for (const node of nodes) {
    const [x, y, slot] = tall ? node.tall : node.wide;
    node.home = { x, y };
    node.slot = slot;
  }
}

/** The place of every visible node in the arrangement that the state asks for. */
function places() {
  if (state.path && state.path.lines.length) return chainPlaces();
  if (state.near) return ringPlaces(state.near.node);
  return new Map(nodes.map((node) => [node, state.moved.get(node) || node.home]));
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

const angleOnMap = (middle, node) => Math.atan2(node.home.y - middle.home.y, node.home.x - middle.home.x);
const meanAngle = (angles) =>
  Math.atan2(
    angles.reduce((sum, angle) => sum + Math.sin(angle), 0),
    angles.reduce((sum, angle) => sum + Math.cos(angle), 0),
  );

/** The nodes of a path one after the other, along the longer side of the stage. */
function chainPlaces() {
  const tall = stage.clientHeight > stage.clientWidth;
  return new Map(
    pathNodes().map((node, i) => {
      const aside = (i % 2 ? 1 : -1) * 34;
      return [node, tall ? { x: aside, y: i * RING.link * 0.6 } : { x: i * RING.link, y: aside }];
    }),
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
  for (const [node, { x, y }] of targets) network.moveNode(node.id, x, y);
  if (!animate || calm.matches || large) return redraw();
  const start = performance.now();
  const step = (now) => {
    const share = clamp((now - start) / GLIDE, 0, 1);
    const eased = share * share * (3 - 2 * share);
    put(targets, targets.map(([, to], i) => ({ x: from[i].x + (to.x - from[i].x) * eased, y: from[i].y + (to.y - from[i].y) * eased })));
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
    state.moved.set(node, { x: Math.round(node.x), y: Math.round(node.y) });
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
