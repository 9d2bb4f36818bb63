"""The monthly statement: one set of tables, as a PDF to keep and as a file for a spreadsheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings

from segurnum import editique
from segurnum.editique.tableur import Cellule, en_octets
from segurnum.grand_livre.queries import Etat, etat, premiere_ecriture
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import date_longue, jour_de_paris, maintenant, mois_de_paris

TITRES = ("Rubrique", "Libellé", "Ouverture", "Débit", "Crédit", "Clôture")


@dataclass(frozen=True, order=True)
class Mois:
    annee: int
    mois: int

    @property
    def libelle(self) -> str:
        """« novembre 2026 »"""
        return date_longue(date(self.annee, self.mois, 1)).partition(" ")[2]

    @property
    def nom(self) -> str:
        return f"grand-livre-{self.annee:04d}-{self.mois:02d}"

    @property
    def formes(self) -> tuple[tuple[str, str], ...]:
        """The files that it is given as."""
        return ("pdf", "PDF"), ("csv", "CSV")

    @property
    def lu(self) -> Etat:
        return etat(*mois_de_paris(self.annee, self.mois))

    @property
    def suivant(self) -> "Mois":
        return Mois(self.annee + 1, 1) if self.mois == 12 else Mois(self.annee, self.mois + 1)


def mois_connus() -> list[Mois]:
    """From that of the first entry to the present one, the newest first."""
    premiere = premiere_ecriture()
    if premiere is None:
        return []
    jour, dernier = jour_de_paris(premiere), _present()
    connus = [Mois(jour.year, jour.month)]
    while connus[-1] < dernier:
        connus.append(connus[-1].suivant)
    return connus[::-1]


def _present() -> Mois:
    jour = jour_de_paris(maintenant())
    return Mois(jour.year, jour.month)


def en_pdf(mois: Mois) -> bytes:
    lu = mois.lu
    emetteur = editique.Emetteur(
        nom=settings.LETTRES["emetteur"],
        service=settings.LETTRES["service"],
        adresse=tuple(settings.LETTRES["adresse"]),
    )
    return editique.etat_grand_livre(
        editique.EtatGrandLivre(
            emetteur=emetteur,
            titre=f"Grand livre : état de {mois.libelle}",
            date=jour_de_paris(maintenant()),
            tableaux=(
                editique.TableauEtat(
                    "Comptes",
                    ("Compte", "Ouverture", "Débit", "Crédit", "Clôture"),
                    (*((nom, *map(en_euros, montants)) for nom, *montants in _comptes(lu)),),
                ),
                editique.TableauEtat(
                    "Opérations du mois",
                    ("Opération", "Nombre", "Montant"),
                    tuple((un.operation.libelle, str(un.nombre), en_euros(un.somme)) for un in lu.operations),
                ),
                editique.TableauEtat(
                    "Enveloppes à la fin du mois",
                    ("Enveloppe", "Crédits", "Décidé", "Reste"),
                    tuple(
                        (
                            f"{une.enveloppe} ({une.exercice})",
                            en_euros(une.credits),
                            en_euros(une.decide),
                            en_euros(une.disponible),
                        )
                        for une in lu.enveloppes
                    ),
                ),
            ),
        )
    )


def _comptes(lu: Etat) -> Iterator[tuple[str, Decimal, Decimal, Decimal, Decimal]]:
    for un in lu.comptes:
        yield un.compte.intitule, un.ouverture, un.debit, un.credit, un.cloture
    ouverture, debit, credit, cloture = (
        sum((getattr(un, champ) for un in lu.comptes), Decimal(0))
        for champ in ("ouverture", "debit", "credit", "cloture")
    )
    yield "Total", ouverture, debit, credit, cloture


def en_csv(mois: Mois) -> Iterator[bytes]:
    return en_octets(TITRES, _lignes(mois.lu))


def _lignes(lu: Etat) -> Iterator[tuple[Cellule, ...]]:
    for ligne in _comptes(lu):
        yield "Compte", *ligne
    for une in lu.operations:
        yield "Opération", une.operation.libelle, Decimal(une.nombre), une.somme, une.somme, None
    for enveloppe in lu.enveloppes:
        yield (
            "Enveloppe",
            enveloppe.enveloppe,
            enveloppe.credits,
            enveloppe.decide,
            None,
            enveloppe.disponible,
        )
