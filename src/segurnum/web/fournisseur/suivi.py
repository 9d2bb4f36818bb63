"""Following a dossier: what happened and what is awaited, and what is written with the officers about it."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.demandes.models import Demande
from segurnum.demandes.permissions import peut_deposer
from segurnum.editorial import assistance
from segurnum.editorial.models import TypeTicket
from segurnum.editorial.queries import fil_de
from segurnum.kits.geste import Saisie, envoi, faire, traiter
from segurnum.notifications import services as notifications
from segurnum.notifications.queries import messages_non_lus
from segurnum.recouvrements.suivi import suivi as suivi_de
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.acces import Requete, deposants
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.web.commun.consultation import consulter
from segurnum.web.fournisseur.acces import consultation, geste, saisie
from segurnum.web.fournisseur.demandes import ADRESSES, FormulaireMessage, contexte_de, demande_de


@consultation()
def suivi(requete: Requete, numero: str) -> HttpResponse:
    """« Suivi du dossier »: what is awaited, from whom, until when; then everything that happened."""
    return _page(requete, demande_de(requete, numero), "suivi", 200)


@consultation()
def messages(requete: Requete, numero: str) -> HttpResponse:
    """« Messages »: the thread of the dossier, for everybody of the company."""
    return _page(requete, demande_de(requete, numero), "messages", 200, form=FormulaireMessage())


@saisie(deposants)
@limite("messages", PERSONNE, 20, HEURE, quoi="messages")
def ecrire(requete: Requete, numero: str) -> HttpResponse:
    """What is written becomes a ticket that the officers find on the request, whatever its status."""
    demande = demande_de(requete, numero)
    form = FormulaireMessage(envoi(requete))

    def recevoir(saisi: Saisie) -> str:
        recu = assistance.signaler(
            demande=demande,
            message=saisi["message"],
            personne=requete.user,
            auteur=auteur(requete.user),
            type_message=TypeTicket.SUIVI,
        )
        return f"Votre message est transmis au service de gestion sous le numéro {recu.numero}."

    page = partial(_page, requete, demande, "messages", form=form)
    return traiter(requete, form, recevoir, reverse("fournisseur:messages", args=[numero]), page)


@geste()
def messages_lus(requete: Requete, numero: str) -> HttpResponse:
    """What the service wrote on this dossier is read by this person."""
    demande = demande_de(requete, numero)
    agir = partial(
        notifications.marquer_messages_lus,
        personne=requete.user,
        entreprise=demande.entreprise,
        numeros=_numeros(demande),
    )
    suite = reverse("fournisseur:messages", args=[numero])
    return faire(requete, agir, suite, fait="Les messages de ce dossier sont marqués comme lus.")


def _numeros(demande: Demande) -> list[str]:
    """Of all that the thread of its dossier is about."""
    return [f"{demande.dossier.numero}{type_demande.suffixe}" for type_demande in TypeDemande]


def _page(
    requete: Requete, demande: Demande, onglet: str, statut: int, *, form: FormulaireMessage | None = None
) -> HttpResponse:
    contexte = contexte_de(requete, consulter(requete, demande, ADRESSES), onglet)
    if form is None:
        contexte["suivi"] = suivi_de(demande.dossier, recu_le(requete))
    else:
        contexte |= {
            "fil": fil_de(demande.dossier),
            "form": form,
            "peut_ecrire": peut_deposer(requete.user),
            "non_lus": messages_non_lus(requete.user, _numeros(demande)),
        }
    return render(requete, f"fournisseur/{onglet}.html", contexte, status=statut)
