"""Putting bytes into the store. The row is written only once the bytes are there."""

import codecs
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from io import SEEK_END
from operator import attrgetter
from typing import BinaryIO, cast

from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from segurnum.fichiers import antivirus
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.fichiers.stockage import Contenu, DitSesPannes
from segurnum.limites.quotas import admettre
from segurnum.pannes import AntivirusIndisponible, StockageIndisponible
from segurnum.pannes.rencontre import fichier_non_recu
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible

TRANCHE = 1024 * 1024  # octets
_STOCKAGE = cast(DitSesPannes, default_storage)
# Held by a back-up from before it looks at the rows until it has copied their files.
VERROU_SAUVEGARDE = 0x5E6_0001


def empreinte_de(flux: BinaryIO) -> tuple[str, int]:
    """SHA-256 (hexadecimal) and size (octets) of a stream, which is left at its beginning."""
    calcul, taille = hashlib.sha256(), 0
    flux.seek(0)
    while tranche := flux.read(TRANCHE):
        calcul.update(tranche)
        taille += len(tranche)
    flux.seek(0)
    return calcul.hexdigest(), taille


def deposer(*, flux: BinaryIO) -> Fichier:
    """Store a stream and return its row. Raises as `deposer_ensemble`."""
    empreinte, taille = empreinte_de(flux)
    return deposer_ensemble([Contenu(flux, empreinte, taille)])[empreinte]


def deposer_ensemble(contenus: Iterable[Contenu]) -> dict[str, Fichier]:
    """Store these, all or none, and return their rows by digest. The same bytes are stored once, whoever brings them.

    What is held in memory, and in open files, grows with them: see `groupes`. Raises FichierNonRecu while the store
    cannot keep one of them.
    """
    # In the order of their digests: two processes that bring the same ones do not wait for each other in a ring.
    apportes = {c.empreinte: c for c in sorted(contenus, key=attrgetter("empreinte"))}
    lignes = _tenir(apportes)
    _rajeunir(lignes.values())
    nouveaux = [contenu for empreinte, contenu in apportes.items() if empreinte not in lignes]
    with _refus_dit():
        # A row says that its bytes were kept, unless the store lost them since.
        perdus = [apportes[empreinte] for empreinte in lignes if not _STOCKAGE.porte(apportes[empreinte])]
        _STOCKAGE.ranger([*nouveaux, *perdus])
    return lignes | _inscrire(nouveaux) if nouveaux else lignes


@transaction.atomic
def _inscrire(contenus: list[Contenu]) -> dict[str, Fichier]:
    """The rows of bytes that had none when they were stored; another process may have written some since."""
    instant = maintenant()
    Fichier.objects.bulk_create(
        [Fichier(empreinte=c.empreinte, taille=c.taille, cree_le=instant) for c in contenus],
        ignore_conflicts=True,
    )
    with _refus_dit():
        # What was erased since it was stored.
        _STOCKAGE.ranger([c for c in contenus if not _STOCKAGE.exists(c.cle)])
    return _tenir(contenu.empreinte for contenu in contenus)


@contextmanager
def _refus_dit() -> Iterator[None]:
    """A store that keeps nothing for now is a refusal, that the screens say as any other; a job still waits for it."""
    try:
        yield
    except StockageIndisponible as panne:
        raise fichier_non_recu(panne) from panne


def _tenir(empreintes: Iterable[str]) -> dict[str, Fichier]:
    """The rows of these bytes by digest, which nobody erases before the end of the transaction.

    Held as a foreign key holds it: who brings the same bytes does not wait. One being erased is waited for.
    """
    lignes = Fichier.objects.raw(
        "SELECT * FROM fichiers_fichier WHERE empreinte = ANY(%s) FOR KEY SHARE", [list(empreintes)]
    )
    return {ligne.empreinte: ligne for ligne in lignes}


def _rajeunir(fichiers: Iterable[Fichier]) -> None:
    """Brought again today, they are today's: the nightly erasing of what nobody owns counts from here."""
    instant = maintenant()
    anciens = [fichier.pk for fichier in fichiers if fichier.cree_le < instant - timedelta(days=1)]
    if anciens:
        Fichier.objects.filter(pk__in=anciens).update(cree_le=instant)


def recevoir(*, flux: BinaryIO, nom: str, brouillon: str = "") -> Fichier:
    """Store a file that a person sends, once the antivirus has looked at it. `brouillon` names the draft it goes to.

    Where it does not answer the file is kept, opened by nobody, until `menaces.analyser_en_attente`.
    Raises GesteImpossible for a threat, past a quota, and while no file is taken.
    """
    admettre(octets=flux.seek(0, SEEK_END), brouillon=brouillon)
    flux.seek(0)
    fichier = deposer(flux=flux)
    try:
        infecte = analyser(fichier, delai=antivirus.DELAI_A_LA_PORTE).analyse == Analyse.INFECTE
    except AntivirusIndisponible:
        infecte = False
        Fichier.objects.filter(pk=fichier.pk, analyse=Analyse.NON_ANALYSE).update(analyse=Analyse.EN_ATTENTE)
        fichier.analyse = Analyse.EN_ATTENTE
    if infecte:
        raise GesteImpossible(
            f"L'antivirus a trouvé une menace dans le fichier « {nom} » : déposez un fichier sain."
        )
    return fichier


@transaction.atomic
def oublier(fichier: Fichier) -> bool:
    """Erase a file, row and bytes, unless a document still points to it. Returns whether it was.

    The bytes go once the row's end is committed: a transaction that fails has lost nothing.
    """
    try:
        with transaction.atomic():
            Fichier.objects.filter(pk=fichier.pk).delete()
            # A document may have come since Django looked.
            connection.check_constraints()
    except (ProtectedError, IntegrityError):
        return False
    transaction.on_commit(partial(effacer_octets, fichier.cle))
    return True


@transaction.atomic
def effacer_octets(cle: str) -> bool:
    """Erase bytes that no row names any more. Returns whether they were.

    A row of ours is put in the way meanwhile: who brings these bytes now waits, then stores them anew. While a back-up
    copies the files nothing is erased: the nightly job finds these bytes again.
    """
    if not menage_permis():
        return False
    garde, libre = Fichier.objects.get_or_create(empreinte=cle.rpartition("/")[2], defaults={"taille": 0})
    if libre:
        default_storage.delete(cle)
        garde.delete()
    return libre


def menage_permis() -> bool:
    """Whether bytes may be erased until the end of this transaction: no back-up holds them, and none begins."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [VERROU_SAUVEGARDE])
        return bool(curseur.fetchone()[0])


def ouvrir(fichier: Fichier) -> BinaryIO:
    """The stored bytes, as a stream that the caller closes. Raises FileNotFoundError if the store lost them."""
    return cast(BinaryIO, default_storage.open(fichier.cle, "rb"))


def jeu_de(debut: bytes) -> str:
    """In which letters a text is written, by its beginning: « utf-8 », else « windows-1252 »."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(debut)  # the last letter may be cut
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def lire(fichier: Fichier) -> bytes:
    with ouvrir(fichier) as flux:
        return flux.read()


def analyser(fichier: Fichier, *, delai: float = antivirus.DELAI) -> Fichier:
    """Have the antivirus look at a stored file, once. Raises AntivirusIndisponible when it cannot tell.

    A threat in one that waited is kept by `menaces`, which tells those who had sent it: until then it waits.
    """
    attendait = fichier.analyse == Analyse.EN_ATTENTE
    if (attendait or fichier.analyse == Analyse.NON_ANALYSE) and antivirus.actif():
        with ouvrir(fichier) as flux:
            fichier.analyse = antivirus.analyser(flux, delai=delai)
        if not (attendait and fichier.analyse == Analyse.INFECTE):
            fichier.save(update_fields=["analyse"])
    return fichier


def exiger_sains(pieces: Iterable[tuple[str, str, Fichier | None]]) -> None:
    """Raises GesteImpossible where a file is held back: nothing is decided on what nobody opens.

    `pieces`: type, name, file, in the order of their arrival. A sound one of the same type, asked for since, takes the
    place of one that is held.
    """
    retenues: dict[str, tuple[str, Fichier]] = {}
    for type_piece, nom, fichier in pieces:
        if fichier is not None and fichier.retenu:
            retenues[type_piece] = (nom, fichier)
        elif fichier is not None:
            retenues.pop(type_piece, None)
    for nom, fichier in retenues.values():
        raise GesteImpossible(
            f"La pièce « {nom} » est bloquée : {fichier.retenu}. Attendez son analyse ou demandez-en une autre avant "
            "de valider."
        )


def exiger_sans_menace(pieces: Iterable[tuple[str, Fichier]]) -> None:
    """Raises GesteImpossible where the antivirus, late, found a threat in one of these named files."""
    for nom, fichier in pieces:
        if fichier.analyse == Analyse.INFECTE:
            raise GesteImpossible(
                f"L'antivirus a trouvé une menace dans le fichier « {nom} » : remplacez-le par un fichier sain."
            )
