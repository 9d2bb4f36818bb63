"""« Établir mes documents »: what an advance says is filled in, and the file that is made holds what was typed."""

import pytest

from segurnum.comptes.models import Role, Utilisateur
from segurnum.editique.tests.texte_pdf import texte
from segurnum.web.tests.depot import Fournisseur, en_cours

pytestmark = pytest.mark.django_db


def _saisie(fournisseur: Fournisseur, **valeurs: str) -> dict[str, str]:
    return {
        "modele": "COMMANDE",
        "enrolement": str(fournisseur.deposant.enrolement.pk),
        "montant_ht": "1 074,99",
        "taux_tva": "20",
        "client": "Foyer des Trois-Lunes",
        "forme": "pdf",
    } | valeurs


def test_un_fournisseur_etablit_un_bon_de_commande_en_pdf_et_en_docx() -> None:
    fournisseur = Fournisseur()
    pdf = fournisseur.faire("contrats", **_saisie(fournisseur))
    dit = " ".join(texte(bytes(pdf.content)).split())
    for attendu in ("Foyer des Trois-Lunes", "1 289,99 €", fournisseur.deposant.enrolement.entreprise.siret):
        assert attendu in dit
    docx = fournisseur.faire("contrats", **_saisie(fournisseur, forme="docx"))
    assert docx.content.startswith(b"PK")
    assert ".docx" in docx["Content-Disposition"]


def test_une_avance_remplit_la_va_de_son_solde() -> None:
    fournisseur = Fournisseur()
    (avance,) = en_cours(fournisseur.deposant)
    initial = fournisseur.lire("contrats", demande=avance.numero).context["form"].initial
    client = avance.beneficiaires.get()
    assert (initial["modele"], initial["montant_ht"]) == ("VA", avance.montant_declare)
    assert initial["identifiant"] == ", ".join(client.identifiants)


def test_l_avance_d_une_autre_entreprise_ne_remplit_rien() -> None:
    (avance,) = en_cours(Fournisseur().deposant)
    assert Fournisseur().lire("contrats", demande=avance.numero).context["form"].initial == {}


def test_sans_montant_rien_n_est_etabli_et_c_est_dit_a_son_champ() -> None:
    fournisseur = Fournisseur()
    reponse = fournisseur.faire("contrats", **_saisie(fournisseur, montant_ht=""))
    assert reponse.status_code == 422
    assert "Indiquez le montant" in reponse.content.decode()


def test_un_lecteur_n_etablit_aucun_document() -> None:
    fournisseur = Fournisseur()
    Utilisateur.objects.filter(pk=fournisseur.deposant.utilisateur.pk).update(role=Role.LECTEUR)
    assert fournisseur.faire("contrats", **_saisie(fournisseur)).status_code == 403
