// Putting it together: what happens when something is chosen, and the start.

let embedded = false; // whether the page stands in a frame of another, without head, filters and foot

const titleText = () => best(data.titles, data.title);

function announce(text) {
  byId("announcer").textContent = text;
}

/** After a change of filters: judge every claim anew and show what is left. */
function changed(quiet = false) {
  evaluate();
  sizeSigns();
  emphasise();
  redraw();
  updateFilters();
  updateYears();
  showView();
  showPanel();
  showStory();
  showSummary();
  showChips();
  showUnknown();
  showKey();
  writeAddress();
  if (!quiet) announce(shownText());
}

/** After a filter: the same, and the picture fitted again unless the reader has moved it. */
function filtered() {
  const elsewhere = asOpened() !== openedNow;
  if (elsewhere) state.moved.clear(); // they stood on another map
  changed();
  if (state.path || elsewhere) return arrange();
  if (!panned && !state.selection && state.step < 0) refit();
}

const shownText = () => t("shownNow", { nodes: tn("entitiesShown", view.nodes), links: tn("links", view.links) });

function select(what, takeFocus = false) {
  if (state.picking && what && what.node && what.node !== state.picking) return findPath(state.picking, what.node);
  const leaving = state.path !== null;
  const was = state.selection;
  state.selection = what;
  state.path = null;
  hovered = null;
  byId("tip").hidden = true;
  if (what && what.node) cursor = what.node;
  if (leaving) {
    changed(true);
    arrange();
  }
  emphasise();
  showPanel(takeFocus);
  markChosen();
  redraw();
  showChips();
  showKey();
  writeAddress();
  if (!what) return panned || leaving || state.step >= 0 || !was ? undefined : fit();
  showChosen();
  announce(
    what.node
      ? `${labelOf(what.node.term)}, ${tn("links", linkCount(what.node))}. ${t("panelOpen")}`
      : `${sentence(what.claim || what.line.claims[0])}. ${t("panelOpen")}`,
  );
}

/** Brings into view what is selected. */
function showChosen() {
  const { selection } = state;
  if (!selection || state.view !== "map") return;
  reveal(
    selection.node ? [selection.node] : [selection.line.a, selection.line.b],
    emphasis ? [...emphasis.nodes].filter((node) => node.visible) : undefined,
  );
}

function clearSelection() {
  const inside = byId("panel").contains(document.activeElement);
  cursor = state.picking = null;
  select(null);
  if (inside) (state.view === "map" ? holder : byId("search")).focus();
}

function chooseNear(node, depth = 1) {
  state.near = node ? { node, depth } : null;
  if (node) state.path = null;
  changed();
  arrange();
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
  state.selection = state.picking = state.near = null;
  state.path = { from, to, lines: [] };
  changed();
  arrange();
  byId("panel").querySelector("h2").focus();
}

function resetFilters() {
  const near = state.near;
  Object.assign(state, noFilters(), { near: null });
  near ? (changed(), arrange()) : filtered();
}

// --- language and theme ---------------------------------------------------------------------------------------------

function speak(tag) {
  language = tag;
  rowsCache.clear();
  widthCache.clear();
  resetSlots();
  build();
  changed();
  if (!panned) fit(undefined, false);
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
  document.title = titleText();
  byId("title").textContent = titleText();
  document.body.classList.toggle("embed", embedded);
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]"))
    element.setAttribute("aria-label", t(element.dataset.label));
  byId("search").placeholder = t("searchHint");
  if (network) holder.setAttribute("aria-label", t("pictureOf", { title: titleText() }));
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
  showUnknown();
  takeHome();
  for (const node of nodes) Object.assign(node, node.home);
  try {
    startCanvas();
  } catch (error) {
    state.view = "table"; // no canvas: the table says the same
    console.warn(error);
  }
  startSearch();
  for (const [skip, target] of [["skip", "canvas"], ["skip-search", "search"]])
    byId(skip).addEventListener("click", (event) => {
      event.preventDefault(); // the address tells what is shown, and nothing else
      byId(state.view !== "map" && target === "canvas" ? "as-table" : target).focus();
    });
  closeByLeaving();
  changed(true);
  painting = true;
  arrange(false);
  firstView();
  window.addEventListener("popstate", followAddress);
  window.addEventListener("hashchange", followAddress);
  document.addEventListener("keydown", onPageKey);
  redraw();
  document.documentElement.dataset.ready = "yes";
}

/** Escape takes back one thing at a time; arrows turn the pages of the story. */
function onPageKey(event) {
  if (event.defaultPrevented || event.target === byId("search") || byId("found").contains(event.target)) return;
  if (event.key === "Escape") {
    if (state.selection || state.path || state.picking) clearSelection();
    else if (state.near) chooseNear(null);
    else if (state.step >= 0) goToStep(-1);
  }
  const turn = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (turn && byId("tour").contains(event.target) && data.story[state.step + turn]) {
    event.preventDefault();
    goToStep(state.step + turn);
  }
}

start();
