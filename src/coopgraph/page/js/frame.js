// What stands around the picture: head, tools, chips and foot.

function showSummary() {
  const all = claims.filter((claim) => claim.link).length;
  const counts =
    view.links === all
      ? t("summaryAll", { nodes: number(view.nodes), links: number(all) })
      : t("summarySome", { nodes: number(view.nodes), links: number(view.links), all: number(all) });
  byId("summary").replaceChildren(make("span", {}, counts), make("span", { class: "more" }, ` · ${sourceShort()}`));
  const nothing = byId("nothing");
  nothing.hidden = view.nodes > 0;
  nothing.replaceChildren(
    claims.length ? t("nothingLeft") : t("emptyGraph"),
    " ",
    claims.length ? make("button", { type: "button", class: "solid", onclick: resetFilters }, t("reset")) : "",
  );
}

function sourceShort() {
  const cited = [...new Set(claims.flatMap((claim) => claim.sources))];
  if (cited.length === 1)
    return (
      [publisherText(cited[0]), dateText(cited[0].issued, cited[0].precision)].filter(Boolean).join(", ") ||
      cited[0].title
    );
  return tn("sourcesCount", cited.length);
}

/** What narrows the picture beyond the legend, each to be taken back. */
function showChips() {
  const chips = [];
  const add = (text, back) =>
    chips.push(
      make(
        "button",
        { type: "button", class: "chip", onclick: back, ariaLabel: `${text}: ${t("takeBack")}` },
        text,
        make("span", { ariaHidden: "true" }, " ×"),
      ),
    );
  if (state.near)
    add(t("nearChip", { name: labelOf(state.near.node.term), n: state.near.depth }), () => chooseNear(null));
  if (state.picking)
    add(t("pickOther", { name: labelOf(state.picking.term) }), () => {
      state.picking = null;
      showChips();
    });
  if (state.path)
    add(t("pathChip", { from: labelOf(state.path.from.term), to: labelOf(state.path.to.term) }), clearSelection);
  if (anyFilter() && state.step < 0)
    chips.push(
      make(
        "button",
        {
          type: "button",
          class: "chip",
          onclick: () => {
            resetFilters();
            fit();
          },
        },
        t("reset"),
      ),
    );
  byId("chips").replaceChildren(...chips);
}

const tool = (text, action, properties = {}) =>
  make("button", { type: "button", onclick: action, ...properties }, text);

function buildTools() {
  const table = tool(
    "",
    () => {
      state.table = !state.table;
      buildTools();
      changed();
      byId("as-table").focus();
    },
    { id: "as-table" },
  );
  table.textContent = state.table ? t("asPicture") : t("asTable");
  const tongues = make(
    "select",
    { id: "tongue", ariaLabel: t("language"), onchange: (event) => speak(event.target.value) },
    languages.map((tag) => make("option", { value: tag, selected: tag === language, lang: tag }, texts[tag].name)),
  );
  byId("tools").replaceChildren(
    tool(t("filters"), () => toggleRail(), {
      class: "rail-toggle",
      ariaExpanded: String(document.body.classList.contains("with-rail")),
      id: "rail-toggle",
    }),
    data.story.length ? tool(t("story"), () => goToStep(0), { id: "start-story", class: "solid" }) : "",
    table,
    saveMenu(),
    tool(dark ? t("light") : t("dark"), () => paintTheme(!dark), { id: "theme" }),
    tongues,
  );
}

function saveMenu() {
  const menu = make(
    "details",
    { class: "menu", id: "save" },
    make("summary", {}, t("save")),
    make(
      "div",
      { class: "items" },
      [
        ["PNG", savePng],
        ["SVG", saveSvg],
        ["CSV", saveCsv],
      ].map(([name, action]) =>
        tool(
          t(`save${name}`),
          () => {
            menu.open = false;
            action();
          },
          { class: "item" },
        ),
      ),
    ),
  );
  menu.addEventListener("focusout", (event) => !menu.contains(event.relatedTarget) && (menu.open = false));
  return menu;
}

/** A click elsewhere or Escape closes what has been opened over the page. */
function closeByLeaving() {
  const opened = () => [byId("save"), byId("about")].filter((details) => details && details.open);
  document.addEventListener("pointerdown", (event) =>
    opened().forEach((details) => details.contains(event.target) || (details.open = false)),
  );
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const details of opened()) {
      details.open = false;
      details.querySelector("summary").focus();
      event.stopImmediatePropagation();
    }
  });
}

function toggleRail(open = !document.body.classList.contains("with-rail")) {
  document.body.classList.toggle("with-rail", open);
  byId("rail-toggle").ariaExpanded = String(open);
  (open ? byId("rail").querySelector("input, button") : byId("rail-toggle")).focus();
}

function buildZoom() {
  byId("zoom").replaceChildren(
    tool("+", () => zoomBy(1.3), { ariaLabel: t("zoomIn"), title: t("zoomIn") }),
    tool("−", () => zoomBy(1 / 1.3), { ariaLabel: t("zoomOut"), title: t("zoomOut") }),
    tool("⤢", () => fit(), { ariaLabel: t("fit"), title: t("fit") }),
  );
}

function buildImprint() {
  const cited = [...new Set(claims.flatMap((claim) => claim.sources))];
  const list = cited.map((source) =>
    make(
      "li",
      {},
      webLink(source.page, source.title),
      [publisherText(source), dateText(source.issued, source.precision)].filter(Boolean).map((text) => ` · ${text}`),
    ),
  );
  const dates = cited
    .map((source) => source.issued)
    .filter(Boolean)
    .sort();
  byId("imprint").replaceChildren(
    make(
      "details",
      { id: "about" },
      make("summary", {}, t("about")),
      make(
        "div",
        { class: "about" },
        data.description ? make("p", {}, data.description) : null,
        make("p", {}, t("shows")),
        make("p", {}, t("showsNot")),
        make(
          "p",
          {},
          t("hopes", {
            hoped: number(claims.filter((claim) => kindOf(claim.status) === "hoped").length),
            all: number(claims.length),
          }),
        ),
        make("h3", {}, t("sources")),
        make("ul", {}, list),
        make("p", {}, dates.length ? t("dataDate", { date: dateText(dates.at(-1), "month") }) : ""),
        make("p", {}, t("keys")),
      ),
    ),
    make("span", { class: "source-line" }, sourceLine(claims)),
    data.license ? make("span", {}, `${t("licence")}: `, webLink(data.license, licenceName())) : "",
  );
}
