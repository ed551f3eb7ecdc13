from django.urls import URLPattern, path

from muntada.programme.views import (
    checks,
    decisions,
    exchange,
    moving,
    public,
    publishing,
    requests,
    speakers,
    timetables,
    workspace,
)

app_name = "programme"
urlpatterns: list[URLPattern] = [
    path("programme", public.front, name="front"),
    *[path(one.file, exchange.export, {"file": one.file}, name=one.name) for one in exchange.EXPORTS],
    *[
        path(f"programme/releases/<int:number>/{one.file}", exchange.export, {"file": one.file})
        for one in exchange.EXPORTS
    ],
    path("programme/rooms/<int:room>.ics", exchange.export, {"file": "programme.ics"}, name="room_calendar"),
    path("s/<int:number>.ics", exchange.session_export, {"form": "ics"}, name="session_calendar"),
    path("s/<int:number>.jsonld", exchange.session_export, {"form": "jsonld"}, name="session_jsonld"),
    path("programme/downloads", exchange.downloads, name="downloads"),
    path("programme/changes.atom", exchange.changes, {"form": "atom"}, name="changes_atom"),
    path("programme/changes.json", exchange.changes, {"form": "json"}, name="changes_json"),
    path("programme/releases", publishing.releases, name="releases"),
    path("programme/releases/<int:number>", public.release, name="release"),
    path("programme/requests", requests.requests, name="requests"),
    path("programme/requests/new", requests.new_request, name="new_request"),
    path("programme/requests/merge", decisions.merge, name="merge"),
    path("programme/requests/draft/<int:number>", requests.draft, name="draft"),
    path("programme/requests/rules", checks.checks, name="checks"),
    path("programme/requests/<int:pk>/people", speakers.people, name="people"),
    path("programme/requests/<int:pk>/people/new", speakers.new_speaker, name="new_speaker"),
    path("programme/requests/<int:pk>/people/me", speakers.myself, name="myself"),
    path("programme/requests/<int:pk>/people/step", speakers.step, name="people_step"),
    path("programme/requests/<int:pk>/people/<int:speaker>", speakers.speaker, name="speaker"),
    path("programme/requests/<int:pk>/organisers/new", speakers.new_co_organiser, name="new_co_organiser"),
    path(
        "programme/requests/<int:pk>/organisers/<int:organiser>", speakers.co_organiser, name="co_organiser"
    ),
    path("programme/asked/<str:token>", speakers.asked, name="asked"),
    path("p/<int:number>", requests.session_request, name="request"),
    path("p/<int:number>/decide", decisions.decide, name="decide"),
    path("programme/sessions/<int:number>", decisions.edit_session, name="edit_session"),
    path("programme/workspace", workspace.workspace, name="workspace"),
    path("programme/rooms", workspace.rooms, name="rooms"),
    path("programme/timetables/<int:number>", timetables.timetable, name="timetable"),
    path("programme/timetables/<int:number>/again", timetables.start_again, name="start_again"),
    path("programme/timetables/<int:number>/stop", timetables.stop, name="stop"),
    path("programme/timetables/<int:number>/copy", timetables.copy, name="copy"),
    path("programme/timetables/<int:number>/repair", timetables.repair, name="repair"),
    path("programme/timetables/<int:number>/undo", timetables.undo, name="undo"),
    path("programme/timetables/<int:number>/discard", timetables.discard, name="discard"),
    path("programme/timetables/<int:number>/compare", timetables.comparison, name="comparison"),
    path("programme/timetables/<int:number>/move/<int:session>", moving.move, name="move"),
    path("programme/timetables/<int:number>/places/<int:session>", moving.places, name="places"),
    path("programme/timetables/<int:number>/take-out/<int:session>", moving.take_out, name="take_out"),
    path("programme/timetables/<int:number>/lock/<int:session>", moving.lock, name="lock"),
    path("programme/timetables/<int:number>/publish", publishing.publish, name="publish"),
]
