from django.urls import path

from muntada.consultation.calls.views import meetings, preparing

urlpatterns = [
    path("consultation/new", preparing.new_call, name="new_call"),
    path("consultation/<slug:slug>/prepare/edit", preparing.edit_call, name="edit_call"),
    path("consultation/<slug:slug>/prepare/questions", preparing.questions, name="questions"),
    path("consultation/<slug:slug>/prepare/open", preparing.open_prepared, name="open_prepared"),
    path("consultation/<slug:slug>/prepare/drop", preparing.drop_call, name="drop_call"),
    path("consultation/<slug:slug>/meetings", meetings.meeting_list, name="meetings"),
    path("consultation/<slug:slug>/meetings/new", meetings.new_meeting, name="new_meeting"),
    path("consultation/<slug:slug>/meetings/<int:number>.ics", meetings.calendar, name="calendar"),
    path("consultation/<slug:slug>/meetings/<int:number>/edit", meetings.edit_meeting, name="edit_meeting"),
    path(
        "consultation/<slug:slug>/meetings/<int:number>/cancel",
        meetings.cancel_meeting,
        name="cancel_meeting",
    ),
    path("consultation/<slug:slug>/meetings/<int:number>/record", meetings.file_record, name="file_record"),
]
