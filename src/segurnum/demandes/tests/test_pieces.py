"""Pieces that come after the deposit: only where an officer asked for one, and in time."""

from datetime import timedelta

import pytest

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.demandes import incompletes, services
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.essais import usines
from segurnum.journal.queries import evenements_de
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db

ATTENDUES = (StatutDemande.EN_ATTENTE_PIECE, StatutDemande.A_MODIFIER)
MOTIF = "Le bon de commande n'est pas signé."


def _ajouter(demande: Demande, nom: str = "signe.pdf") -> PieceJustificative:
    return services.ajouter_piece(
        demande=demande.pk,
        auteur=auteur(usines.utilisateur(Profil.FOURNISSEUR, entreprise=demande.entreprise)),
        nom=nom,
        type_piece="BON_COMMANDE",
        fichier=usines.fichier(),
    )


def _a_modifier_jusqu_au(delai: timedelta) -> Demande:
    return usines.demande(StatutDemande.A_MODIFIER, cloture_le=maintenant() + delai)


@pytest.mark.exigence("REQ-018", "REQ-054")
@pytest.mark.parametrize("statut", [s for s in StatutDemande if s not in ATTENDUES], ids=lambda s: s.value)
def test_une_piece_ne_s_ajoute_qu_aux_demandes_qui_en_attendent(statut: StatutDemande) -> None:
    demande = usines.demande(statut)
    with pytest.raises(GesteImpossible, match=f"le statut est « {statut.libelle} »"):
        _ajouter(demande)
    assert demande.pieces.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.exigence("REQ-018", "MOD-015")
@pytest.mark.parametrize("statut", ATTENDUES, ids=lambda s: s.value)
def test_une_piece_attendue_s_ajoute_comme_un_complement_avec_son_fichier(statut: StatutDemande) -> None:
    demande = usines.demande(statut)
    piece = _ajouter(demande)
    piece.refresh_from_db()
    assert (piece.demande, piece.nom, piece.type) == (demande, "signe.pdf", "BON_COMMANDE")
    assert piece.origine == PieceJustificative.Origine.COMPLEMENT
    assert piece.fichier is not None
    assert piece.depose_le is not None
    assert piece.depose_le >= demande.statut_depuis


@pytest.mark.exigence("MOD-023")
def test_une_piece_ne_s_ajoute_plus_une_fois_le_delai_de_modification_passe() -> None:
    demande = _a_modifier_jusqu_au(timedelta(seconds=-1))
    with pytest.raises(GesteImpossible, match="délai de modification s'est terminé"):
        _ajouter(demande)
    assert demande.pieces.count() == 1
    _ajouter(_a_modifier_jusqu_au(timedelta(days=1)))


@pytest.mark.exigence("REQ-021")
def test_une_piece_en_route_quand_on_la_demande_y_repond() -> None:
    """It left the supplier a minute before the officer asked, and arrived after."""
    demande = usines.demande(StatutDemande.EN_ATTENTE_PIECE)
    fournisseur = auteur(usines.utilisateur(Profil.FOURNISSEUR, entreprise=demande.entreprise))
    services.ajouter_piece(
        demande=demande.pk,
        auteur=fournisseur,
        nom="signe.pdf",
        type_piece="BON_COMMANDE",
        fichier=usines.fichier(),
        recu_le=demande.statut_depuis - timedelta(minutes=1),
    )
    services.valider_ajout(demande=demande.pk, auteur=fournisseur)
    demande.refresh_from_db()
    assert demande.statut is StatutDemande.EN_COURS


def test_deux_demandes_ont_chacune_leurs_noms_de_pieces() -> None:
    premiere, seconde = (usines.demande(StatutDemande.EN_ATTENTE_PIECE) for _ in range(2))
    _ajouter(premiere)
    assert _ajouter(seconde).demande == seconde
    with pytest.raises(GesteImpossible, match="déjà une pièce nommée"):
        _ajouter(premiere, "SIGNE.pdf")


@pytest.mark.exigence("REQ-021")
def test_l_ajout_d_une_premiere_fois_ne_vaut_pas_reponse_a_la_seconde() -> None:
    demande = usines.demande()
    fournisseur = auteur(usines.utilisateur(Profil.FOURNISSEUR, entreprise=demande.entreprise))
    gestionnaire = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
    services.demander_piece(demande=demande.pk, auteur=gestionnaire, motif=MOTIF)
    _ajouter(demande)
    services.valider_ajout(demande=demande.pk, auteur=fournisseur)
    services.demander_piece(demande=demande.pk, auteur=gestionnaire, motif=MOTIF)
    with pytest.raises(GesteImpossible, match="Ajoutez au moins une pièce"):
        services.valider_ajout(demande=demande.pk, auteur=fournisseur)


@pytest.mark.exigence("INC-010")
def test_un_depot_ne_se_termine_pas_sans_une_piece_annoncee() -> None:
    inscrit = usines.enrolement()
    complete = usines.demande(StatutDemande.NON_COMPLETEE, inscrit=inscrit)
    incomplete = usines.demande(StatutDemande.NON_COMPLETEE, inscrit=inscrit, complete=False)
    fournisseur = auteur(usines.utilisateur(Profil.FOURNISSEUR, entreprise=inscrit.entreprise))
    with pytest.raises(GesteImpossible, match=incomplete.pieces.get().nom):
        incompletes.completer(demandes=[complete.pk, incomplete.pk], auteur=fournisseur)
    assert set(Demande.objects.values_list("statut", flat=True)) == {"NON_COMPLETEE"}
    incompletes.completer(demandes=[complete.pk], auteur=fournisseur)
    complete.refresh_from_db()
    assert complete.statut is StatutDemande.EN_COURS


def _retirer(demande: Demande, piece: PieceJustificative) -> None:
    fournisseur = auteur(usines.utilisateur(Profil.FOURNISSEUR, entreprise=demande.entreprise))
    services.retirer_piece(demande=demande.pk, auteur=fournisseur, piece=piece.pk)


@pytest.mark.exigence("REQ-054", "MOD-015")
def test_seule_la_piece_que_l_on_vient_d_ajouter_se_retire() -> None:
    """Neither one of the deposit, nor one that answered an earlier asking, nor another request's."""
    demande = usines.demande()
    fournisseur = auteur(usines.utilisateur(Profil.FOURNISSEUR, entreprise=demande.entreprise))
    gestionnaire = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
    services.demander_piece(demande=demande.pk, auteur=gestionnaire, motif=MOTIF)
    du_depot = demande.pieces.get()
    premiere = _ajouter(demande, "premiere.pdf")
    services.valider_ajout(demande=demande.pk, auteur=fournisseur)
    services.demander_piece(demande=demande.pk, auteur=gestionnaire, motif=MOTIF)
    seconde = _ajouter(demande, "seconde.pdf")
    d_une_autre = _ajouter(usines.demande(StatutDemande.EN_ATTENTE_PIECE))
    for gardee in (du_depot, premiere, d_une_autre):
        with pytest.raises(GesteImpossible, match="ne peut pas être supprimée"):
            _retirer(demande, gardee)
    _retirer(demande, seconde)
    assert set(demande.pieces.all()) == {du_depot, premiere}
    assert PieceJustificative.objects.filter(pk=d_une_autre.pk).exists()
    inscrits = [
        (fait.geste, fait.details["piece"]["nom"])
        for fait in evenements_de(demande.dossier.chaine)
        if "piece" in fait.details
    ]
    assert inscrits == [
        ("JOINDRE_PIECE", "premiere.pdf"),
        ("JOINDRE_PIECE", "seconde.pdf"),
        ("RETIRER_PIECE", "seconde.pdf"),
    ]


@pytest.mark.exigence("REQ-054", "MOD-015")
@pytest.mark.parametrize("statut", list(StatutDemande), ids=lambda s: s.value)
def test_une_piece_ne_se_retire_que_tant_que_la_demande_en_attend(statut: StatutDemande) -> None:
    demande = usines.demande(statut)
    piece = PieceJustificative.objects.create(
        demande=demande,
        nom="signe.pdf",
        type="AUTRE",
        origine=PieceJustificative.Origine.COMPLEMENT,
        fichier=usines.fichier(),
        depose_le=maintenant(),
    )
    if statut in ATTENDUES:
        with pytest.raises(GesteImpossible, match="ne peut pas être supprimée"):
            _retirer(
                demande, demande.pieces.exclude(pk=piece.pk).get()
            )  # of the deposit, at the same instant
        _retirer(demande, piece)
        assert demande.pieces.count() == 1
    else:
        with pytest.raises(GesteImpossible, match="ne peut pas être supprimée"):
            _retirer(demande, piece)
        assert demande.pieces.count() == 2


@pytest.mark.exigence("MOD-015", "MOD-023")
def test_une_piece_ne_se_retire_plus_une_fois_le_delai_de_modification_passe() -> None:
    """Unless the gesture set out in time."""
    demande = _a_modifier_jusqu_au(timedelta(seconds=-1))
    piece = PieceJustificative.objects.create(
        demande=demande,
        nom="signe.pdf",
        type="AUTRE",
        origine=PieceJustificative.Origine.COMPLEMENT,
        fichier=usines.fichier(),
        depose_le=maintenant(),
    )
    with pytest.raises(GesteImpossible, match="délai de modification s'est terminé"):
        _retirer(demande, piece)
    services.retirer_piece(
        demande=demande.pk,
        auteur=auteur(usines.utilisateur(Profil.FOURNISSEUR, entreprise=demande.entreprise)),
        piece=piece.pk,
        recu_le=maintenant() - timedelta(minutes=1),
    )
    assert not PieceJustificative.objects.filter(pk=piece.pk).exists()
