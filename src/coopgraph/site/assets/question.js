// A question asked in its form: the names that were typed become terms, and its query is run with them.
import { element, fail, json, run, textsOf, told } from "./answer.js";

const form = document.getElementById("ask");
const section = document.getElementById("answer");
const texts = textsOf(section);
const folded = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
const lastPart = (short) => short.split(/[/#:]/).pop();
const wrong = (text, values) => new Error(told(text, values));

/** Returns the IRI of the one thing of a kind that a text names, as the command line finds it. */
async function iriOf(kind, typed) {
  const [{ prefixes, terms }, { names }] = await Promise.all([json("terms.json"), json("search.json.gz")]);
  const whole = (short) => short.replace(/^([\w.-]*):(?!\/\/)/, (as, prefix) => prefixes[prefix] ?? as);
  const text = typed.trim();
  const iri = whole(text.replace(/^<(.*)>$/, "$1"));
  const isIri = /^[\w+.-]+:[^<>"{}|\\^`\s]+$/.test(iri);
  if (isIri && ["passage", "claim"].includes(kind)) return iri;
  const fits = (of) => of === kind || kind === "any" || (kind === "concept" && ["field", "status", "group"].includes(of));
  const those = terms.flatMap(([short], at) => (fits(names[at][1]) ? [{ short, called: names[at][2] }] : []));
  const itself = those.find(({ short }) => whole(short) === iri);
  if (itself) return iri;
  const wanted = folded(text);
  const alike = those.filter(({ short, called }) => lastPart(short) === text || called.some((name) => folded(name) === wanted));
  const same = alike.filter(({ called }) => called.includes(text));
  const [one, ...others] = same.length ? same : alike;
  if (!one) throw wrong(texts.unknown, { what: text });
  if (others.length) throw wrong(texts.several, { what: text, names: [one, ...others].map(({ short }) => short).join(", ") });
  return whole(one.short);
}

/** Returns a year as answers have it; of a decade or century (199X) the first or the last. */
function year(text, isLast) {
  const match = /^(?:(-?\d{4,6})-(?:0[1-9]|1[0-2])(?:-\d\d)?|(-?\d{1,6})|(\d{1,3})(X{1,2}))$/.exec(text);
  if (!match) throw wrong(texts.noYear, { what: text });
  return String(Number(match[1] ?? match[2] ?? match[3] + (isLast ? "9" : "0").repeat(match[4].length)));
}

/** Returns the last day of a year, month or day. */
function day(text) {
  const [, year, month, date] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text) || [];
  const end = new Date(Date.UTC(2000, 0, 1));
  end.setUTCFullYear(Number(year), Number(month ?? 12) - (date ? 1 : 0), Number(date ?? 0));
  const written = year && end.toISOString().slice(0, 10);
  if (!written?.startsWith(text) || year === "0000") throw wrong(texts.noDate, { what: text });
  return `"${written}"^^<http://www.w3.org/2001/XMLSchema#date>`;
}

/** Returns the term that stands for what was typed or chosen in a field. */
async function term({ dataset: { kind }, name, options }, text) {
  if (kind === "year") return year(text.trim(), name === "until");
  if (kind === "date") return day(text.trim());
  if (kind !== "text") return `<${await iriOf(kind, text)}>`;
  const chosen = options && [...options].find(({ value }) => value && value.toLowerCase() === text.trim().toLowerCase());
  if (options && !chosen) throw wrong(texts.noChoice, { what: text });
  return JSON.stringify(chosen ? chosen.value : text);
}

/** Shows in a field what was given; what is to be chosen is the choice that has the same term. */
async function fill(field, text) {
  field.value = text;
  if (!text || field.value === text) return;
  for (const { value } of field.options ?? []) if (value && (await term(field, value)) === (await term(field, text))) field.value = value;
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
      await fill(field, text);
      values[field.name] = text ? await term(field, text) : null;
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
const fromAddress = () => {
  const given = new URLSearchParams(location.search);
  if ([...given.keys()].length) return ask(given);
  form.reset();
  section.replaceChildren();
};
addEventListener("popstate", fromAddress);
fromAddress();
