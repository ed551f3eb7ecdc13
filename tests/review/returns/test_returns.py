"""The return of a line: one draft for all facilitators, nothing saved over, published in versions."""

import pytest

from muntada.forums.models import StageWindow
from muntada.forums.queries import lines_of
from muntada.foundations.errors import Refused
from muntada.people.rules import Role
from muntada.record import actions as record
from muntada.record.models import Edge
from muntada.record.rules import SYSTEM, SymbolKind
from muntada.review.returns import actions
from muntada.review.returns.models import Return, ReturnVersion
from muntada.review.returns.rules import ReturnText, RoadMapStep

pytestmark = pytest.mark.django_db
ADDRESS = "/wsis20/review/lines/C2/write"
TYPED = {
    "achievements": "Networks were built [C/1].",
    "challenges": "Prices.",
    "recommendations": "Lower them.",
    "language": "en",
    "window": "one",
    "steps-0-action": "A licence",
    "steps-0-by": "2027",
}


@pytest.fixture(autouse=True)
def contribution(forum, now):
    return record.give_symbol(
        forum_id=forum.pk, kind=SymbolKind.CONTRIBUTION, title="Word", language="en", now=now
    )


@pytest.fixture
def line(forum):
    return next(one for one in lines_of(forum) if one.code == "C2")


@pytest.fixture
def save(forum, line, now):
    def save(achievements="Networks were built [C/1].", **named):
        text = ReturnText(
            achievements=achievements,
            challenges=named.pop("challenges", "Prices."),
            recommendations="Lower them.",
            language="en",
            steps=(RoadMapStep("A licence", by="2027"), RoadMapStep("")),
        )
        return actions.save_return(forum=forum, line=line, text=text, actor=SYSTEM, now=now, **named)

    return save


class TestActions:
    def test_a_draft_has_no_number_and_an_empty_step_is_none(self, save):
        draft = save().draft
        assert draft.symbol is None
        assert [step.action for step in draft.road_map] == ["A licence"]

    def test_what_another_window_saved_is_not_saved_over(self, save):
        first = save("One [C/1].", window="one").draft
        save("Two [C/1].", window="two", revision=first.revision)
        late = save("Three [C/1].", window="one", revision=first.revision)
        assert not late.is_kept
        assert Return.objects.get().achievements == "Two [C/1]."

    def test_the_window_that_saved_last_goes_on(self, save):
        save("One [C/1].", window="one")
        assert save("More [C/1].", window="one", revision=None).is_kept
        assert Return.objects.get().revision == 2

    def test_published_it_rests_on_what_it_cites_and_the_next_version_stands_beside_it(
        self, save, contribution, now
    ):
        draft = save(window="one").draft
        first = actions.publish_return(draft=draft, actor=SYSTEM, now=now)
        save("More were built [C/1].", window="one")
        second = actions.publish_return(draft=draft, actor=SYSTEM, now=now)
        assert (first.number, second.number) == (1, 2)
        first.refresh_from_db()
        assert first.achievements == "Networks were built [C/1]."
        assert Edge.objects.get(source=second.of.symbol).target == contribution

    def test_publishing_the_same_words_again_makes_no_version(self, save, now):
        draft = save().draft
        actions.publish_return(draft=draft, actor=SYSTEM, now=now)
        actions.publish_return(draft=draft, actor=SYSTEM, now=now)
        assert ReturnVersion.objects.count() == 1

    @pytest.mark.parametrize(
        ("named", "code"),
        [
            ({"challenges": ""}, "return-chapter"),
            ({"achievements": "Nothing is cited."}, "return-without-ground"),
            ({"achievements": "Cited [C/99]."}, "citation-unknown"),
        ],
    )
    def test_what_is_not_whole_or_has_no_ground_is_refused_and_kept_as_a_draft(self, save, now, named, code):
        draft = save(**named).draft
        with pytest.raises(Refused) as refused:
            actions.publish_return(draft=draft, actor=SYSTEM, now=now)
        assert refused.value.code == code
        assert not ReturnVersion.objects.exists()
        assert Return.objects.get().recommendations == "Lower them."

    def test_a_closed_review_keeps_a_draft_and_publishes_nothing(self, save, forum, now):
        StageWindow.objects.filter(forum=forum, stage="review").update(closes_at=now)
        draft = save().draft
        with pytest.raises(Refused, match="closed"):
            actions.publish_return(draft=draft, actor=SYSTEM, now=now)


class TestPages:
    def test_it_is_saved_while_one_writes(self, client_as):
        client = client_as(Role.FACILITATOR)
        answer = client.post(ADDRESS, TYPED | {"step": "save"}, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert 'data-revision="1"' in answer.content.decode()
        assert "Networks were built" in client.get(ADDRESS).content.decode()

    def test_published_it_has_a_page_with_steps_and_panels(self, client, client_as):
        answer = client_as(Role.FACILITATOR).post(ADDRESS, TYPED | {"step": "publish"})
        assert answer.headers["Location"] == "/wsis20/b/1"
        page = client.get("/wsis20/b/1").content.decode()
        for words in ("Networks were built", "A licence", "2027", "Version 1", "C/1"):
            assert words in page

    def test_a_second_person_sees_both_texts_before_saving_over(self, client_as):
        first, second = client_as(Role.FACILITATOR), client_as(Role.FACILITATOR)
        first.post(ADDRESS, TYPED | {"step": "save"})
        late = TYPED | {"window": "two", "achievements": "Mine [C/1].", "step": "save"}
        answer = second.post(ADDRESS, late)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Mine [C/1]." in page
        assert "Networks were built" in page
        assert second.post(ADDRESS, late | {"revision": "1"}).status_code == 302
        assert Return.objects.get().achievements == "Mine [C/1]."

    def test_in_the_background_too_nothing_is_saved_over(self, client_as):
        client_as(Role.FACILITATOR).post(ADDRESS, TYPED | {"step": "save"})
        late = TYPED | {"window": "two", "achievements": "Mine."}
        answer = client_as(Role.FACILITATOR).post(ADDRESS, late, headers={"HX-Request": "true"})
        assert answer.status_code == 422
        assert "Somebody else" in answer.content.decode()

    def test_a_step_that_is_too_long_keeps_what_was_typed(self, client_as):
        answer = client_as(Role.FACILITATOR).post(ADDRESS, TYPED | {"steps-0-action": "x" * 301})
        assert answer.status_code == 422
        assert "x" * 301 in answer.content.decode()
        assert not Return.objects.exists()

    @pytest.mark.parametrize(
        "role", [role for role in Role if role not in {Role.FACILITATOR, Role.SECRETARIAT}]
    )
    def test_others_do_not_write(self, client_as, role):
        client = client_as(role)
        assert client.get(ADDRESS).status_code == 403
        assert client.post(ADDRESS, TYPED).status_code == 403

    @pytest.mark.parametrize("address", ["/wsis20/b/1", "/wsis20/review/lines/C99/write"])
    def test_what_is_not_there_says_so(self, client_as, address):
        assert client_as(Role.FACILITATOR).get(address).status_code == 404
