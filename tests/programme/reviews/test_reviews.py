"""Session requests in the hands of reviewers."""

import pytest
from django.core import mail

from muntada.people.models import Affiliation, Organisation
from muntada.people.rules import Role
from muntada.programme.decisions import actions as decisions
from muntada.programme.decisions.actions import DecisionReason
from muntada.programme.reviews import actions as reviews
from muntada.programme.reviews.actions import ReviewJudgement
from muntada.programme.reviews.models import Review
from muntada.programme.reviews.queries import judged, means_of, to_review
from muntada.programme.reviews.rules import Criterion, ReviewerConflict, ReviewRules
from muntada.record.models import LogEntry
from muntada.record.rules import SYSTEM, Actor

TERMS = ReviewRules(
    (Criterion("k1", {"en": "Fits the forum"}, 2), Criterion("k2", {"en": "Mix"}, 1)), reviewers=2
)
OVERVIEW = "/wsis20/programme/reviews/all"
MARKS = {"k1": 4, "k2": 1}


@pytest.fixture
def terms(forum, now):
    return reviews.set_terms(forum=forum, terms=TERMS, due_date=None, actor=SYSTEM, now=now)


@pytest.fixture
def reviewers(make_person):
    return [make_person(Role.REVIEWER) for _ in range(2)]


def reviewer_of(person):
    return Actor(person.pk, Role.REVIEWER, person.roles.get().forum_id)


def give(review, now, marks=MARKS, **said):
    return reviews.save_review(
        review=review,
        said=ReviewJudgement(marks, **said),
        is_given=True,
        actor=reviewer_of(review.reviewer),
        now=now,
    )


def test_each_request_finds_its_readers_and_asking_again_asks_nobody_twice(
    forum, terms, reviewers, submitted, now
):
    for title in ("Hamlets", "Schools"):
        submitted(title)
    shared = reviews.ask_reviewers(forum=forum, actor=SYSTEM, now=now)
    assert (len(shared.pairs), shared.short) == (4, {})
    assert reviews.ask_reviewers(forum=forum, actor=SYSTEM, now=now).pairs == ()


def test_who_belongs_to_the_organisation_of_a_request_does_not_read_it(
    forum, terms, reviewers, submitted, now
):
    request = submitted("Hamlets")
    body = Organisation.objects.create(name="Example Union", kind="civil-society", country="CH")
    request.organisation = body
    request.save(update_fields=["organisation"])
    Affiliation.objects.create(person=reviewers[0], organisation=body, claimed_at=now)
    shared = reviews.ask_reviewers(forum=forum, actor=SYSTEM, now=now)
    assert [reviewer for _, reviewer in shared.pairs] == [reviewers[1].pk]
    assert shared.short == {request.pk: 1}


def test_nobody_reads_their_own_request_by_hand_either(forum, terms, submitted, now, refuses):
    request = submitted("Hamlets")
    with refuses("conflict"):
        reviews.ask_reviewer(request=request, reviewer=request.author, actor=SYSTEM, now=now)


def test_a_review_counts_once_it_is_given(forum, terms, reviewers, submitted, now):
    request = submitted("Hamlets")
    reviews.ask_reviewers(forum=forum, actor=SYSTEM, now=now)
    first, second = Review.objects.all()
    reviews.save_review(
        review=first,
        said=ReviewJudgement({"k1": 5}),
        is_given=False,
        actor=reviewer_of(first.reviewer),
        now=now,
    )
    assert means_of(forum) == {}
    give(second, now)
    assert means_of(forum) == {request.pk: pytest.approx(3.0)}


def test_who_steps_back_leaves_nothing_behind_and_somebody_else_is_asked(
    forum, terms, reviewers, make_person, submitted, now, refuses
):
    submitted("Hamlets")
    reviews.ask_reviewers(forum=forum, actor=SYSTEM, now=now)
    review = give(Review.objects.first(), now, comment="Good")
    reviews.step_back(review=review, reason="a friend", actor=reviewer_of(review.reviewer), now=now)
    review.refresh_from_db()
    assert (review.conflict, review.given_at, review.comment) == (ReviewerConflict.DECLARED, None, "")
    assert means_of(forum) == {}
    with refuses("conflict"):
        give(review, now)
    third = make_person(Role.REVIEWER)
    shared = reviews.ask_reviewers(forum=forum, actor=SYSTEM, now=now)
    assert [reviewer for _, reviewer in shared.pairs] == [third.pk]


def test_after_the_decision_nothing_is_judged_any_more_and_the_author_reads_the_comments(
    forum, terms, reviewers, submitted, client_as, now, refuses
):
    request = submitted("Hamlets")
    reviews.ask_reviewers(forum=forum, actor=SYSTEM, now=now)
    first, second = Review.objects.all()
    give(first, now, comment="Bring more engineers", note="A weak text")
    author = client_as(person=request.author)
    assert "Bring more engineers" not in author.get("/wsis20/p/1").content.decode()
    decisions.decline_request(
        request=request, reason=DecisionReason("Too many like it"), actor=SYSTEM, now=now
    )
    page = author.get("/wsis20/p/1").content.decode()
    assert "Bring more engineers" in page
    assert "A weak text" not in page
    assert str(first.reviewer) not in page
    assert "Bring more engineers" not in client_as(Role.PARTICIPANT).get("/wsis20/p/1").content.decode()
    with refuses("review-closed"):
        give(second, now)


def test_a_blind_review_shows_nobody_behind_the_request(forum, terms, reviewers, submitted, client_as, now):
    request = submitted("Hamlets")
    reviews.ask_reviewers(forum=forum, actor=SYSTEM, now=now)
    page = client_as(person=reviewers[0]).get("/wsis20/p/1/review").content.decode()
    assert request.title in page
    assert str(request.author) not in page


def test_a_request_that_was_not_given_to_somebody_is_not_theirs_to_review(
    forum, terms, reviewers, submitted, client_as, make_person
):
    submitted("Hamlets")
    assert client_as(person=reviewers[0]).get("/wsis20/p/1/review").status_code == 403


def test_a_review_is_written_by_form_and_what_is_missing_is_said_without_losing_a_word(
    forum, terms, reviewers, submitted, client_as, now
):
    submitted("Hamlets")
    reviews.ask_reviewers(forum=forum, actor=SYSTEM, now=now)
    browser = client_as(person=reviewers[0])
    answer = browser.post(
        "/wsis20/p/1/review", {"k1": "4", "comment": "Well told", "comment_language": "en", "give": ""}
    )
    assert answer.status_code == 422
    assert "Well told" in answer.content.decode()
    assert "Please give each criterion a mark." in answer.content.decode()
    said = {"k1": "4", "k2": "5", "comment": "Well told", "comment_language": "en", "give": ""}
    assert browser.post("/wsis20/p/1/review", said).status_code == 302
    assert Review.objects.get(reviewer=reviewers[0]).marks_given == {"k1": 4, "k2": 5}


def test_one_letter_reminds_a_reviewer_of_all_that_is_left_and_no_second_one_soon(
    forum, terms, reviewers, submitted, now, django_capture_on_commit_callbacks
):
    for title in ("Hamlets", "Schools"):
        submitted(title)
    reviews.ask_reviewers(forum=forum, actor=SYSTEM, now=now)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            reviews.remind_reviewers(forum=forum, actor=SYSTEM, now=now)
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(one.email for one in reviewers)


def test_the_log_does_not_tell_who_reviewed_what(forum, terms, reviewers, submitted, now):
    submitted("Hamlets")
    reviews.ask_reviewers(forum=forum, actor=SYSTEM, now=now)
    give(Review.objects.first(), now)
    entry = LogEntry.objects.get(verb="give_review")
    assert (entry.person_id, entry.role) == (None, Role.REVIEWER)


def test_the_secretariat_sees_what_reviewers_say_and_how_far_they_are(
    forum, terms, reviewers, submitted, client_as, now
):
    submitted("Hamlets")
    reviews.ask_reviewers(forum=forum, actor=SYSTEM, now=now)
    give(Review.objects.first(), now, note="A weak text")
    page = client_as(Role.SECRETARIAT).get(OVERVIEW).content.decode()
    assert "Mean 3.00" in page
    assert "A weak text" in page
    assert judged(forum, TERMS, to_review(forum))[0].waiting == 1


def test_what_was_reviewed_can_be_read_after_the_decision(forum, terms, reviewers, submitted, client_as, now):
    request = submitted("Hamlets")
    reviews.ask_reviewers(forum=forum, actor=SYSTEM, now=now)
    give(Review.objects.first(), now, note="A weak text")
    browser = client_as(Role.SECRETARIAT)
    assert "Nothing that was reviewed is decided yet" in browser.get(f"{OVERVIEW}?state=decided").text
    decisions.decline_request(
        request=request, reason=DecisionReason("Too many like it"), actor=SYSTEM, now=now
    )
    assert "A weak text" not in browser.get(OVERVIEW).text
    page = browser.get(f"{OVERVIEW}?state=decided").text
    assert "A weak text" in page
    assert "Ask this reviewer" not in page


def test_the_terms_are_set_by_form(forum, client_as):
    browser = client_as(Role.SECRETARIAT)
    said = {"name-0-en": "Fits", "weight-0": "3", "lowest": "1", "highest": "5", "reviewers": "2"}
    assert browser.post("/wsis20/programme/reviews/terms", said).status_code == 302
    assert forum.review_terms.terms.criteria[0].names == {"en": "Fits"}
    wrong = browser.post("/wsis20/programme/reviews/terms", said | {"highest": "0"})
    assert wrong.status_code == 422
