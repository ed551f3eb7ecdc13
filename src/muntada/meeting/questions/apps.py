from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "muntada.meeting.questions"
    label = "meeting_questions"
