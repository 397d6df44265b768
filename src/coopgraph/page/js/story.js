// The tour: steps that tell something and select and filter what they tell of.

function stepSelection() {
  const step = data.story[state.step];
  return step ? step.select.map(selectionFromAny).filter(Boolean) : [];
}

const selectionFromAny = (name) => selectionNamed(name) || (name.includes("://") ? selectionNamed(`<${name}>`) : null);

/** Goes to a step: its filters, its selection, its text. Leaving the tour (-1) resets them. */
function goToStep(index) {
  const { table } = state;
  Object.assign(state, fresh(), { table, step: index });
  const step = data.story[index];
  if (step) applyStep(step);
  changed(true);
  fit(emphasis ? [...emphasis.nodes].filter((node) => node.visible) : undefined, true, 1.1);
  if (step) announce(`${best(step.title)}. ${best(step.text)}`);
}

function applyStep(step) {
  const except = (all, kept) => new Set(kept.length ? [...all].filter((one) => !kept.includes(one)) : []);
  state.groups = except(new Set(claims.map((claim) => claim.group)), step.groups);
  state.statuses = except(new Set(claims.map((claim) => claim.status)), step.statuses);
  state.fields = new Set(
    step.fields
      .map((name) => termNamed.get(name))
      .filter(Boolean)
      .map((term) => term.index),
  );
  if (step.years.length === 2 && yearSpan) state.years = step.years.map((year) => clamp(year, ...yearSpan));
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
