// Queries answered by the server that serves the site, or else in the browser, and answers shown.
import { unpacked } from "./packed.js";

const base = new URL(".", import.meta.url);
const SHOWN = 500;
const once = {};

const parsed = async (name) => JSON.parse(new TextDecoder().decode(await unpacked(name)));
export const json = (name) => (once[name] ??= parsed(name));

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export function drawn(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export const textsOf = (section) => ({ ...JSON.parse(section.dataset.texts), columns: JSON.parse(section.dataset.columns || "{}") });
export const told = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** Says whether a server answers queries here: it says so in a header of this very page, which files have not. */
const isServed = () =>
  (once.served ??= fetch(location.pathname, { method: "HEAD" }).then(
    (response) => /rel="service-desc"/.test(response.headers.get("Link") || ""),
    () => false,
  ));

export async function withPrefixes(query) {
  const { prefixes } = await json("terms.json");
  const bare = query.replace(/"(?:[^"\\\n]|\\.)*"/g, '""').replace(/<[^<>\s]*>/g, "<>");
  const own = new Set([...query.matchAll(/\bprefix\s+([\w.-]*):/gi)].map((match) => match[1]));
  const used = Object.keys(prefixes).filter((name) => !own.has(name) && new RegExp(`(^|[^\\w:.-])${name}:`).test(bare));
  return used.map((name) => `PREFIX ${name}: <${prefixes[name]}>\n`).join("") + query;
}

let worker = null;
let number = 0;

function inBrowser(query, signal) {
  worker ??= new Worker(new URL("worker.js", base), { type: "module" });
  const id = ++number;
  const asked = worker;
  return new Promise((resolve, reject) => {
    const end = () => {
      asked.removeEventListener("message", listen);
      asked.removeEventListener("error", fail);
    };
    const listen = ({ data }) => {
      if (data.id !== id) return;
      end();
      data.error ? reject(new Error(data.error)) : resolve(data);
    };
    const fail = (event) => {
      end();
      reject(new Error(event.message || "worker"));
    };
    asked.addEventListener("message", listen);
    asked.addEventListener("error", fail);
    signal?.addEventListener("abort", () => {
      end();
      asked.terminate();
      worker = null;
      reject(signal.reason);
    });
    asked.postMessage({ id, query });
  });
}

async function atServer(query, signal) {
  const accept = "application/sparql-results+json, application/n-triples;q=0.9";
  const address = new URL("../sparql", base);
  const body = new URLSearchParams({ query });
  const response = await fetch(address, { method: "POST", body, signal, headers: { Accept: accept } });
  const text = await response.text();
  if (!response.ok) throw new Error(text.slice(0, 500));
  return { kind: /json/.test(response.headers.get("Content-Type")) ? "rows" : "graph", text };
}

export async function answer(query, signal) {
  const whole = await withPrefixes(query);
  const { kind, text } = await ((await isServed()) ? atServer(whole, signal) : inBrowser(whole, signal));
  if (kind === "graph") return { text };
  const read = JSON.parse(text);
  return "boolean" in read ? { yes: read.boolean } : { columns: read.head.vars, rows: read.results.bindings, text };
}

// --- shown -----------------------------------------------------------------------------------------------------

const isNumber = (term) => term && /#(integer|decimal|double|float|int|long)$/.test(term.datatype || "");
const isDate = (term) => term && /#(date|dateTime|gYear)$/.test(term.datatype || "");

async function namer() {
  const { prefixes } = await json("terms.json");
  const spaces = Object.entries(prefixes);
  return (iri) => {
    const cut = Math.max(iri.lastIndexOf("/"), iri.lastIndexOf("#")) + 1;
    const hit = spaces.find(([, space]) => space === iri.slice(0, cut));
    return hit && /^[\w\u00c0-\uffff-]+$/.test(iri.slice(cut)) ? `${hit[0]}:${iri.slice(cut)}` : iri;
  };
}

/** The name of a thing for readers of the page: which of all its names that is stands beside them, unless the first. */
export const called = (names, shown) => names[shown?.[["en", "zh-Hans", "zh-Hant"].indexOf(document.documentElement.lang)] ?? 0];

/** The pages and names of things. */
async function pages() {
  const { names } = await json("search.json.gz");
  const known = new Map(names.map(([stem, , all, shown]) => [stem, called(all, shown)]));
  const language = document.documentElement.lang;
  const ending = language === "en" ? ".html" : `.${language}.html`;
  const file = (name) => name.replace(/_/g, "__").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return (short) => {
    const [kind, name = ""] = short.split(":");
    const stem = `${kind === "coop" ? "ontology" : `id/${kind}`}/${file(name)}`;
    return known.has(stem) ? { href: new URL(`../${encodeURI(stem)}${ending}`, base).href, called: known.get(stem) } : {};
  };
}

const [SHORT, LONG] = [10, 60];

function cell(term, name, page, label) {
  if (!term) return element("td");
  if (term.type !== "uri") {
    const lang = term["xml:lang"];
    const { length } = term.value;
    const kind = isNumber(term) ? "number" : length > LONG ? "long" : length <= SHORT ? "whole" : null;
    return element("td", { lang: lang || null, class: kind }, term.value);
  }
  const short = name(term.value);
  const known = page(short);
  const href = known.href || (/^https?:/.test(term.value) ? term.value : "");
  const shown = known.called || label?.value || short;
  const attributes = { lang: (!known.called && label?.["xml:lang"]) || null, class: shown.length > LONG ? "long" : null };
  return element("td", attributes, href ? element("a", { href }, shown) : shown);
}

/** Columns without those of labels that stand beside the things that they name: these are called so. */
const withoutLabels = (columns) => columns.filter((column) => !(column.endsWith("Label") && columns.includes(column.slice(0, -5))));

async function table({ columns, rows }, texts) {
  const [name, page] = [await namer(), await pages()];
  const shown = withoutLabels(columns);
  const head = element("tr", {}, ...shown.map((column) => element("th", { scope: "col", title: `?${column}` }, texts.columns[column] || column)));
  const body = rows.slice(0, SHOWN).map((row) => element("tr", {}, ...shown.map((column) => cell(row[column], name, page, row[`${column}Label`]))));
  const whole = element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
  const note = rows.length > SHOWN ? [element("p", { class: "note" }, told(texts.first, { n: SHOWN }))] : [];
  return [...note, element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": texts.table }, whole)];
}

function links({ columns, rows }) {
  const pairs = columns.filter((column) => rows.some((row) => row[column]?.type === "uri" && /\/id\//.test(row[column].value)));
  const ends = ["subject", "object"].every((each) => pairs.includes(each)) ? ["subject", "object"] : pairs.slice(0, 2);
  return ends.length === 2 ? rows.filter((row) => ends.every((end) => row[end]?.type === "uri")).map((row) => ends.map((end) => row[end].value)) : [];
}

async function network(given) {
  const name = await namer();
  const edges = links(given).slice(0, 150);
  const nodes = [...new Set(edges.flat())];
  const size = 300 + nodes.length * 4;
  const at = new Map(nodes.map((node, i) => {
    const turn = (2 * Math.PI * i) / nodes.length - Math.PI / 2;
    return [node, [size * Math.cos(turn), size * Math.sin(turn), turn]];
  }));
  const lines = edges.map(([a, b]) => drawn("path", { d: `M${at.get(a)[0]} ${at.get(a)[1]}Q0 0 ${at.get(b)[0]} ${at.get(b)[1]}` }));
  const points = nodes.map((node) => {
    const [x, y] = at.get(node);
    const side = x < 0 ? "end" : "start";
    const text = drawn("text", { x: x + (x < 0 ? -12 : 12), y: y + 5, "text-anchor": side }, name(node).split(":").pop());
    return drawn("g", {}, drawn("circle", { cx: x, cy: y, r: 6 }), text);
  });
  const half = size + 60;
  return [drawn("svg", { class: "drawn", viewBox: `${-half - 200} ${-half} ${2 * half + 400} ${2 * half}`, role: "img" }, ...lines, ...points)];
}

const plotted = ({ columns, rows }) => {
  const y = columns.find((column) => rows.length && rows.every((row) => !row[column] || isNumber(row[column])) && rows.some((row) => row[column]));
  const x = columns.find((column) => column !== y && rows.some((row) => isDate(row[column]))) || columns.find((column) => column !== y && /label|name|year|month/i.test(column)) || columns.find((column) => column !== y);
  return y && x && rows.length > 1 ? [x, y] : null;
};

function plot(given) {
  const [x, y] = plotted(given);
  const rows = given.rows.filter((row) => row[x] && row[y]).slice(0, 60);
  const most = Math.max(...rows.map((row) => Math.abs(Number(row[y].value))), 1e-9);
  const bars = rows.map((row, i) => {
    const width = (Math.abs(Number(row[y].value)) / most) * 560;
    return drawn("g", { transform: `translate(0 ${i * 24})` },
      drawn("text", { x: 230, y: 16, "text-anchor": "end" }, row[x].value.replace(/^.*[/#](?=.)/, "").slice(0, 34)),
      drawn("rect", { x: 240, y: 3, width, height: 17 }), drawn("text", { x: 246 + width, y: 16 }, row[y].value));
  });
  return [drawn("svg", { class: "drawn", viewBox: `0 0 900 ${rows.length * 24 + 4}`, role: "img", "aria-label": `${x}, ${y}` }, ...bars)];
}

function csv({ columns, rows }) {
  const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const safe = (text) => (/^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.]+$/.test(text) ? `'${text}` : text);
  return [columns, ...rows.map((row) => columns.map((column) => row[column]?.value ?? ""))]
    .map((row) => row.map((text) => quoted(safe(text))).join(",")).join("\r\n");
}

export function fail(section, texts, what) {
  section.replaceChildren(element("p", { role: "alert" }, told(texts.failed, { what })));
}

/** Shows an answer: a table, and what else its columns allow. */
export async function show(section, texts, given) {
  if ("yes" in given) return section.replaceChildren(element("p", {}, given.yes ? texts.yes : texts.no));
  if (!given.columns) return section.replaceChildren(element("pre", { tabindex: 0 }, given.text));
  const views = { table: () => table(given, texts), json: () => [element("pre", { tabindex: 0 }, JSON.stringify(JSON.parse(given.text), null, 1).slice(0, 200000))] };
  if (links(given).length) views.network = () => network(given);
  if (plotted(given)) views.plot = () => plot(given);
  const body = element("div");
  const tabs = Object.keys(views).map((name) =>
    element("button", { type: "button", "aria-pressed": name === "table", onclick: async (event) => {
      for (const tab of tabs) tab.setAttribute("aria-pressed", tab === event.target);
      body.replaceChildren(...(await views[name]()));
    } }, texts[name]));
  const file = URL.createObjectURL(new Blob([csv(given)], { type: "text/csv" }));
  const bar = element("div", { class: "buttons", role: "group", "aria-label": texts.views }, ...tabs, element("a", { href: file, download: "answer.csv" }, texts.csv));
  const count = element("p", { class: "tally" }, given.rows.length ? told(texts.rows, { n: given.rows.length }) : texts.none);
  section.replaceChildren(count, ...(given.rows.length ? [bar, body] : []));
  if (given.rows.length) body.replaceChildren(...(await views.table()));
}

/** Runs a query and shows its answer, with a button that stops it. */
export async function run(section, query, unasked = []) {
  const texts = textsOf(section);
  const control = new AbortController();
  const stop = element("button", { type: "button", onclick: () => control.abort(new Error(texts.stopped)) }, texts.stop);
  section.replaceChildren(element("p", {}, `${texts.running} `, stop));
  try {
    const given = await answer(query, control.signal);
    if (given.columns) given.columns = given.columns.filter((name) => !unasked.includes(name) || given.rows.some((row) => row[name]?.value !== "any"));
    await show(section, texts, given);
  } catch (error) {
    fail(section, texts, String(error.message || error));
  }
}

