"""Extracts for the tests: 31 columns, of which only two are looked at."""

import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from segurnum.annuaire_sante import propositions, services
from segurnum.annuaire_sante.models import Extrait, PropositionComptages
from segurnum.comptes.auteurs import PORTAIL, auteur
from segurnum.comptes.models import Profil
from segurnum.demonstration.extrait_mss import TITRES
from segurnum.essais import usines
from segurnum.regles.cycles_annuaire import GesteComptages

RESTE = "|8|99000000001|899000000001" + "|" * 26
NOM = "Extraction_Correspondance_MSSante_202606301400.txt"
INSTANT = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)  # 14 h 00 in Paris


def ligne(type_bal: str, adresse: str) -> str:
    return f"{type_bal}|{adresse}{RESTE}"


def extrait(dossier: Path, lignes: Iterable[str], *, nom: str = NOM, titres: str = TITRES) -> Path:
    chemin = dossier / nom
    chemin.write_text("\n".join((titres, *lignes, "")), encoding="utf-8")
    return chemin


def zippe(texte: Path, *, nom: str = "extrait.zip", membres: int = 1) -> Path:
    chemin = texte.with_name(nom)
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        for rang in range(membres):
            archive.write(texte, texte.name if rang == 0 else f"{rang}.txt")
    return chemin


def charger(dossier: Path, *boites: tuple[str, str], au: datetime = INSTANT) -> Extrait:
    """Load an extract of these mailboxes, as of this instant."""
    nom = f"extrait-{au:%Y%m%d%H%M%S}.txt"
    return services.importer_extrait(
        auteur=PORTAIL, chemin=extrait(dossier, (ligne(*b) for b in boites), nom=nom), date=au
    ).extrait


def fournir(chemin: Path) -> PropositionComptages:
    """Have one officer give the counts of this file, and another confirm them."""
    donnes = propositions.proposer_fichier(
        chemin=chemin, auteur=auteur(usines.utilisateur(Profil.GESTIONNAIRE))
    )
    return propositions.juger(
        proposition=donnes.pk,
        geste=GesteComptages.CONFIRMER,
        auteur=auteur(usines.utilisateur(Profil.GESTIONNAIRE)),
    )
