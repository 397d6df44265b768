// The review page: what is next to decide, its text beside it, and one key for each act.
import { length, moved, paint, selected, slice } from "/text.js";

const TOKEN = location.hash.slice(1);
const COLUMNS = ["subject", "predicate", "object", "status", "from", "to", "value", "unit", "measure", "counterpart", "approximation", "share of", "period from", "period to", "as of", "due by", "change", "reported", "relayed by", "name in source", "fields", "said by", "said at", "gist"];
const OF_FIGURES = ["value", "unit", "measure", "counterpart", "approximation", "share of", "period from", "period to"];
const THINGS = ["subject", "object", "counterpart", "share of", "relayed by", "said by", "said at", "fields"];
const CHOICES = { approximation: ["about", "over", "under", "among"], reported: ["true", "false"] };
const TAKEN = ["accept", "edit", "add"];
const $ = (id) => document.getElementById(id);

let all = null; // what the server told
let items = new Map();
let now = null; // {item} or {paragraph}
let words = null; // of all languages
let form = null; // {kind, item, paragraph, bounds, row}
let busy = false; // whether an act is on its way
let turn = 0; // how many acts there were: what was asked before one is stale after it
let reasons = false; // whether a reason is asked for
const skipped = new Set();
const paragraphs = new Map(); // number -> {number, start, text, element, words}

const say = (name, values = {}) => words[language()][name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
const language = () => $("language").value;
const label = (labels) => labels[language()] ?? labels[language().toLowerCase()] ?? labels.en;
const ordered = () => [...items.values()].sort((one, other) => one.start - other.start || one.end - other.end || (one.id < other.id ? -1 : 1));

function element(name, content = "", more = {}) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(more)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...[content].flat());
  return made;
}

async function ask(path, body) {
  const headers = { "X-Coopgraph-Token": TOKEN, ...(body && { "Content-Type": "application/json" }) };
  try {
    const answer = await fetch(path, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) });
    return [answer.status, await answer.json().catch(() => ({ error: answer.statusText }))];
  } catch {
    return [0, { error: say("gone") }];
  }
}

const tell = (message) => { $("told").textContent = message; };

// What is next

function next() {
  const waiting = ordered().find((item) => item.open && !skipped.has(item.id));
  const left = all.paragraphs.find((each) => each.states && !all.complete.includes(each.number) && !skipped.has(`¶${each.number}`));
  if (left && (!waiting || left.number < waiting.paragraph)) return { paragraph: left.number };
  return waiting ? { item: waiting.id } : null;
}

const paragraphNow = () => now?.paragraph ?? items.get(now?.item)?.paragraph ?? all.paragraphs[0]?.number ?? 1;

function show(where, focus = false) {
  const before = paragraphNow();
  now = where;
  reasons = false;
  for (const number of new Set([before, paragraphNow()])) paintParagraph(number);
  showCard();
  showBare();
  for (const button of $("queue").querySelectorAll("button")) {
    if (button.dataset.id === now?.item) {
      button.setAttribute("aria-current", "true");
      if (getComputedStyle($("side")).overflowY !== "visible") button.scrollIntoView({ block: "nearest" });
    } else button.removeAttribute("aria-current");
  }
  scrollToText();
  if (focus) $("claim-head").focus({ preventScroll: true });
}

function scrollToText() {
  const place = paragraphs.get(paragraphNow())?.element;
  const mark = place?.querySelector("mark") ?? place;
  if (!mark) return;
  const box = $("text");
  const [inner, outer] = [mark.getBoundingClientRect(), box.getBoundingClientRect()];
  box.scrollTop += inner.top - outer.top - Math.min(120, outer.height / 4);
}

// What is shown

function paintText() {
  $("text").querySelectorAll(".paragraph").forEach((each) => each.remove());
  $("words").lang = all.language;
  for (const each of all.paragraphs) {
    const text = element("div", "", { class: "words", dir: "auto", lang: all.language });
    const box = element("div", [element("span", String(each.number), { class: "number", "aria-hidden": "true" }), text], { class: `paragraph ${each.kind}`, "data-number": each.number });
    paragraphs.set(each.number, { ...each, size: length(each.text), element: box, words: text });
    $("text").append(box);
    paintParagraph(each.number);
  }
}

function paintParagraph(number) {
  const each = paragraphs.get(number);
  if (!each) return;
  const item = items.get(now?.item);
  const isHere = paragraphNow() === number;
  const within = (marks) => marks.filter(([start, end]) => start < each.start + each.size && end > each.start).map(([start, end, name]) => [Math.max(start - each.start, 0), Math.min(end - each.start, each.size), name]);
  const marks = within(all.bare.map(([start, end]) => [start, end, "bare"]));
  if (isHere && item && !item.lost) {
    const roles = item.marks.map(([start, end, role]) => [start, end, role.replace(/ .*/, "")]);
    marks.push(...within([[item.start, item.end, "claim"], ...roles]));
  }
  paint(each.words, each.text, marks);
  each.element.classList.toggle("now", isHere && now !== null);
  each.element.classList.toggle("complete", all.complete.includes(number));
}

/** Return a claim in words: subject, what stands before the object, the object, what stands behind it, and the status. */
function sentence(item) {
  const relation = all.relations.find((each) => each.label === item.relation);
  const status = all.statuses.find((each) => each.name === item.status);
  const [before, after = ""] = (relation ? label(relation.labels) : item.relation).split("…");
  return [label(item.subject), ` ${before} `, label(item.object), after && ` ${after}`, status ? label(status.labels) : item.status];
}

const inWords = (item) => sentence(item).slice(0, 4).join("");

function showCard() {
  const item = items.get(now?.item);
  const box = $("claim");
  box.replaceChildren();
  $("claim-head").textContent = now === null ? say("done") : say(item ? "claim" : "paragraph", { n: paragraphNow() });
  if (item) showItem(item, box);
  else if (now) {
    for (const each of ordered()) if (each.paragraph === now.paragraph && TAKEN.includes(each.act)) box.append(element("p", inWords(each), { class: "detail" }));
    box.append(element("p", say("missing"), { class: "says" }));
  } else box.append(element("p", say("accept_next", { source: all.source })));
  showKeys(item);
  const listed = all.paragraphs.filter((each) => each.states);
  const decided = [...items.values()].filter((each) => !each.open).length;
  $("progress").textContent = say("progress", { done: decided, all: items.size, complete: listed.filter((each) => all.complete.includes(each.number)).length, paragraphs: listed.length });
}

function showItem(item, box) {
  const [subject, before, object, after, status] = sentence(item);
  box.append(element("p", [element("span", subject, { class: "subject" }), before, element("span", object, { class: "object" }), `${after} · ${status}${item.cue ? ` · ${item.cue}` : ""}`], { class: "says" }));
  if (item.lost) box.append(element("p", [say("lost"), element("q", item.row.quotation)]));
  for (const column of COLUMNS.slice(4, -1)) {
    if (item.row[column]) box.append(element("p", say("in_row", { column: columnName(column) }) + cellText(column, item.row[column]), { class: "detail" }));
  }
  for (const each of item.unsettled) {
    const names = each.candidates.map(([, name]) => name).join(", ");
    const known = names ? `${say("may_be")} ${names}` : each.new ? say("is_new", { name: each.new }) : say("nobody");
    box.append(element("p", `${each.text}: ${known}`, { class: "detail" }));
  }
}

const termsOf = (column) => all.terms[column]?.map((each) => [each.name, label(each.labels)]) ?? CHOICES[column]?.map((each) => [each, words[language()].choices[each]]);
const cellText = (column, cell) => termsOf(column)?.find(([name]) => name === cell)?.[1] ?? cell;
const columnName = (column) => words[language()].columns[column].replace(/ ?[（(，,].*/, "");

function showKeys(item) {
  const box = $("keys");
  box.replaceChildren();
  const own = words[language()];
  if (reasons) {
    box.append(element("span", say("why")));
    for (const [key, name] of Object.entries(own.reasons)) box.append(keyButton(key, name, () => reject(key)));
    return;
  }
  const shown = Object.keys(own.keys).filter((key) => !"jk?".includes(key) && (item ? key !== "n" : !"aeru".includes(key)) && (now || "b+y".includes(key)));
  for (const key of shown) box.append(keyButton(key, own.keys[key][0], () => press(key)));
}

const keyButton = (key, name, act) => element("button", [element("kbd", key), ` ${name}`], { type: "button", "aria-keyshortcuts": key, onclick: act });

function showBare() {
  const box = $("bare");
  box.replaceChildren();
  const each = paragraphs.get(paragraphNow());
  const here = all.bare.filter(([start]) => each && start >= each.start && start < each.start + each.size);
  if (!here.length) box.append(element("li", say("none"), { class: "detail" }));
  for (const [start, end] of here) {
    const text = slice(each.text, start - each.start, end - each.start);
    box.append(element("li", element("button", `+ ${text}`, { type: "button", onclick: () => add(each.number, [start - each.start, end - each.start]) })));
  }
}

function showQueue() {
  $("queue").replaceChildren(...ordered().map(queueRow));
}

function queueRow(item) {
  const state = item.open ? (item.act === "unsure" ? "unsure" : "open") : item.act === "reject" ? "reject" : "taken";
  const button = element("button", [element("span", `¶${item.paragraph} `), `${inWords(item)} `, element("span", say(state), { class: "state" })], { type: "button", "data-id": item.id, onclick: () => show({ item: item.id }) });
  return element("li", button, { class: state });
}

// What is decided

async function act(body) {
  if (busy) return false; // nobody has seen yet what a second key would decide
  busy = true;
  turn += 1;
  const [status, answer] = await ask("/api/act", body);
  busy = false;
  if (status === 200) {
    const isSpeech = form?.kind === "speakers";
    $("form-box").close();
    take(answer);
    if (isSpeech) tell(say("speaks"));
    return true;
  }
  if (status === 409) {
    await load();
    tell(`${say("conflict")} (${answer.error})`);
  } else if (form && answer.faults) showFaults(answer.faults);
  else tell(answer.error);
  return false;
}

function take(answer) {
  const bare = JSON.stringify(all.bare), complete = JSON.stringify(all.complete);
  Object.assign(all, { bare: answer.bare, complete: answer.complete });
  for (const item of answer.items) items.set(item.id, item);
  for (const id of answer.gone) items.delete(id);
  for (const item of answer.items) {
    const row = $("queue").querySelector(`[data-id="${item.id}"]`)?.parentElement;
    if (row) row.replaceWith(queueRow(item));
  }
  if (answer.gone.length || answer.items.length !== $("queue").childElementCount && items.size !== $("queue").childElementCount) showQueue();
  if (JSON.stringify(all.bare) !== bare || JSON.stringify(all.complete) !== complete) for (const number of paragraphs.keys()) paintParagraph(number);
  if (answer.undone && typeof answer.undone === "object") {
    skipped.delete(answer.undone.id);
    skipped.delete(`¶${answer.undone.paragraph}`);
  }
  tell("");
  show(next());
}

const of = (item) => ({ id: item.id, seen: item.seen });

async function undo() {
  const before = JSON.stringify([...items.values()].map((item) => item.seen)) + all.complete;
  if (await act({ act: "undo" }) && before === JSON.stringify([...items.values()].map((item) => item.seen)) + all.complete) tell(say("nothing_undo"));
}

function reject(key) {
  const reason = words.en.reasons[key];
  reasons = false;
  const item = items.get(now?.item);
  if (reason && item) act({ act: "reject", ...of(item), reason });
  else showCard();
}

async function unsure(item) {
  skipped.add(item.id);
  await act({ act: "unsure", ...of(item) });
}

function skip() {
  skipped.add(now?.item ?? `¶${now?.paragraph}`);
  show(next());
}

function step(by) {
  const list = ordered();
  const at = list.findIndex((item) => item.id === now?.item);
  const item = list[at < 0 ? list.findIndex((each) => each.paragraph >= paragraphNow()) : (at + by + list.length) % list.length];
  if (item) show({ item: item.id });
}

function press(key) {
  const item = items.get(now?.item);
  if (reasons) return reject(key);
  const acts = {
    a: () => item && (item.unsettled.length ? openForm("accept", item) : act({ act: "accept", ...of(item) })),
    e: () => item && openForm("edit", item),
    r: () => { if (item) { reasons = true; showCard(); } },
    u: () => item && unsure(item),
    s: () => now && skip(),
    b: undo,
    "+": () => add(),
    y: () => openForm("speakers", null),
    n: () => now?.paragraph !== undefined && act({ act: "complete", paragraph: now.paragraph }),
    "?": help,
    j: () => step(1),
    k: () => step(-1),
  };
  if (!acts[key]) return undefined;
  tell("");
  return acts[key]();
}

// The form

function add(number, bounds) {
  let at = number;
  let place = bounds;
  for (const each of place ? [] : paragraphs.values()) {
    const found = selected(each.words);
    if (found) {
      [at, place] = [each.number, found];
      break;
    }
  }
  if (!place) {
    at = paragraphNow();
    const each = paragraphs.get(at);
    if (!each) return;
    const bare = all.bare.find(([start]) => start >= each.start && start < each.start + each.size);
    place = bare ? [bare[0] - each.start, bare[1] - each.start] : [0, each.size];
  }
  getSelection().removeAllRanges();
  openForm("add", null, at, place);
}

function openForm(kind, item, number = item?.paragraph, bounds = null) {
  const each = paragraphs.get(number);
  form = { kind, item, number, bounds: bounds ?? (each && item && !item.lost ? [item.start - each.start, item.end - each.start] : null), row: { ...item?.row } };
  form.first = form.bounds?.join();
  $("form-head").textContent = say({ accept: "name_it", edit: "edit_claim", add: "new_claim", speakers: "speakers_head" }[kind]);
  showFaults({});
  const isClaim = kind === "edit" || kind === "add";
  $("swap").hidden = !isClaim;
  $("words").hidden = kind === "speakers";
  $("moves").replaceChildren(...(isClaim ? moves() : []));
  if (!item && isClaim) form.row = { status: "realised" };
  const unsettled = item?.unsettled ?? [];
  for (const open of unsettled) {
    if (open.role !== "said by") form.row[open.role] = open.candidates.length ? open.text : open.new || open.text;
  }
  $("fields").replaceChildren(...(kind === "speakers" ? speakerFields() : COLUMNS.filter((column) => isClaim || unsettled.some((open) => open.role === column)).map((column) => field(column, unsettled))));
  if (isClaim) showFigure();
  paintWords();
  $("form-box").showModal();
  $("fields").querySelector("input, select")?.focus();
}

function moves() {
  const buttons = [["begin_earlier", true, -1, "⇤"], ["begin_later", true, 1, "⇥"], ["end_earlier", false, -1, "⇤"], ["end_later", false, 1, "⇥"]];
  return buttons.map(([name, isStart, by, sign]) => element("button", `${sign} ${say(name)}`, { type: "button", onclick: () => { form.bounds = moved(paragraphs.get(form.number).text, form.bounds, isStart, by); paintWords(); } }));
}

function paintWords() {
  const each = paragraphs.get(form.number);
  $("words").textContent = form.bounds && each ? slice(each.text, ...form.bounds) : form.item?.row.quotation ?? "";
}

function field(column, unsettled) {
  const id = `field-${column.replaceAll(" ", "-")}`;
  const name = words[language()].columns[column];
  const value = form.row[column] ?? "";
  const fault = element("span", "", { class: "fault", id: `${id}-fault` });
  let input;
  if (column === "status") input = select(id, all.statuses.map((each) => [each.name, label(each.labels)]), value);
  else if (column === "predicate") {
    input = select(id, [["", "—"], ...all.relations.map((each) => [each.label, label(each.labels)])], value);
    input.addEventListener("change", showFigure);
  } else if (termsOf(column)) input = select(id, [["", "—"], ...termsOf(column)], value);
  else if (column === "gist") input = element("textarea", value, { id, rows: 2 });
  else input = element("input", "", { id, autocomplete: "off", ...(THINGS.includes(column) && { list: "names" }) });
  if (input.tagName === "INPUT") input.value = value;
  input.dataset.column = column;
  input.setAttribute("aria-describedby", fault.id);
  if (input.getAttribute("list")) input.addEventListener("input", () => offer(input));
  const choices = unsettled.filter((open) => open.role === column && open.candidates.length).map((open) => element("span", open.candidates.map(([given, shown]) => element("button", shown, { type: "button", onclick: () => { input.value = given; input.focus(); } }))));
  return element("div", [element("label", name, { for: id }), input, ...choices, fault], column === "gist" ? { class: "wide" } : {});
}

function select(id, options, value) {
  const made = element("select", options.map(([name, text]) => element("option", text, { value: name })), { id });
  made.value = value;
  return made;
}

function speakerFields() {
  const here = String(paragraphNow());
  return [["first", here], ["last", here], ["speakers", ""]].map(([name, value]) => {
    const id = `field-${name}`;
    const input = element("input", "", { id, autocomplete: "off", ...(name === "speakers" ? { list: "names" } : { type: "number", min: 1, max: all.paragraphs.length }) });
    input.value = value;
    input.dataset.column = name === "speakers" ? "said by" : name;
    if (name === "speakers") input.addEventListener("input", () => offer(input));
    const text = name === "speakers" ? words[language()].columns.speakers : say(name);
    return element("div", [element("label", text, { for: id }), input, element("span", "", { class: "fault" })], name === "speakers" ? { class: "wide" } : {});
  });
}

function showFigure() {
  const relation = all.relations.find((each) => each.label === $("field-predicate").value);
  for (const column of OF_FIGURES) $(`field-${column.replaceAll(" ", "-")}`).parentElement.hidden = !relation?.figure;
}

async function offer(input) {
  const parts = input.value.split(";");
  const typed = parts.pop().trim();
  if (typed.length < 1) return;
  const [status, answer] = await ask(`/api/names?of=${encodeURIComponent(typed)}`);
  const before = parts.map((part) => `${part.trim()}; `).join("");
  if (status === 200) $("names").replaceChildren(...answer.names.map((name) => element("option", "", { value: before + name })));
}

function showFaults(faults) {
  const rest = { ...faults };
  for (const input of $("fields").querySelectorAll("[data-column]")) {
    const fault = rest[input.dataset.column];
    delete rest[input.dataset.column];
    input.setAttribute("aria-invalid", String(Boolean(fault)));
    input.parentElement.querySelector(".fault").textContent = fault ?? "";
  }
  $("form-told").textContent = Object.values(rest).join("; ");
  $("fields").querySelector("[aria-invalid=true]")?.focus();
}

async function save() {
  const given = Object.fromEntries([...$("fields").querySelectorAll("[data-column]")].map((input) => [input.dataset.column, input.value]));
  let body;
  if (form.kind === "speakers") body = { act: "speakers", first: Number(given.first), last: Number(given.last), speakers: given["said by"] };
  else {
    const row = Object.fromEntries(Object.entries(given).filter(([column, value]) => value !== (form.item?.row[column] ?? "") && !(form.item?.row[column] === undefined && value === "")));
    const start = paragraphs.get(form.number)?.start ?? 0;
    const isMoved = form.bounds && (form.kind === "add" || form.bounds.join() !== form.first);
    body = { act: form.kind === "add" ? "add" : "accept", ...(form.item && of(form.item)), row, ...(isMoved && { start: start + form.bounds[0], end: start + form.bounds[1] }) };
  }
  if (!(await act(body)) && $("told").textContent) $("form-box").close();
}

function help() {
  $("help").replaceChildren(...Object.entries(words[language()].keys).flatMap(([key, [name, what]]) => [element("dt", [element("kbd", key), ` ${name}`]), element("dd", what)]));
  $("help-box").showModal();
}

// How it begins

function translate() {
  const isAsked = reasons;
  document.documentElement.lang = language();
  for (const each of document.querySelectorAll("[data-word]")) each.textContent = say(each.dataset.word);
  $("title").textContent = `${say("review")}: ${all.title}`;
  document.title = $("title").textContent;
  showQueue();
  show(now);
  reasons = isAsked;
  if (reasons) showCard();
}

async function load() {
  const asked = turn;
  const [status, answer] = await ask("/api/state");
  if (asked !== turn || busy) return;
  if (status !== 200) {
    tell(answer.error);
    return;
  }
  const isNew = all === null;
  all = answer;
  items = new Map(answer.items.map((item) => [item.id, item]));
  if (isNew) paintText();
  else for (const number of paragraphs.keys()) paintParagraph(number);
  if (!items.has(now?.item) && now?.paragraph === undefined) now = next();
  translate();
}

function listen() {
  $("language").addEventListener("change", translate);
  $("help-button").addEventListener("click", help);
  $("help-close").addEventListener("click", () => $("help-box").close());
  $("cancel").addEventListener("click", () => $("form-box").close());
  $("form-box").addEventListener("close", () => { if (!$("form-box").open) form = null; });
  $("form").addEventListener("submit", (event) => { event.preventDefault(); save(); });
  $("swap").addEventListener("click", () => {
    const [one, other] = [$("field-subject"), $("field-object")];
    [one.value, other.value] = [other.value, one.value];
  });
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("dialog"); // one that has closed keeps the focus until the next frame
    const isTyping = box ? box.open : event.target.closest?.("input, select, textarea");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing || busy || !all) return;
    if (event.key === "Escape" && reasons) { reasons = false; showCard(); return; }
    if (event.key.length !== 1 || event.key === " ") return;
    event.preventDefault();
    press(event.key);
  });
  addEventListener("focus", () => { if (all && !form && !reasons && !busy) load(); });
}

words = await (await fetch("/words.json")).json();
$("language").value = Object.keys(words).find((each) => navigator.language === each) ?? (/^zh.*(hant|tw|hk|mo)/i.test(navigator.language) ? "zh-Hant" : navigator.language.startsWith("zh") ? "zh-Hans" : "en");
listen();
await load();
document.documentElement.dataset.ready = "";
