from django.urls import path

from muntada.home import views

app_name = "home"
urlpatterns = [
    path("", views.front, name="front"),
    path("about", views.about, name="about"),
    path("<slug:forum>", views.forum, name="forum"),
    path("<slug:forum>/framework", views.framework, name="framework"),
    path("<slug:forum>/evidence/lines", views.lines, name="lines"),
    path("<slug:forum>/evidence/lines/<str:code>", views.line, name="line"),
    path("<slug:forum>/evidence/lines/<str:code>/figures.csv", views.line_figures, name="line_figures"),
    path("<slug:forum>/evidence/lines/<str:code>/tie", views.tie, name="tie"),
    path("<slug:forum>/evidence/lines/<str:code>/untie", views.untie, name="untie"),
    path("<slug:forum>/search", views.search, name="search"),
    path("<slug:forum>/names", views.names, name="names"),
    path("<slug:forum>/names/<int:asked>", views.withdraw, name="withdraw"),
    path("<slug:forum>/jobs/<int:pk>", views.job, name="job"),
    path("<slug:forum>/log", views.log, name="log"),
    path("<slug:forum>/receipt/<slug:code>", views.receipt_page, name="receipt"),
    path("<slug:forum>/<slug:kind>/<int:number>/trace", views.trace_page, name="trace"),
]
