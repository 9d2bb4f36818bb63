"""What an extract, or counts, change in the soldes that are deposited: foretold, then written by who confirms it.

What is decided is told and left as it is (MSS-009, GST-028).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F

from segurnum.annuaire_sante import jugements, propositions
from segurnum.annuaire_sante import queries as annuaire
from segurnum.annuaire_sante.models import Extrait, PropositionComptages
from segurnum.annuaire_sante.queries import REEL, Hypothese
from segurnum.annuaire_sante.verrous import COMPTES, un_a_la_fois
from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.controles.problemes import nombre_fr
from segurnum.couloirs.baremes import BoitesComptees
from segurnum.couloirs.grilles import Grille
from segurnum.demandes import baremes, cycle
from segurnum.demandes.models import Demande, VersionDemande
from segurnum.depots.comptages import EN_INSTRUCTION, Comptes, comptes_du, ecrire, soldes_comptes
from segurnum.referentiel.grilles import grille
from segurnum.referentiel.queries import fenetre
from segurnum.regles.calendrier import instant_long, jour_de_paris
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.cycles_annuaire import GesteComptages, GesteExtrait, StatutComptages, StatutExtrait
from segurnum.regles.erreurs import GesteImpossible

L = TypeVar("L", Extrait, PropositionComptages)
NON_DECIDES = (*EN_INSTRUCTION, StatutDemande.VALIDEE)


@dataclass(frozen=True)
class Effet:
    """One solde, what it says of its mailboxes and asks for today, and what it would; amounts in euros HT."""

    demande: Demande
    donnees: dict[str, Any]
    comptes: Comptes
    montant: Decimal | None

    @property
    def avant(self) -> Decimal | None:
        return self.demande.montant_declare

    @property
    def ecart(self) -> Decimal:
        return (self.montant or Decimal(0)) - (self.avant or Decimal(0))

    @property
    def nombres_avant(self) -> str:
        return _nombres(self.donnees)

    @property
    def nombres(self) -> str:
        return _nombres(self.comptes.donnees)

    @property
    def change(self) -> bool:
        return self.montant != self.avant or self.donnees != self.donnees | self.comptes.donnees


@dataclass(frozen=True)
class Effets:
    """`repris`: the soldes that would be computed again; `decides`: those that would, were they not decided."""

    repris: tuple[Effet, ...]
    decides: tuple[Effet, ...]

    @property
    def ecart(self) -> Decimal:
        return sum((effet.ecart for effet in self.repris), Decimal(0))

    @property
    def marque(self) -> str:
        """What a page showed, to tell later whether it still is so."""
        dits = [
            f"{effet.demande.pk}:{effet.demande.version_courante}:{effet.nombres}:{effet.montant}"
            for effet in (*self.repris, *self.decides)
        ]
        return hashlib.sha256("|".join(dits).encode()).hexdigest()[:16]


# --- What would change


def effets_de_l_extrait(extrait: Extrait) -> Effets | None:
    """Of confirming one that is held, of setting aside one that counts; None of one that is set aside."""
    match extrait.statut:
        case StatutExtrait.RETENU:
            return effets(Hypothese(avec=extrait.pk))
        case StatutExtrait.EN_VIGUEUR:
            return effets(Hypothese(sans=extrait.pk), cite=extrait.empreinte_courte)
        case _:
            return None


def effets_des_comptages(proposition: PropositionComptages) -> Effets | None:
    """Of confirming counts; None once they are judged. Raises GesteImpossible when they cannot be any more."""
    if proposition.statut is not StatutComptages.A_CONFIRMER:
        return None
    return effets(Hypothese(fournis=tuple(propositions.lignes_de(proposition))))


def effets(hypothese: Hypothese, *, cite: str = "") -> Effets:
    """What this changes, in a number of statements that does not grow with the soldes.

    `cite`: how a source names an extract that goes, for the soldes that still say its numbers.
    """
    soldes = list(soldes_comptes(*NON_DECIDES, StatutDemande.DECIDEE))
    trouves = _effets(soldes, hypothese, cite)
    decide = StatutDemande.DECIDEE
    return Effets(
        tuple(effet for effet in trouves if effet.demande.statut is not decide),
        tuple(effet for effet in trouves if effet.demande.statut is decide),
    )


def _effets(soldes: Sequence[Demande], hypothese: Hypothese, cite: str) -> list[Effet]:
    donnees, avances = _donnees(soldes), _avances(soldes)
    trouves = []
    for dsr in dict.fromkeys(solde.dsr for solde in soldes):
        siens = [solde for solde in soldes if solde.dsr == dsr]
        fenetre_solde = fenetre(dsr, TypeDemande.SOLDE)
        if fenetre_solde is None:
            continue
        au = fenetre_solde.compte_le
        numeros = {_numero_ans(solde) for solde in siens}
        reels, supposes = (annuaire.comptages(numeros, au, h) for h in (REEL, hypothese))
        figures = grille(siens[0].couloir)
        for solde in siens:
            numero, lues = _numero_ans(solde), donnees[solde.pk]
            perdue = cite and cite in (lues.get(BoitesComptees.source_comptes) or "")
            if reels[numero] == supposes[numero] and not perdue:
                continue
            comptes = comptes_du(annuaire.connu(supposes[numero]), au)
            montant = _montant(solde, lues | comptes.donnees, avances.get(solde.dossier_id), figures)
            trouves.append(Effet(solde, lues, comptes, montant))
    return [effet for effet in trouves if effet.change]


def _numero_ans(solde: Demande) -> str:
    return solde.dossier.enrolement.referencement.numero_ans


def _donnees(soldes: Sequence[Demande]) -> dict[int, dict[str, Any]]:
    versions = VersionDemande.objects.filter(demande__in=soldes, rang=F("demande__version_courante"))
    return dict(versions.values_list("demande", "donnees"))


def _avances(soldes: Iterable[Demande]) -> dict[int, Decimal | None]:
    """What the avance of each dossier retained."""
    avances = Demande.objects.filter(
        dossier__in={solde.dossier_id for solde in soldes}, type=TypeDemande.AVANCE
    ).exclude(statut=StatutDemande.HISTORISEE)
    return dict(avances.order_by("pk").values_list("dossier", "engagement_ht"))


def _montant(
    solde: Demande, donnees: dict[str, Any], avance_ht: Decimal | None, figures: Grille
) -> Decimal | None:
    return baremes.montant_demande(
        solde.couloir,
        TypeDemande.SOLDE,
        jour=jour_de_paris(solde.depose_le),
        donnees=donnees,
        avance_ht=avance_ht,
        figures=figures,
    )


def _nombres(donnees: dict[str, Any]) -> str:
    nombres = [donnees.get(nom) for nom in BoitesComptees.comptes]
    return " / ".join("?" if nombre is None else nombre_fr(nombre) for nombre in nombres)


# --- What changes it


def relire_extrait(cle: int, vue: str) -> Extrait:
    """The extract, held for the gesture of who read its effects as `vue`; GesteImpossible when they are others."""
    _tenir_les_soldes()
    ligne = annuaire.extraits().get(pk=cle)
    return _relu(ligne, effets_de_l_extrait(ligne), vue)


def relire_comptages(cle: int, vue: str) -> PropositionComptages:
    """The same of counts that were given."""
    _tenir_les_soldes()
    ligne = annuaire.propositions().get(pk=cle)
    return _relu(ligne, effets_possibles(ligne), vue)


def effets_possibles(proposition: PropositionComptages) -> Effets | None:
    """None too when they cannot be confirmed any more: they may still be refused."""
    try:
        return effets_des_comptages(proposition)
    except GesteImpossible:
        return None


def marque(ligne: Extrait | PropositionComptages, prevus: Effets | None) -> str:
    """What a page showed of it, to tell later whether it still is so."""
    return f"{ligne.statut}.{prevus.marque if prevus else ''}"


def _relu(ligne: L, prevus: Effets | None, vue: str) -> L:
    if vue != marque(ligne, prevus):
        raise GesteImpossible(
            "Cette page n'est plus à jour : quelqu'un a fait ce geste avant vous, ou un solde a été déposé, validé ou "
            "décidé depuis. Rien n'a été fait : relisez ce qui change, puis recommencez."
        )
    return ligne


@transaction.atomic
def juger_extrait(*, extrait: int, geste: GesteExtrait, motif: str, auteur: Auteur) -> Effets:
    """Confirm an extract, set one aside or look again, and take the counts of what is not decided again.

    Raises TransitionRefusee when somebody was faster, GesteImpossible; nothing is then written.
    """
    _tenir_les_soldes()
    avant = annuaire.extraits().get(pk=extrait)
    # Setting aside one that was held changes nothing: it did not count.
    change = (geste is GesteExtrait.CONFIRMER) is avant.retenu
    prevus = effets_de_l_extrait(avant) if change else None
    juge = jugements.juger(extrait=extrait, geste=geste, motif=motif, auteur=auteur)
    devenu = "pris en compte" if geste is GesteExtrait.CONFIRMER else "écarté"
    return _reprendre(prevus, f"Extrait de l'Annuaire Santé du {instant_long(juge.instant)} {devenu}")


@transaction.atomic
def juger_comptages(*, proposition: int, geste: GesteComptages, motif: str = "", auteur: Auteur) -> Effets:
    """Confirm, refuse or take back counts; confirmed, they change what is not decided. Raises as `juger_extrait`."""
    _tenir_les_soldes()
    confirme = geste is GesteComptages.CONFIRMER
    prevus = effets_des_comptages(annuaire.propositions().get(pk=proposition)) if confirme else None
    propositions.juger(proposition=proposition, geste=geste, motif=motif, auteur=auteur)
    return _reprendre(prevus, "Comptage de boîtes applicatives confirmé par l'administration")


def _tenir_les_soldes() -> None:
    """Nobody deposits, validates or decides one meanwhile: what is foretold is what is written."""
    un_a_la_fois(COMPTES)
    cycle.verrouiller_lot(list(soldes_comptes(*NON_DECIDES).values_list("pk", flat=True)))


def _reprendre(prevus: Effets | None, raison: str) -> Effets:
    if prevus is None:
        return Effets((), ())
    for effet in prevus.repris:
        # By the portal: who confirmed is in the event of what was confirmed, which the reason names.
        ecrire(
            demande=effet.demande.pk,
            comptes=effet.comptes,
            montant=effet.montant,
            motif=raison,
            auteur=PORTAIL,
        )
    return prevus
