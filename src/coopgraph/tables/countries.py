"""Codes of countries as tables have them: ISO 3166 with two letters, which graphs have, or with three."""

from __future__ import annotations

import re

_BOTH = (
    "ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB "
    "BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR "
    "BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR "
    "CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK "
    "FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS "
    "GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN "
    "ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO "
    "LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD "
    "MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER "
    "NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM "
    "PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP "
    "SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF "
    "TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY "
    "UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM XKXKX YEYEM YTMYT ZAZAF ZMZMB ZWZWE"
)
"""Codes of ISO 3166-1, two letters and three, with that of Kosovo as it is in use."""
_FORMER = "AN BU CS DD FX NT SU TP YD YU ZR"
"""Codes of countries that are gone, and that older tables have."""
_IN_EUROPE = {"UK": "GB", "EL": "GR"}
"""Codes that tables of the European Union have for what ISO 3166 calls otherwise, and calls nothing else."""
_TWO = frozenset(each[:2] for each in _BOTH.split()) | frozenset(_FORMER.split())
_BY_THREE = {each[2:]: each[:2] for each in _BOTH.split()}
_CODE = re.compile(r"([A-Z]{2})(?:-[A-Z0-9]{1,3})?")
_OF_COUNTRY = re.compile(r"([A-Z]{2,3})")


def in_two_letters(code: str) -> str:
    """Return the code of a country in two letters, what is none as it is.

    >>> in_two_letters("CHN"), in_two_letters("CN"), in_two_letters("UK"), in_two_letters("Q148")
    ('CN', 'CN', 'GB', 'Q148')
    """
    return _IN_EUROPE.get(code) or _BY_THREE.get(code, code)


def fault(code: str, *, of_country: bool) -> str:
    """Return what is wrong with the code of a place that has the form of ISO 3166 and is none, else nothing.

    >>> fault("USX", of_country=True), fault("CN-LN", of_country=False), fault("Q148", of_country=True)
    ('is no code of ISO 3166; correct it, or leave identifier out', '', '')
    """
    match = (_OF_COUNTRY if of_country else _CODE).fullmatch(code)
    if not match or match[1] in _TWO or match[1] in _BY_THREE:
        return ""
    return "is no code of ISO 3166; correct it, or leave identifier out"
