// An editor of SPARQL in the place of a textarea, in a shadow root, so that its styles need no leave of the page.
import { acceptCompletion, autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const look = EditorView.theme({
  "&": { color: "var(--ink)", background: "var(--tint)", border: "1px solid var(--edge)", borderRadius: "6px", fontSize: "14px" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "1px" },
  ".cm-content": { fontFamily: "var(--mono)", caretColor: "var(--ink)", minHeight: "14em" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-scroller": { overflow: "auto", maxHeight: "65vh" },
  ".cm-gutters": { background: "transparent", color: "var(--soft)", border: "0" },
  ".cm-selectionBackground, &.cm-focused .cm-selectionBackground": { background: "var(--rule) !important" },
  ".cm-tooltip": { background: "var(--paper)", color: "var(--ink)", border: "1px solid var(--edge)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent)", color: "var(--paper)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.85" },
});
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: tags.string, color: "var(--good)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--event)" },
  { tag: tags.atom, color: "var(--warn)" },
]);

/** Puts an editor in the place of a textarea, which keeps the text; `complete` gives completions of a word. */
export function edit(textarea, { label, complete, run }) {
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  textarea.after(host);
  textarea.hidden = true;
  const words = (context) => {
    const word = context.matchBefore(/[?$\w:.\-\u00c0-\uffff]+/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    return { from: word.from, options: complete(word.text), filter: false };
  };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: textarea.value,
      extensions: [
        lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(),
        StreamLanguage.define(sparql), syntaxHighlighting(colours), autocompletion({ override: [words] }), look,
        EditorView.lineWrapping, EditorView.contentAttributes.of({ "aria-label": label }),
        keymap.of([
          { key: "Mod-Enter", run: () => (run(), true) },
          { key: "Tab", run: acceptCompletion },
          ...completionKeymap, ...defaultKeymap, ...historyKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) textarea.value = update.state.doc.toString();
        }),
      ],
    }),
  });
  view.scrollDOM.tabIndex = 0; // what scrolls can be reached by keyboard
  return { set: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }), focus: () => view.focus() };
}
