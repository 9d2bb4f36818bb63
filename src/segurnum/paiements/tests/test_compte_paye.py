"""The account that is paid is the account that was read: fixed by the decision, changed by a confirmation only."""

import pytest

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import CoordonneesBancaires, Profil
from segurnum.coordonnees import banque
from segurnum.coordonnees.tests.monde import Societe, officier
from segurnum.courriels.models import Courriel
from segurnum.demandes import examen
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.editique.tests.texte_pdf import texte
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.fichiers.services import lire
from segurnum.journal.models import Evenement
from segurnum.paiements import comptes, services
from segurnum.paiements.models import Versement
from segurnum.regles.calendrier import jour_de_paris, jours_apres, maintenant
from segurnum.regles.erreurs import GesteImpossible

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-022")]


def _qui(profil: Profil) -> Auteur:
    return auteur(usines.utilisateur(profil))


def _decidee() -> Versement:
    demande = usines.demande()
    usines.enveloppe(demande.dsr)
    demandes.valider(demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE))
    return services.decider(demande=demande.pk, auteur=_qui(Profil.DECIDEUR)).versements.get()


def _changer_le_compte(versement: Versement, par: Auteur | None = None) -> CoordonneesBancaires:
    """Another account is accepted and active."""
    entreprise = versement.decision.demande.entreprise
    societe = Societe(entreprise=entreprise)
    banque.accepter(modification=societe.compte_confirme().pk, auteur=par or officier())
    banque.activer(instant=jours_apres(maintenant(), 3))
    return entreprise.comptes_bancaires.get(statut="ACTIVE")


def _texte_de(piece: PieceJustificative) -> str:
    assert piece.fichier is not None
    return texte(lire(piece.fichier))


def test_la_decision_fixe_le_compte_et_le_journal_le_retient() -> None:
    versement = _decidee()
    decision = Evenement.objects.get(geste="DECIDER")
    assert decision.details["compte"] == versement.compte_bancaire_id
    _changer_le_compte(versement)
    versement.refresh_from_db()
    assert comptes.compte_paye(versement.decision.demande) == versement.compte_bancaire


def test_un_compte_change_depuis_la_decision_se_dit_avec_qui_l_a_accepte() -> None:
    versement, qui = _decidee(), officier()
    ancien, neuf = versement.compte_bancaire, _changer_le_compte(versement, qui)
    with pytest.raises(GesteImpossible, match="Payer sur le nouveau compte") as refus:
        services.mettre_en_paiement(versement=versement.pk, auteur=_qui(Profil.COMPTABLE))
    for dit in (ancien.iban_masque, neuf.iban_masque, f"accepté par {qui.nom} le"):
        assert dit in str(refus.value)
    lu = comptes.compte_a_payer(versement.decision.demande)
    assert lu is not None
    assert lu.changement is not None
    assert (lu.accepte.compte, lu.changement.nouveau.compte) == (ancien, neuf)


@pytest.mark.exigence("REQ-045", "REQ-052", "REQ-066")
def test_confirme_le_nouveau_compte_est_celui_de_la_lettre_du_paiement_et_de_l_avis() -> None:
    versement, comptable = _decidee(), _qui(Profil.COMPTABLE)
    demande = versement.decision.demande
    ancien, neuf = versement.compte_bancaire, _changer_le_compte(versement)
    comptes.confirmer_compte(versement=versement.pk, auteur=comptable, compte=neuf.pk)
    premiere, rectificative = PieceJustificative.objects.filter(demande=demande, origine="AGENCE").order_by(
        "pk"
    )
    assert ancien.iban_masque[-4:] in _texte_de(premiere)
    assert neuf.iban_masque[-4:] in _texte_de(rectificative)
    assert "remplace, pour le seul compte à payer" in " ".join(_texte_de(rectificative).split())
    corps = Courriel.objects.get(code="M79").corps
    assert ancien.iban_masque in corps
    assert neuf.iban_masque in corps
    services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    paye = services.constater(
        versement=versement.pk,
        auteur=comptable,
        montant=versement.montant_decide,
        jour=jour_de_paris(maintenant()),
    )
    assert paye.compte_bancaire == neuf == comptes.compte_paye(demande)
    assert paye.avis is not None
    assert neuf.iban_masque[-4:] in texte(lire(paye.avis))


def test_qui_a_accepte_le_compte_ne_le_confirme_pas() -> None:
    versement, personne = _decidee(), usines.utilisateur(Profil.GESTIONNAIRE)
    neuf = _changer_le_compte(versement, auteur(personne))
    personne.profil = Profil.COMPTABLE
    personne.save()
    with pytest.raises(GesteImpossible, match="accepté le compte bancaire"):
        comptes.confirmer_compte(versement=versement.pk, auteur=auteur(personne), compte=neuf.pk)


def test_on_ne_confirme_que_le_compte_que_l_on_a_lu() -> None:
    versement, comptable = _decidee(), _qui(Profil.COMPTABLE)
    inchange = versement.compte_bancaire_id
    with pytest.raises(GesteImpossible, match="rien à confirmer"):
        comptes.confirmer_compte(versement=versement.pk, auteur=comptable, compte=inchange)
    _changer_le_compte(versement)
    with pytest.raises(GesteImpossible, match="a encore changé"):
        comptes.confirmer_compte(versement=versement.pk, auteur=comptable, compte=inchange)


def test_un_versement_mis_en_paiement_garde_son_compte() -> None:
    versement, comptable = _decidee(), _qui(Profil.COMPTABLE)
    services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    neuf = _changer_le_compte(versement)
    with pytest.raises(GesteImpossible, match="déjà mis en paiement"):
        comptes.confirmer_compte(versement=versement.pk, auteur=comptable, compte=neuf.pk)


def test_un_paiement_reemis_garde_le_compte_et_attend_la_confirmation_de_l_autre() -> None:
    versement, comptable = _decidee(), _qui(Profil.COMPTABLE)
    services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    services.rejeter(versement=versement.pk, auteur=comptable, motif="Compte clos")
    neuf = _changer_le_compte(versement)
    reemis = services.reemettre(versement=versement.pk, auteur=comptable)
    assert reemis.compte_bancaire == versement.compte_bancaire
    comptes.confirmer_compte(versement=reemis.pk, auteur=comptable, compte=neuf.pk)
    assert services.mettre_en_paiement(versement=reemis.pk, auteur=comptable).compte_bancaire == neuf


def test_un_compte_qui_change_entre_la_lecture_et_la_decision_se_dit() -> None:
    demande = usines.demande()
    usines.enveloppe(demande.dsr)
    demandes.valider(demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE))
    demande = Demande.objects.select_related("entreprise").get(pk=demande.pk)
    vue = examen.marque(demande)
    assert examen.reprendre(demande.pk, vue) == demande
    CoordonneesBancaires.objects.filter(entreprise=demande.entreprise).update(statut="INACTIVE")
    with pytest.raises(GesteImpossible, match="Le compte bancaire de l'entreprise a changé"):
        examen.reprendre(demande.pk, vue)


@pytest.mark.django_db(transaction=True)
def test_une_decision_et_un_changement_de_compte_au_meme_instant_restent_d_accord() -> None:
    """Whichever is first, what is paid is what the decision fixed, or waits for a confirmation."""
    demande = usines.demande()
    usines.enveloppe(demande.dsr)
    demandes.valider(demande=demande.pk, auteur=_qui(Profil.GESTIONNAIRE))
    societe = Societe(entreprise=demande.entreprise)
    banque.accepter(modification=societe.compte_confirme().pk, auteur=officier())
    decideur, comptable = _qui(Profil.DECIDEUR), _qui(Profil.COMPTABLE)
    decision, active = ensemble(
        lambda: services.decider(demande=demande.pk, auteur=decideur),
        lambda: banque.activer(instant=jours_apres(maintenant(), 3)),
    )
    assert active == 1
    versement = decision.versements.get()
    dite = Evenement.objects.get(geste="DECIDER").details["compte"]
    assert versement.compte_bancaire_id == dite
    neuf = demande.entreprise.comptes_bancaires.get(statut="ACTIVE")
    if versement.compte_bancaire_id == neuf.pk:
        services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    else:
        with pytest.raises(GesteImpossible, match="a changé depuis la décision"):
            services.mettre_en_paiement(versement=versement.pk, auteur=comptable)
