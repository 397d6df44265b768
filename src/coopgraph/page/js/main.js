// Putting it together: what happens when something is chosen, and the start.

function announce(text) {
  byId("announcer").textContent = text;
}

/** After a change of filters: judge every claim anew and show what is left. */
function changed(keepView = false) {
  evaluate();
  if (state.path) refreshPath();
  emphasise();
  redraw();
  updateFilters();
  updateYears();
  showTable();
  showPanel();
  showStory();
  showSummary();
  showChips();
  writeAddress();
  if (!keepView) announce(t("shownNow", { nodes: number(view.nodes), links: number(view.links) }));
}

function refreshPath() {
  state.path.lines = shortestPath(state.path.from, state.path.to) || [];
}

function select(what, takeFocus = false) {
  if (state.picking && what && what.node && what.node !== state.picking) return findPath(state.picking, what.node);
  state.selection = what;
  state.path = null;
  hovered = null;
  byId("tip").hidden = true;
  if (what && what.node) cursor = what.node;
  emphasise();
  showPanel(takeFocus);
  redraw();
  showChips();
  writeAddress();
  if (!what) return;
  if (!state.table) reveal(what.node ? [what.node] : [what.line.a, what.line.b]);
  announce(what.node ? `${labelOf(what.node.term)}, ${tn("links", linkCount(what.node))}. ${t("panelOpen")}` : `${sentence(what.claim || what.line.claims[0])}. ${t("panelOpen")}`);
}

function clearSelection() {
  const inside = byId("panel").contains(document.activeElement);
  cursor = state.picking = null;
  select(null);
  if (inside) (state.table ? byId("search") : holder).focus();
}

function chooseNear(node, depth = 1) {
  state.near = node ? { node, depth } : null;
  changed();
  fit();
}

/** Waits for the other end of a path, to be chosen by click, by search or by keyboard. */
function pickPath(from) {
  state.picking = from;
  showChips();
  announce(t("pickOther", { name: labelOf(from.term) }));
  byId("search").value = "";
  byId("search").focus();
}

function findPath(from, to) {
  state.selection = state.picking = null;
  state.path = { from, to, lines: [] };
  changed();
  reveal([from, to, ...state.path.lines.flatMap((line) => [line.a, line.b])]);
  byId("panel").querySelector("h2").focus();
}

function resetFilters() {
  const { table, selection } = state;
  Object.assign(state, fresh(), { table, selection });
  changed();
}

// --- head, foot and tools -------------------------------------------------------------------------------------------

function showSummary() {
  const all = claims.filter((claim) => claim.link).length;
  const counts = view.links === all ? t("summaryAll", { nodes: number(view.nodes), links: number(all) }) : t("summarySome", { nodes: number(view.nodes), links: number(view.links), all: number(all) });
  byId("summary").replaceChildren(make("span", {}, counts), make("span", { class: "more" }, ` · ${sourceShort()}`));
  const nothing = byId("nothing");
  nothing.hidden = view.nodes > 0;
  nothing.replaceChildren(claims.length ? t("nothingLeft") : t("emptyGraph"), " ", claims.length ? make("button", { type: "button", class: "solid", onclick: resetFilters }, t("reset")) : "");
}

function sourceShort() {
  const cited = [...new Set(claims.flatMap((claim) => claim.sources))];
  if (cited.length === 1) return [publisherText(cited[0]), dateText(cited[0].issued, cited[0].precision)].filter(Boolean).join(", ") || cited[0].title;
  return tn("sourcesCount", cited.length);
}

/** What narrows the picture beyond the legend, each to be taken back. */
function showChips() {
  const chips = [];
  const add = (text, back) => chips.push(make("button", { type: "button", class: "chip", onclick: back, ariaLabel: `${text}: ${t("takeBack")}` }, text, make("span", { ariaHidden: "true" }, " ×")));
  if (state.near) add(t("nearChip", { name: labelOf(state.near.node.term), n: state.near.depth }), () => chooseNear(null));
  if (state.picking) add(t("pickOther", { name: labelOf(state.picking.term) }), () => { state.picking = null; showChips(); });
  if (state.path) add(t("pathChip", { from: labelOf(state.path.from.term), to: labelOf(state.path.to.term) }), clearSelection);
  if (anyFilter() && state.step < 0) chips.push(make("button", { type: "button", class: "chip", onclick: () => { resetFilters(); fit(); } }, t("reset")));
  byId("chips").replaceChildren(...chips);
}

const tool = (text, action, properties = {}) => make("button", { type: "button", onclick: action, ...properties }, text);

function buildTools() {
  const table = tool("", () => { state.table = !state.table; buildTools(); changed(); byId("as-table").focus(); }, { id: "as-table" });
  table.textContent = state.table ? t("asPicture") : t("asTable");
  const tongues = make("select", { id: "tongue", ariaLabel: t("language"), onchange: (event) => speak(event.target.value) }, languages.map((tag) => make("option", { value: tag, selected: tag === language, lang: tag }, texts[tag].name)));
  byId("tools").replaceChildren(
    tool(t("filters"), () => toggleRail(), { class: "rail-toggle", ariaExpanded: String(document.body.classList.contains("with-rail")), id: "rail-toggle" }),
    data.story.length ? tool(t("story"), () => goToStep(0), { id: "start-story", class: "solid" }) : "",
    table, saveMenu(),
    tool(dark ? t("light") : t("dark"), () => paintTheme(!dark), { id: "theme" }), tongues,
  );
}

function saveMenu() {
  const menu = make("details", { class: "menu", id: "save" }, make("summary", {}, t("save")), make("div", { class: "items" }, [["PNG", savePng], ["SVG", saveSvg], ["CSV", saveCsv]].map(([name, action]) => tool(t(`save${name}`), () => { menu.open = false; action(); }, { class: "item" }))));
  menu.addEventListener("focusout", (event) => !menu.contains(event.relatedTarget) && (menu.open = false));
  return menu;
}

/** A click elsewhere or Escape closes what has been opened over the page. */
function closeByLeaving() {
  const opened = () => [byId("save"), byId("about")].filter((details) => details && details.open);
  document.addEventListener("pointerdown", (event) => opened().forEach((details) => details.contains(event.target) || (details.open = false)));
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
  byId("zoom").replaceChildren(tool("+", () => zoomBy(1.3), { ariaLabel: t("zoomIn"), title: t("zoomIn") }), tool("−", () => zoomBy(1 / 1.3), { ariaLabel: t("zoomOut"), title: t("zoomOut") }), tool("⤢", () => fit(), { ariaLabel: t("fit"), title: t("fit") }));
}

function buildImprint() {
  const cited = [...new Set(claims.flatMap((claim) => claim.sources))];
  const list = cited.map((source) => make("li", {}, webLink(source.page, source.title), [publisherText(source), dateText(source.issued, source.precision)].filter(Boolean).map((text) => ` · ${text}`)));
  const dates = cited.map((source) => source.issued).filter(Boolean).sort();
  byId("imprint").replaceChildren(
    make("details", { id: "about" }, make("summary", {}, t("about")),
      make("div", { class: "about" },
        data.description ? make("p", {}, data.description) : null,
        make("p", {}, t("shows")), make("p", {}, t("showsNot")),
        make("p", {}, t("hopes", { hoped: number(claims.filter((claim) => kindOf(claim.status) === "hoped").length), all: number(claims.length) })),
        make("h3", {}, t("sources")), make("ul", {}, list),
        make("p", {}, dates.length ? t("dataDate", { date: dateText(dates.at(-1), "month") }) : ""), make("p", {}, t("keys")))),
    make("span", { class: "source-line" }, sourceLine(claims)),
    data.license ? make("span", {}, `${t("licence")}: `, webLink(data.license, licenceName())) : "",
  );
}

// --- language and theme ---------------------------------------------------------------------------------------------

function speak(tag) {
  language = tag;
  rowsCache.clear();
  widthCache.clear();
  build();
  changed();
  byId("tongue").focus();
}

function paintTheme(toDark) {
  dark = toDark;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  buildTools();
  buildFilters();
  buildYears();
  changed(true);
}

function build() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  byId("search").placeholder = t("searchHint");
  if (network) holder.setAttribute("aria-label", t("pictureOf", { title: data.title }));
  byId("message").textContent = data.message;
  byId("message").hidden = !data.message;
  buildTools();
  buildFilters();
  buildYears();
  buildZoom();
  buildImprint();
}

function start() {
  const wish = window.matchMedia("(prefers-color-scheme: dark)");
  dark = wish.matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  wish.addEventListener("change", (event) => paintTheme(event.matches));
  fromAddress(location.hash);
  build();
  try {
    startCanvas();
  } catch (error) {
    state.table = true; // no canvas: the table says the same
    console.warn(error);
  }
  startSearch();
  closeByLeaving();
  state.step >= 0 ? goToStep(state.step) : changed(true);
  painting = true;
  if (state.step < 0) firstView();
  else fit(emphasis ? [...emphasis.nodes].filter((node) => node.visible) : undefined, false, 1.1);
  if (state.path) reveal([state.path.from, state.path.to]);
  else if (state.selection) reveal(state.selection.node ? [state.selection.node] : [state.selection.line.a, state.selection.line.b]);
  window.addEventListener("hashchange", () => { if (location.hash !== toAddress()) { fromAddress(location.hash); build(); changed(); fit(); } });
  document.addEventListener("keydown", (event) => event.key === "Escape" && (state.selection || state.path) && !byId("found").contains(event.target) && event.target !== byId("search") && clearSelection());
  redraw();
  document.documentElement.dataset.ready = "yes";
}

start();
