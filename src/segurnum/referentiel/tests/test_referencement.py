"""The referential of ANS numbers: what is read, what is written, what the journal keeps (GST-009)."""

from datetime import date
from typing import Any

import pytest

from segurnum import couloirs
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.journal.queries import evenements_de
from segurnum.referentiel import services
from segurnum.referentiel.models import Referencement
from segurnum.referentiel.permissions import peut_modifier
from segurnum.referentiel.queries import par_numero_ans
from segurnum.referentiel.saisie import CHAMPS, LIBELLES, ecrire, lire
from segurnum.regles.erreurs import GesteImpossible

BRUT = {
    "numero_ans": "zbuESS0045",
    "logiciel": "Valusager",
    "version": "1.4.2",
    "dsr": "DSR-MS1-DUI-Va1",
    "profils": "PA, PH",
    "date_effet": "27/10/2021",
    "valide": "oui",
    "nature": "Éditeur",
    "profil_operateur": "",
}


def _valeurs(**autres: str) -> dict[str, Any]:
    valeurs, fautes = lire(BRUT | autres)
    assert fautes == {}
    return valeurs


@pytest.mark.exigence("GST-009")
def test_ce_qui_est_saisi_est_lu_et_se_relit_tel_qu_il_est_montre():
    valeurs = _valeurs()
    assert valeurs["date_effet"] == date(2021, 10, 27)
    assert (valeurs["profils"], valeurs["valide"], valeurs["nature"]) == (["PA", "PH"], True, "EDITEUR")
    assert lire({champ: ecrire(champ, valeur) for champ, valeur in valeurs.items()}) == (valeurs, {})


@pytest.mark.exigence("ENR-021", "RUL-016")
@pytest.mark.parametrize(
    ("champ", "texte", "attendu"),
    [
        ("numero_ans", "zbuMSS004", "dix lettres ou chiffres"),
        ("numero_ans", "zbu-SS0045", "dix lettres ou chiffres"),
        ("logiciel", "  ", "obligatoire"),
        ("version", "9" * 51, "50"),
        ("dsr", "MSS Santé", "DSR-MS1-DUI-Va1"),
        ("dsr", "DSR-MS1-Va1", "DSR-MS1-DUI-Va1"),
        ("profils", "x" * 41, "40"),
        ("date_effet", "31/02/2024", "calendrier"),
        ("date_effet", "hier", "JJ/MM/AAAA"),
        ("valide", "peut-être", "oui ou non"),
        ("nature", "vendeur", "« Éditeur » ou « Distributeur »"),
        ("profil_operateur", "curieux", "« Opérateur acheteur »"),
    ],
)
def test_une_valeur_fausse_est_dite_avec_ce_qui_est_attendu(champ: str, texte: str, attendu: str):
    _, fautes = lire(BRUT | {champ: texte})
    assert list(fautes) == [champ]
    assert attendu in fautes[champ]


@pytest.mark.exigence("RUL-016")
@pytest.mark.parametrize(
    ("saisi", "dsr", "vague", "dpi", "libelle"),
    [
        ("MS1-DUI", "DSR-MS1-DUI-Va1", 1, False, "Médico-social (DUI) - vague 1"),
        ("dsr-hop-dpi-va1", "DSR-HOP-DPI-Va1", 1, True, "Hôpital (DPI) - vague 1"),
        ("dsr-mdv-lgc-va2", "DSR-MDV-LGC-Va2", 2, False, "Médecine de ville (LGC) - vague 2"),
        ("DSR-HOP-DPI-VA2", "DSR-HOP-DPI-Va2", 2, True, "Hôpital (DPI) - vague 2"),
        ("dsr-sfp-lgc-va2", "DSR-SFP-LGC-Va2", 2, False, "DSR-SFP-LGC-Va2"),
    ],
)
def test_un_dsr_est_celui_d_un_couloir_ou_un_code_libre_de_meme_forme(
    saisi: str, dsr: str, vague: int, dpi: bool, libelle: str
):
    valeurs = _valeurs(dsr=saisi)
    reference = Referencement(**valeurs)
    assert (reference.dsr, reference.vague, reference.est_dpi) == (dsr, vague, dpi)
    if reference.couloir:
        assert reference.couloir == couloirs.par_dsr(dsr)
    assert reference.libelle_dsr == libelle


@pytest.mark.exigence("GST-009")
def test_le_profil_operateur_est_celui_de_la_messagerie_et_d_elle_seule():
    messagerie = "DSR-MSS-MSS-Va1"
    assert _valeurs(dsr=messagerie, profil_operateur="acheteur")["profil_operateur"] == "ACHETEUR"
    assert _valeurs(dsr=messagerie, profil_operateur="DEVELOPPEUR")["profil_operateur"] == "DEVELOPPEUR"
    assert "obligatoire" in lire(BRUT | {"dsr": messagerie})[1]["profil_operateur"]
    assert "vide" in lire(BRUT | {"profil_operateur": "acheteur"})[1]["profil_operateur"]


@pytest.mark.exigence("GST-009")
def test_gestionnaires_et_administration_ecrivent_les_autres_lisent(db):
    assert {profil for profil in Profil if peut_modifier(usines.utilisateur(profil))} == {
        Profil.GESTIONNAIRE,
        Profil.ADMINISTRATION,
    }


@pytest.mark.django_db
@pytest.mark.exigence("ENR-021")
def test_un_numero_se_cherche_a_la_casse_pres():
    reference = usines.referencement(numero_ans="zbuESS0045")
    assert par_numero_ans("zbuESS0045") == reference
    for inconnu in ("ZBUESS0045", "zbuESS0046", "zbuESS004", "", "zbuESS0045\x00"):
        assert par_numero_ans(inconnu) is None


@pytest.mark.django_db
@pytest.mark.exigence("GST-009")
@pytest.mark.parametrize("profil", [Profil.GESTIONNAIRE, Profil.ADMINISTRATION])
def test_chaque_ecriture_est_au_journal(profil: Profil):
    acteur = usines.utilisateur(profil)
    reference = services.creer(valeurs=_valeurs(), auteur=auteur(acteur))
    vue = services.marque(reference)
    autres = _valeurs(version="2.0", valide="non")
    assert services.modifier(numero_ans=reference.numero_ans, valeurs=autres, vue=vue, auteur=auteur(acteur))
    reference.refresh_from_db()
    assert (reference.version, reference.valide, reference.logiciel) == ("2.0", False, "Valusager")
    creation, modification = evenements_de(reference.chaine)
    assert (creation.geste, creation.acteur, creation.role) == (services.CREER, acteur, profil)
    assert creation.details["valeurs"]["dsr"] == ["", "DSR-MS1-DUI-Va1"]
    assert modification.details["valeurs"] == {"version": ["1.4.2", "2.0"], "valide": ["Oui", "Non"]}


@pytest.mark.django_db
@pytest.mark.exigence("GST-009")
def test_enregistrer_sans_rien_changer_n_ecrit_rien():
    acteur = usines.utilisateur(Profil.GESTIONNAIRE)
    reference = services.creer(valeurs=_valeurs(), auteur=auteur(acteur))
    vue = services.marque(reference)
    assert not services.modifier(
        numero_ans=reference.numero_ans, valeurs=_valeurs(), vue=vue, auteur=auteur(acteur)
    )
    assert evenements_de(reference.chaine).count() == 1


@pytest.mark.django_db
@pytest.mark.exigence("GST-009")
def test_un_numero_ne_se_cree_pas_deux_fois():
    acteur = usines.utilisateur(Profil.GESTIONNAIRE)
    services.creer(valeurs=_valeurs(), auteur=auteur(acteur))
    with pytest.raises(GesteImpossible, match="déjà au référentiel"):
        services.creer(valeurs=_valeurs(logiciel="Autre"), auteur=auteur(acteur))
    assert Referencement.objects.get().logiciel == "Valusager"


@pytest.mark.django_db
@pytest.mark.exigence("XCT-014")
def test_de_deux_corrections_faites_ensemble_la_seconde_est_dite():
    acteur = usines.utilisateur(Profil.GESTIONNAIRE)
    reference = services.creer(valeurs=_valeurs(), auteur=auteur(acteur))
    vue = services.marque(reference)
    numero = reference.numero_ans
    services.modifier(numero_ans=numero, valeurs=_valeurs(version="2"), vue=vue, auteur=auteur(acteur))
    with pytest.raises(GesteImpossible, match="a changé"):
        services.modifier(numero_ans=numero, valeurs=_valeurs(version="3"), vue=vue, auteur=auteur(acteur))
    reference.refresh_from_db()
    assert reference.version == "2"


@pytest.mark.django_db
def test_le_dsr_dont_des_enrolements_dependent_ne_change_pas():
    acteur = usines.utilisateur(Profil.GESTIONNAIRE)
    reference = usines.enrolement().referencement
    valeurs = {champ: getattr(reference, champ) for champ in CHAMPS}
    vue = services.marque(reference)
    with pytest.raises(GesteImpossible, match="enrôlements en dépendent"):
        services.modifier(
            numero_ans=reference.numero_ans,
            valeurs=valeurs | {"dsr": "DSR-HOP-DPI-Va1"},
            vue=vue,
            auteur=auteur(acteur),
        )
    assert services.modifier(
        numero_ans=reference.numero_ans, valeurs=valeurs | {"version": "9"}, vue=vue, auteur=auteur(acteur)
    )


def test_chaque_champ_du_referentiel_a_son_libelle():
    colonnes = {champ.name for champ in Referencement._meta.concrete_fields} - {"id"}
    assert set(LIBELLES) == colonnes
