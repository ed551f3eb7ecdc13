"""The tables of the consultation, by what they hold."""

from muntada.consultation.models.calls import Call, CallExtension, CallMeeting, QuestionSet, Reference
from muntada.consultation.models.contributions import Campaign, Contribution, ContributionVersion, Merge
from muntada.consultation.models.drafts import Attachment, ContributionDraft, DraftCopy
from muntada.consultation.models.maps import OpinionMap
from muntada.consultation.models.meetings import MeetingRecord
from muntada.consultation.models.replies import (
    LettersStopped,
    Notice,
    NoticeRound,
    Reply,
    ReplyLetter,
    ReplyTemplate,
)
from muntada.consultation.models.statements import Statement, StatementVersion, Vote, Voter
from muntada.consultation.models.themes import Passage, Theme, ThemeRun, ThemeSuggestion

__all__ = [
    "Attachment",
    "Call",
    "CallExtension",
    "CallMeeting",
    "Campaign",
    "Contribution",
    "ContributionDraft",
    "ContributionVersion",
    "DraftCopy",
    "LettersStopped",
    "MeetingRecord",
    "Merge",
    "Notice",
    "NoticeRound",
    "OpinionMap",
    "Passage",
    "QuestionSet",
    "Reference",
    "Reply",
    "ReplyLetter",
    "ReplyTemplate",
    "Statement",
    "StatementVersion",
    "Theme",
    "ThemeRun",
    "ThemeSuggestion",
    "Vote",
    "Voter",
]
