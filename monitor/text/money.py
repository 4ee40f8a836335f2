"""Names of currencies and of large numbers."""

from __future__ import annotations

from functools import lru_cache

from monitor.text.flat import flatten

# The longest first where one ends another. `¥` is yuan in Chinese texts.
SIGNS_TEXT = """
US$:USD USD$:USD HK$:HKD NT$:TWD AU$:AUD NZ$:NZD CA$:CAD CDN$:CAD A$:AUD C$:CAD S$:SGD R$:BRL MX$:MXN CN¥:CNY
JP¥:JPY RMB¥:CNY US_$:USD US-$:USD HK_$:HKD $:USD €:EUR £:GBP ¥:JPY ₹:INR ₩:KRW ₽:RUB ₺:TRY ₫:VND ₴:UAH ₪:ILS
₱:PHP ₦:NGN ฿:THB ₸:KZT
"""
CURRENCIES_TEXT = """
AED ARS AUD BRL CAD CHF CLP CNY CZK DKK EGP EUR GBP HKD HUF IDR ILS INR JPY KRW KZT MXN MYR NGN NOK NZD PHP PKR PLN
QAR RON RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR
"""
CURRENCIES = frozenset(CURRENCIES_TEXT.split())
# Letters that stand for a currency like its code, as they are written.
_LETTERS_TEXT = "RMB:CNY RM:MYR Rs:INR Rs.:INR Rp:IDR Kč:CZK zł:PLN TL:TRY Ft:HUF CNH:CNY"
CODES = {code: code for code in CURRENCIES} | dict(pair.split(":") for pair in _LETTERS_TEXT.split())
# Codes that are no words: written small too.
SMALL_CODES = ("usd", "eur", "gbp", "rmb", "jpy", "cny", "chf", "krw", "hkd")
# A star: the word may go on.
NAMES = {
    "USD": """
        dollar, dollars, us dollar, us dollars, u.s. dollar, u.s. dollars, american dollar, american dollars,
        us-dollar, us-dollars, u.s.-dollar, u.s.-dollars, us- dollar, us- dollars, amerikaanse dollar,
        amerikanische dollar, amerikanischen dollar, amerikanska dollar, американских долларов, دلار*, dólar*,
        dolar*, доллар*, долар*, dollari*, dolláriin, dollár*, dolláros, dólares, dolári, δολάρι*, долл, 美元,
        美金, 米ドル, ドル, 달러, 미국 달러, دولار*, דולר*, डॉलर, ডলার, ดอลลาร์, đô la, đô-la, usd, dollaro,
        долларов сша
    """,
    "AUD": "australian dollars, australian dollar, a. dollars, 澳元, 豪ドル, 호주 달러",
    "CAD": "canadian dollars, canadian dollar, 加元, カナダドル",
    "HKD": "hong kong dollars, hong kong dollar, hk dollars, 港元, 港币, 香港ドル",
    "SGD": "singapore dollars, singapore dollar, 新加坡元",
    "TWD": "taiwan dollars, taiwan dollar, new taiwan dollars, 新台币, 台币, 台湾ドル",
    "NZD": "new zealand dollars, new zealand dollar",
    "EUR": """
        euro, euros, euroa, eurot, euron, eurot, eura, eur, evro, evra, evrov, евро, євро, ευρώ, 欧元, 歐元,
        ユーロ, 유로, يورو, אירו, यूरो, ยูโร, avro, eurolla, eurot, euró, eurót, eiro, eurų, eurai
    """,
    "GBP": """
        pound, pounds, pound sterling, pounds sterling, british pounds, sterling, pfund, britische pfund, livres,
        livres sterling, libras, libras esterlinas, sterline, фунт* стерлингов, 英镑, ポンド, 파운드
    """,
    "JPY": "yen, yenes, yens, ienes, йен*, иен*, єн, japanese yen, 日元, 日圆, 日円, 円, 엔, ین, 엔화, jeny, jenů",
    "CNY": """
        yuan, yuans, yuanes, renminbi, rmb, chinese yuan, juan*, yüan, юан*, юань, юаней, 人民币, 元人民币, 元,
        元人民幣, 위안, 중국 위안, يوان, יואן, युआन, หยวน, nhân dân tệ
    """,
    "INR": "rupee, rupees, indian rupees, rupien, roupies, rupias, рупий, рупии, रुपये, रुपए, रुपया, 卢比, ルピー, 루피",
    "PKR": "pakistani rupees, pakistan rupees",
    "KRW": "won, korean won, south korean won, 韩元, 韓元, ウォン, 원, вон",
    "RUB": "ruble, rubles, rouble, roubles, rubel, rubeln, roubles, rublos, rubli, рубл*, руб, 卢布, ルーブル, 루블",
    "CHF": "francs suisses, schweizer franken, franken, swiss francs, swiss franc, stutz, 瑞士法郎",
    "MYR": "ringgit, ringgits, 林吉特",
    "BRL": "reais, brazilian reais, brazilian real",
    "MXN": "mexican pesos, pesos mexicanos",
    "PHP": "philippine pesos, piso",
    "TRY": "lira, liras, turkish lira, turkish liras, türk lirası, лир*, tl",
    "SEK": "kronor, swedish kronor, swedish crowns, svenska kronor, kr",
    "NOK": "norwegian kroner, norwegian crowns, norske kroner",
    "DKK": "danish kroner, danish crowns, danske kroner",
    "CZK": "korun, koruny, koruna, czech crowns, czech koruna",
    "PLN": "złotych, złote, złoty, zloty, zlotys, polish zloty, polish zlotys, злот*",
    "HUF": "forint, forints, forintot, forintos",
    "RON": "lei",
    "UAH": "hryvnia, hryvnias, гривень, гривні, гривня, гривен, гривны, грн",
    "KZT": "tenge, тенге, теңге",
    "THB": "baht, บาท, thai baht",
    "VND": "dong, đồng",
    "IDR": "rupiah",
    "ILS": 'shekel, shekels, שקל*, ש"ח',
    "AED": "dirham, dirhams, درهم",
    "SAR": "riyal, riyals, saudi riyals, ريال*",
    "ZAR": "rand",
    "NGN": "naira",
}
_POWERS = {
    3: """
        k, thousand, thousands, tausend, tsd, mille, mil, mila, miles, tys, tysiąc, tysiące, tysięcy, tis,
        tisíc, tusen, tusind, duizend, тыс, тысяч, тысячи, тысяча, тис, тисяч, тисячі, bin, ألف, آلاف, الف,
        هزار, אלף, אלפי, हजार, हज़ार, nghìn, ngàn, ribu, พัน, ezer, tuhat, 천, tuhatta, mii, χιλιάδες, хиляди,
        tisoč
    """,
    2: "백",
    4: "万, 萬, 만, หมื่น",
    5: "lakh, lakhs, लाख, লাখ, لاکھ, แสน, lac",
    6: """
        m, mn, mi, mln, mio, mm, million, millions, millionen, millón, millones, milhão, milhões, milione, milioni,
        miljoen, miljoner, miljon, millioner, milj, miljoonaa, miljoona, milion, miliony, milionów, miliona,
        milionů, miliónov, milioane, milionu, milijuna, milijun, milijona, milijonov, milijonų, millió, milyon,
        миллион, миллиона, миллионов, млн, мільйон, мільйона, мільйонів, мільйони, милион, милиона, милиони,
        εκατομμύρια, εκατομμύριο, εκατ, مليون, ملايين, میلیون, מיליון, मिलियन, triệu, juta, ล้าน, mill
    """,
    7: "crore, crores, करोड़, करोड, কোটি, کروڑ, cr",
    8: "亿, 億, 억",
    9: """
        b, bn, bi, bln, bil, mrd, mld, md, mds, mia, mdr, billion, billions, milliard, milliards, milliarde,
        milliarden, miliardi, miliardo, miljard, miljarder, milliarder, miliard, miliardy, miliardów, miliarda,
        miliardů, miliárd, milijardi, milijardu, milijarde, milijard, milijardų, miljardia, miljardi, miljardit,
        milliárd, miliarde, milyar, mlyar, bilhão, bilhões, bilhoes, миллиард, миллиарда, миллиардов, млрд,
        мільярд, мільярда, мільярдів, мільярди, милиард, милиарда, милиарди, δισεκατομμύρια, δισεκατομμύριο,
        δισ, مليار, مليارات, بليون, میلیارد, ارب, מיליארד, अरब, बिलियन, tỷ, tỉ, miliar, พันล้าน
    """,
    11: "खरब",
    12: """
        tn, trn, trillion, trillions, 兆, 조, 万亿, 萬億, billionen, billones, billón, bilioni, biliony,
        bilionów, bilionů, biljoen, biljoner, трлн, триллион, триллиона, триллионов, трильйон, трильйонів,
        trilhões, trilhão, trilyon, triliun, تريليون, تریلیون, טריליון, ट्रिलियन, nghìn tỷ, ล้านล้าน, τρισ, bilião,
        biliões
    """,
}
_SHORT = {flatten(name.strip()).rstrip("."): power for power, names in _POWERS.items() for name in names.split(",")}
# Written without a space behind their numbers.
HAN_SCALES = {
    name: 10**power
    for name, power in _SHORT.items()
    if "\u0e00" <= name[0] <= "\u0e7f" or "\u2e80" <= name[0] <= "\ud7a3"
}
# Where a `billion` is a million million.
_LONG_LANGUAGES = frozenset({"de", "fr", "es", "nl", "da", "nb", "no", "sv", "pl", "cs", "sk", "hu", "fi", "it"})
# What is a thousand elsewhere.
_ENGLISH = {"mil": 6, "mill": 6}


@lru_cache(maxsize=5_000)
def scale_of(word: str, language: str) -> int | None:
    """Return the factor that a word or attached letter stands for (`bn`: 10 to the 9th), None for any other word."""
    key = flatten(word).rstrip(".")
    power = _SHORT.get(key)
    if language == "en":
        power = _ENGLISH.get(key, power)
    if power == 9 and key.startswith("billion") and language in _LONG_LANGUAGES:
        power = 12
    elif power == 12 and key.startswith("trillion") and language in _LONG_LANGUAGES:
        power = 18
    return 10**power if power is not None else None
