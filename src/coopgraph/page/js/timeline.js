// The timeline: every dated claim as a row in time, as a table whose last column draws it on the axis of the years.

const TIME_ROWS = 200; // rows shown at first
const AXIS = 1000; // the width of the axis in units of its own
const STUB = 70; // the bar of a claim of which only the end is stated, in these units
const EXACT = ["day", "month"]; // precisions at which an end is drawn sharp

/** Where a moment lies on the axis; within a broken span as far along it as the moment is in the span. */
function timeAt(moment) {
  const stop = stopOf(Math.floor(moment));
  const from = yearStops[stop];
  const to = yearStops[stop + 1] ?? from + 1;
  return (AXIS * (stop + clamp((moment - from) / (to - from), 0, 1))) / yearStops.length;
}

/** The earliest and the latest moment that a date can mean, in years; one exact to a month or day is a moment. */
function momentsOf(day, precision, end) {
  const first = yearOf(day, precision, 0);
  if (first === null) return null;
  if (!EXACT.includes(precision || "day")) return [first, yearOf(day, precision, 1) + 1];
  const [, month = 1, date = 1] = /^-?\d+-(\d\d)-(\d\d)/.exec(day) || [];
  const moment = first + (month - 1) / 12 + (precision === "month" ? end / 12 : (date - 1 + end) / 372);
  return [moment, moment];
}

/** When a claim begins and ends, each as the moments between which that lies, or null where it is not stated. */
function timeOf({ quantity, from, fromPrecision, to, toPrecision }) {
  return quantity
    ? { start: momentsOf(quantity.asOf, quantity.precision, 0), end: momentsOf(quantity.asOf, quantity.precision, 1) }
    : { start: momentsOf(from, fromPrecision, 0), end: momentsOf(to, toPrecision, 1) };
}

/** A bar on the axis: its ends taper over the time in which they may lie, and run on where none is stated. */
function timeBar(claim) {
  const { start, end } = timeOf(claim);
  let [a, b] = start ? start.map(timeAt) : [Math.max(timeAt(end[0]) - STUB, 0), Math.max(timeAt(end[0]) - STUB, 0)];
  let [c, d] = end ? end.map(timeAt) : [AXIS, AXIS];
  if (d - a < 8) [a, d] = [(a + d) / 2 - 4, (a + d) / 2 + 4]; // what is short must be seen all the same
  if (start && start[0] === start[1]) b = a;
  if (end && end[0] === end[1]) c = d;
  [b, c] = [Math.min(b, d), Math.max(c, a)]; // what ends has begun before
  if (b > c) b = c = (b + c) / 2;
  const colour = shade(groupStyle(claim.group));
  const kind = kindOf(claim.status);
  const filled = kind === "realised" || kind === "ended";
  const bar = makeSvg("path", {
    d: `M${fix(a)} 7L${fix(b)} 1H${fix(c)}L${fix(d)} 7L${fix(c)} 13H${fix(b)}Z`,
    fill: filled ? colour : surface().paper,
    "fill-opacity": kind === "ended" ? 0.3 : undefined,
    stroke: colour,
    "stroke-width": filled && kind !== "ended" ? 0 : 1.6,
    "stroke-dasharray": kind === "ended" ? "0.1 4" : style.strokes[strokeOf(claim.status)].dash.join(" ") || undefined,
    "stroke-linecap": kind === "ended" ? "round" : undefined,
    "vector-effect": "non-scaling-stroke",
    mask: start && end ? undefined : `url(#${start ? "runs-on" : "runs-up"})`,
  });
  const crossed = makeSvg("path", { d: `M${fix(a)} 7H${fix(d)}`, stroke: colour, "stroke-width": 1.6 });
  return makeSvg(
    "svg",
    { class: "track", viewBox: `0 0 ${AXIS} 14`, preserveAspectRatio: "none", "aria-hidden": "true" },
    bar,
    ...(kind === "denied" ? [crossed] : []),
  );
}

/** The masks by which a bar fades where no end, or no beginning, is stated. */
function fades() {
  const fade = (id, stops) => [
    makeSvg(
      "linearGradient",
      { id: `${id}-shade` },
      ...stops.map(([offset, opacity]) => makeSvg("stop", { offset, "stop-color": "#fff", "stop-opacity": opacity })),
    ),
    makeSvg(
      "mask",
      { id, maskContentUnits: "objectBoundingBox", x: -0.05, y: -0.3, width: 1.1, height: 1.6 },
      makeSvg("rect", { x: -0.05, y: -0.3, width: 1.1, height: 1.6, fill: `url(#${id}-shade)` }),
    ),
  ];
  return makeSvg(
    "svg",
    { class: "fades", width: 0, height: 0, "aria-hidden": "true" },
    ...fade("runs-on", [[0.6, 1], [1, 0]]),
    ...fade("runs-up", [[0, 0], [0.6, 1]]),
  );
}

/** The labels of the axis: the first year, where it is broken, and round years between as far as there is room. */
function axisLabels() {
  const every = STEPS.find((step) => yearStops.length / step <= 8) || 1000;
  const labels = [];
  yearStops.forEach((year, stop) => {
    const broken = brokenAt.has(stop);
    if (stop && !broken && year % every) return;
    const last = labels.at(-1);
    const room = last ? timeAt(year) - timeAt(last.year) : Infinity;
    if (broken && room < AXIS / 9) Object.assign(last, { text: `${last.text} // ${year}`, room: AXIS / 3 });
    else if (room > (last ? last.room : 0) && timeAt(year) < AXIS * 0.94) labels.push({ year, text: broken ? `// ${year}` : String(year), room: AXIS / 11 });
  });
  return labels;
}

function timeAxis() {
  const share = (year) => `${((timeAt(year) / AXIS) * 100).toFixed(2)}%`;
  const labels = axisLabels();
  const tick = ({ year }) => `linear-gradient(var(--rule),var(--rule)) ${share(year)} 0/1px 100% no-repeat`;
  const texts = labels.map(({ year, text }) => make("span", { style: `left:${share(year)}` }, text));
  return { ticks: labels.map(tick).join(","), head: make("div", { class: "axis", ariaHidden: "true" }, texts) };
}

const earliest = ({ start, end }) => (start ? start[0] : end[0] - 1e-6);

/** Every dated claim that the filters leave, from the earliest to the latest. */
function timeline(limit = TIME_ROWS) {
  const shown = visibleClaims();
  const dated = shown
    .map((claim) => [claim, timeOf(claim)])
    .filter(([, { start, end }]) => start || end)
    .sort(([a, one], [b, two]) => earliest(one) - earliest(two) || (one.end || [9e9])[0] - (two.end || [9e9])[0] || a.index - b.index)
    .map(([claim]) => claim);
  const undated = shown.length - dated.length;
  const left = undated ? tn("undatedLeft", undated) : "";
  if (!dated.length) return make("p", { class: "note" }, t("noDates"), " ", left);
  const { ticks, head } = timeAxis();
  const rest = dated.length - limit;
  return make(
    "div",
    { class: "timeline", style: `--ticks:${ticks}` },
    fades(),
    make(
      "table",
      {},
      make("caption", {}, tn("timeCaption", dated.length), " ", t("timeNote"), " ", left),
      make(
        "thead",
        {},
        make("tr", {}, ["claim", "status", "when"].map((key) => make("th", { scope: "col" }, t(key))), make("td", {}, head)),
      ),
      make("tbody", {}, dated.slice(0, limit).map(timeRow)),
    ),
    rest > 0
      ? make(
          "button",
          { type: "button", class: "more", onclick: () => byId("sheet").replaceChildren(timeline(limit + TIME_ROWS * 5)) },
          t("moreRows", { n: number(rest) }),
        )
      : null,
  );
}

const timeRow = (claim) =>
  make(
    "tr",
    { "data-claim": claim.name },
    make("th", { scope: "row" }, make("button", { type: "button", class: "link", onclick: () => openClaim(claim) }, sentence(claim))),
    make("td", {}, chip(statusLabel(claim.status), `status ${kindOf(claim.status)}`)),
    make("td", {}, timeText(claim)),
    make("td", { class: "bar" }, timeBar(claim)),
  );

const openClaim = (claim) =>
  select(claim.line ? { line: claim.line, claim } : { node: nodeOf.get(claim.subject.index), claim }, true);
