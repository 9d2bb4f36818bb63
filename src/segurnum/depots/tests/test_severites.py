"""The severity of a rule is settled by data, with a reason, and what is deposited then is judged by it."""

from typing import Any

import pytest

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.droits import DroitRefuse
from segurnum.comptes.models import Profil
from segurnum.controles import Severite
from segurnum.controles.catalogue import version_des_regles
from segurnum.depots import services, severites
from segurnum.depots.models import Depot
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.journal.models import Evenement
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db


def _administration():
    return auteur(usines.utilisateur(Profil.ADMINISTRATION))


def _regler(severite: Severite = Severite.ERREUR) -> None:
    severites.regler(
        code="3011", severite=severite, motif="Trop de fichiers mal numérotés.", auteur=_administration()
    )


def _mal_numerote(deposant: Deposant) -> dict[str, Any]:
    donnees = deposant.fichier(1)
    donnees["lignesImport"][0]["numLigne"] = 7
    return donnees


def test_un_avertissement_devient_une_erreur_pour_ce_qui_se_controle_ensuite() -> None:
    deposant = Deposant.nouveau()
    avant = deposant.simuler(_mal_numerote(deposant))
    assert avant.conforme
    _regler()
    apres = deposant.simuler(_mal_numerote(deposant))
    assert not apres.conforme
    assert [(a["code"], a["severite"]) for a in apres.rapport["anomalies"]] == [("3011", "erreur")]
    assert avant.rapport["regles"] != apres.rapport["regles"]
    _regler(Severite.AVERTISSEMENT)
    assert deposant.simuler(_mal_numerote(deposant)).rapport["regles"] == avant.rapport["regles"]


def test_le_changement_est_au_journal_avec_son_motif_et_au_catalogue() -> None:
    _regler()
    fait = Evenement.objects.get(chaine="regle:3011")
    assert (fait.avant, fait.apres, fait.motif) == (
        "avertissement",
        "erreur",
        "Trop de fichiers mal numérotés.",
    )
    (regle,) = [code for code in severites.catalogue_en_vigueur() if code.code == "3011"]
    assert regle.severite is Severite.ERREUR


def test_une_regle_dont_l_import_depend_ne_se_regle_pas() -> None:
    with pytest.raises(GesteImpossible, match="ne se règle pas"):
        severites.regler(
            code="3012", severite=Severite.AVERTISSEMENT, motif="Essai", auteur=_administration()
        )
    with pytest.raises(GesteImpossible, match="déjà de cette gravité"):
        _regler(Severite.AVERTISSEMENT)
    assert severites.en_vigueur(maintenant()) == {}


def test_seule_l_administration_regle_les_controles() -> None:
    agent = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
    with pytest.raises(DroitRefuse):
        severites.regler(code="3011", severite=Severite.ERREUR, motif="Essai", auteur=agent)


def test_un_depot_garde_le_nom_des_regles_qui_l_ont_juge() -> None:
    deposant = Deposant.nouveau()
    depot = services.importer(simulation=deposant.simuler(deposant.fichier(1)).pk, auteur=deposant.auteur)
    _regler()
    assert deposant.simuler(deposant.fichier(1)).rapport["regles"] != version_des_regles()
    assert Depot.objects.get(pk=depot.pk).rapport["regles"] == version_des_regles()
