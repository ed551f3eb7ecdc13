from django.urls import path

from muntada.evidence.stories import views

urlpatterns = [
    path("evidence/stories", views.stories, name="stories"),
    path("evidence/stories/begin", views.begin, name="begin_story"),
    path("y/<int:number>", views.story, name="story"),
    path("y/<int:number>.csv", views.numbers, name="story_numbers"),
    path("y/<int:number>/write", views.write, name="write_story"),
    path("y/<int:number>/publish", views.publish, name="publish_story"),
    path("y/<int:number>/take-back", views.take_back, name="take_back_story"),
    path("y/<int:number>/parts/add", views.add_part, name="add_story_part"),
    path("y/<int:number>/parts/<int:position>", views.part, name="story_part"),
    path("y/<int:number>/parts/<int:position>/move", views.move_part, name="move_story_part"),
    path("y/<int:number>/parts/<int:position>/remove", views.remove_part, name="remove_story_part"),
]
