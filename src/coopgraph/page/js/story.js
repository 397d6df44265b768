// The tour: steps that tell something and select and filter what they tell of.

function stepSelection() {
  const step = data.story[state.step];
  return step ? step.select.map(selectionFromAny).filter(Boolean) : [];
}

const selectionFromAny = (name) => selectionNamed(name) || (name.includes("://") ? selectionNamed(`<${name}>`) : null);

/** Goes to a step: its filters, its selection, its text. Leaving the tour (-1) resets them. */
function goToStep(index) {
  const { view: shown, size } = state;
  const moved = openedNow ? new Map() : state.moved;
  const step = data.story[index];
  Object.assign(state, fresh(), { view: shown, size, moved, step: index }, step ? stepFilters(step) : {});
  changed(true);
  arrange();
  if (step) fit(emphasis ? [...emphasis.nodes].filter((node) => node.visible) : undefined, true, 1.1);
  if (step) announce(`${best(step.title)}. ${best(step.text)}`);
}

/** The filters of a step. */
function stepFilters(step) {
  const except = (all, kept) => new Set(kept.length ? [...all].filter((one) => !kept.includes(one)) : []);
  const named = step.fields.map((name) => termNamed.get(name)).filter(Boolean);
  return {
    ...noFilters(),
    groups: except(new Set(claims.map((claim) => claim.group)), step.groups),
    statuses: except(new Set(claims.map((claim) => claim.status)), step.statuses),
    fields: new Set(named.map((term) => term.index)),
    years: yearSpan && (step.years.length === 2 ? step.years.map((year) => clamp(year, ...yearSpan)) : [...yearSpan]),
  };
}

function showStory() {
  const tour = byId("tour");
  const step = data.story[state.step];
  tour.hidden = !step;
  if (!step) return tour.replaceChildren();
  const last = state.step === data.story.length - 1;
  const focused = tour.contains(document.activeElement);
  const next = make(
    "button",
    { type: "button", class: "solid", onclick: () => goToStep(last ? -1 : state.step + 1) },
    last ? t("finish") : t("next"),
  );
  tour.replaceChildren(
    make("p", { class: "kicker" }, t("stepOf", { i: state.step + 1, n: data.story.length })),
    make("h2", { tabIndex: -1 }, best(step.title)),
    make("p", { class: "told" }, best(step.text)),
    make(
      "div",
      { class: "steps" },
      make(
        "button",
        { type: "button", disabled: state.step === 0, onclick: () => goToStep(state.step - 1) },
        t("previous"),
      ),
      next,
      make("button", { type: "button", class: "quiet", onclick: () => goToStep(-1) }, t("leave")),
    ),
  );
  if (focused) next.focus();
}
