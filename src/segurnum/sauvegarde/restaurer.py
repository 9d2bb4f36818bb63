"""Restoring a back-up into the installation of this process, then proving that it is what was saved."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import psycopg
from django.core.files import File
from django.core.files.storage import default_storage

from segurnum.controles.problemes import en_nombre
from segurnum.fichiers.queries import rapprocher
from segurnum.fichiers.stockage import StockageLocal
from segurnum.journal.gardes import reserver
from segurnum.journal.queries import ruptures
from segurnum.sauvegarde import base
from segurnum.sauvegarde.chiffrement import commande_de_lecture, lire
from segurnum.sauvegarde.ecriture import TRANCHE, Ecrit
from segurnum.sauvegarde.erreurs import SauvegardeImpossible
from segurnum.sauvegarde.manifeste import Manifeste, chemin_de, fichiers_de, terminees

EN_MEMOIRE = 16 * 1024 * 1024  # octets
MONTRES = 20  # differences of one kind that are told one by one
Dire = Callable[[str], object]
Avancer = Callable[[int, int], object]


def choisir(dossier: Path, nom: str | None = None) -> Path:
    """The back-up to restore: the one named, else the last finished one. Raises SauvegardeImpossible."""
    toutes = terminees(dossier)
    if nom is not None:
        toutes = [sauvegarde for sauvegarde in toutes if sauvegarde.name == nom]
    if not toutes:
        quoi = f"de sauvegarde finie nommée {nom}" if nom else "de sauvegarde finie"
        raise SauvegardeImpossible(f"il n'y a pas {quoi} dans {dossier}.")
    return toutes[-1]


def controler_les_fichiers(sauvegarde: Path) -> tuple[Manifeste, list[str]]:
    """The manifest, and which of the back-up's own files are not what it says."""
    manifeste = Manifeste.lire(sauvegarde)
    defauts = []
    for annonce in (manifeste.base, manifeste.tetes, manifeste.liste):
        try:
            trouve = Ecrit.lire(sauvegarde / annonce.nom)
        except FileNotFoundError:
            defauts.append(f"{annonce.nom} manque")
        else:
            if trouve != annonce:
                defauts.append(
                    f"{annonce.nom} n'est pas ce que le manifeste annonce : il a été changé ou abîmé"
                )
    return manifeste, defauts


def restaurer(
    *,
    sauvegarde: Path,
    cle: Path | None = None,
    remplacer: bool = False,
    dire: Dire = lambda _phrase: None,
    avancer: Avancer = lambda _fait, _total: None,
) -> list[str]:
    """Restore into this installation. Returns every difference with what was saved, as sentences: none is a success.

    `remplacer`: the word that lets a database that is not empty be erased. Raises SauvegardeImpossible before anything
    is touched: a damaged back-up, a target that holds something, a missing tool or key.
    """
    manifeste, defauts = controler_les_fichiers(sauvegarde)
    if defauts:
        raise SauvegardeImpossible(f"la sauvegarde {sauvegarde.name} est abîmée : {' ; '.join(defauts)}.")
    commande = commande_de_lecture(manifeste.chiffrement, cle)
    if commande is not None:  # a key that does not open it is found out before anything is touched
        with lire(sauvegarde / manifeste.base.nom, commande) as flux:
            while flux.read(TRANCHE):
                pass
    with base.connecter() as lien:
        pg_restore, _ = base.outil("pg_restore", max(base.version_du_serveur(lien), manifeste.outil))
        base.exiger_le_proprietaire(lien)
        if not base.est_vide(lien):
            if not remplacer:
                raise SauvegardeImpossible(
                    "la base à remplir n'est pas vide : donnez une base neuve, ou demandez par --remplacer que tout ce "
                    "qu'elle contient soit effacé."
                )
            base.vider(lien)
    dire("Base de données…")
    with lire(sauvegarde / manifeste.base.nom, commande) as flux:
        base.reprendre(pg_restore, flux)
    reserver()  # rights are not in a dump: those of the journal are less than the others
    dire("Fichiers…")
    differences = list(_fichiers(sauvegarde, manifeste, commande, avancer))
    dire("Vérification…")
    return [*differences, *verifier(sauvegarde, manifeste)]


def _fichiers(
    sauvegarde: Path, manifeste: Manifeste, commande: list[str] | None, avancer: Avancer
) -> Iterator[str]:
    """Copy the files that the store lacks; says which of them could not be."""
    suffixe = sauvegarde.joinpath(manifeste.base.nom).suffix if commande else ""
    absents = {*manifeste.perdus, *manifeste.alteres}
    if isinstance(
        default_storage, StockageLocal
    ):  # the rows come before their files: nothing says yet that it is the one
        default_storage.commencer()
    for rang, (empreinte, taille) in enumerate(fichiers_de(sauvegarde / manifeste.liste.nom), 1):
        avancer(rang, manifeste.nombre)
        cle = f"{empreinte[:2]}/{empreinte[2:4]}/{empreinte}"
        if empreinte in absents or (default_storage.exists(cle) and default_storage.size(cle) == taille):
            continue
        copie = chemin_de(sauvegarde.parent, empreinte, suffixe)
        try:
            with tempfile.SpooledTemporaryFile(EN_MEMOIRE) as tampon, lire(copie, commande) as flux:
                juste = _recopier(flux, tampon) == (empreinte, taille)
                if juste:
                    tampon.seek(0)
                    default_storage.save(cle, File(tampon))
            if not juste:
                yield f"le fichier {empreinte} de la sauvegarde a été changé ou abîmé"
        except FileNotFoundError:
            yield f"le fichier {empreinte} manque dans la sauvegarde"
        except SauvegardeImpossible as illisible:
            yield f"le fichier {empreinte} de la sauvegarde est illisible : {illisible}"


def _recopier(flux: IO[bytes], tampon: "tempfile.SpooledTemporaryFile[bytes]") -> tuple[str, int]:
    calcul = hashlib.sha256()
    while bloc := flux.read(TRANCHE):
        calcul.update(bloc)
        tampon.write(bloc)
    return calcul.hexdigest(), tampon.tell()


def verifier(sauvegarde: Path, manifeste: Manifeste) -> list[str]:
    """Compare this installation with the manifest: rows, journal, files. Returns the differences as sentences."""
    with base.connecter() as lien:
        differences = [*_lignes(manifeste, lien), *_tetes(sauvegarde / manifeste.tetes.nom, lien)]
    rompues = ruptures()
    differences += [
        f"journal, chaîne {rupture.chaine}, événement n° {rupture.rang} : {rupture.defaut}"
        for rupture in rompues[:MONTRES]
    ]
    if len(rompues) > MONTRES:
        differences.append(
            f"journal : {en_nombre(len(rompues) - MONTRES, 'autre anomalie', 'autres anomalies')}"
        )
    stocke = rapprocher()
    differences += [f"le fichier {empreinte} n'est pas dans le stockage" for empreinte in stocke.perdus]
    differences += [
        f"le fichier {empreinte} n'a pas sa taille dans le stockage" for empreinte in stocke.alteres
    ]
    return differences


def _lignes(manifeste: Manifeste, lien: "psycopg.Connection[Any]") -> Iterator[str]:
    trouvees = base.compter(lien)
    for table in sorted(manifeste.lignes.keys() | trouvees.keys()):
        attendu, trouve = manifeste.lignes.get(table), trouvees.get(table)
        if attendu != trouve:
            yield f"table {table} : {_nombre(trouve)}, au lieu de {_nombre(attendu)} à la sauvegarde"


def _nombre(lignes: int | None) -> str:
    return "absente" if lignes is None else en_nombre(lignes, "ligne")


def _tetes(fichier: Path, lien: "psycopg.Connection[Any]") -> Iterator[str]:
    """The last digest of each chain, side by side: an end of chain that was cut leaves no other trace."""
    gardees = dict(ligne.rsplit(" ", 1) for ligne in fichier.read_text("utf-8").splitlines())
    trouvees = dict(lien.execute(base.TETES).fetchall())
    for chaine in sorted(gardees.keys() | trouvees.keys()):
        if gardees.get(chaine) != trouvees.get(chaine):
            yield f"journal, chaîne {chaine} : sa fin n'est pas celle de la sauvegarde"
