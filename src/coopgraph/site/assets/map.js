// The map of a site: nearer and farther; places that would cover each other are one until they lie apart.

const svg = document.querySelector("svg.map");
const bar = document.getElementById("zoom");
const [, , WIDE, HIGH] = svg.getAttribute("viewBox").split(" ").map(Number);
const NEAREST = 64;
const SQUARE = 6;
const ROWS = 1e6; // more than there are of squares above one another
const SIDES = [1, -1]; // labels stand on the right, or else on the left
const view = { x: 0, y: 0, times: 1 };
const frame = svg.parentElement;
/** Returns the label of a place; only those that are shown at first have one in the page. */
function labelled(link, name) {
  const label = link.querySelector("text") || document.createElementNS(svg.namespaceURI, "text");
  label.textContent = name;
  link.append(label);
  return label;
}
/** The places, those with most claims first; the map has them last, on top. */
const spots = [...svg.querySelectorAll("a")].reverse().map((link) => {
  const circle = link.querySelector("circle");
  const [x, y, r] = ["cx", "cy", "r"].map((name) => Number(circle.getAttribute(name)));
  const title = circle.querySelector("title");
  const says = title.textContent;
  const name = says.slice(0, says.lastIndexOf(":"));
  return { link, circle, title, label: labelled(link, name), x, y, r, says, name, under: [] };
});

/** The squares of the picture that are taken, and by what; boxes are left, top, right and bottom. */
class Room {
  takers = new Map();

  squares([left, top, right, bottom]) {
    const [x0, y0, x1, y1] = [left, top, right, bottom].map((edge) => Math.floor(edge / SQUARE));
    const squares = [];
    for (let x = x0; x <= x1; x += 1) for (let y = y0; y <= y1; y += 1) squares.push(x * ROWS + y);
    return squares;
  }

  take(box, taker) {
    for (const square of this.squares(box)) if (!this.takers.has(square)) this.takers.set(square, taker);
  }

  isFree(box, taker) {
    if (box[0] < 0 || box[2] > WIDE || box[3] < 0 || box[1] > HIGH) return false;
    return this.squares(box).every((square) => (this.takers.get(square) ?? taker) === taker);
  }
}

const wide = (text) => [...text].reduce((sum, character) => sum + (character > "\u2e7f" ? 17.5 : 11.5), 0);

const apart = (a, b) => Math.hypot(a.x - b.x, a.y - b.y) * view.times;

/** Shows each place by itself, or under a greater one that would cover it. */
function draw() {
  const { times } = view;
  svg.setAttribute("viewBox", `${view.x} ${view.y} ${WIDE / times} ${HIGH / times}`);
  const shown = [];
  for (const spot of spots) {
    spot.under = [];
    const over = shown.find((other) => apart(other, spot) < (other.r + spot.r) * 0.8);
    spot.link.toggleAttribute("hidden", Boolean(over));
    if (over) over.under.push(spot);
    else shown.push(spot);
  }
  const room = new Room();
  const seen = ({ x, y }) => [(x - view.x) * times, (y - view.y) * times];
  for (const spot of shown) {
    const [x, y] = seen(spot);
    room.take([x - spot.r, y - spot.r, x + spot.r, y + spot.r], spot);
  }
  for (const spot of shown) {
    const { circle, title, label, x, y, r, says, name, under, link } = spot;
    const more = under.length ? bar.dataset.more.replace("{n}", under.length) : "";
    circle.setAttribute("r", r / times);
    title.textContent = more ? `${says} (${more})` : says;
    label.textContent = under.length ? `${name} +${under.length}` : name;
    const [left, down] = seen(spot);
    const length = wide(label.textContent);
    const box = (side) => [left + side * (r + 4) - (side < 0 ? length : 0), down - 9, left + side * (r + 4) + (side < 0 ? 0 : length), down + 9];
    const side = SIDES.find((each) => room.isFree(box(each), spot)) ?? 0;
    if (side) room.take(box(side), spot);
    label.toggleAttribute("hidden", !side);
    label.classList.toggle("end", side < 0);
    label.setAttribute("transform", `translate(${x + (side * (r + 4)) / times} ${y + 5 / times}) scale(${1 / times})`);
    link.classList.toggle("several", under.length > 0);
  }
  bar.querySelector("[value=farther]").disabled = bar.querySelector("[value=all]").disabled = times === 1;
  bar.querySelector("[value=nearer]").disabled = times === NEAREST;
}

/** Shows the map so many times as large, with a point of it in the middle. */
function zoom(times, x = view.x + WIDE / view.times / 2, y = view.y + HIGH / view.times / 2) {
  const within = (value, most) => Math.min(Math.max(value, 0), most);
  view.times = Math.min(Math.max(times, 1), NEAREST);
  view.x = within(x - WIDE / view.times / 2, WIDE - WIDE / view.times);
  view.y = within(y - HIGH / view.times / 2, HIGH - HIGH / view.times);
  draw();
}

/** Goes near enough for a place and those under it to lie apart; what lies at one point never does. */
function open(spot) {
  const farthest = Math.max(...spot.under.map((other) => apart(other, spot))) / view.times;
  zoom(Math.max(view.times * 2, Math.min(NEAREST, (spot.r * 4) / farthest)), spot.x, spot.y);
}

for (const spot of spots) {
  spot.label.setAttribute("x", 0);
  spot.label.setAttribute("y", 0);
  spot.link.addEventListener("click", (event) => {
    if (moved || (spot.under.length && view.times < NEAREST)) event.preventDefault();
    if (!moved && spot.under.length && view.times < NEAREST) open(spot);
  });
}
const steps = { nearer: () => zoom(view.times * 2), farther: () => zoom(view.times / 2), all: () => zoom(1) };
bar.addEventListener("click", ({ target }) => steps[target.value]?.());

/** With the map in focus, arrows go over a map that is nearer, and signs go nearer and farther. */
const keys = { "+": steps.nearer, "=": steps.nearer, "-": steps.farther, 0: steps.all };
const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
frame.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = view.times > 1 && arrows[event.key];
  if (!arrow && !keys[event.key]) return;
  event.preventDefault();
  if (arrow) zoom(view.times, view.x + (WIDE / view.times) * (0.5 + arrow[0] / 5), view.y + (HIGH / view.times) * (0.5 + arrow[1] / 5));
  else keys[event.key]();
});
/** A place that is come to with the keyboard is brought into sight. */
frame.addEventListener("focusin", ({ target }) => {
  const spot = spots.find(({ link }) => link === target);
  const [x, y] = spot ? [(spot.x - view.x) * view.times, (spot.y - view.y) * view.times] : [0, 0];
  if (spot && target.matches(":focus-visible") && (x < 0 || y < 0 || x > WIDE || y > HIGH)) zoom(view.times, spot.x, spot.y);
});

let grasped = null;
let moved = false;
svg.addEventListener("pointerdown", (event) => {
  moved = false;
  if (view.times > 1) grasped = { x: event.clientX, y: event.clientY, from: { ...view } };
});
addEventListener("pointermove", (event) => {
  if (!grasped) return;
  const unit = WIDE / view.times / svg.clientWidth;
  const [dx, dy] = [(event.clientX - grasped.x) * unit, (event.clientY - grasped.y) * unit];
  moved ||= Math.hypot(event.clientX - grasped.x, event.clientY - grasped.y) > 4;
  if (moved) zoom(view.times, grasped.from.x - dx + WIDE / view.times / 2, grasped.from.y - dy + HIGH / view.times / 2);
});
addEventListener("pointerup", () => (grasped = null));
svg.addEventListener("dragstart", (event) => event.preventDefault());
bar.hidden = document.getElementById("map-keys").hidden = false;
draw();
