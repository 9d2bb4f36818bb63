"""Who may open what: what the table must say, whatever becomes of the pages."""

import pytest

from segurnum.comptes.models import PROFILS_ENTREPRISE, Profil, Role, Utilisateur
from segurnum.fichiers.documents import Document, Genre
from segurnum.fichiers.permissions import DROITS, Refus, Usage, peut_ouvrir, refus

SOCIETE, AUTRE = 1, 2
PERSONNELS = (Genre.IDENTITE, Genre.RIB, Genre.IBAN)


def _document(genre: Genre, entreprise: int | None = SOCIETE) -> Document:
    return Document(genre=genre, objet="x", entreprise=entreprise)


def _membre(role: Role, profil: Profil = Profil.FOURNISSEUR, entreprise: int = SOCIETE) -> Utilisateur:
    return Utilisateur(profil=profil, role=role, entreprise_id=entreprise)


def _lisent(genre: Genre) -> set[Profil]:
    agents = [profil for profil in Profil if profil not in PROFILS_ENTREPRISE]
    return {
        profil for profil in agents if peut_ouvrir(Utilisateur(profil=profil), _document(genre), Usage.VOIR)
    }


def test_chaque_genre_de_document_a_sa_ligne():
    assert set(DROITS) == set(Genre)


@pytest.mark.exigence("XCT-005", "XCT-009")
@pytest.mark.parametrize("genre", PERSONNELS)
@pytest.mark.parametrize("usage", Usage)
def test_ni_lecteur_ni_deposant_n_ouvre_identite_rib_ou_iban(genre: Genre, usage: Usage):
    for profil in PROFILS_ENTREPRISE:
        for role in (Role.LECTEUR, Role.DEPOSANT):
            assert refus(_membre(role, profil), _document(genre), usage) is Refus.RESERVE
    voit = peut_ouvrir(_membre(Role.ADMINISTRATEUR), _document(genre), Usage.VOIR)
    assert voit
    assert DROITS[genre].suivi


@pytest.mark.exigence("XCT-009")
def test_chaque_agent_lit_ce_dont_il_a_besoin():
    instruisent = {Profil.GESTIONNAIRE, Profil.ADMINISTRATION}
    assert _lisent(Genre.IDENTITE) == instruisent
    assert _lisent(Genre.RIB) == _lisent(Genre.IBAN) == instruisent | {Profil.COMPTABLE, Profil.AUDITEUR}
    assert _lisent(Genre.MESSAGE) == instruisent
    assert _lisent(Genre.PIECE_DEMANDE) == instruisent | {Profil.COMPTABLE, Profil.DECIDEUR, Profil.AUDITEUR}
    assert _lisent(Genre.IMPORT) == set()


@pytest.mark.exigence("XCT-005")
@pytest.mark.parametrize("genre", [genre for genre, droit in DROITS.items() if droit.possede])
def test_ce_qui_est_a_une_autre_entreprise_n_existe_pas(genre: Genre):
    (usage,) = [*DROITS[genre].usages][:1]
    for entreprise in (AUTRE, None):
        document = _document(genre, entreprise)
        assert refus(_membre(Role.ADMINISTRATEUR), document, usage) is Refus.INCONNU


def test_un_operateur_n_ouvre_pas_ce_qui_est_aux_fournisseurs():
    for genre in (Genre.EXPORT, Genre.IMPORT, Genre.MODELE):
        assert not peut_ouvrir(
            _membre(Role.ADMINISTRATEUR, Profil.OPERATEUR), _document(genre), Usage.TELECHARGER
        )


def test_un_iban_ne_se_telecharge_pas_et_un_export_ne_s_affiche_pas():
    qui = _membre(Role.ADMINISTRATEUR)
    assert not peut_ouvrir(qui, _document(Genre.IBAN), Usage.TELECHARGER)
    assert not peut_ouvrir(qui, _document(Genre.EXPORT), Usage.VOIR)
