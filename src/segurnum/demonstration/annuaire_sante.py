"""The mailboxes of the operators of the demonstration: an extract, their domains, the applicative counts."""

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from segurnum.annuaire_sante import propositions, queries, services
from segurnum.comptes.auteurs import PORTAIL, auteur
from segurnum.comptes.models import Utilisateur
from segurnum.demonstration.extrait_mss import Boites, ecrire
from segurnum.referentiel.models import Referencement
from segurnum.regles.calendrier import date_fr, jour_de_paris
from segurnum.regles.cycles_annuaire import GesteComptages

SOURCE = "Déclaration de l'ANS (démonstration)"
_EFFET = date(2021, 1, 1)
_AUTRES = 400  # lines of other operators, that nobody looks at


@dataclass(frozen=True)
class Operateur:
    """What an operator declares. Its ANS number is made here unless the reference data has it."""

    numero_ans: str
    domaine: str
    solution: str = "Passerelune Messagerie"
    applicatives: int = 1_000
    organisationnelles: int = 10
    nominatives: int = 10


# The place to say what the operators of the demonstration declare: one line each. A number of the reference data that
# is not here declares the same as the first one, in a domain made of its number.
OPERATEURS = (
    Operateur("MSSMSS0001", "operateur-exemple.mssante.example"),
    Operateur("MSSMSS0002", "liaison-exemple.mssante.example", applicatives=3_000),
    Operateur("MSSMSS0003", "ville-exemple.mssante.example", applicatives=120, nominatives=240),
)


def charger(instant: datetime) -> None:
    """Load it all by the services that the administration uses, as a file of the morning before `instant`."""
    for operateur in OPERATEURS:
        _referencer(operateur)
    operateurs = _operateurs()
    jour = jour_de_paris(instant) - timedelta(days=1)
    with tempfile.TemporaryDirectory() as temporaire:
        dossier = Path(temporaire)
        extrait = dossier / f"Extraction_Correspondance_MSSante_{jour:%Y%m%d}0600.txt"
        ecrire(
            extrait,
            boites=[
                Boites(operateur.domaine, type_bal, nombre)
                for operateur in operateurs
                for type_bal, nombre in (
                    ("ORG", operateur.organisationnelles),
                    ("PER", operateur.nominatives),
                )
            ],
            autres=_AUTRES,
        )
        services.importer_extrait(auteur=PORTAIL, chemin=extrait)
        services.importer_domaines(
            auteur=PORTAIL,
            chemin=_csv(
                dossier / "domaines.csv",
                "numero_ans;domaine",
                [(o.numero_ans, o.domaine) for o in operateurs],
            ),
        )
        _donner_les_comptages(dossier, operateurs, jour)
        _retenir_un_extrait(dossier, operateurs, jour)


def _donner_les_comptages(dossier: Path, operateurs: list[Operateur], jour: date) -> None:
    """One officer gives them, another confirms them; the last ones still wait for it."""
    donne, confirme = (
        auteur(Utilisateur.objects.get(username=identifiant))
        for identifiant in ("demo-gestionnaire3", "demo-admin")
    )
    lignes = [(o.domaine, o.applicatives, date_fr(jour), SOURCE) for o in operateurs]
    fichier = _csv(dossier / "comptages.csv", "domaine;nombre;date;source", lignes)
    donnes = propositions.proposer_fichier(auteur=donne, chemin=fichier)
    propositions.juger(proposition=donnes.pk, geste=GesteComptages.CONFIRMER, auteur=confirme)
    premier = operateurs[0]
    attendus = [premier.domaine, str(premier.applicatives + 200), date_fr(jour), "Relevé de l'opérateur"]
    propositions.proposer(cellules=attendus, auteur=confirme)


def _retenir_un_extrait(dossier: Path, operateurs: list[Operateur], jour: date) -> None:
    """Cut by half, and without the domain of an operator: it waits for somebody to look at it."""
    coupe = dossier / f"Extraction_Correspondance_MSSante_{jour:%Y%m%d}0630.txt"
    boites = [Boites(operateur.domaine, "PER", operateur.nominatives // 2) for operateur in operateurs[:-1]]
    ecrire(coupe, boites=[*boites, Boites(operateurs[0].domaine, "APP", 1)], autres=_AUTRES // 2)
    services.importer_extrait(auteur=PORTAIL, chemin=coupe)


def _referencer(operateur: Operateur) -> None:
    Referencement.objects.get_or_create(
        numero_ans=operateur.numero_ans,
        defaults={
            "logiciel": operateur.solution,
            "version": "1.0",
            "dsr": "DSR-MSS-MSS-Va1",
            "date_effet": _EFFET,
            "profil_operateur": Referencement.ProfilOperateur.DEVELOPPEUR,
        },
    )


def _operateurs() -> list[Operateur]:
    dits = {operateur.numero_ans: operateur for operateur in OPERATEURS}
    return [
        dits.get(numero) or Operateur(numero, f"{numero.lower()}.mssante.example")
        for numero in queries.operateurs().order_by("numero_ans").values_list("numero_ans", flat=True)
    ]


def _csv(chemin: Path, titres: str, lignes: Sequence[tuple[object, ...]]) -> Path:
    with chemin.open("w", encoding="utf-8", newline="") as fichier:
        csv.writer(fichier, delimiter=";").writerows([titres.split(";"), *lignes])
    return chemin
