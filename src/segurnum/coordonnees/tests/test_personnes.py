"""Changes of natural persons: what justifies them, who instructs them, what follows once accepted."""

from typing import Any

import pytest

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Habilitation, Profil, Role
from segurnum.coordonnees import queries, services
from segurnum.coordonnees.models import ModificationPersonnes
from segurnum.coordonnees.personnes import Personne, RolePersonne, TypePiece, ecrire, pieces_exigees
from segurnum.coordonnees.tests.monde import (
    DEPOSITAIRE,
    MANDAT_ET_IDENTITE,
    REPRESENTANT,
    Societe,
    ecrits,
    officier,
)
from segurnum.courriels.models import Courriel
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.fichiers.models import Analyse
from segurnum.journal.queries import evenements_de, ruptures
from segurnum.regles.cycles import TransitionRefusee
from segurnum.regles.cycles_coordonnees import StatutModification
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db

NOUVELLE = "nouvelle@societe.example"


@pytest.mark.exigence("ACC-008")
@pytest.mark.parametrize(
    ("champs", "attendues"),
    [
        ({"nom": "Quintrelle"}, list(MANDAT_ET_IDENTITE)),
        ({"prenom": "Jeanne"}, list(MANDAT_ET_IDENTITE)),
        ({"nom": "Quintrelle", "courriel": NOUVELLE}, list(MANDAT_ET_IDENTITE)),
        ({"courriel": NOUVELLE}, [TypePiece.IDENTITE]),
        ({"telephone": "0199000099"}, [TypePiece.IDENTITE]),
        ({"telephone": "01 99 00 00 01", "nom": " Lormelin ", "courriel": "Direction@societe.example"}, []),
    ],
)
def test_les_pieces_dependent_de_ce_qui_change(champs: dict[str, str], attendues: list[TypePiece]):
    apres = {"REPRESENTANT": Personne(**{**REPRESENTANT.en_dict(), **champs})}
    assert pieces_exigees({"REPRESENTANT": REPRESENTANT}, apres) == attendues


@pytest.mark.exigence("ACC-008")
@pytest.mark.parametrize(
    ("champs", "pieces", "manque"),
    [
        (
            {"nom": "Quintrelle"},
            [],
            "« Mandat du représentant légal » et « Pièce d'identité de l'utilisateur »",
        ),
        ({"nom": "Quintrelle"}, [TypePiece.IDENTITE], "Il manque « Mandat du représentant légal » :"),
        ({"prenom": "Jeanne"}, [TypePiece.MANDAT], "Il manque « Pièce d'identité de l'utilisateur » :"),
        ({"courriel": NOUVELLE}, [TypePiece.MANDAT], "Il manque « Pièce d'identité de l'utilisateur » :"),
    ],
)
def test_sans_les_pieces_requises_rien_n_est_valide(champs, pieces, manque):
    societe = Societe()
    with pytest.raises(GesteImpossible, match=manque):
        societe.soumettre(societe.changee(**champs), pieces)
    assert not queries.historique(societe.entreprise).exists()


@pytest.mark.exigence("ACC-008", "ACC-011")
@pytest.mark.parametrize(
    ("champs", "pieces"),
    [({"nom": "Quintrelle"}, MANDAT_ET_IDENTITE), ({"telephone": "0199000099"}, [TypePiece.IDENTITE])],
)
def test_avec_ses_pieces_la_demande_attend_une_reponse_et_rien_ne_change_encore(champs, pieces):
    societe = Societe()
    ligne = societe.soumettre(societe.changee(**champs), pieces)
    assert ligne.statut.libelle == "En cours d'instruction"
    assert societe.personnes == {"REPRESENTANT": REPRESENTANT}
    assert ligne.anciennes == {"REPRESENTANT": REPRESENTANT.en_dict()}
    assert ecrits("M16") == [REPRESENTANT.courriel]


def test_valider_sans_rien_changer_se_refuse():
    societe = Societe()
    with pytest.raises(GesteImpossible, match="Aucune information n'a changé"):
        societe.soumettre(societe.personnes)


@pytest.mark.exigence("ACC-009")
def test_une_piece_se_retire_avant_de_valider_et_plus_apres():
    societe = Societe()
    societe.joindre(*MANDAT_ET_IDENTITE)
    piece = queries.pieces_de(societe.entreprise).get(type=TypePiece.MANDAT)
    geste: dict[str, Any] = {
        "entreprise": societe.entreprise,
        "auteur": societe.auteur,
        "saisie": ecrire(societe.changee(nom="Quintrelle")),
        "piece": piece.pk,
        "vue": queries.marque(societe.entreprise),
    }
    services.retirer_piece(**geste)
    services.retirer_piece(**geste)  # a double click
    assert [p.type for p in queries.pieces_de(societe.entreprise)] == [TypePiece.IDENTITE]
    brouillon = queries.modification_ouverte(societe.entreprise)
    assert brouillon is not None
    assert brouillon.donnees["REPRESENTANT"]["nom"] == "Quintrelle"
    societe.soumettre(pieces=[TypePiece.MANDAT])
    with pytest.raises(GesteImpossible, match="déjà en cours d'instruction"):
        services.retirer_piece(**geste)
    assert queries.pieces_de(societe.entreprise).count() == 2


def test_une_entreprise_ne_retire_pas_la_piece_d_une_autre():
    societe, autre = Societe(), Societe()
    societe.joindre(TypePiece.MANDAT)
    services.retirer_piece(
        entreprise=autre.entreprise,
        auteur=autre.auteur,
        saisie={},
        piece=queries.pieces_de(societe.entreprise).get().pk,
        vue=queries.marque(autre.entreprise),
    )
    assert queries.pieces_de(societe.entreprise).count() == 1


@pytest.mark.exigence("ACC-011", "ACC-013", "GST-024", "RUL-025")
def test_acceptee_les_donnees_et_les_adresses_des_courriels_suivent():
    societe = Societe()
    enrolement = usines.enrolement(societe=societe.entreprise, courriel=REPRESENTANT.courriel)
    ailleurs = usines.enrolement(courriel=REPRESENTANT.courriel)
    titulaire = usines.utilisateur(Profil.FOURNISSEUR, entreprise=societe.entreprise)
    titulaire.email = REPRESENTANT.courriel.upper()
    titulaire.save()
    ligne = societe.soumettre(societe.changee(courriel=NOUVELLE), [TypePiece.IDENTITE])
    acceptee = services.accepter(modification=ligne.pk, auteur=officier())
    assert acceptee.statut.libelle == "Acceptée"
    assert societe.personnes["REPRESENTANT"].courriel == NOUVELLE
    for objet in (enrolement, ailleurs, titulaire, societe.utilisateur):
        objet.refresh_from_db()
    assert (enrolement.courriel, titulaire.email) == (NOUVELLE, NOUVELLE)
    assert ailleurs.courriel == REPRESENTANT.courriel
    assert societe.utilisateur.email != NOUVELLE
    assert ecrits("M17") == sorted([REPRESENTANT.courriel, NOUVELLE])


@pytest.mark.exigence("ACC-013")
def test_le_depositaire_recoit_les_courriels_quand_il_est_distinct():
    societe = Societe(DEPOSITAIRE)
    enrolement = usines.enrolement(societe=societe.entreprise, courriel=DEPOSITAIRE.courriel)
    ligne = societe.soumettre(societe.changee(courriel=NOUVELLE), [TypePiece.IDENTITE])
    services.accepter(modification=ligne.pk, auteur=officier())
    enrolement.refresh_from_db()
    assert enrolement.courriel == DEPOSITAIRE.courriel
    ligne = societe.soumettre(
        societe.changee(RolePersonne.DEPOSITAIRE, courriel="autre@societe.example"), [TypePiece.IDENTITE]
    )
    services.accepter(modification=ligne.pk, auteur=officier())
    enrolement.refresh_from_db()
    assert enrolement.courriel == "autre@societe.example"


@pytest.mark.exigence("ACC-013")
def test_un_compte_ne_prend_pas_l_adresse_d_un_autre():
    """The new « demandeur » already has an account of their own: the mails follow, nobody's account changes."""
    societe = Societe()
    enrolement = usines.enrolement(societe=societe.entreprise, courriel=REPRESENTANT.courriel)
    ancien, nouveau = (
        usines.utilisateur(Profil.FOURNISSEUR, entreprise=societe.entreprise) for _ in range(2)
    )
    ancien.email = REPRESENTANT.courriel
    ancien.save()
    ligne = societe.soumettre(societe.changee(courriel=nouveau.email.upper()), [TypePiece.IDENTITE])
    services.accepter(modification=ligne.pk, auteur=officier())
    for objet in (enrolement, ancien, nouveau):
        objet.refresh_from_db()
    assert enrolement.courriel == nouveau.email.upper()
    assert ancien.email == REPRESENTANT.courriel


@pytest.mark.exigence("ACC-013", "XCT-005")
def test_le_compte_de_qui_agit_aussi_pour_une_autre_entreprise_garde_son_adresse():
    societe, ailleurs = Societe(), Societe()
    mandataire = usines.utilisateur(Profil.FOURNISSEUR, entreprise=societe.entreprise)
    mandataire.email = REPRESENTANT.courriel
    mandataire.save()
    Habilitation.objects.create(
        utilisateur=mandataire,
        entreprise=ailleurs.entreprise,
        profil=Profil.FOURNISSEUR,
        role=Role.ADMINISTRATEUR,
    )
    ligne = societe.soumettre(societe.changee(courriel=NOUVELLE), [TypePiece.IDENTITE])
    services.accepter(modification=ligne.pk, auteur=officier())
    mandataire.refresh_from_db()
    assert mandataire.email == REPRESENTANT.courriel


@pytest.mark.exigence("ACC-011", "GST-024", "RUL-025")
def test_refusee_rien_ne_change_et_le_motif_est_ecrit():
    societe = Societe()
    ligne = societe.soumettre()
    with pytest.raises(GesteImpossible, match="motif est obligatoire"):
        services.refuser(modification=ligne.pk, auteur=officier(), motif="  ")
    refusee = services.refuser(modification=ligne.pk, auteur=officier(), motif="La pièce est illisible.")
    assert (refusee.statut.libelle, refusee.motif) == ("Refusée", "La pièce est illisible.")
    assert societe.personnes == {"REPRESENTANT": REPRESENTANT}
    assert "La pièce est illisible." in Courriel.objects.get(code="M18").corps


@pytest.mark.exigence("ACC-006")
def test_une_nouvelle_demande_est_possible_apres_une_reponse():
    societe = Societe()
    services.refuser(modification=societe.soumettre().pk, auteur=officier(), motif="Illisible.")
    societe.soumettre()
    assert [ligne.statut for ligne in queries.historique(societe.entreprise)] == ["EN_COURS", "REFUSEE"]


@pytest.mark.exigence("GST-024", "XCT-002")
@pytest.mark.parametrize(
    "profil", [p for p in Profil if p not in (Profil.GESTIONNAIRE, Profil.ADMINISTRATION)]
)
def test_seul_un_gestionnaire_repond(profil: Profil):
    ligne = Societe().soumettre()
    qui = auteur(usines.utilisateur(profil))
    with pytest.raises(TransitionRefusee):
        services.accepter(modification=ligne.pk, auteur=qui)
    with pytest.raises(TransitionRefusee):
        services.refuser(modification=ligne.pk, auteur=qui, motif="Non.")


@pytest.mark.exigence("XCT-002")
def test_un_gestionnaire_ne_demande_rien_au_nom_d_une_entreprise():
    societe = Societe()
    with pytest.raises(TransitionRefusee):
        societe.soumettre(auteur=officier())


def test_repondre_deux_fois_se_refuse():
    ligne = Societe().soumettre()
    services.accepter(modification=ligne.pk, auteur=officier())
    with pytest.raises(TransitionRefusee, match="le statut actuel est « Acceptée »"):
        services.refuser(modification=ligne.pk, auteur=officier(), motif="Non.")


@pytest.mark.django_db(transaction=True)
def test_de_deux_gestionnaires_un_seul_repond():
    ligne, officiers = Societe().soumettre(), [officier(), officier()]
    resultats = ensemble(
        lambda: services.accepter(modification=ligne.pk, auteur=officiers[0]),
        lambda: services.refuser(modification=ligne.pk, auteur=officiers[1], motif="Non."),
    )
    assert sorted(type(resultat).__name__ for resultat in resultats) == [
        "ModificationPersonnes",
        "TransitionRefusee",
    ]
    assert Courriel.objects.filter(code__in=("M17", "M18")).count() == 1


@pytest.mark.django_db(transaction=True)
def test_de_deux_onglets_un_seul_depose_sa_demande():
    societe = Societe()
    societe.joindre(*MANDAT_ET_IDENTITE)
    resultats = ensemble(*[lambda: societe.soumettre(pieces=())] * 2)
    assert sorted(type(resultat).__name__ for resultat in resultats) == [
        "GesteImpossible",
        "ModificationPersonnes",
    ]
    assert ModificationPersonnes.objects.count() == 1


def test_un_onglet_reste_ouvert_sur_d_anciennes_coordonnees_n_ecrit_rien():
    societe = Societe()
    vue = queries.marque(societe.entreprise)
    services.accepter(modification=societe.soumettre().pk, auteur=officier())
    with pytest.raises(GesteImpossible, match="ont changé depuis que vous avez ouvert cette page"):
        societe.soumettre(pieces=(), vue=vue)
    assert queries.modification_ouverte(societe.entreprise) is None


def test_le_journal_dit_qui_a_fait_quoi_sans_garder_de_donnee_personnelle():
    societe = Societe()
    services.refuser(modification=societe.soumettre().pk, auteur=officier(), motif="Illisible.")
    evenements = list(evenements_de(f"entreprise:{societe.entreprise.siret}"))
    premier_compte, *pieces, soumission, reponse = evenements
    assert premier_compte.geste == "RETENIR_COMPTE"
    assert {(e.geste, e.acteur_id) for e in pieces} == {("JOINDRE_PIECE", soumission.acteur_id)}
    assert [(e.geste, e.avant, e.apres) for e in (soumission, reponse)] == [
        ("SOUMETTRE", "EN_PREPARATION", StatutModification.EN_COURS),
        ("REFUSER", "EN_COURS", "REFUSEE"),
    ]
    assert soumission.details["champs"] == ["REPRESENTANT.nom"]
    assert "Quintrelle" not in str(soumission.details)
    assert not ruptures()


def test_un_enrolement_plus_recent_remplace_les_personnes():
    societe = Societe(DEPOSITAIRE)
    assert list(societe.personnes) == ["REPRESENTANT", "DEPOSITAIRE"]
    services.enregistrer_personnes(entreprise=societe.entreprise, representant=DEPOSITAIRE, depositaire=None)
    assert societe.personnes == {"REPRESENTANT": DEPOSITAIRE}


def test_une_entreprise_sans_personne_connue_peut_en_donner_une():
    societe = Societe()
    societe.entreprise.personnes_physiques.all().delete()
    ligne = societe.soumettre({"REPRESENTANT": REPRESENTANT})
    assert ecrits("M16") == [REPRESENTANT.courriel]
    services.accepter(modification=ligne.pk, auteur=officier())
    assert societe.personnes == {"REPRESENTANT": REPRESENTANT}


def test_une_piece_saine_du_meme_type_ne_prend_pas_la_place_d_une_piece_bloquee():
    societe = Societe()
    ligne = societe.soumettre(societe.changee(courriel=NOUVELLE), [TypePiece.IDENTITE])
    bloquee = ligne.pieces.get()
    bloquee.fichier = usines.fichier(b"une menace")
    bloquee.fichier.analyse = Analyse.INFECTE
    bloquee.fichier.save()
    bloquee.save()
    ligne.pieces.create(
        nom="voisine.png", type=bloquee.type, fichier=usines.fichier(b"sain"), depose_le=bloquee.depose_le
    )
    with pytest.raises(GesteImpossible, match="y a trouvé une menace"):
        services.accepter(modification=ligne.pk, auteur=officier())
