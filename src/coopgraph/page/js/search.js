// Search first: any name in any script, by keyboard alone.

const searchIndex = [...nodes].map((node) => ({
  node,
  names: [
    ...new Set([...Object.values(node.term.labels), ...node.term.alts, lastPart(node.term.name).replaceAll("-", " ")]),
  ].map((name) => ({ name, folded: fold(name) })),
}));

/** Entities whose names hold all words, best first: whole names, then beginnings, then important ones. */
function find(query) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const whole = words.join(" ");
  const hits = [];
  for (const { node, names } of searchIndex) {
    let grade = 0;
    let match = "";
    for (const { name, folded } of names) {
      const own =
        folded === whole
          ? 4
          : folded.startsWith(whole)
            ? 3
            : words.every((word) => folded.includes(word))
              ? words.every((word) => folded.split(/[\s\-(（]+/).some((part) => part.startsWith(word)))
                ? 2
                : 1
              : 0;
      if (own > grade) [grade, match] = [own, name];
    }
    if (grade) hits.push({ node, grade, match });
  }
  return hits
    .sort((a, b) => b.grade - a.grade || Number(b.node.visible) - Number(a.node.visible) || a.node.rank - b.node.rank)
    .slice(0, 12);
}

let hits = [];
let active = -1;

function startSearch() {
  const field = byId("search");
  field.addEventListener("input", () => showHits(find(field.value)));
  field.addEventListener("focus", () => field.value && showHits(find(field.value)));
  field.addEventListener("blur", () => setTimeout(() => document.activeElement === field || showHits([]), 150));
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") mark(active + 1);
    else if (event.key === "ArrowUp") mark(active - 1);
    else if (event.key === "Enter") hits.length && take(hits[Math.max(active, 0)]);
    else if (event.key === "Escape") {
      field.value = "";
      showHits([]);
    } else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      field.focus();
    }
  });
}

function showHits(matches) {
  const list = byId("found");
  const field = byId("search");
  hits = matches;
  active = -1;
  const nothing = !hits.length && field.value.trim() && document.activeElement === field;
  list.hidden = !hits.length && !nothing;
  field.setAttribute("aria-expanded", String(!list.hidden));
  field.removeAttribute("aria-activedescendant");
  list.replaceChildren(
    ...(nothing
      ? [
          make(
            "li",
            { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" },
            t("nothingFound"),
          ),
        ]
      : hits.map(hitRow)),
  );
  if (field.value.trim() && document.activeElement === field) announce(tn("hits", hits.length));
}

function hitRow(hit, i) {
  const { node, match } = hit;
  const name = labelOf(node.term);
  return make(
    "li",
    {
      id: `hit-${i}`,
      role: "option",
      "aria-selected": "false",
      onmousedown: (event) => {
        event.preventDefault();
        take(hit);
      },
    },
    nodeSign(node.term.root),
    make("span", { class: "name" }, name, match !== name ? make("span", { class: "match" }, ` ${match}`) : null),
    make("span", { class: "count" }, node.visible ? tn("links", linkCount(node)) : t("filteredOut")),
  );
}

function mark(next) {
  if (!hits.length) return;
  active = (next + hits.length) % hits.length;
  const field = byId("search");
  [...byId("found").children].forEach((row, i) => row.setAttribute("aria-selected", String(i === active)));
  field.setAttribute("aria-activedescendant", `hit-${active}`);
  byId(`hit-${active}`).scrollIntoView({ block: "nearest" });
}

/** Takes a hit: shows it even where a filter hid it, and moves the focus to its evidence. */
function take({ node }) {
  byId("search").value = labelOf(node.term);
  showHits([]);
  if (!node.visible) resetFilters();
  if (!node.visible && state.path) select(null);
  select({ node }, true);
  announce(`${labelOf(node.term)}, ${tn("links", linkCount(node))}`);
}
