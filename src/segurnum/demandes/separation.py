"""Who held which role on a dossier, and who therefore may not hold another: the only place that says so (GST-034).

Nobody does two of these on one dossier: validate, decide, record its payments, accept the account that is paid, load
the counts that it is paid on. Issuing a title is deciding; recording what settles it is recording a payment. By person,
whatever their profile today, over its avance and its solde, and for good: what the journal says that they did, done
again by another since or not.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from segurnum import couloirs
from segurnum.annuaire_sante import queries as annuaire
from segurnum.annuaire_sante.models import CHAINE as CHAINE_DES_COMPTES
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.comptes_bancaires import RETENIR
from segurnum.comptes.models import CoordonneesBancaires, Entreprise
from segurnum.demandes.models import STATUTS_ETEINTS, Demande, Dossier
from segurnum.journal.models import Evenement
from segurnum.referentiel.queries import fenetre
from segurnum.regles.calendrier import instant_long
from segurnum.regles.cycles import EnumLibelle, EtatPaiement, GesteDemande, GestePaiement, TypeDemande
from segurnum.regles.cycles_coordonnees import GesteModification
from segurnum.regles.cycles_recouvrements import REGLER, GesteRecouvrement
from segurnum.regles.erreurs import GesteImpossible

_PAIEMENT = "PAIEMENT_"
_Compte = CoordonneesBancaires.Statut


class Role(EnumLibelle):
    """One of the hands that the money of a dossier goes through. `libelle`: what its holder did."""

    VALIDER = "VALIDER", "validé la demande"
    DECIDER = "DECIDER", "décidé la demande"
    PAYER = "PAYER", "enregistré le paiement de la demande"
    COMPTE = "COMPTE", "accepté le compte bancaire de l'entreprise"
    COMPTER = "COMPTER", "chargé les nombres de BAL de l'opérateur"


GESTES_DES_ROLES: dict[str, Role] = {
    GesteDemande.VALIDER.value: Role.VALIDER,
    GesteDemande.DECIDER.value: Role.DECIDER,
    GesteDemande.REFUSER.value: Role.DECIDER,
    GesteDemande.CLORE_SANS_VERSEMENT.value: Role.DECIDER,
    **{
        f"{_PAIEMENT}{geste.value}": Role.PAYER
        for geste in (
            GestePaiement.CONFIRMER_COMPTE,
            GestePaiement.METTRE_EN_PAIEMENT,
            GestePaiement.CONSTATER,
            GestePaiement.REJETER,
            GestePaiement.REEMETTRE,
            GestePaiement.RETOURNER,
        )
    },
    GesteRecouvrement.EMETTRE.value: Role.DECIDER,
    **{geste.value: Role.PAYER for geste in REGLER},
}
# What is said of a title, which is not a request.
_DITS = {GesteRecouvrement.EMETTRE.value: "émis le titre de recette"} | {
    geste.value: "enregistré un règlement du titre de recette" for geste in REGLER
}
ACCEPTATIONS = (
    RETENIR,
    GesteModification.ACCEPTER.value,
    GesteModification.PROPOSER.value,
    GesteModification.CONTRESIGNER.value,
)
# The events of the national directory that give numbers: an extract, counts typed beside it, what confirms either.
_CHARGEMENTS = ("IMPORTER_EXTRAIT", "PROPOSER_COMPTAGES", "CONFIRMER")


@dataclass(frozen=True)
class Tenu:
    """A role that somebody held: on what, and when."""

    role: Role
    sur: str
    instant: datetime
    dit: str = ""  # what was done, where the role does not say it

    def phrase(self, geste: EnumLibelle) -> str:
        quoi = f"{self.dit or self.role.libelle} {self.sur}".strip()
        return (
            f"Vous avez {quoi} le {instant_long(self.instant)} : « {geste.libelle} » doit être fait, sur ce dossier, "
            "par une autre personne que vous."
        )


def separer(demande: Demande, role: Role, geste: EnumLibelle, qui: Auteur) -> None:
    """Raise GesteImpossible when this person held another role on the dossier of this request.

    The company is held meanwhile: a request and an account, judged by one person in two tabs, come one after the other.
    """
    if qui.cle is None:
        return
    tenir(demande.entreprise)
    if (autre := empechement(demande, role, qui.cle)) is not None:
        raise GesteImpossible(autre.phrase(geste))


def tenir(entreprise: Entreprise) -> None:
    Entreprise.objects.select_for_update(no_key=True).get(pk=entreprise.pk)


def empechement(demande: Demande, role: Role, personne: int) -> Tenu | None:
    """What this person did on the dossier that keeps them from this role; None when nothing does."""
    return empechements([demande], role, personne).get(demande.dossier_id)


def empechements(demandes: Iterable[Demande], role: Role, personne: int) -> dict[int, Tenu]:
    """Key of the dossier -> what keeps this person from this role, in a number of statements that does not grow."""
    dossiers = {demande.dossier_id: demande for demande in demandes}
    trouves: dict[int, Tenu] = {}
    for cle, tenu in (
        *_sur_les_demandes(dossiers, personne),
        *_sur_les_comptes(dossiers, personne),
        *_sur_les_nombres(dossiers, personne),
    ):
        if tenu.role is not role:
            trouves.setdefault(cle, tenu)
    return trouves


def separer_du_compte(entreprise: Entreprise, geste: EnumLibelle, qui: Auteur) -> None:
    """Raise GesteImpossible when this person held a role on a dossier that this company may still be paid for."""
    tenir(entreprise)
    if qui.cle is not None and (autre := empechement_d_accepter(entreprise, qui.cle)) is not None:
        raise GesteImpossible(autre.phrase(geste))


def empechement_d_accepter(entreprise: Entreprise, personne: int) -> Tenu | None:
    """What this person did on a dossier of the company that keeps them from accepting its account."""
    return _role_tenu(Q(entreprise=entreprise), personne)


def separer_du_comptage(geste: EnumLibelle, qui: Auteur) -> None:
    """Raise GesteImpossible when this person held a role on a dossier that the mailboxes counted may still pay."""
    comptes = [couloir.dsr for couloir in couloirs.tous() if couloir.bareme.comptes]
    if qui.cle is not None and (autre := _role_tenu(Q(dsr__in=comptes), qui.cle)) is not None:
        raise GesteImpossible(autre.phrase(geste))


def _role_tenu(dossiers: Q, personne: int) -> Tenu | None:
    """The first role held on one of these dossiers, as long as money may go to it."""
    chaines = _ouverts().filter(dossiers).values_list(Concat(Value("dossier:"), "numero"))
    fait = _faits(personne).filter(chaine__in=chaines).order_by("pk").first()
    return _tenu(fait) if fait else None


def acceptations(comptes: Collection[CoordonneesBancaires]) -> dict[int, list[Evenement]]:
    """Key of each account -> the gestures by which people accepted it, the first first. One statement."""
    chaines = {f"entreprise:{compte.entreprise.siret}" for compte in comptes}
    trouvees: dict[int, list[Evenement]] = {compte.pk: [] for compte in comptes}
    for fait in _acceptations(chaines).select_related("acteur").order_by("pk"):
        if fait.details["compte"] in trouvees:
            trouvees[fait.details["compte"]].append(fait)
    return trouvees


def _ouverts() -> QuerySet[Dossier]:
    """The dossiers that money may still go to: something lives there, and the solde is not paid."""
    siennes = Demande.objects.filter(dossier=OuterRef("pk"))
    soldes = siennes.filter(type=TypeDemande.SOLDE, etat_paiement=EtatPaiement.EFFECTUE)
    return Dossier.objects.filter(Exists(siennes.exclude(statut__in=STATUTS_ETEINTS)), ~Exists(soldes))


def _faits(personne: int) -> QuerySet[Evenement]:
    return Evenement.objects.filter(acteur=personne, geste__in=GESTES_DES_ROLES)


def _tenu(fait: Evenement) -> Tenu:
    return Tenu(GESTES_DES_ROLES[fait.geste], objet_de(fait), fait.instant, _DITS.get(fait.geste, ""))


def objet_de(fait: Evenement) -> str:
    """The number of what a role was held on: the request, the title, the dossier for its payments."""
    return str(fait.details.get("numero") or fait.chaine.partition(":")[2])


def dit_de(fait: Evenement) -> str:
    """What its holder did, after « a »."""
    return _DITS.get(fait.geste) or GESTES_DES_ROLES[fait.geste].libelle


def _sur_les_demandes(dossiers: dict[int, Demande], personne: int) -> Iterable[tuple[int, Tenu]]:
    chaines = {demande.dossier.chaine: cle for cle, demande in dossiers.items()}
    for fait in _faits(personne).filter(chaine__in=chaines).order_by("pk"):
        yield chaines[fait.chaine], _tenu(fait)


def _acceptations(chaines: Collection[str]) -> QuerySet[Evenement]:
    return Evenement.objects.filter(
        chaine__in=chaines, geste__in=ACCEPTATIONS, details__has_key="compte", acteur__isnull=False
    )


def _sur_les_comptes(dossiers: dict[int, Demande], personne: int) -> Iterable[tuple[int, Tenu]]:
    """The account that is paid, or will be: the active one, the one that waits to be, those already paid on."""
    chaines = {f"entreprise:{demande.entreprise.siret}" for demande in dossiers.values()}
    faits = list(_acceptations(chaines).filter(acteur=personne).order_by("pk"))
    if not faits:
        return
    vivants = _comptes_a_venir(faits)
    payes = _comptes_payes(dossiers)
    for cle, demande in dossiers.items():
        for fait in faits:
            compte = fait.details["compte"]
            sienne = fait.chaine == f"entreprise:{demande.entreprise.siret}"
            if sienne and (compte in vivants or compte in payes.get(cle, ())):
                yield cle, Tenu(Role.COMPTE, "", fait.instant)


def _comptes_a_venir(faits: Iterable[Evenement]) -> set[int]:
    cles = {fait.details["compte"] for fait in faits}
    lus = CoordonneesBancaires.objects.filter(pk__in=cles, statut__in=(_Compte.ACTIVE, _Compte.EN_ATTENTE))
    return set(lus.values_list("pk", flat=True))


def _comptes_payes(dossiers: dict[int, Demande]) -> dict[int, set[int]]:
    chaines = {demande.dossier.chaine: cle for cle, demande in dossiers.items()}
    payes: dict[int, set[int]] = {}
    lus = Evenement.objects.filter(chaine__in=chaines, details__has_key="compte")
    for chaine, details in lus.values_list("chaine", "details"):
        payes.setdefault(chaines[chaine], set()).add(details["compte"])
    return payes


def _sur_les_nombres(dossiers: dict[int, Demande], personne: int) -> Iterable[tuple[int, Tenu]]:
    """Where mailboxes are paid by their number: who gave the numbers that the solde is computed on."""
    comptes = {cle: demande for cle, demande in dossiers.items() if demande.couloir.bareme.comptes}
    if not comptes:
        return
    faits = list(Evenement.objects.filter(chaine=CHAINE_DES_COMPTES, acteur=personne, geste__in=_CHARGEMENTS))
    if not faits:
        return
    for cle, demande in comptes.items():
        numero = demande.dossier.enrolement.referencement.numero_ans
        fixee = fenetre(demande.dsr, TypeDemande.SOLDE)
        extrait = annuaire.extrait_au(fixee.compte_le) if fixee else None
        domaines = {ligne.domaine for ligne in annuaire.domaines_de([numero])[numero]}
        for fait in faits:
            if _compte_pour(fait, extrait.pk if extrait else None, domaines):
                yield cle, Tenu(Role.COMPTER, "", fait.instant)


def _compte_pour(fait: Evenement, extrait: int | None, domaines: set[str]) -> bool:
    if extrait is not None and fait.objet == f"extrait:{extrait}":
        return True
    valeurs: list[Any] = fait.details.get("valeurs") or fait.details.get("lignes") or []
    return any(domaine in domaines for domaine, *_ in valeurs)
