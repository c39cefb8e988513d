"""Addresses of the pages, area by area."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

AREAS = ("applicant", "accounts", "reviewer", "payer", "studio", "operations")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"review_ui.{area}.urls")) for area in AREAS
]
if settings.DEMO:
    urlpatterns.append(path("", include("review_ui.demo.urls")))
