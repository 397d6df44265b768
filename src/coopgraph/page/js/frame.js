// What stands around the picture: head, tools, chips and foot.

function showSummary() {
  const all = allLinks.length;
  const shown = tn("entitiesShown", view.nodes);
  const counts =
    view.links === all
      ? t("summary", { nodes: shown, links: tn("links", all) })
      : t("summary", { nodes: shown, links: tn("linksOf", all, { some: number(view.links) }) });
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

/** Whether a dense graph is shown as it opens, with cooperation alone. */
const onlyCooperation = () =>
  state.step < 0 && dense && JSON.stringify([...state.groups]) === JSON.stringify([...hiddenAtFirst()]);

/** Tells what an address named and the graph does not hold, beside what the page itself has to tell. */
function showUnknown() {
  const [drawn, all] = (data.part || []).map(number);
  const messages = [data.message, all ? t("drawnPart", { drawn, all }) : "", unknownNames.length ? t("unknownNames", { names: unknownNames.map(isolate).join(", ") }) : ""];
  byId("message").textContent = messages.filter(Boolean).join(" ");
  byId("message").hidden = !messages.some(Boolean);
}

/** What narrows the picture beyond the legend, each to be taken back. */
function showChips() {
  const chips = [];
  const add = (text, back, whither = "") =>
    chips.push(
      make(
        "button",
        { type: "button", class: "chip", onclick: back, ariaLabel: `${text}: ${t("takeBack")}` },
        text,
        whither ? make("strong", { class: "whither" }, whither) : make("span", { ariaHidden: "true" }, " ×"),
      ),
    );
  if (state.near)
    add(tn("nearChip", state.near.depth, { name: isolate(labelOf(state.near.node.term)) }), () => chooseNear(null), t("backToMap"));
  if (state.picking)
    add(t("pickOther", { name: isolate(labelOf(state.picking.term)) }), () => {
      state.picking = null;
      showChips();
    });
  if (state.path)
    add(
      t("pathChip", { from: isolate(labelOf(state.path.from.term)), to: isolate(labelOf(state.path.to.term)) }),
      clearSelection,
      t("backToMap"),
    );
  if (state.moved.size && !state.near && !state.path)
    add(tn("movedChip", state.moved.size), () => {
      state.moved.clear();
      changed(true);
      arrange();
    });
  if (onlyCooperation())
    chips.push(
      make("button", { type: "button", class: "chip", onclick: resetFilters }, tn("denseChip", allLinks.length)),
    );
  else if (anyFilter() && state.step < 0)
    chips.push(
      make(
        "button",
        {
          type: "button",
          class: "chip",
          onclick: resetFilters,
        },
        t("reset"),
      ),
    );
  byId("chips").replaceChildren(...chips);
}

const tool = (text, action, properties = {}) =>
  make("button", { type: "button", onclick: action, ...properties }, text);

function buildTools() {
  const table = tool(state.view === "map" ? t("asTable") : t("asPicture"), () => chooseView(state.view === "map" ? "table" : "map"), {
    id: "as-table",
  });
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
    viewMenu(),
    saveMenu(),
    tongues,
  );
}

function chooseView(name) {
  state.view = name;
  buildTools();
  changed();
  byId("as-table").focus();
}

/** Other views of the same links, what the size of a sign tells, and dark or light. */
function viewMenu() {
  const views = VIEWS.map((name) => [t(`view-${name}`), () => chooseView(name), state.view === name]);
  const sizes = SIZES.map((name) => [t(`size-${name}`), () => chooseSize(name), state.size === name]);
  const colours = [false, true].map((toDark) => [t(toDark ? "dark" : "light"), () => paintTheme(toDark), dark === toDark]);
  return menu("views", t("views"), [...views, [t("sizes")], ...sizes, [t("colours")], ...colours]);
}

function saveMenu() {
  const copy = (text) => async () => announce((await copyText(text())) ? t("copied") : t("notCopied"));
  const noAddress = location.protocol === "about:"; // a notebook's frame has none
  return menu("save", t("save"), [
    [t("savePNG"), savePng],
    [t("saveSVG"), saveSvg],
    [t("saveCSV"), saveCsv],
    [t("saveGEXF"), saveGexf],
    ...(noAddress ? [] : [[t("copyView"), copy(() => location.href)], [t("copyEmbed"), copy(embedCode)]]),
  ]);
}

/** A menu of actions; a row without action is a heading, one with a third member is chosen or not. */
function menu(id, title, rows) {
  const opened = make(
    "details",
    { class: "menu", id },
    make("summary", {}, title),
    make(
      "div",
      { class: "items" },
      rows.map(([text, action, chosen]) =>
        action
          ? tool(
              text,
              () => {
                opened.open = false;
                byId(id).querySelector("summary").focus();
                action();
                if (document.activeElement === document.body) byId(id).querySelector("summary").focus();
              },
              { class: "item", ariaPressed: chosen === undefined ? null : String(chosen) },
            )
          : make("p", { class: "note" }, text),
      ),
    ),
  );
  opened.addEventListener("focusout", (event) => !opened.contains(event.relatedTarget) && (opened.open = false));
  return opened;
}

/** A click elsewhere or Escape closes what has been opened over the page. */
function closeByLeaving() {
  const opened = () => [byId("save"), byId("views"), byId("about")].filter((details) => details && details.open);
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
        data.description ? make("p", {}, best(data.descriptions, data.description)) : null,
        make("p", {}, t("shows")),
        make("p", {}, t("showsNot")),
        make(
          "p",
          {},
          tn("hopes", claims.filter((claim) => kindOf(claim.status) === "hoped").length, { all: number(claims.length) }),
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
