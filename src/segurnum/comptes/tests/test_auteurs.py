"""Who acts: every profile, somebody without an account, the portal – and what the journal keeps of each."""

import pytest

from segurnum.comptes.auteurs import PORTAIL, VISITEUR, Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.journal.models import Evenement
from segurnum.journal.services import Fait, consigner
from segurnum.regles.cycles import DEMANDE, PAIEMENT, Acteur
from segurnum.regles.cycles_coordonnees import BANCAIRE, PERSONNES
from segurnum.regles.cycles_enrolement import ENROLEMENT
from segurnum.regles.cycles_modeles import MODELE

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-032")]
PAR_LIEN = Auteur(role=Acteur.FOURNISSEUR, nom="le demandeur")


def _ecrit(qui: Auteur) -> Evenement:
    consigner([Fait(chaine="essai:1", objet="essai:1", geste="ESSAI", auteur=qui)])
    return Evenement.objects.latest("pk")


@pytest.mark.parametrize("profil", list(Profil))
def test_une_personne_agit_sous_son_profil_quel_qu_il_soit(profil: Profil) -> None:
    personne = usines.utilisateur(profil)
    qui = auteur(personne)
    assert (qui.personne, qui.nom) == (personne.pk, personne.username)
    fait = _ecrit(qui)
    assert (fait.acteur, fait.role, fait.details) == (personne, profil, {})


def test_l_operateur_est_un_fournisseur_dans_les_cycles_et_lui_meme_au_journal() -> None:
    qui = auteur(usines.utilisateur(Profil.OPERATEUR))
    assert (qui.role, qui.qualite) == (Acteur.FOURNISSEUR, "OPERATEUR")


@pytest.mark.parametrize(
    ("qui", "role", "details"),
    [
        (PORTAIL, "SYSTEME", {}),
        (VISITEUR, "PUBLIC", {"qui": "un visiteur"}),
        (PAR_LIEN, "FOURNISSEUR", {"qui": "le demandeur"}),
    ],
)
def test_qui_n_a_pas_de_compte_est_nomme_au_journal(qui: Auteur, role: str, details: dict[str, str]) -> None:
    fait = _ecrit(qui)
    assert (fait.acteur, fait.role, fait.details) == (None, role, details)
    with pytest.raises(ValueError, match="qui a un compte"):
        _ = qui.personne


def test_l_administration_et_les_visiteurs_n_ont_aucun_geste_dans_les_cycles() -> None:
    for table in (DEMANDE, PAIEMENT, ENROLEMENT, MODELE, BANCAIRE, PERSONNES):
        assert not any({Acteur.ADMINISTRATION, Acteur.VISITEUR} & pas.acteurs for pas in table)
