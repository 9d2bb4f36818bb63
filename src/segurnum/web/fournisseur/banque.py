"""« Gérer mes coordonnées bancaires » (ACC-001 to ACC-004)."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import CoordonneesBancaires
from segurnum.comptes.sessions import confirmee
from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.coordonnees import banque as services
from segurnum.coordonnees.banque import NouveauCompte
from segurnum.coordonnees.models import BANCAIRES_OUVERTES, ModificationBancaire
from segurnum.coordonnees.permissions import peut_modifier
from segurnum.coordonnees.phrases import statut_du_compte
from segurnum.coordonnees.queries import changements_de, comptes_de
from segurnum.fichiers.documents import Genre
from segurnum.regles.cycles_coordonnees import StatutModification
from segurnum.seuil.acces import Requete, entreprise_de, responsables
from segurnum.seuil.documents import iban_du_compte, rib_de
from segurnum.seuil.iban import IbanLu, comptes_lus, noter_la_lecture
from segurnum.seuil.limites import ENTREPRISE, HEURE, JOUR, limite
from segurnum.seuil.telechargements import Offre, offrir, sert, servir
from segurnum.web.commun.champs import ChampJoint, ChampsBancaires
from segurnum.web.fournisseur.acces import consultation, geste, pour_cette_entreprise, saisie
from segurnum.web.fournisseur.confirmation import confirmation_entendue, confirmation_recente, demander
from segurnum.web.kits.geste import faire
from segurnum.web.kits.tableau import PAR_PAGE
from segurnum.web.kits.televersement import Televersement

PAGE = "fournisseur:comptes_bancaires"
RIB = Televersement("rib", PIECE_FORMULAIRE, champ_du_refus=None)
# What the person who waits reads under « En attente ».
SUITES: Mapping[StatutModification | None, str] = {
    StatutModification.A_CONFIRMER: "Le représentant légal doit confirmer par le lien qu'il a reçu par courriel.",
    StatutModification.EN_COURS: "Confirmée par le représentant légal, en cours d'instruction.",
    StatutModification.ACCEPTEE: "Acceptée : active à partir de la date ci-dessous.",
}


class FormulaireCompte(ChampsBancaires):
    """« + Ajouter une coordonnée bancaire » (ACC-003). The RIB is not asked for again when another field is wrong."""

    rib = ChampJoint(
        PIECE_FORMULAIRE,
        label="Relevé d'identité bancaire (RIB)",
        help_text=f"Formats acceptés : .pdf, .png, .jpg, .jpeg ; {PIECE_FORMULAIRE.limite} au plus.",
        error_messages={"required": "Choisissez le fichier du RIB de ce compte."},
    )


@consultation()
def comptes(requete: Requete) -> HttpResponse:
    entreprise = entreprise_de(requete)
    page = Paginator(comptes_de(entreprise), PAR_PAGE).get_page(requete.GET.get("page"))
    responsable = peut_modifier(requete.user)
    ibans = comptes_lus(requete, page, adresse_iban)
    contexte = {
        "entreprise": entreprise,
        "page": page,
        "comptes": [
            _ligne(compte, ibans[compte.pk], _rib(requete, compte), responsable=responsable)
            for compte in page
        ],
        "responsable": responsable,
    }
    return render(requete, "fournisseur/coordonnees/comptes.html", contexte)


def _ligne(compte: CoordonneesBancaires, iban: IbanLu, rib: Offre, *, responsable: bool) -> dict[str, Any]:
    """A row of the table; the account of the enrolment has no `modification`."""
    modification = getattr(compte, "modification", None)
    statut = modification.statut if modification else None
    return {
        "compte": compte,
        "iban": iban,
        "rib": rib,
        "statut": statut_du_compte(compte),
        "modification": modification,
        "suite": SUITES.get(statut, ""),
        "annulable": responsable and statut in BANCAIRES_OUVERTES,
        "a_confirmer": responsable and statut is StatutModification.A_CONFIRMER,
    }


@RIB.recoit
@saisie(pour_cette_entreprise, responsables, confirmation_entendue)
@limite("coordonnees", ENTREPRISE, 60, HEURE)
def ajouter(requete: Requete) -> HttpResponse:
    """Who it is is asked once the form is right and its file kept."""

    def ajouter_le_compte(form: FormulaireCompte) -> HttpResponse:
        saisie = form.cleaned_data
        if not confirmee(requete.session):
            return demander(requete, en_plus={"rib_garde": saisie["rib"].marque})
        services.ajouter(
            entreprise=entreprise_de(requete),
            auteur=auteur(requete.user),
            compte=NouveauCompte(saisie["iban"], saisie["bic"], saisie["titulaire"], saisie["domiciliation"]),
            nom_rib=saisie["rib"].nom,
            rib=saisie["rib"].fichier,
        )
        messages.success(
            requete,
            "La coordonnée bancaire est ajoutée. Le représentant légal vient de recevoir un courriel pour la "
            "confirmer ; elle sera ensuite instruite avant de remplacer la précédente.",
        )
        return redirect(PAGE)

    def page(form: FormulaireCompte, statut: int) -> HttpResponse:
        contexte = {
            "entreprise": entreprise_de(requete),
            "form": form,
            "responsable": peut_modifier(requete.user),
        }
        return render(requete, "fournisseur/coordonnees/ajouter_compte.html", contexte, status=statut)

    return RIB.servir(requete, FormulaireCompte, ajouter_le_compte, page)


@geste(pour_cette_entreprise, responsables, confirmation_recente)
def annuler(requete: Requete, modification: int) -> HttpResponse:
    fait = "La demande est annulée : les versements continuent sur le compte actif."
    return _agir(requete, services.annuler, modification, fait)


@geste(pour_cette_entreprise, responsables)
@limite("confirmations", ENTREPRISE, 10, JOUR, quoi="confirmations")
def renvoyer(requete: Requete, modification: int) -> HttpResponse:
    fait = "Un nouveau courriel de confirmation est envoyé au représentant légal."
    return _agir(requete, services.renvoyer, modification, fait)


def _agir(requete: Requete, service: Callable[..., object], modification: int, fait: str) -> HttpResponse:
    ligne = _modification_de(requete, modification)
    agir = partial(service, modification=ligne.pk, auteur=auteur(requete.user))
    return faire(requete, agir, PAGE, fait=fait)


def _rib(requete: Requete, compte: CoordonneesBancaires) -> Offre:
    """The RIB that came with the account; none with the account of the enrolment, which has it."""
    modification = getattr(compte, "modification", None)
    if modification is None:
        return Offre()
    return offrir(requete, rib_de(modification), reverse("fournisseur:rib", args=[modification.pk]))


@geste()
@sert(Genre.RIB)
def rib(requete: Requete, modification: int) -> HttpResponseBase:
    """The RIB as it was given, for the company's administrators only."""
    return servir(requete, rib_de(_modification_de(requete, modification)))


@geste()
@sert(Genre.IBAN)
def afficher_iban(requete: Requete, compte: int) -> HttpResponse:
    """« Afficher l'IBAN entier » of an account of this company."""
    ligne = get_object_or_404(comptes_de(entreprise_de(requete)), pk=compte)
    return noter_la_lecture(requete, iban_du_compte(ligne), reverse(PAGE))


def adresse_iban(compte: int) -> str:
    return reverse("fournisseur:afficher_iban", args=[compte])


def _modification_de(requete: Requete, cle: int) -> ModificationBancaire:
    return get_object_or_404(changements_de(entreprise_de(requete)), pk=cle)
