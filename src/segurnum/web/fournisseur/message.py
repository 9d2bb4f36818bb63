"""« Signaler une erreur »: a supplier tells the assistance, from the request, what it got wrong (MOD-002)."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from segurnum.comptes.auteurs import auteur
from segurnum.demandes.models import Demande
from segurnum.editorial import assistance
from segurnum.editorial.models import CouloirConcerne, PhaseConcernee, TypeTicket
from segurnum.regles.cycles import StatutDemande
from segurnum.web.commun.acces import Requete, fournisseurs
from segurnum.web.commun.consultation import recapitulatif, titre
from segurnum.web.commun.limites import HEURE, PERSONNE, limite
from segurnum.web.fournisseur.acces import deposants
from segurnum.web.fournisseur.demandes import demande_de
from segurnum.web.kits.geste import Saisie, envoi, traiter


class FormulaireMessage(forms.Form):
    message = forms.CharField(
        label="Ce qui est à corriger",
        help_text="Dites ce qui est faux ou oublié, et ce qu'il faut lire à la place.",
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "Écrivez votre message : dites ce qui est faux ou oublié, et ce qu'il faut lire."
        },
    )


@fournisseurs
@deposants
@limite("messages", PERSONNE, 20, HEURE, quoi="messages")
@require_http_methods(["GET", "HEAD", "POST"])
def signaler(requete: Requete, numero: str) -> HttpResponse:
    """The message becomes a ticket that the officer finds on the request; it changes nothing by itself."""
    demande = demande_de(requete, numero)
    if demande.statut is not StatutDemande.EN_COURS:
        messages.info(
            requete,
            "Une erreur se signale tant que la demande est au statut « En cours » : elle est maintenant au statut "
            f"« {demande.statut.libelle} ».",
        )
        return redirect("fournisseur:demande", numero)
    form = FormulaireMessage(envoi(requete))

    def recevoir(saisie: Saisie) -> str:
        champs = _champs(requete, demande, saisie["message"])
        recu = assistance.recevoir(
            champs=champs, auteur=auteur(requete.user), entreprise=requete.user.entreprise
        ).numero
        return (
            f"Votre message est transmis au service de gestion sous le numéro {recu}. Si une modification est "
            "possible, vous recevrez un courriel qui vous y invitera."
        )

    def page(statut: int) -> HttpResponse:
        contexte = {
            "demande": demande,
            "action": "Signaler une erreur",
            "titre": titre(demande),
            "recapitulatif": recapitulatif(demande),
            "form": form,
        }
        return render(requete, "fournisseur/message.html", contexte, status=statut)

    return traiter(requete, form, recevoir, reverse("fournisseur:demande", args=[numero]), page)


def _champs(requete: Requete, demande: Demande, message: str) -> dict[str, str]:
    personne = requete.user
    return {
        "couloir": _couloir(demande),
        "phase": PhaseConcernee[demande.type],
        "type": TypeTicket.MODIFICATION,
        "nom": personne.get_full_name() or personne.get_username(),
        "raison_sociale": demande.entreprise.denomination,
        "courriel": personne.email,
        "telephone": "",
        "numero_referencement": demande.dossier.enrolement.referencement.numero_ans,
        "numero_demande": demande.numero,
        "description": message,
    }


def _couloir(demande: Demande) -> str:
    """The contact form's word for the request's couloir: « MS » for MS1 and MS2."""
    code = demande.couloir.couloir
    return next(
        (c for c in CouloirConcerne if code == c), CouloirConcerne.MS if code[:2] == "MS" else "AUCUN"
    )
