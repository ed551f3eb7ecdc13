from django.urls import path

from muntada.consultation.statements.views import moderation, statements, voting

urlpatterns = [
    path("consultation/<slug:slug>/vote", voting.vote, name="vote"),
    path("consultation/<slug:slug>/votes", voting.my_votes, name="my_votes"),
    path("consultation/<slug:slug>/votes/declare", voting.declare, name="declare"),
    path("consultation/<slug:slug>/voters", voting.voter_list, name="voters"),
    path("consultation/<slug:slug>/voters/<int:pk>", voting.ban, name="ban"),
    path("consultation/<slug:slug>/statements", statements.statement_list, name="statements"),
    path("consultation/<slug:slug>/statements/new", statements.put_statement, name="put_statement"),
    path("consultation/<slug:slug>/statements/paste", moderation.paste, name="paste_statements"),
    path("consultation/<slug:slug>/statements/waiting", moderation.queue, name="statement_queue"),
    path("t/<int:number>/votes", statements.statement_votes, name="statement_votes"),
    path("t/<int:number>/vote", voting.cast, name="cast"),
    path("t/<int:number>/undo", voting.undo, name="undo"),
    path("t/<int:number>/split", moderation.split, name="split_statement"),
    path("t/<int:number>/merge", moderation.merge, name="merge_statement"),
    path("t/<int:number>/correct", moderation.correct, name="correct_statement"),
    path("t/<int:number>/translate", moderation.translate, name="translate_statement"),
]
