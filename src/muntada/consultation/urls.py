from django.urls import path

from muntada.consultation.views import calls, contributions, lists, maps, statements, themes, writing

app_name = "consultation"
urlpatterns = [
    path("consultation", calls.front, name="front"),
    path("consultation/inbox", contributions.inbox, name="inbox"),
    path("consultation/themes", themes.theme_list, name="themes"),
    path("consultation/themes/new", themes.raise_theme, name="raise_theme"),
    path("consultation/files/<int:pk>", writing.file, name="file"),
    path("consultation/files/<int:pk>/remove", writing.detach, name="detach"),
    path("consultation/<slug:slug>", calls.call, name="call"),
    path("consultation/<slug:slug>/write", writing.write, name="write"),
    path("consultation/<slug:slug>/vote", statements.vote, name="vote"),
    path("consultation/<slug:slug>/statements", statements.statement_list, name="statements"),
    path("consultation/<slug:slug>/statements/new", statements.put_statement, name="put_statement"),
    path("consultation/<slug:slug>/map", maps.opinion_map, name="map"),
    path("consultation/<slug:slug>/contributions", lists.contribution_list, name="contributions"),
    path("consultation/<slug:slug>/contributions/feed.<str:form>", lists.feed, name="feed"),
    path("consultation/<slug:slug>/contributions/download.<str:form>", lists.download, name="download"),
    path("consultation/<slug:slug>/replies", calls.replies, name="replies"),
    path("c/<int:number>", contributions.contribution, name="contribution"),
    path("c/<int:number>/improve", writing.improve, name="improve"),
    path("c/<int:number>/withdraw", writing.withdraw, name="withdraw"),
    path("c/<int:number>/reply", contributions.reply, name="reply"),
    path("c/<int:number>/statement", contributions.take_statement, name="take_statement"),
    path("t/<int:number>", statements.statement, name="statement"),
    path("t/<int:number>/votes", statements.statement_votes, name="statement_votes"),
    path("t/<int:number>/vote", statements.cast, name="cast"),
    path("consultation/copies/<int:pk>/take", writing.take_copy, name="take_copy"),
    path("consultation/copies/<int:pk>/drop", writing.drop_copy, name="drop_copy"),
    path("t/<int:number>/moderate", statements.moderate, name="moderate"),
    path("m/<int:number>", themes.theme, name="theme"),
]
