"""Loading extracts, and whose domains are whose (MSS-009). Counts that somebody gives are in `propositions`."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import psycopg
from django.db import connection, transaction

from segurnum.annuaire_sante import queries, soupcons, tableurs
from segurnum.annuaire_sante.extraits import Avancement, ouvrir
from segurnum.annuaire_sante.journal import consigner_geste
from segurnum.annuaire_sante.lecture import instant_du_nom
from segurnum.annuaire_sante.models import AdresseMSS, CompteDomaine, DomaineOperateur, Extrait
from segurnum.annuaire_sante.verrous import DOMAINES, EXTRAITS, un_a_la_fois
from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.comptes.droits import reserve
from segurnum.controles.refus import FichierRefuse
from segurnum.demandes.separation import separer_du_comptage
from segurnum.journal.cycle import noter
from segurnum.regles.calendrier import instant_long, maintenant
from segurnum.regles.cycles_annuaire import StatutExtrait
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteReference

IMPORTER, OUBLIER = "IMPORTER_EXTRAIT", "OUBLIER_ADRESSES"
RATTACHER, RETIRER = "RATTACHER_DOMAINES", "RETIRER_DOMAINE"


@dataclass(frozen=True)
class Bilan:
    """What became of an extract. `deja`: it was loaded before, and nothing was done.

    `doublons`: lines whose address stands on another one; `plusieurs_types`: addresses told of several types.
    """

    extrait: Extrait
    deja: bool = False
    doublons: int = 0
    plusieurs_types: int = 0


@reserve(GesteReference.TENIR_ANNUAIRE)
@transaction.atomic
def importer_extrait(
    *,
    chemin: Path,
    date: datetime | None = None,
    auteur: Auteur,
    avancer: Avancement = lambda _lus, _total: None,
) -> Bilan:
    """Load an extract, which counts at once unless it is suspicious. `date`: the snapshot's, where no name tells it.

    Raises FichierRefuse: nothing is then loaded. `avancer` hears the octets read and their total.
    """
    separer_du_comptage(GesteReference.TENIR_ANNUAIRE, auteur)
    un_a_la_fois(EXTRAITS)
    with ouvrir(chemin, avancer) as lu, connection.cursor() as enveloppe:
        instant = _instant(date, chemin.name, lu.nom)
        curseur = cast("psycopg.Cursor[Any]", enveloppe.cursor)
        curseur.execute(_PREPARER)
        with curseur.copy("COPY bal_lues (type, adresse) FROM STDIN") as copie:
            for lot in lu.lots():
                copie.write(lot)
        extrait = Extrait(
            instant=instant,
            empreinte=lu.fin.empreinte,
            nom=chemin.name[:150],
            nombre_lignes=lu.fin.lignes,
            hors_comptage=lu.fin.hors_comptage,
            types_inconnus=lu.fin.types_inconnus,
            lignes_vides=lu.fin.vides,
            lignes_dites=lu.fin.dites,
            auteur_id=auteur.cle,
        )
        connu = Extrait.objects.filter(empreinte=extrait.empreinte).first()
        bilan = Bilan(connu, deja=True) if connu else _ranger(curseur, extrait, auteur)
        curseur.execute("DROP TABLE bal_lues")
    return bilan


def _instant(date: datetime | None, *noms: str) -> datetime:
    instant = date or instant_du_nom(*noms)
    if instant is None:
        raise FichierRefuse(
            "La date de l'extrait est inconnue : le nom Extraction_Correspondance_MSSante_AAAAMMJJhhmm.txt ou .zip "
            "est attendu, ou l'option --date."
        )
    if instant > maintenant():
        raise FichierRefuse(
            f"L'extrait serait du {instant_long(instant)}, qui n'est pas encore passé : vérifiez sa date."
        )
    return instant


_ADRESSES, _COMPTES = AdresseMSS._meta.db_table, CompteDomaine._meta.db_table
_PREPARER = """
    CREATE TEMPORARY TABLE bal_lues (type text COLLATE "C", adresse text COLLATE "C");
    SET LOCAL work_mem = '128MB'
"""
# Told of several types, an address counts once, for the one that is financed least (APP < ORG < PER).
_DEDOUBLER = f"""
    INSERT INTO {_ADRESSES} (extrait_id, domaine, adresse, type)
    SELECT %s, split_part(adresse, '@', 2), adresse, max(type) FROM bal_lues GROUP BY adresse ORDER BY 2, 3
"""  # noqa: S608 - the names of tables and columns are ours
_PLUSIEURS_TYPES = """
    SELECT count(*) FROM (SELECT 1 FROM bal_lues GROUP BY adresse HAVING min(type) <> max(type)) AS plusieurs
"""
_COMPTER = f"""
    INSERT INTO {_COMPTES} (extrait_id, domaine, type, nombre)
    SELECT extrait_id, domaine, type, count(*) FROM {_ADRESSES} WHERE extrait_id = %s GROUP BY 1, 2, 3
"""  # noqa: S608 - the names of tables and columns are ours


def _ranger(curseur: "psycopg.Cursor[Any]", extrait: Extrait, auteur: Auteur) -> Bilan:
    """From the table of what was read to what is kept: sets only, whatever the number of lines."""
    extrait.nombre_adresses = 0
    extrait.statut = StatutExtrait.RETENU
    extrait.save()
    curseur.execute(_DEDOUBLER, [extrait.pk])
    extrait.nombre_adresses = curseur.rowcount
    curseur.execute(_COMPTER, [extrait.pk])
    extrait.soupcons = soupcons.juger(extrait)
    if not extrait.soupcons:
        extrait.statut = StatutExtrait.EN_VIGUEUR
    extrait.save()
    apart = extrait.hors_comptage + extrait.types_inconnus + extrait.lignes_vides
    doublons = extrait.nombre_lignes - apart - extrait.nombre_adresses
    plusieurs = 0
    if doublons:
        curseur.execute(_PLUSIEURS_TYPES)
        plusieurs = curseur.fetchone()[0]  # type: ignore[index]
    noter(extrait, IMPORTER, auteur, details=_details(extrait))
    return Bilan(extrait, doublons=doublons, plusieurs_types=plusieurs)


def _details(extrait: Extrait) -> dict[str, Any]:
    return {
        "nom": extrait.nom,
        "instant": extrait.instant.isoformat(),
        "empreinte": extrait.empreinte,
        "lignes": extrait.nombre_lignes,
        "adresses": extrait.nombre_adresses,
        "soupcons": extrait.soupcons,
    }


@transaction.atomic
def oublier_adresses() -> int:
    """Delete the addresses that explain no count any more; returns how many. The counts themselves stay."""
    un_a_la_fois(EXTRAITS)
    inutiles = list(
        Extrait.objects.filter(adresses_oubliees_le=None)
        .exclude(pk__in=queries.extraits_a_garder())
        .values_list("pk", flat=True)
    )
    if not inutiles:
        return 0
    oubliees, _ = AdresseMSS.objects.filter(extrait__in=inutiles).delete()
    Extrait.objects.filter(pk__in=inutiles).update(adresses_oubliees_le=maintenant())
    consigner_geste(OUBLIER, "extraits", PORTAIL, extraits=inutiles, adresses=oubliees)
    return oubliees


@dataclass(frozen=True)
class BilanDomaines:
    """What a file of domains changed."""

    nouveaux: int = 0
    inchanges: int = 0


@reserve(GesteReference.TENIR_ANNUAIRE)
@transaction.atomic
def importer_domaines(*, chemin: Path, auteur: Auteur) -> BilanDomaines:
    """Take a CSV file (numero_ans;domaine) in, whole: its domains are added. Raises FichierRefuse."""
    un_a_la_fois(DOMAINES)
    tenus = _domaines_tenus()
    lues = tableurs.lire_domaines(chemin, _operateurs(), tenus).values()
    nouvelles = [(lue.numero_ans, lue.domaine) for lue in lues if lue.domaine not in tenus]
    _rattacher(nouvelles, auteur)
    return BilanDomaines(nouveaux=len(nouvelles), inchanges=len(lues) - len(nouvelles))


@reserve(GesteReference.TENIR_ANNUAIRE)
@transaction.atomic
def rattacher_domaine(*, numero_ans: str, domaine: str, auteur: Auteur) -> str:
    """One more domain for an operator, returned as it is kept. Raises GesteImpossible."""
    un_a_la_fois(DOMAINES)
    try:
        tableurs.verifier_operateur(numero_ans, _operateurs())
        lu = tableurs.lire_domaine(domaine)
        tenus = _domaines_tenus()
        tableurs.verifier_libre(lu, numero_ans, tenus)
    except ValueError as faute:
        raise GesteImpossible(str(faute)) from faute
    if lu in tenus:
        raise GesteImpossible(
            f"Le domaine « {lu} » est déjà celui de ce numéro ANS : il n'y a rien à ajouter."
        )
    _rattacher([(numero_ans, lu)], auteur)
    return lu


@reserve(GesteReference.TENIR_ANNUAIRE)
@transaction.atomic
def retirer_domaine(*, numero_ans: str, domaine: int, auteur: Auteur) -> str:
    """One domain less for an operator; returns its name. Raises GesteImpossible when it is no longer theirs."""
    un_a_la_fois(DOMAINES)
    ligne = DomaineOperateur.objects.filter(pk=domaine, numero_ans=numero_ans).first()
    if ligne is None:
        raise GesteImpossible("Ce domaine n'est plus celui de ce numéro ANS : il n'y a rien à retirer.")
    consigner_geste(RETIRER, f"operateur:{numero_ans}", auteur, domaine=ligne.domaine)
    ligne.delete()
    return ligne.domaine


def _operateurs() -> frozenset[str]:
    return frozenset(queries.operateurs().values_list("numero_ans", flat=True))


def _domaines_tenus() -> dict[str, str]:
    return dict(DomaineOperateur.objects.values_list("domaine", "numero_ans"))


def _rattacher(couples: list[tuple[str, str]], auteur: Auteur) -> None:
    DomaineOperateur.objects.bulk_create(
        DomaineOperateur(numero_ans=numero, domaine=domaine) for numero, domaine in couples
    )
    if couples:
        consigner_geste(RATTACHER, "domaines", auteur, domaines=[list(couple) for couple in couples])
