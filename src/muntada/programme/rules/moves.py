"""What is said of moves by hand."""

from dataclasses import dataclass

from django.utils.translation import gettext


@dataclass(frozen=True)
class MoveNews:
    """A move as it is told: who, what, when, and where it stands since; no place is an empty one."""

    session: str
    who: str
    at: str
    place: str


def moved_meanwhile(news: MoveNews) -> str:
    """Tell the second of two editors what the first has done."""
    if news.place:
        sentence = gettext(
            "%(who)s moved %(session)s to %(place)s at %(at)s, after you opened this page. Nothing of yours"
            " was stored. Please look at where it stands now and move it again if you still wish to."
        )
    else:
        sentence = gettext(
            "%(who)s took %(session)s out of this timetable at %(at)s, after you opened this page. Nothing of"
            " yours was stored. Please look again and place it if you still wish to."
        )
    known = {"who": news.who, "session": news.session, "at": news.at, "place": news.place}
    return sentence % known


def somebody(name: str) -> str:
    return name or gettext("Somebody")
