"""Where much is still to be paid, one person accepts an account and another confirms it. What is odd is told."""

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from segurnum.comptes.auteurs import PORTAIL, auteur
from segurnum.comptes.comptes_bancaires import retenir
from segurnum.comptes.models import CoordonneesBancaires, Entreprise, Profil
from segurnum.coordonnees import banque, permissions
from segurnum.coordonnees.constats import Releve, constats, constats_du_compte
from segurnum.coordonnees.models import ModificationBancaire
from segurnum.coordonnees.tests.monde import Societe, compte, ecrits, officier
from segurnum.coordonnees.tests.test_banque import beaucoup_a_payer
from segurnum.demonstration.identites import iban
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.regles.cycles_coordonnees import GesteModification, StatutModification
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.identifiants import cle_rib, est_iban

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-024")]


def _proposee(qui: object = None) -> ModificationBancaire:
    societe = Societe()
    beaucoup_a_payer(societe)
    return banque.accepter(modification=societe.compte_confirme().pk, auteur=qui or officier())  # type: ignore[arg-type]


def test_au_dela_du_seuil_une_autre_personne_confirme() -> None:
    premier, second = officier(), officier()
    ligne = _proposee(premier)
    assert ligne.statut is StatutModification.A_CONTRESIGNER
    assert not ecrits("M20")
    with pytest.raises(GesteImpossible, match="par une autre personne que vous"):
        banque.contresigner(modification=ligne.pk, auteur=premier)
    confirmee = banque.contresigner(modification=ligne.pk, auteur=second)
    assert confirmee.statut is StatutModification.ACCEPTEE
    assert (confirmee.instructeur_id, confirmee.contresignataire_id) == (premier.cle, second.cle)
    assert ecrits("M20")


def test_au_dessous_du_seuil_une_personne_suffit() -> None:
    societe = Societe()
    usines.demande(
        inscrit=usines.enrolement(societe=societe.entreprise), montant="500000.00"
    )  # not validated
    ligne = banque.accepter(modification=societe.compte_confirme().pk, auteur=officier())
    assert ligne.statut is StatutModification.ACCEPTEE


def test_a_zero_le_seuil_demande_toujours_deux_personnes(settings: Settings) -> None:
    settings.SEUIL_BANCAIRE = 0
    ligne = banque.accepter(modification=Societe().compte_confirme().pk, auteur=officier())
    assert ligne.statut is StatutModification.A_CONTRESIGNER


def test_la_seconde_personne_remet_en_instruction_ou_refuse() -> None:
    ligne = _proposee()
    reprise = banque.reprendre(modification=ligne.pk, auteur=officier(), motif="Le RIB est à relire.")
    assert reprise.statut is StatutModification.EN_COURS
    banque.accepter(modification=ligne.pk, auteur=officier())
    refusee = banque.refuser(modification=ligne.pk, auteur=officier(), motif="RIB d'une autre entreprise.")
    assert refusee.statut is StatutModification.REFUSEE


def test_la_base_refuse_deux_fois_la_meme_personne() -> None:
    ligne = _proposee()
    with pytest.raises(IntegrityError, match="deux_personnes"), transaction.atomic():
        ModificationBancaire.objects.filter(pk=ligne.pk).update(contresignataire=ligne.instructeur_id)


def test_l_ecran_propose_le_bon_geste_a_la_bonne_personne() -> None:
    personne, autre = (usines.utilisateur(Profil.GESTIONNAIRE) for _ in range(2))
    societe = Societe()
    beaucoup_a_payer(societe)
    ligne = societe.compte_confirme()
    attendus = [GesteModification.PROPOSER, GesteModification.REFUSER]
    assert permissions.gestes(personne, ligne) == attendus
    ligne = banque.accepter(modification=ligne.pk, auteur=auteur(personne))
    assert GesteModification.CONTRESIGNER not in permissions.gestes(personne, ligne)
    assert permissions.empechement(personne, ligne) == banque.MEME_ACCEPTANT
    assert GesteModification.CONTRESIGNER in permissions.gestes(autre, ligne)


@pytest.mark.django_db(transaction=True)
def test_deux_personnes_confirment_au_meme_instant_une_seule_le_fait() -> None:
    ligne = _proposee()
    resultats = ensemble(
        *[
            lambda qui=qui: banque.contresigner(modification=ligne.pk, auteur=qui)
            for qui in (officier(), officier())
        ]
    )
    assert sorted(type(resultat).__name__ for resultat in resultats) == [
        "ModificationBancaire",
        "TransitionRefusee",
    ]


# --- What is odd about an account


def test_le_meme_iban_dans_deux_entreprises_se_dit() -> None:
    une, autre = usines.entreprise(), usines.entreprise()
    partage = une.comptes_bancaires.get()
    assert constats_du_compte(partage) == ()
    double = retenir_comme(autre, partage.iban)
    (phrase,) = constats_du_compte(double)
    assert une.denomination in phrase
    assert une.siret in phrase


def retenir_comme(entreprise: Entreprise, numero: str) -> CoordonneesBancaires:
    entreprise.comptes_bancaires.update(statut="INACTIVE")
    return retenir(
        entreprise=entreprise,
        auteur=PORTAIL,
        iban=numero,
        bic="ESSAFRPP",
        titulaire=entreprise.denomination,
        domiciliation="BANQUE DES ESSAIS",
    )


def test_un_iban_declare_par_un_autre_enrolement_en_instruction_se_dit() -> None:
    inscrit = usines.enrolement_depose()
    entreprise = usines.entreprise()
    (phrase,) = constats(
        entreprise,
        Releve(
            inscrit.donnees["banque"]["iban"], "ESSAFRPP", entreprise.denomination, entreprise.denomination
        ),
    )
    assert inscrit.numero in phrase


@pytest.mark.parametrize(
    ("titulaire", "denomination", "meme"),
    [
        ("SAS LOGICIELS DU LITTORAL", "Logiciels du Littoral", True),
        ("LOGICIELS DU LITTORAL S.A.S.", "Logiciels du Littoral SAS", True),
        ("Société Brumeval Santé-Numérique", "BRUMEVAL SANTE NUMERIQUE", True),
        ("M. Jean DURAND", "Logiciels du Littoral", False),
        ("LOGICIELS DU LITTORAL HOLDING", "Logiciels du Littoral", False),
    ],
)
def test_un_titulaire_qui_n_est_pas_l_entreprise_se_dit(
    titulaire: str, denomination: str, meme: bool
) -> None:
    releve = Releve("FR7699999000010000000000137", "ESSAFRPP", titulaire, denomination)
    assert bool(constats(usines.entreprise(), releve)) is not meme


def test_le_bic_d_une_autre_banque_que_celle_de_l_iban_se_dit() -> None:
    entreprise = usines.entreprise()
    denomination = entreprise.denomination
    rib = "30003" + "00001" + "00000000137"
    numero = next(
        essai for cle in range(2, 99) if est_iban(essai := f"FR{cle:02d}{rib}{cle_rib(rib)}")
    )  # of a bank that the directory knows
    assert constats(entreprise, Releve(numero, "SOGEFRPPXXX", denomination, denomination)) == ()
    (phrase,) = constats(entreprise, Releve(numero, "BNPAFRPPXXX", denomination, denomination))
    assert "BNPAFRPPXXX" in phrase
    assert (
        constats(entreprise, Releve(iban(7), compte().bic, denomination, denomination)) == ()
    )  # unknown bank
