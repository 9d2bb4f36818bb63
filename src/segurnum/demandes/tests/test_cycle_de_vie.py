"""The life cycle, generated from its table: what it allows works, everything else is refused and changes nothing."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import transaction

from segurnum.comptes.auteurs import PORTAIL, VISITEUR, Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.couloirs import par_code
from segurnum.couloirs.vierges import exemple
from segurnum.courriels.models import Courriel
from segurnum.demandes import cycle, echeances, incompletes, retours, services
from segurnum.demandes.creation import Declaration
from segurnum.demandes.models import STATUTS_A_COMPLETER, Demande, PieceJustificative
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.essais.partage import tout_ce_qui_est_ecrit
from segurnum.journal import services as journal
from segurnum.journal.queries import evenements_de
from segurnum.paiements import services as paiements
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import (
    DEMANDE,
    Acteur,
    GesteDemande,
    StatutDemande,
    TransitionRefusee,
    TypeDemande,
)
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db

PROFILS = {
    Acteur.FOURNISSEUR: Profil.FOURNISSEUR,
    Acteur.GESTIONNAIRE: Profil.GESTIONNAIRE,
    Acteur.DECIDEUR: Profil.DECIDEUR,
    Acteur.COMPTABLE: Profil.COMPTABLE,
    Acteur.AUDITEUR: Profil.AUDITEUR,
    Acteur.ADMINISTRATION: Profil.ADMINISTRATION,
}
SANS_COMPTE = {Acteur.SYSTEME: PORTAIL, Acteur.VISITEUR: VISITEUR}
MOTIF = "Le bon de commande n'est pas signé."

DEMANDE_MS1 = exemple(par_code("MS1-DUI"), TypeDemande.AVANCE)["lignesImport"][0]
# How each gesture is made through the public service. Editing a draft (MODIFIER) changes no status, and
# HISTORISER only happens inside ANNULER: neither is a gesture of its own here.
GESTES: dict[GesteDemande, Callable[[Demande, Auteur], object]] = {
    GesteDemande.COMPLETER: lambda d, a: incompletes.completer(demandes=[d.pk], auteur=a),
    GesteDemande.SUPPRIMER: lambda d, a: incompletes.supprimer(demandes=[d.pk], auteur=a),
    GesteDemande.DEMANDER_PIECE: lambda d, a: services.demander_piece(demande=d.pk, auteur=a, motif=MOTIF),
    GesteDemande.AJOUTER_PIECE: lambda d, a: services.valider_ajout(demande=d.pk, auteur=a),
    GesteDemande.DEMANDER_MODIFICATION: lambda d, a: services.demander_modification(
        demande=d.pk, auteur=a, motif=MOTIF
    ),
    GesteDemande.CONFIRMER_MODIFICATION: lambda d, a: services.confirmer_modification(
        demande=d.pk,
        auteur=a,
        declaration=Declaration(donnees=DEMANDE_MS1, montant_declare=d.montant_declare, taux_tva=d.taux_tva),
    ),
    GesteDemande.RETIRER_ATTENTE: lambda d, a: retours.ne_plus_attendre(demande=d.pk, auteur=a, motif=MOTIF),
    GesteDemande.AVANCER_ECHEANCE: lambda d, a: retours.avancer_echeance(
        demande=d.pk, auteur=a, motif=MOTIF, jour=jour_de_paris(maintenant()) + timedelta(days=2)
    ),
    GesteDemande.REPRENDRE_VALIDATION: lambda d, a: retours.reprendre_validation(
        demande=d.pk, auteur=a, motif=MOTIF
    ),
    GesteDemande.RENVOYER: lambda d, a: retours.renvoyer(demande=d.pk, auteur=a, motif=MOTIF),
    GesteDemande.REFUSER: lambda d, a: retours.refuser(demande=d.pk, auteur=a, motif=MOTIF),
    GesteDemande.NE_PAS_MODIFIER: lambda d, a: services.ne_pas_modifier(demande=d.pk, auteur=a),
    GesteDemande.VALIDER: lambda d, a: services.valider(demande=d.pk, auteur=a),
    GesteDemande.DECIDER: lambda d, a: paiements.decider(demande=d.pk, auteur=a),
    GesteDemande.REJETER: lambda d, a: services.rejeter(demande=d.pk, auteur=a, motif=MOTIF),
    GesteDemande.ANNULER: lambda d, a: paiements.annuler(demande=d.pk, auteur=a, motif=MOTIF),
}
BALAYAGES = {
    GesteDemande.EXPIRER: echeances.expirer,
    GesteDemande.RELANCER: echeances.relancer,
    GesteDemande.CLORE_MODIFICATION: echeances.clore,
    GesteDemande.CLORE_ATTENTE: echeances.clore,
}
PERMIS = {(t.depuis, t.geste, acteur): t for t in DEMANDE for acteur in t.acteurs}


def _auteur(acteur: Acteur, demande: Demande | None = None) -> Auteur:
    """`demande`: the supplier is then its own."""
    sienne = {"entreprise": demande.entreprise} if demande and acteur is Acteur.FOURNISSEUR else {}
    return SANS_COMPTE.get(acteur) or auteur(usines.utilisateur(PROFILS[acteur], **sienne))


def _demande(statut: StatutDemande) -> Demande:
    """A request ready for whatever its status allows: pieces there, an envelope to decide on."""
    demande = usines.demande(statut)
    usines.enveloppe(demande.dsr)
    if statut in STATUTS_A_COMPLETER:
        PieceJustificative.objects.create(
            demande=demande, nom="ajout.pdf", type="AUTRE", fichier=usines.fichier(), depose_le=maintenant()
        )
    return demande


@pytest.mark.exigence(
    "REQ-020", "REQ-021", "REQ-022", "REQ-023", "REQ-024", "REQ-025", "RUL-024", "RUL-025", "GST-032"
)
@pytest.mark.parametrize(
    ("depuis", "geste", "acteur"), [cle for cle in PERMIS if cle[1] in GESTES], ids=lambda v: v.value
)
def test_un_geste_de_la_table_change_le_statut_laisse_une_trace_et_son_courriel(
    depuis: StatutDemande, geste: GesteDemande, acteur: Acteur
) -> None:
    passage = PERMIS[depuis, geste, acteur]
    demande = _demande(depuis)
    qui = _auteur(acteur, demande)
    GESTES[geste](demande, qui)
    evenement = evenements_de(demande.dossier.chaine).filter(geste=geste).get()
    assert (evenement.avant, evenement.apres) == (depuis, passage.vers or "")
    assert (evenement.acteur_id, evenement.role) == (qui.cle, acteur)
    assert evenement.motif == (MOTIF if passage.motif_obligatoire else "")
    statuts = set(Demande.objects.filter(dossier=demande.dossier).values_list("statut", flat=True))
    attendus = {passage.vers.value} if passage.vers else set()
    # A cancellation leaves the former avenant behind it.
    assert statuts == (attendus | {"HISTORISEE"} if geste is GesteDemande.ANNULER else attendus)
    # A receipt is of what arrived, not of the step.
    assert list(Courriel.objects.exclude(code="M96").values_list("code", flat=True)) == (
        [passage.courriel] if passage.courriel else []
    )


@pytest.mark.exigence("REQ-024", "GST-034")
@pytest.mark.parametrize("geste", list(GESTES), ids=lambda v: v.value)
@pytest.mark.parametrize("depuis", list(StatutDemande), ids=lambda v: v.value)
def test_un_geste_hors_de_la_table_est_refuse_et_ne_change_rien(
    depuis: StatutDemande, geste: GesteDemande
) -> None:
    demande = _demande(depuis)
    avant = evenements_de(demande.dossier.chaine).count()
    for acteur in Acteur:
        if (depuis, geste, acteur) in PERMIS:
            continue
        with pytest.raises(TransitionRefusee, match=depuis.libelle):
            GESTES[geste](demande, _auteur(acteur, demande))
    demande.refresh_from_db()
    assert demande.statut == depuis
    assert evenements_de(demande.dossier.chaine).count() == avant
    assert not Courriel.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_une_panne_au_moment_du_journal_ne_laisse_rien_d_un_geste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each gesture is one transaction, its lock and its trace in it."""
    prets = [
        (geste, demande := _demande(depuis), _auteur(acteur, demande))
        for depuis, geste, acteur in PERMIS
        if geste in GESTES
    ]
    avant = tout_ce_qui_est_ecrit("demandes", "paiements", "courriels")

    def panne(*_: object, **__: object) -> None:
        raise OSError("disque plein")

    monkeypatch.setattr(journal, "consigner", panne)
    for geste, demande, qui in prets:
        with pytest.raises(OSError, match="disque"):
            GESTES[geste](demande, qui)
        assert tout_ce_qui_est_ecrit("demandes", "paiements", "courriels") == avant, geste


@pytest.mark.exigence("INC-006", "INC-014", "MOD-022", "MOD-023", "MOD-024", "XCT-013")
@pytest.mark.parametrize("geste", list(BALAYAGES), ids=lambda v: v.value)
def test_une_echeance_agit_une_fois_a_son_heure_et_seulement_sur_son_statut(geste: GesteDemande) -> None:
    demandes = {statut: _demande(statut) for statut in StatutDemande}
    maintenant_ = maintenant()
    Demande.objects.filter(statut="NON_COMPLETEE").update(expire_le=maintenant_)
    Demande.objects.filter(statut__in=STATUTS_A_COMPLETER).update(
        rappel_le=maintenant_,
        cloture_le=maintenant_ + timedelta(days=10) if geste is GesteDemande.RELANCER else maintenant_,
        commentaire=MOTIF,
    )
    seconde = timedelta(seconds=1)
    assert BALAYAGES[geste](instant=maintenant_ - seconde) == 0
    attendus = 1 if geste is GesteDemande.EXPIRER else len(STATUTS_A_COMPLETER)  # one sweep ends both waits
    assert BALAYAGES[geste](instant=maintenant_ + seconde) == attendus
    assert BALAYAGES[geste](instant=maintenant_ + seconde) == 0
    fait = {GesteDemande.CLORE_MODIFICATION, GesteDemande.CLORE_ATTENTE}
    for statut, demande in demandes.items():
        possibles = fait if geste in fait else {geste}
        passage = next(
            (PERMIS[cle] for un in possibles if (cle := (statut, un, Acteur.SYSTEME)) in PERMIS), None
        )
        attendu = [passage.vers.value] if passage and passage.vers else [] if passage else [statut.value]
        assert list(Demande.objects.filter(pk=demande.pk).values_list("statut", flat=True)) == attendu


@pytest.mark.exigence("INC-006")
def test_une_demande_que_l_echeance_ne_peut_supprimer_n_arrete_pas_les_autres(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    premiere, _ = (_demande(StatutDemande.NON_COMPLETEE) for _ in range(2))
    Demande.objects.update(expire_le=maintenant())
    vrai = cycle.supprimer_lot

    def refuser(demandes: Sequence[Demande], *reste: Any) -> None:
        if demandes[0] == premiere:
            raise GesteImpossible("Elle attend.")
        vrai(demandes, *reste)

    monkeypatch.setattr(cycle, "supprimer_lot", refuser)
    assert echeances.expirer(instant=maintenant() + timedelta(seconds=1)) == 1
    assert Demande.objects.get() == premiere


@pytest.mark.django_db(transaction=True)
def test_une_demande_que_quelqu_un_tient_attend_le_balayage_suivant_et_ne_retient_pas_celui_ci() -> None:
    tenue, _ = (_demande(StatutDemande.NON_COMPLETEE) for _ in range(2))
    Demande.objects.update(expire_le=maintenant())
    prise, passe = Event(), Event()

    def tenir() -> bool:
        with transaction.atomic():
            cycle.verrouiller(tenue.pk)
            prise.set()
            return passe.wait(30)

    def balayer() -> int:
        assert prise.wait(30)
        faits = echeances.expirer(instant=maintenant() + timedelta(seconds=1))
        passe.set()
        return faits

    assert ensemble(tenir, balayer) == [True, 1]
    assert Demande.objects.get() == tenue


@pytest.mark.exigence("INC-005", "INC-006")
def test_une_demande_expire_apres_son_dernier_instant_et_pas_a_cet_instant() -> None:
    demande = _demande(StatutDemande.NON_COMPLETEE)
    assert demande.expire_le is not None
    assert echeances.expirer(instant=demande.expire_le) == 0
    assert echeances.expirer(instant=demande.expire_le + timedelta(microseconds=1)) == 1


@pytest.mark.exigence("MOD-022", "MOD-023")
@pytest.mark.parametrize("statut", STATUTS_A_COMPLETER)
def test_le_rappel_part_a_son_instant_et_la_cloture_au_sien(statut: StatutDemande) -> None:
    demande, instant = _demande(statut), maintenant()
    Demande.objects.filter(pk=demande.pk).update(
        rappel_le=instant, cloture_le=instant + timedelta(days=10), commentaire=MOTIF
    )
    assert echeances.relancer(instant=instant + timedelta(days=10)) == 0  # too late to be reminded
    assert echeances.relancer(instant=instant) == 1
    demande.refresh_from_db()
    assert (demande.statut, demande.rappel_le) == (statut, None)
    assert demande.cloture_le == instant + timedelta(days=10)
    assert echeances.clore(instant=instant + timedelta(days=10, microseconds=-1)) == 0
    assert echeances.clore(instant=instant + timedelta(days=10)) == 1
    rendue = Demande.objects.get(pk=demande.pk)
    assert (rendue.statut, rendue.cloture_le) == ("EN_COURS", None)


def test_la_relance_ne_recommence_pas_le_compte_des_jours() -> None:
    demande = _demande(StatutDemande.A_MODIFIER)
    avant = demande.statut_depuis
    Demande.objects.filter(pk=demande.pk).update(
        rappel_le=avant, cloture_le=avant + timedelta(days=10), commentaire=MOTIF
    )
    echeances.relancer(instant=avant + timedelta(days=1))
    demande.refresh_from_db()
    assert demande.statut_depuis == avant
    assert Courriel.objects.get().code == "M10"
    assert MOTIF in Courriel.objects.get().corps


@pytest.mark.parametrize(
    "geste", [GesteDemande.REJETER, GesteDemande.DEMANDER_PIECE, GesteDemande.DEMANDER_MODIFICATION]
)
@pytest.mark.exigence("GST-012", "GST-013", "MOD-003")
def test_un_motif_blanc_est_refuse(geste: GesteDemande) -> None:
    demande = _demande(StatutDemande.EN_COURS)
    qui = _auteur(Acteur.GESTIONNAIRE)
    services_ = {
        GesteDemande.REJETER: services.rejeter,
        GesteDemande.DEMANDER_PIECE: services.demander_piece,
        GesteDemande.DEMANDER_MODIFICATION: services.demander_modification,
    }
    with pytest.raises(GesteImpossible, match="motif"):
        services_[geste](demande=demande.pk, auteur=qui, motif="  \n")


@pytest.mark.exigence("REQ-026", "REQ-027", "GST-018")
def test_une_annulation_garde_l_ancien_avenant_entier_et_en_cree_un_annule() -> None:
    demande = _demande(StatutDemande.EN_COURS)
    paiements.annuler(demande=demande.pk, auteur=_auteur(Acteur.GESTIONNAIRE), motif=MOTIF)
    ancien = Demande.objects.get(pk=demande.pk)
    nouveau = Demande.objects.exclude(pk=demande.pk).get()
    assert (ancien.statut, nouveau.statut) == ("HISTORISEE", "ANNULEE")
    assert ancien.numero == nouveau.numero
    for contenu in ("versions", "beneficiaires", "pieces"):
        assert getattr(ancien, contenu).count() == getattr(nouveau, contenu).count() == 1
    # The dossier's beneficiary may be asked for again: nothing alive holds it any more.
    usines.demande(dossier=demande.dossier)


@pytest.mark.parametrize("geste", [services.demander_piece, services.demander_modification])
@pytest.mark.exigence("GST-012", "GST-013", "REQ-043")
def test_un_solde_s_instruit_avant_que_son_avance_le_soit(geste: Callable[..., Demande]) -> None:
    """CON-35: a solde may be deposited on an avance that nobody has looked at; its amounts come later."""
    avance = _demande(StatutDemande.EN_COURS)
    solde = usines.demande(type_demande=TypeDemande.SOLDE, dossier=avance.dossier)
    lue = geste(demande=solde.pk, auteur=_auteur(Acteur.GESTIONNAIRE), motif=MOTIF)
    assert (lue.instruite, lue.montant_decide) == (False, None)
