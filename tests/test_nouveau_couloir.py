"""Adding a couloir is adding one file: dropped in, with two dated formats, it goes the whole way like the others."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.cache import cache

import segurnum.couloirs
from segurnum.cli import principal
from segurnum.controles import Contexte, DejaDemande, verifier
from segurnum.controles.declarations import manques
from segurnum.controles.ecriture import ecrire_json
from segurnum.controles.formulaire import ecrire_champ
from segurnum.controles.tests.fabrique import codes, controler
from segurnum.couloirs import Couloir, actualiser, par_code, tous
from segurnum.couloirs.documentation import documentation, types_de_pieces, versions
from segurnum.couloirs.schema import schema
from segurnum.couloirs.squelette import A_COMPLETER
from segurnum.couloirs.vierges import exemple
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import donnees_courantes
from segurnum.depots import modifications
from segurnum.essais.depots import Deposant
from segurnum.regles.calendrier import PARIS, instant_long, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.tableurs import classeur, convertir, modele, plan_de
from segurnum.web.tests.depot import Fournisseur, en_cours, gestionnaire
from segurnum.web.tests.lecture import mots
from tests.parcours_couloirs import lire_la_documentation, parcourir

AVANCE, SOLDE = TypeDemande.AVANCE, TypeDemande.SOLDE
# The second format begins a day from now: what is deposited first is of the first one.
BASCULE = maintenant().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)

ESSAI = f'''
"""A throw-away couloir: gardens, known by a licence, whose colour is asked for from the second format on."""

from datetime import datetime

from segurnum.couloirs.champs import AM, Booleen, Champ, Choix, Identifiant, Objet, Tableau
from segurnum.couloirs.commun import contact, mandataire, version
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.depot import Fichier
from segurnum.couloirs.roles import Role

LICENCE = Identifiant("numéro de licence", "L suivi de six chiffres", str.isalnum, "^L[0-9]{{6}}$", "L123456")


def une(couleur, **suite):
    jardin = Objet((
        *contact("nomTitulaire"),
        Champ("AM", AM, "Numéro AM", role=Role.IDENTIFIANT),
        Champ("licence", LICENCE, "Licence"),
        *couleur,
    ))
    jardins = Champ("jardins", Tableau(jardin, minimum=1), "Jardins")
    return version(beneficiaires=Objet((*mandataire("isMandataire"), jardins)), **suite)


COULEUR = Champ("couleur", Choix(("VERT", "ROSE")), "Couleur du jardin")
SOL = Champ("sol", Objet((Champ("acide", Booleen(), "Sol acide"),)), "Sol du jardin")
COULOIRS = (
    Couloir(
        couloir="ZZ",
        logiciel="LGO",
        vague=2,
        libelle="Essai (LGO)",
        depot=Fichier((
            une(()),
            une((COULEUR, SOL), depuis=datetime.fromisoformat("{BASCULE.isoformat()}"), aux_corrections=True),
        )),
    ),
)
'''


@pytest.fixture
def couloir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Couloir]:
    """The couloir, found because its file lies in the package's path."""
    (tmp_path / "zzz_essai.py").write_text(ESSAI, encoding="utf-8")
    monkeypatch.setattr(segurnum.couloirs, "__path__", [*segurnum.couloirs.__path__, str(tmp_path)])
    actualiser()
    cache.clear()
    for module in (
        "services",
        "modifications",
    ):  # a child that began before the file was there does not know it
        monkeypatch.setattr(f"segurnum.depots.{module}.verifier", verifier)
    yield par_code("ZZ-LGO")
    monkeypatch.undo()
    sys.modules.pop("segurnum.couloirs.zzz_essai", None)
    actualiser()
    cache.clear()


def test_un_couloir_ajoute_par_un_fichier_est_controle_comme_les_autres(couloir: Couloir) -> None:
    assert couloir in tous()
    assert manques(couloir) == []
    donnees = exemple(couloir, AVANCE)
    donnees["lignesImport"][0]["beneficiaires"]["jardins"][0].update(AM="12345678X", licence="!")
    assert codes(controler(donnees)) == ["2008", "2000"]
    finances = Contexte(
        beneficiaires_finances=lambda identifiants: dict.fromkeys(
            identifiants, DejaDemande("dossier FINZZL000001")
        )
    )
    assert codes(controler(exemple(couloir, AVANCE), finances)) == ["3436"]


def test_un_couloir_ajoute_par_un_fichier_est_documente(couloir: Couloir) -> None:
    chemins = [ligne.chemin for ligne in documentation(couloir, AVANCE)]
    assert "lignesImport[].beneficiaires.jardins[].AM" in chemins
    assert types_de_pieces(couloir, AVANCE)[0].exemple == "ZZ-LGO-va2-bdc-00001.pdf"
    assert schema(couloir, AVANCE)["title"] == "DSR-ZZ-LGO-Va2 - avance"
    assert couloir.format(AVANCE).places.questions == ()


def test_un_couloir_ajoute_par_un_fichier_a_son_modele_en_ligne_de_commande(
    couloir: Couloir, capsys: pytest.CaptureFixture[str]
) -> None:
    assert principal(["modele", couloir.dsr, "--exemple"]) == 0
    assert '"AM": "123456789"' in capsys.readouterr().out
    assert principal(["couloir", "verifier", couloir.code]) == 0
    assert "DSR-ZZ-LGO-Va2 (Essai (LGO) - vague 2) : juste" in capsys.readouterr().out


def test_un_couloir_ajoute_par_un_fichier_se_depose_depuis_un_tableur(couloir: Couloir) -> None:
    plan = plan_de(couloir, AVANCE)
    assert "Licence" in [colonne.intitule for colonne in plan.proposees]
    lue = convertir(BytesIO(classeur(plan, exemple(couloir, AVANCE))))
    assert lue.reussie
    assert lue.dsr == couloir.dsr  # its columns are nobody else's
    assert controler(json.loads(lue.octets)).conforme
    assert modele(plan)


@pytest.mark.django_db
def test_un_couloir_ajoute_par_un_fichier_va_de_son_exemple_a_son_solde(couloir: Couloir) -> None:
    assert parcourir(couloir).dsr == couloir.dsr


@pytest.mark.django_db
def test_les_versions_d_un_format_sont_publiees_avec_leurs_dates(couloir: Couloir) -> None:
    texte = lire_la_documentation(couloir)
    assert f"Depuis le {instant_long(BASCULE)}" in texte
    nouvelle, premiere = versions(couloir, maintenant())
    assert (nouvelle.en_vigueur, premiere.en_vigueur, premiere.changements) == (False, True, ())
    assert nouvelle.changements[0].startswith(
        "Fichier d'avance : beneficiaires.jardins[].couleur (Couleur du jardin) est ajouté."
    )
    assert all(changement in texte for changement in nouvelle.changements)
    assert "Couleur du jardin" not in [ligne.libelle for ligne in documentation(couloir, AVANCE)]
    assert "Couleur du jardin" in [ligne.libelle for ligne in documentation(couloir, AVANCE, BASCULE)]


def test_un_fichier_est_juge_par_le_format_en_vigueur_a_son_depot(couloir: Couloir) -> None:
    seconde = timedelta(seconds=1)
    for instant, attendus in ((BASCULE - seconde, []), (BASCULE, ["3055", "3055"])):
        fichier = exemple(couloir, AVANCE, instant=BASCULE - seconde)
        assert codes(controler(fichier, Contexte(couloir.dsr, AVANCE, instant=instant))) == attendus
        nouveau = exemple(couloir, AVANCE, instant=BASCULE)
        refuses = ["1102", "1102"] if instant < BASCULE else []
        assert codes(controler(nouveau, Contexte(couloir.dsr, AVANCE, instant=instant))) == refuses


@pytest.mark.django_db
def test_une_demande_d_avant_se_lit_toujours_et_se_corrige_selon_le_format_qui_suit(
    couloir: Couloir, monkeypatch: pytest.MonkeyPatch
) -> None:
    fournisseur = Fournisseur(Deposant.nouveau(couloir.dsr))
    intacte, corrigee = en_cours(fournisseur.deposant, 2)
    services.demander_modification(demande=corrigee.pk, auteur=gestionnaire(), motif="Dites la couleur.")
    _aller_a(BASCULE + timedelta(minutes=5), monkeypatch)
    fournisseur = Fournisseur(fournisseur.deposant)  # the session of the day before is over
    for demande in (intacte, corrigee):
        demande.refresh_from_db()
        assert fournisseur.lire("demande", demande.numero).status_code == 200
    cle, acide = "beneficiaires.jardins[0].couleur", "beneficiaires.jardins[0].sol.acide"
    champs = modifications.champs_de(corrigee)
    saisie = {champ.nom: ecrire_champ(champ.champ, champ.valeur) for champ in champs}
    assert (saisie[cle], saisie[acide]) == ("", "")
    assert cle in modifications.corrections(corrigee, saisie).fautes
    with pytest.raises(GesteImpossible):
        modifications.confirmer(demande=corrigee.pk, saisie=saisie, auteur=fournisseur.deposant.auteur)
    modifications.confirmer(
        demande=corrigee.pk, saisie=saisie | {cle: "ROSE", acide: "oui"}, auteur=fournisseur.deposant.auteur
    )
    corrigee.refresh_from_db()
    jardin = donnees_courantes(corrigee)["beneficiaires"]["jardins"][0]
    assert (jardin["couleur"], jardin["sol"]) == ("ROSE", {"acide": True})
    assert "Couleur du jardin" in mots(fournisseur.lire("historique", corrigee.numero))
    services.valider(demande=intacte.pk, auteur=gestionnaire())
    assert "couleur" not in ecrire_json(donnees_courantes(Demande.objects.get(pk=intacte.pk)))


def _aller_a(instant: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    avance = instant - maintenant()
    monkeypatch.setattr("segurnum.regles.calendrier._avance", lambda: avance)


def test_le_couloir_d_essai_disparait_avec_son_fichier() -> None:
    assert "ZZ" not in {couloir.couloir for couloir in tous()}


def test_un_couloir_se_commence_par_une_commande(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commande = ["couloir", "nouveau", "zzz-ess", "--dossier", str(tmp_path)]
    assert principal(commande) == 0
    sortie = capsys.readouterr().out
    assert "zzz.py est écrit. Il reste à choisir" in sortie
    texte = (tmp_path / "zzz.py").read_text(encoding="utf-8")
    assert texte.count(A_COMPLETER) == sortie.count("  ligne ")
    espace: dict[str, tuple[Couloir, ...]] = {}
    exec(compile(texte, "zzz.py", "exec"), espace)
    (ne,) = espace["COULOIRS"]
    assert ne.dsr == "DSR-ZZZ-ESS-Va1"
    assert ne.format(AVANCE, datetime(2022, 1, 1, tzinfo=PARIS)).places.listes
    assert principal(commande) == 2
    assert "existe déjà" in capsys.readouterr().err
    assert principal(["couloir", "nouveau", "PHARMACIE", "--dossier", str(tmp_path)]) == 2
    assert principal(["couloir", "verifier", "XXX-YYY"]) == 2
