// A claim as a card: in words, with status, speaker, passage and source, and as Turtle and SPARQL to copy.

function claimCard(claim, current) {
  const when = timeText(claim);
  return make(
    "div",
    { class: `claim ${kindOf(claim.status)}${current ? " current" : ""}` },
    make("p", { class: "sentence" }, sentence(claim)),
    make(
      "p",
      { class: "chips" },
      chip(statusLabel(claim.status), `status ${kindOf(claim.status)}`),
      claim.change ? chip(labelOf(claim.change)) : null,
      when ? chip(when) : null,
      claim.due ? chip(t("dueBy", { date: dateText(claim.due, claim.duePrecision) })) : null,
      claim.fields.map((field) => chip(labelOf(field), "field")),
      agreement(claim),
    ),
    speakerLine(claim),
    noteLine(claim),
    claim.passages.map(passageQuote),
    fateText(claim),
    technical(claim),
  );
}

/** Whether others say the same, or its contrary. */
function agreement(claim) {
  const count = independentSources(claim);
  const statuses = new Set(claim.same.map((same) => same.status));
  return [
    count > 1 ? chip(t("bySources", { n: count })) : null,
    statuses.size > 1 && statuses.has("denied") ? chip(t("disputed"), "warn") : null,
  ];
}

function speakerLine(claim) {
  if (!claim.speakers.length && !claim.occasions.length && !claim.relayers.length) return null;
  const people = (list) => list.flatMap((term, i) => [i ? ", " : "", nodeLink(term)]);
  return make(
    "p",
    { class: "speaker" },
    claim.speakers.length ? [t("statedBy"), " ", people(claim.speakers)] : null,
    claim.occasions.length ? [" ", t("statedAt"), " ", people(claim.occasions)] : null,
    claim.relayers.length ? [" · ", t("relayedBy"), " ", people(claim.relayers)] : null,
  );
}

/** That a source only reports what another says, and how it calls the things. */
function noteLine({ reported, called }) {
  const notes = [reported ? t("reported") : "", called.length ? t("called", { names: called.map(isolate).join(t("comma")) }) : ""];
  return reported || called.length ? make("p", { class: "note" }, notes.filter(Boolean).join(" · ")) : null;
}

function passageQuote(passage) {
  const { source } = passage;
  const text = passage.quotation
    ? make("blockquote", { class: "quotation" }, passage.quotation)
    : passage.gist
      ? make("blockquote", { lang: bestTag(passage.gist) || null }, best(passage.gist))
      : null;
  if (text && text.textContent.length > 700) {
    text.classList.add("long");
    text.tabIndex = 0; // it scrolls, so the keyboard must reach it
  }
  const place = [
    passage.paragraph ? t("paragraph", { n: passage.paragraph }) : "",
    source ? publisherText(source) : "",
    source ? dateText(source.issued, source.precision) : "",
  ]
    .filter(Boolean)
    .join(" · ");
  return make(
    "div",
    { class: "passage" },
    text,
    make(
      "p",
      { class: "cite" },
      source ? make("cite", {}, webLink(source.page, source.title)) : t("unknownSource"),
      place ? make("span", {}, ` · ${place}`) : null,
    ),
  );
}

/** IRI, Turtle and SPARQL, written out when they are asked for. */
function technical(claim) {
  const parts = [
    ["IRI", t("copyIri"), () => expandName(claim.name)],
    ["Turtle", t("copyTurtle"), () => turtleOf(claim)],
    ["SPARQL", t("copySparql"), () => sparqlOf(claim)],
  ];
  const details = make(
    "details",
    {
      class: "technical",
      ontoggle: () => {
        if (!details.open || details.childElementCount > 1) return;
        for (const [name, copy, content] of parts)
          details.append(make("h4", {}, name, copyButton(copy, content)), make("pre", { tabIndex: 0 }, content()));
        if (location.protocol !== "about:") details.append(copyButton(t("copyLink"), () => linkTo(claim))); // a notebook's frame has no address
      },
    },
    make("summary", {}, t("technical")),
  );
  return details;
}

const linkTo = (claim) =>
  `${location.href.replace(/#.*$/, "")}#sel=${encodeURIComponent(claim.name).replaceAll("%3A", ":")}`;

function copyButton(text, content) {
  const button = make(
    "button",
    {
      type: "button",
      class: "quiet copy",
      onclick: async () => {
        const copied = await copyText(content());
        button.textContent = copied ? t("copied") : t("notCopied");
        announce(button.textContent);
        setTimeout(() => (button.textContent = text), 1500);
      },
    },
    text,
  );
  return button;
}

/** Copies by the clipboard where the page may, else (file:, iframe) by a selected text field. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = make("textarea", { value: text, class: "unseen", ariaHidden: "true" });
    const before = document.activeElement;
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    if (before) before.focus();
    return copied;
  }
}
