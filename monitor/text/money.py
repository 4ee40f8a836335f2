"""Names of currencies and of large numbers."""

from __future__ import annotations

import re

_SIGN_CODES_TEXT = """
US$:USD HK$:HKD NT$:TWD AU$:AUD NZ$:NZD CA$:CAD A$:AUD C$:CAD S$:SGD R$:BRL $:USD €:EUR £:GBP ¥:JPY ￥:CNY ₹:INR
₩:KRW ₽:RUB RMB:CNY CN¥:CNY RM:MYR
"""
_SIGN_CODES = dict(pair.split(":") for pair in _SIGN_CODES_TEXT.split())
CURRENCIES_TEXT = """
AED ARS AUD BRL CAD CHF CLP CNY CZK DKK EGP EUR GBP HKD HUF IDR ILS INR JPY KRW KZT MXN MYR NGN NOK NZD PHP PKR PLN
QAR RON RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR
"""
CURRENCIES = frozenset(CURRENCIES_TEXT.split())
_NAMES = {
    "USD": """
        dollar dollars, us dollar, us dollars, american dollars, 美元, ドル, 달러, dolares, dolar, dolari, us-
        dollar, доллар, доллара, долларов, dollari, dolares estadounidenses
    """,
    "EUR": """
        euro, euros, 欧元, 歐元, ユーロ, евро, eur
    """,
    "GBP": """
        pound, pounds, pound sterling, pounds sterling, pfund, livres
    """,
    "JPY": """
        yen, 円, 日元, иен
    """,
    "CNY": """
        yuan, renminbi, rmb, 元, 人民币, 人民幣, юаней
    """,
    "INR": """
        rupee, rupees
    """,
    "KRW": """
        won, 원
    """,
    "RUB": """
        ruble, rubles, rouble, roubles, рублей, рубля
    """,
    "CHF": """
        francs suisses, schweizer franken, franken, swiss francs
    """,
    "MYR": """
        ringgit
    """,
}
CURRENCY_WORDS: dict[str, str] = (
    {code: code for code in CURRENCIES}
    | {code.casefold(): code for code in CURRENCIES}
    | _SIGN_CODES
    | {name.strip(): code for code, names in _NAMES.items() for name in names.split(",")}
    | {"dollar": "USD", "dollars": "USD"}
)
SIGNS = re.compile(
    "(?<![A-Za-z])(?:"
    + "|".join(re.escape(sign) for sign in sorted({*_SIGN_CODES, *CURRENCIES}, key=len, reverse=True))
    + ")$",
    re.IGNORECASE,
)
_POWERS = {
    3: """
        k, thousand, tausend, mille, mil
    """,
    4: """
        万, 萬, 만
    """,
    5: """
        lakh
    """,
    6: """
        m, mn, mln, mio, mm, million, millions, millionen, millon, millones, milhao, milhoes, milione,
        milioni, miljoen, миллион, миллиона, миллионов, млн
    """,
    7: """
        crore
    """,
    8: """
        亿, 億, 억
    """,
    9: """
        b, bn, bln, mrd, mld, billion, billions, milliard, milliards, milliarde, milliarden, miliardi,
        miljard, mil millones, bilhao, bilhoes, миллиард, миллиарда, миллиардов, млрд
    """,
    12: """
        tn, trn, trillion, trillions, 兆, 조, billionen, billones, bilioni, трлн, trilhoes
    """,
}
_SHORT = {name.strip(): power for power, names in _POWERS.items() for name in names.split(",")}
# Where a `billion` is a million million.
_LONG_LANGUAGES = frozenset({"de", "fr", "es", "nl", "da", "nb", "no", "sv", "pl"})


def scale_of(word: str, language: str) -> int | None:
    """Return the factor that a word or attached letter stands for (`bn`: 10 to the 9th), None for any other word."""
    key = word.casefold().rstrip(".")
    power = _SHORT.get(key)
    if power == 9 and key.startswith("billion") and language in _LONG_LANGUAGES:
        power = 12
    return 10**power if power is not None else None
