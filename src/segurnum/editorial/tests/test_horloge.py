"""Tickets and publications follow the portal's clock: a demonstration that travels dates them where it is."""

from datetime import timedelta

import pytest

from segurnum.comptes.auteurs import VISITEUR, auteur
from segurnum.comptes.models import Profil
from segurnum.editorial import assistance, queries, services
from segurnum.editorial.models import Actualite
from segurnum.editorial.tests.test_assistance import CHAMPS
from segurnum.essais import usines
from segurnum.essais.horloge import Horloge
from segurnum.regles.calendrier import maintenant

pytestmark = pytest.mark.django_db
UN_MOIS = 30


@pytest.mark.exigence("PUB-033", "GST-030")
def test_un_message_et_sa_reponse_sont_dates_par_l_horloge_du_portail(horloge: Horloge) -> None:
    horloge.avancer(days=UN_MOIS)
    parti = maintenant()
    ticket = assistance.recevoir(champs=CHAMPS, auteur=VISITEUR)
    horloge.avancer(days=1)
    agent = usines.utilisateur(Profil.GESTIONNAIRE)
    assistance.repondre(ticket=ticket.pk, auteur=auteur(agent), texte="Voici.")
    ticket.refresh_from_db()
    assert timedelta() <= ticket.recu_le - parti < timedelta(hours=1)
    assert timedelta(days=1) <= ticket.reponses.get().envoyee_le - ticket.recu_le < timedelta(days=1, hours=1)


@pytest.mark.exigence("GST-025")
def test_une_actualite_publiee_maintenant_se_lit_a_l_heure_du_portail(horloge: Horloge) -> None:
    horloge.avancer(days=UN_MOIS)
    parti = maintenant()
    ligne = services.publier(
        publication=Actualite(titre="Ouverture", categorie="Information", contenu="Texte"),
        auteur=auteur(usines.utilisateur(Profil.GESTIONNAIRE)),
    )
    assert timedelta() <= ligne.publiee_le - parti < timedelta(hours=1)
    assert ligne in queries.actualites_de(usines.utilisateur(Profil.FOURNISSEUR))
