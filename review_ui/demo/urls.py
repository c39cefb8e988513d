"""Addresses of the demo's banner; included only in demo mode."""

from django.urls import path

from review_ui.demo import views

urlpatterns = [
    path("demo/role/", views.switch_role, name="demo-role"),
    path("demo/pay-day/", views.pay_day, name="demo-pay-day"),
]
