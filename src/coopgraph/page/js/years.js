// The years: a histogram of when claims begin, on an axis broken at empty spans, two handles to narrow it, and play.

const STEPS = [1, 2, 5, 10, 20, 50, 100, 500];
const EMPTY = 15; // years without a claim from which the axis is broken
let playing = null;
let yearParts = null;

/** What stands out while the years are played: { year, fresh: lines that begin in it }, or null. */
let moment = null;

/** The years on the axis, one after the other; a broken span is one stop, marked as such. */
const yearStops = yearSpan ? [...stopsOf([...new Set(allYears)].sort((a, b) => a - b))] : [];
const brokenAt = new Set(yearStops.flatMap((year, i) => (i && year - yearStops[i - 1] > 1 ? [i] : [])));

function* stopsOf(years) {
  const wide = Math.max(EMPTY, (years.at(-1) - years[0]) * 0.2);
  let last = years[0];
  yield last;
  for (const year of years.slice(1)) {
    if (year - last > wide) yield last + 1;
    else for (let between = last + 1; between < year; between += 1) yield between;
    yield year;
    last = year;
  }
}

/** The stop of a year; one in a broken span is at the stop that stands for the span. */
function stopOf(year) {
  const next = yearStops.findIndex((stop) => stop > year);
  return next < 0 ? yearStops.length - 1 : Math.max(next - 1, 0);
}

/** The value of a handle: the year itself on an unbroken axis, else the number of its stop. */
const broken = brokenAt.size > 0;
const handleValue = (year) => (broken ? stopOf(year) : year);
const yearOfHandle = (value) => (broken ? yearStops[value] : value);

function buildYears() {
  const holderOfYears = byId("years");
  stopPlaying();
  holderOfYears.hidden = !yearSpan || yearSpan[0] === yearSpan[1];
  holderOfYears.replaceChildren();
  if (holderOfYears.hidden) return;
  const width = STEPS.find((step) => yearStops.length / step <= 60) || 1000;
  const bins = Array.from({ length: Math.ceil(yearStops.length / width) }, () => makeSvg("rect", {}));
  const bars = makeSvg(
    "svg",
    { class: "bars", viewBox: `0 0 ${bins.length} 1`, preserveAspectRatio: "none", "aria-hidden": "true" },
    ...bins,
  );
  const low = handle("from", 0);
  const high = handle("to", 1);
  const text = make("output", { class: "range-text" });
  const play = make("button", {
    type: "button",
    class: "quiet play",
    onclick: () => (playing ? stopPlaying() : startPlaying()),
  });
  const undated = make("input", {
    type: "checkbox",
    onchange: () => {
      state.undated = undated.checked;
      filtered();
    },
  });
  const undatedCount = make("span", { class: "count" });
  yearParts = { width, bins, low, high, text, play, undated, undatedCount };
  holderOfYears.append(
    play,
    make(
      "div",
      { class: "range", role: "group", ariaLabel: t("years") },
      bars,
      [...brokenAt].map(breakMark),
      low,
      high,
      make(
        "div",
        { class: "scale", ariaHidden: "true" },
        make("span", {}, String(yearSpan[0])),
        text,
        make("span", {}, String(yearSpan[1])),
      ),
    ),
    make("label", { class: "undated" }, undated, t("undated"), " ", undatedCount),
  );
}

/** Two strokes through the axis where years are left out, and the year at which it goes on. */
function breakMark(stop) {
  const share = ((stop - 0.5) / yearStops.length) * 100;
  const shown = share > 12 && share < 88; // where there is room beside the first and the last year
  return make(
    "span",
    { class: "break", style: `left:${share.toFixed(2)}%`, ariaHidden: "true" },
    make("span", { class: "strokes" }, "//"),
    shown ? make("span", { class: "goes-on" }, String(yearStops[stop])) : null,
  );
}

/** One of the two handles, a range input of its own so that keyboard and touch work as everywhere. */
function handle(name, end) {
  return make("input", {
    type: "range",
    class: "handle",
    min: String(broken ? 0 : yearSpan[0]),
    max: String(broken ? yearStops.length - 1 : yearSpan[1]),
    step: "1",
    ariaLabel: t(name === "from" ? "yearFrom" : "yearTo"),
    oninput: (event) => {
      stopPlaying();
      state.years[end] = yearOfHandle(Number(event.target.value));
      if (state.years[0] > state.years[1]) state.years[1 - end] = state.years[end];
      changed();
    },
    onchange: filtered,
  });
}

function updateYears() {
  if (!yearParts || byId("years").hidden) return;
  const { width, bins, low, high, text, play, undated, undatedCount } = yearParts;
  const sums = bins.map(() => 0);
  for (const [year, n] of view.counts.years) sums[Math.floor(stopOf(year) / width)] += n;
  const most = Math.max(1, ...sums);
  bins.forEach((bar, i) => {
    const [from, to] = [yearStops[i * width], yearStops[Math.min((i + 1) * width, yearStops.length) - 1]];
    const inside = to >= state.years[0] && from <= state.years[1];
    const height = sums[i] ? Math.max(0.06, Math.sqrt(sums[i] / most)) : 0;
    const attributes = { x: i + 0.08, y: 1 - height, width: 0.84, height, class: inside ? "in" : "out" };
    for (const [name, value] of Object.entries(attributes)) bar.setAttribute(name, value);
  });
  [low, high].forEach((slider, end) => {
    slider.value = handleValue(state.years[end]);
    slider.setAttribute("aria-valuetext", String(state.years[end]));
  });
  low.style.zIndex = state.years[0] > (yearSpan[0] + yearSpan[1]) / 2 ? 3 : 2;
  text.textContent = rangeText();
  play.replaceChildren(
    make("span", { ariaHidden: "true" }, playing ? "❚❚" : "▶"),
    make("span", { class: "word" }, playing ? t("pause") : t("play")),
  );
  play.setAttribute("aria-label", playing ? t("pauseYears") : t("playYears"));
  undated.checked = state.undated;
  undatedCount.textContent = number(view.counts.undated);
}

const rangeText = () =>
  moment
    ? t("newIn", { n: number(moment.count), year: moment.year })
    : yearsNarrowed()
      ? t("yearsShown", { from: state.years[0], to: state.years[1] })
      : t("yearsAll");

/** Lets the upper handle run from the lower one to the last year; who asked for calm gets the end states only. */
function startPlaying() {
  const begun = claims.map((claim) => claim.first).filter((year) => year !== null && year >= state.years[0]);
  const marks = [...new Set([...begun, yearSpan[1]])].sort((a, b) => a - b);
  let at = 0;
  playing = setInterval(
    () => {
      if (at >= marks.length) return stopPlaying();
      state.years[1] = marks[at];
      moment = momentOf(marks[at]);
      at += 1;
      changed(true);
      announce(rangeText());
    },
    calm.matches ? 1600 : 900,
  );
  updateYears();
}

/** The links that begin in a year, as the other filters leave them. */
function momentOf(year) {
  const begun = claims.filter((claim) => claim.line && claim.first === year && (failures(claim) & ~FACETS.years) === 0);
  return { year, count: begun.length, fresh: new Set(begun.map((claim) => claim.line)) };
}

/** Whether none of a line's visible claims has a date, so that it says nothing about the moment shown. */
const isUndated = (line) =>
  line.claims.every((claim) => !view.claims[claim.index] || (claim.first === null && claim.last === null));

function stopPlaying() {
  if (!playing) return;
  clearInterval(playing);
  playing = moment = null;
  updateYears();
  redraw();
}
