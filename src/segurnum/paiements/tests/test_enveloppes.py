"""Which envelope a decision draws on: the first by rank that is valid that day in Paris and suffices."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.essais.horloge import Horloge
from segurnum.grand_livre import controle
from segurnum.grand_livre.tests.vies import qui, validee
from segurnum.paiements import services
from segurnum.paiements.attente import par_couloir, par_enveloppe
from segurnum.paiements.models import Decision, Enveloppe
from segurnum.regles.calendrier import PARIS, maintenant
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db


def _decider(**valeurs: object) -> Decision:
    return services.decider(demande=validee(**valeurs).pk, auteur=qui(Profil.DECIDEUR))


@pytest.mark.exigence("GST-016")
def test_la_deuxieme_enveloppe_sert_quand_la_premiere_ne_suffit_plus() -> None:
    premiere, seconde = usines.enveloppe(montant="500"), usines.enveloppe(montant="500")
    Enveloppe.objects.filter(pk=premiere.pk).update(rang=2)
    assert [_decider().enveloppe for _ in range(2)] == [seconde, premiere]
    with pytest.raises(GesteImpossible, match="il reste 140,00") as refus:
        _decider()
    assert str(refus.value).count("il reste") == 2
    # What is left on the first is enough for less.
    assert _decider(montant="100.00").enveloppe == seconde


@pytest.mark.exigence("GST-016")
def test_une_decision_a_la_cloture_de_l_exercice_est_jugee_a_l_heure_de_paris(horloge: Horloge) -> None:
    annee = maintenant().year
    ancienne, nouvelle = usines.enveloppe(), usines.enveloppe()
    Enveloppe.objects.filter(pk=ancienne.pk).update(valable_au=date(annee, 12, 31))
    Enveloppe.objects.filter(pk=nouvelle.pk).update(valable_du=date(annee + 1, 1, 1), rang=2)
    demandes = [validee() for _ in range(3)]

    def a(instant: datetime) -> Enveloppe:
        horloge.avance = timedelta()
        horloge.avancer(seconds=(instant - maintenant()).total_seconds())
        return services.decider(demande=demandes.pop().pk, auteur=qui(Profil.DECIDEUR)).enveloppe

    assert a(datetime(annee, 12, 31, 23, 59, 30, tzinfo=PARIS)) == ancienne
    assert a(datetime(annee + 1, 1, 1, 0, 0, 1, tzinfo=PARIS)) == nouvelle  # still the year before in UTC
    Enveloppe.objects.filter(pk=nouvelle.pk).update(valable_au=date(annee + 1, 1, 31))
    with pytest.raises(GesteImpossible, match="n'est valable le 01/02"):
        a(datetime(annee + 1, 2, 1, tzinfo=PARIS))


@pytest.mark.exigence("GST-016")
@pytest.mark.django_db(transaction=True)
def test_deux_decisions_au_meme_instant_ne_prennent_pas_la_meme_fin_d_enveloppe() -> None:
    usines.enveloppe(montant="400")
    usines.enveloppe(montant="400")
    decideur = qui(Profil.DECIDEUR)
    demandes = [validee() for _ in range(3)]
    resultats = ensemble(*(lambda d=d: services.decider(demande=d.pk, auteur=decideur) for d in demandes))
    decisions = [une for une in resultats if isinstance(une, Decision)]
    assert len(decisions) == 2
    assert len({une.enveloppe_id for une in decisions}) == 2
    assert all(isinstance(une, GesteImpossible | Decision) for une in resultats)
    assert controle.verifier().phrases == []


@pytest.mark.exigence("GST-016")
def test_un_trop_percu_n_ote_rien_a_ce_qui_est_a_decider() -> None:
    usines.enveloppe()
    usines.demande(StatutDemande.VALIDEE, montant="1000.00")  # 360 €
    usines.demande(StatutDemande.VALIDEE, montant_decide=Decimal("-100.00"))
    (ligne,) = par_couloir(StatutDemande.VALIDEE).lignes
    assert (ligne.nombre, ligne.somme, ligne.negatives) == (2, Decimal(360), 1)


@pytest.mark.exigence("GST-016")
def test_une_demande_n_attend_que_sous_une_enveloppe() -> None:
    vide, pleine, close = usines.enveloppe(montant="10"), usines.enveloppe(), usines.enveloppe()
    Enveloppe.objects.filter(pk=vide.pk).update(decide=10)
    Enveloppe.objects.filter(pk=close.pk).update(valable_au=date(2020, 12, 31))
    usines.demande(StatutDemande.VALIDEE)
    decisions = par_enveloppe()
    assert {budget.enveloppe: budget.file.total for budget in decisions.budgets} == {vide: 0, pleine: 1}
    assert decisions.total == 1


@pytest.mark.django_db(transaction=True)
def test_les_comptes_de_l_accueil_restent_exacts_quand_tous_ecrivent_ensemble() -> None:
    usines.enveloppe()
    decideur = qui(Profil.DECIDEUR)
    demandes = [validee() for _ in range(4)]

    def rejeter(cle: int) -> None:
        services.annuler(demande=cle, auteur=qui(Profil.GESTIONNAIRE), motif="Erreur")

    ensemble(
        *(lambda d=d: services.decider(demande=d.pk, auteur=decideur) for d in demandes[:2]),
        *(lambda d=d: rejeter(d.pk) for d in demandes[1:3]),
    )
    assert controle.verifier().phrases == []
    restent = StatutDemande.VALIDEE
    assert par_couloir(restent).total == 1
