"""A form that may not become a request: what is said, and the draft that stays."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest

from segurnum.comptes.auteurs import PORTAIL
from segurnum.couloirs.formulaire import ZonePiece
from segurnum.demandes import brouillons, montants, services
from segurnum.demandes.brouillons import PieceAGarder
from segurnum.demandes.models import BrouillonDemande, Demande
from segurnum.demandes.queries import donnees_courantes
from segurnum.demonstration.fabrique_formulaires import fichier_de, saisie_de
from segurnum.depots import comptages, formulaires
from segurnum.essais.operateurs import Operateur
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.referentiel.models import FenetreDepot
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import TypeDemande

pytestmark = pytest.mark.django_db

AVANCE, SOLDE = TypeDemande.AVANCE, TypeDemande.SOLDE


class Saisie:
    """A solde being filled in by an operator whose avance is deposited."""

    def __init__(self) -> None:
        self.operateur = Operateur.nouveau()
        self.operateur.deposer()
        self.forme = formulaires.formulable(self.operateur.enrolement, SOLDE)
        self.obligatoires = [zone for zone in self.forme.zones if zone.obligatoire]

    def piece(self, zone: ZonePiece, nom: str = "") -> PieceAGarder:
        propre, octets = fichier_de(zone)
        return PieceAGarder(zone.type, nom or propre, io.BytesIO(octets + zone.type.encode()))

    def importer(self, *pieces: PieceAGarder, **valeurs: str) -> formulaires.Recu:
        return formulaires.recevoir(
            forme=self.forme,
            saisie=saisie_de(self.forme.formulaire) | valeurs,
            auteur=self.operateur.auteur,
            pieces=pieces,
            importer=True,
        )


@pytest.mark.exigence("MSS-019")
def test_une_piece_obligatoire_absente_se_nomme_et_la_saisie_reste() -> None:
    saisie = Saisie()
    premiere, *autres = saisie.obligatoires
    recu = saisie.importer(*map(saisie.piece, autres))
    assert recu.demande is None
    assert f"Une pièce manque : « {premiere.libelle} »" in recu.refus
    assert BrouillonDemande.objects.get().pieces.count() == len(autres)
    assert saisie.importer(saisie.piece(premiere)).demande is not None


def test_deux_pieces_de_meme_nom_se_refusent_quelle_que_soit_la_casse() -> None:
    saisie = Saisie()
    zones = saisie.forme.zones[:2]
    pieces = [saisie.piece(zone, nom) for zone, nom in zip(zones, ("preuve.pdf", "Preuve.PDF"), strict=True)]
    autres = [saisie.piece(zone) for zone in saisie.obligatoires if zone not in zones]
    recu = saisie.importer(*pieces, *autres)
    assert recu.demande is None
    assert "Deux pièces portent le même nom de fichier" in recu.refus


def test_une_piece_du_brouillon_se_retire_et_les_autres_restent() -> None:
    saisie = Saisie()
    premiere, *autres = saisie.obligatoires
    saisie.importer(*map(saisie.piece, saisie.obligatoires), lienDocumentation="pas un lien")
    formulaires.recevoir(
        forme=saisie.forme, saisie={}, auteur=saisie.operateur.auteur, retirer=[premiere.type]
    )
    gardees = set(BrouillonDemande.objects.get().pieces.values_list("zone", flat=True))
    assert gardees == {zone.type for zone in autres}


def test_une_menace_trouvee_dans_une_piece_du_brouillon_retient_le_depot() -> None:
    saisie = Saisie()
    saisie.importer(*map(saisie.piece, saisie.obligatoires), lienDocumentation="pas un lien")
    piece = BrouillonDemande.objects.get().pieces.select_related("fichier").earliest("pk")
    Fichier.objects.filter(pk=piece.fichier_id).update(analyse=Analyse.INFECTE)
    recu = saisie.importer()
    assert recu.demande is None
    assert piece.nom in recu.refus
    assert "menace" in recu.refus


@pytest.mark.exigence("MSS-019")
def test_une_valeur_fausse_ne_part_pas_et_la_saisie_reste() -> None:
    saisie = Saisie()
    recu = saisie.importer(*map(saisie.piece, saisie.obligatoires), lienDocumentation="pas un lien")
    assert recu.demande is None
    assert recu.refus
    assert BrouillonDemande.objects.get().saisie["lienDocumentation"] == "pas un lien"
    assert not Demande.objects.filter(type=SOLDE).exists()


@pytest.mark.exigence("XCT-014")
def test_une_demande_deja_deposee_ne_se_depose_pas_une_seconde_fois() -> None:
    operateur = Operateur.nouveau()
    deposee = operateur.deposer()
    with pytest.raises(brouillons.DejaDeposee, match=deposee.numero) as refus:
        formulaires.deposer(enrolement=operateur.enrolement.pk, type_demande=AVANCE, auteur=operateur.auteur)
    assert refus.value.demande == deposee
    assert Demande.objects.get() == deposee


def test_une_saisie_abandonnee_un_an_s_efface_avec_ses_fichiers() -> None:
    abandonnee, recente = Saisie(), Saisie()
    for saisie, age in ((abandonnee, timedelta(days=365, minutes=1)), (recente, timedelta(days=364))):
        garde = brouillons.garder(
            enrolement=saisie.operateur.enrolement,
            type_demande=SOLDE,
            saisie={"nomContact": "Camille"},
            auteur=saisie.operateur.auteur,
            pieces=[
                PieceAGarder(
                    saisie.obligatoires[0].type, "a.pdf", io.BytesIO(saisie.operateur.numero_ans.encode())
                )
            ],
        )
        assert not garde.refus
        BrouillonDemande.objects.filter(enrolement=saisie.operateur.enrolement).update(
            modifie_le=maintenant() - age
        )
    ancien, neuf = (
        BrouillonDemande.objects.get(enrolement=s.operateur.enrolement) for s in (abandonnee, recente)
    )
    perdu, garde_ = (brouillon.pieces.get().fichier_id for brouillon in (ancien, neuf))
    assert brouillons.purger(instant=maintenant()) == 1
    assert BrouillonDemande.objects.get() == neuf
    assert not Fichier.objects.filter(pk=perdu).exists()
    assert Fichier.objects.filter(pk=garde_).exists()


@pytest.mark.parametrize(
    ("code", "type_demande", "plafond"),
    [
        ("SAS-AGE", AVANCE, "30000"),
        ("SAS-AGE", SOLDE, "100000"),
        ("MSS-MSS", AVANCE, "6666.67"),
        ("MSS-MSS", SOLDE, "250000"),
    ],
)
def test_le_maximum_d_une_demande_est_celui_de_son_bareme(
    code: str, type_demande: TypeDemande, plafond: str
) -> None:
    operateur = Operateur.nouveau(code, profil="" if code == "SAS-AGE" else "DEVELOPPEUR")
    demande = operateur.deposer()
    if type_demande is SOLDE:
        operateur.compter(10, 0, 0)
        demande = operateur.deposer(SOLDE)
    calcule = montants.plafond_de(demande)
    assert calcule.montant_ht == Decimal(plafond)
    assert "Essais" in calcule.explication


@pytest.mark.exigence("MSS-009")
def test_sans_fenetre_du_solde_rien_n_est_compte() -> None:
    operateur = Operateur.nouveau()
    operateur.compter(10, 0, 0)
    FenetreDepot.objects.filter(type=SOLDE).delete()
    comptes = comptages.comptes_de(operateur.enrolement)
    assert (comptes.connus, comptes.arretes_le) == (False, None)
    assert comptes.donnees["balArretees"] is False


@pytest.mark.exigence("MSS-009")
def test_des_nombres_provisoires_se_disent_provisoires_puis_arretes() -> None:
    operateur = Operateur.nouveau()
    operateur.deposer()
    cloture = maintenant() + timedelta(days=3)
    operateur.compter_au(cloture)
    solde = operateur.deposer(SOLDE)
    operateur.compter(100, 0, 0, cloture=cloture)
    assert comptages.arreter() == 1
    assert solde.versions.get(rang=2).motif == "Nombres de BAL connus, pas encore arrêtés"
    operateur.compter_au(maintenant() - timedelta(days=1))
    assert comptages.arreter() == 1
    assert solde.versions.get(rang=3).motif.startswith("Nombres de BAL arrêtés au ")


@pytest.mark.exigence("MSS-009")
def test_les_memes_nombres_arretes_deux_fois_ne_font_qu_une_version() -> None:
    operateur = Operateur.nouveau()
    operateur.deposer()
    operateur.compter(100, 0, 0)
    solde = operateur.deposer(SOLDE)
    comptes = {nom: donnees_courantes(solde)[nom] for nom in ("balApplicatives", "balArretees")}
    assert solde.montant_declare is not None
    services.arreter_comptes(
        demande=solde.pk,
        comptes=comptes,
        montant_declare=solde.montant_declare,
        motif="Encore",
        auteur=PORTAIL,
    )
    solde.refresh_from_db()
    assert (solde.version_courante, solde.versions.count()) == (1, 1)
