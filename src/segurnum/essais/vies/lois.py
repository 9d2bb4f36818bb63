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
from segurnum.paiements.queries import demandes_a_exporter, suivi_financier
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import EtatPaiement, StatutDemande, TypeDemande

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


@loi("une enveloppe porte les décisions qui vivent sur elle, et n'est jamais dépassée")
def _enveloppes(photo: Photo) -> None:
    vivantes = {une.pk for une in photo.demandes if une.statut is StatutDemande.DECIDEE}
    sommes: dict[int, Decimal] = defaultdict(Decimal)
    for decision in photo.decisions:
        if decision.demande_id in vivantes:
            sommes[decision.enveloppe_id] += decision.montant
    for enveloppe in photo.enveloppes:
        assert enveloppe.decide == sommes[enveloppe.pk], (enveloppe, sommes)
        assert 0 <= enveloppe.decide <= enveloppe.montant, enveloppe


@loi("personne n'est payé deux fois pour la même demande d'un dossier")
def _une_fois(photo: Photo) -> None:
    demandes = {une.pk: une for une in photo.demandes}
    de_la_demande = {une.pk: demandes[une.demande_id] for une in photo.decisions}
    vivants = Counter(
        (de_la_demande[un.decision_id].dossier_id, de_la_demande[un.decision_id].type)
        for un in photo.versements
        if un.etat is not EtatPaiement.REJETE
    )
    assert all(nombre == 1 for nombre in vivants.values()), photo.versements


@loi("ce qui est payé est ce qui est décidé, au centime")
def _au_centime(photo: Photo) -> None:
    montants = {une.pk: une.montant for une in photo.decisions}
    for versement in photo.versements:
        assert versement.montant_decide == montants[versement.decision_id], versement
        paye = versement.montant_decide if versement.etat is EtatPaiement.EFFECTUE else None
        assert versement.montant_paye == paye, versement


@loi("une demande décidée a sa décision, à son montant, par quelqu'un d'autre que qui l'a validée")
def _quatre_yeux(photo: Photo) -> None:
    for demande in photo.demandes:
        decision = photo.decision_de(demande.pk)
        if demande.statut is StatutDemande.DECIDEE:
            assert decision is not None, demande
            # What gives nothing more is closed by a decision of nothing.
            assert decision.montant == max(demande.montant_decide, Decimal(0)), (decision, demande)
        if decision is not None:
            assert demande.valideur_id not in (None, decision.decideur_id), demande


@loi("l'état du paiement que montrent les listes est celui du dernier versement")
def _etat_du_paiement(photo: Photo) -> None:
    for demande in photo.demandes:
        decision = photo.decision_de(demande.pk)
        versements = photo.versements_de(decision.pk) if decision else []
        vivante = versements and demande.statut is StatutDemande.DECIDEE
        attendu = versements[-1].etat if vivante else EtatPaiement.AUCUN
        assert demande.etat_paiement == attendu, (demande, versements)


@loi("un dossier ne reçoit pas plus que ce que l'État y engage")
def _engagement(photo: Photo) -> None:
    for dossier in {une.dossier_id for une in photo.demandes}:
        verse = sum(un.montant_paye or 0 for un in photo.versements_du(dossier))
        engagements = [
            une.engagement
            for une in photo.demandes
            if une.dossier_id == dossier and une.statut is StatutDemande.DECIDEE
        ]
        assert not verse or verse <= max(engagements), (dossier, verse, engagements)


@loi("rien n'est payé d'une demande qui n'est plus décidée")
def _rien_d_eteint(photo: Photo) -> None:
    decidees = {une.pk for une in photo.demandes if une.statut is StatutDemande.DECIDEE}
    for decision in photo.decisions:
        if decision.demande_id not in decidees:
            assert all(un.etat is EtatPaiement.REJETE for un in photo.versements_de(decision.pk)), decision


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
    payes = sum((un.montant_paye or Decimal(0) for un in photo.versements), Decimal(0))
    lignes = [
        ligne
        for inscrit in monde.enrolements
        for ligne in demandes_a_exporter(inscrit.entreprise, ("pk", "montant_paye"))
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


@loi_de_fin("la lettre de chaque décision d'avance dit son montant")
def _lettre(monde: Monde, photo: Photo) -> None:
    demandes = {une.pk: une for une in photo.demandes}
    for decision in photo.decisions:
        demande = demandes[decision.demande_id]
        if demande.type is TypeDemande.AVANCE and demande.statut is StatutDemande.DECIDEE:
            lettre = monde.lettres[f"DEC-{demande.numero[:-2]}-AVANCE"]
            assert lettre.montant_decide == en_euros(decision.montant), demande


@loi_de_fin("le grand livre est équilibré, et dit ce que disent demandes, enveloppes et avis")
def _grand_livre(_: Monde, _photo: Photo) -> None:
    trouvees = list(anomalies())
    assert not trouvees, trouvees


@loi_de_fin("le journal se prouve : ses chaînes, et les tables à côté de lui")
def _journal(_: Monde, _photo: Photo) -> None:
    anomalies: list[Any] = []
    verifier(anomalies.append)
    assert not anomalies, "\n".join(anomalies)
