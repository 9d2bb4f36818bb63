"""What must be true of every life: a sentence, and a function that asserts it. Another rule is one more function.

`@loi` is looked at after each gesture, from the photo alone; `@loi_de_fin` once the life is over, at the cost of reads.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from segurnum.comptes.models import CoordonneesBancaires
from segurnum.demandes.models import Dossier
from segurnum.essais.vies.monde import Monde
from segurnum.essais.vies.photo import Photo
from segurnum.grand_livre.verification import anomalies
from segurnum.installation.verification import verifier
from segurnum.journal.models import Evenement
from segurnum.paiements.queries import demandes_a_exporter, suivi_financier
from segurnum.recouvrements.queries import emis_de
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import EtatPaiement, StatutDemande
from segurnum.regles.cycles_recouvrements import STATUTS_EMIS, GenreReglement, StatutRecouvrement

LOIS: dict[str, Callable[[Photo], None]] = {}
LOIS_DE_FIN: dict[str, Callable[[Monde, Photo], None]] = {}


def loi(phrase: str) -> Callable[[Callable[[Photo], None]], Callable[[Photo], None]]:
    def retenir(juger: Callable[[Photo], None]) -> Callable[[Photo], None]:
        LOIS[phrase] = juger
        return juger

    return retenir


def loi_de_fin(
    phrase: str,
) -> Callable[[Callable[[Monde, Photo], None]], Callable[[Monde, Photo], None]]:
    def retenir(juger: Callable[[Monde, Photo], None]) -> Callable[[Monde, Photo], None]:
        LOIS_DE_FIN[phrase] = juger
        return juger

    return retenir


# --- After each gesture


@loi(
    "une enveloppe porte les décisions qui vivent sur elle, moins ce qui en est revenu, et n'est jamais dépassée"
)
def _enveloppes(photo: Photo) -> None:
    vivantes = photo.vivantes()
    sommes: dict[int, Decimal] = defaultdict(Decimal)
    for decision in photo.decisions:
        if decision.demande_id in vivantes:
            sommes[decision.enveloppe_id] += decision.montant - photo.rendu(decision.pk)
    for enveloppe in photo.enveloppes:
        assert enveloppe.decide == sommes[enveloppe.pk], (enveloppe, sommes)
        assert 0 <= enveloppe.decide <= enveloppe.montant, enveloppe


@loi("personne n'est payé deux fois pour la même demande d'un dossier")
def _une_fois(photo: Photo) -> None:
    demandes = {une.pk: une for une in photo.demandes}
    vivants: Counter[tuple[int, str]] = Counter()
    for decision in photo.decisions:
        demande = demandes[decision.demande_id]
        siens = [un for un in photo.versements_de(decision.pk) if un.etat is not EtatPaiement.REJETE]
        assert len(siens) <= 1, siens
        if demande.statut is StatutDemande.DECIDEE:
            vivants[demande.dossier_id, demande.type] += len(siens)
    assert all(nombre <= 1 for nombre in vivants.values()), photo.versements


@loi("un bénéficiaire est financé par un dossier, et un seul")
def _un_financement(photo: Photo) -> None:
    demandes = {une.pk: une for une in photo.demandes}
    dossiers: dict[str, set[int]] = defaultdict(set)
    for beneficiaire in photo.beneficiaires:
        demande = demandes[beneficiaire.demande_id]
        verse = sum(
            photo.verse(une.pk) - photo.rendu(une.pk)
            for une in photo.decisions
            if une.demande_id == demande.pk
        )
        if verse or demande.statut in (StatutDemande.VALIDEE, StatutDemande.DECIDEE):
            for identifiant in beneficiaire.identifiants:
                dossiers[identifiant].add(demande.dossier_id)
    assert all(len(siens) == 1 for siens in dossiers.values()), dossiers


@loi("ce qui est payé est ce qui est décidé, moins ce qui règle une dette, au centime")
def _au_centime(photo: Photo) -> None:
    montants = {une.pk: une.montant for une in photo.decisions}
    for versement in photo.versements:
        assert versement.montant_decide == montants[versement.decision_id], versement
        net = versement.montant_decide - versement.compense
        paye = net if versement.paye_le else None
        assert versement.montant_paye == paye, versement
        assert (versement.etat is EtatPaiement.EFFECTUE) == bool(
            versement.paye_le and not versement.retourne_le
        ), versement


@loi("ce qui est retenu sur un paiement a réglé une dette de la même entreprise, et rien d'autre")
def _compensations(photo: Photo) -> None:
    decisions = {un.pk: un.decision_id for un in photo.versements}
    entreprises = {un.pk: un.entreprise_id for un in photo.recouvrements}
    retenus: dict[int, Decimal] = defaultdict(Decimal)
    for un in photo.reglements:
        if un.genre is GenreReglement.COMPENSATION and un.retire_le is None:
            retenus[decisions[un.versement_id]] += un.montant
            payee = next(v for v in photo.versements if v.pk == un.versement_id)
            assert payee.entreprise_id == entreprises[un.recouvrement_id], un
    for decision in photo.decisions:
        for versement in photo.versements_de(decision.pk)[-1:]:
            assert versement.compense == retenus[decision.pk], (versement, photo.reglements)


@loi("un titre ne reçoit que ce qui est dû, et rien n'est demandé qui n'ait été versé")
def _recouvrements(photo: Photo) -> None:
    regles: dict[int, Decimal] = defaultdict(Decimal)
    for un in photo.reglements:
        regles[un.recouvrement_id] += un.montant if un.retire_le is None else 0
    demandes: dict[int, Decimal] = defaultdict(Decimal)
    for titre in photo.recouvrements:
        assert titre.recu == regles[titre.pk], (titre, photo.reglements)
        assert 0 <= titre.recu <= titre.montant, titre
        if titre.statut in STATUTS_EMIS:
            demandes[titre.decision_id] += titre.montant
        elif titre.statut is StatutRecouvrement.ANNULE:
            demandes[titre.decision_id] += titre.recu
        regle = titre.statut in (StatutRecouvrement.SOLDE, StatutRecouvrement.COMPENSE)
        assert regle == (titre.recu == titre.montant), titre
    for decision, montant in demandes.items():
        assert montant <= photo.verse(decision), (decision, photo.recouvrements)


@loi("une même personne ne décide pas, n'émet pas, n'approuve pas ce qu'elle a proposé")
def _quatre_yeux(photo: Photo) -> None:
    for demande in photo.demandes:
        decision = photo.decision_de(demande.pk)
        if decision is not None:
            assert demande.valideur_id not in (None, decision.decideur_id), demande
    for titre in photo.recouvrements:
        assert titre.numero is None or titre.emetteur_id not in (None, titre.proposant_id), titre
    for mouvement in photo.mouvements:
        assert mouvement.approbateur_id != mouvement.auteur_id, mouvement


@loi("une demande décidée a sa décision, à son montant")
def _decidee(photo: Photo) -> None:
    for demande in photo.demandes:
        if demande.statut is StatutDemande.DECIDEE:
            decision = photo.decision_de(demande.pk)
            assert decision is not None, demande
            # What gives nothing more is closed by a decision of nothing.
            assert decision.montant == max(demande.montant_decide, Decimal(0)), (decision, demande)


@loi("l'état du paiement que montrent les listes est celui du dernier versement")
def _etat_du_paiement(photo: Photo) -> None:
    for demande in photo.demandes:
        decision = photo.decision_de(demande.pk)
        versements = photo.versements_de(decision.pk) if decision else []
        vivante = versements and demande.statut is StatutDemande.DECIDEE
        attendu = versements[-1].etat if vivante else EtatPaiement.AUCUN
        assert demande.etat_paiement == attendu, (demande, versements)


@loi("un dossier ne reçoit pas plus que ce que l'État y engage, sauf ce qui est demandé, ou laissé par écrit")
def _engagement(photo: Photo) -> None:
    for dossier in {une.dossier_id for une in photo.demandes}:
        decisions = photo.du_dossier(dossier)
        garde = sum(photo.verse(une.pk) - photo.rendu(une.pk) for une in decisions)
        titres = [un for un in photo.recouvrements if un.decision_id in {une.pk for une in decisions}]
        # Asked back, or given up by a person who said why: each is told by its order.
        dit = sum(un.montant - un.recu for un in titres)
        engagements = [
            une.engagement
            for une in photo.demandes
            if une.dossier_id == dossier and une.statut is StatutDemande.DECIDEE
        ]
        assert garde - dit <= max(engagements, default=Decimal(0)), (dossier, garde, dit, engagements)


@loi("d'une demande qui n'est plus décidée, rien n'est payé, ou tout est revenu")
def _rien_d_eteint(photo: Photo) -> None:
    vivantes = photo.vivantes()
    for decision in photo.decisions:
        if decision.demande_id not in vivantes:
            assert photo.verse(decision.pk) == photo.rendu(decision.pk), decision
            etats = {un.etat for un in photo.versements_de(decision.pk)}
            assert EtatPaiement.EN_COURS not in etats, decision


# --- At the end of a life


@loi_de_fin("ce que le fournisseur lit est ce qui est payé, sur le compte de son entreprise")
def _lu_et_paye(_: Monde, photo: Photo) -> None:
    for dossier in Dossier.objects.filter(pk__in={une.dossier_id for une in photo.demandes}):
        lus = [(un.pk, un.etat, un.montant_paye, un.paye_le) for un in suivi_financier(dossier)]
        payes = [(un.pk, un.etat, un.montant_paye, un.paye_le) for un in photo.versements_du(dossier.pk)]
        assert lus == payes, dossier
    entreprises = {une.pk: une.entreprise_id for une in photo.demandes}
    beneficiaires = {une.pk: entreprises[une.demande_id] for une in photo.decisions}
    comptes = dict(CoordonneesBancaires.objects.values_list("pk", "entreprise_id"))
    for versement in photo.versements:
        assert comptes[versement.compte_bancaire_id] == beneficiaires[versement.decision_id], versement


@loi_de_fin("l'export d'une entreprise dit ses paiements, chacun une fois")
def _export(monde: Monde, photo: Photo) -> None:
    payes = sum((un.montant_paye for un in photo.versements if un.etat is EtatPaiement.EFFECTUE), Decimal(0))
    lignes = [
        ligne
        for inscrit in monde.enrolements
        for ligne in demandes_a_exporter(inscrit.entreprise).values("pk", "montant_paye")
    ]
    assert sum((ligne["montant_paye"] or Decimal(0) for ligne in lignes), Decimal(0)) == payes
    assert sorted(ligne["pk"] for ligne in lignes) == [une.pk for une in photo.demandes]


@loi_de_fin("l'avis de chaque paiement dit son montant et son compte")
def _avis(monde: Monde, photo: Photo) -> None:
    numeros = {une.pk: une.numero for une in photo.demandes}
    demandes = {une.pk: une.demande_id for une in photo.decisions}
    comptes = CoordonneesBancaires.objects.in_bulk()
    for versement in photo.versements:
        if versement.etat is not EtatPaiement.EFFECTUE:
            continue
        avis = monde.lettres[f"AVP-{numeros[demandes[versement.decision_id]]}-{versement.pk}"]
        assert avis.montant_paye == en_euros(versement.montant_paye), versement
        assert avis.compte_masque == comptes[versement.compte_bancaire_id].iban_masque, versement


@loi_de_fin("la lettre de chaque décision et de chaque titre dit son montant")
def _lettre(monde: Monde, photo: Photo) -> None:
    demandes = {une.pk: une for une in photo.demandes}
    for decision in photo.decisions:
        demande = demandes[decision.demande_id]
        if decision.montant and demande.statut is StatutDemande.DECIDEE:
            lettre = monde.lettres[f"DEC-{demande.numero[:-2]}-{demande.type.libelle.upper()}"]
            assert lettre.montant_decide == en_euros(decision.montant), demande
    for titre in photo.recouvrements:
        if titre.numero is not None:
            assert monde.lettres[titre.numero].montant == en_euros(titre.montant), titre


@loi_de_fin("ce que le fournisseur lit de ce qu'il doit est ce qui est demandé et ce qui est revenu")
def _lu_et_du(monde: Monde, photo: Photo) -> None:
    lus = [
        (un.pk, un.statut, un.montant, un.recu)
        for inscrit in monde.enrolements
        for un in emis_de(inscrit.entreprise)
    ]
    dus = [(un.pk, un.statut, un.montant, un.recu) for un in photo.recouvrements if un.numero is not None]
    assert sorted(lus) == dus


# What each gesture makes of a person, on a dossier: nobody is two of these there (GST-034).
ROLES = {
    "VALIDER": "valide",
    **dict.fromkeys(("DECIDER", "REFUSER", "CLORE_SANS_VERSEMENT"), "décide"),
    **dict.fromkeys(
        (
            f"PAIEMENT_{geste}"
            for geste in ("METTRE_EN_PAIEMENT", "CONSTATER", "REJETER", "REEMETTRE", "RETOURNER")
        ),
        "paie",
    ),
}
ACCEPTATIONS = ("ACCEPTER", "PROPOSER", "CONTRESIGNER")


@loi_de_fin("sur un dossier, personne n'a deux des mains par où passe l'argent, quel que soit son profil")
def _separation(_: Monde, photo: Photo) -> None:
    tenus: dict[tuple[str, int], set[str]] = defaultdict(set)
    faits = Evenement.objects.filter(geste__in=ROLES, chaine__startswith="dossier:", acteur__isnull=False)
    for chaine, acteur, geste in faits.values_list("chaine", "acteur", "geste"):
        tenus[chaine, acteur].add(ROLES[geste])
    chaines = dict(Dossier.objects.values_list("demandes__decision", "numero"))
    acceptes = Evenement.objects.filter(geste__in=ACCEPTATIONS, acteur__isnull=False)
    for versement in photo.versements:
        chaine = f"dossier:{chaines[versement.decision_id]}"
        for acteur in acceptes.filter(details__compte=versement.compte_bancaire_id).values_list(
            "acteur", flat=True
        ):
            tenus[chaine, acteur].add("accepte le compte")
    assert all(len(roles) == 1 for roles in tenus.values()), tenus


@loi_de_fin("le grand livre est équilibré, et dit ce que disent demandes, enveloppes et avis")
def _grand_livre(_: Monde, _photo: Photo) -> None:
    trouvees = list(anomalies())
    assert not trouvees, trouvees


@loi_de_fin("le journal se prouve : ses chaînes, et les tables à côté de lui")
def _journal(_: Monde, _photo: Photo) -> None:
    anomalies: list[Any] = []
    verifier(anomalies.append)
    assert not anomalies, "\n".join(anomalies)
