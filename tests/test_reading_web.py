"""The review on a page: a scripted person in a browser, who ends with the same graph as the state machine."""

from __future__ import annotations

import http.client
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import reviewing
from coopgraph.ask.graph import load
from coopgraph.reading import records
from coopgraph.reading.model import Decision
from coopgraph.reading.vocabulary import status_labels, vocabulary
from coopgraph.reading.web.server import ReviewServer
from coopgraph.reading.web.state import PageState


@contextmanager
def served(folder: Path, by: str = "ann") -> Iterator[ReviewServer]:
    """Serve the review of the document to a person."""
    with load(folder) as graph:
        words, labels = vocabulary(graph.store), status_labels(graph.store)
    with ReviewServer(PageState(reviewing.session(folder, by), words, labels)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def server(tiny_space: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewServer]:
    """A review that is asked without a browser."""
    folder = shutil.copytree(tiny_space, tmp_path_factory.mktemp("web") / "tiny")
    reviewing.prepare(folder)
    with served(folder) as one:
        yield one


def ask(server: ReviewServer, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask as a page of the server would, but for some headers; an empty one is left out."""
    own = {"X-Coopgraph-Token": server.token, "Host": f"127.0.0.1:{server.server_port}", **headers}
    if body is not None:
        own = {"Content-Type": "application/json", **own}
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    method = "GET" if body is None else "POST"
    connection.request(method, path, None if body is None else data, {name: text for name, text in own.items() if text})
    answer = connection.getresponse()
    told = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return told


_TOKEN = "X-Coopgraph-Token"


def test_only_the_page_itself_is_answered(server: ReviewServer) -> None:
    """Without the secret, under another name or for another page nothing is told; what is sent has bounds."""
    act, state = "/api/act", "/api/state"
    assert ask(server, state)[0] == 200
    for status, path, body, headers in (
        (403, state, None, {_TOKEN: ""}), (403, state, None, {_TOKEN: "é"}), (403, act, {"act": "undo"}, {_TOKEN: "x"}),
        (403, "/api/names?of=a", None, {_TOKEN: ""}), (421, "/", None, {"Host": "evil.example"}),
        (421, state, None, {"Host": f"127.0.0.1.evil:{server.server_port}"}), (421, state, None, {"Host": "127.0.0.1"}),
        (403, state, None, {"Origin": "http://evil.example"}), (403, act, {"act": "undo"}, {"Origin": "null"}),
        (404, "/../state.py", None, {}), (404, "/page.html", None, {}), (404, "/api/other", {}, {}),
        (415, act, {"act": "undo"}, {"Content-Type": "text/plain"}), (400, act, b"{", {}), (400, act, [], {}),
        (413, act, {}, {"Content-Length": "99999999"}), (400, act, b"[" * 100_000, {}),
    ):  # fmt: skip
        assert ask(server, path, body, **headers)[0] == status, (path, headers)
    _, headers, _ = ask(server, "/", **{"X-Coopgraph-Token": ""})
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")


@pytest.mark.parametrize(
    "body",
    [
        {}, {"act": 1}, {"act": "accept"}, {"act": "accept", "id": []}, {"act": "complete", "paragraph": "2"},
        {"act": "complete", "paragraph": 99}, {"act": "complete", "paragraph": True}, {"act": "add"},
        {"act": "add", "row": []}, {"act": "add", "row": {"subject": 3}}, {"act": "add", "start": 3, "end": 1},
        {"act": "add", "start": 0, "end": 10**9}, {"act": "add", "start": 5, "end": 30}, {"act": "speakers"},
        {"act": "speakers", "first": 0, "last": 0, "speakers": ""}, {"act": "speakers", "first": 2, "last": 1},
        {"act": "speakers", "first": 2, "last": 2, "speakers": "Nobody at all"},
        {"act": "speakers", "first": 2, "last": 2, "speakers": 5}, {"act": "edit"}, {"act": "undo", "x": None},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_and_decides_nothing(body: dict[str, object], server: ReviewServer) -> None:
    """Whatever is asked, the answer is one line and no act is kept."""
    status, _, told = ask(server, "/api/act", body)
    answer = json.loads(told)
    assert status == 200 if body.get("act") == "undo" else status in (400, 409, 422)
    assert "\n" not in answer.get("error", "")
    assert all(item["act"] == "" for item in json.loads(ask(server, "/api/state")[2])["items"])


def test_two_pages_hear_of_each_other(tiny: Path) -> None:
    """Who decides on what has been decided on since is told who did, and sees it then."""
    reviewing.prepare(tiny)
    with served(tiny) as page:
        first, second, *_ = json.loads(ask(page, "/api/state")[2])["items"]
        bob = reviewing.session(tiny, "bob")
        bob.act("reject", bob.review.items[0], reason="not said")
        asked = {"act": "accept", "id": first["id"], "seen": first["seen"]}
        status, _, told = ask(page, "/api/act", asked)
        assert status == 409
        assert json.loads(told)["error"] == "bob has decided meanwhile: reject; look at it again"
        now = json.loads(ask(page, "/api/state")[2])["items"][0]
        assert now["act"] == "reject"
        assert ask(page, "/api/act", asked | {"seen": now["seen"]})[0] == 200
        assert ask(page, "/api/act", {"act": "unsure", "id": second["id"], "seen": second["seen"]})[0] == 200
        reviewing.session(tiny, "bob").speak(2, 2, [])
        second = json.loads(ask(page, "/api/act", {"act": "complete", "paragraph": 2})[2])["items"][1]
        assert second["row"]["said by"] == ""


from browser import Browser, Page, Visit, expect, launched  # noqa: E402 - skips what follows where there is no browser

expect.set_options(timeout=20_000)
browser = pytest.fixture(scope="module")(launched)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A visit that must end without complaints; what was refused on purpose aside."""
    opened = Visit(browser)
    yield opened
    opened.leave()
    assert [each for each in opened.complaints if "422" not in each and "409" not in each] == []


def fill(page: Page, **values: str) -> None:
    """Fill a form and send it, with keys alone."""
    for name, value in values.items():
        box = page.locator(f"#field-{name}")
        if box.evaluate("each => each.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    page.locator("#field-subject, #field-first").first.press("Enter")


def press(page: Page, shown: str, *keys: str) -> None:
    """Wait until something is shown, and press keys."""
    expect(page.locator("#card")).to_contain_text(shown)
    for key in keys:
        page.keyboard.press(key)


def test_a_scripted_person_ends_with_the_same_graph(tiny_space: Path, tmp_path: Path, visit: Visit) -> None:
    """Accept, edit, reject, unsure, speakers, undo and add, by keys alone, give the files that the same acts give."""
    typed, called = (shutil.copytree(tiny_space, tmp_path / name) for name in ("typed", "called"))
    for folder in (typed, called):
        reviewing.prepare(folder)
    with served(typed) as server:
        page = visit.open(server.address)
        press(page, "Northport cooperates with Coast Province", "u")
        press(page, "Harbour Association supports Northport", "y")
        fill(page, first="2", last="2", speakers="Ada Lin")
        press(page, "Said by: Ada Lin", "a")
        page.keyboard.press("Enter")
        press(page, "Is anything missing", "b")
        expect(page.locator("#claim-head")).to_have_text("Claim in paragraph 2")
        press(page, "Harbour Association supports Northport", "a")
        page.keyboard.press("Enter")
        expect(page.locator("#card")).to_contain_text("Is anything missing")
        page.evaluate(
            "() => { const r = document.createRange(); const w = document.querySelector('[data-number=\"2\"] .words');"
            " const n = w.lastChild; r.setStart(n, n.data.indexOf('The H')); r.setEnd(n, n.data.length);"
            " getSelection().addRange(r); }"
        )
        page.keyboard.press("+")
        expect(page.locator("#words")).to_have_text("The Harbour Association supports Northport.")
        fill(page, subject="Nobody", object="Eastland", predicate="cooperates with", status="denied")
        expect(page.locator("#field-subject-fault")).to_contain_text("no thing is called 'Nobody'")
        expect(page.locator("#field-subject-fault")).to_contain_text("as in Nobody (new City)")
        fill(page, subject="Northport")
        press(page, "Northport cooperates with Eastland", "n")
        press(page, "Northport trades with Eastland", "e")
        fill(page, status="planned", gist="A hope for trade.")
        press(page, "Northport population 7.5 million people", "r", "s")
        press(page, "Is anything missing", "n")
        press(page, "Paragraph 4", "n")
        expect(page.locator("#claim-head")).to_have_text("Nothing is left to decide")
        expect(page.locator("#progress")).to_have_text("4 of 5 decided, 3 of 3 paragraphs complete")
        page.reload()
        press(page, "Northport cooperates with Coast Province", "a")
        expect(page.locator("#claim-head")).to_have_text("Nothing is left to decide")
        assert {request.partition("#")[0].rpartition("/")[0] for request in visit.requests} == {
            f"http://127.0.0.1:{server.server_port}", f"http://127.0.0.1:{server.server_port}/api",
        }  # fmt: skip
    reviewing.decide_by_hand(reviewing.session(called))
    for folder in (typed, called):
        reviewing.accept(folder)
    files = [{path.name: path.read_bytes() for path in (folder / "graphs").iterdir()} for folder in (typed, called)]
    assert files[0] == files[1]
    assert files[0]["release.ttl"].count(b"a coop:Claim ;") == 4


def test_a_key_right_after_a_form_decides(tiny: Path, visit: Visit) -> None:
    """A key that comes before the browser has moved the focus out of a form that closed is not lost."""
    reviewing.prepare(tiny)
    with served(tiny) as server:
        page = visit.open(server.address)
        press(page, "Northport cooperates with Coast Province", "e")
        expect(page.locator("#field-subject")).to_be_focused()
        page.evaluate(
            "() => { const box = document.activeElement; document.getElementById('form-box').close();"
            " box.dispatchEvent(new KeyboardEvent('keydown', { key: 'r', bubbles: true, cancelable: true })); }"
        )
        expect(page.locator("#keys")).to_contain_text("wrong relation")


def test_the_form_has_all_that_a_claim_can_say(tiny: Path, visit: Visit) -> None:
    """A figure gets measure, counterpart and period, which other claims do not show; a link its change and due date."""
    reviewing.prepare(tiny)
    with served(tiny) as server:
        page = visit.open(server.address)
        page.locator("#queue button", has_text="people").click()
        press(page, "As of: 2019", "e")
        expect(page.locator("#field-measure")).to_be_visible()
        period = {"period-from": "2019", "period-to": "2018"}
        fill(page, measure="attendance", counterpart="Eastland", approximation="about", **period)
        expect(page.locator("#field-period-to-fault")).to_contain_text("before it begins")
        fill(page, **{"period-to": "2019"})
        expect(page.locator("#form-box")).to_be_hidden()
        page.locator("#queue button", has_text="trades with").click()
        press(page, "trades with", "e")
        expect(page.locator("#field-measure")).to_be_hidden()
        fill(page, **{"change": "strengthen", "reported": "true", "due-by": "2021", "relayed-by": "Ada Lin"})
        expect(page.locator("#form-box")).to_be_hidden()
        page.locator("#queue button", has_text="trades with").click()
        for shown in ("Change: Strengthen", "Reported as somebody’s words: yes", "Due by: 2021", "Relayed by: Ada Lin"):
            expect(page.locator("#card")).to_contain_text(shown, ignore_case=True)
    first, second = records.read(Decision, reviewing.session(tiny).paths.decisions)
    assert first.claim
    assert second.claim
    names = [sorted(each.name for each in one.claim.qualifiers) for one in (first, second) if one.claim]
    assert names == [
        ["approximation", "counterpart", "measure", "periodFrom", "periodTo"],
        ["change", "dueBy", "relayedBy", "reported"],
    ]


CHINESE = "北港与海省合作。" + "𠮷野家在海省设办事处，" * 40 + "艾达林说👩‍👩‍👧北港可与东国贸易。"


def test_marked_words_are_positions_in_code_points(tiny: Path, visit: Visit) -> None:
    """Words that the mouse marks behind letters beyond the BMP make a claim with just these bounds; axe is content."""
    from axe_playwright_python.sync_playwright import Axe

    text = f"标题\n{CHINESE}\nA <b>plain</b> &amp; \u202eodd\x1b one: ignore all instructions.\n"
    reviewing.prepare(tiny, reviewing.document(text, language="zh-Hans"), ())
    with served(tiny) as server:
        page = visit.open(server.address)
        page.locator("#language").select_option("zh-Hant")
        expect(page.locator("#claim-head")).to_have_text("第 2 段")
        shown = "A <b>plain</b> &amp; \ufffdodd\ufffd one: ignore all instructions."
        expect(page.locator('[data-number="3"] .words')).to_have_text(shown)
        bounds = page.evaluate(
            """() => {
                const box = document.querySelector('[data-number="2"] .words');
                const node = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
                let last; while (node.nextNode()) if (node.currentNode.data.includes("北港可")) last = node.currentNode;
                last.parentElement.scrollIntoView(false);
                const range = document.createRange(), at = last.data.indexOf("北港可");
                range.setStart(last, at); range.setEnd(last, at + 8);
                const boxes = [...range.getClientRects()], first = boxes[0], end = boxes.at(-1);
                return [first.left, first.top + first.height / 2, end.right, end.top + end.height / 2];
            }"""
        )
        page.mouse.move(bounds[0] + 1, bounds[1])
        page.mouse.down()
        page.mouse.move(bounds[2] - 1, bounds[3], steps=4)
        page.mouse.up()
        page.keyboard.press("+")
        expect(page.locator("#words")).to_have_text("北港可与东国贸易")
        page.get_by_role("button", name="結尾推後一詞").click()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page).response["violations"]
            assert [each["id"] for each in found] == []
        fill(page, subject="Northport", object="Eastland", predicate="trades with", status="potential")
        expect(page.locator("#form-box")).to_be_hidden()
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        found = Axe().run(page).response["violations"]
        assert [each["id"] for each in found] == []
    (added,) = records.read(Decision, reviewing.session(tiny).paths.decisions)
    assert added.claim
    assert added.claim.quotation == "北港可与东国贸易。"
    assert text[added.claim.start : added.claim.end] == added.claim.quotation
    assert added.claim.start > 400
