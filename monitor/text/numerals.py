"""Numbers written in words, by language: `one hundred and five`, `quatre-vingt-dix`, `fünfundzwanzig`, `八十五`."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from monitor.text.flat import flatten

# From 0 on; words for one number are joined by `/`.
_ONES = {
    "en": """
        zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen
    """,
    "de": """
        null ein/eins/eine/einem/einen/einer zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn
        vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn
    """,
    "fr": """
        zéro un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize
    """,
    "es": """
        cero un/uno/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis
        diecisiete dieciocho diecinueve
    """,
    "pt": """
        zero um/uma dois/duas três quatro cinco seis sete oito nove dez onze doze treze catorze/quatorze quinze
        dezesseis/dezasseis dezessete/dezassete dezoito dezenove/dezanove
    """,
    "it": """
        zero un/uno/una due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici
        sedici diciassette diciotto diciannove
    """,
    "nl": """
        nul een/één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien
        zeventien achttien negentien
    """,
    "sv": """
        noll en/ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton
        nitton
    """,
    "da": """
        nul en/et to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten
    """,
    "nb": """
        null en/ett to tre fire fem seks sju/syv åtte ni ti elleve tolv tretten fjorten femten seksten sytten atten
        nitten
    """,
    "pl": """
        zero jeden/jednego dwa/dwóch trzy/trzech cztery/czterech pięć/pięciu sześć/sześciu siedem/siedmiu
        osiem/ośmiu dziewięć/dziewięciu dziesięć/dziesięciu jedenaście dwanaście trzynaście czternaście
        piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście
    """,
    "ru": """
        ноль один/одного два/две/двух три/трех четыре/четырех пять/пяти шесть/шести семь/семи восемь/восьми
        девять/девяти десять/десяти одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать
        семнадцать восемнадцать девятнадцать
    """,
    "uk": """
        нуль один/одного два/дві/двох три/трьох чотири п'ять/п'яти шість сім вісім дев'ять десять/десяти одинадцять
        дванадцять тринадцять чотирнадцять п'ятнадцять шістнадцять сімнадцять вісімнадцять дев'ятнадцять
    """,
    "tr": """
        sıfır bir iki üç dört beş altı yedi sekiz dokuz on
    """,
    "ar": """
        صفر واحد/واحدة اثنان/اثنين ثلاثة/ثلاث أربعة/أربع خمسة/خمس ستة/ست سبعة/سبع ثمانية/ثماني تسعة/تسع عشرة/عشر
    """,
    "id": """
        nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas
    """,
    "vi": """
        không một hai ba bốn năm sáu bảy tám chín mười
    """,
}
# From 20 on by tens.
_TENS = {
    "en": "twenty thirty forty/fourty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt/vingts trente quarante cinquante soixante septante huitante/octante nonante",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "sv": "tjugo trettio fyrtio femtio sextio sjuttio åttio nittio",
    "da": "tyve tredive fyrre halvtreds tres halvfjerds firs halvfems",
    "nb": "tjue tretti førti femti seksti sytti åtti nitti",
    "pl": "dwadzieścia/dwudziestu trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt "
    "osiemdziesiąt dziewięćdziesiąt",
    "ru": "двадцать/двадцати тридцать/тридцати сорок пятьдесят/пятидесяти шестьдесят семьдесят восемьдесят девяносто",
    "uk": "двадцять/двадцяти тридцять сорок п'ятдесят шістдесят сімдесят вісімдесят дев'яносто",
    "tr": "yirmi otuz kırk elli altmış yetmiş seksen doksan",
    "ar": "عشرون/عشرين ثلاثون/ثلاثين أربعون/أربعين خمسون/خمسين ستون/ستين سبعون/سبعين ثمانون/ثمانين تسعون/تسعين",
}
_HUNDREDS_TEXT = """
en:hundred de:hundert fr:cent/cents ca:cent es:cien/ciento pt:cem/cento it:cento nl:honderd sv:hundra
da:hundrede nb:hundre pl:sto/stu ru:сто/ста uk:сто/ста tr:yüz/yüzlük ar:مئة/مائة/المئة/المائة id:seratus/ratus vi:trăm
cs:sto sk:sto hr:sto sr:sto/сто bg:сто sl:sto ro:sută/suta hu:száz fi:sata el:εκατό fa:صد he:מאה hi:सौ/शत ko:백
th:ร้อย
"""
_OTHER_HUNDREDS = {
    "es": {200: "doscientos", 300: "trescientos", 400: "cuatrocientos", 500: "quinientos"},
    "pt": {200: "duzentos", 300: "trezentos", 400: "quatrocentos", 500: "quinhentos"},
    "ru": {200: "двести", 300: "триста", 400: "четыреста", 500: "пятьсот"},
    "uk": {200: "двісті", 300: "триста", 400: "чотириста", 500: "п'ятсот"},
    "pl": {200: "dwieście", 300: "trzysta", 400: "czterysta", 500: "pięćset"},
    "ar": {200: "مئتين/مئتان/مائتين/مائتان", 300: "ثلاثمئة/ثلاثمائة", 500: "خمسمئة/خمسمائة"},
}
_THOUSANDS_TEXT = """
en:thousand de:tausend fr:mille es:mil pt:mil it:mille/mila nl:duizend sv:tusen da:tusind nb:tusen pl:tysiąc/tysiące
ru:тысяча/тысячи/тысяч uk:тисяча/тисячі/тисяч tr:bin ar:ألف/آلاف id:seribu/ribu
"""
_HALVES_TEXT = """
en:half de:halb/halbe/halbes/halben fr:demi/demie es:medio/media pt:meio/meia it:mezzo/mezza nl:half/halve
sv:halv/halvt da:halv/halvt nb:halv/halvt pl:pół ru:пол/половина/половину uk:пів tr:yarım/buçuk id:setengah
ar:نصف
"""
# Between the parts of a number.
_GLUE_TEXT = """
en:and de:und fr:et es:y pt:e it:e nl:en sv:och da:og nb:og ar:و
"""
# What goes together in one word: the sign between ones and tens, and whether the ones come first.
_COMPOUNDS = {
    "de": ("und", True), "nl": ("en", True), "da": ("og", True), "it": ("", False), "sv": ("", False), "nb": ("", False)
}  # fmt: skip
_HAN_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
HAN_NUMERALS = "".join([*_HAN_DIGITS, *_HAN_UNITS])


class Numerals:
    """The number words of a language: `values`, the words between them and those for a half."""

    def __init__(self, language: str) -> None:
        self.values: dict[str, int] = {}
        for first, step, table in ((0, 1, _ONES), (20, 10, _TENS)):
            for place, names in enumerate(table.get(language, "").split()):
                self._add(names, first + step * place)
        for value, names in _OTHER_HUNDREDS.get(language, {}).items():
            self._add(names, value)
        self._add_compounds(language)
        self._add(_named(_HUNDREDS_TEXT, language), 100)
        self._add(_named(_THOUSANDS_TEXT, language), 1000)
        self.glue = frozenset(flatten(_named(_GLUE_TEXT, language)).split())
        self.halves = frozenset(flatten(_named(_HALVES_TEXT, language)).split("/")) - {""}
        self._has_scores = language == "fr"

    def _add(self, names: str, value: int) -> None:
        self.values.update(dict.fromkeys((flatten(name) for name in names.split("/") if name), value))

    def _add_compounds(self, language: str) -> None:
        if language not in _COMPOUNDS:
            return
        glue, is_ones_first = _COMPOUNDS[language]
        ones = {word: value for word, value in self.values.items() if 0 < value < 10}
        tens = {word: value for word, value in self.values.items() if value >= 20}
        for ten, tens_value in tens.items():
            for one, value in ones.items():
                word = f"{one}{glue}{ten}" if is_ones_first else f"{ten}{one}"
                self.values[word] = tens_value + value
                if language == "it" and one[0] in "uo":
                    self.values[ten[:-1] + one] = tens_value + value
                if language == "nl" and one.endswith("e"):
                    self.values[f"{one}{glue}{ten}"] = tens_value + value
        hundred = flatten(_named(_HUNDREDS_TEXT, language).split("/")[0])
        below = dict(self.values)
        for one, value in {"": 1, **ones}.items():
            self.values[one + hundred] = 100 * value
            self.values.update({f"{one}{hundred}{word}": 100 * value + rest for word, rest in below.items()})

    def read(self, words: list[str]) -> int:
        """Return the number that words of `values` (and of `glue`) stand for together."""
        total = value = 0
        for word in words:
            number = self.values.get(word, 0)
            if number == 1000:
                total += max(value, 1) * 1000
                value = 0
            elif number == 100 or (number == 20 and value % 100 == 4 and self._has_scores):
                value = max(value, 1) * number if number == 100 else value + 76
            else:
                value += number
        return total + value


@lru_cache(maxsize=64)
def numerals(language: str) -> Numerals:
    """Return the number words of a language; there are none for most."""
    return Numerals(language)


def _named(table: str, language: str) -> str:
    return next((item[len(language) + 1 :] for item in table.split() if item.startswith(f"{language}:")), "")


def read_han(text: str) -> Decimal:
    """Return the number below ten thousand that Chinese numerals stand for: `八十五`, `一百二`, `二〇`."""
    if not any(char in _HAN_UNITS for char in text):
        return Decimal("".join(str(_HAN_DIGITS[char]) for char in text))
    value = last = 0
    for char in text:
        if char in _HAN_UNITS:
            value += (last or 1) * _HAN_UNITS[char]
            last = 0
        else:
            last = _HAN_DIGITS[char]
    return Decimal(value + last)
