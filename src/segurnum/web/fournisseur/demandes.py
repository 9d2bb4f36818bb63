"""A request as its supplier reads it, and what is done to it: pieces that the officer asked for, an error told.

REQ-018 to REQ-068, MOD-002, MOD-025, MOD-026.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.demandes import services
from segurnum.demandes.ecriture import recapitulatif, titre
from segurnum.demandes.historique import historique_complet
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.demandes.modifiables import delai_passe
from segurnum.demandes.montants import attente_de_l_avance
from segurnum.demandes.permissions import peut_deposer
from segurnum.demandes.queries import de_l_entreprise, de_numero, pieces_de
from segurnum.demandes.versions import version_actuelle
from segurnum.depots import modifications
from segurnum.depots.queries import recepisses_de_la_demande
from segurnum.editorial import assistance
from segurnum.editorial.queries import tickets_de
from segurnum.enrolements.queries import qui_deposent_par_formulaire
from segurnum.fichiers.documents import Genre
from segurnum.financements.queries import sur_la_demande
from segurnum.kits.champs import champ
from segurnum.kits.geste import Saisie, envoi, traiter
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import Colonne
from segurnum.paiements.models import Versement
from segurnum.paiements.queries import motif_du_rejet, versements_de
from segurnum.recouvrements.models import Recouvrement
from segurnum.recouvrements.queries import emis_de
from segurnum.referentiel.queries import annonce
from segurnum.regles.cycles import StatutDemande
from segurnum.seuil.acces import Requete, deposants, entreprise_de
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.documents import avis_de_paiement, piece_de_demande, titre_de_recette
from segurnum.seuil.entrees import entier
from segurnum.seuil.limites import ENTREPRISE, HEURE, PERSONNE, limite
from segurnum.seuil.telechargements import donner
from segurnum.web.commun.blocs.consultee import Adresses, Consultee
from segurnum.web.commun.blocs.suites import PIECES
from segurnum.web.commun.blocs.suites import pieces as lignes_de_pieces
from segurnum.web.commun.consultation import Consultation, consulter
from segurnum.web.fournisseur.acces import bouton, consultation, geste, saisie
from segurnum.web.fournisseur.coordonnees import adresse_iban
from segurnum.web.fournisseur.formulaires_demande import PIECE, FormulairePiece

# Over, and another may be deposited in its place while its window is open.
SANS_SUITE = (StatutDemande.REJETEE, StatutDemande.ANNULEE)
# A solde shows the letter of its avance too, which is served from there.
ADRESSES = Adresses(
    vers("fournisseur:piece", "demande.numero", "pk"),
    vers("fournisseur:avis", "decision.demande.numero", "pk"),
    adresse_iban,
    vers("fournisseur:titre_de_recette", "demande.numero", "pk"),
)


@consultation()
def demande(requete: Requete, numero: str) -> HttpResponse:
    """« Version actuelle », or an older version that the history leads to."""
    lue = consulter(requete, demande_de(requete, numero), ADRESSES, entier(requete.GET.get("version")))
    return render(requete, "fournisseur/demande.html", contexte_de(requete, lue))


@consultation()
def historique(requete: Requete, numero: str) -> HttpResponse:
    """« Historique »: every version since the deposit, and what changed from one to the next (REQ-035)."""
    ligne = demande_de(requete, numero)
    contexte = contexte_de(requete, consulter(requete, ligne, ADRESSES)) | {
        "versions": historique_complet(ligne),
        "adresse_version": reverse("fournisseur:demande", args=[numero]),
    }
    return render(requete, "fournisseur/historique.html", contexte)


def _piece_de(requete: Requete, numero: str, cle: int) -> PieceJustificative:
    lignes = pieces_de(de_l_entreprise(entreprise_de(requete)))
    return get_object_or_404(lignes, pk=cle, demande__numero=numero)


def _versement_de(requete: Requete, numero: str, cle: int) -> Versement:
    lignes = versements_de(de_l_entreprise(entreprise_de(requete)))
    return get_object_or_404(lignes, pk=cle, decision__demande__numero=numero)


def _titre_de(requete: Requete, numero: str, cle: int) -> Recouvrement:
    lignes = emis_de(entreprise_de(requete))
    return get_object_or_404(lignes, pk=cle, demande__numero=numero)


# A piece of a request of this company (REQ-050, XCT-005); the payment notice of a transfer (REQ-066).
piece = consultation()(donner(piece_de_demande, _piece_de, Genre.PIECE_DEMANDE, Genre.LETTRE))
avis = consultation()(donner(avis_de_paiement, _versement_de, Genre.LETTRE))
titre_recette = consultation()(donner(titre_de_recette, _titre_de, Genre.LETTRE))


def demande_de(requete: Requete, numero: str) -> Demande:
    """A request of this company, 404 for another's as for none; `avenant` names one of two of the same number."""
    avenant = requete.GET.get("avenant")
    cle = (entier(avenant) or 0) if avenant else None  # one that cannot be read is none
    ligne = de_numero(de_l_entreprise(entreprise_de(requete)), numero, cle)
    if ligne is None:
        raise Http404
    return ligne


def contexte_de(requete: Requete, lue: Consultation, onglet: str = "") -> dict[str, Any]:
    """What the frame of every tab of a request shows. `onglet`: the one that is read, if it is not a version."""
    demande = lue.demande
    return {
        "onglet": onglet,
        "consultation": lue,
        "demande": demande,
        "avenant": requete.GET.get("avenant", ""),
        "peut_completer": demande.attend_le_fournisseur and peut_deposer(requete.user),
        "messages_envoyes": tickets_de(demande.numero, demande.entreprise),
        "peut_signaler": demande.statut is StatutDemande.EN_COURS and peut_deposer(requete.user),
        "inscrits": qui_deposent_par_formulaire(demande.entreprise) if demande.couloir.par_formulaire else (),
        "contestations": sur_la_demande(demande),
        "attente": attente_de_l_avance(demande),
        "motif_de_la_banque": motif_du_rejet(demande),
        "recepisses": recepisses_de_la_demande(demande),
        "incomplete": demande.statut is StatutDemande.NON_COMPLETEE,
        "fenetre": annonce(demande.dsr, demande.type, recu_le(requete))
        if demande.statut in SANS_SUITE
        else None,
    }


class FormulaireMessage(forms.Form):
    message = champ(
        "Votre message",
        "Écrivez votre message : dites ce qui est faux ou oublié, et ce qu'il faut lire.",
        help_text="Si quelque chose est faux ou oublié, dites ce qu'il faut lire à la place.",
        max_length=4_000,
        widget=forms.Textarea({"rows": 6}),
    )


def montrer(
    requete: Requete, demande: Demande, gabarit: str, action: str, contexte: Mapping[str, Any], statut: int
) -> HttpResponse:
    """The page of an action on a request: its title and its « Récapitulatif » stand beside."""
    cadre = {
        "demande": demande,
        "action": action,
        "titre": titre(demande),
        "recapitulatif": recapitulatif(demande),
    }
    return render(requete, gabarit, {**cadre, **contexte}, status=statut)


_SUPPRIMER = Colonne("supprimer", "Supprimer", cellule="fournisseur/cellules/retirer_piece.html")
AJOUTS = replace(PIECES, colonnes=(*PIECES.colonnes, _SUPPRIMER))


@PIECE.recoit
@saisie(deposants)
@limite("pieces", ENTREPRISE, 600, HEURE)
def ajouter_pieces(requete: Requete, numero: str) -> HttpResponse:
    demande = demande_de(requete, numero)
    ailleurs = {
        StatutDemande.A_MODIFIER: "fournisseur:modifier",
        StatutDemande.NON_COMPLETEE: "fournisseur:completer",
    }
    if demande.statut in ailleurs:
        return redirect(ailleurs[demande.statut], numero)
    if demande.statut is not StatutDemande.EN_ATTENTE_PIECE:
        messages.info(
            requete,
            f"Aucune pièce n'est attendue : la demande est au statut « {demande.statut.libelle} ».",
        )
        return redirect("fournisseur:demande", numero)
    if requete.method != "POST" and delai_passe(demande, recu_le(requete)):
        return redirect("fournisseur:demande", numero)  # which says so

    def joindre(form: FormulairePiece) -> HttpResponse:
        ajout = form.ajout
        modifications.ajouter(
            demande=demande, ajout=ajout, auteur=auteur(requete.user), recu_le=recu_le(requete)
        )
        messages.success(requete, f"La pièce « {ajout.nom} » est ajoutée.")
        return redirect("fournisseur:ajouter_pieces", numero)

    def page(form: FormulairePiece, statut: int) -> HttpResponse:
        consultee = Consultee(demande, version_actuelle(demande), ADRESSES, requete)
        contexte = {
            "form": form,
            "pieces": lignes_de_pieces(consultee, AJOUTS),
            "recentes": [piece.pk for piece in modifications.pieces_ajoutees(demande)],
        }
        action = "Déposer une pièce complémentaire"
        return montrer(requete, demande, "fournisseur/ajout.html", action, contexte, statut)

    return PIECE.servir(requete, partial(FormulairePiece, demande), joindre, page)


SUR_LA_DEMANDE, SUR_L_AJOUT = (
    vers("fournisseur:demande", "numero"),
    vers("fournisseur:ajouter_pieces", "numero"),
)
retirer_piece = geste(deposants)(
    bouton("demande", demande_de, services.retirer_piece, SUR_L_AJOUT, date=True)
)
# Send the request back to instruction with what was added.
valider_ajout = geste(deposants)(
    bouton(
        "demande",
        demande_de,
        services.valider_ajout,
        SUR_LA_DEMANDE,
        refuse=SUR_L_AJOUT,
        fait="Votre ajout est validé : la demande est de nouveau en cours d'instruction.",
        date=True,
    )
)


@saisie(deposants)
@limite("messages", PERSONNE, 20, HEURE, quoi="messages")
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
        recu = assistance.signaler(
            demande=demande, message=saisie["message"], personne=requete.user, auteur=auteur(requete.user)
        ).numero
        return (
            f"Votre message est transmis au service de gestion sous le numéro {recu}. Si une modification est "
            "possible, vous recevrez un courriel qui vous y invitera."
        )

    page = partial(
        montrer, requete, demande, "fournisseur/message.html", "Signaler une erreur", {"form": form}
    )
    return traiter(requete, form, recevoir, reverse("fournisseur:demande", args=[numero]), page)
