"""What is odd about a bank account, for whoever instructs, decides or pays: told, never refused by itself."""

import re
import unicodedata
from dataclasses import dataclass

from segurnum.comptes.models import CoordonneesBancaires, Entreprise
from segurnum.enrolements.models import Enrolement
from segurnum.referentiel.banques import domiciliation
from segurnum.regles.cycles_enrolement import StatutEnrolement

# What a company's name and an account's holder write, or not, without being another.
_FORMES = frozenset(
    (
        *(
            "sa",
            "sas",
            "sasu",
            "sarl",
            "eurl",
            "sci",
            "scop",
            "sca",
            "scs",
            "snc",
            "se",
            "gie",
            "selarl",
            "selas",
        ),
        *(
            "ste",
            "societe",
            "ets",
            "etablissements",
            "association",
            "assoc",
            "et",
            "de",
            "du",
            "des",
            "la",
            "le",
            "les",
        ),
    )
)
_INSTRUITS = (StatutEnrolement.EN_COURS, StatutEnrolement.EN_ATTENTE_PIECE)
_BANQUE = 6  # signs of a BIC that name the bank and its country


@dataclass(frozen=True)
class Releve:
    """An account as it is declared or known, and the name of the company that gives it."""

    iban: str
    bic: str
    titulaire: str
    denomination: str


def constats(entreprise: Entreprise, releve: Releve) -> tuple[str, ...]:
    """One sentence for each thing to look at; none for an account like another. Two statements."""
    return tuple(
        phrase
        for phrase in (
            _partage(entreprise, releve.iban),
            _titulaire(releve),
            bic_d_une_autre_banque(releve.iban, releve.bic),
        )
        if phrase
    )


def constats_du_compte(compte: CoordonneesBancaires) -> tuple[str, ...]:
    entreprise = compte.entreprise
    return constats(entreprise, Releve(compte.iban, compte.bic, compte.titulaire, entreprise.denomination))


def _partage(entreprise: Entreprise, iban: str) -> str:
    """The same account in another company: active or not, or declared by an enrolment that is being instructed."""
    comptes = (
        CoordonneesBancaires.objects.filter(iban=iban)
        .exclude(entreprise=entreprise)
        .select_related("entreprise")
    )
    autres = {
        f"{c.entreprise.denomination} ({c.entreprise.siret}), {c.get_statut_display().lower()}"
        for c in comptes
    }
    declares = Enrolement.objects.filter(statut__in=_INSTRUITS, donnees__banque__iban=iban)
    autres |= {
        f"{e.entreprise.denomination} ({e.entreprise.siret}), déclaré par l'enrôlement {e.numero}"
        for e in declares.exclude(entreprise=entreprise).select_related("entreprise")
    }
    return f"Le même IBAN est celui d'une autre entreprise : {' ; '.join(sorted(autres))}." if autres else ""


def _titulaire(releve: Releve) -> str:
    if _mots(releve.titulaire) == _mots(releve.denomination):
        return ""
    return (
        f"Le titulaire du compte, « {releve.titulaire} », n'est pas l'entreprise, « {releve.denomination} » : "
        "vérifiez le RIB."
    )


def _mots(nom: str) -> frozenset[str]:
    """A name without accents, capitals, signs nor legal form, in whatever order."""
    decompose = unicodedata.normalize("NFKD", nom.replace("œ", "oe").replace("Œ", "OE").casefold())
    lettres = "".join(signe for signe in decompose if not unicodedata.combining(signe))
    # « S.A.S. » is « sas ».
    mots = re.findall(
        r"[a-z0-9]+", re.sub(r"\b((?:[a-z]\.){2,})", lambda lu: lu[1].replace(".", "") + " ", lettres)
    )
    return frozenset(mots) - _FORMES or frozenset(mots)


def bic_d_une_autre_banque(iban: str, bic: str) -> str:
    """Where the directory of banks knows the bank of the IBAN: told to who types them, and to who reads them."""
    connue = domiciliation(iban)
    if connue is None or not connue.bic or connue.bic[:_BANQUE] == bic[:_BANQUE]:
        return ""
    banque = f"{connue.banque}, {connue.bic}"
    return f"Le BIC {bic} n'est pas celui de la banque de l'IBAN ({banque}) : vérifiez le RIB."
