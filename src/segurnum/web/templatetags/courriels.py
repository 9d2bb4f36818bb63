"""What is said of a mail that did not arrive."""

from django import template

from segurnum.courriels.phrases import constat

register = template.Library()
register.filter("constat", constat)
