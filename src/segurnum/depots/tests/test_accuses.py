"""The receipt of a deposit: one mail for what came together, read in each request."""

import pytest

from segurnum.courriels.models import Courriel
from segurnum.courriels.queries import courriels_de
from segurnum.demandes.models import Demande
from segurnum.depots.queries import sujets_de
from segurnum.essais.depots import Deposant

pytestmark = pytest.mark.django_db


def test_un_depot_termine_a_un_accuse_de_reception_qui_nomme_chaque_demande() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(2)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    deposant.terminer(depot)  # a second click writes nothing
    accuse = Courriel.objects.get(code="M65")
    assert accuse.destinataire == deposant.enrolement.courriel
    demandes = list(Demande.objects.all())
    assert len(demandes) == 2
    for demande in demandes:
        assert demande.numero in accuse.corps
        assert accuse in courriels_de(*sujets_de(demande))
