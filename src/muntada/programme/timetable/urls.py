from django.urls import path

from muntada.programme.timetable.views import moving, timetables

urlpatterns = [
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
]
