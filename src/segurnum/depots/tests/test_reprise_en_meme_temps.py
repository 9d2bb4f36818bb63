"""Two officers at once, the same gesture twice, a deposit meanwhile: each has its effect exactly once."""

from datetime import timedelta
from pathlib import Path

import pytest

from segurnum.annuaire_sante import propositions, services
from segurnum.annuaire_sante.models import ArreteComptes, ComptageFourni, Extrait, PropositionComptages
from segurnum.annuaire_sante.tests.fichiers import charger, fournir
from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import donnees_courantes
from segurnum.depots.reprise import juger_comptages, juger_extrait
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.essais.operateurs import Operateur
from segurnum.journal.models import Evenement
from segurnum.regles.calendrier import date_fr, jour_de_paris, maintenant
from segurnum.regles.cycles import TransitionRefusee, TypeDemande
from segurnum.regles.cycles_annuaire import GesteComptages, GesteExtrait, StatutExtrait

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.exigence("MSS-009", "GST-028")]

UN = "un.mssante.example"
SOLDE = TypeDemande.SOLDE


def _agent() -> Auteur:
    return auteur(usines.utilisateur(Profil.GESTIONNAIRE))


@pytest.fixture
def operateur(tmp_path: Path) -> Operateur:
    """Its counts are settled; an extract without half of its mailboxes waits."""
    inscrit = Operateur.nouveau()
    inscrit.deposer()
    cloture = maintenant() - timedelta(hours=2)
    inscrit.compter_au(cloture)
    services.rattacher_domaine(numero_ans=inscrit.numero_ans, domaine=UN, auteur=_agent())
    boites = [("PER", f"p{rang}@{UN}") for rang in range(20)]
    charger(tmp_path, *boites, au=cloture - timedelta(hours=2))
    chemin = tmp_path / "comptages.csv"
    jour = date_fr(jour_de_paris(cloture))
    chemin.write_text(f"domaine;nombre;date;source\n{UN};100;{jour};ANS\n", encoding="utf-8")
    fournir(chemin)
    charger(tmp_path, *boites[:10], au=cloture - timedelta(hours=1))
    return inscrit


def _retenu() -> int:
    return Extrait.objects.get(statut=StatutExtrait.RETENU).pk


def test_deux_gestionnaires_qui_confirment_le_meme_extrait_n_en_font_qu_un(operateur: Operateur) -> None:
    solde = operateur.deposer(SOLDE)
    extrait, premier, second = _retenu(), _agent(), _agent()

    def confirmer(qui: Auteur) -> object:
        return juger_extrait(extrait=extrait, geste=GesteExtrait.CONFIRMER, motif="Vérifié", auteur=qui)

    issues = ensemble(lambda: confirmer(premier), lambda: confirmer(second))
    assert sum(isinstance(issue, TransitionRefusee) for issue in issues) == 1
    assert Demande.objects.get(pk=solde.pk).version_courante == 2
    assert Courriel.objects.filter(code="M89").count() == 1
    assert Evenement.objects.filter(objet=f"extrait:{extrait}", geste="CONFIRMER").count() == 1


def test_confirmer_et_ecarter_a_la_fois_ne_font_que_l_un(operateur: Operateur) -> None:
    operateur.deposer(SOLDE)
    extrait = _retenu()
    gestes = (GesteExtrait.CONFIRMER, GesteExtrait.ECARTER)
    qui = [_agent() for _ in gestes]
    ensemble(
        *(
            lambda geste=geste, agent=agent: juger_extrait(
                extrait=extrait, geste=geste, motif="Vérifié", auteur=agent
            )
            for geste, agent in zip(gestes, qui, strict=True)
        )
    )
    faits = list(Evenement.objects.filter(objet=f"extrait:{extrait}").order_by("rang"))
    ligne = Extrait.objects.get(pk=extrait)
    assert faits[-1].apres == ligne.statut
    # Confirmed then set aside is two gestures, each on what the other left: what is written follows the last.
    nombres = donnees_courantes(Demande.objects.get(type=SOLDE))["balNominatives"]
    assert nombres == (10 if ligne.statut is StatutExtrait.EN_VIGUEUR else 20)


def test_un_depot_pendant_la_confirmation_n_a_que_des_nombres_vrais(operateur: Operateur) -> None:
    extrait, agent = _retenu(), _agent()
    ensemble(
        lambda: operateur.deposer(SOLDE),
        lambda: juger_extrait(extrait=extrait, geste=GesteExtrait.CONFIRMER, motif="Vérifié", auteur=agent),
    )
    solde = Demande.objects.get(type=SOLDE)
    assert donnees_courantes(solde)["balNominatives"] == 10
    assert ArreteComptes.objects.get().nombre_adresses == 10


def test_les_memes_comptages_confirmes_deux_fois_ne_comptent_qu_une(operateur: Operateur) -> None:
    solde = operateur.deposer(SOLDE)
    jour = date_fr(jour_de_paris(maintenant() - timedelta(hours=2)))
    donnes = propositions.proposer(cellules=[UN, "300", jour, "ANS"], auteur=_agent())
    qui = [_agent(), _agent()]
    issues = ensemble(
        *(
            lambda agent=agent: juger_comptages(
                proposition=donnes.pk, geste=GesteComptages.CONFIRMER, auteur=agent
            )
            for agent in qui
        )
    )
    assert sum(isinstance(issue, TransitionRefusee) for issue in issues) == 1
    assert PropositionComptages.objects.get(pk=donnes.pk).juge_par_id in {agent.cle for agent in qui}
    assert ComptageFourni.objects.latest("pk").nombre == 300
    assert Demande.objects.get(pk=solde.pk).version_courante == 2
