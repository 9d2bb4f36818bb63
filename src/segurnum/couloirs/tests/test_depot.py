"""Which format judges a request: that of its deposit, and for a correction the later one that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from segurnum.couloirs import par_code, par_formulaire
from segurnum.couloirs.champs import FINESS, Champ, Objet, Texte
from segurnum.couloirs.commun import contact, version
from segurnum.couloirs.depot import Fichier
from segurnum.couloirs.documentation import versions
from segurnum.couloirs.roles import Role
from segurnum.regles.calendrier import PARIS
from segurnum.regles.cycles import StatutDemande, TypeDemande

AVANCE, SOLDE = TypeDemande.AVANCE, TypeDemande.SOLDE
BASCULE = datetime(2024, 9, 12, 14, tzinfo=PARIS)
AVANT = BASCULE - timedelta(seconds=1)
MS1 = par_code("MS1-DUI")


def exige(instant: datetime | None, corrige_le: datetime | None = None) -> bool:
    """True when « Déploiement MSS » must be filled."""
    return MS1.format(SOLDE, instant, corrige_le).forme["deploiementMSS"].obligatoire


def test_le_deploiement_mss_est_exige_des_soldes_deposes_depuis_le_12_septembre_2024_a_14_h() -> None:
    assert (exige(AVANT), exige(BASCULE), exige(None)) == (False, True, True)
    assert MS1.format(SOLDE, BASCULE).forme["deploiementMSS"].depuis == BASCULE
    assert MS1.forme(AVANCE, AVANT) == MS1.forme(AVANCE, BASCULE)


def test_un_solde_d_avant_le_remplit_s_il_est_corrige_apres() -> None:
    assert not exige(AVANT, AVANT)
    assert exige(AVANT, BASCULE)
    assert exige(BASCULE, BASCULE)


def test_une_version_qui_ne_le_dit_pas_ne_touche_pas_les_corrections() -> None:
    assert isinstance(MS1.depot, Fichier)
    premiere, seconde = MS1.depot.versions
    troisieme = replace(seconde, depuis=BASCULE + timedelta(days=30), aux_corrections=False)
    muette = Fichier((premiere, seconde, troisieme))
    tard = BASCULE + timedelta(days=60)
    formats = muette.formats(SOLDE)
    assert muette.format(SOLDE, AVANT, tard) is formats[1]
    assert muette.format(SOLDE, BASCULE, tard) is formats[1]
    assert muette.format(SOLDE, tard, tard) is formats[2]


def test_les_versions_se_lisent_de_la_plus_recente_a_la_premiere() -> None:
    recente, premiere = versions(MS1, BASCULE)
    assert (recente.depuis, recente.en_vigueur) == (BASCULE, True)
    assert recente.changements == (
        "Fichier de solde : deploiementMSS (Déploiement MSS) devient obligatoire.",
    )
    assert (premiere.depuis, premiere.en_vigueur, premiere.changements) == (None, False, ())
    assert [version.en_vigueur for version in versions(MS1, AVANT)] == [False, True]


def test_ce_qu_une_version_retire_est_dit_dans_l_ordre_du_fichier() -> None:
    noms = ("zone", "etage", "aile", "porte", "digicode", "lit")
    client = Champ(
        "client", Objet((*contact(), Champ("FINESS", FINESS, "FINESS", role=Role.IDENTIFIANT))), "Client"
    )
    retires = tuple(Champ(nom, Texte(), nom) for nom in noms)
    couloir = replace(
        MS1,
        depot=Fichier(
            (
                version(beneficiaires=Objet((client, *retires))),
                version(beneficiaires=Objet((client,)), depuis=BASCULE),
            )
        ),
    )
    dits = versions(couloir, BASCULE)[0].changements
    assert dits == tuple(
        f"Fichier {de} : beneficiaires.{nom} n'existe plus."
        for de in ("d'avance", "de solde")
        for nom in noms
    )


@pytest.mark.parametrize("couloir", par_formulaire(), ids=repr)
def test_un_formulaire_repond_aux_memes_questions_qu_un_fichier(couloir) -> None:
    for type_demande in TypeDemande:
        du_formulaire, du_fichier = couloir.format(type_demande), MS1.format(type_demande)
        assert (du_formulaire.statut_initial, du_fichier.statut_initial) == (
            StatutDemande.EN_COURS,
            StatutDemande.NON_COMPLETEE,
        )
        assert du_formulaire.blocs[0].titre == du_fichier.blocs[0].titre
        assert [champ.nom for champ in du_formulaire.champs_modifiables({})] == [
            champ.nom for groupe in du_formulaire.groupes for champ in groupe.champs
        ]
        for zone in du_formulaire.zones:
            assert du_formulaire.types_ajoutables(type_demande)[zone.type] == zone.libelle
            assert couloir.depot.libelle_piece(f"{zone.type}_FINMSS000001") == zone.libelle
    assert MS1.depot.libelle_piece("VA") == "Vérification d'aptitude"
