"""The thread of a request with its company: read by the officers, begun or taken up again from the request."""

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.editorial import assistance
from segurnum.editorial.queries import fil_de, tickets_sur
from segurnum.kits.champs import champ
from segurnum.kits.geste import PageFormulaire, Saisie, envoi
from segurnum.seuil.acces import Requete, formulaire_de, instructeurs
from segurnum.web.gestion.demandes import trouver


class FormulaireMessage(forms.Form):
    """What an officer writes to a company."""

    texte = champ(
        "Votre message au fournisseur",
        "Écrivez votre message.",
        help_text="Le fournisseur le lit sur le portail ; un courriel l'en avertit, sans en dire le contenu.",
        max_length=4_000,
        widget=forms.Textarea({"rows": 6}),
    )


@formulaire_de(instructeurs)
def messages(requete: Requete, numero: str) -> HttpResponse:
    demande = trouver(numero)
    page = PageFormulaire(
        f"Messages du dossier {demande.dossier.numero}",
        "Envoyer",
        reverse("gestion:demande", args=[demande.numero]),
        parent=f"Demande {demande.numero}",
        gabarit="gestion/messages.html",
        contexte={"fil": fil_de(demande.dossier), "a_traiter": tickets_sur(demande.numero)},
    )

    def ecrire(saisie: Saisie) -> str:
        recu = assistance.entamer(demande=demande, auteur=auteur(requete.user), **saisie)
        return f"Votre message {recu.numero} se lit dans l'espace du fournisseur ; un courriel l'en avertit."

    return page.traiter(requete, FormulaireMessage(envoi(requete)), ecrire, requete.path)
