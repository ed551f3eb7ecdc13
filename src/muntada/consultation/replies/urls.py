from django.urls import path

from muntada.consultation.replies import views

urlpatterns = [
    path("consultation/inbox", views.inbox, name="inbox"),
    path("consultation/inbox/reply", views.reply_together, name="reply_together"),
    path("consultation/inbox/templates", views.template_list, name="reply_templates"),
    path("consultation/inbox/templates/new", views.new_template, name="new_template"),
    path("consultation/inbox/templates/<int:pk>", views.edit_template, name="edit_template"),
    path("consultation/inbox/templates/<int:pk>/retire", views.retire_template, name="retire_template"),
    path("consultation/letters/<str:token>", views.letters, name="letters"),
    path("consultation/<slug:slug>/replies", views.said_and_done, name="replies"),
    path("c/<int:number>/reply", views.reply, name="reply"),
    path("t/<int:number>/reply", views.reply_to_statement, name="reply_to_statement"),
]
