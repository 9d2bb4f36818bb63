"""An enrolment deposited while the directory was down is completed by a job."""

import pytest

from segurnum.annuaire import queries as annuaire
from segurnum.annuaire.entreprise import AnnuaireIndisponible
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.verification import verifier_les_entreprises
from segurnum.essais import usines

pytestmark = pytest.mark.django_db

OUVERTE, FERMEE, INCONNUE = "99900031800017", "99900037500017", usines.siret(654321)


def _en_attente(siret: str) -> Enrolement:
    return usines.enrolement(
        societe=usines.entreprise(siret=siret), statut="EN_COURS", entreprise_a_verifier=True
    )


def test_la_tache_confirme_ce_que_l_annuaire_connait_et_laisse_le_reste_au_gestionnaire() -> None:
    enrolements = {siret: _en_attente(siret) for siret in (FERMEE, OUVERTE, INCONNUE)}
    assert verifier_les_entreprises() == 1
    restent = Enrolement.objects.filter(entreprise_a_verifier=True)
    assert {e.pk for e in restent} == {enrolements[FERMEE].pk, enrolements[INCONNUE].pk}
    assert verifier_les_entreprises() == 0


def test_un_annuaire_encore_en_panne_ne_change_rien(monkeypatch: pytest.MonkeyPatch) -> None:
    _en_attente(OUVERTE)

    def muet(siret: str) -> None:
        raise AnnuaireIndisponible("L'annuaire ne répond pas.")

    monkeypatch.setattr(annuaire, "chercher", muet)
    assert verifier_les_entreprises() == 0
    assert Enrolement.objects.get().entreprise_a_verifier
