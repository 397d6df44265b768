"""Claims that closed patterns find: a pattern over the names of a sentence, and the links that it states."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from functools import cache
from importlib.resources import files as package_files
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.errors import DataError
from coopgraph.reading.mentions import simplified
from coopgraph.reading.model import Draft, Mention
from coopgraph.reading.rules import anaphora, name_parts
from coopgraph.reading.rules.slots import Slotted, Stretch, compiled, slotted
from coopgraph.reading.rules.speakers import Speakers, Speech
from coopgraph.reading.rules.status import Cue, status_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgraph.reading.page import Page
    from coopgraph.reading.vocabulary import Property, Vocabulary

LANGUAGES = ("en", "zh")
_CONCEPTS = ("Field", "Function", "Feature")
_DATE = r"(?:\d{1,2} )?(?:[A-Z][a-z]+ )?(?:\d{1,2}, )?(?:1[89]|20)\d\d"
_SINCE = re.compile(rf"\b(?:since|in|from|on)\s+({_DATE})\b|((?:1[89]|20)\d\d年(?:\d{{1,2}}月)?(?:\d{{1,2}}[日号號])?)")


class Link(NamedTuple):
    """A link that a rule states: names of its pattern as subject and object, the predicate, and a status of its own."""

    subject: str
    predicate: str
    object: str
    status: str | None = None


class Rule(NamedTuple):
    """A pattern with the classes of its names, the links that it states, and examples that test it."""

    name: str
    pattern: re.Pattern[str]
    kinds: Mapping[str, str]
    links: tuple[Link, ...]
    dated: bool = False
    examples: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def has_concepts(self) -> bool:
        """Whether it is about fields, functions or features: for others the words for these are words."""
        return any(kind in _CONCEPTS for kinds in self.kinds.values() for kind in kinds.split("/"))


@cache
def rules(language: str) -> tuple[Rule, ...]:
    """Return the rules of a language, `en` or `zh`."""
    name = f"{language}.toml"
    table = tomllib.loads(package_files("coopgraph.reading.rules").joinpath(name).read_text("utf-8"))
    return tuple(_rule(language, row) for row in table["rule"])


def _rule(language: str, row: dict[str, object]) -> Rule:
    pattern, kinds = compiled(str(row["pattern"]))
    links = tuple(_link(str(line)) for line in row["links"])  # type: ignore[attr-defined]
    missing = {end for link in links for end in (link.subject, link.object)} - set(kinds) - set(pattern.groupindex)
    if missing:
        raise DataError(f"rule {row['name']} ({language}): its pattern has no {', '.join(sorted(missing))}")
    examples = tuple((str(text), tuple(expected)) for text, *expected in row.get("examples", ()))  # type: ignore[attr-defined]
    return Rule(f"{language}-{row['name']}", pattern, kinds, links, bool(row.get("dated")), examples)


def _link(line: str) -> Link:
    subject, predicate, target, *status = line.split()
    return Link(subject, predicate, target, status[0] if status else None)


class _Sentence(NamedTuple):
    """A sentence of a page: its words, paragraph, the same with slots, who says it, and the fields that it names."""

    words: str
    paragraph: int
    slotted: Slotted
    speech: Speech | None
    fields: tuple[Mention, ...]


def propose(page: Page) -> Iterator[Draft]:
    """Yield the drafts that rules find in a page; none in a language without rules."""
    language = page.language.partition("-")[0]
    if language not in LANGUAGES:
        return
    speakers = Speakers(page.vocabulary)
    stretches = _stretches(page)
    starts = [stretch.start for stretch in stretches]
    for paragraph, start, end in page.sentences():
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        within = [each for each in stretches[first:last] if each.end <= end]
        fields = tuple(name for each in within for name in each.mentions if name.kind == "Field")
        drafts = list(_by_names(page.text[start:end], paragraph.number, within, page))
        for concepts in (True, False):
            sentence = slotted(page.text, start, end, [each for each in within if concepts or not _is_concept(each)])
            sentence = sentence._replace(text=simplified(sentence.text)) if language == "zh" else sentence
            speech = speakers.of(sentence)
            stated = _Sentence(page.text[start:end], paragraph.number, sentence, speech, fields)
            chosen = [rule for rule in rules(language) if rule.has_concepts is concepts]
            drafts += _by_rules(stated, chosen, page.vocabulary)
        yield from _unique(drafts)


def _is_concept(stretch: Stretch) -> bool:
    return any(each.kind in _CONCEPTS for each in stretch.mentions)


def _unique(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Yield drafts, of several rules for one link the first."""
    seen: set[tuple[str, str, str]] = set()
    for draft in drafts:
        identity = (draft.subject, draft.predicate, draft.object)
        if identity not in seen:
            seen.add(identity)
            yield draft


def _stretches(page: Page) -> list[Stretch]:
    named = [Stretch(each.start, each.end, (each,)) for each in page.mentions]
    implied = anaphora.find(page.text, page.mentions, page.vocabulary)
    return sorted([*named, *implied], key=lambda stretch: stretch.start)


def _by_names(words: str, paragraph: int, within: Sequence[Stretch], page: Page) -> Iterator[Draft]:
    """Yield what the names in a sentence say by themselves."""
    for mention in (each for stretch in within for each in stretch.mentions if not each.implied):
        for link in name_parts.links(mention, page.names):
            places = {"subject": mention.start + link.subject_at, "object": mention.start + link.object_at}
            name = f"rules:name-{link.predicate}"
            yield Draft(name, words, link.subject, link.predicate, link.object, paragraph, places=places)


def _by_rules(stated: _Sentence, listed: Iterable[Rule], vocabulary: Vocabulary) -> Iterator[Draft]:
    for rule in listed:
        for match in rule.pattern.finditer(stated.slotted.text):
            for link in rule.links:
                if (stated_property := vocabulary.properties.get(link.predicate)) is not None:
                    yield from _drafts(stated, rule, link, match, stated_property, vocabulary)


def _drafts(
    stated: _Sentence, rule: Rule, link: Link, match: re.Match[str], of: Property, vocabulary: Vocabulary
) -> Iterator[Draft]:
    """Yield a draft for each pair of names that a match links."""
    cue = status_of(stated.slotted.text, *match.span(), of.act)
    cue = Cue(link.status, *match.span()) if link.status and cue.status == "realised" else cue
    for subject in _ends(rule, link.subject, match, stated.slotted, vocabulary):
        for target in _ends(rule, link.object, match, stated.slotted, vocabulary):
            if isinstance(subject, Mention) and subject != target:
                yield _draft(stated, rule, link, subject, target, cue, match, of)


def _draft(
    stated: _Sentence,
    rule: Rule,
    link: Link,
    subject: Mention,
    target: Mention | str,
    cue: Cue,
    match: re.Match[str],
    of: Property,
) -> Draft:
    is_name = isinstance(target, Mention)
    ends = {"subject": subject, "object": target}
    return Draft(
        proposed_by=f"rules:{rule.name}",
        quotation=stated.words,
        subject=subject.text,
        predicate=link.predicate,
        object=target.text if isinstance(target, Mention) else target,
        paragraph=stated.paragraph,
        status=cue.status,
        cue=_words(stated, cue) if not link.status else "",
        subject_implied=subject.implied,
        object_implied=isinstance(target, Mention) and target.implied,
        fields=_fields(stated, match) if is_name and of.act and of.range != "Field" else (),
        speakers=_speakers(stated, match),
        since=_since(stated.words) if rule.dated else "",
        places={role: end.start for role, end in ends.items() if isinstance(end, Mention) and not end.implied},
    )


def _speakers(stated: _Sentence, match: re.Match[str]) -> tuple[str, ...]:
    """Return who says what a match states, where any of it stands in their words."""
    speech = stated.speech
    return tuple(each.text for each in speech.speakers) if speech and match.end() > speech.start else ()


def _ends(
    rule: Rule, name: str, match: re.Match[str], sentence: Slotted, vocabulary: Vocabulary
) -> list[Mention] | list[str]:
    """Return the names that a group of a pattern took in, of its class, or the words of a figure."""
    stretch = match.group(name) or ""
    if name not in rule.kinds:
        return [stretch] if stretch else []
    wanted, _, unwanted = rule.kinds[name].partition("!")

    def fits(kind: str) -> bool:
        return any(vocabulary.is_a(kind, each) for each in wanted.split("/")) and kind != unwanted

    names = [each for each in sentence.names(stretch) if fits(each.kind or "?")]
    # behind a list of others a person is the one who speaks
    return [each for each in names if (each.kind == "Person") <= (names[0].kind == "Person")]


def _words(stated: _Sentence, cue: Cue) -> str:
    places = stated.slotted.places
    first = places[0]
    return stated.words[places[cue.start] - first : places[cue.end] - first] if cue.end > cue.start else ""


def _fields(stated: _Sentence, match: re.Match[str]) -> tuple[str, ...]:
    """Return the fields that a sentence names from a link on."""
    start = stated.slotted.places[match.start()]
    return tuple(dict.fromkeys(each.text for each in stated.fields if each.start >= start))


def _since(words: str) -> str:
    match = _SINCE.search(words)
    return (match[1] or match[2]) if match else ""
