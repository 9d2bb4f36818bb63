"""Every write of the mailbox counts: extracts, applicative counts, domains of operators (MSS-009)."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import psycopg
from django.db import connection, transaction

from segurnum.annuaire_sante import queries, tableurs
from segurnum.annuaire_sante.extraits import Avancement, ouvrir
from segurnum.annuaire_sante.journal import consigner_geste
from segurnum.annuaire_sante.lecture import instant_du_nom
from segurnum.annuaire_sante.models import (
    AdresseMSS,
    ComptageFourni,
    CompteDomaine,
    DomaineOperateur,
    Extrait,
)
from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.comptes.droits import reserve
from segurnum.controles.refus import FichierRefuse
from segurnum.demandes.separation import separer_du_comptage
from segurnum.regles.calendrier import instant_long, maintenant
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteReference

IMPORTER, OUBLIER = "IMPORTER_EXTRAIT", "OUBLIER_ADRESSES"
COMPTER, RATTACHER, RETIRER = "FOURNIR_COMPTAGES", "RATTACHER_DOMAINES", "RETIRER_DOMAINE"
# Any two numbers that nothing else locks: who types a domain does not wait for the end of a long loading.
_VERROU_EXTRAITS, _VERROU_DOMAINES = 71_717_172, 71_717_173
_BAISSE = 0.9  # of the addresses of the extract before


@dataclass(frozen=True)
class Bilan:
    """What became of an extract. `deja`: it was loaded before, and nothing was done.

    `doublons`: lines whose address stands on another one; `plusieurs_types`: addresses told of several types;
    `precedent`: the extract of just before, if there is one.
    """

    extrait: Extrait
    deja: bool = False
    doublons: int = 0
    plusieurs_types: int = 0
    precedent: Extrait | None = None

    @property
    def semble_incomplet(self) -> bool:
        """True when too many addresses are gone since the extract before: the file may have been cut."""
        avant = self.precedent.nombre_adresses if self.precedent else 0
        return self.extrait.nombre_adresses < _BAISSE * avant


@reserve(GesteReference.TENIR_ANNUAIRE)
@transaction.atomic
def importer_extrait(
    *,
    chemin: Path,
    date: datetime | None = None,
    auteur: Auteur,
    avancer: Avancement = lambda _lus, _total: None,
) -> Bilan:
    """Load an extract. `date`: the snapshot's, where the name of the file does not tell it.

    Raises FichierRefuse: nothing is then loaded. `avancer` hears the octets read and their total.
    """
    separer_du_comptage(GesteReference.TENIR_ANNUAIRE, auteur)
    _un_a_la_fois(_VERROU_EXTRAITS)
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
            auteur_id=auteur.cle,
        )
        connu = Extrait.objects.filter(empreinte=extrait.empreinte).first()
        bilan = Bilan(connu, deja=True) if connu else _ranger(curseur, extrait, auteur)
        curseur.execute("DROP TABLE bal_lues")
    return bilan


def _un_a_la_fois(verrou: int) -> None:
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [verrou])


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
    extrait.save()
    curseur.execute(_DEDOUBLER, [extrait.pk])
    extrait.nombre_adresses = curseur.rowcount
    extrait.save(update_fields=["nombre_adresses"])
    curseur.execute(_COMPTER, [extrait.pk])
    doublons = extrait.nombre_lignes - extrait.hors_comptage - extrait.nombre_adresses
    plusieurs = 0
    if doublons:
        curseur.execute(_PLUSIEURS_TYPES)
        plusieurs = curseur.fetchone()[0]  # type: ignore[index]
    consigner_geste(
        IMPORTER,
        f"extrait:{extrait.pk}",
        auteur,
        nom=extrait.nom,
        instant=extrait.instant.isoformat(),
        empreinte=extrait.empreinte,
        lignes=extrait.nombre_lignes,
        adresses=extrait.nombre_adresses,
    )
    precedent = Extrait.objects.filter(instant__lt=extrait.instant).order_by("-instant", "-pk").first()
    return Bilan(extrait, doublons=doublons, plusieurs_types=plusieurs, precedent=precedent)


@transaction.atomic
def oublier_adresses() -> int:
    """Delete the addresses that explain no count any more; returns how many. The counts themselves stay."""
    _un_a_la_fois(_VERROU_EXTRAITS)
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
class BilanTableur:
    """What a file of the administration changed."""

    nouveaux: int = 0
    remplaces: int = 0
    inchanges: int = 0


@reserve(GesteReference.TENIR_ANNUAIRE)
@transaction.atomic
def importer_comptages(*, chemin: Path, auteur: Auteur) -> BilanTableur:
    """Take a CSV file (domaine;nombre;date;source) in, whole: a count of the same domain and day is replaced.

    Raises FichierRefuse.
    """
    separer_du_comptage(GesteReference.TENIR_ANNUAIRE, auteur)
    _un_a_la_fois(_VERROU_DOMAINES)
    lues = tableurs.lire_comptages(chemin, frozenset(_domaines_tenus())).values()
    avant = {
        (fourni.domaine, fourni.date): (fourni.nombre, fourni.source)
        for fourni in ComptageFourni.objects.filter(domaine__in={lue.domaine for lue in lues})
    }
    changees = [lue for lue in lues if avant.get((lue.domaine, lue.date)) != (lue.nombre, lue.source)]
    ComptageFourni.objects.bulk_create(
        (
            ComptageFourni(domaine=lue.domaine, date=lue.date, nombre=lue.nombre, source=lue.source)
            for lue in changees
        ),
        update_conflicts=True,
        unique_fields=["domaine", "date"],
        update_fields=["nombre", "source"],
    )
    remplacees = sum((lue.domaine, lue.date) in avant for lue in changees)
    if changees:
        valeurs = [
            [lue.domaine, lue.date.isoformat(), avant.get((lue.domaine, lue.date)), [lue.nombre, lue.source]]
            for lue in changees
        ]
        consigner_geste(COMPTER, "comptages", auteur, valeurs=valeurs)
    return BilanTableur(len(changees) - remplacees, remplacees, len(lues) - len(changees))


@reserve(GesteReference.TENIR_ANNUAIRE)
@transaction.atomic
def importer_domaines(*, chemin: Path, auteur: Auteur) -> BilanTableur:
    """Take a CSV file (numero_ans;domaine) in, whole: its domains are added. Raises FichierRefuse."""
    _un_a_la_fois(_VERROU_DOMAINES)
    tenus = _domaines_tenus()
    lues = tableurs.lire_domaines(chemin, _operateurs(), tenus).values()
    nouvelles = [(lue.numero_ans, lue.domaine) for lue in lues if lue.domaine not in tenus]
    _rattacher(nouvelles, auteur)
    return BilanTableur(nouveaux=len(nouvelles), inchanges=len(lues) - len(nouvelles))


@reserve(GesteReference.TENIR_ANNUAIRE)
@transaction.atomic
def rattacher_domaine(*, numero_ans: str, domaine: str, auteur: Auteur) -> str:
    """One more domain for an operator, returned as it is kept. Raises GesteImpossible."""
    _un_a_la_fois(_VERROU_DOMAINES)
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
    _un_a_la_fois(_VERROU_DOMAINES)
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
