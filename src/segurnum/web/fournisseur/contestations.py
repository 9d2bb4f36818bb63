"""A contested beneficiary, as a supplier sees it: its own request, its answer, until when."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.demandes.permissions import peut_deposer
from segurnum.fichiers.documents import Genre
from segurnum.financements.contestations import repondre
from segurnum.financements.models import Partie, PiecePartie
from segurnum.financements.queries import de_l_entreprise, pieces_de_reponse
from segurnum.kits.champs import champ, joint
from segurnum.kits.televersement import Televersement
from segurnum.regles.cycles_contestation import PositionPartie, StatutContestation
from segurnum.seuil.acces import Requete, deposants, entreprise_de
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.documents import piece_de_reponse
from segurnum.seuil.limites import ENTREPRISE, HEURE, limite
from segurnum.seuil.telechargements import donner
from segurnum.web.fournisseur.acces import consultation, pour_cette_entreprise, saisie, trouver

FICHIER = Televersement("fichier", PIECE_FORMULAIRE)


class FormulaireReponse(forms.Form):
    """`fichier` may be left out: a piece at a time, and the answer may be sent again with another."""

    use_required_attribute = False
    position = champ(
        "Votre réponse",
        "Choisissez votre réponse.",
        forms.ChoiceField,
        choices=[(position.value, position.libelle) for position in PositionPartie],
        widget=forms.RadioSelect,
    )
    texte = champ(
        "Vos explications",
        "Expliquez votre réponse : le gestionnaire tranche avec ce qu'il lit ici.",
        help_text="Dites ce qui montre que la commande est la vôtre, ou ce qui est à corriger.",
        max_length=4_000,
        widget=forms.Textarea({"rows": 6}),
    )
    fichier = joint(
        PIECE_FORMULAIRE,
        "Pièce (facultative)",
        "",
        required=False,
        help_text="Bon de commande signé, écrit du client. Fichier pdf, png, jpg ou jpeg de 4 Mo au plus ; pour "
        "plusieurs pièces, envoyez de nouveau votre réponse avec la suivante.",
    )


_partie_de = trouver(de_l_entreprise)


@FICHIER.recoit
@saisie(pour_cette_entreprise, deposants, profil=Profil.FOURNISSEUR)
@limite("pieces", ENTREPRISE, 600, HEURE)
def contestation(requete: Requete, partie: int) -> HttpResponse:
    """What is asked of the company, its answer, and how it ended."""
    ligne: Partie = _partie_de(requete, partie)

    def envoyer(form: FormulaireReponse) -> HttpResponse:
        joint = form.cleaned_data["fichier"]
        repondre(
            partie=ligne.pk,
            auteur=auteur(requete.user),
            position=form.cleaned_data["position"],
            texte=form.cleaned_data["texte"],
            piece=(joint.nom, joint.fichier) if joint else None,
            recu_le=recu_le(requete),
        )
        messages.success(requete, "Votre réponse est envoyée au gestionnaire.")
        return redirect("fournisseur:contestation", ligne.pk)

    def page(form: FormulaireReponse, statut: int) -> HttpResponse:
        ouverte = ligne.contestation.statut is StatutContestation.EN_REPONSE
        lettres, siennes = ([p for p in ligne.pieces.all() if p.lettre is dite] for dite in (True, False))
        contexte: dict[str, Any] = {
            "partie": ligne,
            "contestation": ligne.contestation,
            "documents": (("Lettres reçues", lettres), ("Vos pièces", siennes)),
            "form": form,
            "peut_repondre": ouverte and peut_deposer(requete.user),
            "attribuee": ligne.contestation.attribuee_a_id == ligne.demande.dossier_id,
        }
        return render(requete, "fournisseur/contestation.html", contexte, status=statut)

    connue = {"position": ligne.position, "texte": ligne.texte}
    return FICHIER.servir(requete, partial(FormulaireReponse, initial=connue), envoyer, page)


def _piece_de(requete: Requete, partie: int, cle: int) -> PiecePartie:
    siennes = pieces_de_reponse().filter(partie__demande__entreprise=entreprise_de(requete))
    return get_object_or_404(siennes, pk=cle, partie=partie)


piece = consultation(profil=Profil.FOURNISSEUR)(donner(piece_de_reponse, _piece_de, Genre.REPONSE))
