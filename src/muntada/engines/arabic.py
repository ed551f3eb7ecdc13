"""Light stemming of Arabic: remove what is written together with a word.

After Larkey, Ballesteros and Connell (2002), *Improving stemming for Arabic information retrieval*
(light10), with two changes. The prepositions bi, li, ka and fa are also removed without an article,
unless the word is known to begin with that letter. Endings are removed until none is left, so that
a word and its adjective share a stem. Input is normalized: hamza, alef and ta marbuta are folded.
"""

SHORTEST = 3
ARTICLE = "ال"
PREPOSITIONS = ("ب", "ل", "ك", "ف")
REST_AFTER_PREPOSITION = 4
ENDINGS = ("ها", "هم", "هن", "نا", "كم", "ات", "ان", "ون", "ين", "يه", "ه", "ي", "ا")
FEMININE = ("ات", "ه")  # removed even if only two letters remain: lugha, lughat

# Folded words whose first letters look like a prefix.
OWN_BEGINNINGS = """
    وزار وزير وزرا وساي وسيل وسيط وسطا وصول وعي وقت وطن وثي وثاي وضع ورق ورش وحد وقع وقاي وفر وكال ولاي واقع
    واضح واحد واسع والد ويب وجود وجه وجو وظيف وظاي وفق وفا وصف وصي وزن ودي وباي وبا وتير وراث وصم واجه واجب
    وار التزام الكترون الغا الزام العاب اليه اليات الياف التحاق التماس المان الهام الية بالغ بيان برنامج
    برامج برمج بلد بلاد بحث بحوث بني بنا بنوك بنك بريد بشر بصر بطال بعد بعض بقا بيي بيوت بيت بواب باحث بداي
    بدا بديل بدل برلمان برازيل بريطان بسيط بطاق بطي بعيد بقي بلغ بنت بكين بيروقراط بيع بث برا برهان بروتوكول
    بكتيري بضاي بنود بند باب بارز باكستان بلوك بحر بصم بوسن بودا بول بتكار بواس برن برق بلاست بقع لغ لجن لاجي
    لقا لوح لوايح لبنان ليب لحظ لامركز لاسلك لعب لوجست لازم لون لاتين لقاح ليال لاحق لصق كتاب كتب كتيب كفا
    كهرب كبير كبار كامل كمبيوتر كورون كرام كلي كلم كوكب كثير كفال كلف كاف كيان كود كشف كون كتل كويت كولومب
    كابل كبل كاتب كاميرا كارث كوارث كسب فرص فريق فجو فضا فقر فكر فايد فواي فيروس فيديو فني فنون فلسطين فرنس
    فعال فعل فتي فتا فهم فحص فتر فيه فور فوق فرد فري فاتور فواتير فاعل فساد فصل فصول فيضان فلاح فاق فوض فرع
    فروع فرق فبر فبرا فيزي فلسف فنلند فيلم فيسبوك
"""
OWN = tuple(OWN_BEGINNINGS.split())


def stem(word: str) -> str:
    """Remove conjunction, article, preposition and endings."""
    return _without_endings(_without_beginnings(word))


def _without_beginnings(word: str) -> str:
    if _may_lose(word, "و", SHORTEST):
        word = word[1:]
    if word.startswith("لل") and len(word) > SHORTEST:  # li and the article, which loses its alef
        return word[2:]
    for letter in PREPOSITIONS:
        if word.startswith(letter + ARTICLE) and not word.startswith(OWN):
            return _without_article(word[1:])
        if _may_lose(word, letter, REST_AFTER_PREPOSITION):
            return word[1:]
    return _without_article(word)


def _without_article(word: str) -> str:
    return word.removeprefix(ARTICLE) if _may_lose(word, ARTICLE, SHORTEST - 1) else word


def _may_lose(word: str, beginning: str, rest: int) -> bool:
    return word.startswith(beginning) and len(word) - len(beginning) >= rest and not word.startswith(OWN)


def _without_endings(word: str) -> str:
    shorter = _without_one_ending(word)
    while shorter != word:
        word, shorter = shorter, _without_one_ending(shorter)
    return word


def _without_one_ending(word: str) -> str:
    for ending in ENDINGS:
        shortest = SHORTEST - 1 if ending in FEMININE else SHORTEST
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            return word.removesuffix(ending)
    return word
