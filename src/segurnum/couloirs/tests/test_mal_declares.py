"""A typo in a declaration is told when the couloir is built, with the word and the nearest known."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import segurnum.couloirs
from segurnum.couloirs import Couloir, CouloirMalDeclare, actualiser
from segurnum.couloirs.champs import FINESS, Champ, Choix, Objet, Tableau, Texte
from segurnum.couloirs.commun import contact, mandataire, oui_non, version
from segurnum.couloirs.depot import Fichier, Version
from segurnum.couloirs.roles import Role
from segurnum.couloirs.squelette import squelette
from segurnum.regles.calendrier import PARIS

NUMERO = Champ("FINESS", FINESS, "Numéro FINESS", role=Role.IDENTIFIANT)
POUR = Champ("commandePour", Choix(("LIBERAL", "STRUCTURE")), "Commande pour")
SI_LIBERAL = Champ("a", Texte(), "A", si=("commandePour", "LIBERAL"))
LE_2 = datetime(2024, 9, 12, 14, tzinfo=PARIS)


def beneficiaires(*champs: Champ, client: tuple[Champ, ...] = (*contact(), NUMERO), **clients: Any) -> Objet:
    liste = Champ("clients", Tableau(Objet(client), minimum=1), "Clients", **clients)
    return Objet((*mandataire("isMandataire"), *champs, liste))


def couloir(*versions: Version) -> Couloir:
    return Couloir(couloir="ZZZ", logiciel="ESS", vague=1, libelle="Essai (ESS)", depot=Fichier(versions))


def avec(objet: Objet, scenario: Objet | Tableau | None = None, **autres: Any) -> Callable[[], Couloir]:
    return lambda: couloir(version(beneficiaires=objet, scenario=scenario, **autres))


QUESTION = oui_non("isDirectToDMP", "Direct ?", exclut="isPFIVersDMP")
SITES = Objet(
    (Champ("FINESSGeo", FINESS, "Site", role=Role.SITE), QUESTION), ordre=("FINESSGeo", "isDirectDMP")
)

FAUTES: dict[str, tuple[Callable[[], Couloir], str]] = {
    "exclut": (
        avec(beneficiaires(), Objet((QUESTION, oui_non("isPFIToDMP", "Par une PFI ?")))),
        "demande › scenarioInstallation › isDirectToDMP : « isPFIVersDMP » est inconnu ; "
        "vouliez-vous dire « isPFIToDMP » ?",
    ),
    "ordre": (
        avec(
            beneficiaires(),
            Tableau(replace(SITES, champs=(SITES.champs[0], oui_non("isDirectToDMP", "Direct")))),
        ),
        "« isDirectDMP » est inconnu ; vouliez-vous dire « isDirectToDMP » ?",
    ),
    "ordre incomplet": (
        avec(
            beneficiaires(),
            Tableau(replace(SITES, champs=(*SITES.champs[:1], oui_non("a", "A")), ordre=("a",))),
        ),
        "l'ordre de l'écran oublie FINESSGeo",
    ),
    "si, champ": (
        avec(beneficiaires(POUR, si=("commandPour", "LIBERAL"))),
        "vouliez-vous dire « commandePour » ?",
    ),
    "si, valeur": (
        avec(beneficiaires(POUR, si=("commandePour", "LIBERALE"))),
        "vouliez-vous dire « LIBERAL » ?",
    ),
    "un_de": (
        avec(Objet(beneficiaires().champs, un_de=(("client", "isMandataire"),))),
        "« client » est inconnu ; vouliez-vous dire « clients » ?",
    ),
    "exemple": (
        avec(beneficiaires(exemple=[{"FINES": "990000010"}])),
        "clients (exemple) : « FINES » est inconnu ; vouliez-vous dire « FINESS » ?",
    ),
    "exemple d'un choix": (
        avec(beneficiaires(replace(POUR, type=Choix(("LIBERAL",), exemple="LIBRAL")))),
        "« LIBRAL » est inconnu ; vouliez-vous dire « LIBERAL » ?",
    ),
    "champ répété": (avec(beneficiaires(POUR, POUR)), "le champ « commandePour » est déclaré deux fois"),
    "sans libellé": (avec(beneficiaires(Champ("age", Texte(), ""))), "age : le champ n'a pas de libellé"),
    "rôle déplacé": (
        avec(beneficiaires(), au_solde=(replace(NUMERO, role=Role.SITE),)),
        "FINESS : le rôle SITE ne dit rien à cet endroit",
    ),
    "exclut déplacé": (avec(beneficiaires(replace(POUR, exclut="clients"))), "« exclut » ne vaut que dans"),
    "si déplacé": (
        avec(beneficiaires(client=(*contact(), NUMERO, POUR, SI_LIBERAL))),
        "« si » ne vaut qu'au premier niveau",
    ),
    "bénéficiaire sans nom": (avec(beneficiaires(client=(NUMERO, *contact()[1:]))), "il en manque"),
    "mandataire sans nom": (
        avec(Objet((mandataire("isMandataire")[0], *beneficiaires().champs[4:]))),
        "(mandataire) : « nomMandataire » est inconnu",
    ),
    "première version datée": (
        lambda: couloir(version(beneficiaires=beneficiaires(), depuis=LE_2)),
        "la première version d'un format n'a pas de date",
    ),
    "version sans date": (
        lambda: couloir(version(beneficiaires=beneficiaires()), version(beneficiaires=beneficiaires())),
        "chaque version qui suit la première a une date d'effet",
    ),
    "versions en désordre": (
        lambda: couloir(
            version(beneficiaires=beneficiaires()),
            version(beneficiaires=beneficiaires(), depuis=LE_2),
            version(beneficiaires=beneficiaires(), depuis=LE_2),
        ),
        "de la plus ancienne à la plus récente",
    ),
    "aucune version": (couloir, "la première version d'un format"),
    "DSR": (
        lambda: replace(avec(beneficiaires())(), logiciel="lgo"),
        "DSR-ZZZ-lgo-Va1 : deux ou trois lettres",
    ),
}


@pytest.mark.parametrize(("fait", "phrase"), FAUTES.values(), ids=FAUTES)
def test_une_faute_de_declaration_est_dite_a_la_construction(
    fait: Callable[[], Couloir], phrase: str
) -> None:
    with pytest.raises(CouloirMalDeclare) as faute:
        fait()
    assert phrase in str(faute.value)
    assert str(faute.value).startswith("DSR-ZZZ-")


@pytest.fixture
def depose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Drop a file of declarations among the others."""
    monkeypatch.setattr(segurnum.couloirs, "__path__", [*segurnum.couloirs.__path__, str(tmp_path)])

    def deposer(texte: str) -> None:
        (tmp_path / "zzz_faux.py").write_text(texte, encoding="utf-8")

    yield deposer
    monkeypatch.undo()
    sys.modules.pop("segurnum.couloirs.zzz_faux", None)
    actualiser()


def test_une_faute_dit_le_fichier_et_le_couloir(depose: Callable[[str], None]) -> None:
    depose(
        squelette("ZZZ", "ESS").replace(
            'minimum=1), "Clients")', 'minimum=1), "Clients", exemple=[{"Finess": ""}])'
        )
    )
    with pytest.raises(CouloirMalDeclare) as faute:
        actualiser()
    assert str(faute.value) == (
        "zzz_faux.py : DSR-ZZZ-ESS-Va1 : demande › beneficiaires › clients (exemple) : « Finess » est inconnu ; "
        "vouliez-vous dire « FINESS » ?"
    )


def test_un_dsr_ne_se_declare_qu_une_fois(depose: Callable[[str], None]) -> None:
    depose(squelette("HOP", "DPI"))
    with pytest.raises(CouloirMalDeclare, match="DSR-HOP-DPI-Va1 est déclaré deux fois"):
        actualiser()
