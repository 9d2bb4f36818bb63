"""How forms are drawn: each field with its label, its help, its error beside it."""

from django.forms.renderers import DjangoTemplates


class Rendu(DjangoTemplates):
    """Field templates come from the portal's own components."""

    field_template_name = "commun/champ.html"
