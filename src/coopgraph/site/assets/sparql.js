// The page for SPARQL: an editor that knows the graph's own names in the place of the plain field, and the answer.
import { json, run } from "./answer.js";

const form = document.getElementById("ask");
const field = form.elements.query;
const section = document.getElementById("answer");
const example = document.getElementById("example");
let editor = { set: (text) => (field.value = text) };

const KEYWORDS = ("SELECT WHERE FILTER OPTIONAL UNION VALUES BIND GROUP BY ORDER BY LIMIT DISTINCT COUNT SUM AVG MIN MAX " +
  "HAVING EXISTS NOT EXISTS GRAPH CONSTRUCT ASK DESCRIBE CONTAINS REGEX LANG STR COALESCE DESC").split(" ");

/** Returns completions of a word: variables of the query, prefixes, and names by prefixed name or by label. */
function completions({ prefixes, terms }) {
  return (word) => {
    if (/^[?$]/.test(word)) {
      const used = new Set(field.value.match(/\?\w+/g));
      used.delete(word);
      return [...used].filter((name) => name.startsWith(word)).map((label) => ({ label, type: "variable" }));
    }
    const low = word.toLowerCase();
    const named = terms
      .filter(([short, label]) => short.toLowerCase().includes(low) || label.toLowerCase().startsWith(low))
      .sort((a, b) => b[0].toLowerCase().startsWith(low) - a[0].toLowerCase().startsWith(low) || a[0].length - b[0].length)
      .slice(0, 40)
      .map(([label, detail, kind]) => ({ label, detail: `${detail} · ${kind}`, type: "constant" }));
    const spaces = word.includes(":") ? [] : Object.keys(prefixes).filter((name) => name.startsWith(low)).map((name) => ({ label: `${name}:`, detail: prefixes[name], type: "namespace" }));
    const words = word.includes(":") ? [] : KEYWORDS.filter((name) => name.toLowerCase().startsWith(low)).map((label) => ({ label, type: "keyword" }));
    return [...words, ...spaces, ...named];
  };
}

async function start() {
  const [{ edit }, terms] = await Promise.all([import("./editor.js"), json("terms.json")]);
  const label = form.querySelector("label[for=query]").textContent;
  editor = edit(field, { label, complete: completions(terms), run: () => form.requestSubmit() });
  const texts = new Map(terms.questions.map(([name, , sparql]) => [name, sparql]));
  document.getElementById("example-line").hidden = false;
  example.addEventListener("change", () => texts.has(example.value) && editor.set(texts.get(example.value)));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  history.pushState(null, "", `?${new URLSearchParams({ query: field.value })}`);
  run(section, field.value);
});

function fromAddress() {
  const given = new URLSearchParams(location.search).get("query");
  if (given === null) return;
  editor.set(given);
  run(section, given);
}
addEventListener("popstate", fromAddress);
const given = new URLSearchParams(location.search).get("query");
if (given !== null) field.value = given;
await start();
if (given !== null) run(section, given);
