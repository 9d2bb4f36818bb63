"""Accounts of the administration: opened by mail, to an address that nobody has."""

from typing import Any

import pytest

from segurnum.comptes import agents
from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.essais import usines
from segurnum.essais.courriels import lien_recu, recus
from segurnum.journal.models import Evenement
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db

AGENT: dict[str, Any] = {"courriel": "zoe@agence.example", "nom": "Durand", "prenom": "Zoé"}


def test_un_agent_invite_recoit_son_identifiant_puis_le_lien_de_son_mot_de_passe() -> None:
    agent = agents.inviter(profil=Profil.DECIDEUR, **AGENT)
    assert (agent.username, agent.profil, agent.entreprise) == ("zdurand", Profil.DECIDEUR, None)
    assert not agent.has_usable_password()
    assert recus(agent) == ["M05", "M06"]
    assert "avec le profil « Décideur »" in Courriel.objects.get(code="M05").corps
    assert lien_recu(agent)
    assert Evenement.objects.get(objet=agent.objet).geste == "OUVRIR_ACCES"


def test_personne_n_est_agent_et_fournisseur_a_la_fois() -> None:
    connu = usines.utilisateur(Profil.FOURNISSEUR)
    with pytest.raises(GesteImpossible, match="a déjà l'adresse"):
        agents.inviter(profil=Profil.GESTIONNAIRE, **AGENT | {"courriel": connu.email.upper()})
    with pytest.raises(GesteImpossible, match="n'est pas un profil"):
        agents.inviter(profil=Profil.OPERATEUR, **AGENT)
    with pytest.raises(GesteImpossible, match="n'est pas une adresse"):
        agents.inviter(profil=Profil.GESTIONNAIRE, **AGENT | {"courriel": "zoé@agence.example"})
    assert not Courriel.objects.exists()
