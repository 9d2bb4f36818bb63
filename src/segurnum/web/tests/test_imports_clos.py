"""An import that waits for nothing more says what became of it, and nothing else."""

import pytest

from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.depots import suites
from segurnum.depots.models import Depot
from segurnum.essais.horloge import Horloge
from segurnum.regles.calendrier import maintenant
from segurnum.web.tests.depot import Fournisseur
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.test_incompletes import zip_partiel

pytestmark = pytest.mark.django_db


def test_un_import_qui_n_attend_plus_rien_ne_se_dit_plus_a_reprendre(horloge: Horloge):
    """Two of three handed over, the last deleted at its supplier's wish; and an import of which nothing is left."""
    fournisseur = Fournisseur()
    deposant = fournisseur.deposant
    depot = deposant.importer(3)
    derniere = Demande.objects.order_by("-pk")[0]
    nombre = PieceJustificative.objects.exclude(demande=derniere).count()
    deposant.envoyer(depot, zip_partiel(deposant.zip_de(depot), range(nombre)))
    fournisseur.faire("terminer", depot.pk)
    assert "reprendre" in mots(fournisseur.lire("importations"))
    fournisseur.faire("supprimer_incompletes", demande=[derniere.pk])
    texte = mots(fournisseur.lire("importations"))
    assert "reprendre" not in texte
    assert "2 transmises, 1 supprimée" in texte
    assert "Votre dépôt est terminé" in mots(fournisseur.lire("pieces", depot.pk))
    perdu = deposant.importer(1)
    horloge.avancer(days=9)
    suites.expirer(instant=maintenant())
    fournisseur = Fournisseur(deposant)
    assert "reprendre" not in mots(fournisseur.lire("importations"))
    texte = mots(fournisseur.lire("pieces", perdu.pk))
    assert "Cet import n'attend plus de pièces" in texte
    assert "transmises" not in texte


def test_ce_qui_fut_importe_de_nouveau_ne_l_est_pas_deux_fois():
    """Nor offered: the line says by which import, and what is deleted of that one is its own."""
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(2)
    cles = list(Demande.objects.values_list("pk", flat=True))
    fournisseur.faire("supprimer_incompletes", demande=cles)
    assert "Importer de nouveau" in mots(fournisseur.lire("supprimees", depot.pk))
    fournisseur.faire("reimporter", depot.pk)
    nouveau = Depot.objects.latest("pk")
    relues = mots(fournisseur.lire("supprimees", depot.pk))
    assert relues.count(f"Importée de nouveau : import {nouveau.pk}") == 2
    assert "Importer de nouveau" not in relues
    page = fournisseur.suivre(fournisseur.faire("reimporter", depot.pk))
    assert "Aucune demande supprimée de cet import n'est à importer de nouveau" in mots(page)
    assert Depot.objects.count() == 2
