// A question asked in its form: the names that were typed become terms, and its query is run with them.
import { element, fail, json, run, textsOf, told } from "./answer.js";

const form = document.getElementById("ask");
const section = document.getElementById("answer");
const texts = textsOf(section);
const folded = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
const literal = (text) => JSON.stringify(text).replace(/[\u007f-\uffff]/g, (letter) => letter);

async function term(kind, text) {
  if (kind === "text") return literal(text);
  if (kind === "year") {
    if (!/^-?\d{1,6}$/.test(text.trim())) throw new Error(told(texts.unknown, { what: text }));
    return text.trim();
  }
  if (kind === "status") return `status:${text}`;
  const { prefixes, terms } = await json("terms.json");
  const iri = /^<?(https?:[^<>"\s]+)>?$/.exec(text.trim());
  if (iri) return `<${iri[1]}>`;
  const prefixed = /^([\w.-]*):([\w\u00c0-\uffff.-]+)$/.exec(text.trim());
  if (prefixed && prefixed[1] in prefixes) return `<${prefixes[prefixed[1]]}${prefixed[2]}>`;
  const { names } = await json("search.json.gz");
  const wanted = folded(text);
  const at = names.findIndex(([stem, , all]) => all.some((name) => folded(name) === wanted) || stem.split("/").pop() === wanted);
  if (at < 0) throw new Error(told(texts.unknown, { what: text }));
  const short = at < terms.length ? terms[at][0] : names[at][0].split("/").slice(1).join(":");
  return /^https?:/.test(short) ? `<${short}>` : `<${prefixes[short.split(":")[0]]}${short.split(":").slice(1).join(":")}>`;
}

/** Returns the query for the parameters that are given, with their terms in it. */
async function bound(values) {
  const names = Object.keys(values).filter((name) => values[name]).sort();
  const forms = (await json("questions.json.gz"))[form.dataset.name];
  return names.reduce((text, name) => text.replaceAll(`<urn:parameter:${name}>`, () => values[name]), forms[names.join(" ")]);
}

async function ask(given) {
  const values = {};
  try {
    for (const field of form.elements) {
      if (!field.dataset?.kind) continue;
      const text = given.get(field.name) || "";
      field.value = text;
      values[field.name] = text ? await term(field.dataset.kind, text) : null;
    }
  } catch (error) {
    return fail(section, texts, error.message);
  }
  const whole = await bound(values);
  await run(section, whole, Object.keys(values).filter((name) => !values[name]));
  section.append(element("p", {}, element("a", { href: `${form.dataset.page}?${new URLSearchParams({ query: whole })}` }, "SPARQL")));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const given = new URLSearchParams(new FormData(form));
  history.pushState(null, "", `?${given}`);
  ask(given);
});
const given = new URLSearchParams(location.search);
if ([...given.keys()].length) ask(given);
