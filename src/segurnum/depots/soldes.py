"""The file of balances, begun from the advances that were decided: what they say is not typed again."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from segurnum import couloirs
from segurnum.comptes.models import Entreprise
from segurnum.controles.ecriture import ecrire_json
from segurnum.couloirs.commun import DEMANDES_MAX, NUMERO_EDITEUR
from segurnum.couloirs.vierges import solde_prerempli
from segurnum.demandes.models import STATUTS_ETEINTS, Demande, VersionDemande
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.tableurs import classeur, plan_de


def a_solder(entreprise: Entreprise) -> QuerySet[Demande]:
    """The decided advances of a company, deposited by a file, on which no balance lives."""
    soldes = Demande.objects.filter(dossier=OuterRef("dossier"), type=TypeDemande.SOLDE)
    return Demande.objects.filter(
        ~Exists(soldes.exclude(statut__in=STATUTS_ETEINTS)),
        entreprise=entreprise,
        type=TypeDemande.AVANCE,
        statut=StatutDemande.DECIDEE,
        dsr__in=[couloir.dsr for couloir in couloirs.par_fichier()],
    ).select_related("dossier__enrolement__referencement", "entreprise")


def fichier_des_soldes(entreprise: Entreprise, choisies: Collection[int]) -> tuple[str, dict[str, Any]]:
    """The DSR, and the file of the balances of these advances. Raises GesteImpossible where one cannot hold them."""
    avances = list(a_solder(entreprise).filter(pk__in=choisies).order_by("depose_le", "pk"))
    if not avances:
        raise GesteImpossible(
            "Ces avances ont déjà leur solde, ou ne sont plus décidées : choisissez-en d'autres."
        )
    if len(avances) > DEMANDES_MAX:
        raise GesteImpossible(
            f"Un fichier compte {DEMANDES_MAX} demandes au plus, et vous avez choisi {len(avances)} avances : "
            "préparez-en plusieurs."
        )
    enrolements = {avance.dossier.enrolement for avance in avances}
    if len(enrolements) > 1:
        numeros = sorted(enrolement.referencement.numero_ans for enrolement in enrolements)
        raise GesteImpossible(
            f"Un fichier porte sur un seul numéro ANS, et ces avances en ont {len(numeros)} ({', '.join(numeros)}) : "
            "filtrez la liste par numéro ANS, puis préparez un fichier pour chacun."
        )
    (enrolement,) = enrolements
    donnees = _donnees(avances)
    instant = maintenant()
    numeros_editeur = _distincts([avance.numero_editeur for avance in avances])
    lignes = [
        solde_prerempli(avance.couloir, donnees[avance.pk], avance.dossier.numero, numero, instant)
        | {"numLigne": rang}
        for rang, (avance, numero) in enumerate(zip(avances, numeros_editeur, strict=True), start=1)
    ]
    entete = {"impId": None, "numeroAns": enrolement.referencement.numero_ans, "siret": entreprise.siret}
    return enrolement.referencement.dsr, entete | {"lignesImport": lignes}


def en_json(fichier: Mapping[str, Any]) -> bytes:
    return ecrire_json(fichier).encode()


def en_classeur(dsr: str, fichier: Mapping[str, Any]) -> bytes:
    return classeur(plan_de(couloirs.par_dsr(dsr), TypeDemande.SOLDE), fichier)


def _donnees(avances: Sequence[Demande]) -> dict[int, dict[str, Any]]:
    """What each declares today, in one statement."""
    courantes = VersionDemande.objects.filter(demande__in=avances, rang=F("demande__version_courante"))
    return dict(courantes.values_list("demande_id", "donnees"))


def _distincts(numeros: Sequence[str]) -> list[str]:
    """Each number once: two advances of two files may have the same one."""
    distincts: dict[str, None] = {}
    for numero in numeros:
        libre, rang = numero, 1
        while libre in distincts:
            rang += 1
            suffixe = f"-{rang}"
            libre = f"{numero[: NUMERO_EDITEUR.longueur_max - len(suffixe)]}{suffixe}"
        distincts[libre] = None
    return list(distincts)
