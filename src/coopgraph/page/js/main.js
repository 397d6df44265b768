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
  announce(
    what.node
      ? `${labelOf(what.node.term)}, ${tn("links", linkCount(what.node))}. ${t("panelOpen")}`
      : `${sentence(what.claim || what.line.claims[0])}. ${t("panelOpen")}`,
  );
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

// --- language and theme ---------------------------------------------------------------------------------------------

function speak(tag) {
  language = tag;
  rowsCache.clear();
  slotOf.clear();
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
  for (const element of document.querySelectorAll("[data-label]"))
    element.setAttribute("aria-label", t(element.dataset.label));
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

/** Takes over an address that the reader typed or followed, not one that the page itself wrote. */
function followAddress() {
  if (location.hash === toAddress()) return;
  fromAddress(location.hash);
  build();
  if (state.step >= 0) return goToStep(state.step);
  changed();
  fit();
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
  else if (state.selection)
    reveal(state.selection.node ? [state.selection.node] : [state.selection.line.a, state.selection.line.b]);
  window.addEventListener("hashchange", followAddress);
  document.addEventListener(
    "keydown",
    (event) =>
      event.key === "Escape" &&
      (state.selection || state.path) &&
      !byId("found").contains(event.target) &&
      event.target !== byId("search") &&
      clearSelection(),
  );
  redraw();
  document.documentElement.dataset.ready = "yes";
}

start();
