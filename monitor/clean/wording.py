"""The words by which a page shows that it is no article: walls, logins, errors, in the languages news comes in."""

from __future__ import annotations

import re


def _any_of(lines: str) -> re.Pattern[str]:
    return re.compile("|".join(line.strip() for line in lines.strip().split("\n")), re.IGNORECASE)


_CONSENT = _any_of(r"""
    we (?:and our (?:\d+ )?partners|use cookies|value your privacy|care about your privacy)
    accept (?:all|cookies)
    reject all
    manage (?:my |your )?(?:choices|preferences|cookies|options)
    cookie (?:policy|settings|preferences)
    store and/or access information
    personali[sz]ed (?:ads|advertising)
    withdraw your consent
    legitimate interest
    wir und unsere (?:\d+ )?partner
    wir verwenden cookies
    alle akzeptieren
    cookies? zustimmen
    einwilligung
    personalisierte (?:anzeigen|werbung)
    datenschutzeinstellungen
    berechtigte[sn]? interesse
    nous et nos (?:\d+ )?partenaires
    nous utilisons des cookies
    tout accepter
    tout refuser
    accepter les cookies
    paramétrer (?:les|mes) cookies
    vos choix
    retirer votre consentement
    publicités personnalisées
    nosotros y nuestros (?:\d+ )?socios
    utilizamos cookies
    aceptar (?:todo|todas|cookies)
    rechazar todo
    política de cookies
    configurar cookies
    publicidad personalizada
    noi e i nostri (?:\d+ )?partner
    utilizziamo (?:i )?cookie
    accetta (?:tutti|e continua)
    rifiuta tutto
    continua senza accettare
    informativa sui cookie
    nós e (?:os )?nossos parceiros
    usamos cookies
    aceitar (?:todos|tudo)
    wij en onze partners
    alles accepteren
    cookiebeleid
    cookie-instellingen
    my i nasi partnerzy
    zaakceptuj wszystkie
    przejdź do serwisu
    polityka prywatności
    vi och våra partners
    godkänn alla
    vi bruger cookies
    tillad alle
    すべて(?:の cookie を)?(?:許可|同意)
    クッキー(?:の使用|ポリシー)
    全部接受
    接受所有 ?cookie
""")
_SUBSCRIBE = _any_of(r"""
    (?:subscribe|sign up)[^.!?\n]{0,40}to (?:continue|keep|read|unlock|access|view)[^.!?\n]{0,60}
    (?:register|become a member)[^.!?\n]{0,40}to (?:continue|keep|read|unlock|access|view)[^.!?\n]{0,60}
    (?:log ?in|sign in)[^.!?\n]{0,40}to (?:continue|keep|read|unlock|access|view)[^.!?\n]{0,60}
    to (?:continue|keep) reading[^.!?\n]{0,60}(?:subscri|sign|log|regist|join)
    this (?:article|story|content) is (?:only )?(?:available )?(?:to|for) (?:our )?(?:\w+ )?(?:subscribers|members)
    exclusive(?:ly)? (?:available )?(?:to|for) (?:our )?(?:paid |paying )?(?:subscribers|members)
    already (?:a subscriber|have (?:an account|a subscription)|subscribed)\?
    subscribers only
    unlock (?:this|the full) (?:article|story)
    you have reached your (?:article )?limit
    (?:jetzt|hier) (?:abonnieren|weiterlesen mit)
    bereits (?:abonnent|registriert|abonniert)
    sie haben bereits ein abo
    mit (?:einem )?[\w+-]*abo (?:weiterlesen|lesen)
    (?:diesen|den ganzen) artikel (?:mit|nur)
    nur für abonnenten
    weiterlesen mit [\w+ ]{2,30}(?:abo|plus|\+)
    jetzt testen und weiterlesen
    réservée? (?:aux|à nos) abonnés
    pour (?:lire la suite|continuer)[^.!?\n]{0,40}abonn
    déjà abonnée?
    il (?:vous )?reste \d+ ?% de cet article
    la suite est réservée
    abonnez-vous pour
    (?:contenido|artículo|noticia) (?:exclusiv[oa]|sol[oa]|reservad[oa]) (?:para|a) (?:\w+ )?suscriptores
    suscr[ií]bete para
    ya eres suscriptor
    ¿ya (?:eres|tienes)
    para (?:seguir|continuar) leyendo
    (?:contenuto|articolo) riservato agli abbonati
    abbonati per
    sei già abbonato
    (?:conteúdo|matéria) exclusiv[oa] para assinantes
    assine para
    já é assinante
    alleen voor abonnees
    verder lezen\?
    word abonnee
    al abonnee
    treść (?:dostępna )?tylko dla (?:pre)?(?:numer|subskr)\w+
    för prenumeranter
    läs vidare
    redan prenumerant
    kun for abonnenter
    allerede abonnent
    læs videre med
    この記事は(?:有料)?会員限定
    有料会員(?:限定|になると)
    残り ?[\d,]+ ?文字
    続きを読むには
    会員登録
    登録会員限定
    订阅(?:后|以)(?:继续)?阅读
    登录后(?:继续)?阅读
    付费(?:内容|阅读)
    구독(?:하고|하시면)
    유료 회원
""")
_MISSING_TITLE = _any_of(r"""
    (?:error\W*)?404(?:\W+(?:error|page|not|file).*)?
    (?:http )?error 404
    (?:sorry\W+)?(?:the |this |your )?(?:page|article|story|content|file|document) (?:was |could )?not (?:be )?found.*
    (?:sorry\W+)?(?:the |this |your )?(?:page|article|story|content|file|document) (?:is )?(?:not|no longer) available.*
    (?:sorry\W+)?(?:the |this |your )?(?:page|article|story|content|file|document) no longer exists.*
    (?:error\W+|sorry\W+)?not found
    page (?:doesn.t|does not) exist.*
    oops\W.{0,40}(?:page|404|wrong|exist).*
    (?:die )?seite (?:wurde )?nicht gefunden.*
    artikel nicht (?:gefunden|verfügbar).*
    (?:cette )?page (?:est )?introuvable.*
    page non trouvée.*
    página no encontrada.*
    no (?:se )?(?:ha )?encontrad[oa].*
    pagina non trovata.*
    página não encontrada.*
    pagina niet gevonden.*
    (?:nie znaleziono strony|strona nie istnieje).*
    sidan (?:kunde inte hittas|hittades inte).*
    siden (?:blev )?ikke fundet.*
    sivua ei löyty.*
    страница не найдена.*
    sayfa bulunamadı.*
    ページが見つかりません.*
    お探しのページ.*
    页面(?:不存在|未找到).*
    頁面不存在.*
    페이지를 찾을 수 없.*
""")
_SAYS_MISSING = _any_of(r"""
    (?:page|article|story) (?:you (?:are|were|requested)[^.\n]{0,40}|requested )?(?:could not|cannot) be found
    (?:page|article|story) (?:you (?:are|were|requested)[^.\n]{0,40}|requested )?(?:can't|couldn't) be found
    page (?:you[^.\n]{0,40} )?(?:no longer exists|does not exist|doesn't exist|has been (?:removed|moved|deleted))
    (?:article|story|content) is no longer available
    seite (?:existiert nicht|wurde nicht gefunden|nicht gefunden)
    page (?:que vous[^.\n]{0,40})?(?:n'existe (?:pas|plus)|est introuvable)
    página (?:que [^.\n]{0,40})?no (?:existe|se encuentra)
    pagina (?:che [^.\n]{0,40})?(?:non esiste|non è (?:stata )?trovata)
    página (?:que [^.\n]{0,40})?não (?:existe|foi encontrada)
    お探しのページは
    页面不存在
    страница не (?:найдена|существует)
""")
_LOGIN_TITLE = re.compile(
    r"(?:log ?in|sign ?in|login|anmelden|anmeldung|connexion|se connecter|accedi|iniciar sesión|entrar|inloggen"
    r"|logga in|zaloguj|вход|ログイン|登录|로그인)(?:\s*(?:[|–—·:-]|to |bei |à |in ).*)?",
    re.IGNORECASE,
)
_SCRIPT = _any_of(r"""
    (?:enable|turn on|activate|requires?|needs?) (?:your )?java ?script
    java ?script (?:is (?:disabled|required|not enabled)|must be enabled|aktivieren|muss aktiviert)
    activer (?:le )?javascript
    (?:activa|habilita|active) (?:el )?javascript
    abilita(?:re)? javascript
    schakel javascript
    javascript を有効
    启用 ?javascript
""")


def count_consent_phrases(text: str) -> int:
    """Return how many different phrases of consent a text holds."""
    return len({found.group().casefold() for found in _CONSENT.finditer(text)})


def asks_to_subscribe(end: str) -> str:
    """Return the words by which the end of a text asks for a subscription or a login; empty: it does not."""
    found = _SUBSCRIBE.search(end)
    return " ".join(found.group().split()) if found else ""


def is_missing_title(title: str) -> bool:
    """Tell whether a title is that of an error page, before the site's name."""
    return any(_MISSING_TITLE.fullmatch(part.strip()) for part in re.split(r"\s[|–—·»-]\s", title)[:1] if part.strip())


def says_missing(text: str) -> bool:
    """Tell whether a short text says that a page is missing."""
    return bool(_SAYS_MISSING.search(text))


def is_login_title(title: str) -> bool:
    """Tell whether a title is that of a login page."""
    return bool(_LOGIN_TITLE.fullmatch(title.strip()))


def asks_for_script(text: str) -> bool:
    """Tell whether a text asks the reader to turn JavaScript on."""
    return bool(_SCRIPT.search(text))
