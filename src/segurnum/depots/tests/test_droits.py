"""On the real objects of one company, the services refuse another's people, and the company's own readers."""

import io
from collections.abc import Callable

import pytest

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.droits import DroitRefuse
from segurnum.comptes.models import Profil, Role
from segurnum.coordonnees import banque
from segurnum.coordonnees.tests.monde import Societe
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande
from segurnum.depots import formulaires, pieces, reprises, services
from segurnum.enrolements import services as enrolements
from segurnum.enrolements.jointes import PieceRecue
from segurnum.enrolements.pieces import TypePiece
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.essais.operateurs import Operateur
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.cycles_enrolement import StatutEnrolement

pytestmark = pytest.mark.django_db


def _refusent(entreprise: object, gestes: list[Callable[[Auteur], object]]) -> None:
    etranger = usines.utilisateur(Profil.FOURNISSEUR)
    lecteur = usines.utilisateur(Profil.FOURNISSEUR, role=Role.LECTEUR, entreprise=entreprise)
    for geste in gestes:
        for personne in (etranger, lecteur):
            with pytest.raises(DroitRefuse, match="réservé aux administrateurs"):
                geste(auteur(personne))


def test_un_import_est_aux_deposants_de_son_entreprise() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    archive = deposant.envoyer(depot)
    simulation = depot.simulation_id
    _refusent(
        deposant.enrolement.entreprise,
        [
            lambda qui: services.importer(simulation=simulation, auteur=qui),
            lambda qui: pieces.recevoir(depot=depot, auteur=qui, nom_fichier="a.zip", flux=io.BytesIO(b"PK")),
            lambda qui: pieces.terminer(depot=depot.pk, auteur=qui),
            lambda qui: reprises.recontroler(archive=archive.pk, auteur=qui),
        ],
    )
    assert set(Demande.objects.values_list("statut", flat=True)) == {StatutDemande.NON_COMPLETEE}
    assert depot.archives.count() == 1


def test_un_depot_deja_termine_ne_se_montre_pas_a_qui_ne_depose_pas() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    with pytest.raises(DroitRefuse):
        pieces.terminer(depot=depot.pk, auteur=auteur(usines.utilisateur(Profil.GESTIONNAIRE)))


def test_un_formulaire_se_depose_par_les_siens() -> None:
    operateur = Operateur.nouveau()
    etranger = usines.utilisateur(Profil.OPERATEUR)
    with pytest.raises(DroitRefuse):
        formulaires.deposer(
            enrolement=operateur.enrolement.pk, type_demande=TypeDemande.AVANCE, auteur=auteur(etranger)
        )
    assert not Demande.objects.exists()


def test_une_piece_demandee_s_ajoute_et_se_retire_par_les_siens() -> None:
    demande = usines.demande(StatutDemande.EN_ATTENTE_PIECE)
    fichier, avant = usines.fichier(), demande.pieces.count()
    _refusent(
        demande.entreprise,
        [
            lambda qui: demandes.ajouter_piece(
                demande=demande.pk, auteur=qui, nom="a.pdf", type_piece="AUTRE", fichier=fichier
            ),
            lambda qui: demandes.retirer_piece(demande=demande.pk, auteur=qui, piece=1),
            lambda qui: demandes.valider_ajout(demande=demande.pk, auteur=qui),
        ],
    )
    assert demande.pieces.count() == avant


def test_une_piece_d_enrolement_s_ajoute_et_se_retire_par_les_siens() -> None:
    enrolement = usines.enrolement_depose(StatutEnrolement.EN_ATTENTE_PIECE)
    recue = PieceRecue(TypePiece.CERTIFICAT, "a.pdf", usines.fichier())
    avant = enrolement.pieces.count()
    _refusent(
        enrolement.entreprise,
        [
            lambda qui: enrolements.ajouter_piece(enrolement=enrolement.pk, auteur=qui, piece=recue),
            lambda qui: enrolements.retirer_piece(enrolement=enrolement.pk, auteur=qui, piece=1),
            lambda qui: enrolements.terminer_depot(enrolement=enrolement.pk, auteur=qui),
        ],
    )
    assert enrolement.pieces.count() == avant


def test_un_compte_bancaire_est_aux_administrateurs_de_son_entreprise() -> None:
    societe = Societe()
    ligne = societe.ajouter_compte()
    deposant = usines.utilisateur(Profil.FOURNISSEUR, role=Role.DEPOSANT, entreprise=societe.entreprise)
    gestes: list[Callable[[Auteur], object]] = [
        lambda qui: banque.renvoyer(modification=ligne.pk, auteur=qui),
        lambda qui: banque.annuler(modification=ligne.pk, auteur=qui),
    ]
    _refusent(societe.entreprise, gestes)
    for geste in gestes:
        with pytest.raises(DroitRefuse):
            geste(auteur(deposant))
