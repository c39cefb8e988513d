"""All addresses; each area of pages keeps its own list."""

from django.urls import include, path

urlpatterns = [path("", include("review_ui.urls"))]
