"""The command line: data on standard output alone, every error one line, and an exit code that says its kind."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from conftest import Run, environment, write_small
from coopgraph.ask.graph import load
from coopgraph.cli import process
from coopgraph.cli.output import progress_bar
from warm import WarmCommands

CLAIMS = "SELECT ?claim { ?claim a coop:Claim } ORDER BY ?claim"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
COMMAND = [sys.executable, "-m", "coopgraph"]


@pytest.fixture(scope="module")
def space(tiny_space: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built workspace, whose graph is to be read and not changed."""
    return shutil.copytree(tiny_space, tmp_path_factory.mktemp("cli") / "tiny")


USAGE = [
    (("nothing",), "no command is called 'nothing'; commands are "),
    (("exprot",), "no command is called 'exprot'; did you mean export"),
    (("export", "--fromat", "csv"), "--format"),
    (("export", "--format", "turtel"), "no format is called 'turtel'; did you mean turtle"),
    (("query",), "Missing argument"),
    (("query", "partnrs"), "no question is called 'partnrs'; did you mean partners"),
    (("query", "partners"), "partners needs -p place=... "),
    (("query", "partners", "-p", "plase=x"), "no parameter 'plase'; did you mean place"),
    (("query", "partners", "-p", "place"), "-p place: is not name=value"),
    (("query", "partners", "-p", "place=Nrothport"), "did you mean Northport"),
    (("query", "partners", "-p", "place=Northport", "--format", "jsn"), "no format is called 'jsn'; did you mean json"),
    (("query", "partners", "-p", "place=Northport", "-c", "plcae"), "no column is called 'plcae'"),
    (("query", "partners", "--timeout", "0"), "--timeout"),
    (("query", "partners", "--timeout", "nan"), "--timeout"),
    (("query", "partners", "--memory", "nan"), "--memory"),
    (("build", "--wait", "nan"), "--wait"),
    (("query", "SELECT * { ?s ?p ?o }"), "SPARQL text is read from a file or standard input"),
    (("search",), "Missing argument 'TEXT'"),
    (("search", " "), "the text is empty; give a part of a name"),
    (("search", os.fsdecode(b"\xff")), "is not UTF-8"),
    (("show", "Ada Lim"), "no entity is called 'Ada Lim'; did you mean Ada Lin"),
    (("path", "Northport", "Westland", "--status", "hoped"), "no status is called 'hoped'"),
    (("-w", "nowhere", "stats"), "nowhere: is no folder, so it has no coopgraph.toml"),
    (("cut", "sources/gazette-2020.txt", "no such words"), "the text has no 'no such words'"),
    (("show", os.fsdecode(b"\xff")), "is not UTF-8"),
    (("stats", "--format", os.fsdecode(b"\xff")), "is not UTF-8"),
    (("-w", "", "stats"), "--workspace is empty"),
    (("stats", "--store", ""), "--store is empty"),
    (("-w", ".", "stats", "-w", "graphs"), "--workspace is given as '.' and as 'graphs'; give it once"),
    (("stats", "-w", ".", "-w", "graphs"), "--workspace is given as '.' and as 'graphs'; give it once"),
    (("--store", "http://a/", "stats", "--store", "http://b/"), "--store is given as 'http://a/' and as 'http://b/'"),
    (("build", "--store", "http://a/"), "build works on the files of the workspace and asks no server"),
    (("--store", "http://a/", "cut", "x"), "cut works on the files of the workspace and asks no server"),
    (("stats", "--limit", "9"), "No such option '--limit'"),
    (("search", "port", "--limit", "-1"), "--limit -1: is no whole number from 0 on"),
    (("search", "port", "--limit", "x" * 5000), "--limit xxx"),
    (("path", "Northport", "NTC", "--most", "0"), "--most 0: is no whole number from 1 on"),
    (("view", "--since", "9" * 5000), "is no year; write one as 2014"),
    (("view", "--since", "soon"), "'soon': is no year; write one as 2014"),
    (("view", "--language", "zh-Hanz"), "no language is called 'zh-Hanz'; did you mean zh-Hant or zh-Hans"),
    (("view", "--format", "svgg"), "no format is called 'svgg'; did you mean svg"),
    (("view", "--status", "realized"), "no status is called 'realized'; did you mean realised"),
    (("export", "--only", "claim"), "no part is called 'claim'; did you mean claims"),
    (("stats", "--measures", "--by", "pagernk"), "no measure is called 'pagernk'; did you mean pagerank"),
    (("stats", "--by", "pagerank"), "go with --measures"),
    (("stats", "--safe-cells", "--format", "json"), "cells are made safe in CSV alone"),
    (("export", "--safe-cells"), "cells are made safe in CSV alone"),
    (("query", "partners", "-p", "place=> } SERVICE <http://127.0.0.1:1/> {"), "no entity is called '> } SERVICE"),
    (("query", "partners", "place=Northport"), "(place=Northport); give parameters by -p. Try"),
    (("path", "Coast", "Province", "Ada", "Lin"), "put a name of several words in quotes. Try"),
    (("query", "partners.rq"), "partners.rq: there is no such file; the question is called partners"),
    (("query", "partners", "-p", "=x"), "-p =x: is not name=value"),
    (("query", "partners", "-p", "place=Northport", "-c", ""), "no column is called ''"),
]


@pytest.mark.parametrize(("arguments", "said"), USAGE)
def test_wrong_usage_is_one_line_and_2(
    space: Path,
    arguments: tuple[str, ...],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is misspelt or missing is told in one line with what comes near, and ends with 2."""
    monkeypatch.chdir(space)
    code, message = process.outcome(list(arguments))
    assert code == 2
    assert said in message
    assert "\n" not in message.replace("a\nb", "")
    assert len(message) < 500
    assert capsys.readouterr().out == ""


def test_a_wrong_command_says_so_and_nothing_else(space: Path, run: Run) -> None:
    """An error is one line on standard error, what it quotes made visible, and standard output is empty."""
    refused = run("-w", "a\nb\u202e", "stats", cwd=space)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("coopgraph: a\\nb\\u202e: is no folder")
    assert refused.err.count("\n") == 1


QUERIES = [
    ("SELECT", "is not SPARQL"),
    ("SELECT * { nope:x ?p ?o }", "the prefix nope: is not declared"),
    ("SELECT ?x { ?x a ?y }", "parameter ?y is not projected; add ?y to SELECT"),
    ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE would ask another server"),
    ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", "FROM <file:///etc/passwd>: there is no such graph"),
    ("LOAD <file:///etc/passwd>", "LOAD would read from outside"),
    ("SELECT * " + "{" * 10_000 + "}" * 10_000, "the query nests more than 200 deep"),
    (ENDLESS, "the query ran longer than 0.5 s and was stopped; narrow it or raise --timeout"),
    ("CONSTRUCT { ?a ?b ?l } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", "ran longer than 0.5 s"),
    ("SELECT * { ?s ?p " + "(" * 190 + ")" * 190 + " }", "ran longer than 0.5 s"),
]


@pytest.mark.parametrize(("query", "said"), QUERIES)
def test_a_wrong_query_is_one_line_and_4(space: Path, run: Run, query: str, said: str) -> None:
    """A query that is no SPARQL, reaches out or never ends is told in one line, ends with 4, and leaves no file."""
    target = space / "out.csv"
    target.write_text("former")
    parameters = ("-p", "y=Northport") if "?y" in query else ()
    seconds = "0.5" if "ran longer" in said else "30"
    refused = run("query", "-", "--timeout", seconds, "-o", target, *parameters, cwd=space, stdin=query)
    assert (refused.code, refused.out) == (4, "")
    assert said in refused.error
    assert target.read_text() == "former"
    assert not [path for path in space.iterdir() if path.name.startswith(".out")]
    target.unlink()


@pytest.mark.parametrize("seconds", ["inf", "1e300"])
def test_any_number_of_seconds_is_a_limit(space: Path, run: Run, seconds: str) -> None:
    """A time limit that no clock can count is no limit."""
    asked = run("query", "-", "--timeout", seconds, "--format", "csv", cwd=space, stdin=CLAIMS)
    assert (asked.code, asked.err) == (0, "")


FILES = [
    (("query", "nowhere.rq"), b"", "nowhere.rq: cannot be read"),
    (("query", "./graphs"), b"", "graphs: is a folder, not a file"),
    (("query", "/dev/zero"), b"", "/dev/zero: is a device, not a file"),
    (("cut", "/dev/zero"), b"", "/dev/zero: is a device, not a file"),
    (("format", "/dev/zero"), b"", "/dev/zero: is a device, not a file"),
    (("view", "--story", "/dev/zero", "-o", "x.html"), b"", "/dev/zero: is a device, not a file"),
    (("check", "--sources", "/dev/null"), b"", "/dev/null: there is no such folder of source texts"),
    (("query", "-"), b"SELECT * { ?s ?p '\xff' }", "standard input: is not UTF-8 at byte 18"),
    (("query", "-"), b"#" * (2 << 20), "standard input: is larger than 1 MB"),
    (
        ("query", "-"),
        b"#+ parameters:\n#+   x: nothing - text\nSELECT * {}",
        "standard input:2:1: unknown kind 'nothing'",
    ),
    (("export", "-o", "no/where.ttl"), b"", "no/where.ttl: the folder no does not exist; create it first"),
    (("export", "-o", "graphs"), b"", "graphs: is a folder; name a file in it"),
    (("cut", "nowhere.txt", "x"), b"", "nowhere.txt: cannot be read"),
    (("check", "--sources", "nowhere"), b"", "nowhere: there is no such folder of source texts"),
]


@pytest.mark.parametrize(("arguments", "stdin", "said"), FILES)
def test_files_that_cannot_be_used_are_one_line_and_3(
    space: Path, run: Run, arguments: tuple[str, ...], stdin: bytes, said: str
) -> None:
    """A file that cannot be read or written is told in one line with its name, and ends with 3."""
    refused = run(*arguments, cwd=space, stdin=stdin)
    assert (refused.code, refused.out) == (3, "")
    assert said in refused.error


@pytest.mark.parametrize("arguments", [(), ("query", "-h"), ("--version",), ("help",), ("help", "query")])
def test_help_is_for_the_asking(space: Path, run: Run, arguments: tuple[str, ...]) -> None:
    """Help and version go to standard output and end well, and so does the program without any argument."""
    helped = run(*arguments, cwd=space)
    assert (helped.code, helped.err) == (0, "")
    assert helped.out.startswith(("Usage: coopgraph ", "coopgraph 0"))


def test_standard_output_is_data_alone(space: Path, run: Run) -> None:
    """Rows, triples and truth are data that other programs read, with nothing said beside them."""
    rows = run("query", "partners", "-p", "place=北港", cwd=space)
    assert rows.err == ""
    assert len(json.loads(rows.out)["results"]["bindings"]) > 0
    assert run("query", "-", cwd=space, stdin="ASK {}").out == '{"head":{},"boolean":true}\n'
    triples = run("query", "-", cwd=space, stdin="CONSTRUCT WHERE { place:northport a ?type }")
    assert triples.out.startswith("@prefix coop: ")
    assert "place:northport a " in triples.out
    assert run("query", "-", "--format", "csv", "-o", "-", cwd=space, stdin=CLAIMS).out.startswith("claim\r\n")
    assert json.loads(run("stats", cwd=space).out)
    assert json.loads(run("questions", cwd=space).out)


def test_the_row_limit_is_told_beside_the_data(space: Path, run: Run) -> None:
    """Where rows were cut, standard error says so and how to get the rest."""
    cut = run("query", "-", "--limit", "2", "--format", "csv", cwd=space, stdin=CLAIMS)
    assert (cut.code, cut.out.count("\r\n")) == (0, 3)
    assert cut.err == "coopgraph: cut after 2 rows, there are more; raise --limit, or give 0 for all\n"
    assert run("query", "-", "--limit", "0", "--format", "csv", cwd=space, stdin=CLAIMS).err == ""


def test_a_question_is_read_from_a_file_with_its_header(space: Path, run: Run, tmp_path: Path) -> None:
    """A file with a header takes its parameters by kind, with a byte order mark and CRLF too."""
    path = tmp_path / "own.rq"
    header = "#+ summary: s\n#+ parameters:\n#+   thing: entity - what\n"
    text = header + "SELECT ?thing ?text { ?thing skos:definition ?text }"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    asked = run("query", path, "-p", "thing=Ada Lin", "--format", "csv", cwd=space)
    assert asked.out.splitlines()[1] == "https://example.org/id/person/ada-lin,Governor of Northport."
    assert "needs -p thing=..." in run("query", path, cwd=space).error


def test_a_part_of_a_name_or_gist_finds_things(space: Path, run: Run) -> None:
    """A search gives things by a part of a name in any script, and passages by words of their gists, best first."""
    found = run("search", "NORTHPORT", "--limit", "3", "--format", "csv", cwd=space)
    rows = found.out.splitlines()
    assert rows[0] == "thing,class,label,paragraph,text"
    assert rows[1].startswith("https://example.org/id/place/northport,")
    assert found.err == "coopgraph: cut after 3 rows, there are more; raise --limit, or give 0 for all\n"
    assert "place:northport" in run("search", "北", "--format", "md", cwd=space).out
    everything = run("search", "the", "--limit", "0", "--format", "jsonl", cwd=space)
    passages = [row for row in map(json.loads, everything.out.splitlines()) if "/passage/" in row["thing"]]
    assert passages
    assert all(row["paragraph"] and row["label"] and "the" in row["text"].lower() for row in passages)


def test_a_search_that_finds_nothing_says_so(space: Path, run: Run) -> None:
    """Where nothing has a text, the data are empty and standard error says so; no text is an operator."""
    for text in ("zzz", "N%t", "nor*", '"Northport"', "a" * 10_000):
        nothing = run("search", text, "--format", "csv", cwd=space)
        assert (nothing.code, nothing.out) == (0, "thing,class,label,paragraph,text\r\n")
        assert nothing.err.startswith("coopgraph: nothing has ")


def test_what_is_known_is_shown_with_its_source(space: Path, run: Run) -> None:
    """Every claim shown of a thing is one line that ends with source and paragraph."""
    shown = run("show", "NTC", cwd=space)
    assert shown.code == 0
    assert shown.out.startswith("Northport Trade Council (Organisation) organisation:trade-council\n")
    claims = [line for line in shown.out.splitlines() if line.endswith("]")]
    assert len(claims) > 3
    assert all("[source:" in line and "¶" in line for line in claims)


@pytest.mark.parametrize(
    ("name", "heading", "claims"),
    [
        ("source:almanac-1998", "Almanac of the Coast (Source) source:almanac-1998", 6),
        ("status:ended", "Ended (Status) status:ended", 2),
        ("relation:cooperation", "Cooperation (Relation group) relation:cooperation", 24),
    ],
)
def test_a_source_a_status_and_a_group_are_shown_with_their_claims(
    space: Path, run: Run, name: str, heading: str, claims: int
) -> None:
    """All claims of them are listed, and a source is called by its title."""
    shown = run("show", name, cwd=space)
    lines = shown.out.splitlines()
    assert lines[0] == heading
    told = sum(line.startswith("  ") and line.endswith("]") for line in lines)
    assert told == claims


def test_a_long_name_that_nothing_has_is_told_shortly(space: Path, run: Run) -> None:
    assert len(run("show", "x" * 100_000, cwd=space).error) < 300


def test_hostile_labels_break_no_line(space: Path, run: Run) -> None:
    """A label with a line break and markup is shown on one line, as text."""
    shown = run("show", "quote-company", cwd=space)
    assert shown.out.startswith('The "Quote" Company\\n</script><b>& Sons</b> 🚢 שלום ')
    path = run("path", "quote-company", "trade-council", cwd=space)
    assert path.out.startswith('1. The "Quote" Company\\n</script>')


def test_a_path_that_is_not_there_is_told(space: Path, run: Run) -> None:
    """Where nothing links two things, standard output is empty and standard error says so."""
    nothing = run("path", "Far Island", "Northport", cwd=space)
    assert (nothing.code, nothing.out) == (0, "")
    assert nothing.err.startswith("coopgraph: nothing links 'Far Island' and 'Northport'")


@pytest.mark.parametrize("arguments", [("query", "-"), ("export", "--format", "nquads"), ("stats", "--format", "csv")])
def test_a_broken_pipe_ends_quietly(space: Path, arguments: tuple[str, ...]) -> None:
    """A reader that stops reading ends the program without a word."""
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=space, env=environment(space), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(b"SELECT * { ?s ?p ?o }")
        process.stdin.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def in_shell(command: str, space: Path) -> subprocess.CompletedProcess[bytes]:
    """Run the command line with what a shell does to its streams."""
    line = f"{' '.join(COMMAND)} {command}"
    return subprocess.run(["sh", "-c", line], cwd=space, env=environment(space), capture_output=True, check=False)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("stats >&- 2>&-", 0),
        ("stats <&-", 0),
        ("stats 2>/dev/full", 0),
        ("nothing 2>&-", 2),
        ("nothing 2>/dev/full", 2),
    ],
)
def test_closed_and_full_streams_are_borne(space: Path, command: str, code: int) -> None:
    """A standard stream that the caller has closed is no error, nor is one where nothing can be told."""
    done = in_shell(command, space)
    assert (done.returncode, done.stderr) == (code, b"")


def test_a_query_from_a_closed_stream_is_told(space: Path) -> None:
    """A query that is to come from standard input, which is closed, is told in one line."""
    done = in_shell("query - <&-", space)
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.startswith(b"coopgraph: standard input: is closed; ")


@pytest.mark.parametrize(
    "command",
    ["export > /dev/full", "export -o /dev/full", "stats --format table > /dev/full", "show NTC > /dev/full",
     "check > /dev/full", "--help > /dev/full", "cut sources/gazette-2020.txt > /dev/full"],
)  # fmt: skip
def test_a_full_device_is_one_line_and_3(space: Path, command: str) -> None:
    """Standard output that takes no more is told in one line."""
    done = in_shell(command, space)
    assert done.returncode == 3
    assert b": No space left on device; " in done.stderr
    assert [line for line in done.stderr.splitlines() if b"space" in line] == [done.stderr.splitlines()[-1]]


def in_place_of_stats(code: str) -> list[str]:
    """Return a command in which `stats` does something else."""
    program = f"""\
import sys
from coopgraph.cli import group, interrupt, main
def broken(**_):
{code}
group.cli.get_command(None, 'stats').callback = broken
sys.argv = ['coopgraph', 'stats']
main()"""
    return [sys.executable, "-c", program]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "    raise KeyError('x')",
            b"unforeseen KeyError: 'x'; please report it, with what COOPGRAPH_TRACEBACK=1 shows",
        ),
        ("    raise ValueError('a\\nb\\x1b' + 'c' * 9999)", b"unforeseen ValueError: a\\nb\\x1bccc"),
        ("    broken()", b"unforeseen RecursionError: "),
        ("    raise MemoryError", b"there is not enough memory"),
        ("    raise BaseException('panic')", b"unforeseen BaseException: panic; "),
        ("    open('no' * 999)", b"File name too long"),
    ],
)
def test_an_error_that_nobody_foresaw_is_one_line(space: Path, code: str, said: bytes) -> None:
    """Any exception is one line that says how to report it, and the traceback is for the asking."""
    done = subprocess.run(in_place_of_stats(code), cwd=space, env=environment(space), capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (3, b"", 1)
    assert said in done.stderr
    assert len(done.stderr) < 5000
    if b"unforeseen" in said:
        shown = environment(space, {"COOPGRAPH_TRACEBACK": "1"})
        asked = subprocess.run(in_place_of_stats(code), cwd=space, env=shown, capture_output=True, check=False)
        assert b"Traceback" in asked.stderr


def interrupted(
    arguments: Sequence[str | Path], space: Path, begun: Callable[[psutil.Process], bool], stdin: bytes = b""
) -> tuple[int, str]:
    """Return how a command ends, and what it says, when Ctrl-C is pressed once it has begun its work."""
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=space, env=environment(space), stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process, ended(process):  # fmt: skip
        assert process.stdin
        assert process.stderr
        process.stdin.write(stdin)
        process.stdin.close()
        watched = psutil.Process(process.pid)
        while process.poll() is None and not begun(watched):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        return process.wait(30), process.stderr.read().decode()


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a process with a block, however that ends."""
    try:
        yield
    finally:
        process.kill()


def has_worked(process: psutil.Process) -> bool:
    """Say whether a process, or one that it watches, has used more time than all imports take."""
    return any(each.cpu_times().user > 0.6 for each in (process, *process.children(recursive=True)))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("query", [ENDLESS, "CONSTRUCT { ?a ?b ?c } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"])
def test_ctrl_c_ends_a_query(space: Path, tmp_path: Path, query: str) -> None:
    """Ctrl-C ends a running query at once with one line and 130, and leaves no file."""
    target = tmp_path / "out.csv"
    ended = interrupted(("query", "-", "-o", target), space, has_worked, query.encode())
    assert ended == (130, "coopgraph: interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_a_build(small: Path) -> None:
    """Ctrl-C during a build ends it with one line and 130, and leaves no store."""
    ended = interrupted(("build",), small, lambda _: (small / ".coopgraph").exists())
    if ended[0] != 0:  # else it was quicker than we
        assert ended == (130, "coopgraph: interrupted\n")
        assert not (small / ".coopgraph" / "current").exists()


SWALLOWING = """\
    import time
    interrupt._GRACE = 0.3
    while True:
        try:
            print('begun', flush=True)
            time.sleep(60)
        except KeyboardInterrupt:
            pass"""


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_ends_what_swallows_it(space: Path, times: int) -> None:
    """Where something swallows Ctrl-C the program ends all the same, a moment later or at the second one."""
    with subprocess.Popen(
        in_place_of_stats(SWALLOWING), cwd=space, env=environment(space), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process, ended(process):  # fmt: skip
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == b"begun\n"
        for _ in range(times):
            process.send_signal(signal.SIGINT)
            time.sleep(0.05)
        assert process.wait(30) == 130
        assert process.stderr.read() == b"coopgraph: interrupted\n"


TELLING = """\
    import os, signal
    from coopgraph.cli import output
    write = output.tell
    def tell(message):
        write(message)
        os.kill(os.getpid(), signal.SIGINT)
    output.tell = tell
    os.kill(os.getpid(), signal.SIGINT)"""


def test_an_interruption_is_told_once(space: Path) -> None:
    """Ctrl-C while an interruption is being told changes nothing."""
    done = subprocess.run(
        in_place_of_stats(TELLING), cwd=space, env=environment(space), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (130, b"coopgraph: interrupted\n")


def test_an_ignored_ctrl_c_stays_ignored(space: Path) -> None:
    """Whoever starts the program with Ctrl-C ignored, as a shell does in the background, has it ignored."""
    code = "    import os, signal\n    os.kill(os.getpid(), signal.SIGINT)\n    print('went on')"
    ignoring = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh", *in_place_of_stats(code)]
    done = subprocess.run(ignoring, cwd=space, env=environment(space), capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"went on\n")


OPTIONS = [("-w", "."), ("--workspace", "."), ("--workspace=.",), ("-w.",)]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("command", [("stats", "--format", "csv"), ("questions", "--format", "csv"), ("show", "NTC")])
def test_the_workspace_stands_before_or_after_the_command(
    space: Path, run: Run, option: tuple[str, ...], command: tuple[str, ...]
) -> None:
    """`--workspace` is taken before a command, after it, and twice where both say the same."""
    plain = run(*command, cwd=space)
    assert plain.code == 0
    for arguments in ((*option, *command), (*command, *option), (command[0], *option, *command[1:]),
                      (*option, *command, *option)):  # fmt: skip
        assert run(*arguments, cwd=space) == plain


def test_the_server_stands_before_or_after_the_command(space: Path, run: Run) -> None:
    """`--store` is taken on both sides by every command that asks a store."""
    for command in (("query", "classes"), ("search", "x"), ("show", "x"), ("path", "a", "b"), ("stats",), ("view",),
                    ("export",), ("push",)):  # fmt: skip
        for arguments in (("--store", "nowhere", *command), (*command, "--store", "nowhere")):
            assert "'nowhere' is no http(s) address" in run(*arguments, cwd=space).error


@pytest.mark.sampled(1)
@pytest.mark.parametrize("digits", [16, 4300, 5000])
def test_a_limit_beyond_all_counting_is_none(space: Path, run: Run, digits: int) -> None:
    """A limit of thousands of digits gives all rows."""
    for arguments in (("query", "classes"), ("search", "port")):
        every = run(*arguments, "--limit", "0", "--format", "csv", cwd=space)
        assert run(*arguments, "--limit", "9" * digits, "--format", "csv", cwd=space) == every
    assert run("view", "--hops", "9" * digits, "--focus", "NTC", "-o", os.devnull, cwd=space).code == 0


@pytest.mark.parametrize(("since", "until"), [("2014", "199X"), ("2014-05", "19XX"), ("-0044", "2030-12-31")])
def test_a_year_is_taken_as_answers_write_it(space: Path, run: Run, since: str, until: str) -> None:
    """Where a year is asked for, a date, a decade and a century are taken too."""
    assert run("view", "--since", since, "--until", until, "-o", os.devnull, cwd=space).code == 0


def test_csv_for_a_spreadsheet(small: Path, run: Run) -> None:
    """Excel's CSV begins with a byte order mark, and no cell in it or in safe CSV begins as a formula."""
    path = small / "graphs" / "places.ttl"
    path.write_text(path.read_text("utf-8").replace('"Eastport"@en', '"=HYPERLINK(1)"@en'), "utf-8")
    for command in (("query", "entities"), ("search", "HYPER"), ("export",)):
        plain = run(*command, "--format", "csv", cwd=small).out
        assert ",=HYPER" in plain
        safe = run(*command, "--format", "csv", "--safe-cells", cwd=small).out
        assert safe == plain.replace(",=HYPER", ",'=HYPER")
        assert run(*command, "--format", "excel-csv", cwd=small).out == "\ufeff" + safe
    assert run("stats", "--format", "excel-csv", cwd=small).out.startswith("\ufeffwhat,name,number\r\n")


def test_a_question_is_explained_in_the_format_that_is_asked_for(space: Path, run: Run) -> None:
    """`questions NAME` is prose, and with a format a row for each parameter."""
    assert run("questions", "partners", cwd=space).out.startswith("partners: ")
    rows = run("questions", "timeline", "--format", "csv", cwd=space).out.splitlines()
    assert rows[0] == "parameter,kind,needed,text"
    assert [row.split(",")[:3] for row in rows[1:]] == [
        ["entity", "entity", ""], ["since", "year", ""], ["until", "year", ""],
    ]  # fmt: skip
    assert json.loads(run("questions", "partners", "--format", "json", cwd=space).out)


@pytest.mark.parametrize(
    ("environment_", "arguments", "completions"),
    [
        ({"COMP_WORDS": "coopgraph qu", "COMP_CWORD": "1"}, "bash_complete", {"plain,questions", "plain,query"}),
        (
            {"COMP_WORDS": "coopgraph query part", "COMP_CWORD": "2"},
            "bash_complete",
            {"plain,partners", "plain,participants", "plain,parts"},
        ),
        (
            {"COMP_WORDS": "coopgraph view --status p", "COMP_CWORD": "3"},
            "bash_complete",
            {"plain,planned", "plain,potential"},
        ),
        ({"COMP_WORDS": "coopgraph export --only di", "COMP_CWORD": "3"}, "zsh_complete", {"plain", "direct", "_"}),
        (
            {"COMP_WORDS": "coopgraph stats --me", "COMP_CWORD": "--me"},
            "fish_complete",
            {"plain,--measures\tMeasure the network instead: a row for each entity that claims link."},
        ),
    ],
)
def test_the_shell_completes(
    space: Path, run: Run, environment_: dict[str, str], arguments: str, completions: set[str]
) -> None:
    """Commands, options, questions and the names that an option takes are completed in bash, zsh and fish."""
    done = run(cwd=space, env={**environment_, "_COOPGRAPH_COMPLETE": arguments})
    assert set(done.out.splitlines()) == completions


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_set_up_by_the_command_itself(space: Path, run: Run, shell: str) -> None:
    """What a shell reads to complete comes from the command."""
    assert "_COOPGRAPH_COMPLETE" in run(cwd=space, env={"_COOPGRAPH_COMPLETE": f"{shell}_source"}).out


Terminal = Callable[..., str]


@pytest.fixture(scope="module")
def on_terminal(warm: WarmCommands | None) -> Terminal:
    """Return what a terminal of so many columns is given: `on_terminal(80, "show", "Northport", cwd=workspace)`."""
    program = [str(warm.folder / "coopgraph")] if warm else COMMAND

    def shown(columns: int, *arguments: str, cwd: Path) -> str:
        ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (40, columns))
        own = {name: value for name, value in environment(cwd).items() if name not in ("COLUMNS", "LINES")}  # as xdist
        process = subprocess.Popen([*program, *arguments], cwd=cwd, env=own, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        given = b""
        with process, suppress(OSError):  # which a terminal that nobody holds any more gives
            while part := os.read(ours, 65536):
                given += part
        os.close(ours)
        return given.decode()

    return shown


def test_a_thing_with_many_claims_is_told_in_short_on_a_terminal(space: Path, run: Run, on_terminal: Terminal) -> None:
    """A terminal has the links that most claims state, in lines that fit; --all and a pipe have every claim."""
    whole = run("show", "Coast Province", cwd=space).out
    claims = [line for line in whole.splitlines() if line.startswith("  ") and line.endswith("]")]
    assert re.search(rf"^  {len(claims)} claims: \d+ realised, .*; \d sources of 1998 to 2021$", whole, re.MULTILINE)
    short = on_terminal(80, "show", "Coast Province", cwd=space).replace("\r\n", "\n")
    assert (
        "  Northport cooperates with Coast Province (3 claims: 2 realised, 1 potential;\n    2 sources of 2020" in short
    )
    assert f"coopgraph: all {len(claims)} claims: coopgraph show 'Coast Province' --all" in short
    assert max(map(len, short.splitlines()[:-1])) <= 80
    every = on_terminal(500, "show", "Coast Province", "--all", cwd=space).replace("\r\n", "\n")
    assert every == whole
    assert on_terminal(500, "show", "Ada Lin", cwd=space).replace("\r\n", "\n") == run("show", "Ada Lin", cwd=space).out


def test_long_lines_go_on_below_their_text(space: Path, on_terminal: Terminal) -> None:
    """An explanation is parted between words on a terminal, what a name says below what it said; a command is not."""
    told = on_terminal(60, "questions", "fates", cwd=space).replace("\r\n", "\n")
    assert (
        "  -p status=...   only plans, or only hopes (status,\n                  optional): planned, potential\n"
        in told
    )
    assert "  coopgraph query fates -p entity='Shaanxi Liaison Unit' -p outcome=realised\n" in told


HIDDEN = "\u202e\u200b\u061c\u2028\U000e0041\x9b"


@pytest.fixture(scope="module")
def hiding(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace, with its store, where the name of a file and a label hold what a terminal would obey."""
    root = write_small(tmp_path_factory.mktemp("hiding") / "small")
    path = root / "graphs" / "places.ttl"
    escaped = HIDDEN.encode("unicode_escape").decode().replace("\\x", "\\u00")
    text = path.read_text("utf-8").replace('"Westport"@en', f'"Westport{escaped}[1m"@en')
    path.with_name("[bold]pla\u202eces.ttl").write_text(text, "utf-8")
    path.unlink()
    load(root).close()
    return root


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "arguments",
    [("build", "--full"), ("show", "westport"), ("query", "entities"), ("export",), ("search", "west"),
     ("view", "--format", "svg", "-o", "-"),
     *(("query", "entities", "--format", name) for name in ("table", "md", "csv", "tsv", "json", "jsonl", "xml"))],
)  # fmt: skip
def test_a_terminal_is_given_nothing_that_it_would_obey(
    hiding: Path, arguments: tuple[str, ...], on_terminal: Terminal
) -> None:
    """Whatever a file's name and a label hold, no command writes to a terminal what reorders, hides or controls."""
    shown = on_terminal(120, *arguments, cwd=hiding)
    assert not set(HIDDEN) & set(shown)
    assert "\\u202e" in shown.lower() or arguments[0] == "build"  # progress may be quicker than it is shown


def test_progress_shows_a_name_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of a file is no markup in the bar of progress, and what is hidden in it is written as escapes."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, 120))
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")
        with progress_bar("reading") as progress:
            assert progress
            progress(1, 2, "graphs/[bold]a\u202eb[/x].ttl")
    shown = b""
    with contextlib.suppress(OSError):  # which Linux raises at the end; what was written may come in pieces
        while piece := os.read(ours, 65536):
            shown += piece
    os.close(ours)
    assert "graphs/[bold]a\\u202eb[/x].ttl" in shown.decode()


def test_a_name_of_several_words_needs_no_quotes(space: Path, run: Run) -> None:
    """What `show` and `search` are given is one name, in quotes or not."""
    assert run("show", "Ada", "Lin", cwd=space) == run("show", "Ada Lin", cwd=space)
    assert run("search", "Coast", "Prov", cwd=space) == run("search", "Coast Prov", cwd=space)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("locale", ["C", "en_US.ISO-8859-1", "no-such"])
def test_arguments_are_utf_8_in_every_locale(space: Path, run: Run, locale: str) -> None:
    """Names in any script are taken, and told, whatever the locale says."""
    env = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    asked = run("query", "partners", "-p", "place=北港", "-c", "partnerLabel", "-c", "claims", "--format", "csv",
                cwd=space, env=env)  # fmt: skip
    assert asked.out.startswith("partnerLabel,claims\r\nCoast Province,")
    assert run("search", "北", "--format", "md", cwd=space, env=env).out.count("\n") > 2
    assert "no entity is called '北京'" in run("show", "北京", cwd=space, env=env).error
    assert run("stats", "-w", "北", cwd=space, env=env).error.startswith("北: is no folder")


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    """Whoever stands in a folder that has been removed is told so."""
    line = f"mkdir gone; cd gone; rmdir ../gone; {' '.join(COMMAND)} stats"
    done = subprocess.run(["sh", "-c", line], cwd=tmp_path, env=environment(tmp_path), capture_output=True, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith(b"coopgraph: the current folder: No such file or directory; ")


def test_a_picture_is_not_for_a_terminal(space: Path, on_terminal: Terminal) -> None:
    """A page, picture or sheet is not written to a terminal unless that is asked for."""
    assert "a picture is not for a terminal; name a file, as in -o network.html" in on_terminal(99, "view", cwd=space)
    assert "a sheet is not for a terminal; name a file, as in -o x.xlsx" in on_terminal(99, "sheet", "x", cwd=space)
    for output in ((), ("-o", "-")):
        told = on_terminal(99, "diff", ".", ".", "--format", "html", *output, cwd=space)
        assert "a page is not for a terminal; name a file, as in -o difference.html" in told


def test_names_are_whole_on_a_narrow_terminal(space: Path, on_terminal: Terminal) -> None:
    """On a terminal of 50 columns each question's name stands on one line."""
    shown = on_terminal(50, "questions", cwd=space)
    for name in ("entities-without-identifiers", "hopes-without-realisation", "counts-by-relation-and-year"):
        assert name in shown


def test_a_terminal_is_told_that_no_row_answers(space: Path, run: Run, on_terminal: Terminal) -> None:
    """An answer without rows is said to have none on a terminal, and is data alone in a pipe."""
    asked = ("query", "fates", "-p", "outcome=fell short")
    assert "coopgraph: no row answers this" in on_terminal(80, *asked, cwd=space)
    assert run(*asked, cwd=space).err == ""


OWN = """\
#+ summary: Cities
#+ description: Cities and their names.
#+ {}: [cityLabel, ctiy]
SELECT ?cityLabel ?city {{ ?city a coop:City ; coop:shownAs ?cityLabel }}
"""


def test_a_terminal_is_shown_the_columns_that_a_question_names(space: Path, on_terminal: Terminal) -> None:
    """A header's columns are what a terminal shows, as many as fit; a format, -c or --all-columns shows others."""
    asked = ("query", "claims-about", "-p", "entity=Northport")
    for width in (80, 100):
        shown = on_terminal(width, *asked, cwd=space)
        assert re.search(r"subject +relation +object +status", re.sub("\x1b[^m]*m", "", shown))
        assert "coop:cooperatesWith" not in shown
        assert "columns; --all-columns shows all, -c chooses" in shown
    for more in (("--format", "table"), ("--all-columns",), ("-c", "relation,paragraph")):
        shown = on_terminal(80, *asked, *more, cwd=space)
        assert "coop:cooperatesWith" in shown
        assert "--all-columns shows all" not in shown


def test_measures_on_a_terminal_begin_with_the_one_that_they_are_sorted_by(space: Path, on_terminal: Terminal) -> None:
    """A terminal of 80 columns has the names, the measure that was asked for, and as many others as fit."""
    shown = re.sub("\x1b[^m]*m", "", on_terminal(80, "stats", "--measures", "--by", "regions", cwd=space))
    assert re.search(r"label +regions +degree +claims +pagerank", shown)
    assert "there are 11 columns; --format table shows all" in shown


def test_a_question_without_columns_leaves_out_what_has_a_label_beside(
    space: Path, tmp_path: Path, on_terminal: Terminal
) -> None:
    """What a row is about keeps its IRI, other IRIs give way to their labels; a column that is not there is told."""
    own = tmp_path / "own.rq"
    own.write_text(OWN.format("x"), "utf-8")
    shown = on_terminal(80, "query", str(own), cwd=space)
    assert "cityLabel" in shown
    assert "place:northport" not in shown
    own.write_text(OWN.format("columns"), "utf-8")
    assert "columns: no column is called 'ctiy'; did you mean city?" in on_terminal(200, "query", str(own), cwd=space)


def test_a_question_explains_its_parameters_and_columns_and_gives_an_example(space: Path, run: Run) -> None:
    """Each column has a line with what it has, those on a terminal are marked, and the last line can be pasted."""
    told = run("questions", "fates", cwd=space).out
    assert "  -p outcome=...  only what came out so (text, optional): realised, fell short, denied" in told
    assert re.search(r"  \* announced +date of the document", told)
    assert re.search(r"    claim +the claim", told)
    assert told.splitlines()[-1] == "  coopgraph query fates -p entity='Shaanxi Liaison Unit' -p outcome=realised"


def test_a_value_that_is_none_of_the_listed_ones_is_refused(space: Path, run: Run) -> None:
    """A text with listed values takes these in any case, and tells what comes near; so does a status."""
    for given, told in (
        ("outcome=realized", "no outcome is called 'realized'; did you mean realised?"),
        ("status=ended", "no status is called 'ended'; there are planned, potential"),
    ):
        answer = run("query", "fates", "-p", given, cwd=space)
        assert (answer.code, answer.out, answer.err) == (2, "", f"coopgraph: {told}\n")
    assert run("query", "fates", "-p", "outcome=Fell Short", cwd=space).code == 0


def test_no_colour_goes_into_a_pipe(space: Path, run: Run) -> None:
    """A table in a pipe has no escape codes, even where the environment promises a terminal of colours."""
    table = run(
        "query", "partners", "-p", "place=Northport", "--format", "table", cwd=space, env={"TERM": "xterm-256color"}
    )
    assert "\x1b" not in table.out
    assert "Coast Province" in table.out


def test_files_are_written_whole(space: Path, run: Run, tmp_path: Path) -> None:
    """An export to a file says nothing and is what standard output would have had."""
    target = tmp_path / "out.ttl"
    written = run("export", "-o", target, cwd=space)
    assert (written.code, written.out, written.err) == (0, "", "")
    assert target.read_bytes().decode() == run("export", cwd=space).out
    assert list(tmp_path.iterdir()) == [target]
