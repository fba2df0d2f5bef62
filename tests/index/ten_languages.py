"""Texts in ten languages, put together from short sentences that were written for this purpose; no text repeats."""

import random

WHO = {
    "en": ["Older persons", "Women in rural areas", "Children without a home", "Young people with a disability"],
    "es": ["Las personas mayores", "Las mujeres rurales", "Los niños sin hogar", "Los jóvenes con discapacidad"],
    "fr": ["Les personnes âgées", "Les femmes rurales", "Les enfants sans logis", "Les jeunes handicapés"],
    "pt": ["As pessoas idosas", "As mulheres rurais", "As crianças sem abrigo", "Os jovens com deficiência"],
    "de": ["Ältere Menschen", "Frauen auf dem Land", "Kinder ohne Obdach", "Junge Menschen mit Behinderung"],
    "ru": ["Пожилые люди", "Сельские женщины", "Бездомные дети", "Молодые люди с инвалидностью"],
    "ar": ["كبار السن", "النساء في الريف", "الأطفال بلا مأوى", "الشباب ذوو الإعاقة"],
    "zh": ["老年人", "农村妇女", "无家可归的儿童", "残疾青年"],
    "hi": ["वृद्ध लोग", "ग्रामीण महिलाएँ", "बेघर बच्चे", "विकलांग युवा"],
    "tr": ["Yaşlılar", "Kırsal kesimdeki kadınlar", "Evsiz çocuklar", "Engelli gençler"],
}
WHAT = {
    "en": ["receive a pension of {n} a month.", "go to school within {n} km.", "own the land (art. {n})."],
    "es": [
        "reciben una pensión de {n} al mes.",
        "van a la escuela a menos de {n} km.",
        "son dueños de la tierra (art. {n}).",
    ],
    "fr": [
        "touchent une pension de {n} par mois.",
        "vont à l’école à moins de {n} km.",
        "possèdent la terre (art. {n}).",
    ],
    "pt": ["recebem uma pensão de {n} por mês.", "vão à escola a menos de {n} km.", "são donos da terra (art. {n})."],
    "de": ["erhalten {n} im Monat als Rente.", "gehen höchstens {n} km zur Schule.", "besitzen das Land (Art. {n})."],
    "ru": ["получают пенсию {n} в месяц.", "ходят в школу не дальше {n} км.", "владеют землёй (ст. {n})."],
    "ar": ["يحصلون على معاش قدره {n} شهريا.", "يذهبون إلى مدرسة على بعد {n} كم.", "يملكون الأرض (المادة {n})."],
    "zh": ["每月领取{n}元养老金。", "在{n}公里内上学。", "拥有土地（第{n}条）。"],
    "hi": ["को हर महीने {n} पेंशन मिलती है।", "{n} किमी के भीतर स्कूल जाते हैं।", "भूमि के मालिक हैं (अनुच्छेद {n})।"],
    "tr": ["ayda {n} emekli maaşı alır.", "{n} km içinde okula gider.", "toprağa sahiptir (madde {n})."],
}


def texts(count, seed=7):
    """Return `count` texts of one to nine sentences each, the languages in turn."""
    chance, found = random.Random(seed), {}
    while len(found) < count:
        language = list(WHO)[len(found) % len(WHO)]
        between = "" if language == "zh" else " "
        sentences = [
            chance.choice(WHO[language]) + between + chance.choice(WHAT[language]).format(n=chance.randint(2, 999))
            for _ in range(chance.choice((1, 1, 2, 3, 9)))
        ]
        found[between.join(sentences)] = language
    return list(found)
