"""The figures that amounts are computed with: each set holds from a day on, and is never rewritten."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from segurnum import couloirs
from segurnum.comptes.auteurs import Auteur
from segurnum.controles.refus import Fautes
from segurnum.couloirs.baremes import ChiffreRefuse, Tarif
from segurnum.journal.services import Fait
from segurnum.referentiel.models import Bareme, Projet
from segurnum.referentiel.suivi import fait
from segurnum.referentiel.tables import Lignes, Table, couloir_de, montant_de, source_de
from segurnum.regles.calendrier import date_fr, lire_date_fr

AJOUTER = "AJOUTER_BAREME"
COLONNES = ("dsr", "date_effet", "chiffre", "montant", "source")


@dataclass(frozen=True)
class LigneBareme:
    """One figure of a set."""

    dsr: str
    date_effet: date
    chiffre: str
    montant: Decimal
    source: str

    @property
    def cle(self) -> tuple[str, date, str]:
        return self.dsr, self.date_effet, self.chiffre


def _ligne(cellules: Sequence[str]) -> LigneBareme:
    dsr, jour, chiffre, montant, source = cellules
    return LigneBareme(
        couloir_de(dsr).dsr, lire_date_fr(jour), chiffre, montant_de(montant), source_de(source)
    )


def _ensemble(lues: Lignes[LigneBareme], fautes: Fautes) -> None:
    """Each set is whole, of one source, and of a day that has none yet."""
    deja = set(
        Bareme.objects.filter(dsr__in={ligne.dsr for ligne in lues.values()}).values_list("dsr", "date_effet")
    )
    rangs: dict[tuple[str, date], int] = {}
    sources: dict[tuple[str, date], set[str]] = defaultdict(set)
    for rang, ligne in lues.items():
        rangs.setdefault((ligne.dsr, ligne.date_effet), rang)
        sources[ligne.dsr, ligne.date_effet].add(ligne.source)
    for (dsr, jour), tarif in tarifs_de(lues).items():
        phrase = ""
        if (dsr, jour) in deja:
            phrase = f"{dsr} a déjà un barème au {date_fr(jour)} : il ne se réécrit pas, donnez une autre date d'effet."
        elif len(sources[dsr, jour]) > 1:
            phrase = f"le barème de {dsr} au {date_fr(jour)} a plusieurs sources : une seule est attendue."
        else:
            try:
                couloirs.par_dsr(dsr).bareme.lire(tarif.valeurs)
            except ChiffreRefuse as refus:
                phrase = str(refus)
        if phrase:
            fautes.signaler(rangs[dsr, jour], phrase)


def _decrire(ligne: LigneBareme) -> tuple[str, ...]:
    chiffre = couloirs.par_dsr(ligne.dsr).bareme.decrire(ligne.chiffre)
    return ligne.dsr, date_fr(ligne.date_effet), chiffre.libelle, chiffre.ecrire(ligne.montant), ligne.source


TITRES = ("DSR", "Date d'effet", "Chiffre", "Valeur", "Texte légal")
TABLE = Table(COLONNES, _ligne, _ensemble, "ce chiffre", TITRES, _decrire, 5_000)


def tarifs_de(lues: Lignes[LigneBareme]) -> dict[tuple[str, date], Tarif]:
    """The sets that these lines make, by DSR and day."""
    valeurs: dict[tuple[str, date], dict[str, Decimal]] = defaultdict(dict)
    sources = {}
    for ligne in lues.values():
        valeurs[ligne.dsr, ligne.date_effet][ligne.chiffre] = ligne.montant
        sources[ligne.dsr, ligne.date_effet] = ligne.source
    return {cle: Tarif(chiffres, cle[1], sources[cle]) for cle, chiffres in valeurs.items()}


def appliquer(lues: Lignes[LigneBareme], projet: Projet, *, auteur: Auteur) -> list[Fait]:
    """New figures (euros HT), from a day on; earlier ones keep ruling earlier days."""
    faits = []
    for (dsr, jour), tarif in tarifs_de(lues).items():
        ecrites = {
            nom: str(valeur) for nom, valeur in couloirs.par_dsr(dsr).bareme.lire(tarif.valeurs).items()
        }
        Bareme.objects.create(dsr=dsr, date_effet=jour, valeurs=ecrites, source=tarif.source, projet=projet)
        apres = ecrites | {"date_effet": date_fr(jour), "source": tarif.source}
        faits.append(fait(f"bareme:{dsr}", AJOUTER, auteur, {}, apres))
    return [ecrit for ecrit in faits if ecrit]
