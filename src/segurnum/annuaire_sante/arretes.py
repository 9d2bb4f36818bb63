"""The proof of a settled solde: its numbers, where they come from, and the addresses behind them (MSS-009)."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from segurnum.annuaire_sante.journal import consigner_geste
from segurnum.annuaire_sante.models import AdresseArretee, AdresseMSS, ArreteComptes, Extrait
from segurnum.annuaire_sante.queries import Comptage
from segurnum.comptes.auteurs import PORTAIL
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import StatutDemande

FINIS = (StatutDemande.DECIDEE, StatutDemande.REJETEE, StatutDemande.ANNULEE, StatutDemande.HISTORISEE)
EFFACER = "EFFACER_ADRESSES_ARRETEES"
_AN = timedelta(days=365.25)
# Copied inside the database, whatever their number: a million passes through no memory of the portal.
_COPIER = f"""
    INSERT INTO {AdresseArretee._meta.db_table} (arrete_id, domaine, adresse, type)
    SELECT %s, domaine, adresse, type FROM {AdresseMSS._meta.db_table} WHERE extrait_id = %s AND domaine = ANY(%s)
"""  # noqa: S608 - the names of tables and columns are ours


@transaction.atomic
def garder(*, demande: int, comptage: Comptage | None, source: str) -> int:
    """Keep what this solde was settled with, in place of what was kept before; None: nothing is settled any more.

    Returns how many addresses are kept. The caller holds the request, and journals.
    """
    ArreteComptes.objects.filter(demande=demande).delete()
    if comptage is None or not comptage.definitif:
        return 0
    arrete = ArreteComptes.objects.create(
        demande_id=demande,
        extrait_id=comptage.extrait,
        empreinte=Extrait.objects.values_list("empreinte", flat=True).get(pk=comptage.extrait),
        extrait_du=comptage.extrait_du,
        domaines=list(comptage.domaines),
        applicatives=comptage.applicatives,
        organisationnelles=comptage.organisationnelles,
        nominatives=comptage.nominatives,
        source=source,
        arrete_le=maintenant(),
    )
    with connection.cursor() as curseur:
        curseur.execute(_COPIER, [arrete.pk, comptage.extrait, list(comptage.domaines)])
        arrete.nombre_adresses = curseur.rowcount
    arrete.save(update_fields=["nombre_adresses"])
    return arrete.nombre_adresses


def arrete_de(demande: int) -> ArreteComptes | None:
    """What a solde was settled with; None when it is not, or was before this was kept."""
    return ArreteComptes.objects.filter(demande=demande).first()


def adresses_arretees(arrete: ArreteComptes | None) -> QuerySet[AdresseArretee]:
    return AdresseArretee.objects.filter(arrete=arrete)


def deja_gardes(demandes: list[int]) -> set[int]:
    """Those of these requests whose proof is kept."""
    return set(ArreteComptes.objects.filter(demande__in=demandes).values_list("demande", flat=True))


@transaction.atomic
def effacer_les_adresses_anciennes() -> int:
    """Erase the addresses that no audit asks for any more, years after their solde ended; the numbers stay.

    Returns how many were erased.
    """
    limite = maintenant() - settings.ANNUAIRE_SANTE_ADRESSES * _AN
    anciens = ArreteComptes.objects.select_for_update(of=("self",)).filter(
        effacees_le=None,
        nombre_adresses__gt=0,
        demande__statut__in=FINIS,
        demande__statut_depuis__lt=limite,
    )
    cles = list(anciens.values_list("pk", flat=True))
    if not cles:
        return 0
    effacees, _ = AdresseArretee.objects.filter(arrete__in=cles).delete()
    ArreteComptes.objects.filter(pk__in=cles).update(effacees_le=maintenant())
    consigner_geste(EFFACER, "adresses-arretees", PORTAIL, arretes=cles, adresses=effacees)
    return effacees
