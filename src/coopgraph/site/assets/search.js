// The search of a site of files: names and gists out of one index, loaded when something is looked for.
import { called, element, first, isolated, json, textsOf, told } from "./answer.js";

const form = document.getElementById("ask");
const field = form.elements.q;
const section = document.getElementById("answer");
const texts = textsOf(section);
const { root, language } = form.dataset;
const ending = language === "en" ? ".html" : `.${language}.html`;
const MOST = 50;

const fold = (text) =>
  text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "").replace(/\s+/g, " ").trim().normalize("NFC");

function ranked(entries, wanted) {
  const hits = [];
  for (const [stem, , names, shown] of entries) {
    let best = null;
    for (const name of names) {
      const folded = fold(name);
      const place = folded === wanted ? 0 : folded.startsWith(wanted) ? 1 : folded.includes(wanted) ? 2 : -1;
      if (place >= 0 && (!best || place < best.place)) best = { place, name, folded };
    }
    if (best) hits.push({ ...best, stem, label: called(names, shown) });
  }
  return hits.sort((a, b) => a.place - b.place || (a.folded < b.folded ? -1 : 1));
}

async function search(text) {
  const wanted = fold(text);
  if (!wanted) return section.replaceChildren();
  section.replaceChildren(element("p", {}, texts.loading));
  const { names, gists } = await json("search.json.gz");
  const things = ranked(names, wanted);
  const passages = gists.filter((entry) => entry[3].some((gist) => fold(gist).includes(wanted)));
  const link = (stem, page = 1) => `${root}${encodeURI(stem)}${page > 1 ? `.${page}` : ""}${ending}`;
  const rows = things.slice(0, MOST).map(({ stem, label, name }) =>
    element("li", {}, element("a", { href: link(stem) }, isolated(label)), ...(name === label ? [] : [" · ", isolated(name)])));
  const quoted = passages.slice(0, MOST).map(([stem, page, anchor, all, shown]) =>
    element("li", {}, element("a", { href: `${link(stem, page)}#${encodeURIComponent(anchor)}` }, isolated(called(all, shown)))));
  const parts = [element("p", { class: "tally" }, things.length + passages.length ? told(texts.hits, { n: things.length + passages.length }) : texts.none)];
  if (rows.length) parts.push(...first(things, MOST, texts), element("ul", { class: "brief" }, ...rows));
  if (quoted.length) parts.push(element("h2", {}, texts.gists), ...first(passages, MOST, texts), element("ul", { class: "brief" }, ...quoted));
  section.replaceChildren(...parts);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  history.pushState(null, "", `?${new URLSearchParams({ q: field.value })}`);
  search(field.value);
});
const fromAddress = () => {
  field.value = new URLSearchParams(location.search).get("q") || "";
  search(field.value);
};
addEventListener("popstate", fromAddress);
fromAddress();
