from django.urls import path

from muntada.programme.exports.views import books, exchange

urlpatterns = [
    *[path(one.file, exchange.export, {"file": one.file}, name=one.name) for one in exchange.EXPORTS],
    *[
        path(f"programme/releases/<int:number>/{one.file}", exchange.export, {"file": one.file})
        for one in exchange.EXPORTS
    ],
    path("programme/rooms/<int:room>.ics", exchange.export, {"file": "programme.ics"}, name="room_calendar"),
    path("s/<int:number>.ics", exchange.session_export, {"form": "ics"}, name="session_calendar"),
    path("s/<int:number>.jsonld", exchange.session_export, {"form": "jsonld"}, name="session_jsonld"),
    path("programme/book/<slug:language>.pdf", books.book, name="book"),
    path("programme/downloads", exchange.downloads, name="downloads"),
    path("programme/changes.atom", exchange.changes, {"form": "atom"}, name="changes_atom"),
    path("programme/changes.json", exchange.changes, {"form": "json"}, name="changes_json"),
]
