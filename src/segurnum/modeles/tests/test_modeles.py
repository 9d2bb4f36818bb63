"""The model documents: who may import them, what happens to them, who is told."""

from itertools import product

import pytest
from django.db import IntegrityError, transaction

from segurnum.courriels.models import Courriel
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.journal.queries import evenements_de
from segurnum.modeles import queries, services
from segurnum.modeles.models import ModeleDocument
from segurnum.modeles.tests.monde import BDC, Editeur, enroler, officier
from segurnum.regles.cycles import Acteur, TransitionRefusee, transition
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.cycles_modeles import MODELE, GesteModele, StatutModele
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db

S, G, A = StatutModele, GesteModele, Acteur
ATTENDU = {
    (S.EN_IMPORT, G.SUPPRIMER, A.FOURNISSEUR): (None, None, False),
    (S.EN_IMPORT, G.SOUMETTRE, A.FOURNISSEUR): (S.EN_ATTENTE, None, False),
    (S.EN_ATTENTE, G.ACCEPTER, A.GESTIONNAIRE): (S.ACCEPTE, "M40", False),
    (S.EN_ATTENTE, G.REJETER, A.GESTIONNAIRE): (S.REJETE, "M41", True),
}
OUVRENT = (
    StatutEnrolement.VALIDEE,
    StatutEnrolement.VALIDATION_PARTIELLE,
    StatutEnrolement.CERTIFICAT_A_VALIDER,
)


@pytest.mark.exigence("EXP-011", "EXP-012", "EXP-016")
@pytest.mark.parametrize("triplet", list(product(S, G, A)), ids="-".join)
def test_un_modele_suit_son_cycle_et_pas_un_autre(triplet: tuple[StatutModele, GesteModele, Acteur]):
    if triplet not in ATTENDU:
        with pytest.raises(TransitionRefusee):
            transition(MODELE, *triplet)
        return
    ligne = transition(MODELE, *triplet)
    assert (ligne.vers, ligne.courriel, ligne.motif_obligatoire) == ATTENDU[triplet]


@pytest.mark.exigence("EXP-008", "FRM-013")
@pytest.mark.parametrize("statut", list(StatutEnrolement))
def test_l_ecran_s_ouvre_avec_un_enrolement_de_la_vague_2_accepte(statut: StatutEnrolement):
    societe = usines.entreprise()
    enroler(societe, statut=statut)
    assert bool(queries.types_proposes(societe)) is (statut in OUVRENT)


@pytest.mark.exigence("EXP-008", "FRM-013")
@pytest.mark.parametrize(
    ("dsr", "ouvre"),
    [("DSR-HOP-DPI-Va1", False), ("DSR-HOP-DPI-Va2", True), ("DSR-BIO-SGL-V2", True), ("DSR-HOP-DPI", False)],
)
def test_la_vague_est_celle_du_dsr(dsr: str, ouvre: bool):
    societe = usines.entreprise()
    enroler(societe, dsr)
    assert bool(queries.types_proposes(societe)) is ouvre


@pytest.mark.exigence("EXP-010", "EXP-018")
def test_les_types_sont_ceux_des_couloirs_de_la_vague_2():
    societe = usines.entreprise()
    for dsr in (
        "DSR-HOP-DPI-Va2",
        "DSR-HOP-PFI-Va2",
        "DSR-RAD-RIS-Va2",
        "DSR-MDV-LGC-Va1",
        "DSR-BIO-SGL-Va2",
    ):
        enroler(societe, dsr)
    assert [(propose.code, propose.libelle) for propose in queries.types_proposes(societe)] == [
        ("MODELE_BDC_BIO", "Modèle de bon de commande couloir Biologie"),
        ("MODELE_VA_BIO", "Modèle de VA couloir Biologie"),
        ("MODELE_MOM_BIO", "Modèle de MOM couloir Biologie"),
        ("MODELE_BDC_HOP", "Modèle de bon de commande couloir Hôpital"),
        ("MODELE_VA_HOP", "Modèle de VA couloir Hôpital"),
        ("MODELE_MOM_HOP", "Modèle de MOM couloir Hôpital"),
        ("MODELE_BDC_RAD", "Modèle de bon de commande couloir Radiologie"),
        ("MODELE_VA_RAD", "Modèle de VA couloir Radiologie"),
        ("MODELE_MOM_RAD", "Modèle de MOM couloir Radiologie"),
    ]


@pytest.mark.exigence("EXP-018")
def test_le_type_d_un_autre_couloir_est_refuse():
    with pytest.raises(GesteImpossible, match="dans son couloir"):
        Editeur().importer(type_modele="MODELE_VA_RAD")


@pytest.mark.exigence("EXP-012")
def test_un_fichier_importe_n_est_qu_a_l_entreprise_et_se_supprime():
    editeur = Editeur()
    ligne = editeur.importer()
    assert list(queries.en_import(editeur.entreprise)) == [ligne]
    assert not queries.soumis().exists()
    services.supprimer(modele=ligne.pk, auteur=editeur.auteur)
    assert not ModeleDocument.objects.exists()


@pytest.mark.exigence("EXP-012")
def test_un_fichier_soumis_ne_se_supprime_plus():
    editeur = Editeur()
    ligne = editeur.soumis()
    with pytest.raises(TransitionRefusee, match="En attente d'instruction"):
        services.supprimer(modele=ligne.pk, auteur=editeur.auteur)
    assert ModeleDocument.objects.get() == ligne


@pytest.mark.exigence("EXP-012")
def test_deux_fichiers_en_cours_n_ont_pas_le_meme_nom():
    editeur = Editeur()
    editeur.importer("modele.pdf")
    with pytest.raises(GesteImpossible, match="déjà en cours d'import"):
        editeur.importer("MODELE.pdf", BDC)
    editeur.soumettre()
    assert editeur.importer("modele.pdf").statut is S.EN_IMPORT
    Editeur().importer("modele.pdf")


def test_un_import_a_un_nombre_de_fichiers_borne():
    editeur = Editeur()
    for rang in range(services.MAXIMUM):
        editeur.importer(f"modele-{rang}.pdf")
    with pytest.raises(GesteImpossible, match="20 fichiers sont déjà en cours"):
        editeur.importer("un-de-trop.pdf")


@pytest.mark.exigence("EXP-011", "EXP-016", "RUL-024")
def test_valider_soumet_tous_les_fichiers_en_cours_et_eux_seuls():
    editeur, autre = Editeur(), Editeur()
    lignes = [editeur.importer("un.pdf"), editeur.importer("deux.pdf", BDC)]
    ailleurs = autre.importer("un.pdf")
    assert editeur.soumettre() == lignes
    ailleurs.refresh_from_db()
    assert ailleurs.statut is S.EN_IMPORT
    for ligne in ModeleDocument.objects.filter(entreprise=editeur.entreprise):
        assert ligne.statut.libelle == "En attente d'instruction"
        assert ligne.soumis_le is not None
        _, fait = evenements_de(ligne.chaine)
        assert (fait.geste, fait.avant, fait.apres) == ("SOUMETTRE", "EN_IMPORT", "EN_ATTENTE")
    with pytest.raises(GesteImpossible, match="importez-en un"):
        editeur.soumettre()
    assert not Courriel.objects.exists()


@pytest.mark.exigence("EXP-008")
def test_un_enrolement_rejete_depuis_ferme_l_import():
    editeur = Editeur()
    editeur.importer()
    editeur.enrolement.statut = StatutEnrolement.REJETEE
    editeur.enrolement.save()
    with pytest.raises(GesteImpossible, match="enrôlement de la vague 2"):
        editeur.soumettre()


@pytest.mark.exigence("EXP-011", "RUL-024", "RUL-025")
def test_accepter_avertit_l_adresse_de_l_enrolement_et_se_journalise():
    editeur = Editeur()
    enroler(editeur.entreprise, "DSR-RAD-RIS-Va2")
    ligne = services.accepter(modele=editeur.soumis().pk, auteur=officier())
    assert (ligne.statut.libelle, ligne.commentaire) == ("Accepté", "")
    courriel = Courriel.objects.get()
    assert (courriel.code, courriel.destinataire) == ("M40", editeur.enrolement.courriel)
    assert "Commentaire" not in courriel.corps
    assert evenements_de(ligne.chaine).latest("rang").geste == "ACCEPTER"


@pytest.mark.exigence("EXP-011", "RUL-025")
def test_rejeter_demande_un_commentaire_que_l_entreprise_recoit():
    editeur = Editeur()
    ligne = editeur.soumis()
    with pytest.raises(GesteImpossible, match="motif est obligatoire"):
        services.rejeter(modele=ligne.pk, auteur=officier(), motif="  ")
    qui = officier()
    rejete = services.rejeter(modele=ligne.pk, auteur=qui, motif="Il manque la date.")
    assert (rejete.statut.libelle, rejete.commentaire) == ("Rejeté", "Il manque la date.")
    assert rejete.instructeur_id == qui.cle
    courriel = Courriel.objects.get(code="M41")
    assert "Il manque la date." in courriel.corps
    assert evenements_de(ligne.chaine).latest("rang").motif == "Il manque la date."


def test_sans_enrolement_ouvert_la_reponse_va_a_qui_a_depose():
    editeur = Editeur()
    ligne = editeur.soumis()
    editeur.enrolement.statut = StatutEnrolement.REJETEE
    editeur.enrolement.save()
    services.accepter(modele=ligne.pk, auteur=officier(), motif="Bien.")
    assert Courriel.objects.get().destinataire == editeur.utilisateur.email


@pytest.mark.exigence("EXP-011")
def test_une_seule_reponse_est_donnee():
    ligne = Editeur().soumis()
    services.accepter(modele=ligne.pk, auteur=officier())
    with pytest.raises(TransitionRefusee, match="Accepté"):
        services.rejeter(modele=ligne.pk, auteur=officier(), motif="Trop tard.")
    assert Courriel.objects.count() == 1


@pytest.mark.exigence("EXP-012")
@pytest.mark.django_db(transaction=True)
def test_deux_imports_du_meme_fichier_a_la_fois_n_en_font_qu_un():
    editeur = Editeur()
    resultats = ensemble(editeur.importer, editeur.importer)
    assert sum(isinstance(resultat, ModeleDocument) for resultat in resultats) == 1
    assert ModeleDocument.objects.count() == 1


@pytest.mark.parametrize(
    "valeurs",
    [{"soumis_le": None}, {"statut": "EN_IMPORT"}, {"statut": "REJETE", "commentaire": ""}],
    ids=["soumis sans date", "daté sans être soumis", "rejeté sans commentaire"],
)
def test_la_base_refuse_un_etat_qui_n_existe_pas(valeurs: dict[str, object]):
    ligne = Editeur().soumis()
    with pytest.raises(IntegrityError), transaction.atomic():
        ModeleDocument.objects.filter(pk=ligne.pk).update(**valeurs)
