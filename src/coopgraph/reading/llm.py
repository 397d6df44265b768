"""Claims that a language model proposes: one request for each paragraph, to any server that speaks as OpenAI's does.

The model gives words alone; whether they stand in the text, and where, the gates find out. Nothing is sent that was not
allowed by hand, and nothing but JSON of the schema is taken.
"""

from __future__ import annotations

import json
import re
from functools import cache
from hashlib import sha256
from importlib.resources import files as package_files
from typing import TYPE_CHECKING, Any

from coopgraph.claims import matching
from coopgraph.errors import short
from coopgraph.rdf.vocab import STATUSES
from coopgraph.reading.chat import Answer, Chat
from coopgraph.reading.model import Draft, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.reading.model import Paragraph
    from coopgraph.reading.page import Page
    from coopgraph.reading.settings import Settings
    from coopgraph.reading.vocabulary import Vocabulary

_EXAMPLE = "The Glass Guild of Orm set up a lamp office in Velt in 1204. It hopes to trade with the Salt Moor."
_EXAMPLE_ANSWER: dict[str, list[dict[str, Any]]] = {
    "claims": [
        {
            "quotation": "The Glass Guild of Orm set up a lamp office in Velt in 1204.",
            "subject": "Glass Guild of Orm", "subject_implied": False, "predicate": "hasOfficeIn",
            "object": "Velt", "object_implied": False, "status": "realised", "status_words": "set up",
            "speakers": [], "since": "1204", "until": "", "fields": [],
        },
        {
            "quotation": "It hopes to trade with the Salt Moor.",
            "subject": "Glass Guild of Orm", "subject_implied": True, "predicate": "tradesWith",
            "object": "Salt Moor", "object_implied": False, "status": "potential", "status_words": "hopes to",
            "speakers": [], "since": "", "until": "", "fields": [],
        },
    ]
}  # fmt: skip
_TEXTS = ("quotation", "subject", "predicate", "object", "status", "status_words", "since", "until")
_LISTS = ("speakers", "fields")
_FLAGS = ("subject_implied", "object_implied")
_MOST = 60
"""Claims of one paragraph at most."""
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"```[a-zA-Z]*\s*\n(.*?)\n?\s*```", re.DOTALL)
_REPAIR = "That is not the JSON that was asked for: {fault}. Answer with the JSON object alone."


def propose(page: Page, settings: Settings) -> Iterator[Draft | Refusal]:
    """Yield the drafts that a model gives, paragraph by paragraph, and what could not be taken from it.

    The text of the page is sent to where the settings say. Raises `DataError` where that server cannot be used.
    """
    prompt = _prompt(page.vocabulary)
    name = f"llm:{settings.model}@{sha256(prompt.encode()).hexdigest()[:8]}"
    with Chat(settings, _schema(page.vocabulary)) as chat:
        for paragraph in page.paragraphs:
            if paragraph.kind != "heading":
                yield from _of_paragraph(chat, prompt, paragraph, name)


def _of_paragraph(chat: Chat, prompt: str, paragraph: Paragraph, name: str) -> Iterator[Draft | Refusal]:
    """Yield what a model says of a paragraph, which is asked once more where the answer is not of the schema."""
    messages = [
        {"role": "system", "content": prompt},
        {"role": "user", "content": json.dumps(paragraph.text, ensure_ascii=False)},
    ]
    answer = chat.ask(messages)
    rows, fault = _rows(answer)
    if fault and answer.reason == "stop":
        messages += [
            {"role": "assistant", "content": short(answer.text, 20_000)},
            {"role": "user", "content": _REPAIR.format(fault=fault)},
        ]
        answer = chat.ask(messages)
        rows, fault = _rows(answer)
    if fault:
        yield Refusal(_reason(answer), fault, name, paragraph=paragraph.number)
    for row in rows:
        yield _draft(row, paragraph, name)


def _reason(answer: Answer) -> str:
    return {"stop": "not-json", "length": "cut"}.get(answer.reason, "server")


def _rows(answer: Answer) -> tuple[list[Any], str]:
    """Return the claims of an answer, and what is wrong with it as a whole."""
    if answer.reason != "stop":
        return [], answer.text or "the answer was cut off"
    text = _THOUGHT.sub("", answer.text).strip()
    fenced = _FENCE.search(text)
    try:
        value = json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError):
        return [], "it is no JSON"
    rows = value.get("claims") if isinstance(value, dict) else None
    if not isinstance(rows, list):
        return [], 'it is no object with a list "claims"'
    return rows[:_MOST], ""


def _draft(row: Any, paragraph: Paragraph, name: str) -> Draft | Refusal:
    """Return a draft of what stands in an answer, or why it is none."""
    if not isinstance(row, dict):
        return Refusal("schema", "a claim is no object", name, short(str(row)), paragraph.number)
    texts = {key: _text(row.get(key)) for key in _TEXTS}
    lists = {key: _list(row.get(key)) for key in _LISTS}
    wrong = [key for key, value in (texts | lists).items() if value is None]
    wrong += [key for key in _FLAGS if not isinstance(row.get(key, False), bool)]
    quotation = texts["quotation"] or ""
    if wrong:
        return Refusal("schema", f"{wrong[0]} is of another kind", name, short(quotation, 500), paragraph.number)
    if quotation and any(matching.same(quotation, each["quotation"]) for each in _EXAMPLE_ANSWER["claims"]):
        return Refusal("prompt-example", "it is the example of the prompt", name, quotation, paragraph.number)
    return Draft(
        proposed_by=name,
        quotation=quotation,
        subject=texts["subject"] or "",
        predicate=texts["predicate"] or "",
        object=texts["object"] or "",
        paragraph=paragraph.number,
        status=texts["status"] or "",
        cue=texts["status_words"] or "",
        subject_implied=row.get("subject_implied", False),
        object_implied=row.get("object_implied", False),
        fields=lists["fields"] or (),
        speakers=lists["speakers"] or (),
        since=texts["since"] or "",
        until=texts["until"] or "",
    )


def _text(value: Any) -> str | None:
    """Return a text, none where there is no value, and None where it is of another kind."""
    return "" if value is None else value if isinstance(value, str) else None


def _list(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) and all(isinstance(each, str) for each in value) else None


@cache
def _template() -> str:
    return package_files("coopgraph.reading").joinpath("prompt.md").read_text("utf-8")


def _prompt(vocabulary: Vocabulary) -> str:
    """Return the prompt with the predicates of a graph."""
    listed = "\n".join(
        f"- {name}: {of.definition or of.label} ({of.domain} -> {of.range})"
        for name, of in sorted(vocabulary.properties.items())
    )
    filled = {
        "{predicates}": listed,
        "{schema}": json.dumps(_schema(vocabulary), ensure_ascii=False),
        "{example}": json.dumps(_EXAMPLE),
        "{answer}": json.dumps(_EXAMPLE_ANSWER, ensure_ascii=False),
    }
    return re.sub("|".join(map(re.escape, filled)), lambda match: filled[match.group()], _template())


def _schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the JSON schema of an answer: flat, enums for predicate and status alone."""
    text, flag = {"type": "string"}, {"type": "boolean"}
    properties: dict[str, Any] = {
        **dict.fromkeys(_TEXTS, text),
        **dict.fromkeys(_FLAGS, flag),
        **{key: {"type": "array", "items": text} for key in _LISTS},
        "predicate": {"type": "string", "enum": sorted(vocabulary.properties)},
        "status": {"type": "string", "enum": list(STATUSES)},
    }
    claim = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {
        "type": "object",
        "properties": {"claims": {"type": "array", "items": claim}},
        "required": ["claims"],
        "additionalProperties": False,
    }
