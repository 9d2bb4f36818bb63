"""How much may be kept: by draft, network, company, and by all the strangers; and the switch that stops it."""

import io
from contextlib import nullcontext
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.essais.horloge import Horloge
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.services import recevoir
from segurnum.journal.queries import evenements_de
from segurnum.limites.interrupteurs import basculer
from segurnum.limites.models import Interrupteur
from segurnum.limites.origine import Origine, depuis
from segurnum.limites.queries import fermes
from segurnum.limites.reglages import MO, Quota
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db
INCONNU = Origine("reseau-1")
COLLEGUES = (Origine("reseau-1", entreprise=1, personne=1), Origine("reseau-2", entreprise=1, personne=2))


def garder(origine: Origine | None, octets: int = 1, brouillon: str = "") -> None:
    with depuis(origine) if origine else nullcontext():
        recevoir(flux=io.BytesIO(b"x" * octets), nom="a.pdf", brouillon=brouillon)


def test_un_reseau_inconnu_n_est_pas_sans_fond(settings: Settings, horloge: Horloge) -> None:
    settings.QUOTA_RESEAU = Quota(fichiers=3, octets=10)
    garder(INCONNU, 6)
    with pytest.raises(GesteImpossible, match=r"votre réseau peut envoyer .* à partir du"):
        garder(INCONNU, 5)
    garder(INCONNU, 1)
    garder(INCONNU, 1)
    with pytest.raises(GesteImpossible, match="3 fichiers par jour"):
        garder(INCONNU, 1)
    garder(Origine("reseau-2"), 6)
    horloge.avancer(days=1)
    garder(INCONNU, 6)


def test_un_fichier_refuse_n_est_pas_garde(settings: Settings) -> None:
    settings.QUOTA_RESEAU = Quota(fichiers=3, octets=10)
    with pytest.raises(GesteImpossible):
        garder(INCONNU, 11)
    assert not Fichier.objects.exists()


def test_une_entreprise_est_comptee_ou_qu_elle_soit_et_pas_ses_voisines(settings: Settings) -> None:
    settings.QUOTA_ENTREPRISE = Quota(fichiers=2, octets=MO)
    for collegue in COLLEGUES:
        garder(collegue)
    with pytest.raises(GesteImpossible, match="votre entreprise peut envoyer 2 fichiers par jour"):
        garder(COLLEGUES[0])
    garder(Origine("reseau-1", entreprise=2, personne=3))


def test_une_saisie_a_sa_part(settings: Settings) -> None:
    settings.QUOTA_BROUILLON = Quota(fichiers=1, octets=MO)
    garder(INCONNU, brouillon="un")
    with pytest.raises(GesteImpossible, match="cette saisie peut envoyer 1 fichier par jour"):
        garder(INCONNU, brouillon="un")
    garder(INCONNU, brouillon="deux")


def test_tous_les_inconnus_ensemble_ne_remplissent_pas_le_disque(
    settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.QUOTA_INCONNUS = Quota(fichiers=2, octets=MO)
    for rang in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            garder(Origine(f"reseau-{rang}"))
    with pytest.raises(GesteImpossible, match="personnes non connectées"):
        garder(Origine("reseau-9"))
    garder(COLLEGUES[0])


def test_ce_que_le_portail_fait_lui_meme_n_est_pas_compte(settings: Settings) -> None:
    settings.QUOTA_ENTREPRISE = settings.QUOTA_RESEAU = settings.QUOTA_INCONNUS = Quota(fichiers=0, octets=0)
    garder(None)


def test_l_interrupteur_arrete_tout_depot_de_fichier_et_dit_pourquoi() -> None:
    agent = usines.utilisateur(Profil.ADMINISTRATION)
    geste: dict[str, Any] = {"cle": Interrupteur.Cle.FICHIERS, "auteur": auteur(agent)}
    with pytest.raises(GesteImpossible, match="pourquoi"):
        basculer(fermer=True, motif="  ", **geste)
    basculer(fermer=True, motif="Disque plein.", **geste)
    assert fermes() == {"FICHIERS": "Disque plein."}
    for origine in (None, INCONNU, *COLLEGUES):
        with pytest.raises(GesteImpossible, match=r"Disque plein\."):
            garder(origine)
    basculer(fermer=False, motif="", **geste)
    garder(INCONNU)
    assert [(fait.geste, fait.acteur_id, fait.motif) for fait in evenements_de("interrupteur:FICHIERS")] == [
        ("FERMER", agent.pk, "Disque plein."),
        ("ROUVRIR", agent.pk, ""),
    ]


def test_un_quota_se_lit_en_fichiers_et_en_mo() -> None:
    assert Quota.lire("40/60") == Quota(fichiers=40, octets=60 * MO)
    with pytest.raises(ValueError, match="40/60"):
        Quota.lire("40")
