"""Four eyes on each euro: nobody holds two roles on one dossier, whatever the profile that they have today."""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations

import pytest

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.coordonnees import banque
from segurnum.coordonnees.tests.monde import Societe
from segurnum.demandes import retours, services
from segurnum.demandes.models import Demande
from segurnum.demandes.permissions import empechement, gestes
from segurnum.demandes.separation import Role
from segurnum.essais import argent, usines
from segurnum.essais.concurrence import ensemble
from segurnum.paiements import services as paiements
from segurnum.paiements.lots import mettre_en_paiement
from segurnum.regles.calendrier import date_longue, jour_de_paris, jours_apres, maintenant
from segurnum.regles.cycles import GesteDemande, StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-034")]


class Dossier:
    """A request of a company, brought by as many people as are not given."""

    def __init__(self) -> None:
        self.demande = usines.demande()
        self.societe = Societe(entreprise=self.demande.entreprise)
        usines.enveloppe(self.demande.dsr)

    def valider(self, qui: Auteur) -> Demande:
        return services.valider(demande=self.demande.pk, auteur=qui)

    def decider(self, qui: Auteur) -> object:
        return paiements.decider(demande=self.demande.pk, auteur=qui)

    def payer(self, qui: Auteur) -> object:
        versement = self.demande.decision.versements.get()
        return paiements.mettre_en_paiement(versement=versement.pk, auteur=qui)

    def accepter(self, qui: Auteur) -> object:
        """The account that the company asks for, in use at once."""
        ligne = banque.accepter(modification=self.societe.compte_confirme().pk, auteur=qui)
        banque.activer(instant=jours_apres(maintenant(), 3))
        return ligne


_PROFILS = {
    Role.VALIDER: Profil.GESTIONNAIRE,
    Role.DECIDER: Profil.DECIDEUR,
    Role.PAYER: Profil.COMPTABLE,
    Role.COMPTE: Profil.GESTIONNAIRE,
}
_ORDRE = (Role.VALIDER, Role.DECIDER, Role.PAYER)


def _comme(personne: Utilisateur, profil: Profil) -> Auteur:
    """The same person, with the profile of the moment."""
    personne.profil = profil
    personne.save()
    return auteur(personne)


def _autre(profil: Profil) -> Auteur:
    return auteur(usines.utilisateur(profil))


def _gestes(dossier: Dossier) -> dict[Role, Callable[[Auteur], object]]:
    return {
        Role.VALIDER: dossier.valider,
        Role.DECIDER: dossier.decider,
        Role.PAYER: dossier.payer,
        Role.COMPTE: dossier.accepter,
    }


def _suite(premier: Role, second: Role) -> tuple[Role, ...]:
    """In which order the roles are held, so that the second of the two comes after the first."""
    if second is Role.COMPTE:
        return (*_ORDRE[: _ORDRE.index(premier) + 1], Role.COMPTE)
    if premier is Role.COMPTE:
        return (Role.COMPTE, *_ORDRE[: _ORDRE.index(second) + 1])
    return _ORDRE[: _ORDRE.index(second) + 1]


COUPLES = [
    (premier, second)
    for premier, second in permutations(_PROFILS, 2)
    if Role.COMPTE in (premier, second) or _ORDRE.index(premier) < _ORDRE.index(second)
]


@pytest.mark.parametrize(("premier", "second"), COUPLES, ids=lambda role: role.value)
def test_une_personne_ne_tient_pas_deux_roles_d_un_dossier(premier: Role, second: Role) -> None:
    dossier, personne = Dossier(), usines.utilisateur(Profil.GESTIONNAIRE)
    faire = _gestes(dossier)
    suite = _suite(premier, second)
    for role in suite[:-1]:
        faire[role](_comme(personne, _PROFILS[role]) if role is premier else _autre(_PROFILS[role]))
    with pytest.raises(GesteImpossible, match="par une autre personne que vous") as refus:
        faire[second](_comme(personne, _PROFILS[second]))
    assert premier.libelle in str(refus.value)
    assert date_longue(maintenant()) in str(refus.value)
    if second is not Role.COMPTE:
        faire[second](_autre(_PROFILS[second]))


def test_la_meme_personne_garde_son_role_sur_l_avance_et_le_solde() -> None:
    dossier, officier = Dossier(), _autre(Profil.GESTIONNAIRE)
    dossier.valider(officier)
    retours.reprendre_validation(demande=dossier.demande.pk, auteur=officier, motif="Montant à revoir.")
    assert dossier.valider(officier).valideur_id == officier.cle


def test_qui_a_valide_l_avance_ne_decide_pas_le_solde() -> None:
    dossier, personne = Dossier(), usines.utilisateur(Profil.GESTIONNAIRE)
    dossier.valider(auteur(personne))
    dossier.decider(_autre(Profil.DECIDEUR))
    argent.payee(dossier.demande)
    solde = usines.demande(
        StatutDemande.VALIDEE, dossier=dossier.demande.dossier, type_demande=TypeDemande.SOLDE
    )
    with pytest.raises(GesteImpossible, match=f"validé la demande {dossier.demande.numero}"):
        paiements.decider(demande=solde.pk, auteur=_comme(personne, Profil.DECIDEUR))


def test_une_validation_reprise_empeche_encore_de_decider() -> None:
    dossier, personne = Dossier(), usines.utilisateur(Profil.GESTIONNAIRE)
    dossier.valider(auteur(personne))
    retours.reprendre_validation(demande=dossier.demande.pk, auteur=auteur(personne), motif="À revoir.")
    dossier.valider(_autre(Profil.GESTIONNAIRE))
    qui = _comme(personne, Profil.DECIDEUR)
    for geste in (
        dossier.decider,
        lambda q: retours.refuser(demande=dossier.demande.pk, auteur=q, motif="Non."),
    ):
        with pytest.raises(GesteImpossible, match="autre personne que vous"):
            geste(qui)


def test_un_lot_ne_dispense_de_rien() -> None:
    dossier, personne = Dossier(), usines.utilisateur(Profil.DECIDEUR)
    dossier.valider(_autre(Profil.GESTIONNAIRE))
    dossier.decider(auteur(personne))
    versement = dossier.demande.decision.versements.get()
    bilan = mettre_en_paiement(versements=[versement.pk], auteur=_comme(personne, Profil.COMPTABLE))
    assert bilan.faits == 0
    assert "par une autre personne que vous" in bilan.refus[0]


def test_l_ecran_ne_propose_pas_ce_que_le_service_refuserait_et_dit_la_meme_phrase() -> None:
    dossier, personne = Dossier(), usines.utilisateur(Profil.GESTIONNAIRE)
    dossier.valider(auteur(personne))
    qui = _comme(personne, Profil.DECIDEUR)
    dossier.demande.refresh_from_db()
    assert gestes(personne, dossier.demande) == [GesteDemande.RENVOYER]
    with pytest.raises(GesteImpossible) as refus:
        retours.refuser(demande=dossier.demande.pk, auteur=qui, motif="Non.")
    assert empechement(personne, dossier.demande) == str(refus.value)


def test_accepter_le_compte_d_une_entreprise_n_empeche_rien_chez_une_autre() -> None:
    dossier, autre, officier = Dossier(), Dossier(), _autre(Profil.GESTIONNAIRE)
    dossier.accepter(officier)
    assert autre.valider(officier).statut is StatutDemande.VALIDEE


def test_un_compte_refuse_n_empeche_pas_de_valider() -> None:
    dossier, officier = Dossier(), _autre(Profil.GESTIONNAIRE)
    ligne = dossier.societe.compte_confirme()
    banque.accepter(modification=ligne.pk, auteur=officier)
    with pytest.raises(GesteImpossible, match="accepté le compte"):
        dossier.valider(officier)
    banque.refuser(modification=ligne.pk, auteur=officier, motif="RIB périmé.")
    dossier.valider(officier)


def test_une_fois_tout_paye_le_compte_suivant_est_accepte_par_n_importe_qui() -> None:
    dossier, officier = Dossier(), _autre(Profil.GESTIONNAIRE)
    dossier.valider(officier)
    solde = usines.demande(
        StatutDemande.DECIDEE, dossier=dossier.demande.dossier, type_demande=TypeDemande.SOLDE
    )
    ligne = dossier.societe.compte_confirme()
    with pytest.raises(GesteImpossible, match="autre personne"):
        banque.accepter(modification=ligne.pk, auteur=officier)
    Demande.objects.filter(pk=solde.pk).update(etat_paiement="EFFECTUE")
    banque.accepter(modification=ligne.pk, auteur=officier)


@pytest.mark.django_db(transaction=True)
def test_valider_et_accepter_le_compte_au_meme_instant_par_la_meme_personne_un_seul_passe() -> None:
    dossier, officier = Dossier(), _autre(Profil.GESTIONNAIRE)
    ligne = dossier.societe.compte_confirme()
    resultats = ensemble(
        lambda: dossier.valider(officier),
        lambda: banque.accepter(modification=ligne.pk, auteur=officier),
    )
    refus = [resultat for resultat in resultats if isinstance(resultat, GesteImpossible)]
    assert len(refus) == 1, resultats
    assert "par une autre personne que vous" in str(refus[0])


def test_constater_est_du_meme_role_que_mettre_en_paiement() -> None:
    dossier, comptable = Dossier(), _autre(Profil.COMPTABLE)
    dossier.valider(_autre(Profil.GESTIONNAIRE))
    dossier.decider(_autre(Profil.DECIDEUR))
    dossier.payer(comptable)
    versement = dossier.demande.decision.versements.get()
    paye = paiements.constater(
        versement=versement.pk,
        auteur=comptable,
        montant=versement.montant_decide,
        jour=jour_de_paris(maintenant() + timedelta(0)),
    )
    assert paye.etat == "EFFECTUE"
