"""The letters: what they say, that they are accessible, archivable, reproducible and deaf to markup."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from syrupy.assertion import SnapshotAssertion

from segurnum.editique import (
    AvisPaiement,
    DecisionAttribution,
    Destinataire,
    Emetteur,
    LigneMontant,
    Signataire,
    TitreDeRecette,
    attestation_hds,
    avis_de_paiement,
    decision_attribution,
    titre_de_recette,
)

from .texte_pdf import texte

EMETTEUR = Emetteur(
    nom="Agence de services et de paiement",
    service="Mission Ségur numérique",
    adresse=("2 rue de l’Exemple", "87000 Limoges"),
    courriel="segur@agence.example",
    telephone="05 55 00 00 00",
)
DESTINATAIRE = Destinataire(
    denomination="Logiciels du Littoral SAS",
    siret="12345678200010",
    adresse=("14 quai des Essais", "Bâtiment B", "33000 Bordeaux"),
    attention="Camille Exemple",
)
SIGNATAIRE = Signataire(nom="Dominique Modèle", qualite="La directrice du financement")
DECISION = DecisionAttribution(
    emetteur=EMETTEUR,
    destinataire=DESTINATAIRE,
    signataire=SIGNATAIRE,
    reference="DEC-2024-000123",
    lieu="Limoges",
    date=date(2024, 1, 2),
    numero_dossier="FINMS1010719M0",
    type_demande="Avance",
    dsr="DSR-MS1-DUI-Va1",
    libelle_couloir="Médico-social (DUI)",
    lignes=(
        LigneMontant("Montant Ségur HT déclaré", "Montant HT du bon de commande", "1\u202f074,99\u00a0€"),
        LigneMontant("Plafond HT applicable", "Barème, trois établissements", "18\u202f750,00\u00a0€"),
        LigneMontant("Avance décidée", "30 % × 1\u202f289,99\u00a0€, arrondi au centime", "387,00\u00a0€"),
    ),
    montant_decide="387,00\u00a0€",
    titulaire="Logiciels du Littoral SAS",
    compte_masque="FR76 •••• •••• •••• •••• •••• 189",
    visas=("le code de la santé publique, notamment son article L. 1111-24",),
    recours=("Cette décision peut être contestée dans un délai de deux mois.",),
)
AVIS = AvisPaiement(
    emetteur=EMETTEUR,
    destinataire=DESTINATAIRE,
    signataire=SIGNATAIRE,
    reference="AVP-2024-000045",
    lieu="Limoges",
    date=date(2024, 1, 20),
    numero_dossier="FINMS1010719M0",
    type_demande="Avance",
    dsr="DSR-MS1-DUI-Va1",
    libelle_couloir="Médico-social (DUI)",
    reference_decision="DEC-2024-000123",
    versement="VERSE001",
    reference_virement="FINMS1010719M0-VERSE001",
    montant_paye="387,00\u00a0€",
    date_effet=date(2024, 1, 19),
    titulaire="Logiciels du Littoral SAS",
    compte_masque="FR76 •••• •••• •••• •••• •••• 189",
)

TITRE = TitreDeRecette(
    emetteur=EMETTEUR,
    destinataire=DESTINATAIRE,
    signataire=SIGNATAIRE,
    reference="TR2024-00012",
    lieu="Limoges",
    date=date(2024, 3, 1),
    numero_dossier="FINMS1010719M0",
    type_demande="Avance",
    dsr="DSR-MS1-DUI-Va1",
    libelle_couloir="Médico-social (DUI)",
    lignes=(
        LigneMontant("Versé au titre de la demande FINMS1010719M0", "", "387,00\u00a0€"),
        LigneMontant("Montant à recouvrer", "une partie de 387,00\u00a0€", "87,00\u00a0€"),
    ),
    montant="87,00\u00a0€",
    motif="La commande a été résiliée pour partie.",
    echeance=date(2024, 3, 31),
    total=False,
    reglement=("Par virement, en rappelant la référence de ce titre.",),
    recours=("Ce titre peut être contesté dans un délai de deux mois.",),
)


@pytest.mark.exigence("REQ-052")
def test_la_decision_dit_le_calcul_le_montant_et_le_compte(snapshot: SnapshotAssertion) -> None:
    lu = texte(decision_attribution(DECISION))
    assert "1\u202f074,99\u00a0€" in lu
    assert lu.count("387,00\u00a0€") >= 3
    assert lu == snapshot


def test_l_avis_dit_le_montant_la_date_d_effet_et_la_reference(snapshot: SnapshotAssertion) -> None:
    lu = texte(avis_de_paiement(AVIS))
    assert "387,00\u00a0€" in lu
    assert "19 janvier 2024" in lu
    assert "VERSE001" in lu
    assert lu == snapshot


def test_le_titre_de_recette_dit_la_somme_son_calcul_son_echeance_et_les_recours() -> None:
    lu = texte(titre_de_recette(TITRE))
    assert lu.count("87,00\u00a0€") >= 2
    for dit in ("TR2024-00012", "31 mars 2024", TITRE.motif, *TITRE.reglement, *TITRE.recours):
        assert dit in lu
    assert "sera annulée" not in lu
    assert "sera annulée" in texte(titre_de_recette(replace(TITRE, total=True)))


def test_l_avis_d_un_paiement_compense_dit_ce_qui_a_ete_retenu() -> None:
    assert "compensation" not in texte(avis_de_paiement(AVIS))
    lu = texte(avis_de_paiement(replace(AVIS, compense="87,00\u00a0€")))
    assert "Retenu par compensation" in lu
    assert "87,00\u00a0€ ont été retenus" in lu


def test_un_trop_percu_se_lit_comme_une_somme_a_restituer() -> None:
    lu = texte(decision_attribution(replace(DECISION, trop_percu=True)))
    assert "Trop-perçu à restituer" in lu
    assert "sera versée" not in lu


@pytest.mark.parametrize(
    "pdf",
    [decision_attribution(DECISION), avis_de_paiement(AVIS), titre_de_recette(TITRE)],
    ids=["decision", "avis", "titre"],
)
def test_la_lettre_est_balisee_titree_et_archivable(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf), attempt_recovery=False) as document:
        assert bool(document.Root.MarkInfo.Marked)
        assert str(document.Root.Lang) == "fr-FR"
        assert "/StructTreeRoot" in document.Root
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
        with document.open_metadata() as xmp:
            assert "FINMS1010719M0" in xmp["dc:title"]
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("2", "A", "1")


def test_les_titres_et_le_tableau_du_calcul_ont_leurs_balises() -> None:
    with pikepdf.open(BytesIO(decision_attribution(DECISION))) as document:
        roles = {
            str(o.S)
            for o in document.objects
            if isinstance(o, pikepdf.Dictionary) and "/S" in o and "/P" in o
        }
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= roles


def test_chaque_page_porte_la_reference_et_son_numero() -> None:
    longue = replace(DECISION, lignes=DECISION.lignes * 8)
    lu = texte(decision_attribution(longue))
    for page in ("Page 1 sur 3", "Page 2 sur 3", "Page 3 sur 3"):
        assert page in lu
    assert lu.count("référence DEC-2024-000123") == 3


def test_les_memes_donnees_donnent_les_memes_octets_dans_un_autre_processus() -> None:
    programme = (
        "import hashlib; from segurnum.editique import decision_attribution as d;"
        f"from {__name__} import DECISION; print(hashlib.sha256(d(DECISION)).hexdigest())"
    )
    empreintes = {
        subprocess.run(
            [sys.executable, "-c", programme],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONPATH": p},
        ).stdout
        for p in [":".join(sys.path)] * 2
    }
    assert len(empreintes) == 1
    assert decision_attribution(DECISION) != decision_attribution(replace(DECISION, montant_decide="1,00 €"))


def test_des_donnees_hostiles_sont_imprimees_telles_quelles() -> None:
    hostile = '#import "x": * $1+1$ *gras* _i_ = [a] <b> \\ @c `d` // e #panic("f")'
    lu = texte(
        decision_attribution(replace(DECISION, destinataire=replace(DESTINATAIRE, denomination=hostile)))
    )
    assert hostile in " ".join(lu.split())


@pytest.mark.parametrize("nom", ["Santé 🏥 Plus", "医院 SARL", "A\x00B", "a\u202eb", "lig\nne", "\ud800", ""])
def test_un_caractere_sans_dessin_n_empeche_pas_la_lettre(nom: str) -> None:
    pdf = avis_de_paiement(replace(AVIS, titulaire=nom))
    assert pdf.startswith(b"%PDF-")


def test_tous_les_caracteres_declares_lisibles_sont_dessines() -> None:
    from segurnum.editique.lettres import _PLAGES_LISIBLES

    tous = tuple("".join(map(chr, range(debut, fin + 1))) for debut, fin in _PLAGES_LISIBLES)
    lu = texte(decision_attribution(replace(DECISION, visas=tous)))
    assert {c for plage in tous for c in plage if not c.isspace()} <= set(lu)


@pytest.mark.exigence("PUB-045")
def test_l_attestation_hds_est_un_formulaire_accessible_et_reproductible() -> None:
    pdf = attestation_hds()
    assert pdf == attestation_hds()
    lu = texte(pdf)
    for attendu in ("Attestation sur l’honneur", "SIRET", "numéro de référencement", "Signature"):
        assert attendu in lu
    with pikepdf.open(BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "fr-FR"
        assert document.open_metadata().pdfa_status == "2A"
