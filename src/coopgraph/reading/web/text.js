// Text as code points: positions of the review count these, and JavaScript counts UTF-16.

const WORD = /[\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]|[\p{L}\p{N}\p{M}]+(?:['\u2019-][\p{L}\p{N}\p{M}]+)*|[^\s]/gu;

export const length = (text) => [...text].length;

export const slice = (text, start, end) => [...text].slice(start, end).join("");

/** Return the bounds, in code points, of the words of a paragraph: a Chinese character or a mark is one. */
function words(text) {
  return [...text.matchAll(WORD)].map((match) => {
    const start = length(text.slice(0, match.index));
    return [start, start + length(match[0])];
  });
}

/** Return bounds one of which is a word further on or back; one word at least is left. */
export function moved(text, [start, end], isStart, by) {
  const all = words(text);
  const edges = isStart ? all.map(([first]) => first).filter((each) => each < end) : all.map(([, last]) => last).filter((each) => each > start);
  const at = isStart ? start : end;
  const next = by > 0 ? edges.find((edge) => edge > at) : edges.findLast((edge) => edge < at);
  if (next === undefined) return [start, end];
  return isStart ? [next, end] : [start, next];
}

/** Return what is marked in an element with the text of a paragraph: bounds in code points, without blanks at the ends. */
export function selected(element) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0).cloneRange();
  if (!range.intersectsNode(element)) return null;
  const whole = document.createRange();
  whole.selectNodeContents(element);
  if (range.compareBoundaryPoints(Range.START_TO_START, whole) < 0) range.setStart(whole.startContainer, whole.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, whole) > 0) range.setEnd(whole.endContainer, whole.endOffset);
  const before = document.createRange();
  before.selectNodeContents(element);
  before.setEnd(range.startContainer, range.startOffset);
  const text = range.toString();
  const start = length(before.toString()) + length(text) - length(text.trimStart());
  const end = start + length(text.trim());
  return start < end ? [start, end] : null;
}

/** Fill an element with a text in which stretches [start, end, class] are marked; inner ones lie in outer ones. */
export function paint(element, text, marks) {
  const points = [...text];
  const edges = [...new Set([0, points.length, ...marks.flatMap(([start, end]) => [start, end])])]
    .filter((edge) => edge >= 0 && edge <= points.length)
    .sort((one, other) => one - other);
  element.replaceChildren();
  for (let at = 0; at + 1 < edges.length; at += 1) {
    const [start, end] = [edges[at], edges[at + 1]];
    const classes = marks.filter(([first, last]) => first <= start && end <= last).map(([, , name]) => name);
    const words = points.slice(start, end).join("");
    if (!classes.length) {
      element.append(words);
      continue;
    }
    const span = document.createElement(classes.includes("claim") ? "mark" : "span");
    span.className = classes.join(" ");
    span.textContent = words;
    element.append(span);
  }
}
