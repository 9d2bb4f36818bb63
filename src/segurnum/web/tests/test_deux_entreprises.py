"""One person, two companies, two tabs: what belongs to one company is never shown nor done for the other."""

import re
from typing import Any

import pytest
from django.urls import reverse

from segurnum.comptes.models import Habilitation, Profil, Role, Utilisateur
from segurnum.coordonnees.models import ModificationBancaire, ModificationPersonnes
from segurnum.enrolements.models import Brouillon, Enrolement
from segurnum.essais import usines
from segurnum.modeles.models import ModeleDocument
from segurnum.modeles.tests.monde import VA
from segurnum.web.tests.candidat import piece
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.titulaire import Titulaire

pytestmark = pytest.mark.django_db

POUR_UNE_AUTRE = "Cette page est celle d'une autre entreprise"


class Partage(Titulaire):
    """Somebody who acts for two companies. The forms of `faire` come from pages of the first one."""

    def __init__(self) -> None:
        super().__init__(referencement=usines.referencement("HOP-DPI", dsr="DSR-HOP-DPI-Va2"))
        vague_2 = usines.referencement("HOP-DPI", dsr="DSR-HOP-DPI-Va2")
        self.seconde = usines.enrolement(referencement=vague_2).entreprise
        Habilitation.objects.create(
            utilisateur=self.personne,
            entreprise=self.seconde,
            profil=Profil.FOURNISSEUR,
            role=Role.ADMINISTRATEUR,
        )

    def changer(self) -> None:
        """Choose the other company, as in another tab: the pages already open know nothing of it."""
        habilitation = Habilitation.objects.get(utilisateur=self.personne)
        assert self.faire("choisir_entreprise", habilitation=habilitation.pk).status_code == 302


@pytest.mark.exigence("XCT-005", "ENR-071", "ENR-081")
def test_une_demande_complementaire_commencee_pour_une_entreprise_ne_se_voit_pas_de_l_autre():
    partage = Partage()
    partage.rechercher()
    partage.completer(piece_certificat=piece("de-la-premiere.pdf"))
    partage.changer()
    page = partage.lire("enrolement_complementaire")
    assert "de-la-premiere.pdf" not in mots(page)
    assert "Réinitialiser" not in mots(page)
    assert partage.completer(taux_tva="20").status_code == 409
    assert not Enrolement.objects.filter(type="COMPLEMENTAIRE").exists()
    partage.changer()
    assert "de-la-premiere.pdf" in mots(partage.lire("enrolement_complementaire"))
    assert partage.completer(taux_tva="20").status_code == 302
    assert Enrolement.objects.get(type="COMPLEMENTAIRE").entreprise == partage.societe


def test_chaque_entreprise_a_son_brouillon():
    partage = Partage()
    partage.rechercher()
    partage.changer()
    numero = usines.referencement().numero_ans
    saisie: dict[str, Any] = {"version": 0, "geste": "rechercher", "numero_ans": numero}
    assert (
        partage.faire("enrolement_complementaire", entreprise=partage.seconde.pk, **saisie).status_code == 302
    )
    assert set(Brouillon.objects.values_list("entreprise", flat=True)) == {
        partage.societe.pk,
        partage.seconde.pk,
    }


@pytest.mark.exigence("XCT-005", "XCT-014")
@pytest.mark.parametrize(
    "route",
    [
        "ajouter_compte",
        "modifier_personnes",
        "inviter",
        "changer_role",
        "retirer_acces",
        "rouvrir_acces",
        "modeles",
        "valider_modeles",
        "enrolement_complementaire",
        "complementaire_quitter",
    ],
)
@pytest.mark.parametrize("cle", ["premiere", "absente", "fausse"])
def test_un_formulaire_de_l_autre_entreprise_ne_fait_rien_et_le_dit(route: str, cle: str):
    partage = Partage()
    partage.rechercher()
    collegue = usines.utilisateur(Profil.FOURNISSEUR, entreprise=partage.societe)
    Habilitation.objects.create(
        utilisateur=collegue, entreprise=partage.seconde, profil=Profil.FOURNISSEUR, role=Role.DEPOSANT
    )
    partage.changer()
    adresse = reverse(f"fournisseur:{route}", args=[collegue.pk] if route.endswith(("role", "acces")) else [])
    page: dict[str, str] = {
        "premiere": {"entreprise": str(partage.societe.pk)},
        "absente": {},
        "fausse": {"entreprise": "x"},
    }[cle]
    invitation = {"nom": "Martin", "prenom": "Ali", "courriel": "ali@societe.example", "role": "LECTEUR"}
    reponse = partage.client.post(adresse, invitation | page)
    assert reponse.status_code == 409
    assert POUR_UNE_AUTRE in mots(reponse)
    assert partage.seconde.denomination in mots(reponse)
    assert not Utilisateur.objects.filter(email="ali@societe.example").exists()
    assert Habilitation.objects.get(utilisateur=collegue).role == Role.DEPOSANT
    assert Brouillon.objects.count() == 1
    for modele in (ModificationBancaire, ModificationPersonnes, ModeleDocument):
        assert not modele.objects.exists()


@pytest.mark.parametrize(
    ("page", "formulaires"),
    [
        ("ajouter_compte", 1),
        ("personnes_physiques", 1),
        ("inviter", 1),
        ("utilisateurs", 2),
        ("modeles", 3),
        ("enrolement_complementaire", 3),
    ],
)
def test_chaque_formulaire_dit_l_entreprise_de_sa_page(page: str, formulaires: int):
    partage = Partage()
    partage.rechercher()
    partage.faire("modeles", type_fichier=VA, fichier=piece("modele-va.pdf"))
    html = partage.lire(page).content.decode()
    travail = html[html.index("<main") : html.index("</main>")]
    envois = re.findall(r'<form[^>]*method="post".*?</form>', travail, re.DOTALL)
    cle = f'name="entreprise" value="{partage.societe.pk}"'
    assert len(envois) >= formulaires
    assert all(cle in envoi for envoi in envois)
