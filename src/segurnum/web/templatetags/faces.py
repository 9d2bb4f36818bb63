"""What the templates of the faces ask of the domains."""

from django import template

from segurnum.coordonnees.permissions import peut_modifier
from segurnum.courriels.phrases import constat
from segurnum.demandes.permissions import peut_deposer

register = template.Library()
register.filter("constat", constat)
# Who may send requests of their company; who changes the company's own data.
register.filter("depose", peut_deposer)
register.filter("responsable", peut_modifier)
