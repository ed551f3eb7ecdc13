from django.urls import path

from muntada.programme.exports.views import books, exchange

FILES = [one for one in exchange.EXPORTS if one.file != exchange.CALENDAR_FILE]

urlpatterns = [
    *[path(one.file, exchange.export, {"file": one.file}, name=one.name) for one in FILES],
    *[
        path(f"programme/releases/<int:number>/{one.file}", exchange.export, {"file": one.file})
        for one in FILES
    ],
    path(exchange.CALENDAR_FILE, exchange.calendar_export, name="calendar"),
    path(f"programme/releases/<int:number>/{exchange.CALENDAR_FILE}", exchange.calendar_export),
    path("programme/rooms/<int:room>.ics", exchange.calendar_export, name="room_calendar"),
    path("s/<int:number>.ics", exchange.session_export, {"form": "ics"}, name="session_calendar"),
    path("s/<int:number>.jsonld", exchange.session_export, {"form": "jsonld"}, name="session_jsonld"),
    path("programme/book/<slug:language>.pdf", books.book, name="book"),
    path("programme/downloads", exchange.downloads, name="downloads"),
    path("programme/changes.atom", exchange.changes, {"form": "atom"}, name="changes_atom"),
    path("programme/changes.json", exchange.changes, {"form": "json"}, name="changes_json"),
]
