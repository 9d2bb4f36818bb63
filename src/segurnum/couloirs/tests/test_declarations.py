"""What the couloirs declare, and what is read from a request for the screens."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from segurnum.couloirs import (
    CouloirInconnu,
    Mandataire,
    dernier,
    par_code,
    par_dsr,
    par_fichier,
    tous,
    trouver,
)
from segurnum.couloirs.baremes import ParBeneficiaire, TableEligible
from segurnum.couloirs.champs import AM, FINESS, PMSI, RPPS, SIRET, ecrire_chemin
from segurnum.couloirs.nomenclature import lire_nom, nom_piece
from segurnum.couloirs.vierges import exemple, fichier_vierge
from segurnum.regles.cycles import TypeDemande

AVANCE, SOLDE = TypeDemande.AVANCE, TypeDemande.SOLDE
DSR = ["DSR-HOP-DPI-Va1", "DSR-HOP-PFI-Va1", "DSR-MDV-LGC-Va1", "DSR-MS1-DUI-Va1", "DSR-RAD-RIS-Va1"]


def une(code: str, type_demande: TypeDemande = AVANCE):
    couloir = par_code(code)
    return couloir, exemple(couloir, type_demande)["lignesImport"][0]


@pytest.mark.exigence("RUL-016", "RUL-017")
def test_les_couloirs_sont_decouverts() -> None:
    assert set(DSR) <= {couloir.dsr for couloir in tous()}
    for couloir in tous():
        assert couloir.libelle.startswith(couloir.rubrique)


def test_un_couloir_de_deux_lettres_a_des_numeros_de_trois() -> None:
    for couloir in tous():
        assert re.fullmatch("[A-Z][A-Z0-9]{2}", couloir.sigle)
        assert couloir.sigle.startswith(couloir.couloir)


def test_un_couloir_se_trouve_par_son_code_ou_son_dsr() -> None:
    assert (
        par_code("MS1-DUI") is par_dsr("DSR-MS1-DUI-Va1") is trouver("ms1-dui") is trouver("dsr-ms1-dui-va1")
    )
    with pytest.raises(CouloirInconnu, match="est de plusieurs vagues : DSR-HOP-PFI-Va1 ou DSR-HOP-PFI-Va2"):
        trouver("HOP-PFI")
    assert dernier("HOP-PFI") is trouver("hop-pfi-va2") is par_dsr("DSR-HOP-PFI-Va2")
    with pytest.raises(CouloirInconnu) as erreur:
        par_code("XXX-YYY")
    assert "« XXX-YYY » n'est pas un couloir connu" in str(erreur.value)
    with pytest.raises(KeyError):
        par_dsr("MS1-DUI")


@pytest.mark.exigence("REQ-036", "REQ-037")
def test_les_accordeons_sont_ceux_du_couloir() -> None:
    assert [bloc.titre for bloc in par_code("MS1-DUI").format(AVANCE).blocs] == [
        "Informations de la demande",
        "Coordonnées bancaires",
        "Bénéficiaire(s)",
        "Informations sur le(s) administrateur(s) technique(s)",
        "Pièces justificatives",
        "Scénario d'installation",
        "Courriels automatiques envoyés",
        "Suivi Financier",
    ]
    hopital = [bloc.code for bloc in par_code("HOP-DPI").format(AVANCE).blocs]
    assert hopital[:4] == ["informations", "coordonnees", "beneficiaires", "pieces"]
    assert "administrateurs" not in hopital


@pytest.mark.exigence("REQ-046")
def test_le_mandataire_est_celui_du_json() -> None:
    couloir, demande = une("HOP-DPI")
    places = couloir.format(AVANCE).places
    assert places.mandataire(demande) is None
    demande["beneficiaires"].update(
        isMandataire=True,
        nomMandataire="GHT",
        emailMandataire="a@ght.example",
        telephoneMandataire="0320123456",
    )
    assert places.mandataire(demande) == Mandataire("GHT", "a@ght.example", "0320123456")


@pytest.mark.exigence("REQ-047")
@pytest.mark.parametrize(
    ("code", "libelle", "type_identifiant"),
    [
        ("HOP-DPI", "Numéro PMSI", "PMSI"),
        ("HOP-PFI", "Numéro PMSI", "PMSI"),
        ("MDV-LGC", "Numéro RPPS ou FINESS", "RPPS"),
        ("MS1-DUI", "FINESS géographique", "FINESS"),
        ("RAD-RIS", "Numéro FINESS ou SIRET", "FINESS"),
    ],
)
def test_la_liste_des_beneficiaires_porte_l_identifiant_du_couloir(code, libelle, type_identifiant) -> None:
    couloir, demande = une(code)
    places = couloir.format(AVANCE).places
    assert places.libelle_identifiant == libelle
    beneficiaire = places.beneficiaires(demande)[0]
    assert beneficiaire.type_identifiant == type_identifiant
    assert beneficiaire.nom == "DURAND"
    assert beneficiaire.courriel
    assert beneficiaire.courriel.endswith(".example")
    for identifiant, chemin in zip(beneficiaire.identifiants, beneficiaire.chemins, strict=True):
        lu = demande
        for pas in chemin:
            lu = lu[pas]
        assert lu == identifiant


def test_un_client_de_radiologie_sans_finess_est_connu_par_son_siret() -> None:
    couloir, demande = une("RAD-RIS")
    demande["beneficiaires"]["clients"][0].update(FINESS=None, SIRET=SIRET.exemple)
    (beneficiaire,) = couloir.format(AVANCE).places.beneficiaires(demande)
    assert (beneficiaire.identifiants, beneficiaire.type_identifiant) == ((SIRET.exemple,), "SIRET")


def test_une_structure_de_ville_est_connue_par_ses_sites_sinon_par_sa_personne_juridique() -> None:
    couloir, demande = une("MDV-LGC")
    beneficiaires = demande["beneficiaires"]
    beneficiaires.update(commandePour="STRUCTURE", liberal=[])
    beneficiaires["structure"].update(nomResponsable="FABRE", FINESSJuridique=FINESS.exemple)
    (seul,) = couloir.format(AVANCE).places.beneficiaires(demande)
    assert (seul.identifiants, seul.nom) == ((FINESS.exemple,), "FABRE")
    beneficiaires["structure"]["FINESSGeo"] = [PMSI.exemple]
    assert couloir.format(AVANCE).places.beneficiaires(demande)[0].identifiants == (PMSI.exemple,)


@pytest.mark.exigence("REQ-041", "REQ-042", "JSN-024", "JSN-025")
def test_le_montant_et_la_date_viennent_de_la_commande_puis_de_la_facture() -> None:
    couloir, demande = une("MDV-LGC")
    assert couloir.montant_declare(demande, AVANCE) == Decimal("1074.99")
    assert couloir.date_declaree(demande, AVANCE) == date(2021, 10, 18)
    assert couloir.regime_tva(demande, AVANCE) == "TTC"
    _, solde = une("MDV-LGC", SOLDE)
    solde["facture"]["montantSegurHTFacture"] = 358.33  # as a JSON column gives it back
    assert couloir.montant_declare(solde, SOLDE) == Decimal("358.33")
    assert couloir.date_declaree(solde, SOLDE) == date(2023, 3, 15)


def test_le_bareme_de_la_medecine_de_ville_est_par_medecin() -> None:
    couloir = trouver("MDV-LGC-Va1")
    assert couloir.bareme == ParBeneficiaire(exemple={"par_beneficiaire": Decimal("358.33")})
    assert par_code("MS1-DUI").bareme == TableEligible()


@pytest.mark.parametrize(
    "identifiant", [SIRET, FINESS, PMSI, RPPS, AM], ids=lambda identifiant: identifiant.nom
)
def test_les_identifiants_d_exemple_sont_valides(identifiant) -> None:
    assert identifiant.est_valide(identifiant.exemple)


@pytest.mark.parametrize("couloir", par_fichier(), ids=lambda couloir: couloir.code)
def test_le_modele_vierge_a_les_memes_champs_que_l_exemple(couloir) -> None:
    for type_demande in TypeDemande:
        vierge, rempli = fichier_vierge(couloir, type_demande), exemple(couloir, type_demande)
        assert list(vierge) == list(rempli)
        assert list(vierge["lignesImport"][0]) == list(rempli["lignesImport"][0])
        assert vierge["siret"] == ""


@pytest.mark.exigence("JSN-040")
def test_un_nom_de_piece_se_lit_comme_il_s_ecrit() -> None:
    assert nom_piece("HOP-DPI", 1, "BON_COMMANDE", "00017") == "HOP-DPI-va1-bdc-00017.pdf"
    for nom in ("hop-dpi-va1-bdc-00017.pdf", "HOP_DPI-VA1_BDC-00017.PDF"):
        lu = lire_nom(nom)
        assert lu is not None
        assert (lu.dsr, lu.code, lu.numero_editeur, lu.extension) == (
            "DSR-HOP-DPI-Va1",
            "bdc",
            "00017",
            "pdf",
        )
    compose = lire_nom("MS2-DUI-PDE-va1-ht-BC_7-2.png")
    assert compose is not None
    assert (compose.dsr, compose.numero_editeur) == ("DSR-MS2-DUI-PDE-Va1", "BC_7-2")
    for nom in ("bdc.pdf", "hop-dpi-bdc-00017.pdf", "hop-dpi-va1-bdc.pdf", "hop-dpi-va1-bdc-é.pdf", ""):
        assert lire_nom(nom) is None


def test_un_chemin_s_ecrit_comme_dans_la_documentation() -> None:
    assert (
        ecrire_chemin(("lignesImport", 3, "commande", "dateCommande"))
        == "lignesImport[3].commande.dateCommande"
    )
    assert ecrire_chemin(()) == ""
    assert ecrire_chemin((0, "a")) == "[0].a"
