"""The changes of each release as Atom (RFC 4287) and JSON Feed 1.1."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext

from muntada.foundations.languages import in_language, listed
from muntada.programme.exports.exports.format_names import language_tag, plain
from muntada.programme.releases.queries import ReleaseNews
from muntada.programme.releases.rules import changes_in_words, counts_in_words

ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"


@dataclass(frozen=True)
class Channel:
    """A feed: forum, language and address."""

    forum: str
    language: str
    zone: ZoneInfo
    home: str
    address: str

    @property
    def title(self) -> str:
        return gettext("%(forum)s: changes of the programme") % {"forum": self.forum}

    def page_of(self, news: ReleaseNews) -> str:
        return f"{self.home}/releases/{news.number}"


def atom(releases: Sequence[ReleaseNews], channel: Channel) -> bytes:
    """Return the releases as Atom, newest first."""
    feed = Atom1Feed(
        title=plain(channel.title),
        link=channel.home,
        description="",
        language=language_tag(channel.language),
        author_name=plain(channel.forum),
        feed_url=channel.address,
        feed_guid=channel.address,
    )
    for news in releases:
        feed.add_item(
            title=_title(news),
            link=channel.page_of(news),
            unique_id=channel.page_of(news),
            description=plain(_told(news, channel.zone)),
            pubdate=news.published_at,
            updateddate=news.published_at,
        )
    return feed.writeString("utf-8").encode()


def json_feed(releases: Sequence[ReleaseNews], channel: Channel) -> bytes:
    """Return the releases as JSON Feed, newest first."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": plain(channel.title),
        "home_page_url": channel.home,
        "feed_url": channel.address,
        "language": language_tag(channel.language),
        "authors": [{"name": plain(channel.forum)}],
        "items": [
            {
                "id": channel.page_of(news),
                "url": channel.page_of(news),
                "title": _title(news),
                "content_html": plain(_told(news, channel.zone)),
                "date_published": news.published_at.isoformat(),
            }
            for news in releases
        ],
    }
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()


def _title(news: ReleaseNews) -> str:
    counts = listed(f"{label}: {count}" for label, count in counts_in_words(news.difference))
    title = gettext("Release %(number)s of the programme") % {"number": news.number}
    return f"{title} ({counts})" if counts else title


def _told(news: ReleaseNews, zone: ZoneInfo) -> str:
    """Describe the changes by session; titles and names are escaped."""
    notes = in_language(news.notes)
    changes = (
        (
            one.session,
            one.title,
            listed(one.what),
            " → ".join(place for place in (one.before, one.after) if place),
        )
        for one in changes_in_words(news.difference.changes, zone)
    )
    entries = format_html_join("", "<li>{} <bdi>{}</bdi>: {}. <bdi>{}</bdi></li>", changes)
    return format_html("{}<ul>{}</ul>", format_html("<p>{}</p>", notes) if notes else "", entries)
