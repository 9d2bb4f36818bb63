"""« Faire une demande complémentaire »: another software, from the account, on one page."""

from typing import Any

import pytest
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.coordonnees.models import PersonnePhysique
from segurnum.enrolements.models import Brouillon, Enrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.essais import usines
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.web.tests.candidat import piece
from segurnum.web.tests.lecture import lien, mots
from segurnum.web.tests.titulaire import Titulaire

pytestmark = pytest.mark.django_db
S = StatutEnrolement


@pytest.mark.exigence("ENR-071", "ENR-072", "ENR-073", "ENR-074", "ENR-075", "ENR-079", "ENR-081")
def test_une_demande_complementaire_tient_sur_une_page():
    titulaire = Titulaire()
    page = titulaire.lire("enrolement_complementaire")
    texte = mots(page)
    assert (
        f"Siret : {titulaire.societe.siret} Dénomination sociale : {titulaire.societe.denomination}" in texte
    )
    assert "Logiciel :" in texte
    assert "N° unique de référencement (ANS) *" in texte
    assert "* Champs obligatoires" in texte
    inconnu = titulaire.completer("rechercher", numero_ans="abcdefghij")
    assert "n'est pas connu" in mots(inconnu)
    assert lien(inconnu, "Contacter l'assistance") == reverse("public:assistance")
    trouvee = titulaire.rechercher()
    assert "Certificat de référencement *" in mots(trouvee)
    for absent in ("iban", "denomination", "representant_nom"):
        assert f'name="{absent}"' not in trouvee.content.decode()
    refus = titulaire.completer()
    assert refus.status_code == 422
    assert "Choisissez le taux de TVA" in mots(refus)
    garde = titulaire.completer(piece_certificat=piece("certificat.pdf"))
    assert "Fichier déposé : certificat.pdf" in mots(garde)
    fini = titulaire.suivre(titulaire.completer(taux_tva="20"))
    ligne = Enrolement.objects.get(type="COMPLEMENTAIRE")
    assert f"Le numéro de votre demande est le {ligne.numero}M0" in mots(fini)
    assert (ligne.statut, ligne.entreprise, ligne.courriel) == (
        "EN_COURS",
        titulaire.societe,
        titulaire.enrolement.courriel,
    )
    assert lien(fini, "OK") == reverse("fournisseur:enrolements")
    encore = titulaire.faire("enrolement_complementaire", version="3", taux_tva="20")
    assert encore["Location"] == reverse("fournisseur:enrolement_enregistre")
    assert Enrolement.objects.filter(type="COMPLEMENTAIRE").count() == 1


@pytest.mark.exigence("ENR-074", "ENR-080", "ENR-098")
def test_un_complementaire_anticipe_ne_depose_ni_certificat_ni_hds():
    titulaire = Titulaire()
    page = titulaire.rechercher(valide=False, dsr="DSR-HOP-DPI-Va2")
    assert "heberge_donnees" not in page.content.decode()
    assert titulaire.completer(taux_tva="8.5").status_code == 302
    assert Enrolement.objects.get(type="COMPLEMENTAIRE").libelle_type == "Complémentaire anticipé"


def _depositaire() -> Titulaire:
    """The account's holder is not the legal representative."""
    titulaire = Titulaire()
    PersonnePhysique.objects.create(
        entreprise=titulaire.societe,
        role="DEPOSITAIRE",
        nom="Marsac",
        prenom="Basile",
        courriel="basile@societe.example",
        telephone="0555123457",
    )
    return titulaire


@pytest.mark.exigence("ENR-076", "ENR-078")
def test_le_mandat_du_depositaire_se_demande_une_fois_par_vague():
    titulaire = _depositaire()
    page = titulaire.rechercher(dsr="DSR-MDV-LGC-Va2", nature="DISTRIBUTEUR")
    assert "qu'une seule fois par vague" in mots(page)
    refus = titulaire.completer(taux_tva="20", piece_certificat=piece())
    assert "Mandat de délégation de signature du représentant légal : Choisissez" in mots(refus)
    assert "Mandat de l'éditeur : Choisissez" in mots(refus)
    fini = titulaire.completer(taux_tva="20", piece_mandat_signature=piece(), piece_mandat_editeur=piece())
    assert fini.status_code == 302
    Enrolement.objects.update(statut=S.VALIDEE)
    suite = titulaire.rechercher(dsr="DSR-MDV-LGC-Va2")
    assert "piece_mandat_signature" not in suite.content.decode()


@pytest.mark.exigence("ENR-076", "ENR-109")
@pytest.mark.parametrize(
    ("enrolement", "mandat"),
    [
        ({"statut": S.REJETEE}, {}),
        ({"statut": S.EN_ATTENTE_PIECE}, {"confirmee": False}),
        ({"statut": S.VALIDEE}, {"refusee_le": maintenant()}),
    ],
    ids=["rejete", "pas-remis", "refuse"],
)
def test_un_mandat_qui_ne_compte_pas_se_redemande(enrolement: dict[str, Any], mandat: dict[str, Any]):
    titulaire = _depositaire()
    vague_2 = usines.referencement(dsr="DSR-MDV-LGC-Va2")
    autre = usines.enrolement(societe=titulaire.societe, referencement=vague_2, **enrolement)
    usines.piece_enrolement(autre, TypePiece.MANDAT_SIGNATURE, **mandat)
    autorise = usines.referencement(dsr="DSR-MDV-LGC-Va2")
    usines.enrolement(societe=titulaire.societe, referencement=autorise)
    assert "piece_mandat_signature" in titulaire.rechercher(dsr="DSR-MDV-LGC-Va2").content.decode()


@pytest.mark.exigence("ENR-004")
def test_le_premier_de_la_vague_2_doit_etre_valide_avant_le_suivant():
    titulaire = Titulaire()
    titulaire.rechercher(dsr="DSR-MDV-LGC-Va2")
    titulaire.completer(taux_tva="20", piece_certificat=piece())
    suivant = usines.referencement(dsr="DSR-MDV-LGC-Va2")
    refus = titulaire.completer("rechercher", numero_ans=suivant.numero_ans)
    assert "Votre premier enrôlement de la vague 2 doit être validé" in mots(refus)
    Enrolement.objects.filter(type="COMPLEMENTAIRE").update(statut=S.VALIDATION_PARTIELLE)
    assert titulaire.completer("rechercher", numero_ans=suivant.numero_ans).status_code == 302


def test_le_brouillon_complementaire_est_a_une_seule_personne_et_s_efface():
    titulaire = Titulaire()
    titulaire.rechercher()
    titulaire.completer(piece_certificat=piece())
    collegue = usines.utilisateur(Profil.FOURNISSEUR, entreprise=titulaire.societe)
    moi = titulaire.personne
    titulaire.client.force_login(collegue)
    assert "Réinitialiser" not in mots(titulaire.lire("enrolement_complementaire"))
    titulaire.client.force_login(moi)
    page = titulaire.suivre(titulaire.faire("complementaire_quitter"))
    assert "Votre saisie est effacée" in mots(page)
    assert not Brouillon.objects.exists()


def test_deux_onglets_du_complementaire_ne_s_ecrasent_pas():
    titulaire = Titulaire()
    vue = titulaire.rechercher().context["version"]
    titulaire.completer(piece_certificat=piece("premier.pdf"))
    page = titulaire.completer(version=vue, taux_tva="20", piece_certificat=piece("second.pdf"))
    assert page.status_code == 409
    assert "autre onglet" in mots(page)
    assert Brouillon.objects.get().pieces.get().nom == "premier.pdf"
