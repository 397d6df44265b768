// Figures of one thing over time: a small plot of each series, and its exact values as a table.

const PLOT = { width: 300, height: 130, left: 66, right: 10, top: 10, bottom: 24 };

/** The day that a figure holds for, as a number. */
const dayOf = (claim) => Date.parse(`${claim.quantity.asOf}T00:00:00Z`);

/** The visible figures of a thing, or that have it as their other side, which have a date, by series. */
function seriesOf(node) {
  const series = new Map();
  for (const claim of claims) {
    const { quantity: figure } = claim;
    if (!figure || !view.claims[claim.index] || (claim.subject !== node.term && figure.counterpart !== node.term)) continue;
    if (!Number.isFinite(dayOf(claim)) || !Number.isFinite(Number(figure.value))) continue;
    const parts = [claim.subject, claim.predicate, figure.measure, figure.counterpart, figure.shareOf].map((term) => term?.index);
    const key = [...parts, figure.unit, Boolean(figure.periodFrom)].join(" ");
    series.set(key, [...(series.get(key) || []), claim]);
  }
  const inOrderOfTime = (several) => several.sort((a, b) => dayOf(a) - dayOf(b) || a.index - b.index);
  return [...series.values()].filter((several) => new Set(several.map(dayOf)).size > 1).map(inOrderOfTime);
}

function seriesList(node) {
  const all = seriesOf(node);
  if (!all.length) return null;
  const count = make("span", { class: "count" }, number(all.length));
  return make("section", { class: "series" }, make("h3", {}, t("series"), " ", count), all.map(seriesFigure));
}

/** What a series is of, without a value: "Hong Kong → Liaoning: Capital invested (USD)". */
function seriesName([claim]) {
  const { quantity, predicate, subject } = claim;
  const side = quantity.counterpart ? ` → ${isolate(labelOf(quantity.counterpart))}` : "";
  const whole = quantity.shareOf ? `, ${isolate(labelOf(quantity.shareOf))}` : "";
  const unit = quantity.unit ? unitText(quantity.unit.replace(/^unit:/, "")).trim() : "";
  const name = `${isolate(labelOf(subject))}${side}: ${measured(claim) || labelOf(predicate)}${whole}`;
  return { name, unit };
}

function seriesFigure(several) {
  const { name, unit } = seriesName(several);
  const rows = several.map((claim) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, dateText(claim.quantity.asOf, claim.quantity.precision)),
      make("td", { class: "number" }, objectText(claim)),
      make("td", {}, statusLabel(claim.status)),
    ),
  );
  const heads = [t("when"), unit ? `${t("value")} (${unit})` : t("value"), t("status")];
  return make(
    "figure",
    {},
    make("figcaption", {}, unit ? `${name} (${unit})` : name),
    seriesPlot(several, unit),
    make(
      "details",
      { open: false },
      make("summary", {}, t("exactValues")),
      make(
        "table",
        {},
        make("caption", { class: "unseen" }, name),
        make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))),
        make("tbody", {}, rows),
      ),
    ),
  );
}

/** Values over time: filled where reported, hollow where expected; the table beside it says the same in words. */
function seriesPlot(several, unit) {
  const { width, height, left, right, top, bottom } = PLOT;
  const days = several.map(dayOf);
  const values = several.map((claim) => Number(claim.quantity.value));
  const [low, high] = valueSpan(values, several[0].predicate.name === "coop:rank");
  const x = (day) => left + ((day - days[0]) / (days[days.length - 1] - days[0])) * (width - left - right);
  const y = (value) => top + ((high - value) / (high - low)) * (height - top - bottom);
  const told = several.filter((claim) => kindOf(claim.status) !== "hoped");
  const line = told.map((claim, i) => `${i ? "L" : "M"}${x(dayOf(claim)).toFixed(1)} ${y(Number(claim.quantity.value)).toFixed(1)}`);
  const label = (text, at) => makeSvg("text", at, document.createTextNode(text));
  const short = new Intl.NumberFormat(language === "en" ? "en-GB" : language, { notation: "compact", maximumFractionDigits: 1 });
  const marks = several.map((claim) =>
    makeSvg(
      "circle",
      {
        cx: x(dayOf(claim)).toFixed(1),
        cy: y(Number(claim.quantity.value)).toFixed(1),
        r: 4,
        class: kindOf(claim.status) === "hoped" ? "expected" : "told",
      },
      makeSvg("title", {}, document.createTextNode(`${timeText(claim)}: ${objectText(claim)} (${statusLabel(claim.status)})`)),
    ),
  );
  return makeSvg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: "plot", role: "img", "aria-label": t("plotOf", { name: seriesName(several).name }) },
    makeSvg("path", { class: "axis", d: `M${left} ${top}V${height - bottom}H${width - right}` }),
    ...[...new Set([low, high])].map((value) => label([short.format(value), value === 0 ? "" : unit].filter(Boolean).join(" "), { x: left - 5, y: y(value) + 4, "text-anchor": "end" })),
    ...[0, days.length - 1].map((i) =>
      label(dateText(several[i].quantity.asOf, several[i].quantity.precision === "day" ? "month" : several[i].quantity.precision), {
        x: i ? width - right : left,
        y: height - 7,
        "text-anchor": i ? "end" : "start",
      }),
    ),
    ...(line.length > 1 ? [makeSvg("path", { class: "course", d: line.join("") })] : []),
    ...marks,
  );
}

/** The values between which a plot runs: from nothing where all are of one sign; of ranks from the first downwards. */
function valueSpan(values, isRank) {
  const least = Math.min(...values);
  const most = Math.max(...values);
  if (isRank) return [Math.max(most, 2), 1];
  return [Math.min(0, least), Math.max(0, most) || (least < 0 ? 0 : 1)];
}
