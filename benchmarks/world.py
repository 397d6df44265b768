"""The invented entities of a generated workspace, and the facts about them that its documents state."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Fact: TypeAlias = tuple[str, str, str]
"""Subject and object as prefixed names, and between them the local name of a property."""

BASE = "https://example.org/invented/id/"

_SYLLABLES = [
    c + v for c in ("b", "d", "g", "h", "k", "l", "m", "n", "r", "s", "t", "v") for v in ("a", "e", "i", "o", "u")
]
_SIGNS = "北南安平山川江海河湖林泉石田金玉天文武明光永和新古大青白春秋月星雪松柏竹梅花香城谷洋沙原台州口"
"""Signs that are written alike in both scripts."""
_STEP = 7919
"""A prime that divides neither number of names, so that neighbours get unlike names and no two things the same."""


class Label(NamedTuple):
    """What a thing is called in English, and in Chinese in both scripts."""

    en: str
    hans: str
    hant: str


class Thing(NamedTuple):
    """An entity: its prefixed name, its class, its label and its number among those of its kind."""

    name: str
    kind: str
    label: Label
    number: int


def word(number: int) -> str:
    """Return the English-looking name of a number."""
    size = len(_SYLLABLES)
    left, parts = number * _STEP % size**4, []
    for _ in range(4):
        left, digit = divmod(left, size)
        parts.append(_SYLLABLES[digit])
    return "".join(parts).title()


def sign(number: int) -> str:
    """Return the Chinese name of a number."""
    size = len(_SIGNS)
    left, parts = number * _STEP % size**3, []
    for _ in range(3):
        left, digit = divmod(left, size)
        parts.append(_SIGNS[digit])
    return "".join(parts)


_CLASSES: dict[str, Sequence[tuple[str, Label]]] = {
    "country": [("Country", Label("Republic", "国", "國"))],
    "province": [("Province", Label("Province", "省", "省"))],
    "city": [("City", Label("", "市", "市"))],
    "organisation": [
        ("Government", Label("Regional Government", "政府", "政府")),
        ("Office", Label("Economic and Trade Office", "经济贸易办事处", "經濟貿易辦事處")),
        ("Company", Label("Industries", "实业公司", "實業公司")),
        ("Office", Label("Liaison Office", "联络处", "聯絡處")),
        ("Company", Label("Bank", "银行", "銀行")),
        ("Organisation", Label("Chamber of Commerce", "总商会", "總商會")),
    ],
    "person": [("Person", Label(surname, "", "")) for surname in ("Chan", "Li", "Wang", "Novak", "Okoye", "Silva")],
    "event": [
        ("Conference", Label("Cooperation Conference", "合作交流会", "合作交流會")),
        ("Summit", Label("Summit", "高峰论坛", "高峰論壇")),
        ("Speech", Label("Address", "致辞", "致辭")),
        ("Symposium", Label("Symposium", "座谈会", "座談會")),
    ],
    "initiative": [("Initiative", Label("Corridor Initiative", "走廊倡议", "走廊倡議"))],
    "post": [("Post", Label("Directorship", "总监", "總監"))],
    "agreement": [("Agreement", Label("Memorandum", "谅解备忘录", "諒解備忘錄"))],
}
"""Kind -> the classes that its entities have in turn, each with what their names end in."""

_PREFIX = {"country": "place", "province": "place", "city": "place"}


def _things(kind: str, count: int, first: int = 0) -> list[Thing]:
    classes, prefix, found = _CLASSES[kind], _PREFIX.get(kind, kind), []
    for number in range(first, first + count):
        class_, suffix = classes[number % len(classes)]
        name = word(number)
        label = Label(f"{name} {suffix.en}".rstrip(), sign(number) + suffix.hans, sign(number) + suffix.hant)
        found.append(Thing(f"{prefix}:{label.en.lower().replace(' ', '-')}", class_, label, number))
    return found


class World:
    """The entities that so many documents speak of; their numbers grow with that of the documents."""

    def __init__(self, documents: int) -> None:
        self.countries = _things("country", 3 + documents // 200)
        self.provinces = _things("province", 3 + documents // 4, 20_000)
        self.cities = _things("city", 6 + 2 * documents, 40_000)
        self.organisations = _things("organisation", 6 + 4 * documents)
        self.people = _things("person", 4 + 2 * documents)
        self.events = _things("event", 4 + documents)
        self.initiatives = _things("initiative", 4 + documents // 5)
        self.posts = _things("post", 4 + documents)
        self.agreements = _things("agreement", 2 + documents // 3)

    @cached_property
    def places(self) -> list[Thing]:
        """All places, the widest first: the first of a kind are the most linked."""
        return [*self.countries, *self.provinces, *self.cities]

    @cached_property
    def labels(self) -> dict[str, Label]:
        """Prefixed name -> label of every entity."""
        return {thing.name: thing.label for _, things in self.kinds() for thing in things}

    def kinds(self) -> Iterator[tuple[str, Sequence[Thing]]]:
        """Yield (name of the graph file, entities)."""
        yield "places", self.places
        for name in ("organisations", "people", "events", "initiatives", "posts", "agreements"):
            yield name, getattr(self, name)

    @cached_property
    def pools(self) -> dict[str, list[str]]:
        """Kind -> prefixed names of the entities that claims speak of."""
        named = {name: [thing.name for thing in things] for name, things in self.kinds()}
        return named | {name: [thing.name for thing in getattr(self, name)] for name in ("countries", "cities")}

    @cached_property
    def facts(self) -> list[Fact]:
        """What holds from the start, as (subject, property, object): the documents state each at least once."""
        found = [(thing.name, "partOf", _of(self.countries, number)) for number, thing in enumerate(self.provinces)]
        for number, city in enumerate(self.cities):
            relation = "principalCityOf" if number < len(self.provinces) else "partOf"
            found.append((city.name, relation, _of(self.provinces, number)))
        found += _each(self._about_office, [thing for thing in self.organisations if thing.kind == "Office"])
        found += _each(self._about_event, self.events)
        found += [(thing.name, "postIn", _of(self.organisations, n)) for n, thing in enumerate(self.posts)]
        found += [(thing.name, "holdsPost", _of(self.posts, n)) for n, thing in enumerate(self.people)]
        for number, thing in enumerate(self.agreements):
            parties = _of(self.places, number), _of(self.organisations, number)
            found += [(thing.name, "signedBy", party) for party in parties]
            found.append((thing.name, "concerns", _of(self.initiatives, number)))
        return found

    def _about_office(self, number: int, office: Thing) -> Iterator[Fact]:
        parent = self.organisations[office.number - 1]  # an office never follows an office
        yield office.name, "officeOf", parent.name
        yield office.name, "locatedIn", _of(self.cities, 3 * number)
        yield office.name, "covers", _of(self.provinces, number)
        yield office.name, "establishedBy", parent.name

    def _about_event(self, number: int, event: Thing) -> Iterator[Fact]:
        if event.kind == "Speech":
            yield event.name, "deliveredAt", self.events[event.number - 1].name
            yield event.name, "deliveredBy", _of(self.people, number)
        else:
            yield event.name, "heldIn", _of(self.cities, number)
            yield event.name, "hostedBy", _of(self.organisations, 2 * number)


def _of(things: Sequence[Thing], number: int) -> str:
    return things[number % len(things)].name


def _each(about: Callable[[int, Thing], Iterator[Fact]], things: Sequence[Thing]) -> Iterator[Fact]:
    """Yield what `about` says of each thing in turn."""
    for number, thing in enumerate(things):
        yield from about(number, thing)


def describe(thing: Thing) -> str:
    """Return the Turtle of an entity, one line a property and one triple an object."""
    label, number = thing.label, thing.number
    names = [f'"{label.en}"@en', f'"{label.hans}"@zh-Hans', *([f'"{label.hant}"@zh-Hant'] if number % 2 else [])]
    lines = [f"{thing.name} a coop:{thing.kind}", f"skos:prefLabel {', '.join(names)}"]
    lines.append(f'skos:definition "An invented {thing.kind.lower()}, the one numbered {number}."@en')
    if number % 3 == 0:
        lines.append(f'skos:altLabel "{label.en[:3].upper()}-{number}"@en')
    data = _data(thing)
    if data:
        lines += [*data, 'dc:source "Invented for measuring."@en']
    return " ;\n    ".join(lines) + " .\n\n"


def _data(thing: Thing) -> list[str]:
    number = thing.number
    if thing.kind == "City":
        return [f"wgs84:lat {number * 37 % 1400 / 10 - 70:.1f}", f"wgs84:long {number * 91 % 3500 / 10 - 175:.1f}"]
    if thing.kind in ("Conference", "Summit", "Speech", "Symposium"):
        month = f"{2000 + number % 26}-{1 + number % 12:02}"
        return [
            f'coop:startDate "{month}-{10 + number % 9}"^^xsd:date',
            f'coop:endDate "{month}-{20 + number % 9}"^^xsd:date',
        ]
    return [f"schema:sameAs <https://registry.example.org/{thing.name}>"] if number % 4 == 0 else []


def triples_of(text: str) -> int:
    """Return the number of triples of an entity as `describe` writes it."""
    return 1 + text.count(" ;\n") + text.count('"@zh-')
