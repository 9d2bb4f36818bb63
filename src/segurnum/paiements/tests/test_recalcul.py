"""What is decided is computed again: a column altered by force is refused, and told with its figures."""

from decimal import Decimal
from typing import Any

import pytest

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.essais import argent, usines
from segurnum.paiements import services as paiements
from segurnum.paiements.models import Decision
from segurnum.referentiel.models import Plafond
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db


def _qui(profil: Profil) -> Auteur:
    return auteur(usines.utilisateur(profil))


def _validee(**valeurs: Any) -> Demande:
    demande = usines.demande(montant="1000.00", plafond="800.00", **valeurs)
    usines.enveloppe(demande.dsr)
    return services.valider(demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE))


def _refus(demande: Demande) -> str:
    with pytest.raises(GesteImpossible) as refus:
        paiements.decider(demande=demande.pk, auteur=_qui(Profil.DECIDEUR))
    demande.refresh_from_db()
    assert demande.statut is StatutDemande.VALIDEE
    assert not Decision.objects.filter(demande=demande).exists()
    return str(refus.value).replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.exigence("GST-015", "RUL-009", "RUL-011")
@pytest.mark.parametrize(
    ("colonne", "figures"),
    [
        ("montant_decide", ("99 999,99 €", "288,00 €")),
        ("engagement_ht", ("99 999,99 €", "800,00 €")),
        ("engagement", ("99 999,99 €", "960,00 €")),
        ("montant_declare", ("99 999,99 €", "1 000,00 €")),
    ],
)
def test_un_montant_change_de_force_est_refuse_et_dit_avec_les_deux_chiffres(
    colonne: str, figures: tuple[str, str]
) -> None:
    demande = _validee()
    Demande.objects.filter(pk=demande.pk).update(**{colonne: Decimal("99999.99")})
    dit = _refus(demande)
    assert all(figure in dit for figure in figures), dit


@pytest.mark.exigence("GST-015")
def test_le_taux_et_le_detail_du_calcul_sont_compares_aussi() -> None:
    demande = _validee()
    Demande.objects.filter(pk=demande.pk).update(taux_tva=Decimal("8.5"))
    assert "taux de TVA de 8,5 % en base, de 20 % à la validation" in _refus(demande)
    demande = _validee()
    assert demande.calcul is not None
    Demande.objects.filter(pk=demande.pk).update(calcul=demande.calcul | {"decide": "288.01"})
    assert "détail du calcul" in _refus(demande)


@pytest.mark.exigence("GST-015", "RUL-009")
def test_un_plafond_qui_n_est_plus_celui_de_la_validation_arrete_la_decision() -> None:
    demande = _validee()
    Plafond.objects.update(montant_ht=Decimal("700.00"))
    dit = _refus(demande)
    assert "800,00 € à la validation, de 700,00 € par le calcul refait" in dit
    Plafond.objects.all().delete()
    assert "0,00 € par le calcul refait" in _refus(demande)


@pytest.mark.exigence("GST-015")
def test_ce_que_personne_n_a_valide_ne_se_decide_pas() -> None:
    demande = usines.demande()
    usines.enveloppe(demande.dsr)
    Demande.objects.filter(pk=demande.pk).update(
        statut=StatutDemande.VALIDEE, montant_decide=Decimal("300.00")
    )
    assert "aucune validation n'est au journal" in _refus(demande)


@pytest.mark.exigence("GST-015", "RUL-011")
def test_une_avance_changee_de_force_arrete_la_decision_de_son_solde() -> None:
    avance = usines.demande(StatutDemande.DECIDEE, montant="1000.00")
    argent.payee(avance)
    solde = usines.demande(dossier=avance.dossier, type_demande=TypeDemande.SOLDE, montant="900.00")
    usines.enveloppe(solde.dsr)
    services.valider(demande=solde.pk, auteur=_qui(Profil.GESTIONNAIRE))
    Demande.objects.filter(pk=avance.pk).update(montant_decide=Decimal("1.00"))
    dit = _refus(solde)
    assert "avance, montant à décider de 1,00 € en base, de 360,00 € à la validation" in dit


@pytest.mark.exigence("GST-014", "GST-015")
def test_ce_que_le_gestionnaire_a_reduit_se_decide_tel_quel() -> None:
    demande = usines.demande(montant="1000.00")
    usines.enveloppe(demande.dsr)
    services.valider(
        demande=demande.pk,
        auteur=_qui(Profil.GESTIONNAIRE),
        retenu_ht=Decimal("400.00"),
        motif="Module non livré.",
    )
    decision = paiements.decider(demande=demande.pk, auteur=_qui(Profil.DECIDEUR))
    assert decision.montant == Decimal("144.00")
