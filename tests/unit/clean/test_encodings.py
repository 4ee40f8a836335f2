from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.clean import clean_page

_FOREIGN = {
    "shift_jis": "経済産業省は、レアアースの輸出規制が強化されたことを受けて、企業への聞き取りを始めたと発表した。",
    "gb18030": "中国商务部发言人表示,对稀土相关物项实施出口管制符合国际通行做法,双方将在吉隆坡磋商。",
    "euc-kr": "정부는 희토류 수출 통제 강화에 대응하여 기업들의 재고를 점검하기로 했다고 밝혔다.",
    "windows-1251": "Министерство сообщило, что экспорт редкоземельных магнитов сократился вдвое в октябре.",
    "windows-1252": "Le ministère a déclaré que les expéditions d’été ont été réduites à cause de la pénurie.",
    "iso-8859-2": "Ministerstvo sdělilo, že vývoz magnetů ze vzácných zemin klesl na polovinu už v říjnu.",
}


def _foreign_page(encoding: str, meta: str) -> bytes:
    sentence = _FOREIGN[encoding]
    head, body = f"<head>{meta}<title>x</title></head>", f"<p>{sentence}</p>" * 9
    return f"<html>{head}<body><article>{body}</article></body></html>".encode(encoding)


_WAYS = [(encoding, how) for encoding in _FOREIGN for how in ("meta", "header", "none", "false utf-8")]


@pytest.mark.parametrize(("encoding", "how"), _WAYS)
def test_legacy_encodings_are_read_however_they_are_declared(encoding: str, how: str) -> None:
    meta = {"meta": f'<meta charset="{encoding}">', "false utf-8": '<meta charset="utf-8">'}.get(how, "")
    content_type = {"header": f"text/html; charset={encoding}", "false utf-8": "text/html; charset=utf-8"}.get(how, "")
    page = clean_page(_foreign_page(encoding, meta), "", content_type)
    assert _FOREIGN[encoding] in page.text


_RUSSIAN_PAGE = _foreign_page("windows-1251", "").decode("windows-1251")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_decides(encoding: str) -> None:
    body = ("\ufeff" + _RUSSIAN_PAGE).encode(encoding)
    assert _FOREIGN["windows-1251"] in clean_page(body, "", "text/html; charset=iso-8859-1").text


@pytest.mark.parametrize(
    "damage", [lambda body: body.replace(b"<p>", b"<p>\xff", 1), lambda body: body[: body.rindex(b"\xd0") + 1]]
)
def test_one_bad_byte_does_not_change_the_encoding(damage: Callable[[bytes], bytes]) -> None:
    body = damage(_RUSSIAN_PAGE.encode())
    assert _FOREIGN["windows-1251"] in clean_page(body).text
