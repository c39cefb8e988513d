"""All addresses; each area of pages keeps its own list."""

from django.urls import include, path

urlpatterns = [path("", include("review_ui.urls"))]

handler404 = "review_ui.errors.page_not_found"
handler500 = "review_ui.errors.server_error"
