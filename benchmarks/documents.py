"""One generated source document: its text, and the Turtle of its passages and claims."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from world import BASE, Fact, Label, World

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

_SCHEMES = (Path(__file__).parents[1] / "ontology" / "schemes.ttl").read_text(encoding="utf-8")
CONCEPTS = {
    kind: re.findall(rf"(?m)^({kind}:[\w-]+) a coop:(?!(?:.+\n)+?    owl:deprecated)", _SCHEMES)
    for kind in ("field", "function", "feature")
}

_OWN = ("agreement", "claim", "event", "initiative", "organisation", "passage", "person", "place", "post", "source")
_PREFIXES = {
    **{kind: f"{BASE}{kind}/" for kind in _OWN},
    **{
        kind: f"https://w3id.org/coopgraph/id/{kind}/"
        for kind in ("feature", "field", "function", "language", "status")
    },
    "coop": "https://w3id.org/coopgraph/ontology#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "unit": "http://qudt.org/vocab/unit/",
    "wgs84": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(_PREFIXES.items())) + "\n"

_RELATIONS: list[tuple[int, str, str, str]] = [
    # how often in a hundred, property, what the subject is, what the object is
    (12, "cooperatesWith", "places", "places"), (8, "cooperatesWith", "organisations", "organisations"),
    (6, "cooperatesWith", "organisations", "places"), (6, "tradesWith", "places", "places"),
    (4, "investsIn", "organisations", "places"), (2, "investsIn", "places", "places"),
    (3, "twinnedWith", "places", "places"), (3, "linkedWith", "places", "places"),
    (5, "participatesIn", "places", "initiatives"), (2, "playsKeyRoleIn", "organisations", "initiatives"),
    (3, "alignsWith", "places", "initiatives"), (3, "benefitsFrom", "organisations", "initiatives"),
    (3, "supports", "organisations", "initiatives"), (4, "hasAdvantageIn", "places", "field"),
    (4, "hasNeedIn", "places", "field"), (3, "promotes", "organisations", "field"), (2, "centreOf", "places", "field"),
    (3, "performs", "organisations", "function"), (2, "hasFeature", "places", "feature"),
    (3, "serves", "organisations", "organisations"), (3, "activeIn", "organisations", "places"),
    (3, "hasOfficeIn", "organisations", "cities"), (1, "memberOf", "organisations", "organisations"),
    (2, "gatewayTo", "places", "places"), (4, "attendedBy", "events", "organisations"),
    (2, "spokeAt", "people", "events"), (1, "precedes", "events", "events"),
    (2, "drewAttentionTo", "people", "initiatives"), (1, "connects", "organisations", "places"),
]  # fmt: skip
_TURNS = [relation for relation in _RELATIONS for _ in range(relation[0])]
_IN_FIELDS = frozenset(
    property_ for _, property_, _, kind in _RELATIONS if kind in ("places", "organisations", "initiatives")
)
_UNDATED = frozenset(
    ("partOf", "principalCityOf", "officeOf", "locatedIn", "covers", "postIn", "hasFeature", "concerns")
)
_STATUSES = ("realised",) * 50 + ("potential",) * 25 + ("planned",) * 15 + ("ended",) * 6 + ("denied",) * 4
_QUANTITIES = (
    ("population", "places", "unit:PERSON"), ("area", "places", "unit:KiloM2"),
    ("coastlineLength", "places", "unit:KiloM"), ("shareOfGdp", "cities", "unit:PERCENT"),
    ("officeCount", "organisations", "unit:NUM"),
)  # fmt: skip
_WORDS = {
    "cooperatesWith": ("works together with", "与对方合作："),
    "tradesWith": ("trades with", "与之贸易的是"),
    "investsIn": ("invests in", "投资于"),
    "twinnedWith": ("is twinned with", "结为友好城市："),
    "linkedWith": ("has links with", "联系着"),
    "participatesIn": ("takes part in", "参与"),
    "playsKeyRoleIn": ("plays a key role in", "在其中发挥关键作用："),
    "alignsWith": ("aligns itself with", "对接"),
    "benefitsFrom": ("benefits from", "受益于"),
    "supports": ("supports", "支持"),
    "hasAdvantageIn": ("is strong in", "的优势在于"),
    "hasNeedIn": ("is in need of", "的需求在于"),
    "promotes": ("promotes", "推动"),
    "centreOf": ("is a centre of", "是其中心："),
    "performs": ("does its work, which is to", "履行职能："),
    "hasFeature": ("is known to be", "的特征是"),
    "serves": ("serves", "服务于"),
    "activeIn": ("is active in", "活跃于"),
    "hasOfficeIn": ("has an office in", "设有办事处于"),
    "memberOf": ("is a member of", "属于"),
    "gatewayTo": ("is the gateway to", "是门户，通往"),
    "attendedBy": ("was attended by", "的出席者有"),
    "spokeAt": ("spoke at", "发言于"),
    "precedes": ("came before", "早于"),
    "drewAttentionTo": ("drew attention to", "提请注意"),
    "connects": ("connects", "连接着"),
    "partOf": ("is a part of", "属于"),
    "principalCityOf": ("is a principal city of", "是主要城市，属"),
    "officeOf": ("is an office of", "是其办事处："),
    "locatedIn": ("is located in", "位于"),
    "covers": ("covers", "负责"),
    "establishedBy": ("was set up by", "的设立者是"),
    "deliveredAt": ("was given at", "发表于"),
    "deliveredBy": ("was given by", "发表者为"),
    "heldIn": ("was held in", "举行于"),
    "hostedBy": ("was hosted by", "主办方为"),
    "postIn": ("is a post in", "是职务，属"),
    "holdsPost": ("holds the post", "担任"),
    "signedBy": ("was signed by", "签署方有"),
    "concerns": ("is about", "涉及"),
}
_PRECISIONS = ("day",) * 4 + ("month",) * 3 + ("year",) * 4 + ("decade",)
_TAILS = (
    ("as the two sides noted at the time", "双方当时都提到这一点"),
    (
        "which the report calls an example for the whole region and for the years to come",
        "报告称之为整个地区今后的榜样",
    ),
    ("and more than one observer expects it to last", "不止一位观察者认为这会持续下去"),
    ("after long talks", "经过长时间的商谈"),
    ("while others have taken a different course", "而其他各方选择了不同的道路"),
    (
        "so that enterprises, schools and households feel the difference in their daily work",
        "企业、学校和家庭在日常中都感受到变化",
    ),
)
_FILLERS = (
    (
        "Nothing in the figures of the former year had pointed that way, and few had expected it.",
        "前一年的数字并没有显示出这一点。",
    ),
    ("The weather was fair.", "天气晴朗。"),
    (
        "Those who were asked about it gave several reasons, among them costs, habit and plain chance.",
        "被问到的人说出了几个原因。",
    ),
)


class Document(NamedTuple):
    """A source document: its slug, year of issue, text, Turtle and number of triples."""

    slug: str
    year: int
    text: str
    turtle: str
    triples: int


def document(world: World, number: int, facts: list[Fact], claims: int, seed: int) -> Document:
    """Return a document that states some facts and, to make so many claims in all, other things of every status."""
    return _Writer(world, number, seed).document(facts, claims)


class _Writer:
    """What is written of one document so far."""

    def __init__(self, world: World, number: int, seed: int) -> None:
        self._random = Random(f"{seed} {number}").random  # a document does not depend on those before it
        self._pools = world.pools | CONCEPTS
        self._labels = world.labels
        self._slug = f"s{number:06}"
        self._chinese = self._random() < 0.15
        self._year = 2000 + int(26 * self._random() ** 0.8)
        self._text: list[str] = []
        self._length = self._passages = self._triples = 0
        self._paragraph = 1
        self._out: list[str] = [HEAD]

    def document(self, facts: list[Fact], claims: int) -> Document:
        """Write the claims, each after the passage that it rests on, and the source last."""
        passages: list[str] = []
        for number, (fact, status) in enumerate(self._links(facts, claims - claims // 20).items(), 1):
            if not passages or self._random() < 0.55:
                passages.append(self._passage(fact))
            self._claim(number, fact, status, passages[-2:] if self._random() < 0.05 else passages[-1:])
        for number in range(claims - claims // 20 + 1, claims + 1):
            self._observation(number, passages[-1])
        text = "".join(self._text) + "\n"
        self._source(text)
        return Document(self._slug, self._year, text, "".join(self._out), self._triples)

    def _links(self, facts: list[Fact], count: int) -> dict[Fact, str]:
        """Return what the document states, each once, with its status."""
        links = dict.fromkeys(facts, "realised")
        while len(links) < count:
            fact = self._statement()
            if fact[0] != fact[2]:
                links.setdefault(fact, self._one(_STATUSES))
        return links

    def _one(self, things: Sequence[T]) -> T:
        return things[int(len(things) * self._random())]

    def _linked(self, kind: str) -> str:
        """Return a thing of a kind, the first ones far more often: degrees fall with rank to the power of 2/3."""
        pool: list[str] = self._pools[kind]
        return pool[int(len(pool) * self._random() ** 3)]

    def _statement(self) -> Fact:
        _, property_, subjects, objects = self._one(_TURNS)
        return self._linked(subjects), property_, self._linked(objects)

    def _add(self, subject: str, kind: str, lines: list[str], more: int = 0) -> None:
        """Write a thing, one triple a line and `more` that stand on the same lines."""
        self._out.append(f"{subject} a coop:{kind} ;\n    " + " ;\n    ".join(lines) + " .\n\n")
        self._triples += 1 + len(lines) + more

    def _label(self, name: str) -> Label:
        known = self._labels.get(name)
        if known:
            return known
        words = name.partition(":")[2].replace("-", " ")
        return Label(words, words, words)

    def _passage(self, fact: Fact) -> str:
        """Write a sentence and, between others that nobody cites, the passage that cites it; return its name."""
        subject, target = self._label(fact[0]), self._label(fact[2])
        self._passages += 1
        if self._passages % 3 == 0:
            self._write("\n\n")
            self._paragraph += 1
        elif self._text:
            self._write(" ")
        verb = _WORDS[fact[1]]
        english, chinese = self._one(_TAILS)
        if self._chinese:
            sentence = f"{subject.hans}{verb[1]}{target.hans}，{chinese}，第{self._passages}项。"
        else:
            sentence = f"{subject.en} {verb[0]} {target.en}, {english} (item {self._passages})."
        start = self._length
        self._write(sentence)
        name = f"passage:{self._slug}-{self._passages:03}"
        also = self._random() < 0.5
        self._add(
            name,
            "Passage",
            [
                f'coop:gist "{subject.en} {verb[0]} {target.en}."@en'
                + (f', "{subject.hans}{verb[1]}{target.hans}。"@zh-Hans' if also else ""),
                f"coop:paragraph {self._paragraph}",
                f'coop:textSha256 "{sha256(sentence.encode()).hexdigest()}"',
                f"oa:end {self._length}",
                f"oa:hasSource source:{self._slug}",
                f"oa:start {start}",
            ],
            also,
        )
        self._write((" " if not self._chinese else "") + self._one(_FILLERS)[self._chinese])
        return name

    def _write(self, text: str) -> None:
        self._text.append(text)
        self._length += len(text)

    def _claim(self, number: int, fact: Fact, status: str, passages: list[str]) -> None:
        subject, property_, target = fact
        lines = [
            f"coop:status status:{status}",
            f"prov:wasDerivedFrom {', '.join(passages)}",
            f"rdf:object {target}",
            f"rdf:predicate coop:{property_}",
            f"rdf:subject {subject}",
        ]
        more = len(passages) - 1
        if property_ in _IN_FIELDS and self._random() < 0.5:
            fields = dict.fromkeys(self._linked("field") for _ in range(1 + (self._random() < 0.3)))
            lines.append(f"coop:field {', '.join(fields)}")
            more += len(fields) - 1
        if property_ not in _UNDATED and self._random() < 0.65:
            lines += self._dates(status)
        if self._random() < 0.25:
            lines += self._speech()
        self._add(f"claim:{self._slug}-{number:03}", "Claim", lines, more)

    def _dates(self, status: str) -> list[str]:
        """Return when the link holds: what is realised or ended began before the document, what is hoped for not."""
        if status in ("planned", "potential"):
            return _date("validFrom", min(self._year + int(4 * self._random()), 2025), "year")
        year = 2000 + int((self._year - 1999) * self._random())
        precision = "year" if year == self._year else self._one(_PRECISIONS)
        begin = _date(
            "validFrom", year // 10 * 10 if precision == "decade" else year, precision, 1 + int(12 * self._random())
        )
        if precision == "decade" or (status != "ended" and self._random() > 0.1):
            return begin
        return begin + _date("validTo", min(year + 1 + int(6 * self._random()), 2025) if year < 2025 else year, "year")

    def _speech(self) -> list[str]:
        lines = [f"coop:statedBy {self._linked('people' if self._random() < 0.7 else 'organisations')}"]
        if self._random() < 0.4:
            lines.append(f"coop:statedAt {self._linked('events')}")
        if self._random() < 0.1:
            lines.append(f"coop:relayedBy {self._linked('organisations')}")
        return lines

    def _observation(self, number: int, passage: str) -> None:
        """Write a figure: a property is taken once a document, for two figures of one thing would contradict."""
        property_, kind, unit = _QUANTITIES[number % len(_QUANTITIES)]
        day = f"{self._year - int(number % 100 // 5 == 0)}-12-31"
        lines = [
            f'coop:asOf "{day}"^^xsd:date',
            'coop:asOfPrecision "year"',
            "coop:status status:realised",
            f"coop:unit {unit}",
            f"prov:wasDerivedFrom {passage}",
            f"rdf:object {int(self._random() * 99999)}" + (".5" if unit == "unit:PERCENT" else "00"),
            f"rdf:predicate coop:{property_}",
            f"rdf:subject {self._linked(kind)}",
        ]
        if unit == "unit:PERCENT":
            lines.append(f"coop:shareOf {self._linked('countries')}")
        self._add(f"claim:{self._slug}-{number:03}", "Observation", lines)

    def _source(self, text: str) -> None:
        publisher = self._linked("organisations")
        title = f"Report {self._slug} on cooperation in {self._year}"
        lines = [
            'coop:issuedPrecision "day"',
            f'coop:textFile "{self._slug}.txt"',
            f'coop:textSha256 "{sha256(text.encode()).hexdigest()}"',
            f'dcterms:bibliographicCitation "{self._label(publisher).en} ({self._year}): {title}."@en',
            f'dcterms:issued "{self._year}-12-01"^^xsd:date',
            f"dcterms:language language:{'zh-Hans' if self._chinese else 'en'}",
            f"dcterms:publisher {publisher}",
            f'dcterms:title "{title}"@en, "{self._year}年合作报告{self._slug}"@zh-Hans',
        ]
        self._add(f"source:{self._slug}", "Source", lines, 1)


def _date(name: str, year: int, precision: str, month: int = 1) -> list[str]:
    month = month if precision in ("day", "month") else 1
    day = 1 + month if precision == "day" else 1
    return [f'coop:{name} "{year}-{month:02}-{day:02}"^^xsd:date', f'coop:{name}Precision "{precision}"']
