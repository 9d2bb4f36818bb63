"""Long exports are prepared by the worker, offered for a day, then forgotten; a workbook loses no zero."""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.storage import default_storage
from openpyxl import load_workbook

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.demandes.models import Demande
from segurnum.editique import classeur
from segurnum.editique.classeur import ecrire_classeur
from segurnum.editique.tableur import Cellule
from segurnum.essais import usines
from segurnum.exports import queries, services
from segurnum.exports.listes import ORDRE
from segurnum.exports.models import Contenu, EtatExport, Export, Forme
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.services import lire
from segurnum.paiements.queries import demandes_a_exporter
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db


@pytest.fixture
def personne() -> Utilisateur:
    return usines.utilisateur(Profil.FOURNISSEUR)


def demander(personne: Utilisateur, *cles: int, forme: Forme = Forme.CSV) -> Export:
    assert personne.entreprise is not None
    return services.demander(
        auteur=auteur(personne),
        entreprise=personne.entreprise,
        contenu=Contenu.DEMANDES,
        forme=forme,
        nom=f"demandes.{forme.lower()}",
        cles=cles,
        ordre=ORDRE,
    )


def _demandes(personne: Utilisateur, nombre: int) -> list[Demande]:
    inscrit = usines.enrolement(societe=personne.entreprise)
    return [usines.demande(inscrit=inscrit) for _ in range(nombre)]


def test_l_ouvrier_prepare_ce_que_la_liste_avait_dans_son_ordre(personne: Utilisateur):
    premiere, deuxieme, _ = _demandes(personne, 3)
    etrangere = usines.demande()
    export = demander(personne, deuxieme.pk, premiere.pk, etrangere.pk)
    services.preparer(export=export.pk)
    export.refresh_from_db()
    assert (export.etat, export.pourcentage, export.cles) == (EtatExport.PRET, 100, [])
    assert export.fichier is not None
    lignes = lire(export.fichier).decode("utf-8-sig").splitlines()
    assert [ligne.split(";")[0] for ligne in lignes] == ["N° ASP", deuxieme.numero, premiere.numero]
    services.preparer(export=export.pk)  # queued twice: nothing is done again
    assert Fichier.objects.filter(pk=export.fichier.pk).exists()


def test_l_avancement_se_lit_lot_apres_lot(personne: Utilisateur, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("segurnum.exports.listes.LOT", 1)
    demandes = _demandes(personne, 3)
    export = demander(personne, *(d.pk for d in demandes))
    vus = []

    def espion(*args: Any, **options: Any) -> Any:
        vus.append(Export.objects.get(pk=export.pk).pourcentage)
        return demandes_a_exporter(*args, **options)

    monkeypatch.setattr("segurnum.exports.listes.demandes_a_exporter", espion)
    services.preparer(export=export.pk)
    assert vus == [0, 33, 66]


def test_un_export_qui_echoue_le_dit_et_n_offre_rien(personne: Utilisateur, monkeypatch: pytest.MonkeyPatch):
    export = demander(personne, *(d.pk for d in _demandes(personne, 1)))

    def casser(*_: object) -> None:
        raise ValueError("colonne inconnue")

    monkeypatch.setattr(services, "composer", casser)
    services.preparer(export=export.pk)
    export.refresh_from_db()
    assert (export.etat, export.fichier) == (EtatExport.ECHOUE, None)


def test_une_personne_en_attend_cinq_au_plus(personne: Utilisateur):
    for _ in range(services.ENSEMBLE):
        demander(personne, 1)
    with pytest.raises(GesteImpossible, match="déjà en préparation"):
        demander(personne, 1)


def test_un_export_est_offert_un_jour_a_l_entreprise_puis_s_efface(personne: Utilisateur):
    export = demander(personne, *(d.pk for d in _demandes(personne, 1)))
    services.preparer(export=export.pk)
    export.refresh_from_db()
    assert export.fichier is not None
    assert personne.entreprise is not None
    instant = maintenant()
    assert list(queries.de_l_entreprise(personne.entreprise, instant)) == [export]
    assert not queries.de_l_entreprise(usines.entreprise(), instant).exists()
    assert services.purger(instant=instant + timedelta(hours=23)) == 0
    demain = instant + timedelta(hours=24, minutes=1)
    assert not queries.de_l_entreprise(personne.entreprise, demain).exists()
    assert services.purger(instant=demain) == 1
    assert not Fichier.objects.filter(pk=export.fichier.pk).exists()


def test_ce_qui_ne_vient_pas_s_efface_aussi(personne: Utilisateur):
    demander(personne, 1)
    assert services.purger(instant=maintenant() + timedelta(hours=25)) == 1


def test_un_classeur_garde_les_zeros_et_ne_calcule_rien(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(classeur, "LIGNES_MAX", 2)
    rangees: list[list[Cellule]] = [
        ["00042", "=1+1", Decimal("1074.90"), date(2021, 10, 18), None],
        ["+33155000000", "http://a.example", maintenant().replace(2024, 1, 1, 23, 30), "", "é"],
        ["troisième", "", None, None, None],
    ]
    flux = io.BytesIO()
    ecrire_classeur(flux, ["A", "B", "C", "D", "E"], rangees)
    lu = load_workbook(flux)
    assert [f.max_row for f in lu.worksheets] == [3, 2], (
        "une feuille pleine en ouvre une autre, sous ses titres"
    )
    premiere = lu.worksheets[0]
    a, b, c, d, _ = next(premiere.iter_rows(min_row=2, max_row=2))
    assert (a.value, a.number_format, a.data_type) == ("00042", "@", "s")
    assert (b.value, b.data_type) == ("=1+1", "s")
    assert (c.value, d.value.date()) == (1074.9, date(2021, 10, 18))
    suite = [cellule.value for cellule in next(premiere.iter_rows(min_row=3, max_row=3))]
    assert suite[0] == "+33155000000"
    assert suite[2].date() == date(2024, 1, 2), "le jour de Paris"
    assert all(cellule.hyperlink is None for ligne in premiere.iter_rows() for cellule in ligne)


def test_un_classeur_sans_ligne_a_ses_titres():
    flux = io.BytesIO()
    ecrire_classeur(flux, ["A", "B"], [])
    assert [c.value for c in next(load_workbook(flux).active.iter_rows())] == ["A", "B"]


def test_le_fichier_prepare_est_dans_le_magasin(personne: Utilisateur):
    export = demander(personne, *(d.pk for d in _demandes(personne, 2)), forme=Forme.XLSX)
    services.preparer(export=export.pk)
    export.refresh_from_db()
    assert export.fichier is not None
    assert default_storage.exists(export.fichier.cle)
    feuille = load_workbook(io.BytesIO(lire(export.fichier))).active
    assert feuille.max_row == 3
