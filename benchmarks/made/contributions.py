"""Contributions made up for measuring: five thousand in six languages, with campaigns among them.

Each is put together from sentences of the test corpus about one theme, polite phrases and asides, with names,
places and figures that differ. A campaign is one letter sent by many, each with small changes.
"""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from muntada.engines.themes.texts import IdentifiedText

CORPUS = Path(__file__).resolve().parents[2] / "tests" / "engines" / "themes" / "data" / "meanings.json"
LANGUAGES = ("ar", "zh-hans", "en", "fr", "ru", "es")
CAMPAIGNS = (("en", 900), ("fr", 400), ("ar", 150), ("zh-hans", 60), ("es", 25))
UNTOUCHED, RETOUCHED, ASIDES = 0.4, 0.4, 0.2
MOST_ON_THEME, MOST_POLITE = 5, 4
FEWEST_WORDS, MOST_WORDS = 150, 300
LETTERS_PER_WORD = {"zh-hans": 1.7}
PLACES = (
    "Kano",
    "Sololá",
    "Osh",
    "Tartu",
    "Zinder",
    "Cusco",
    "Hama",
    "Yunnan",
    "Gao",
    "Tarija",
    "Turpan",
    "Faro",
)
PHRASES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "We thank the organizers for the opportunity to be heard.",
        "Our association was founded in {year} in {place} and has {number} members.",
        "What follows was discussed at our last general assembly.",
        "We have seen this for ourselves in {place}.",
        "Others will say it better than we can.",
        "More than {number} people signed our petition last year.",
        "We would be glad to send further evidence.",
        "This has been promised since {year}.",
        "Please take our experience into account.",
        "We remain at your disposal for any question.",
        "It is late, but not too late.",
        "The example of {place} shows that it can be done.",
    ),
    "fr": (
        "Nous remercions les organisateurs de nous donner la parole.",
        "Notre association, née en {year} à {place}, compte {number} adhérents.",
        "Ce qui suit a été débattu lors de notre dernière assemblée générale.",
        "Nous l'avons constaté nous-mêmes à {place}.",
        "D'autres le diront mieux que nous.",
        "Plus de {number} personnes ont signé notre pétition l'an dernier.",
        "Nous tenons d'autres pièces à votre disposition.",
        "On nous le promet depuis {year}.",
        "Merci de tenir compte de notre expérience.",
        "L'exemple de {place} montre que c'est faisable.",
        "Il est tard, mais pas trop tard.",
    ),
    "es": (
        "Agradecemos a los organizadores la oportunidad de ser escuchados.",
        "Nuestra asociación nació en {place} en {year} y reúne a {number} personas.",
        "Lo que sigue se discutió en nuestra última asamblea.",
        "Lo hemos visto con nuestros propios ojos en {place}.",
        "Otros lo dirán mejor que nosotros.",
        "Más de {number} vecinos firmaron nuestra petición el año pasado.",
        "Con gusto enviaremos más pruebas.",
        "Nos lo prometen desde {year}.",
        "Les rogamos que tengan en cuenta nuestra experiencia.",
        "El ejemplo de {place} demuestra que se puede.",
        "Es tarde, pero todavía no demasiado.",
    ),
    "ru": (
        "Благодарим организаторов за возможность высказаться.",
        "Наше объединение основано в {year} году в городе {place}, в нём {number} человек.",
        "Изложенное ниже обсуждалось на нашем последнем собрании.",
        "Мы сами видели это в {place}.",
        "Другие скажут об этом лучше нас.",
        "В прошлом году наше обращение подписали более {number} человек.",
        "Будем рады прислать дополнительные сведения.",
        "Это обещают с {year} года.",
        "Просим учесть наш опыт.",
        "Пример {place} показывает, что это возможно.",
        "Уже поздно, но ещё не слишком.",
    ),
    "ar": (
        "نشكر المنظمين على إتاحة الفرصة لنا للتعبير.",
        "تأسست جمعيتنا عام {year} في {place} وتضم {number} عضواً.",
        "نوقش ما يلي في جمعيتنا العامة الأخيرة.",
        "لقد رأينا ذلك بأنفسنا في {place}.",
        "سيقول غيرنا ذلك أفضل منا.",
        "وقّع أكثر من {number} شخص على عريضتنا العام الماضي.",
        "يسعدنا أن نرسل أدلة إضافية.",
        "نسمع هذا الوعد منذ عام {year}.",
        "نرجو أن تأخذوا تجربتنا في الحسبان.",
        "يدل مثال {place} على أن الأمر ممكن.",
        "لقد تأخر الوقت لكنه لم يفت.",
    ),
    "zh-hans": (
        "感谢主办方给我们发言的机会。",
        "我们的协会于{year}年在{place}成立，现有{number}名会员。",
        "以下意见经上次全体大会讨论。",
        "我们在{place}亲眼看到了这种情况。",
        "别人会比我们说得更好。",
        "去年有{number}多人在我们的请愿书上签名。",
        "我们乐意提供更多证据。",
        "从{year}年起就有人这样承诺。",
        "请考虑我们的经验。",
        "{place}的例子说明这是可以做到的。",
        "时间已晚，但还来得及。",
    ),
}


@dataclass(frozen=True)
class Made:
    """A made contribution, the theme it was made about, and the number of its campaign, if any."""

    text: IdentifiedText
    theme: str
    campaign: int | None


def contributions(number: int, seed: int = 1) -> list[Made]:
    """Make so many contributions; of 5,000, about 1,500 belong to campaigns."""
    dice = random.Random(seed)  # noqa: S311 - nothing here is secret
    sentences = _sentences()
    made: list[Made] = []
    for campaign, (language, senders) in enumerate(CAMPAIGNS):
        theme = dice.choice(sorted(sentences[language]))
        letter = _contribution(dice, sentences[language], theme, language)
        for _ in range(senders * number // 5_000):
            text = _retouched(dice, letter, language)
            made.append(Made(IdentifiedText(f"c{len(made)}", language, text), theme, campaign))
    while len(made) < number:
        language = dice.choice(LANGUAGES)
        theme = dice.choice(sorted(sentences[language]))
        text = _joined(_contribution(dice, sentences[language], theme, language), language)
        made.append(Made(IdentifiedText(f"c{len(made)}", language, text), theme, None))
    dice.shuffle(made)
    return made


def _sentences() -> dict[str, dict[str, list[str]]]:
    sentences: dict[str, dict[str, list[str]]] = {language: {} for language in LANGUAGES}
    for meaning in json.loads(CORPUS.read_text(encoding="utf-8"))["meanings"]:
        for wording in ("texts", "again"):
            for language, text in meaning[wording].items():
                sentences[language].setdefault(meaning["theme"], []).append(text)
    return sentences


def _contribution(
    dice: random.Random, sentences: Mapping[str, list[str]], theme: str, language: str
) -> list[str]:
    """Give its sentences: a few on the theme, some polite ones, much that says little, some asides."""
    wanted = dice.randint(FEWEST_WORDS, MOST_WORDS)
    own = dice.sample(sentences[theme], min(MOST_ON_THEME, len(sentences[theme])))
    polite = dice.sample(PHRASES[language], MOST_POLITE)
    told: list[str] = [_filled(dice, polite.pop())]
    while _words(told, language) < wanted:
        told += [own.pop()] if own else []
        told += [_filled(dice, polite.pop())] if polite else []
        told.append(_babble(dice, sentences, language))
        if dice.random() < ASIDES:
            told.append(dice.choice(sentences[dice.choice(sorted(sentences))]))
    return told


def _babble(dice: random.Random, sentences: Mapping[str, list[str]], language: str) -> str:
    """Give a sentence of words of all themes in disorder, so that no two contributions are alike."""
    words: list[str] = []
    for _ in range(dice.randint(3, 6)):
        sentence = dice.choice(sentences[dice.choice(sorted(sentences))])
        parts = list(sentence) if language in LETTERS_PER_WORD else sentence.split()
        start = dice.randrange(max(1, len(parts) - 3))
        words += parts[start : start + 3]
    return ("" if language in LETTERS_PER_WORD else " ").join(words) + "."


def _words(told: list[str], language: str) -> float:
    if language in LETTERS_PER_WORD:
        return sum(map(len, told)) / LETTERS_PER_WORD[language]
    return sum(len(sentence.split()) for sentence in told)


def _filled(dice: random.Random, phrase: str) -> str:
    return phrase.format(
        year=dice.randint(2003, 2024), place=dice.choice(PLACES), number=dice.randint(30, 9_000)
    )


def _retouched(dice: random.Random, letter: list[str], language: str) -> str:
    """Change a letter as senders do: nothing, a greeting, a sentence less, two changed over, some words."""
    told = list(letter)
    if dice.random() < UNTOUCHED:
        return _joined(told, language)
    if dice.random() < RETOUCHED:
        told.insert(0, _filled(dice, dice.choice(PHRASES[language])))
    if dice.random() < RETOUCHED:
        told.pop(dice.randrange(len(told)))
    if dice.random() < RETOUCHED:
        place = dice.randrange(len(told) - 1)
        told[place], told[place + 1] = told[place + 1], told[place]
    text = _joined(told, language)
    letters = list(text)
    for _ in range(dice.randint(0, len(letters) // 60)):
        letters.pop(dice.randrange(len(letters)))
    return "".join(letters)


def _joined(told: list[str], language: str) -> str:
    return ("" if language == "zh-hans" else " ").join(told)
