// The years: a histogram of when claims begin, two handles to narrow it, and play.

const STEPS = [1, 2, 5, 10, 20, 50, 100, 500];
let playing = null;
let yearParts = null;

function buildYears() {
  const holderOfYears = byId("years");
  stopPlaying();
  holderOfYears.hidden = !yearSpan || yearSpan[0] === yearSpan[1];
  holderOfYears.replaceChildren();
  if (holderOfYears.hidden) return;
  const [first, last] = yearSpan;
  const width = STEPS.find((step) => (last - first + 1) / step <= 60) || 1000;
  const bins = Array.from({ length: Math.ceil((last - first + 1) / width) }, (_, i) => ({
    from: first + i * width,
    bar: makeSvg("rect", {}),
  }));
  const bars = makeSvg(
    "svg",
    { class: "bars", viewBox: `0 0 ${bins.length} 1`, preserveAspectRatio: "none", "aria-hidden": "true" },
    ...bins.map(({ bar }) => bar),
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
      changed();
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
      low,
      high,
      make(
        "div",
        { class: "scale", ariaHidden: "true" },
        make("span", {}, String(first)),
        text,
        make("span", {}, String(last)),
      ),
    ),
    make("label", { class: "undated" }, undated, t("undated"), " ", undatedCount),
  );
}

/** One of the two handles, a range input of its own so that keyboard and touch work as everywhere. */
function handle(name, end) {
  return make("input", {
    type: "range",
    class: "handle",
    min: String(yearSpan[0]),
    max: String(yearSpan[1]),
    step: "1",
    ariaLabel: t(name === "from" ? "yearFrom" : "yearTo"),
    oninput: (event) => {
      stopPlaying();
      state.years[end] = Number(event.target.value);
      if (state.years[0] > state.years[1]) state.years[1 - end] = state.years[end];
      changed();
    },
  });
}

function updateYears() {
  if (!yearParts || byId("years").hidden) return;
  const { width, bins, low, high, text, play, undated, undatedCount } = yearParts;
  const sums = bins.map(() => 0);
  for (const [year, n] of view.counts.years) sums[Math.floor((year - yearSpan[0]) / width)] += n;
  const most = Math.max(1, ...sums);
  bins.forEach(({ from, bar }, i) => {
    const inside = from + width - 1 >= state.years[0] && from <= state.years[1];
    const height = sums[i] ? Math.max(0.06, Math.sqrt(sums[i] / most)) : 0;
    for (const [name, value] of Object.entries({
      x: i + 0.08,
      y: 1 - height,
      width: 0.84,
      height,
      class: inside ? "in" : "out",
    }))
      bar.setAttribute(name, value);
  });
  low.value = state.years[0];
  high.value = state.years[1];
  low.style.zIndex = state.years[0] > (yearSpan[0] + yearSpan[1]) / 2 ? 3 : 2;
  text.textContent = yearsNarrowed() ? t("yearsShown", { from: state.years[0], to: state.years[1] }) : t("yearsAll");
  play.replaceChildren(
    make("span", { ariaHidden: "true" }, playing ? "❚❚" : "▶"),
    make("span", { class: "word" }, playing ? t("pause") : t("play")),
  );
  play.setAttribute("aria-label", playing ? t("pauseYears") : t("playYears"));
  undated.checked = state.undated;
  undatedCount.textContent = number(view.counts.undated);
}

/** Lets the upper handle run from the lower one to the last year; who asked for calm gets the end states only. */
function startPlaying() {
  const marks = [...new Set(allYears)].sort((a, b) => a - b).filter((year) => year >= state.years[0]);
  let at = 0;
  playing = setInterval(
    () => {
      state.years[1] = marks[at];
      at += 1;
      changed();
      if (at >= marks.length) stopPlaying();
    },
    calm.matches ? 1600 : 900,
  );
  updateYears();
}

function stopPlaying() {
  if (!playing) return;
  clearInterval(playing);
  playing = null;
  updateYears();
}
