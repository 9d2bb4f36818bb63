"""Addresses that exist in a demonstration only."""

from django.urls import path

from segurnum.demonstration import vues

app_name = "demonstration"
urlpatterns = [path("courriels", vues.courriels, name="courriels")]
