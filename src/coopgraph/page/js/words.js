// Claims in words, in Turtle and in SPARQL.

/** "Liaoning cooperates with Hong Kong"; labels with an ellipsis (与…合作) take the object in its place. */
function sentence(claim) {
  const verb = measured(claim) || labelOf(claim.predicate);
  const side = claim.quantity && claim.quantity.counterpart;
  const subject = isolate(labelOf(claim.subject)) + (side ? ` → ${isolate(labelOf(side))}` : "");
  const object = isolate(objectText(claim));
  if (verb.includes("…")) return `${subject}${verb.replace("…", () => object)}`;
  const gap = language === "en" ? " " : "";
  return `${subject}${gap || " "}${verb}${claim.quantity ? (language === "en" ? ": " : "：") : gap || " "}${object}`;
}

/** What a figure is of: its measure, behind the property where that says more than that there is a figure. */
function measured({ quantity, predicate }) {
  if (!quantity || !quantity.measure) return "";
  const measure = labelOf(quantity.measure);
  return predicate.name === "coop:figure" ? measure : `${labelOf(predicate)}, ${measure}`;
}

const NEAR = { about: "≈ ", among: "≈ ", over: "> ", under: "≤ " };

function objectText(claim) {
  if (!claim.quantity) return labelOf(claim.object);
  const { value, unit, shareOf } = claim.quantity;
  const figure = /^-?[1-9]\d*$/.test(value) ? value.replace(/\B(?=(\d{3})+$)/g, language === "en" ? "," : ",") : value;
  const name = unit.replace(/^unit:/, "");
  const near = NEAR[claim.quantity.near] || "";
  const text = `${near}${figure}${name ? unitText(name) : ""}`;
  return shareOf ? t("shareOf", { value: text, whole: labelOf(shareOf) }) : text;
}

function unitText(name) {
  const unit = (texts[language].units || {})[name];
  if (unit !== undefined) return unit;
  return ` ${lastPart(name)}`;
}

const ENDINGS = { one: "st", two: "nd", few: "rd", other: "th" };
const ordinal = (n) => (language === "en" ? n + ENDINGS[new Intl.PluralRules("en", { type: "ordinal" }).select(n)] : n);

function dateText(day, precision) {
  if (!day) return "";
  const year = Number.parseInt(day, 10);
  if (precision === "century") return t("century", { n: ordinal(Math.floor(year / 100) + 1) });
  if (precision === "decade") return t("decade", { n: Math.floor(year / 10) * 10 });
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  if (precision === "year") return language === "en" ? String(year) : `${year}年`;
  const parts =
    precision === "month" ? { year: "numeric", month: "long" } : { year: "numeric", month: "long", day: "numeric" };
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { ...parts, timeZone: "UTC" }).format(date);
}

function timeText(claim) {
  if (claim.quantity)
    return claim.quantity.asOf ? t("asOf", { date: dateText(claim.quantity.asOf, claim.quantity.precision) }) : "";
  const from = dateText(claim.from, claim.fromPrecision);
  const to = dateText(claim.to, claim.toPrecision);
  if (from && to) return from === to ? from : `${from} – ${to}`;
  return from ? t("since", { date: from }) : to ? t("until", { date: to }) : "";
}

/** The years as short as a table wants them; decades and centuries are told as such. */
function yearsText(claim) {
  if (claim.first === null && claim.last === null) return "";
  const precisions = claim.quantity ? [claim.quantity.precision] : [claim.fromPrecision, claim.toPrecision];
  if (precisions.some((precision) => precision === "decade" || precision === "century")) return timeText(claim);
  if (claim.first === claim.last) return String(claim.first);
  return `${claim.first ?? ""}–${claim.last ?? ""}`;
}

const publisherText = (source) => (source.publisher ? labelNamed(source.publisher, lastPart(source.publisher)) : "");

const citation = (passage) =>
  [
    passage.source ? isolate(passage.source.title) : "",
    passage.paragraph ? t("paragraph", { n: passage.paragraph }) : "",
  ]
    .filter(Boolean)
    .join(", ");

// --- Turtle ----------------------------------------------------------------------------------------------------

const ESCAPES = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f" };
const literal = (text) =>
  `"${text.replace(/["\\\u0000-\u001f\u007f\u0085\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]/g, (letter) => ESCAPES[letter] || `\\u${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`)}"`;
const dateLiteral = (day) => `${literal(day)}^^xsd:date`;
const names = (list) =>
  list
    .map((term) => term.name)
    .sort()
    .join(", ");

function block(subject, type, properties) {
  const rows = properties
    .filter(([, value]) => value !== "" && value !== null && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `${subject} a ${type}${rows.map(([name, value]) => ` ;\n    ${name} ${value}`).join("")} .`;
}

function quantityLiteral({ value, datatype }) {
  if (datatype === "xsd:integer" && /^[+-]?\d+$/.test(value)) return value;
  if (datatype === "xsd:decimal" && /^[+-]?\d*\.\d+$/.test(value)) return value;
  return `${literal(value)}^^${datatype}`;
}

function claimBlock(claim) {
  const { quantity } = claim;
  const when = quantity
    ? [
        ["coop:asOf", quantity.asOf && dateLiteral(quantity.asOf)],
        ["coop:asOfPrecision", quantity.precision && literal(quantity.precision)],
        ["coop:unit", quantity.unit],
        ["coop:shareOf", quantity.shareOf && quantity.shareOf.name],
        ["coop:measure", quantity.measure && quantity.measure.name],
        ["coop:counterpart", quantity.counterpart && quantity.counterpart.name],
        ["coop:approximation", quantity.near && literal(quantity.near)],
        ["coop:periodFrom", quantity.periodFrom && dateLiteral(quantity.periodFrom)],
        ["coop:periodTo", quantity.periodTo && dateLiteral(quantity.periodTo)],
      ]
    : [
        ["coop:validFrom", claim.from && dateLiteral(claim.from)],
        ["coop:validFromPrecision", claim.fromPrecision && literal(claim.fromPrecision)],
        ["coop:validTo", claim.to && dateLiteral(claim.to)],
        ["coop:validToPrecision", claim.toPrecision && literal(claim.toPrecision)],
        ["coop:dueBy", claim.due && dateLiteral(claim.due)],
        ["coop:dueByPrecision", claim.duePrecision && literal(claim.duePrecision)],
      ];
  return block(claim.name, quantity ? "coop:Observation" : "coop:Claim", [
    ...when,
    ["coop:change", claim.change && claim.change.name],
    ["coop:reported", claim.reported && "true"],
    ["coop:field", names(claim.fields)],
    ["coop:relayedBy", names(claim.relayers)],
    ["coop:statedAt", names(claim.occasions)],
    ["coop:statedBy", names(claim.speakers)],
    ["coop:status", `status:${claim.status}`],
    ["prov:wasDerivedFrom", names(claim.passages)],
    ["rdf:object", quantity ? quantityLiteral(quantity) : claim.object.name],
    ["rdf:predicate", claim.predicate.name],
    ["rdf:subject", claim.subject.name],
  ]);
}

function passageBlock(passage) {
  const gist = passage.gist
    ? Object.entries(passage.gist)
        .map(([tag, text]) => `${literal(text)}${tag ? `@${tag}` : ""}`)
        .sort()
        .join(", ")
    : "";
  return block(passage.name, "coop:Passage", [
    ["oa:hasSource", passage.source && passage.source.name],
    ["coop:paragraph", passage.paragraph || ""],
    ["oa:start", passage.sha256 ? String(passage.start) : ""],
    ["oa:end", passage.end || ""],
    ["coop:textSha256", passage.sha256 && literal(passage.sha256)],
    ["coop:gist", gist],
    ["oa:exact", passage.quotation && literal(passage.quotation)],
  ]);
}

/** Puts the prefixes that a text uses before it; `form` writes one declaration. */
function withPrefixes(body, form) {
  const bare = body.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/<[^>]*>/g, "");
  const used = Object.keys(data.prefixes).filter((prefix) => new RegExp(`(^|[^\\w:.-])${prefix}:`, "m").test(bare));
  return `${used.map((prefix) => form(prefix, data.prefixes[prefix])).join("\n")}\n\n${body}\n`;
}

const turtleOf = (claim) =>
  withPrefixes(
    [claimBlock(claim), ...claim.passages.map(passageBlock)].join("\n\n"),
    (prefix, iri) => `@prefix ${prefix}: <${iri}> .`,
  );

function sparqlOf(claim) {
  const object = claim.quantity ? "?value" : claim.object.name;
  return withPrefixes(
    `SELECT ?claim${claim.quantity ? " ?value" : ""} ?status ?passage ?source ?paragraph ?gist WHERE {
  ?claim rdf:subject ${claim.subject.name} ;
    rdf:predicate ${claim.predicate.name} ;
    rdf:object ${object} ;
    coop:status ?status ;
    prov:wasDerivedFrom ?passage .
  ?passage oa:hasSource ?source .
  OPTIONAL { ?passage coop:paragraph ?paragraph }
  OPTIONAL { ?passage coop:gist ?gist }
}
ORDER BY ?claim ?passage ?gist`,
    (prefix, iri) => `PREFIX ${prefix}: <${iri}>`,
  );
}
