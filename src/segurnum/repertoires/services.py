"""Every write of the directories: a snapshot replaces the one before in one transaction, or waits for a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import psycopg
from django.db import connection, transaction

from segurnum.annuaire_sante.extraits import Avancement
from segurnum.annuaire_sante.lecture import Lot, Refus
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.controles.problemes import en_nombre, lisible, nombre_fr
from segurnum.controles.refus import FichierRefuse, phrase_des_fautes
from segurnum.isolement.extraits import depouiller
from segurnum.journal.services import Fait, consigner
from segurnum.regles.calendrier import instant_long, maintenant
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteReference
from segurnum.repertoires import lecture, queries
from segurnum.repertoires.lecture import DebutReleve, FinReleve, Repertoire
from segurnum.repertoires.models import Inscrit, Releve

CHARGER, CONFIRMER, ECARTER = "CHARGER_REPERTOIRE", "CONFIRMER_REPERTOIRE", "ECARTER_REPERTOIRE"
_VERROU = 71_717_174  # a number that nothing else locks
_BAISSE = 0.9  # of the numbers of the snapshot in force


@dataclass(frozen=True)
class Bilan:
    """What became of a file. `deja`: it was loaded before, nothing was done; `precedent`: the one that was in force."""

    releve: Releve
    deja: bool = False
    precedent: Releve | None = None


@reserve(GesteReference.TENIR_REPERTOIRES)
@transaction.atomic
def charger(
    *,
    repertoire: Repertoire,
    chemin: Path,
    date: datetime | None = None,
    auteur: Auteur,
    avancer: Avancement = lambda _lus, _total: None,
) -> Bilan:
    """Load a snapshot, which is in force at once unless it lost a tenth of its numbers.

    `date`: its own, where the file does not tell it. Raises FichierRefuse: nothing is then loaded.
    """
    _un_a_la_fois()
    dits = (repertoire.value, lisible(chemin.name), lecture.TAILLE_MAX)
    with depouiller(lecture.lire_releve, chemin, *dits) as suite, connection.cursor() as enveloppe:
        curseur = cast("psycopg.Cursor[Any]", enveloppe.cursor)
        curseur.execute(_PREPARER)
        instant, fin = _copier(curseur, suite, avancer)
        releve = Releve(
            repertoire=repertoire,
            instant=_instant(date or instant or lecture.instant_du_nom(chemin.name)),
            empreinte=fin.empreinte,
            nom=chemin.name[:150],
            auteur_id=auteur.cle,
        )
        connu = _vivants(repertoire).filter(empreinte=fin.empreinte).first()
        bilan = Bilan(connu, deja=True) if connu else _ranger(curseur, releve, auteur)
        curseur.execute("DROP TABLE inscrits_lus")
    return bilan


def _copier(
    curseur: "psycopg.Cursor[Any]",
    suite: Iterator[DebutReleve | Lot | FinReleve | Refus],
    avancer: Avancement,
) -> tuple[datetime | None, FinReleve]:
    """Everything of the file into the table of what was read. Raises FichierRefuse when a line of it is at fault."""
    instant, fin = None, None
    with curseur.copy("COPY inscrits_lus (numero, ferme, categorie) FROM STDIN") as copie:
        for element in suite:
            match element:
                case DebutReleve():
                    instant = element.instant
                case Lot():
                    avancer(element.lus, element.taille)
                    copie.write(element.lignes)
                case FinReleve():
                    fin = element
                case Refus():
                    raise FichierRefuse(element.phrase)
    if fin is None or not fin.lignes:
        raise FichierRefuse("Le fichier n'a aucun numéro.")
    if fin.nombre_fautes:
        raise FichierRefuse(phrase_des_fautes(fin.nombre_fautes), tuple(fin.fautes), fin.nombre_fautes)
    return instant, fin


def _instant(instant: datetime | None) -> datetime:
    if instant is None:
        raise FichierRefuse(
            "La date du fichier est inconnue : ni son nom ni son contenu ne la disent ; donnez-la."
        )
    if instant > maintenant():
        raise FichierRefuse(
            f"Le fichier serait du {instant_long(instant)}, qui n'est pas encore passé : vérifiez sa date."
        )
    return instant


_PREPARER = 'CREATE TEMPORARY TABLE inscrits_lus (numero text COLLATE "C", ferme boolean, categorie text)'
_RANGER = f"""
    INSERT INTO {Inscrit._meta.db_table} (releve_id, numero, ferme, categorie)
    SELECT %s, numero, bool_and(ferme), max(categorie) FROM inscrits_lus GROUP BY numero ORDER BY numero
"""  # noqa: S608 - the names of tables and columns are ours


def _ranger(curseur: "psycopg.Cursor[Any]", releve: Releve, auteur: Auteur) -> Bilan:
    precedent = queries.en_vigueur().get(releve.repertoire)
    if precedent is not None and precedent.instant > releve.instant:
        raise FichierRefuse(
            f"Le fichier est du {instant_long(releve.instant)} ; celui du {instant_long(precedent.instant)}, "
            "plus récent, est déjà en vigueur."
        )
    releve.save()
    curseur.execute(_RANGER, [releve.pk])
    releve.nombre = curseur.rowcount
    releve.fermes = Inscrit.objects.filter(releve=releve, ferme=True).count()
    releve.save(update_fields=["nombre", "fermes"])
    _consigner(CHARGER, releve, auteur)
    if precedent is None or releve.nombre >= _BAISSE * precedent.nombre:
        _mettre_en_vigueur(releve)
    return Bilan(releve, precedent=precedent)


def _mettre_en_vigueur(releve: Releve) -> None:
    """It takes the place of the others, whose numbers go with them: one snapshot of each directory is kept."""
    anciens = _vivants(Repertoire(releve.repertoire)).exclude(pk=releve.pk)
    Inscrit.objects.filter(releve__in=list(anciens)).delete()
    anciens.update(statut=Releve.Statut.REMPLACE)
    releve.statut = Releve.Statut.EN_VIGUEUR
    releve.save(update_fields=["statut"])


def phrase_du_bilan(bilan: Bilan) -> str:
    """What became of a file, for who loaded it."""
    releve = bilan.releve
    if bilan.deja:
        return f"Ce fichier est déjà chargé : {releve}. Rien n'a changé."
    combien = f"{en_nombre(releve.nombre, 'numéro')}, dont {en_nombre(releve.fermes, 'fermé')}"
    if not releve.retenu:
        return f"En vigueur : {releve}, {combien}."
    avant = bilan.precedent.nombre if bilan.precedent else 0
    return (
        f"Retenu : {releve} a {combien}, contre {nombre_fr(avant)} au précédent, qui reste en vigueur. Vérifiez que le "
        f"fichier est entier, puis « segurnum repertoires confirmer {releve.pk} » ou « ecarter {releve.pk} »."
    )


def _vivants(repertoire: Repertoire) -> Any:
    return Releve.objects.filter(
        repertoire=repertoire, statut__in=(Releve.Statut.EN_VIGUEUR, Releve.Statut.RETENU)
    )


@reserve(GesteReference.TENIR_REPERTOIRES)
@transaction.atomic
def confirmer(*, releve: int, auteur: Auteur) -> Releve:
    """Put in force a snapshot that was held. Raises GesteImpossible when it is not any more."""
    tenu = _retenu(releve)
    _mettre_en_vigueur(tenu)
    _consigner(CONFIRMER, tenu, auteur)
    return tenu


@reserve(GesteReference.TENIR_REPERTOIRES)
@transaction.atomic
def ecarter(*, releve: int, auteur: Auteur) -> Releve:
    """Put aside a snapshot that was held: the one in force stays."""
    tenu = _retenu(releve)
    Inscrit.objects.filter(releve=tenu).delete()
    tenu.statut = Releve.Statut.ECARTE
    tenu.save(update_fields=["statut"])
    _consigner(ECARTER, tenu, auteur)
    return tenu


def _retenu(cle: int) -> Releve:
    _un_a_la_fois()
    tenu = Releve.objects.filter(pk=cle, statut=Releve.Statut.RETENU).first()
    if tenu is None:
        raise GesteImpossible("Ce relevé n'attend plus de confirmation.")
    return tenu


def _un_a_la_fois() -> None:
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [_VERROU])


def _consigner(geste: str, releve: Releve, auteur: Auteur) -> None:
    consigner(
        [
            Fait(
                chaine="repertoires",
                objet=f"releve:{releve.pk}",
                geste=geste,
                auteur=auteur,
                details={
                    "repertoire": releve.repertoire,
                    "nom": releve.nom,
                    "instant": releve.instant.isoformat(),
                    "empreinte": releve.empreinte,
                    "nombre": releve.nombre,
                },
            )
        ]
    )
