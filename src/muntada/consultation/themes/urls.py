from django.urls import path

from muntada.consultation.themes import views

urlpatterns = [
    path("consultation/themes", views.theme_list, name="themes"),
    path("consultation/themes/new", views.raise_theme, name="raise_theme"),
    path("consultation/themes/suggestions", views.theme_suggestions, name="theme_suggestions"),
    path("consultation/themes/suggestions/<int:pk>", views.theme_suggestion, name="theme_suggestion"),
    path("c/<int:number>/lines", views.line_suggestions, name="line_suggestions"),
    path("c/<int:number>/themes", views.contribution_themes, name="contribution_themes"),
    path("m/<int:number>/edit", views.edit_theme, name="edit_theme"),
    path("m/<int:number>/contributions", views.theme_contributions, name="theme_contributions"),
    path("m/<int:number>/passages/<int:pk>", views.passage, name="passage"),
]
