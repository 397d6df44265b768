// The legend, which is the filter: each row shows a sign, a name, how many it would show, and switches it.

const sections = [];

/** One section of choices; `options` are { key, label, sign, count } and `off` the set of keys switched off. */
function choices(title, note, options, facet) {
  if (!options.length) return "";
  const rows = new Map();
  const list = make("ul", { class: "choices" });
  for (const { key, label, sign, hint } of options) {
    const count = make("span", { class: "count" });
    const box = make("input", {
      type: "checkbox",
      checked: facet.on(key),
      onchange: () => {
        facet.set(key, box.checked);
        filtered();
      },
    });
    const only = make(
      "button",
      {
        type: "button",
        class: "only",
        title: t("onlyThis", { name: label }),
        ariaLabel: t("onlyThis", { name: label }),
        onclick: () => {
          facet.only(
            key,
            options.map((option) => option.key),
          );
          filtered();
        },
      },
      t("only"),
    );
    const row = make(
      "li",
      {},
      make("label", { title: hint || null }, box, sign, make("span", { class: "name" }, label), count),
      only,
    );
    rows.set(key, { row, box, count });
    list.append(row);
  }
  sections.push(() => {
    for (const [key, { row, box, count }] of rows) {
      const n = facet.count(key);
      box.checked = facet.on(key);
      count.textContent = number(n);
      row.classList.toggle("none", n === 0);
    }
  });
  return make(
    "fieldset",
    { class: "section" },
    make("legend", {}, title),
    note ? make("p", { class: "note" }, note) : null,
    list,
  );
}

/** A facet kept as the set of what is switched off. */
const offFacet = (name) => ({
  on: (key) => !state[name].has(key),
  set: (key, on) => (on ? state[name].delete(key) : state[name].add(key)),
  only: (key, keys) => {
    const alone = !state[name].has(key) && keys.every((one) => one === key || state[name].has(one));
    state[name] = alone ? new Set() : new Set(keys.filter((one) => one !== key));
  },
  count: (key) => view.counts[name].get(key) || 0,
});

/** A facet kept as the set of what alone is shown. */
const onFacet = (name) => ({
  on: (key) => state[name].has(key),
  set: (key, on) => (on ? state[name].add(key) : state[name].delete(key)),
  only: (key) => (state[name] = new Set(state[name].has(key) && state[name].size === 1 ? [] : [key])),
  count: (key) => view.counts[name].get(key) || 0,
});

const inOrder = (keys, order) =>
  [...keys].sort((a, b) => (order.indexOf(a) + 1 || 99) - (order.indexOf(b) + 1 || 99) || (a < b ? -1 : 1));

function buildFilters() {
  const rail = byId("rail");
  sections.length = 0;
  const roots = inOrder(new Set(nodes.map((node) => node.term.root)), Object.keys(style.classes));
  const groups = inOrder(new Set(claims.map((claim) => claim.group)), Object.keys(style.groups));
  const drawn = new Set(lines.flatMap((line) => line.claims.map((claim) => claim.group)));
  const statuses = inOrder(new Set(claims.map((claim) => claim.status)), data.statuses);
  const fields = new Set(claims.flatMap((claim) => claim.fields));
  const cited = new Set(claims.flatMap((claim) => claim.sources));
  const byLabel = (a, b) => labelOf(a).localeCompare(labelOf(b), language);
  rail.replaceChildren(
    make(
      "div",
      { class: "rail-head" },
      make("h2", {}, t("filters")),
      make("button", { type: "button", class: "quiet close", onclick: () => toggleRail(false) }, t("close")),
    ),
    choices(
      t("entities"),
      t("sizeNote", { what: t(`size-${state.size}`) }),
      roots.map((root) => ({ key: root, label: classLabel(root), sign: nodeSign(root) })),
      offFacet("classes"),
    ),
    choices(
      t("relations"),
      t("colourNote"),
      groups.map((group) => ({
        key: group,
        label: groupLabel(group),
        sign: drawn.has(group) ? lineSign(group, "realised", true) : factSign(),
        hint: drawn.has(group) ? null : t("factsOnly"),
      })),
      offFacet("groups"),
    ),
    choices(
      t("statuses"),
      t("dashNote"),
      statuses.map((status) => ({
        key: status,
        label: statusLabel(status),
        sign: lineSign("", strokeOf(status), false),
      })),
      offFacet("statuses"),
    ),
    data.fates.length ? openPlans() : "",
    fields.size
      ? choices(
          t("fields"),
          t("fieldsNote"),
          [...fields].sort(byLabel).map((field) => ({ key: field.index, label: labelOf(field), sign: null })),
          onFacet("fields"),
        )
      : "",
    cited.size
      ? choices(
          t("sources"),
          t("sourcesNote"),
          [...cited]
            .sort((a, b) => (a.issued < b.issued ? -1 : a.issued > b.issued ? 1 : a.index - b.index))
            .map((source) => ({
              key: source.index,
              label: [source.issued.slice(0, 4), source.title].filter(Boolean).join(" · "),
              sign: null,
              hint: [publisherText(source), source.title].filter(Boolean).join(": "),
            })),
          offFacet("sources"),
        )
      : "",
    cited.size > 1 ? atLeast(Math.min(cited.size, 9)) : "",
  );
}

/** "Only open plans": those of which no later source tells. */
function openPlans() {
  const count = make("span", { class: "count" });
  const box = make("input", {
    type: "checkbox",
    id: "open-plans",
    onchange: () => {
      state.open = box.checked;
      filtered();
    },
  });
  sections.push(() => {
    box.checked = state.open;
    count.textContent = number(view.counts.open);
  });
  return make(
    "p",
    { class: "section open-plans" },
    make("label", { title: t("openPlansNote") }, box, make("span", { class: "name" }, t("openPlans")), count),
  );
}

/** "Stated by at least n sources". */
function atLeast(most) {
  const box = make(
    "select",
    {
      onchange: () => {
        state.minSources = Number(box.value);
        filtered();
      },
    },
    Array.from({ length: most }, (_, i) => make("option", { value: String(i + 1) }, String(i + 1))),
  );
  sections.push(() => (box.value = String(state.minSources)));
  return make("p", { class: "section at-least" }, make("label", {}, make("span", {}, t("atLeast")), box));
}

const updateFilters = () => sections.forEach((update) => update());

// --- signs of the legend ------------------------------------------------------------------------------------------

function nodeSign(root) {
  return makeSvg(
    "svg",
    { class: "sign", viewBox: "-1.5 -1.5 3 3", width: 18, height: 18, "aria-hidden": "true" },
    makeSvg("path", { d: shapeOf(root), fill: shade(classStyle(root)) }),
  );
}

function lineSign(group, stroke, mark) {
  const look = group ? groupStyle(group) : { light: surface().ink, dark: surface().ink, width: 1.8, mark: "arrow" };
  const colour = shade(look);
  const sign = makeSvg("svg", { class: "sign", viewBox: "0 0 34 14", width: 34, height: 14, "aria-hidden": "true" });
  sign.append(
    makeSvg("path", {
      d: `M1 7H${mark ? 28 : 33}`,
      stroke: colour,
      "stroke-width": look.width,
      fill: "none",
      "stroke-dasharray": style.strokes[stroke].dash.join(" ") || undefined,
      "stroke-linecap": stroke === "ended" ? "round" : undefined,
    }),
  );
  if (mark) sign.append(makeSvg("path", { d: style.marks[look.mark], fill: colour, transform: "translate(33 7)" }));
  if (stroke === "denied")
    sign.append(makeSvg("path", { d: style.cross, stroke: colour, "stroke-width": 1.8, transform: "translate(17 7)" }));
  return sign;
}

const factSign = () =>
  makeSvg(
    "svg",
    { class: "sign", viewBox: "0 0 34 14", width: 34, height: 14, "aria-hidden": "true" },
    makeSvg("path", { d: "M9 3.5H25M9 7H25M9 10.5H19", stroke: surface().soft, "stroke-width": 1.4 }),
  );
