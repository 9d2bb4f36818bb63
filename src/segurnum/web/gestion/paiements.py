"""The accountant's lists, and what the bank did to each payment."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.controles.problemes import en_nombre
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import visibles_des_agents
from segurnum.demandes.separation import Tenu
from segurnum.fichiers.documents import Genre
from segurnum.kits import geste as kit
from segurnum.kits.geste import AUCUN_REFUS, Geste, GestePropose, Refus, geste, par_code, sur
from segurnum.kits.navigation import Onglet, vers
from segurnum.kits.selection import cochees, dire_le_bilan
from segurnum.kits.tableau import Choix, Colonne, Tableau
from segurnum.paiements import comptes, lots, retours, services
from segurnum.paiements.comptes import Changement
from segurnum.paiements.models import Versement
from segurnum.paiements.phases import (
    A_CONSTATER,
    A_METTRE,
    EFFECTUES,
    PHASES,
    REJETES,
    Phase,
    versements_a,
)
from segurnum.paiements.queries import versements_de
from segurnum.regles.cycles import GestePaiement
from segurnum.seuil.acces import Requete, agents, bouton_de, page_de, reserve_a
from segurnum.seuil.documents import avis_de_paiement
from segurnum.seuil.telechargements import sert, servir
from segurnum.web.gestion.formulaires import Aucune, CompteLu, Constat, RejetBancaire
from segurnum.web.gestion.formulaires_recouvrement import RetourTardif

CONFIRMER: Geste[Versement] = geste(
    "confirmer-compte",
    GestePaiement.CONFIRMER_COMPTE,
    CompteLu,
    sur("versement", comptes.confirmer_compte),
    "se fera sur le nouveau compte ; le fournisseur en est averti par courriel",
)
METTRE: Geste[Versement] = geste(
    "mettre-en-paiement",
    GestePaiement.METTRE_EN_PAIEMENT,
    Aucune,
    sur("versement", services.mettre_en_paiement),
    "est mis en paiement",
)
CONSTATER: Geste[Versement] = geste(
    "constater",
    GestePaiement.CONSTATER,
    Constat,
    sur("versement", services.constater),
    "est constaté, et son avis de paiement est émis",
)
REJETER: Geste[Versement] = geste(
    "rejeter",
    GestePaiement.REJETER,
    RejetBancaire,
    sur("versement", services.rejeter),
    "est rejeté",
    grave=True,
)
REEMETTRE: Geste[Versement] = geste(
    "reemettre",
    GestePaiement.REEMETTRE,
    Aucune,
    sur("versement", services.reemettre),
    "est réémis : il attend sa mise en paiement",
)
RETOURNER: Geste[Versement] = geste(
    "constater-un-retour-tardif",
    GestePaiement.RETOURNER,
    RetourTardif,
    sur("versement", retours.constater_retour),
    "est rejeté : il attend sa réémission, et l'entreprise est avertie",
    grave=True,
)
GESTES = par_code(CONFIRMER, METTRE, CONSTATER, REJETER, REEMETTRE, RETOURNER)
# What waits at each step.
EMPECHE_DE = {
    A_METTRE.code: GestePaiement.METTRE_EN_PAIEMENT,
    A_CONSTATER.code: GestePaiement.CONSTATER,
    REJETES.code: GestePaiement.REEMETTRE,
}
COMPTE_A_VENIR = (A_METTRE, REJETES)
GESTES_DE = {
    A_METTRE.code: (METTRE,),
    A_CONSTATER.code: (CONSTATER, REJETER),
    REJETES.code: (REEMETTRE,),
    EFFECTUES.code: (RETOURNER,),
}


A_COCHER = Choix(
    "paiement",
    lambda ligne: ligne.versement.pk,
    lambda ligne: f"le paiement de {ligne.demande.numero}",
    "un paiement",
)


@dataclass(frozen=True)
class Ligne:
    versement: Versement
    gestes: tuple[GestePropose[Versement], ...]
    changement: Changement | None = None
    empechement: str = ""

    @property
    def demande(self) -> Demande:
        return self.versement.decision.demande


def _tableau(phase: Phase, *, agit: bool) -> Tableau:
    return Tableau(
        "liste-versements",
        phase.libelle,
        (
            Colonne(
                "numero",
                "N° de la demande",
                cellule="demande.numero",
                titre=True,
                lien=vers("gestion:demande", "demande.numero"),
            ),
            Colonne(
                "denomination",
                "Dénomination sociale",
                cellule="demande.entreprise.denomination",
                precision="demande.entreprise.siret",
            ),
            Colonne(
                "compte",
                "Compte",
                cellule="versement.compte_bancaire.iban_masque",
                precision="versement.compte_bancaire.titulaire",
                insecable=True,
            ),
            Colonne(
                "montant", "Montant décidé", cellule="gestion/cellules/montant_versement.html", nombre=True
            ),
            Colonne("decide", "Décidé le", cellule="versement.decision.prise_le|jour", insecable=True),
            Colonne("mis", "Mis en paiement le", cellule="versement.mis_en_paiement_le|jour", insecable=True),
            Colonne(
                "geste", "Geste" if phase.attend else "Paiement", cellule="gestion/cellules/versement.html"
            ),
        ),
        ordre=phase.ordre,
        ancre=lambda ligne: f"versement-{ligne.versement.pk}",
        choix=A_COCHER if agit and phase is A_METTRE else None,
    )


@page_de(agents)
def liste(requete: Requete) -> HttpResponse:
    return _page(requete)


@bouton_de(reserve_a(Profil.COMPTABLE))
def faire(requete: Requete, versement: int, geste: str) -> HttpResponse:
    """Record one step of a payment, then back to the same list."""
    choisi = kit.choisir(GESTES, geste)
    ligne = get_object_or_404(versements_de(visibles_des_agents()), pk=versement)
    return kit.essayer(
        requete,
        choisi,
        lambda saisie, _: choisi.agir(ligne, auteur(requete.user), saisie),
        lambda refus, statut: _page(requete, versement, refus, statut),
        f"{reverse('gestion:paiements')}?{requete.GET.urlencode()}",
        f"Le paiement de la demande {ligne.decision.demande.numero} {choisi.fait}.",
        auto_id=_identifiants(versement, geste),
    )


@bouton_de(reserve_a(Profil.COMPTABLE))
def mettre_en_paiement(requete: Requete) -> HttpResponse:
    """What is ticked among what waits to be put into payment."""

    def agir() -> None:
        cles = cochees(_tableau(A_METTRE, agit=True), versements_a(A_METTRE), requete)
        dire_le_bilan(requete, lots.mettre_en_paiement(versements=cles, auteur=auteur(requete.user)), _phrase)

    return kit.faire(requete, agir, reverse("gestion:paiements"))


def _phrase(faits: int) -> str:
    return f"{en_nombre(faits, 'paiement est mis', 'paiements sont mis')} en paiement."


def _page(
    requete: Requete, refuse: int | None = None, refus: Refus = AUCUN_REFUS, statut: int = 200
) -> HttpResponse:
    """The list. `refuse`: the payment of a gesture that was not made (`refus`)."""
    phase = PHASES.get(requete.GET.get("etape", ""), A_METTRE)
    agit = requete.user.profil == Profil.COMPTABLE
    suite = urlencode({"etape": phase.code, "page": requete.GET.get("page", "1")})

    def lignes(versements: Iterable[Versement]) -> list[Ligne]:
        lus = list(versements)
        changes = comptes.changements(lus) if phase in COMPTE_A_VENIR else {}
        empeches = comptes.empeches_de_payer(lus, requete.user.pk) if agit and phase.attend else {}
        return [ligne(un, changes.get(un.pk), empeches.get(un.pk)) for un in lus]

    def ligne(versement: Versement, changement: Changement | None, tenu: Tenu | None) -> Ligne:
        dit = refus if versement.pk == refuse else AUCUN_REFUS
        adresse = partial(_adresse, versement, suite)
        possibles = (CONFIRMER,) if changement and phase is A_METTRE else GESTES_DE.get(phase.code, ())
        proposes = kit.proposer(
            possibles if agit and not tenu else (), dit, adresse, partial(_vierge, versement)
        )
        phrase = tenu.phrase(EMPECHE_DE[phase.code]) if tenu else ""
        return Ligne(versement, tuple(proposes.values()), changement, phrase)

    contexte = {
        "titre": "Paiements",
        "legende_onglets": "Étapes des paiements",
        "onglets": [
            Onglet(choix.libelle, f"{reverse('gestion:paiements')}?etape={choix.code}", choix == phase)
            for choix in PHASES.values()
        ],
        "affiche": _tableau(phase, agit=agit).lire(
            versements_a(phase),
            requete.GET,
            presenter=lignes,
            suite="statut=DECIDEE",
        ),
        "refus": refus,
        "attend_le_comptable": phase.attend and not agit,
    }
    return render(requete, "gestion/paiements.html", contexte, status=statut)


def _adresse(versement: Versement, suite: str, code: str) -> str:
    return f"{reverse('gestion:versement', args=[versement.pk, code])}?{suite}"


def _vierge(versement: Versement, propose: Geste[Versement]) -> forms.Form:
    ids = _identifiants(versement.pk, propose.code)
    if propose is CONSTATER:
        return Constat.prerempli(versement.net, ids)
    return propose.formulaire(auto_id=ids)


def _identifiants(versement: int, geste: str) -> str:
    """Each line of the list holds its own forms."""
    return f"versement-{versement}-{geste}-%s"


@page_de(agents)
@sert(Genre.LETTRE)
def avis(requete: Requete, versement: int) -> HttpResponseBase:
    """The notice of a payment that was made."""
    ligne = get_object_or_404(versements_de(visibles_des_agents()), pk=versement)
    return servir(requete, avis_de_paiement(ligne))
