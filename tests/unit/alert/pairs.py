"""Pairs of reports on one event: what was told, and what came later, with what is new in it; empty: nothing is."""

from __future__ import annotations

from typing import NamedTuple


class Pair(NamedTuple):
    """A language, a query, a first report, a later one (each a title and a text), and what an update of it says."""

    name: str
    language: str
    query: str
    told: tuple[str, str]
    later: tuple[str, str]
    news: str


_TEXT = (
    "WASHINGTON — The tariff on steel from China will be 25% and start on November 1, the trade ministry said. "
    "Importers of steel expect higher prices, and a spokesman of the carmakers called the tariff on steel a mistake.\n"
    "The ministry named a cost of $8.5 billion a year for the makers of cars and machines."
)
TARIFF = ("Washington sets a tariff on steel from China", _TEXT)


def _edited(old: str, new: str) -> tuple[str, str]:
    title, text = TARIFF
    assert old in text, old
    return title, text.replace(old, new)


EN = "steel OR tariff"
_ENGLISH = [
    ("a typo", _edited("mistake", "misteak"), ""),
    ("the same again", TARIFF, ""),
    ("a new time of update", _edited("a year for", "a year (updated at 17:40) for"), ""),
    ("a line of update", _edited("machines.", "machines.\nUpdated on October 24, 2025."), ""),
    ("another by-line", _edited("WASHINGTON — ", "By Ann Writer, WASHINGTON — "), ""),
    ("percent as a word", _edited("25%", "25 percent"), ""),
    ("the day in another form", _edited("November 1,", "1 November,"), ""),
    ("the amount in another form", _edited("$8.5 billion", "US$8,500 million"), ""),
    ("a rounded amount", _edited("$8.5 billion", "$8.52 billion"), ""),
    ("a changed rate", _edited("25%", "30%"), "new number: 30% (told before: 25%)"),
    ("a rate halved", _edited("25%", "12.5%"), "new number: 12.5%"),
    (
        "a moved date",
        _edited("November 1,", "November 10,"),
        "new date: November 10 (told before: November 1)",
    ),
    ("another year", _edited("November 1,", "January 1, 2026,"), "new date: January 1, 2026"),
    ("a date gone by", _edited("ministry said", "ministry said, as it had on October 2"), ""),
    (
        "a changed amount",
        ("The tariff on steel costs $12 billion", TARIFF[1]),
        "new amount: USD 12 billion (told before: 8.5 billion)",
    ),
    ("a delay", _edited("will be 25% and start on", "is postponed beyond"), "now: delayed"),
    ("a delay in the title", ("Tariff on steel from China delayed", TARIFF[1]), "now: delayed"),
    ("a delay that may be", _edited("will be 25%", "may be delayed, is 25%"), ""),
    (
        "a delay that is asked for",
        _edited("called the tariff on steel a mistake", "demanded to delay the tariff on steel"),
        "",
    ),
    ("a delay denied", ("Ministry denies a delay of the tariff on steel", TARIFF[1]), "now: denied"),
    ("no delay", ("Tariff on steel will not be delayed", TARIFF[1]), "now: not delayed"),
    ("a suspension", ("Washington suspends its tariff on steel", TARIFF[1]), "now: suspended"),
    ("off the table", ("Tariff on steel is off the table", TARIFF[1]), "now: off the table"),
    ("called off", ("Washington calls off the tariff on steel", TARIFF[1]), "now: off the table"),
    ("withdrawn", ("Washington withdrew its tariff on steel", TARIFF[1]), "now: off the table"),
    ("agreed", ("China and Washington agreed on the tariff on steel", TARIFF[1]), "now: agreed"),
    ("a deal", ("Deal on steel: both sides reached a broad agreement", TARIFF[1]), "now: agreed"),
    ("in force", ("Tariff on steel takes effect", TARIFF[1]), "now: in force"),
    ("extended", ("Washington extends the tariff on steel", TARIFF[1]), "now: extended"),
    ("approved", ("Senate approves the tariff on steel", TARIFF[1]), "now: approved"),
    ("rejected", ("Senate rejects the tariff on steel", TARIFF[1]), "now: rejected"),
    ("lifted", ("Washington lifts the tariff on steel", TARIFF[1]), "now: lifted"),
    ("failed", ("Talks on the steel tariff end without agreement", TARIFF[1]), "now: failed"),
    ("a correction in the title", (f"Correction: {TARIFF[0]}", TARIFF[1]), "a correction"),
    ("a correction of an agency", (f"CORRECTED-UPDATE 1-{TARIFF[0]}", TARIFF[1]), "a correction"),
    ("a title that only has the word", ("Corrected figures on the tariff on steel", TARIFF[1]), ""),
    (
        "a correction at the end",
        _edited("machines.", "machines.\nAn earlier version of this article misstated the day."),
        "a correction",
    ),
    (
        "a retraction",
        ("Agency retracts story on the steel tariff", TARIFF[1] + "\nThe agency retracts its report."),
        "a correction",
    ),
    ("a correction of prices", ("Steel after the tariff: a correction of prices", TARIFF[1]), ""),
    ("another party", ("Japan joins the tariff on steel", f"{TARIFF[1]}\nJapan will follow."), "new party: Japan"),
    (
        "another company",
        ("Tariff on steel hits Thyssenkrupp", f"{TARIFF[1]}\nThyssenkrupp makes steel."),
        "new party: Thyssenkrupp",
    ),
    ("a party that was named", ("China and the tariff on steel", TARIFF[1]), ""),
    (
        "another sentence",
        (
            "Tariff on steel: smelters in Ohio shut furnaces and dismiss welders",
            "Smelters in Ohio shut furnaces, dismiss welders and mothball warehouses because of the tariff on steel.",
        ),
        "it says something else",
    ),
    (
        "the same in other words",
        (
            "China's steel faces a tariff from November 1",
            "A tariff of 25% on Chinese steel is to start on November 1, says the ministry. Carmakers: a mistake.",
        ),
        "",
    ),
    ("the same, shorter", ("Tariff on steel set", "The tariff on steel from China will start on November 1."), ""),
]

DEATHS = ("Steel plant fire kills 12 people", "A fire in a steel plant killed 12 people on Monday, the police said.")

OTHERS = [
    Pair(
        "a toll that rises",
        "en",
        "steel",
        DEATHS,
        ("Steel plant fire kills 15 people", DEATHS[1].replace("12", "15")),
        "new number: 15 (told before: 12)",
    ),
    Pair("a toll as it was", "en", "steel", DEATHS, ("Fire in a steel plant: 12 people dead", DEATHS[1]), ""),
    Pair(
        "de: ein anderer Satz",
        "de",
        "Zoll OR Stahl",
        ("Zoll auf Stahl beschlossen", "Der Zoll auf Stahl beträgt 25 Prozent und gilt ab dem 1. November."),
        ("Zoll auf Stahl beschlossen", "Der Zoll auf Stahl beträgt 30 Prozent und gilt ab dem 1. November."),
        "new number: 30% (told before: 25%)",
    ),
    Pair(
        "de: verschoben",
        "de",
        "Zoll OR Stahl",
        ("Zoll auf Stahl beschlossen", "Der Zoll auf Stahl gilt ab dem 1. November."),
        ("Zoll auf Stahl verschoben", "Der Zoll auf Stahl gilt erst ab dem 10. November."),
        "now: delayed",
    ),
    Pair(
        "de: dasselbe",
        "de",
        "Zoll OR Stahl",
        ("Zoll auf Stahl beschlossen", "Der Zoll auf Stahl beträgt 25 Prozent und gilt ab dem 1. November."),
        ("Stahl: Zoll beschlossen", "Ab dem 1. November gilt ein Zoll von 25 % auf Stahl."),
        "",
    ),
    Pair(
        "de: möglich",
        "de",
        "Zoll OR Stahl",
        ("Zoll auf Stahl beschlossen", "Der Zoll auf Stahl gilt ab dem 1. November."),
        ("Zoll auf Stahl könnte verschoben werden", "Der Zoll auf Stahl gilt ab dem 1. November."),
        "",
    ),
    Pair(
        "de: Berichtigung",
        "de",
        "Zoll OR Stahl",
        ("Zoll auf Stahl beschlossen", "Der Zoll auf Stahl gilt ab dem 1. November."),
        ("Berichtigung: Zoll auf Stahl beschlossen", "Der Zoll auf Stahl gilt ab dem 1. November."),
        "a correction",
    ),
    Pair(
        "de: auf Englisch gesagt",
        "de",
        "Zoll OR tariff",
        ("Zoll auf Stahl beschlossen", "Der Zoll auf Stahl beträgt 25 Prozent und gilt ab dem 1. November."),
        ("Der Zoll", "Der Zoll auf Stahl beträgt 25 Prozent ab 1.11.2025."),
        "",
    ),
    Pair(
        "fr: reporté",
        "fr",
        "acier",
        ("Droits de douane sur l'acier", "Les droits de douane sur l'acier entrent en jeu le 1er novembre."),
        ("Les droits de douane sur l'acier reportés", "Ils devaient viser l'acier le 1er novembre."),
        "now: delayed",
    ),
    Pair(
        "fr: le même",
        "fr",
        "acier",
        ("Droits de douane sur l'acier", "Les droits de douane sur l'acier sont de 25 % dès le 1er novembre."),
        (
            "Acier: des droits de douane",
            "Dès le 1er novembre, l'acier est soumis à des droits de douane de 25 pour cent.",
        ),
        "",
    ),
    Pair(
        "fr: un autre taux",
        "fr",
        "acier",
        ("Droits de douane sur l'acier", "Les droits de douane sur l'acier sont de 25 %."),
        ("Droits de douane sur l'acier", "Les droits de douane sur l'acier sont de 50 %."),
        "new number: 50% (told before: 25%)",
    ),
    Pair(
        "es: suspendido",
        "es",
        "acero",
        ("Arancel al acero", "El arancel al acero será del 25 % desde el 1 de noviembre."),
        ("Suspendido el arancel al acero", "El arancel al acero era del 25 %."),
        "now: suspended",
    ),
    Pair(
        "es: otro día",
        "es",
        "acero",
        ("Arancel al acero", "El arancel al acero rige desde el 1 de noviembre."),
        ("Arancel al acero", "El arancel al acero rige desde el 10 de noviembre."),
        "new date: November 10",
    ),
    Pair(
        "es: desmentido",
        "es",
        "acero",
        ("Arancel al acero", "El arancel al acero rige desde el 1 de noviembre."),
        ("El ministerio desmiente el arancel al acero", "El arancel al acero no existe."),
        "now: denied",
    ),
    Pair(
        "it: accordo",
        "it",
        "acciaio",
        ("Dazi sull'acciaio", "I dazi sull'acciaio partono il 1 novembre."),
        ("Acciaio, raggiunto un accordo", "Sui dazi sull'acciaio è stato raggiunto un accordo."),
        "now: agreed",
    ),
    Pair(
        "it: lo stesso",
        "it",
        "acciaio",
        ("Dazi sull'acciaio", "I dazi sull'acciaio del 25% partono il 1 novembre."),
        ("Acciaio, i dazi", "Partono il 1 novembre i dazi del 25 per cento sull'acciaio."),
        "",
    ),
    Pair(
        "pt: adiado",
        "pt",
        "aço",
        ("Tarifa sobre o aço", "A tarifa sobre o aço começa em 1 de novembro."),
        ("Adiada a tarifa sobre o aço", "A tarifa sobre o aço começava em 1 de novembro."),
        "now: delayed",
    ),
    Pair(
        "nl: uitgesteld",
        "nl",
        "staal",
        ("Heffing op staal", "De heffing op staal begint op 1 november."),
        ("Heffing op staal uitgesteld", "De heffing op staal zou op 1 november beginnen."),
        "now: delayed",
    ),
    Pair(
        "ru: отложил",
        "ru",
        "сталь",
        ("Пошлина на сталь", "Пошлина на сталь начнёт действовать 1 ноября."),
        ("Пошлину на сталь отложили", "Пошлина на сталь должна была действовать с 1 ноября."),
        "now: delayed",
    ),
    Pair(
        "ru: другая ставка",
        "ru",
        "сталь",
        ("Пошлина на сталь", "Пошлина на сталь составит 25%."),
        ("Пошлина на сталь", "Пошлина на сталь составит 30 процентов."),
        "new number: 30% (told before: 25%)",
    ),
    Pair(
        "ar: تأجيل",
        "ar",
        "الصلب",
        ("رسوم على الصلب", "تبدأ الرسوم على الصلب في 1 نوفمبر."),
        ("تأجيل الرسوم على الصلب", "كانت الرسوم على الصلب ستبدأ في 1 نوفمبر."),
        "now: delayed",
    ),
    Pair(
        "zh: 推迟",
        "zh",
        "钢铁",
        ("美国对钢铁加征关税", "美国自11月1日起对钢铁加征25%的关税。"),
        ("美国推迟对钢铁加征关税", "美国原定11月1日对钢铁加征25%的关税。"),
        "now: delayed",
    ),
    Pair(
        "zh: 一样",
        "zh",
        "钢铁",
        ("美国对钢铁加征关税", "美国自11月1日起对钢铁加征25%的关税。"),
        ("美国对钢铁征税", "11月1日起，美国对钢铁加征百分之二十五的关税。"),
        "",
    ),
    Pair(
        "zh: 税率",
        "zh",
        "钢铁",
        ("美国对钢铁加征关税", "美国自11月1日起对钢铁加征25%的关税。"),
        ("美国对钢铁加征关税", "美国自11月1日起对钢铁加征50%的关税。"),
        "new number: 50% (told before: 25%)",
    ),
    Pair(
        "ja: 延期",
        "ja",
        "鉄鋼",
        ("鉄鋼に関税", "鉄鋼への関税は11月1日から25%となる。"),
        ("鉄鋼関税を延期", "鉄鋼への関税は11月1日の予定だった。"),
        "now: delayed",
    ),
    Pair(
        "ja: 可能性",
        "ja",
        "鉄鋼",
        ("鉄鋼に関税", "鉄鋼への関税は11月1日から25%となる。"),
        ("鉄鋼関税、延期の可能性", "鉄鋼への関税は11月1日から25%となる。"),
        "",
    ),
    Pair(
        "ko: 연기",
        "ko",
        "철강",
        ("철강 관세", "철강 관세는 11월 1일부터 25%이다."),
        ("철강 관세 연기", "철강 관세는 11월 1일 예정이었다."),
        "now: delayed",
    ),
    Pair(
        "another language, the same",
        "en",
        "steel OR Stahl",
        ("Zoll auf Stahl", "Der Zoll auf Stahl beträgt 25 Prozent und gilt ab dem 1. November."),
        ("Tariff on steel", "The tariff on steel is 25% from November 1."),
        "",
    ),
    Pair(
        "another language, another rate",
        "en",
        "steel OR Stahl",
        ("Zoll auf Stahl", "Der Zoll auf Stahl beträgt 25 Prozent und gilt ab dem 1. November."),
        ("Tariff on steel", "The tariff on steel is 30% from November 1."),
        "new number: 30% (told before: 25%)",
    ),
]

PAIRS = [*(Pair(name, "en", EN, TARIFF, later, news) for name, later, news in _ENGLISH), *OTHERS]
