"""The journal is the key: what is followed is open to who has just written that they read it."""

from datetime import timedelta

import pytest

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.fichiers import lectures
from segurnum.fichiers.documents import Document, Genre
from segurnum.fichiers.permissions import Usage
from segurnum.journal.models import Evenement
from segurnum.journal.queries import ruptures
from segurnum.regles.calendrier import maintenant

pytestmark = pytest.mark.django_db

RIB = Document(genre=Genre.RIB, objet="rib:1", sujet="90000000000001", entreprise=1)
PIECE = Document(genre=Genre.PIECE_DEMANDE, objet="piece:1", entreprise=1)


@pytest.mark.exigence("XCT-009")
def test_une_lecture_dit_qui_quoi_et_quand():
    agent, avant = usines.utilisateur(Profil.COMPTABLE), maintenant()
    lectures.noter(auteur=auteur(agent), document=RIB, usage=Usage.TELECHARGER)
    lectures.noter(auteur=auteur(agent), document=PIECE, usage=Usage.TELECHARGER)  # not followed
    (fait,) = lectures.toutes()
    assert (fait.acteur, fait.role, fait.objet, fait.geste) == (agent, "COMPTABLE", "rib:1", "TELECHARGER")
    assert fait.details == {"genre": "RIB", "sujet": "90000000000001"}
    assert fait.instant >= avant
    assert ruptures() == []


@pytest.mark.exigence("XCT-009")
def test_une_lecture_s_ouvre_a_son_lecteur_pour_un_quart_d_heure(monkeypatch: pytest.MonkeyPatch):
    lecteur, autre = (usines.utilisateur(Profil.GESTIONNAIRE) for _ in range(2))
    assert lectures.ouvertes(lecteur, [RIB, PIECE]) == {PIECE.objet}
    lectures.noter(auteur=auteur(lecteur), document=RIB, usage=Usage.VOIR)
    assert lectures.ouvertes(lecteur, [RIB, PIECE]) == {RIB.objet, PIECE.objet}
    assert lectures.ouvertes(autre, [RIB]) == frozenset()
    plus_tard = maintenant() + lectures.DUREE + timedelta(seconds=1)
    monkeypatch.setattr(lectures, "maintenant", lambda: plus_tard)
    assert lectures.ouvertes(lecteur, [RIB]) == frozenset()


def test_telecharger_n_ouvre_pas_l_affichage():
    lecteur = usines.utilisateur(Profil.GESTIONNAIRE)
    lectures.noter(auteur=auteur(lecteur), document=RIB, usage=Usage.TELECHARGER)
    assert lectures.ouvertes(lecteur, [RIB]) == frozenset()


def test_l_evenement_d_un_autre_ne_s_ecrit_pas_dans_ma_chaine():
    qui = [usines.utilisateur(Profil.GESTIONNAIRE) for _ in range(2)]
    for lecteur in qui:
        lectures.noter(auteur=auteur(lecteur), document=RIB, usage=Usage.VOIR)
    assert sorted(Evenement.objects.values_list("chaine", "rang")) == sorted(
        (f"lectures:{lecteur.pk}", 1) for lecteur in qui
    )
