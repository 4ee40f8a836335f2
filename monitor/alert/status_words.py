"""The words by which a report says that things stand otherwise now, by language; what finds them is in `statuses`.

Of each language a line for each status; commas separate. Any form of a word is found, after = only that one; after a
first word of more than three letters two others may come between.
"""

from __future__ import annotations

STATUSES_TEXT = {
    "en": """
delayed: delay, postpone, =defer, =defers, =deferred, =deferral, postponement, put off, put on hold
suspended: suspend, suspension, pause, freeze, halt
off the table: off the table, call off, cancel, cancellation, scrap, shelve, abandon, withdraw, withdrawal, revoke,
repeal, rescind
agreed: =agree, =agrees, =agreed, reach agreement, reach deal, strike deal, clinch deal, sign agreement, sign deal,
agreement reached
in force: in force, into force, take effect, into effect, go live
extended: =extend, =extends, =extended, =extending, =extension, prolong, =renew, =renews, =renewed, renewal
denied: =denies, =denied, =deny, =denial, refute, rule out
approved: approve, approval, ratify, ratification, give the go-ahead, greenlight
rejected: reject, rejection, veto, overrule
lifted: lift, roll back, rollback, unfreeze
resumed: resume, resumption, restart, reopen, reinstate
failed: talk collapse, collapse of talk, talk break down, talk break off, breakdown,
without agreement, without a deal, no deal, no agreement, fall apart,
walk out, deadlock, stalemate
""",
    "de": """
delayed: verschieben, verschoben, verschob, verschiebt, Verschiebung, vertagen, vertagt, aufschieben, aufgeschoben,
Aufschub, verzögern, verzögert, Verzögerung
suspended: aussetzen, ausgesetzt, setzt aus, Aussetzung, stoppen, gestoppt, eingefroren, pausieren
off the table: vom Tisch, absagen, abgesagt, Absage, streichen, gestrichen, zurückziehen, zurückgezogen,
zieht zurück, aufheben, aufgehoben, Rückzug
agreed: einigen, geeinigt, einigten, Einigung, vereinbaren, vereinbart, Vereinbarung erzielt, unterzeichnen,
unterzeichnet
in force: in Kraft, wirksam
extended: verlängern, verlängert, Verlängerung, ausgeweitet
denied: dementieren, dementiert, Dementi, bestreiten, bestreitet, bestritt, leugnen, schließt aus, ausgeschlossen
approved: genehmigen, genehmigt, Genehmigung, billigen, gebilligt, ratifizieren, ratifiziert, zugestimmt
rejected: ablehnen, abgelehnt, lehnt ab, Ablehnung, zurückgewiesen, weist zurück, verworfen
lifted: lockern, gelockert, Lockerung, zurückgenommen
resumed: wieder aufnehmen, wieder aufgenommen, wiederaufgenommen, Wiederaufnahme, fortgesetzt
failed: scheitern, gescheitert, scheiterte, geplatzt, abgebrochen, ohne Einigung, ohne Ergebnis
""",
    "fr": """
delayed: reporté, report, ajourner, retarder, différer, repousser
suspended: suspendre, suspendu, suspension, geler, interrompre, pause
off the table: écarter, écarté, annuler, annulation, abandonner, retirer, retrait, abroger, plus à l'ordre du jour
agreed: accord conclu, accord trouvé, conclure un accord, trouver un accord, parvenir à un accord, s'entendre,
convenu, signer
in force: en vigueur, prend effet, pris effet
extended: prolonger, prolongation, proroger, prorogation, reconduire
denied: démentir, dément, démenti, nier, nie, exclure
approved: approuver, approbation, ratifier, ratification, autoriser, feu vert
rejected: rejeter, rejet, refuser, refus, veto
lifted: lever, levé, levée, assouplir, assouplissement
resumed: reprendre, repris, reprise, rétablir
failed: échouer, échec, rupture, sans accord, effondrement
""",
    "es": """
delayed: aplazar, aplazamiento, aplaza, posponer, pospone, pospuesto, retrasar, retraso, postergar, diferir
suspended: suspender, suspensión, suspendido, paralizar, congelar, pausa
off the table: descartar, descartado, cancelar, cancelación, anular, retirar, retirada, abandonar, derogar,
ya no está sobre la mesa
agreed: acordar, acuerda, acordó, llegar a un acuerdo, llegó a un acuerdo, alcanzar un acuerdo, alcanzó un acuerdo,
pactar, firmar
in force: en vigor, en vigencia, entra en vigor
extended: prorrogar, prórroga, prolongar, ampliar el plazo, extender, extiende
denied: negar, niega, negó, desmentir, desmiente, desmintió
approved: aprobar, aprueba, aprobó, aprobación, ratificar, autorizar, visto bueno
rejected: rechazar, rechazo, vetar, veto, denegar
lifted: levantar, levantamiento, relajar
resumed: reanudar, reanudación, retomar, restablecer
failed: fracasar, fracaso, romper, ruptura, sin acuerdo, colapso
""",
    "it": """
delayed: rinviare, rinvio, rinviato, posticipare, slittare, slittamento, ritardare, ritardo
suspended: sospendere, sospeso, sospensione, congelare, bloccare, pausa
off the table: scongiurare, annullare, annullato, annullamento, cancellare, ritirare, ritirato, ritiro, abbandonare,
revocare
agreed: accordarsi, concordare, concordato, raggiunto un accordo, raggiungere un accordo, trovato un accordo,
intesa raggiunta, firmare, firmato
in force: in vigore, effetto dal
extended: prorogare, proroga, prorogato, prolungare, estendere, esteso
denied: smentire, smentito, smentita, negare, negato
approved: approvare, approvato, approvazione, ratificare, autorizzare, via libera
rejected: respingere, respinto, bocciare, bocciato, rifiutare, rifiuto, veto
lifted: allentare, rimuovere, rimosso, revoca
resumed: riprendere, ripreso, ripresa, ripristinare
failed: fallire, fallito, fallimento, rottura, senza accordo, crollo
""",
    "pt": """
delayed: adiar, adiamento, adiado, postergar, atrasar, atraso
suspended: suspender, suspensão, suspenso, congelar, pausa, interromper
off the table: descartar, descartado, cancelar, cancelamento, anular, retirar, retirada, abandonar, revogar
agreed: acordar, acordado, chegar a um acordo, chegou a um acordo, chegaram a um acordo, fechar acordo,
fechou acordo, assinar
in force: em vigor, em vigência
extended: prorrogar, prorrogação, prolongar, estender, estendido
denied: negar, nega, negou, desmentir, desmente, desmentiu
approved: aprovar, aprovado, aprovação, ratificar, autorizar
rejected: rejeitar, rejeitado, rejeição, recusar, recusa, vetar, veto
lifted: levantar, levantamento, aliviar, flexibilizar
resumed: retomar, retomada, restabelecer
failed: fracassar, fracasso, ruptura, sem acordo, colapso
""",
    "nl": """
delayed: uitstellen, uitgesteld, stelt uit, uitstel, vertragen, vertraagd, vertraging
suspended: opschorten, opgeschort, schort op, opschorting, stilleggen, stilgelegd, bevriezen, bevroren
off the table: van tafel, van de baan, afgelasten, afgelast, schrappen, geschrapt, intrekken, ingetrokken, annuleren
agreed: akkoord bereikt, een akkoord, overeengekomen, eens geworden, ondertekenen, ondertekend, deal gesloten
in force: van kracht, in werking
extended: verlengen, verlengd, verlenging
denied: ontkennen, ontkend, ontkent, ontkenning, tegenspreken
approved: goedkeuren, goedgekeurd, keurt goed, goedkeuring, ratificeren
rejected: verwerpen, verworpen, afwijzen, afgewezen, wijst af, veto
lifted: opheffen, opgeheven, versoepelen, versoepeld, versoepeling
resumed: hervatten, hervat, hervatting
failed: mislukken, mislukt, stukgelopen, zonder akkoord, afgebroken
""",
    "ru": """
delayed: отложить, отложил, отложен, отсрочка, отсрочить, перенести, перенёс, перенос
suspended: приостановить, приостановил, приостановлен, приостановка, заморозить, заморожен
off the table: снят с повестки, отменить, отменил, отменён, отмена, отозвать, отозвал, отказаться, отказался
agreed: договориться, договорился, согласовать, согласован, достигнуто соглашение, достигли соглашения, подписать,
подписал
in force: в силу, вступить в силу
extended: продлить, продлил, продлён, продление
denied: опровергнуть, опроверг, опровергает, отрицать, отрицает, опровержение
approved: одобрить, одобрил, одобрен, одобрение, утвердить, ратифицировать
rejected: отклонить, отклонил, отклонён, отвергнуть, отверг, отказ
lifted: снять, снял, снято, смягчить, смягчил
resumed: возобновить, возобновил, возобновлён, возобновление
failed: провал, провалиться, сорвать, сорван, срыв, без соглашения
""",
    "ar": """
delayed: تأجيل, أجل, أجلت, تؤجل, إرجاء, أرجأت, تأخير
suspended: تعليق, علق, علقت, تعلق, تجميد, جمدت, وقف
off the table: إلغاء, ألغى, ألغت, تلغي, سحب, سحبت, تراجع, تراجعت, لم تعد مطروحة
agreed: اتفق, اتفقت, اتفقا, توصل إلى اتفاق, توصلت إلى اتفاق, توقيع, وقعت
in force: حيز التنفيذ, سارية, سريان
extended: تمديد, مدد, مددت, تمدد
denied: نفى, نفت, تنفي, ينفي, نفي
approved: وافق, وافقت, توافق, موافقة, مصادقة, أقر, أقرت
rejected: رفض, رفضت, ترفض, يرفض
lifted: رفع القيود, رفع العقوبات, تخفيف, خففت
resumed: استئناف, استأنف, استأنفت, تستأنف
failed: فشل, فشلت, انهيار, انهارت, دون اتفاق, تعثر
""",
    "zh": """
delayed: 推迟, 延后, 延期, 暂缓, 押后, 推遲, 延後, 暫緩
suspended: 暂停, 中止, 停止, 冻结, 暫停, 凍結
off the table: 取消, 撤回, 撤销, 放弃, 作罢, 不再考虑, 撤銷, 放棄
agreed: 达成协议, 达成一致, 达成共识, 同意, 签署, 商定, 達成協議, 達成一致, 簽署
in force: 生效, 施行
extended: 延长, 续期, 延續, 延長
denied: 否认, 辟谣, 不实, 否認, 闢謠
approved: 批准, 核准, 通过审批
rejected: 拒绝, 否决, 驳回, 拒絕, 否決
lifted: 解除, 放宽, 放寬
resumed: 恢复, 重启, 恢復, 重啟
failed: 破裂, 失败, 谈崩, 未能达成, 失敗
""",
    "ja": """
delayed: 延期, 先送り, 見送, 遅らせ
suspended: 停止, 一時停止, 凍結, 中断
off the table: 撤回, 中止, 取り消, 取りやめ, 白紙
agreed: 合意, 締結, 署名
in force: 発効, 施行
extended: 延長
denied: 否定, 打ち消
approved: 承認, 認可, 批准
rejected: 拒否, 拒絶, 否決, 却下
lifted: 解除, 緩和
resumed: 再開
failed: 決裂, 破談, 失敗, 物別れ
""",
    "ko": """
delayed: 연기, 미루, 미뤘, 늦추, 늦췄, 유예
suspended: 중단, 보류, 동결, 정지
off the table: 철회, 취소, 백지화, 폐기
agreed: 합의, 타결, 체결, 서명
in force: 발효, 시행
extended: 연장
denied: 부인, 사실무근, 사실이 아니
approved: 승인, 허가, 비준
rejected: 거부, 거절, 기각, 부결
lifted: 해제, 완화
resumed: 재개
failed: 결렬, 무산, 실패
""",
}

# Before a status they say that it is not so.
NEGATIONS_TEXT = {
    "en": "no not never nor cannot nothing neither without",
    "de": "nicht kein keine keinen keiner keinerlei nie ohne weder",
    "fr": "pas ne n non sans aucun aucune jamais ni",
    "es": "no sin nunca ningún ninguna tampoco ni",
    "it": "non no senza nessun nessuna mai né",
    "pt": "não sem nunca nenhum nenhuma nem",
    "nl": "niet geen nooit zonder noch",
    "ru": "не нет без никогда ни",
    "ar": "لا لم لن ليس ليست بدون ما غير",
    "zh": "不会 不 未 没有 没 無 无 並未 不會",
    "ja": "ない なかった せず しない ません",
    "ko": "않 못 없 안",
}

# Beside a status they say that it is wished for, feared or possible.
MAYBES_TEXT = {
    "en": """may might could if unless whether possible possibly potential potentially likely hope seek urge demand
        consider propose threaten request want discuss should try effort aim ask avoid prospect speculation until
        risk""",
    "de": """könnte könnten ob wenn falls möglich möglicherweise hofft fordert fordern erwägt prüft droht drohte wolle
        sollte sollten bittet eventuell diskutiert""",
    "fr": """pourrait pourraient si possible éventuel éventuelle espère demande envisage menace souhaite discute
        devrait appelle peut""",
    "es": """podría podrían si posible posiblemente espera pide exige considera amenaza quiere estudia debería puede
        eventual""",
    "it": "potrebbe potrebbero se possibile forse spera chiede valuta minaccia vuole dovrebbe può eventuale",
    "pt": "poderia poderiam pode poderá se possível talvez espera pede considera ameaça quer estuda deveria eventual",
    "nl": "kan kunnen zou zouden als indien mogelijk misschien hoopt vraagt eist overweegt dreigt wil eventueel",
    "ru": """может могут мог бы если возможно возможный возможная надеется требует просит призывает угрожает хочет
        рассматривает возможность""",
    "ar": "قد ربما إذا يمكن احتمال يطالب تطالب يدعو تدعو يأمل تهدد محتمل",
    "zh": "可能 或将 或將 如果 若 呼吁 要求 考虑 考慮 威胁 威脅 希望 是否 建议",
    "ja": "可能性 かもしれ 場合 検討 求め 要請 か否か 見通し 恐れ",
    "ko": "가능성 수도 경우 요구 검토 촉구 여부 전망 우려",
}

# What a correction opens with, in a title or a sentence, before a colon or alone.
OPENINGS_TEXT = """
correction, corrections, corrected, corrects, clarification, retraction, retracted, erratum,
editor's note: correction, korrektur, berichtigung, richtigstellung, korrigierte fassung,
rectificatif, rectification, corrección, rectificación,
fe de errores, fe de erratas, correzione, rettifica, errata corrige, errata, correção, retificação, correctie,
rectificatie, исправление, поправка, опровержение, تصحيح, تصويب, 更正, 勘误, 勘誤, 訂正, お詫びと訂正, 정정, 정정보도,
바로잡습니다
"""
# What says anywhere that a report was wrong.
ADMISSIONS_TEXT = """
an earlier version of this, an earlier version misstated, a previous version of this, this story has been corrected,
this article has been corrected, this story corrects, this article was amended, has been retracted,
retracts its report, retracted its report, retracts story, retracted the story, withdrew its report,
in einer früheren version,
in einer früheren fassung, wurde korrigiert, zog den bericht zurück, une version précédente de,
une version antérieure,
cet article a été corrigé, una versión anterior de, este artículo ha sido corregido, una versione precedente,
questo articolo è stato corretto, uma versão anterior, este texto foi corrigido, een eerdere versie van,
dit artikel is gecorrigeerd, в более ранней версии, в предыдущей версии, نسخة سابقة من هذا المقال,
本文更正, 早前版本, 此前版本有误, 撤回报道, 記事を訂正, 誤りでした, 기사를 바로잡, 이전 기사에서
"""
