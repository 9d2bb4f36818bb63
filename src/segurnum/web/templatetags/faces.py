"""What the templates of the faces ask of the domains."""

from django import template

from segurnum.courriels.phrases import constat

register = template.Library()
register.filter("constat", constat)
