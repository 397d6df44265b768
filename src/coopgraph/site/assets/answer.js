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

/** A text that turns nothing round beside it where it runs from right to left. */
export const isolated = (text) => element("bdi", {}, text);

export function drawn(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export const textsOf = (section) => ({ ...JSON.parse(section.dataset.texts), columns: JSON.parse(section.dataset.columns || "{}"), values: JSON.parse(section.dataset.values || "null") });
export const told = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** Says whether a server answers queries here: it says so in a header of this very page, which files have not. */
const isServed = () =>
  (once.served ??= fetch(location.pathname, { method: "HEAD" }).then(
    (response) => /rel="service-desc"/.test(response.headers.get("Link") || ""),
    () => false,
  ));

async function withPrefixes(query) {
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
      if (data.isBroken) leave();
      data.error ? reject(new Error(data.error, { cause: data.isBroken ? "large" : "" })) : resolve(data);
    };
    const leave = () => {
      end();
      asked.terminate();
      if (worker === asked) worker = null;
    };
    const fail = (event) => {
      leave();
      reject(new Error(event.message || "worker"));
    };
    asked.addEventListener("message", listen);
    asked.addEventListener("error", fail);
    signal.addEventListener("abort", () => {
      leave();
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
  const cut = /after (\d+) (\w+)/.exec(response.headers.get("Coopgraph-Cut"));
  return { kind: /json/.test(response.headers.get("Content-Type")) ? "rows" : "graph", text, cut };
}

/** Returns what is wrong with a query, at the place where it is in the text that was typed. */
function fault(error, query, whole, texts) {
  if (error.cause === "large") return new Error(texts.large);
  const [, line, column] = /^error at (\d+):(\d+)/.exec(error.message) || [];
  if (!line) return error;
  const added = whole.slice(0, whole.length - query.length).split("\n").length - 1;
  return new Error(told(texts.syntax, { line: Math.max(1, line - added), column: line > added ? column : 1 }));
}

async function answer(query, signal, texts) {
  const served = await isServed();
  const whole = served ? query : await withPrefixes(query);
  signal.throwIfAborted();
  const { kind, text, cut } = await (served
    ? atServer(query, signal)
    : inBrowser(whole, signal).catch((error) => Promise.reject(fault(error, query, whole, texts))));
  const notes = cut ? [element("p", { class: "note" }, told(texts[`cut-${cut[2]}`], { n: Number(cut[1]).toLocaleString("en") }))] : [];
  if (kind === "graph") return { text, notes };
  const read = JSON.parse(text);
  return "boolean" in read ? { yes: read.boolean } : { columns: read.head.vars, rows: read.results.bindings, text, notes };
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

/** What readers of the page are shown of a thing's names, gists or definitions: which of them stands beside, unless the first. */
export const called = (names, shown) => names[shown?.[["en", "zh-Hans", "zh-Hant"].indexOf(document.documentElement.lang)] ?? 0];

/** The pages and names of things, by what `namer` calls them. */
async function pages() {
  const [{ names }, { terms }] = await Promise.all([json("search.json.gz"), json("terms.json")]);
  const at = new Map(terms.map(([short], place) => [short, names[place]]));
  const language = document.documentElement.lang;
  const ending = language === "en" ? ".html" : `.${language}.html`;
  return (short) => {
    const [stem, , all, shown] = at.get(short) || [];
    return stem ? { href: new URL(`../${encodeURI(stem)}${ending}`, base).href, called: called(all, shown) ?? short } : {};
  };
}

/** Says a gist or a definition in the language of the page, whichever of those of its passage or term an answer has. */
async function teller() {
  const { gists, definitions } = await json("search.json.gz");
  const texts = [...gists.map(([, , , ...each]) => each), ...definitions];
  const told = new Map(texts.flatMap(([all, shown]) => all.map((text) => [text, called(all, shown)])));
  const differs = (term) => told.has(term?.value) && told.get(term.value) !== term.value;
  return (term) => (differs(term) ? { type: "literal", value: told.get(term.value) } : term);
}

/** Says the names that a text consists of, parted by semicolons, as the page does: answers have them in English. */
async function renamer(values) {
  if (!values) return (text) => text;
  const { names } = await json("search.json.gz");
  const things = names.flatMap(([, , all, shown]) => (shown ? [[all[shown[0]], called(all, shown)]] : []));
  const told = new Map([...things, ...Object.entries(values)]);
  return (text) => text.split("; ").map((part) => told.get(part) ?? part).join("; ");
}

const TOLD = ["gist", "definition"];
const [SHORT, LONG] = [10, 60];

/** A term as text; `name` makes an IRI short. */
function plain(term, name = (iri) => iri) {
  if (!term) return "";
  const { type, value } = term;
  if (type === "triple") return `<<( ${[value.subject, value.predicate, value.object].map((part) => plain(part, name)).join(" ")} )>>`;
  return type === "uri" ? name(value) : type === "bnode" ? `_:${value}` : value;
}

function cell(term, name, page, label, rename) {
  if (!term) return element("td");
  if (term.type !== "uri") {
    const text = term["xml:lang"] || term.datatype ? plain(term, name) : rename(plain(term, name));
    const kind = isNumber(term) ? "number" : text.length > LONG ? "long" : text.length <= SHORT ? "whole" : null;
    return element("td", { lang: term["xml:lang"] || null, class: kind }, isolated(text));
  }
  const short = name(term.value);
  const known = page(short);
  const href = known.href || (/^https?:/.test(term.value) ? term.value : "");
  const shown = known.called || label?.value || short;
  const attributes = { lang: (!known.called && label?.["xml:lang"]) || null, class: shown.length > LONG ? "long" : null };
  return element("td", attributes, href ? element("a", { href }, isolated(shown)) : isolated(shown));
}

/** The column that says what those of another are called, where there is one. */
const naming = (columns, column) => ["Label", "Title"].map((end) => column + end).find((name) => columns.includes(name));

/** Columns without those of labels that stand beside the things that they name: these are called so. */
const withoutLabels = (columns) => columns.filter((column) => !columns.some((other) => naming(columns, other) === column));

/** Says how many are shown where that is not all. */
export const first = (rows, most, texts) => (rows.length > most ? [element("p", { class: "note" }, told(texts.first, { n: most }))] : []);

async function table({ columns, rows }, texts) {
  const [name, page, tell, rename] = [await namer(), await pages(), await teller(), await renamer(texts.values)];
  const shown = withoutLabels(columns);
  const isNumeric = (column) => rows.some((row) => row[column]) && rows.every((row) => !row[column] || isNumber(row[column]));
  const heading = (column) => element("th", { scope: "col", title: `?${column}`, class: isNumeric(column) && "number" }, texts.columns[column] || column);
  const head = element("tr", {}, ...shown.map(heading));
  const said = (row, column) => (TOLD.includes(column) ? tell(row[column]) : row[column]);
  const body = rows.slice(0, SHOWN).map((row) => element("tr", {}, ...shown.map((column) => cell(said(row, column), name, page, row[naming(columns, column)], rename))));
  const whole = element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
  return [...first(rows, SHOWN, texts), element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": texts.table }, whole)];
}

function links({ columns, rows }) {
  const pairs = columns.filter((column) => rows.some((row) => row[column]?.type === "uri" && /\/id\//.test(row[column].value)));
  const ends = ["subject", "object"].every((each) => pairs.includes(each)) ? ["subject", "object"] : pairs.slice(0, 2);
  return ends.length === 2 ? rows.filter((row) => ends.every((end) => row[end]?.type === "uri")).map((row) => ends.map((end) => row[end].value)) : [];
}

const [EDGES, BARS] = [150, 60];

async function network(given, texts) {
  const [name, page] = [await namer(), await pages()];
  const all = links(given);
  const edges = all.slice(0, EDGES);
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
    const short = name(node);
    const text = drawn("text", { x: x + (x < 0 ? -12 : 12), y: y + 5, "text-anchor": side }, clipped(page(short).called || short));
    return drawn("g", {}, drawn("circle", { cx: x, cy: y, r: 6 }), text);
  });
  const half = size + 60;
  const sides = { viewBox: `${-half - 200} ${-half} ${2 * half + 400} ${2 * half}`, role: "img", "aria-label": texts.network };
  return [...first(all, EDGES, texts), drawn("svg", { class: "drawn", ...sides }, ...lines, ...points)];
}

const clipped = (text) => (text.length > 34 ? `${text.slice(0, 33)}…` : text);

/** Numbers that say when or where, and not how much. */
const NO_AMOUNT = /^(year|month|date|paragraph)|[a-z](Year|Month|Date)$/;

/** Which column has the bars' names, and which their lengths: a time or what differs most, and an amount. */
function plotted({ columns, rows }) {
  const some = (column, is) => rows.some((row) => is(row[column]));
  const isTime = (column) => (NO_AMOUNT.test(column) && column !== "paragraph") || some(column, isDate);
  const isAmount = (column) => !NO_AMOUNT.test(column) && some(column, isFiniteNumber) && rows.every((row) => !row[column] || isFiniteNumber(row[column]));
  const y = columns.find(isAmount);
  const different = (column) => new Set(rows.map((row) => row[column]?.value)).size;
  const rank = (column) => (isTime(column) ? 1 : 0) * (rows.length + 1) + different(column);
  const x = withoutLabels(columns).filter((column) => column !== y).sort((a, b) => rank(b) - rank(a))[0];
  return y && x && rows.length > 1 ? [x, y] : null;
}

const isFiniteNumber = (term) => isNumber(term) && Number.isFinite(Number(term.value));

async function plot(given, texts) {
  const [name, page] = [await namer(), await pages()];
  const [x, y] = plotted(given);
  const all = given.rows.filter((row) => row[x] && row[y]);
  const rows = all.slice(0, BARS);
  const most = Math.max(...rows.map((row) => Math.abs(Number(row[y].value))), 1e-9);
  const bars = rows.map((row, i) => {
    const width = (Math.abs(Number(row[y].value)) / most) * 560;
    const short = plain(row[x], name);
    return drawn("g", { transform: `translate(0 ${i * 24})` },
      drawn("text", { x: 230, y: 16, "text-anchor": "end" }, clipped(page(short).called || row[naming(given.columns, x)]?.value || short)),
      drawn("rect", { x: 240, y: 3, width, height: 17 }), drawn("text", { x: 246 + width, y: 16 }, row[y].value));
  });
  const label = [x, y].map((column) => texts.columns[column] || column).join(" · ");
  return [element("p", { class: "note" }, label), ...first(all, BARS, texts), drawn("svg", { class: "drawn", viewBox: `0 0 900 ${rows.length * 24 + 4}`, role: "img", "aria-label": label }, ...bars)];
}

function csv({ columns, rows }) {
  const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const safe = (text) => (/^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.]+$/.test(text) ? `'${text}` : text);
  return [columns, ...rows.map((row) => columns.map((column) => plain(row[column])))]
    .map((row) => row.map((text) => quoted(safe(text))).join(",")).join("\r\n");
}

/** The answer as JSON, as many rows of it as are shown. */
function source({ text, rows }, texts) {
  const read = JSON.parse(text);
  read.results.bindings = rows.slice(0, SHOWN);
  return [...first(rows, SHOWN, texts), element("pre", { tabindex: 0 }, JSON.stringify(read, null, 1))];
}

export function fail(section, texts, what) {
  section.replaceChildren(element("p", { role: "alert" }, told(texts.failed, { what })));
}

/** Shows an answer: a table, and what else its columns allow. */
async function show(section, texts, given) {
  if ("yes" in given) return section.replaceChildren(element("p", {}, given.yes ? texts.yes : texts.no));
  if (!given.columns) return section.replaceChildren(...given.notes, element("pre", { tabindex: 0 }, given.text));
  const views = { table: () => table(given, texts), json: () => source(given, texts) };
  if (links(given).length) views.network = () => network(given, texts);
  if (plotted(given)) views.plot = () => plot(given, texts);
  const body = element("div");
  const tabs = Object.keys(views).map((name) =>
    element("button", { type: "button", "aria-pressed": name === "table", onclick: async (event) => {
      for (const tab of tabs) tab.setAttribute("aria-pressed", tab === event.target);
      body.replaceChildren(...(await views[name]()));
    } }, texts[name]));
  const file = URL.createObjectURL(new Blob(["\ufeff", csv(given)], { type: "text/csv" }));
  const bar = element("div", { class: "buttons", role: "group", "aria-label": texts.views }, ...tabs, element("a", { href: file, download: "answer.csv" }, texts.csv));
  const { length } = given.rows;
  const number = told((length === 1 && texts.rows1) || texts.rows, { n: length.toLocaleString("en") });
  const count = element("p", { class: "tally" }, length ? number : texts.none);
  section.replaceChildren(count, ...given.notes, ...(given.rows.length ? [bar, body] : []));
  if (given.rows.length) body.replaceChildren(...(await views.table()));
}

let running = null;

/** Runs a query and shows its answer, with a button that stops it; one that is still running is given up for it. */
export async function run(section, query, unasked = []) {
  const texts = textsOf(section);
  running?.abort();
  const control = (running = new AbortController());
  const stop = element("button", { type: "button", onclick: () => control.abort(texts.stopped) }, texts.stop);
  section.replaceChildren(element("p", {}, `${texts.running} `, stop));
  try {
    const given = await answer(query, control.signal, texts);
    if (control !== running) return;
    if (given.columns) given.columns = given.columns.filter((name) => !unasked.includes(name) || given.rows.some((row) => row[name]?.value !== "any"));
    await show(section, texts, given);
  } catch (error) {
    if (control !== running) return;
    if (control.signal.aborted) section.replaceChildren(element("p", {}, texts.stopped));
    else fail(section, texts, String(error.message || error));
  }
}
