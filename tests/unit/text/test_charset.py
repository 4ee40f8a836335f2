from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.charset import codec_of, decode, decode_sure


def _no_guess(body: bytes) -> str:
    return ""


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("utf8", "utf-8"),
        ("UTF-8", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("Latin1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("iso-8859-9", "cp1254"),
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("Shift_JIS", "cp932"),
        ("x-sjis", "cp932"),
        ("windows-31j", "cp932"),
        ("euc-kr", "cp949"),
        ("ks_c_5601-1987", "cp949"),
        ("big5", "big5hkscs"),
        ("tis-620", "cp874"),
        ("windows-874", "cp874"),
        ("koi8-r", "koi8-r"),
        ("ibm866", "cp866"),
        ("x-mac-cyrillic", "mac-cyrillic"),
        ("iso-8859-8-i", "iso8859-8"),
        (' "windows-1251" ', "cp1251"),
        ("iso-2022-jp", "iso2022_jp"),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label: str, codec: str) -> None:
    assert codec_of(label) == codec


@pytest.mark.parametrize(
    "label",
    [
        "punycode",
        "idna",
        "rot13",
        "zlib",
        "hex",
        "base64",
        "utf-7",
        "cp037",
        "raw_unicode_escape",
        "unicode_escape",
        "mbcs",
        "undefined",
        "utf-16",
        "utf-32",
        "",
        "a" * 50,
        "../../x",
        "utf\0",
        "no such thing",
    ],
)
def test_codecs_that_are_no_encoding_of_documents_are_refused(label: str) -> None:
    assert codec_of(label) == ""


@given(st.text())
def test_any_label_is_known_or_empty(label: str) -> None:
    assert isinstance(codec_of(label), str)


@given(
    st.text().filter(lambda text: not text.startswith("\ufeff") and "\ud800" not in text),
    st.sampled_from([[], ["latin-1"], ["koi8-r"]]),
)
def test_utf8_is_read_whatever_is_declared(text: str, labels: list[str]) -> None:
    body = text.encode("utf-8", "replace")
    if not body.startswith((b"<\0", b"\0<", b"\0\0\0<")):
        assert decode_sure(body, labels) == body.decode()


@given(st.binary(), st.lists(st.sampled_from(["utf-8", "shift_jis", "iso-2022-jp", "hz", "rot13", "big5"])))
def test_any_bytes_are_decoded(body: bytes, labels: list[str]) -> None:
    assert isinstance(decode(body, labels, _no_guess), str)


def test_a_byte_order_mark_goes_before_everything() -> None:
    for codec in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"):
        assert decode("\ufeffĀ".encode(codec), ["koi8-r"], _no_guess) == "Ā"


def test_utf16_is_known_by_its_markup() -> None:
    assert decode("<?xml Ā".encode("utf-16-le"), [], _no_guess) == "<?xml Ā"
    assert decode("<!DOCTYPE Ā".encode("utf-16-be"), [], _no_guess) == "<!DOCTYPE Ā"


def test_damaged_utf8_is_still_utf8() -> None:
    assert decode("Größe, Höhe, Länge, Fläche, Über".encode() + b"\xff", ["koi8-r"], _no_guess).startswith(
        "Größe, Höhe"
    )


def test_seven_bit_encodings_are_not_taken_for_ascii() -> None:
    assert decode("稀土".encode("hz"), ["hz"], _no_guess) == "稀土"
    assert decode("希土類".encode("iso-2022-jp"), ["iso-2022-jp"], _no_guess) == "希土類"


def test_the_first_label_that_fits_is_taken() -> None:
    body = "レアアースの輸出規制".encode("cp932")
    assert decode(body, ["utf-8", "shift_jis", "koi8-r"], _no_guess) == "レアアースの輸出規制"


def test_a_guess_is_asked_last() -> None:
    body = "Тарифы с ноября".encode("cp1251")
    assert decode(body, [], lambda _: "windows-1251") == "Тарифы с ноября"
    assert decode(body, ["no-such"], lambda _: "punycode") == body.decode("cp1252", "replace")
