"""Addresses of logging in and of the first page after it."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from review_ui.accounts import views
from review_ui.accounts.forms import LogIn
from review_ui.pages import preferences

urlpatterns = [
    path(
        "login/",
        LoginView.as_view(template_name="accounts/login.html", authentication_form=LogIn),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("register/", views.register, name="register"),
    path("preferences/", preferences.set_preferences, name="preferences"),
    path("start/", views.my_start, name="my-start"),
    path("office/", views.office_home, name="office-home"),
]
