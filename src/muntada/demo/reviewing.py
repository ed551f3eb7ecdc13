"""Reviews of the demo: invented reviewers read the session requests anonymously."""

from random import Random

from muntada.demo.frame import DemoState
from muntada.people.rules import Role
from muntada.programme.reviews import actions as reviews
from muntada.programme.reviews.actions import ReviewJudgement
from muntada.programme.reviews.models import Review
from muntada.programme.reviews.rules import Criterion, ReviewRules
from muntada.record.rules import SYSTEM

SEED = 7
READERS = 5
CRITERIA = (
    Criterion(
        "k1",
        {
            "en": "Answers what the consultation asked for",
            "ar": "تستجيب لما طُلب في المشاورة",
            "zh-hans": "回应磋商中提出的要求",
            "fr": "Répond aux demandes de la consultation",
            "ru": "Отвечает на запросы консультации",
            "es": "Responde a lo que pidió la consulta",
        },
        3,
    ),
    Criterion(
        "k2",
        {
            "en": "Mix of speakers and views",
            "ar": "تنوع المتحدثين والآراء",
            "zh-hans": "发言人和观点的多样性",
            "fr": "Diversité des intervenants et des points de vue",
            "ru": "Разнообразие выступающих и мнений",
            "es": "Diversidad de oradores y opiniones",
        },
        2,
    ),
    Criterion(
        "k3",
        {
            "en": "Says what is to come out of it",
            "ar": "تحدد النتائج المنشودة",
            "zh-hans": "说明预期成果",
            "fr": "Précise le résultat attendu",
            "ru": "Указан ожидаемый результат",
            "es": "Indica el resultado que se espera",
        },
        1,
    ),
)


def read_requests(stand: DemoState) -> None:
    """Have each request reviewed by three people, who mostly agree."""
    random = Random(SEED)  # noqa: S311 - invented marks
    readers = [person for person in stand.people if person not in stand.shown.values()][:READERS]
    for person in readers:
        stand.give_role(person, Role.REVIEWER, stand.clock.tick())
    terms = ReviewRules(CRITERIA, reviewers=3)
    reviews.set_terms(forum=stand.forum, terms=terms, due_date=None, actor=SYSTEM, now=stand.clock.tick())
    reviews.ask_reviewers(forum=stand.forum, actor=SYSTEM, now=stand.clock.tick())
    worth: dict[int, int] = {}
    for review in Review.objects.filter(request__forum=stand.forum).select_related("reviewer"):
        middle = worth.setdefault(review.request_id, random.randint(2, 5))
        marks = {one.code: min(5, max(1, middle + random.choice((-1, 0, 0, 1)))) for one in CRITERIA}
        reviews.save_review(
            review=review,
            said=ReviewJudgement(marks),
            is_given=True,
            actor=stand.forum_request(review.reviewer).actor(Role.REVIEWER),
            now=stand.clock.tick(),
        )
