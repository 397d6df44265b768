"""Synthetic extracts for the tests of page, picture and layout: any size, long and Chinese names, hostile texts."""

from __future__ import annotations

import random

from coopgraph.claims.model import Claim, Entity, Extract, Passage, Quantity, Source
from coopgraph.rdf.vocab import COOP, ID, XSD, coop, prefixes, status_iri

RELATIONS = {
    "cooperatesWith": "cooperation",
    "participatesIn": "cooperation",
    "hasOfficeIn": "presence",
    "locatedIn": "structure",
    "partOf": "structure",
    "hostedBy": "event",
    "spokeAt": "event",
    "holdsPost": "role",
    "drewAttentionTo": "statement",
}
PREDICATE_LABELS = {
    "cooperatesWith": ("cooperates with", "与…合作"),
    "participatesIn": ("takes part in", "参与"),
    "hasOfficeIn": ("has an office in", "在…设有办事处"),
    "locatedIn": ("is located in", "位于"),
    "partOf": ("is part of", "属于"),
    "hostedBy": ("was hosted by", "由…主办"),
    "spokeAt": ("spoke at", "在…上发言"),
    "holdsPost": ("holds the post", "担任"),
    "drewAttentionTo": ("drew attention to", "提及"),
    "promotes": ("promotes", "推动"),
    "population": ("population", "人口"),
}
GROUPS = ("cooperation", "presence", "event", "role", "statement", "structure", "character", "function", "quantity")
STATUSES = ("realised", "realised", "realised", "potential", "planned", "ended", "denied")
ROOTS = ("Place", "Organisation", "Organisation", "Initiative", "Event", "Person", "Post", "Agreement")
WORDS = (
    "Northern",
    "Harbour",
    "Regional",
    "Development",
    "Council",
    "Provincial",
    "Innovation",
    "Alliance",
    "Office",
    "Maritime",
    "Forum",
    "Investment",
    "Promotion",
    "Conference",
    "Bay",
    "Delta",
    "Trade",
    "Union",
    "Institute",
)
CHINESE = "香港辽宁大连沈阳合作发展促进会中心办事处论坛贸易投资创新科技"

HOSTILE = (
    "</script><script>window.hurt=1</script>",
    '<img src=x onerror="window.hurt=1">',
    "javascript:window.hurt=1",
    '"><a href="javascript:window.hurt=1">href</a>',
    "line\u2028separator\u2029end",
    "\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd",
    "emoji 🧭👩‍👩‍👧‍👦",
    "{{ 7*7 }} {% raw %} ${window.hurt=1}",
    "]]>--><!-- '\\\" \\u003c",
)


def synthetic(links: int, entities: int | None = None, *, seed: int = 7, long_names: bool = False) -> Extract:
    """Return an extract with so many links, a few facts, three sources and one passage for every four claims."""
    rng = random.Random(seed)
    count = entities or max(2, links * 2 // 5)
    nodes = [_entity(index, rng, long_names) for index in range(count)]
    sources = {
        f"{ID}source/s{i}": Source(
            f"{ID}source/s{i}",
            f"Report {i}",
            f"{ID}organisation/publisher",
            f"202{i}-10-01",
            "month",
            f"https://example.org/{i}",
        )
        for i in range(3)
    }
    passages = {}
    for index in range(links // 4 + 1):
        iri = f"{ID}passage/s{index % 3}-p{index:05}"
        passages[iri] = Passage(
            iri,
            f"{ID}source/s{index % 3}",
            index % 40 + 1,
            index * 90,
            index * 90 + 80,
            f"{rng.getrandbits(256):064x}",
            {"en": f"What passage {index} says, in other words."},
        )
    names = sorted(passages)
    claims = [_link(index, nodes, names, passages, rng) for index in range(links)]
    claims += [_fact(index, nodes, names, passages, rng) for index in range(min(count, links // 10))]
    return extract(claims, nodes, passages, sources)


def extract(
    claims: list[Claim], nodes: list[Entity], passages: dict[str, Passage], sources: dict[str, Source]
) -> Extract:
    """Return an extract of these parts together with the concepts and terms that the claims use."""
    terms = {node.iri: node for node in [*nodes, *_vocabulary()]}
    ordered = tuple(sorted(claims, key=lambda claim: claim.iri))
    return Extract(
        "Synthetic links of cooperation",
        ordered,
        terms,
        passages,
        sources,
        prefixes(),
        "https://creativecommons.org/licenses/by/4.0/",
        "Invented, to try the page.",
    )


def hostile() -> Extract:
    """Return an extract that carries every hostile text in every field that holds text."""
    texts = [*HOSTILE, "gist " * 2000]
    nodes = [
        Entity(f"{ID}place/h{i}", "Place", "Place", {"en": text, "zh-hans": text}, (text,), (text,))
        for i, text in enumerate(texts)
    ]
    sources = {
        f"{ID}source/h{i}": Source(f"{ID}source/h{i}", text, text, "2023-01-01", "day", text, text)
        for i, text in enumerate(texts)
    }
    passages = {
        f"{ID}passage/h{i}": Passage(f"{ID}passage/h{i}", f"{ID}source/h{i}", 1, 0, 9, "0" * 64, {"en": text}, text)
        for i, text in enumerate(texts)
    }
    claims = [
        Claim(
            f"{ID}claim/h{i:02}",
            nodes[i].iri,
            coop("cooperatesWith"),
            nodes[(i + 1) % len(nodes)].iri,
            "realised",
            "cooperation",
            passages=(f"{ID}passage/h{i}",),
            sources=(f"{ID}source/h{i}",),
        )
        for i in range(len(nodes))
    ]
    made = extract(claims, nodes, passages, sources)
    return Extract(HOSTILE[0], made.claims, made.terms, passages, sources, prefixes(), HOSTILE[2], HOSTILE[1])


def _entity(index: int, rng: random.Random, long_names: bool) -> Entity:
    root = ROOTS[index % len(ROOTS)]
    length = rng.randint(4, 9) if long_names else rng.randint(1, 3)
    english = f"{' '.join(rng.sample(WORDS, length))} {index}"
    chinese = "".join(rng.choices(CHINESE, k=length * 3)) + str(index)
    labels = (
        {"zh-hans": chinese}
        if long_names and index % 5 == 0
        else {"en": english, "zh-hans": chinese, "zh-hant": chinese}
    )
    return Entity(
        f"{ID}{root.lower()}/n{index}",
        root,
        root,
        labels,
        (f"N{index}",),
        (f"http://www.wikidata.org/entity/Q{index}",),
    )


def _link(index: int, nodes: list[Entity], names: list[str], passages: dict[str, Passage], rng: random.Random) -> Claim:
    relation = rng.choice(list(RELATIONS))
    subject = nodes[index % len(nodes)]
    other = nodes[int(len(nodes) * rng.random() ** 3)]
    while other is subject:
        other = rng.choice(nodes)
    year = rng.choice([None, 1998, 2005, 2012, 2014, 2018, 2021, 2022, 2023])
    passage = names[index // 4 % len(names)]
    return Claim(
        f"{ID}claim/s-{index:05}",
        subject.iri,
        coop(relation),
        other.iri,
        rng.choice(STATUSES),
        RELATIONS[relation],
        valid_from=f"{year}-01-01" if year else None,
        valid_from_precision="year" if year else None,
        fields=(f"{ID}field/{rng.choice(['trade', 'finance', 'talent'])}",) if index % 2 else (),
        speakers=(nodes[5 % len(nodes)].iri,) if index % 6 == 0 else (),
        passages=(passage,),
        sources=(passages[passage].source,),
    )


def _fact(index: int, nodes: list[Entity], names: list[str], passages: dict[str, Passage], rng: random.Random) -> Claim:
    quantity = Quantity(
        str(rng.randint(1, 90) * 100_000), XSD + "decimal", "http://qudt.org/vocab/unit/PERSON", "2021-12-31", "day"
    )
    value, predicate, group = (
        (quantity, "population", "quantity") if index % 2 else (f"{ID}field/trade", "promotes", "function")
    )
    passage = names[index % len(names)]
    return Claim(
        f"{ID}claim/t-{index:05}",
        nodes[index].iri,
        coop(predicate),
        value,
        "realised",
        group,
        passages=(passage,),
        sources=(passages[passage].source,),
    )


def _vocabulary() -> list[Entity]:
    terms = []
    for name, (en, zh) in PREDICATE_LABELS.items():
        kind = "SymmetricProperty" if name == "cooperatesWith" else "Property"
        terms.append(Entity(COOP + name, kind, kind, {"en": en, "zh-hans": zh}))
    terms += [Entity(f"{ID}relation/{name}", "RelationGroup", "RelationGroup", {"en": name.title()}) for name in GROUPS]
    terms += [Entity(status_iri(name), "Status", "Status", {"en": name.title()}) for name in sorted(set(STATUSES))]
    fields = {"trade": "贸易", "finance": "金融", "talent": "人才"}
    return terms + [
        Entity(f"{ID}field/{name}", "Field", "Field", {"en": name.title(), "zh-hans": zh})
        for name, zh in fields.items()
    ]
