"""Where each thing has its page: names of files that stand for one text each, and links that lead there."""

from __future__ import annotations

from posixpath import join, normpath
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from coopgraph.site.addresses import Addresses, Place, file_name, place, relative, slug

SLUGS = st.text(st.characters(codec="utf-8"), min_size=1) | st.from_regex(r"[A-Za-z0-9_~.%/-]{1,12}", fullmatch=True)
WEB = "https://example.org/id/"


@given(st.lists(SLUGS, min_size=2, max_size=20, unique=True))
def test_two_slugs_never_share_a_file_where_case_does_not_count(slugs: list[str]) -> None:
    names = [file_name(each) for each in slugs]
    assert len({name.casefold() for name in names}) == len(slugs)


@given(
    SLUGS | st.sampled_from(["con", "NUL", "com1", "index", "国" * 100, "国" * 45, "a" * 400, "..", ".", "-", "a b"])
)
def test_a_name_fits_every_file_system(text: str) -> None:
    name = file_name(text)
    assert 0 < len(f"{name}.999999.zh-Hans.jsonld".encode()) <= 200
    assert not set(name) & set('<>:"/\\|?*. %\0')
    assert name not in {"con", "nul", "com1", "index", ""}
    assert slug(name) in (None, text)


@given(st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True).filter(lambda text: file_name(text) == text))
def test_plain_slugs_are_their_own_names_and_lead_back(text: str) -> None:
    here = Addresses(WEB)
    iri = f"{WEB}place/{text}"
    assert here.stem(iri) == f"id/place/{text}"
    assert here.iri(here.stem(iri)) == iri


def test_things_of_two_bases_stand_in_one_tree_without_meeting() -> None:
    here = Addresses(WEB)
    own, bundled = f"{WEB}field/trade", "https://w3id.org/coopgraph/id/field/trade"
    other = "https://w3id.org/coopgraph/id/place/x"
    assert here.stem(bundled) == "id/field/trade"
    assert len({here.stem(iri) for iri in (own, bundled, other, f"{WEB}place/x", "http://x.org/place/x")}) == 5


@given(
    st.builds(
        Place,
        st.sampled_from(["index", "id/place/x", "ontology/_city"]),
        st.integers(1, 99_999),
        st.sampled_from(["en", "zh-Hans", "zh-Hant"]),
        st.sampled_from(["html", "ttl", "jsonld"]),
    )
)
def test_a_path_taken_apart_is_the_path(where: Place) -> None:
    assert place(where.path) == where


PATHS = st.lists(st.sampled_from(["a", "b", "香", "c~1"]), min_size=1, max_size=4).map(
    lambda parts: "/".join(parts) + ".html"
)


@given(PATHS, PATHS)
def test_a_link_leads_from_one_path_to_the_other(start: str, goal: str) -> None:
    link = unquote(relative(start, goal))
    assert normpath(join("/", start, "..", link)) == f"/{goal}"
