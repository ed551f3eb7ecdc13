from django.conf import settings
from django.db import models

from muntada.forums.models import Forum
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.meeting.questions import rules
from muntada.programme.sessions.models import Session
from muntada.record.models import Symbol


class Question(models.Model):
    """A question to a session, asked on site or online."""

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="questions")
    session = models.ForeignKey(Session, models.PROTECT, related_name="questions")
    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="question")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="questions"
    )
    mode = models.CharField(max_length=8, choices=[(mode.value, mode.value) for mode in rules.Mode])
    text = models.TextField()
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    asked_at = models.DateTimeField()
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in rules.QuestionState],
        default=rules.QuestionState.ASKED,
    )
    answer = models.TextField(blank=True)
    answer_language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]

    @property
    def state_here(self) -> str:
        return str(rules.QUESTION_STATE_NAMES[rules.QuestionState(self.state)])

    @property
    def mode_here(self) -> str:
        return str(rules.MODE_NAMES[rules.Mode(self.mode)])

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()


class Support(models.Model):
    """A person's support for a question."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="supports")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "person"], name="support_given_once")]
