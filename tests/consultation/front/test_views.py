"""The pages of the consultation: what they say, and what they keep."""

import gzip
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.foundations.test_extracts import a_pdf

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.calls import CallVotesOpenTo
from muntada.consultation.contributions.actions.attachments import read_attachment
from muntada.consultation.contributions.models import Attachment, Contribution, ContributionDraft
from muntada.consultation.contributions.rules.contributions import ShownAs, require_given_out
from muntada.consultation.opinion.actions import conversations
from muntada.consultation.replies.actions import replies
from muntada.consultation.replies.rules import Disposition, ReplyText
from muntada.consultation.themes.actions import themes
from muntada.consultation.themes.models import Theme
from muntada.consultation.themes.rules import ThemeText
from muntada.forums.models import Line
from muntada.foundations.errors import Refused
from muntada.people.rules import Role
from muntada.record.models import Receipt

PDF = a_pdf("A map of masts")


def address(name: str, *args: object) -> str:
    return reverse(f"consultation:{name}", args=["wsis20", *args])


def form_of(**changes: object) -> dict[str, object]:
    words: dict[str, object] = {
        "language": "en",
        "title": "Connect the villages",
        "text": "Half of the villages have no line.",
        "shown_as": "name",
        "consent_to_publish": "on",
        "step": "submit",
    }
    return words | changes


# ---- writing ----


def test_an_arabic_contribution_goes_through_the_pages_word_for_word(open_now, make_person, client_as):
    browser = client_as(person=make_person(language="ar", name="ليلى"))
    text = "نصف القرى بلا خط.\r\n\r\nابنوا الأبراج أولاً."
    answer = browser.post(
        address("write", "open-call"), form_of(language="ar", title="صلوا القرى", text=text), follow=True
    )
    contribution = Contribution.objects.get()
    assert answer.request["PATH_INFO"] == "/wsis20/c/1"
    assert contribution.text == "نصف القرى بلا خط.\n\nابنوا الأبراج أولاً."
    page = Client().get("/wsis20/c/1").text
    assert '<div class="prose" lang="ar" dir="rtl">' in page
    assert "ابنوا الأبراج أولاً." in page
    assert "ليلى" in page


def test_a_closed_call_refuses_and_keeps_what_was_typed(make_call, client_as, now):
    make_call("over", closes_at=now - timedelta(days=1))
    answer = client_as().post(address("write", "over"), form_of(text="A thought that came late"))
    assert answer.status_code == 422
    assert "A thought that came late" in answer.text
    assert "This call is closed" in answer.text
    assert ContributionDraft.objects.get().text == "A thought that came late"
    assert Contribution.objects.count() == 0


def test_a_refused_citation_keeps_what_was_typed_and_names_the_field(open_now, client_as):
    line = Line.objects.get(code="C2")
    answer = client_as().post(address("write", "open-call"), form_of(text="See [C/99].", lines=[line.pk]))
    assert answer.status_code == 422
    assert "See [C/99]." in answer.text
    assert "[C/99] does not exist" in answer.text
    assert re.search(rf'value="{line.pk}"[^>]*checked', answer.text)


def test_a_draft_is_saved_by_its_button_and_found_again(open_now, client_as, make_person):
    browser = client_as(person=make_person())
    answer = browser.post(address("write", "open-call"), form_of(step="save", title=""))
    assert answer.status_code == 302
    assert "Half of the villages have no line." in browser.get(address("write", "open-call")).text
    assert "You are still writing" in browser.get(address("front")).text
    assert "You are still writing" not in client_as().get(address("front")).text
    assert Contribution.objects.count() == 0


def test_a_draft_saves_itself_and_says_so(open_now, client_as):
    answer = client_as().post(
        address("write", "open-call"),
        form_of(text="Half a sen", step="draft"),
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert "Draft saved" in answer.text
    assert "<html" not in answer.text
    assert ContributionDraft.objects.get().text == "Half a sen"


def test_a_choice_that_is_not_offered_is_refused_and_the_rest_is_kept(open_now, client_as):
    answer = client_as().post(address("write", "open-call"), form_of(language="xx"))
    assert answer.status_code == 422
    assert Contribution.objects.count() == 0
    draft = ContributionDraft.objects.get()
    assert (draft.language, draft.text) == ("en", "Half of the villages have no line.")


def test_a_file_goes_with_the_contribution_and_is_handed_out_for_saving_only(open_now, client_as):
    upload = SimpleUploadedFile("../map of <masts>.exe", PDF)
    client_as().post(address("write", "open-call"), form_of(attachment=upload))
    attachment = Attachment.objects.get()
    read_attachment(attachment=attachment)
    answer = Client().get(address("file", attachment.pk))
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"] == 'attachment; filename="map of _masts.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("state", "code"),
    [("waiting", "file-unread"), ("failed", "file-unreadable"), ("locked", "file-unreadable")],
)
def test_a_file_that_was_not_read_goes_to_nobody_but_its_author_and_those_who_answer(
    open_now, client_as, make_person, state, code
):
    author = client_as(person=make_person())
    upload = SimpleUploadedFile("map.pdf", PDF)
    author.post(address("write", "open-call"), form_of(attachment=upload))
    attachment = Attachment.objects.get()
    Attachment.objects.update(text_state=state)
    place, page = address("file", attachment.pk), attachment.contribution.get_absolute_url()
    link = f'href="{place}"'
    for stranger in (Client(), client_as()):
        refused = stranger.get(place)
        assert refused.status_code == 403
        assert refused.headers["Content-Type"].startswith("text/html")
        shown = stranger.get(page).text
        assert link not in shown
        assert attachment.name in shown
    for reader in (author, client_as(Role.MODERATOR)):
        assert b"".join(reader.get(place).streaming_content) == PDF
        assert link in reader.get(page).text
    with pytest.raises(Refused) as refusal:
        require_given_out(state, is_author=False, roles=())
    assert refusal.value.code == code


def test_a_file_of_another_kind_is_refused_and_the_text_is_kept(open_now, client_as):
    upload = SimpleUploadedFile("map.pdf", b"<html><script>alert(1)</script>")
    answer = client_as().post(address("write", "open-call"), form_of(attachment=upload))
    assert answer.status_code == 422
    assert "This kind of file is not accepted" in answer.text
    assert ContributionDraft.objects.get().text == "Half of the villages have no line."
    assert Contribution.objects.count() == 0


def test_a_file_of_a_draft_is_its_authors_alone_and_can_be_removed(open_now, client_as, make_person):
    author = make_person()
    browser = client_as(person=author)
    browser.post(
        address("write", "open-call"), form_of(step="save", attachment=SimpleUploadedFile("map.pdf", PDF))
    )
    attachment = Attachment.objects.get()
    assert client_as(Role.SECRETARIAT).get(address("file", attachment.pk)).status_code == 404
    assert browser.get(address("file", attachment.pk)).status_code == 200
    browser.post(address("detach", attachment.pk))
    assert Attachment.objects.count() == 0


def test_an_author_improves_and_withdraws(open_now, client_as, make_person):
    browser = client_as(person=make_person())
    browser.post(address("write", "open-call"), form_of())
    assert "Half of the villages have no line." in browser.get(address("improve", 1)).text
    browser.post(address("improve", 1), form_of(text="Two thirds have none."))
    page = Client().get("/wsis20/c/1").text
    assert "Two thirds have none." in page
    assert "Half of the villages have no line." in page.partition("Earlier words")[2]
    browser.post(address("withdraw", 1))
    page = Client().get("/wsis20/c/1").text
    assert "Withdrawn by its author" in page
    assert "Two thirds" not in page
    assert "Half of the villages" not in page


def test_the_receipt_page_proves_the_words(open_now, client_as):
    client_as().post(address("write", "open-call"), form_of())
    code = Receipt.objects.get().code
    answer = Client().get(f"/wsis20/receipt/{code}")
    assert answer.status_code == 200
    assert "WSIS20/C/1" in answer.text


# ---- what is shown of whom ----


def test_what_is_not_for_publication_is_read_by_its_author_and_those_who_answer(
    contribute, make_person, client, client_as
):
    author = make_person(name="Amina")
    contribute(author, consent_to_publish=False)
    for browser, may in (
        (client, False),
        (client_as(), False),
        (client_as(person=author), True),
        (client_as(Role.MODERATOR), True),
    ):
        page = browser.get("/wsis20/c/1").text
        assert ("Half of the villages" in page, "Connect the villages" in page) == (may, may)
    listed = client.get(address("contributions", "open-call")).text
    assert "Not published, as its author asked" in listed
    assert "Amina" not in listed
    assert "Connect the villages" not in listed


def test_an_author_is_shown_as_they_chose(contribute, make_person, client):
    contribute(make_person(name="Amina Chosen"), shown_as=ShownAs.NOBODY)
    for page in ("/wsis20/c/1", address("contributions", "open-call"), address("front")):
        assert "Amina" not in client.get(page).text
        assert "Not named" in client.get(page).text


# ---- replying, taking statements, themes ----


def test_a_moderator_replies_and_everybody_reads_it(contribute, client_as, client):
    contribute()
    moderator = client_as(Role.MODERATOR)
    assert "Connect the villages" in moderator.get(address("inbox")).text
    words = {"disposition": "declined", "reason": "Outside of this **call**.", "language": "en"}
    answer = moderator.post(address("reply", 1), words | {"leads_to": "C/1"})
    assert answer.status_code == 422
    assert "Outside of this **call**." in answer.text
    assert moderator.post(address("reply", 1), words).status_code == 302
    page = client.get("/wsis20/c/1").text
    assert "Declined" in page
    assert "Outside of this <strong>call</strong>." in page
    assert "Outside of this" in client.get(address("replies", "open-call")).text
    assert "Everything is answered." in moderator.get(address("inbox")).text


def test_a_theme_brings_contributions_together(contribute, client_as, client):
    contribute()
    contribute(title="Masts for the islands")
    moderator = client_as(Role.MODERATOR)
    words = {"title": "Masts", "language": "en", "description": "", "contributions": "C/1, C/9"}
    answer = moderator.post(address("raise_theme"), words)
    assert answer.status_code == 422
    assert "C/9 is no contribution of this forum" in answer.text
    moderator.post(address("raise_theme"), words | {"contributions": "C/1 [C/2]"})
    page = client.get("/wsis20/m/1").text
    assert "Masts for the islands" in page
    assert "2 contributions" in page
    assert Theme.objects.get().contributions.count() == 2


# ---- the opinion map ----


@pytest.fixture
def real_call(shared_data, forum, now, secretariat) -> Call:
    folder = shared_data / "polis" / "vtaiwan.uberx"
    return conversations.import_polis(folder=folder, forum=forum, actor=secretariat, now=now).call


@pytest.mark.shared_data
@pytest.mark.slow
def test_a_real_map_shows_groups_statements_and_method_in_less_than_sixty_kilobytes(real_call, client):
    answer = client.get(address("map", real_call.slug))
    page = answer.text
    assert "1,921 people cast 49,443 votes." in page
    assert page.count('class="hull"') == len(real_call.opinion_maps.get().result["groups"])
    assert "What unites" in page
    assert "What divides" in page
    assert "Group A agrees" in page
    assert re.search(r"<svg[^>]*role=\"img\"[^>]*aria-labelledby=\"map-title map-desc\"", page)
    assert len(gzip.compress(page.encode())) < 25_000


@pytest.mark.shared_data
def test_a_smaller_real_map_shows_them_too_and_statements_are_sorted_by_a_link(
    shared_data, forum, now, client, secretariat
):
    folder = shared_data / "polis" / "15-per-hour-seattle"
    call = conversations.import_polis(folder=folder, forum=forum, actor=secretariat, now=now).call
    page = client.get(address("map", call.slug), {"order": "B"})
    shares = [row.by_group[1].agree_share for row in page.context["page"]]
    assert shares == sorted(shares, reverse=True)
    assert len(shares) == 31
    assert page.text.count('class="hull"') == len(call.opinion_maps.get().result["groups"])
    assert len(gzip.compress(page.content)) < 25_000


def test_a_map_without_votes_says_what_it_needs(call, client):
    assert "No map was drawn yet" in client.get(address("map", "open-call")).text


def test_where_nothing_was_said_a_page_says_so(forum, client):
    assert "No call is open at the moment" in client.get(address("front")).text


def test_an_imported_call_takes_neither_words_nor_votes(make_call, client_as):
    make_call("elsewhere", takes_contributions=False, votes_open_to=CallVotesOpenTo.NOBODY)
    page = client_as().get(address("call", "elsewhere")).text
    assert address("write", "elsewhere") not in page
    answer = client_as().post(address("write", "elsewhere"), form_of())
    assert answer.status_code == 422


# ---- the number of queries ----


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("front", ()),
        ("call", ("open-call",)),
        ("contributions", ("open-call",)),
        ("replies", ("open-call",)),
        ("statements", ("open-call",)),
        ("theme", (1,)),
        ("themes", ()),
        ("inbox", ()),
    ],
)
def test_a_page_asks_as_often_for_three_rows_as_for_one(
    contribute, put_statement, client_as, forum, now, name, args, moderator
):
    def say(number: int) -> Contribution:
        contribution = contribute(
            title=f"Thought {number}", line_ids=(Line.objects.get(code="C2").pk,), text=f"Words {number}"
        )
        answered = contribute(title=f"Answered {number}")
        answer = ReplyText(Disposition.ACCEPTED, "Yes.", "en")
        replies.reply_to(contribution=answered, answer=answer, actor=moderator, now=now)
        put_statement(f"Statement {number}")
        return contribution

    first = say(1)
    matter = ThemeText({"en": "Masts"}, "", "en")
    theme = themes.raise_theme(forum=forum, matter=matter, contributions=[first], actor=moderator, now=now)
    browser = client_as(Role.MODERATOR)
    browser.get(address(name, *args))
    with CaptureQueriesContext(connection) as one:
        browser.get(address(name, *args))
    more = [say(number) for number in (2, 3)]
    themes.add_to_theme(theme=theme, contributions=more, actor=moderator, now=now)
    with CaptureQueriesContext(connection) as three:
        browser.get(address(name, *args))
    assert len(three) == len(one), "\n".join(query["sql"][:150] for query in three.captured_queries)
