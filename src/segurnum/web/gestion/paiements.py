"""The accountant's lists, and what the bank did to each payment."""

from dataclasses import dataclass

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import visibles_des_agents
from segurnum.paiements import services
from segurnum.paiements.models import Versement
from segurnum.paiements.phases import A_METTRE, PHASES, Phase, versements_a
from segurnum.paiements.queries import versements_de
from segurnum.regles.cycles import GestePaiement
from segurnum.web.commun.acces import Requete, agents, reserve_a
from segurnum.web.gestion.formulaires import Aucune, Constat, RejetBancaire
from segurnum.web.kits.geste import AUCUN_REFUS, Geste, Refus, choisir, essayer, geste, par_code
from segurnum.web.kits.navigation import Onglet
from segurnum.web.kits.tableau import Colonne, Tableau

GESTES: dict[str, Geste[int]] = par_code(
    geste(
        "mettre-en-paiement",
        GestePaiement.METTRE_EN_PAIEMENT,
        Aucune,
        lambda cle, qui, saisie: services.mettre_en_paiement(versement=cle, auteur=qui),
        "est mis en paiement",
    ),
    geste(
        "constater",
        GestePaiement.CONSTATER,
        Constat,
        lambda cle, qui, saisie: services.constater(versement=cle, auteur=qui, **saisie),
        "est constaté, et son avis de paiement est émis",
    ),
    geste(
        "rejeter",
        GestePaiement.REJETER,
        RejetBancaire,
        lambda cle, qui, saisie: services.rejeter(versement=cle, auteur=qui, **saisie),
        "est rejeté",
    ),
    geste(
        "reemettre",
        GestePaiement.REEMETTRE,
        Aucune,
        lambda cle, qui, saisie: services.reemettre(versement=cle, auteur=qui),
        "est réémis : il attend sa mise en paiement",
    ),
)


@dataclass(frozen=True)
class Ligne:
    versement: Versement
    constat: forms.Form
    rejet: forms.Form
    ouverte: str

    @property
    def demande(self) -> Demande:
        return self.versement.decision.demande


@agents
def liste(requete: Requete) -> HttpResponse:
    return _page(requete)


@require_POST
@reserve_a(Profil.COMPTABLE)
def faire(requete: Requete, versement: int, geste: str) -> HttpResponse:
    """Record one step of a payment, then back to the same list."""
    choisi = choisir(GESTES, geste)
    ligne = get_object_or_404(versements_de(visibles_des_agents()), pk=versement)
    return essayer(
        requete,
        choisi,
        lambda saisie, _: choisi.agir(versement, auteur(requete.user), saisie),
        lambda refus, statut: _page(requete, versement, refus, statut),
        f"{reverse('gestion:paiements')}?{requete.GET.urlencode()}",
        f"Le paiement de la demande {ligne.decision.demande.numero} {choisi.fait}.",
        auto_id=_identifiants(versement, geste),
    )


def _phase(requete: Requete) -> Phase:
    return PHASES.get(requete.GET.get("phase", ""), A_METTRE)


def _page(
    requete: Requete, refuse: int | None = None, refus: Refus = AUCUN_REFUS, statut: int = 200
) -> HttpResponse:
    """The list. `refuse`: the payment of a gesture that was not made (`refus`)."""
    phase = _phase(requete)
    contexte = {
        "titre": "Paiements",
        "legende_onglets": "Étapes des paiements",
        "onglets": [
            Onglet(choix.libelle, f"{reverse('gestion:paiements')}?phase={choix.code}", choix == phase)
            for choix in PHASES.values()
        ],
        "phase": phase,
        "affiche": _tableau(phase).lire(
            versements_a(phase),
            requete.GET,
            presenter=lambda versements: [
                _ligne(v, refus if v.pk == refuse else AUCUN_REFUS) for v in versements
            ],
        ),
        "refus": refus,
        "agit": requete.user.profil == Profil.COMPTABLE,
    }
    return render(requete, "gestion/liste.html", contexte, status=statut)


def _tableau(phase: Phase) -> Tableau:
    return Tableau(
        "liste-versements",
        phase.libelle,
        (
            Colonne(
                "numero",
                "N° de la demande",
                cellule="demande.numero",
                titre=True,
                lien=lambda ligne: (
                    f"{reverse('gestion:demande', args=[ligne.demande.numero])}?statut=DECIDEE"
                ),
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
            Colonne("montant", "Montant décidé", cellule="versement.montant_decide|euros", nombre=True),
            Colonne("decide", "Décidé le", cellule="versement.decision.prise_le|jour", insecable=True),
            Colonne("mis", "Mis en paiement le", cellule="versement.mis_en_paiement_le|jour", insecable=True),
            Colonne(
                "geste", "Geste" if phase.attend else "Paiement", cellule="gestion/cellules/versement.html"
            ),
        ),
        ordre=phase.ordre,
        ancre=lambda ligne: f"versement-{ligne.versement.pk}",
    )


def _ligne(versement: Versement, refus: Refus) -> Ligne:
    constat: forms.Form = Constat.prerempli(
        versement.montant_decide, _identifiants(versement.pk, "constater")
    )
    rejet: forms.Form = RejetBancaire(auto_id=_identifiants(versement.pk, "rejeter"))
    saisis = {refus.geste: refus.formulaire}
    return Ligne(
        versement, saisis.get("constater") or constat, saisis.get("rejeter") or rejet, ouverte=refus.geste
    )


def _identifiants(versement: int, geste: str) -> str:
    """Each line of the list holds its own forms."""
    return f"versement-{versement}-{geste}-%s"
