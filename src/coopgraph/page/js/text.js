// Data islands, interface texts and labels in the language chosen.

const island = (id) => JSON.parse(document.getElementById(id).textContent);

const data = island("data");
const style = island("style");
const MEASURES = style.measures; // pixels at the scale 1: the fan of parallel lines, labels, badges
const texts = island("texts");
const languages = Object.keys(texts);

let language = languages.includes(data.language) ? data.language : "en";

/** The interface text of a key, with {names} filled in; a key without text is shown as it is. */
function t(key, values = {}) {
  const text = texts[language][key] ?? texts.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Like `t`, in the form that the language has for so many: key + "1" for what it counts as one. */
function tn(key, n, values = {}) {
  const one = new Intl.PluralRules(language).select(n) === "one" && texts[language][`${key}1`] !== undefined;
  return t(one ? `${key}1` : key, { n: number(n), ...values });
}

const number = (n) => new Intl.NumberFormat(language === "en" ? "en-GB" : "zh").format(n);

/** The tag of the text that a reader of the page's language is shown: the first that there is, in the order given. */
const bestTag = (labels) =>
  (labels && (data.order[language].find((tag) => labels[tag]) ?? Object.keys(labels).find((tag) => labels[tag]))) || "";

/** The best of several texts by language, without ever failing. */
const best = (labels, otherwise = "") => (labels && labels[bestTag(labels)]) || otherwise;

/** A name put into a sentence, kept from turning its neighbours round where it runs from right to left. */
const isolate = (text) =>
  /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/.test(text)
    ? `\u2068${text}\u2069`
    : text;

/** A text as it is compared: no accents and strokes, no case. */
const fold = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLocaleLowerCase("en")
    .replace(/[ßæðøþđħıłœŧ]/g, (letter) => LIKE_LATIN[letter]);
const LIKE_LATIN = { ß: "ss", æ: "ae", ð: "d", ø: "o", þ: "th", đ: "d", ħ: "h", ı: "i", ł: "l", œ: "oe", ŧ: "t" };

/** A new element: properties, then children; text only ever becomes a text node. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name in element && name !== "list" && name !== "role") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

const svgSpace = "http://www.w3.org/2000/svg";

function makeSvg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A link to a web address, or the bare text where it is none: nothing but http and https is ever followed. */
function webLink(address, text) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    return make("span", {}, text);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return make("span", {}, text);
  return make("a", { href: url.href, rel: "noopener noreferrer", target: "_blank" }, text);
}

const byId = (id) => document.getElementById(id);
