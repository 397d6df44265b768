"""What mappings can say of tables as people make them, and what they are told that would be taken silently."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Run
from coopgraph.tables import draft, files, look_alikes, values
from coopgraph.tables.naming import Name
from test_tables_faults import HEADER, KNOWN, TABLE, graph, load, put, refused, workspace

__all__ = ["workspace"]


SETTLED = {  # what is written in place of what, and what is said of it
    "a sheet of a CSV": (('key = "id"', 'key = "id"\nsheet = "A"'), "of which sheet says nothing"),
    "a language by its name": (('title = "Projects"', 'title = "P"\nlanguage = "english"'), "'english' is no tag"),
    "a country's code": (("new = true", 'new = true\nlanguage = "cn"'), "entities.country.language 'cn' is no tag"),
    "no currency": (('"USD"', '"USX"'), "claims.cost.unit: no unit is called 'USX'; did you mean USD"),
    "a sign": (('"USD"', '"RMB"'), "no unit is called 'RMB'; did you mean CNY?"),
    "no measure": (('measure = "project-value"\n', ""), "claims.cost.measure is missing; write what the figure"),
    "no such measure": (('"project-value"', '"students"'), "trade; docs/tables.md says how a workspace adds its own"),
    "a column of rows": (("[source]", '[rows]\nwithout = { stat = "x" }\n[source]'), "m.toml: rows.without: t.csv"),
    "a column of a claim": (('"cost"', '"costs"'), "claims.cost.value: t.csv has no column 'costs'"),
    "labels of several": (("new = true", 'split = ";"\nlabels = { zh = "id" }'), "country.labels is of one thing"),
    "a constant with a column": (('name = "country"', 'thing = "{country}"'), "is the same for all rows; write name"),
    "a constant that is parted": (('name = "country"', 'thing = "A"\nsplit = ";"'), "split is of names in columns"),
    "a constant by identifier": (('name = "country"', 'thing = "place:a"'), "leave it out beside an identifier"),
    "an empty name": (('name = "country"', 'name = ""'), "entities.country.name is empty; write it"),
    "an empty label": (("new = true", 'labels = { zh = "" }'), "entities.country.labels.zh is empty; write it"),
    "neither true nor all": (("new = true", 'new = "yes"'), "entities.country.new is none of true, false, all"),
    "two dates": (('"since"', '{ column = "since", date = "2010" }'), "valid_from needs one of column, date"),
    "no figure": (('"since"', "{ heading = true }"), "claims.funding.valid_from.heading is that of a figure's column"),
    "a date for all": (('"since"', '{ date = "once" }'), "claims.funding.valid_from: 'once' is no date"),
    "a heading": (('value = "cost"', 'value = ["cost"]\nperiod = { heading = true }'), "cost.period: 'cost' is no"),
}  # fmt: skip


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", SETTLED)
def test_what_would_be_taken_silently_is_told(run: Run, workspace: Path, name: str) -> None:
    """Each is one line with the key, what is wrong with it, and what to do."""
    refused(run, workspace, *SETTLED[name])


def test_of_a_mapping_that_is_begun_the_rest_is_drafted(run: Run, workspace: Path) -> None:
    """Where a table needs a setting, [table] alone is enough for a draft, which a mapping is not overwritten by."""
    (workspace / "t.csv").write_text("Projects of the coast\nid;project\n1;Ferry\n", "utf-8")
    asked = run("table", "t.csv", cwd=workspace)
    assert "set header_row in [table]" in asked.error
    assert (
        "write a mapping of [table] alone, with file = 't.csv' and this, and the rest of it is drafted" in asked.error
    )
    (workspace / "new.toml").write_text('[table]\nfile = "t.csv"\nheader_row = 2\n', "utf-8")
    assert run("table", "new.toml", "-o", "new.toml", cwd=workspace).code == 0
    text = (workspace / "new.toml").read_text("utf-8")
    assert 'key = "id"' in text
    assert "header_row = 2" in text
    assert "[claims.link]" in text
    lost = run("table", "t.csv", "-o", "new.toml", cwd=workspace)
    assert (lost.code, "new.toml: is there already" in lost.error) == (2, True)
    assert (workspace / "new.toml").read_text("utf-8") == text


def test_one_thing_for_all_rows_can_be_new(run: Run, workspace: Path) -> None:
    """With its class said, a thing that the graph does not have is made, and is the same in the next run."""
    put(workspace, ('name = "country"', 'thing = "Coast Fund"'), ('"Country"', '"Organisation"'))
    assert load(run, workspace).code == 0
    text = graph(workspace)
    assert text.count("organisation:coast-fund a coop:Organisation") == 1
    assert "nothing is new" in load(run, workspace).err
    assert graph(workspace) == text


def test_new_things_have_names_in_other_languages(run: Run, workspace: Path) -> None:
    """Columns of `labels` name new things in their languages, from the first row that says it on."""
    put(
        workspace, ("new = true", 'new = true\nlabels = { zh-Hans = "since", en = "id" }'),
        ('valid_from = "since"\n', ""),
        table=f"{HEADER}P1,Ferry,Eastland,,5\nP2,Pier,Eastland,东国,6\n",
    )  # fmt: skip
    assert load(run, workspace).code == 0
    assert 'skos:prefLabel "Eastland"@en, "东国"@zh-Hans' in graph(workspace)
    assert 'skos:altLabel "P1"@en, "P2"@en' in graph(workspace)


def test_a_thing_that_has_the_other_name_is_asked_for(run: Run, workspace: Path) -> None:
    """What the graph knows by a name of another column is proposed, not made a second time."""
    (workspace / "graphs/known.ttl").write_text(KNOWN.replace('"Congo"@en', '"刚果"@zh-Hans, "Konga"@en'), "utf-8")
    put(
        workspace, ("new = true", 'new = "all"\nlabels = { zh-Hans = "since" }'), ('valid_from = "since"\n', ""),
        table=f"{HEADER}P1,Ferry,Congo,刚果,5\n",
    )  # fmt: skip
    done = load(run, workspace)
    assert "'Congo' may be place:congo; decide it in the sheet of names" in done.err


def test_a_cell_may_stand_for_several_things(run: Run, workspace: Path) -> None:
    """`names` gives several names to one cell, each with a claim of its own."""
    put(
        workspace, ("new = true", 'new = true\nnames = { "East and West" = ["Eastland", "Westland"] }'),
        table=f"{HEADER}P1,Ferry,East and West,2012,5\n",
    )  # fmt: skip
    assert load(run, workspace).code == 0
    assert {"rdf:object place:eastland ;", "rdf:object place:westland ;"} <= set(graph(workspace).split("\n    "))


def test_new_names_that_look_alike_are_told_and_can_be_made_one(run: Run, workspace: Path) -> None:
    """A pair that differs in a blank is told with its cells, nothing is held up, and a decision makes it one thing."""
    table = (
        f"{HEADER}P1,Ferry,Shenyang Port,2012,5\nP2,Pier,Shen yang Port,2013,6\nP3,Quay,Port 1,,\nP4,Dock,Port 2,,\n"
    )
    put(workspace, ('"Country"', '"Organisation"'), table=table)
    done = load(run, workspace, "--check")
    assert done.err.count("look alike") == 1
    assert "'Shen yang Port' (t.csv:3, column \"country\") and 'Shenyang Port'" in done.err
    assert load(run, workspace).code == 0
    sheet = workspace / "proposals/projects.names.csv"
    rows = sheet.read_text("utf-8-sig").splitlines()
    (line,) = (row for row in rows if row.startswith(",Organisation,Shen yang"))
    assert line.endswith("Shenyang Port (new) organisation:shenyang-port")
    sheet.write_text("\n".join(rows).replace(line, f"Shenyang Port{line}"), "utf-8")
    done = load(run, workspace)
    assert (done.code, "look alike" in done.err) == (0, False), done.err
    assert "organisation:shen-yang-port" not in graph(workspace)
    assert graph(workspace).count("rdf:object organisation:shenyang-port ;") == 2


def test_a_decision_may_name_a_new_thing_before_it_is_written(run: Run, workspace: Path) -> None:
    """While rows are kept out, and nothing is in the graph, the one of two new names can be made the other."""
    put(workspace, table=f"{HEADER}P1,Ferry,Eastland,2012,5\nP2,Pier,East-land,soon,6\n")
    assert load(run, workspace).code == 1
    sheet = workspace / "proposals/projects.names.csv"
    sheet.write_text(sheet.read_text("utf-8-sig").replace("\n,Country,East-land", "\nplace:eastland,Country,East-land"))
    done = load(run, workspace, "--partial")
    assert done.code == 0, done.err
    sheet.write_text(sheet.read_text("utf-8-sig").replace("\n,Country,Eastland", "\nplace:eastland,Country,Eastland"))
    assert "no new name of the table stands for any more" in load(run, workspace).err


def test_new_names_in_no_claim_are_counted(run: Run, workspace: Path) -> None:
    """What only says where another thing lies is a new name, and no new thing."""
    put(workspace, ("new = true", 'new = true\nwithin = "area"'))
    with (workspace / "m.toml").open("a") as file:
        file.write('[entities.area]\nkind = "Region"\nname = "id"\nnew = true\n')
    assert "4 new things (2 new names in no claim)" in load(run, workspace).err


CELLS = {  # what a row says of a figure or a day, with what in the mapping, and what comes of it
    "percent": ("12.5%", ('"USD"', '"PERCENT"'), "rdf:object 12.5 ;"),
    "a share of money": ("12.5%", ('"USD"', '"USD"'), "'12.5%' is a share in percent; say unit = \"PERCENT\""),
    "millions": ("1.25", ('"cost"', '{ column = "cost", times = 1_000_000 }'), "rdf:object 1250000 ;"),
    "words": ("3.5亿", ('"USD"', '"CNY"'), "rdf:object 350000000 ;"),
    "a million that is two": ("1.234 million", ('"USD"', '"CNY"'), "can be read in two ways"),
    "less than nothing": ("(12)", ('key = "id"', 'key = "id"\nnegative = "brackets"'), "rdf:object -12 ;"),
    "brackets": ("(12)", ('"USD"', '"USD"'), "stands in brackets; if that is less than nothing, say negative"),
    "nothing": ("n/a", ('key = "id"', 'key = "id"\nempty = ["n/a"]'), ""),
    "no number": ("n/a", ('"USD"', '"USD"'), "if it says nothing, say empty = [\"n/a\"] in [table]"),
    "a note": ("12 *", ('"cost"', '{ column = "cost", extract = "^([0-9]+)" }'), "rdf:object 12 ;"),
    "a meaning": ("some", ('"cost"', '{ column = "cost", values = { some = "12" } }'), "rdf:object 12 ;"),
}  # fmt: skip


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", CELLS)
def test_figures_are_what_cells_write(run: Run, workspace: Path, name: str) -> None:
    """A number is taken as its cell and the mapping say, or told with what to do."""
    cell, edit, wanted = CELLS[name]
    put(workspace, edit, table=f"{HEADER}P1,Ferry,Eastland,2012,{cell}\n")
    done = load(run, workspace)
    assert wanted in done.err + graph(workspace)
    if not wanted:
        assert (done.code, "coop:figure" in graph(workspace)) == (0, False)


def test_dates_that_are_not_sure_are_told_and_given_a_meaning(run: Run, workspace: Path) -> None:
    """What is about a year is told with what to write; `values` says what it means, and an empty text no date."""
    table = f"{HEADER}P1,Ferry,Eastland,c. 1990,5\nP2,Pier,Eastland,ongoing,6\n"
    put(workspace, table=table)
    done = load(run, workspace)
    assert (
        'is not sure of its date, which no claim says; write { column = ..., values = { "c. 1990" = "1990" } }'
        in done.err
    )
    assert "'ongoing' is no date; if it says nothing, say empty = [\"ongoing\"] in [table]" in done.err
    put(workspace, ('"since"', '{ column = "since", values = { "c. 1990" = "1990", ongoing = "" } }'), table=table)
    assert load(run, workspace).code == 0
    assert graph(workspace).count("coop:validFrom ") == 1


def test_a_column_for_each_year_is_a_figure_for_each(run: Run, workspace: Path) -> None:
    """Of several columns each makes a claim, whose period is what the column is called; an empty cell makes none."""
    value = 'value = ["Trade 2018", "Trade 2019"]\nperiod = { heading = true, extract = "([0-9]{4})" }'
    put(
        workspace, ('value = "cost"', value), ('valid_from = "since"', 'valid_from = { date = "2010-05" }'),
        table="id,project,country,Trade 2018,Trade 2019\nP1,Ferry,Eastland,5,7.5\nP2,Pier,Westland,,6\n",
    )  # fmt: skip
    assert load(run, workspace).code == 0
    text = graph(workspace)
    (claim,) = re.findall(r"claim:projects-p1-cost-trade-2019 a.*?\n\n", text, re.DOTALL)
    assert "rdf:object 7.5 ;" in claim
    assert 'coop:periodFrom "2019-01-01"' in claim
    assert "project-p2-cost-trade-2018" not in text
    assert text.count('coop:validFrom "2010-05-01"') == 2
    assert "value of projects 5 USD for 2018, value of projects 7.5 USD for 2019" in text


def test_columns_of_one_claim_have_one_decimal_mark(run: Run, workspace: Path) -> None:
    """What one column of a figure leaves in doubt, such as 1,200, another one of it settles."""
    put(
        workspace, ('value = "cost"', 'value = ["a", "b"]'), ('valid_from = "since"\n', ""),
        table='id,project,country,a,b\nP1,Ferry,Eastland,"1,200","1,200.5"\n',
    )  # fmt: skip
    assert load(run, workspace).code == 0
    assert "rdf:object 1200 ;" in graph(workspace)


def test_whom_a_row_names_for_no_claim_is_not_asked_for(run: Run, workspace: Path) -> None:
    """A total or a footnote, whose other cells are empty, claims nothing, and its name is none."""
    put(
        workspace,
        ("new = true\n", 'names = { Nobody = "" }\n'),
        table=f"{HEADER}P1,Ferry,Nobody,,5\n,* Preliminary,,,\n",
    )
    (workspace / "m.toml").write_text((workspace / "m.toml").read_text("utf-8").replace('key = "id"\n', ""), "utf-8")
    done = load(run, workspace)
    assert (done.code, "1 of 2 rows give 1 claim, 1 claim nothing; 1 new thing:" in done.err) == (0, True), done.err


def test_codes_of_countries_are_those_of_iso_3166(run: Run, workspace: Path) -> None:
    """Three letters are kept as two, so that tables of either kind mean one country; what is none is told."""
    put(
        workspace, ("new = true", 'new = true\nidentifier = "since"'), ('valid_from = "since"\n', ""),
        table=f"{HEADER}P1,Ferry,Japan,JPN,5\nP2,Pier,Japan,JP,6\nP3,Quay,Elsewhere,USX,7\nP4,Dock,Britain,UK,8\n",
    )  # fmt: skip
    done = load(run, workspace)
    assert "t.csv:4, column \"since\": 'USX' is no code of ISO 3166; correct it" in done.err
    assert load(run, workspace, "--partial").code == 0
    assert sorted(re.findall('coop:iso3166 "(.*)"', graph(workspace))) == ["GB", "JP"]
    assert graph(workspace).count("rdf:object place:japan ;") == 2


def test_a_header_of_two_rows_and_gaps_below_a_value_are_filled(run: Run, workspace: Path) -> None:
    """Two rows make the names of columns, and are none further down; an empty cell of `fill` has the value above."""
    put(
        workspace, ('key = "id"', 'key = "id"\nheader_row = [2, 3]\nfill = "country"'), ('"cost"', '"Cost 2020"'),
        ('valid_from = "since"\n', ""),
        table="Projects,,,,\n,,,Cost,\nid,project,country,2019,2020\nP1,Ferry,Eastland,1,2\nP2,Pier,,3,4\n"
        "id,project,country,2019,2020\nP3,Quay,Westland,5,6\n",
    )  # fmt: skip
    done = load(run, workspace)
    assert done.code == 0, done.err
    assert "1 empty cell of 'country' filled with the value above" in done.err
    assert graph(workspace).count("rdf:object place:eastland ;") == 2
    assert "rdf:object 4 ;" in graph(workspace)
    assert "row 6" in done.err
    assert "3 of 3 rows" in done.err
    put(workspace, ('key = "id"', 'key = "id"\nfill = "contry"'))
    assert "has no column 'contry', which fill in [table] names; did you mean country?" in load(run, workspace).error


def test_a_header_that_is_repeated_is_no_row(run: Run, workspace: Path) -> None:
    """What was printed on each page, the names of the columns, is left out of the rows and told."""
    put(workspace, table=f"{TABLE}{HEADER}P3,Quay,Westland,2014,5\n")
    done = load(run, workspace)
    assert (done.code, "what repeats the header is left out: row 4" in done.err) == (0, True), done.err
    assert "3 of 3 rows give" in done.err


def test_a_figure_has_a_unit(run: Run, workspace: Path) -> None:
    """A figure whose unit neither the mapping nor its row says is told, not taken for a plain number."""
    put(workspace, ('unit = "USD"', ""))
    assert "claims.cost.unit: no unit is said; write a currency such as USD" in load(run, workspace).error
    put(
        workspace,
        ('"USD"', '{ column = "since" }'),
        ('valid_from = "since"\n', ""),
        table=f"{HEADER}P1,Pier,Eastland,,5\n",
    )
    assert "'5' has a unit that is not said" in load(run, workspace).err


def test_values_that_no_cell_has_are_told(run: Run, workspace: Path) -> None:
    """A total that is not left out because it is misspelt is told with what comes near, and so is a condition."""
    put(
        workspace, ("[source]", '[rows]\nwithout = { country = ["Eastlnd"] }\n[source]'),
        ('unit = "USD"', 'unit = "USD"\nwhen = { country = ["West"] }'),
        ("new = true", 'new = true\nnames = { "Westlan" = "The West", "PRC" = "China" }'),
    )  # fmt: skip
    done = load(run, workspace)
    assert "m.toml: rows.without: no 'country' is 'Eastlnd'; did you mean Eastland" in done.err
    assert "m.toml: claims.cost.when: no 'country' is 'West'" in done.err
    assert "entities.country.names: no 'country' is 'Westlan'; did you mean Westland" in done.err
    assert "PRC" not in done.err


def test_claims_of_columns_have_names_of_their_own(run: Run, workspace: Path) -> None:
    """A claim that is called as that of a column, or as a further one of it, is told."""
    table = "id,project,country,Sum,Sum 2,Sum\nP1,Pier,E,1,2,3\n"
    put(workspace, ('value = "cost"', 'value = ["Sum"]'), ('valid_from = "since"\n', ""), table=table)
    with (workspace / "m.toml").open("a") as file:
        file.write('[claims.cost-sum]\nsubject = "project"\npredicate = "fundedBy"\nobject = "country"\n')
    assert "its claims would be called as those of claims.cost; name it otherwise" in load(run, workspace).error
    put(workspace, ('value = "cost"', 'value = ["Sum", "Sum 2"]'), ('valid_from = "since"\n', ""), table=table)
    assert "claims.cost: further claims of cost-sum would be called cost-sum-2" in load(run, workspace).error


def test_a_sheet_of_names_that_is_saved_as_a_workbook_is_told(run: Run, workspace: Path) -> None:
    """Decisions in a workbook beside the sheet are not passed over in silence."""
    (workspace / "proposals").mkdir()
    (workspace / "proposals/projects.names.xlsx").write_bytes(b"PK")
    assert "is not read; save it as projects.names.csv" in load(run, workspace).error


@given(st.decimals(-(10**30), 10**30, places=4), st.sampled_from([1, 1_000, 1_000_000, 10**12]))
def test_what_is_multiplied_is_exact(number: Decimal, times: int) -> None:
    """However long a number is, no digit of it is lost in thousands, millions or billions."""
    assert Fraction(values.multiplied(f"{number:f}", times)) == Fraction(number) * times


def test_numbers_of_india_and_of_spreadsheets() -> None:
    """Groups of two digits are read; a number that a spreadsheet has shortened is told, for it is another one."""
    assert values.figure("12,34,567.5", ".") == "1234567.5"
    with pytest.raises(ValueError, match="has lost digits in a spreadsheet"):
        values.figure("1.23E+09", ".")
    with pytest.raises(ValueError, match="is no number"):
        values.figure("1,23,45", ".")


def test_all_that_is_wrong_with_a_row_is_told_at_once(run: Run, workspace: Path) -> None:
    """A row whose name is asked for is looked through too: its date and its number are told in the same run."""
    put(workspace, ("new = true\n", ""), table=f"{HEADER}P1,Ferry,Eastland,c. 2010,12;3\n")
    done = load(run, workspace)
    for what in ("'Eastland' is not known", "'c. 2010' is not sure of its date", "'12;3' is no number"):
        assert what in done.err
    put(workspace, ("new = true\n", ""), ('"id"', '"id"\ndates = "%d/%m/%Y"'), table=f"{HEADER}P1,Pier,E,c. 2010,\n")
    assert "'c. 2010' is not sure of its date" in load(run, workspace).err


@pytest.mark.parametrize(("text", "advice"), [("2019–21", "is a span"), ("Q3 2019", "is a part of a year")])
def test_dates_that_are_spans_are_told_with_what_to_do(text: str, advice: str) -> None:
    """A cell that is not one date is told with how to take one of it."""
    for formats in ((), ("%d/%m/%Y",)):
        with pytest.raises(ValueError, match=advice):
            values.day(text, formats)


def test_a_date_that_two_forms_read_otherwise_is_told() -> None:
    """Of forms that each fit a cell none goes first where they mean other days."""
    forms = ("%d/%m/%Y", "%m/%d/%Y")
    assert values.day("31/12/2019", forms).first == "2019-12-31"
    assert values.day("04/04/2019", forms).first == "2019-04-04"
    with pytest.raises(ValueError, match="is another day as %d/%m/%Y than as %m/%d/%Y has it; leave one form"):
        values.day("03/04/2019", forms)


def test_a_draft_says_what_needs_a_word(tmp_path: Path) -> None:
    """Cells that say nothing and dates that can be read in two ways are named in the draft, for a person to decide."""
    (tmp_path / "t.csv").write_text("id,start,cost\n1,03/04/2019,n/a\n2,05/06/2020,..\n", "utf-8")
    text = draft.mapping(files.read(tmp_path / "t.csv"))
    assert '# empty = ["..", "n/a"]' in text
    assert '# dates = "%d/%m/%Y"  # or "%m/%d/%Y": which of day and month stands first in "start"' in text


def test_units_that_values_do_not_have_are_looked_up(run: Run, workspace: Path) -> None:
    """Beside a word of the table's own, such as RMB, a column of currencies says the others itself."""
    put(
        workspace, ('"USD"', '{ column = "since", values = { RMB = "CNY" } }'), ('valid_from = "since"\n', ""),
        table=f"{HEADER}P1,Pier,Eastland,RMB,5\nP2,Quay,Eastland,EUR,6\nP3,Dock,Eastland,Taler,7\n",
    )  # fmt: skip
    done = load(run, workspace, "--partial")
    assert "'Taler' claims.cost.unit: no unit is called 'Taler'" in done.err
    assert {"currency:CNY", "currency:EUR"} <= set(re.findall(r"currency:[A-Z]{3}", graph(workspace)))


ALIKE = {  # two names with their further names, and whether they look alike
    "a letter": ("Ministry of Commerce", "Ministry of Comerce", True),
    "two letters that changed places": ("Ministry of Commerce", "Ministry of Comemrce", True),
    "an accent and an article": ("The Café Guild", "Cafe Guild", True),
    "a sign for and": ("Port & Rail Co.", "Port and Rail Co", True),
    "two letters": ("Eastland Bank", "Westland Bank", False),
    "few letters": ("Hunan", "Henan", False),
    "a number": ("Harbour Works 1", "Harbour Works 2", False),
    "Chinese": ("辽宁省对外友好协会", "吉林省对外友好协会", False),
}


@pytest.mark.parametrize("name", ALIKE)
def test_names_look_alike_where_a_mistake_is_likely(name: str) -> None:
    """One letter in seven, blanks, marks and accents may be a mistake; another number or place is none."""
    one, other, are_alike = ALIKE[name]
    first, second = (Name("Organisation", text) for text in (one, other))
    assert bool(look_alikes.pairs({first: (), second: ()})) is are_alike
    apart = second._replace(within=Name("Country", "Elsewhere"))
    assert not look_alikes.pairs({first: (), apart: ()})
    assert not look_alikes.pairs({first._replace(apart=("1",)): (), second._replace(apart=("2",)): ()})
    assert look_alikes.pairs({first: ("大连",), second: ("大連",)})


def test_a_text_with_an_empty_column_is_no_name(run: Run, workspace: Path) -> None:
    """Where words join columns into a name each has to say something; where only blanks do, one is enough."""
    put(
        workspace, ('"country"\n', '"Bank of {country}"\n'), ('name = "project"', 'name = "{project} {since}"'),
        ('valid_from = "since"\n', ""), table=f"{HEADER}P1,Ferry,,,5\nP2,Pier,Eastland,,6\n",
    )  # fmt: skip
    assert load(run, workspace).code == 0
    assert re.findall('skos:prefLabel "(.*)"', graph(workspace)) == ["Ferry", "Pier", "Bank of Eastland"]
