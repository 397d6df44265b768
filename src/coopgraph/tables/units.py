"""The units that a mapping may name by a word: currencies, and those of QUDT that tables of cooperation have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.errors import UsageError, near, short
from coopgraph.rdf.vocab import STANDARD

if TYPE_CHECKING:
    from collections.abc import Collection

_CURRENT = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP "
    "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB "
    "RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD "
    "UYU UZS VED VES VND VUV WST XAF XCD XCG XDR XOF XPF YER ZAR ZMW ZWG"
)
"""Currencies of ISO 4217."""
_FORMER = (
    "ADP AFA ANG AON AOR ATS AZM BEF BGL BGN BYB BYR CSD CUC CYP DEM EEK ESP FIM FRF GHC GRD GWP HRK IEP ITL LTL LUF "
    "LVL MGF MRO MTL MXP MZM NLG PLZ PTE ROL RUR SDD SIT SKK SLL SRG STD TJR TMM TPE TRL UAK VEB VEF XEU YUM ZAL ZMK "
    "ZRN ZWD ZWL ZWN ZWR"
)
"""Those that are gone, and that older tables have."""
_UNITS = (
    "NUM UNITLESS ONE PERSON PERCENT PERMILLE M KiloM MI M2 KiloM2 HA MI2 M3 KiloGM TONNE TON_Metric BBL KiloW MegaW "
    "GigaW KiloW-HR MegaW-HR GigaW-HR MIN HR DAY WK MO YR KiloM-PER-HR"
)
_OTHERWISE = {
    "%": "PERCENT", "PCT": "PERCENT", "US$": "USD", "$": "USD", "HK$": "HKD", "MOP$": "MOP", "NT$": "TWD", "NTD": "TWD",
    "€": "EUR", "£": "GBP", "RMB": "CNY", "CNH": "CNY", "元": "CNY", "人民币": "CNY", "美元": "USD", "港元": "HKD",
    "人": "PERSON",
}  # fmt: skip
"""What people write for a unit, and which it likely is: it is asked for, never taken."""


_USUAL = {"population": "PERSON", "officeCount": "NUM", "shareOfGdp": "PERCENT", "rank": "NUM"}
CURRENCIES, UNITS = (frozenset(words.split()) for words in (f"{_CURRENT} {_FORMER}", _UNITS))


def _of_one_country(word: str) -> list[str]:
    """Return the currencies that begin as a word of three letters does: with the code of a country."""
    return sorted(each for each in CURRENCIES if len(word) == len(each) and each[:2] == word[:2].upper())


def unit(word: str) -> str:
    """Return the unit (IRI) that a word names. Raises `UsageError` with what it may mean.

    >>> unit("USD"), unit("NUM")
    ('http://qudt.org/vocab/currency/USD', 'http://qudt.org/vocab/unit/NUM')
    """
    if word in CURRENCIES:
        return STANDARD["currency"] + word
    if word in UNITS:
        return STANDARD["unit"] + word
    likely = _OTHERWISE.get("".join(word.upper().split())) or " or ".join(_of_one_country(word))
    meant = f"; did you mean {likely}?" if likely else near(word, sorted({*CURRENCIES, *UNITS}))
    rest = meant or "; write a currency of ISO 4217 such as USD, or PERCENT, PERSON, NUM ..."
    raise UsageError(f"no unit is called {short(word)!r}{rest}; others of QUDT are written unit:NAME")


def usual(relations: Collection[str]) -> str:
    """Return the unit (IRI) of relations to a number (names) that have always the same; others raise `UsageError`.

    >>> usual({"population"})
    'http://qudt.org/vocab/unit/PERSON'
    """
    found = {_USUAL.get(each, "") for each in relations}
    if len(found) != 1 or "" in found:
        what = "write a currency such as USD, or PERCENT, PERSON, or NUM where something is counted"
        raise UsageError(f"no unit is said; {what}")
    return unit(found.pop())
