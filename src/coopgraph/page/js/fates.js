// What became of a plan or hope, and the way to what tells of it.

/** "came true by 26 May 2016, after 40 months", or "open for 12 years", with the claim that tells of it as a link. */
function fateText(claim) {
  const { fate } = claim;
  if (!fate) return null;
  if (fate.outcome === "open") return make("p", { class: "fate" }, make("b", {}, t("fate-open")), openText(fate.months));
  const precision = ["year", "month", "day"][fate.happened.split("-").length - 1];
  const day = fate.happened.includes("X") ? "" : `${fate.happened}-01-01`.slice(0, 10);
  const date = day ? dateText(day, precision) : fate.happened;
  return make(
    "div",
    { class: "fate" },
    make(
      "p",
      {},
      make("b", {}, t(`fate-${fate.outcome.replace(" ", "-")}`)),
      ` ${fate.bound ? t("byThen", { date }) : date}`,
      fate.months ? t("comma") + t("later", { time: durationText(fate.months) }) : "",
    ),
    fate.evidence ? evidenceLink(fate.evidence) : null,
    fate.further ? make("p", { class: "note" }, tn("furtherEvidence", fate.further)) : null,
  );
}

/** A claim as a button that opens its passage, with the document in which it stands and that document's date. */
function evidenceLink(claim) {
  const [passage] = claim.passages;
  const source = passage && passage.source;
  return make(
    "p",
    { class: "evidence" },
    make("button", { type: "button", class: "link", onclick: () => openEvidence(claim) }, sentence(claim)),
    source ? ` (${[isolate(source.title), dateText(source.issued, source.precision)].filter(Boolean).join(t("comma"))})` : "",
  );
}

/** Opens a claim where it stands, without the filters where they would hide it. */
function openEvidence(claim) {
  if (failures(claim) || state.near) {
    Object.assign(state, noFilters(), { near: null });
    filtered();
    arrange();
  }
  openClaim(claim);
}

const durationText = (months) => (months < 24 ? tn("months", months) : tn("yearsLong", Math.floor(months / 12)));
const openText = (months) => (months ? t("comma") + t("openFor", { time: durationText(months) }) : "");
