"""Money: decimals in euros, half-up to the cent; every amount explains itself line by line.

Rates are percentages (Decimal("20") is 20 %). A regime « HT » is a rate of 0. Inputs carry whole cents, so
that what is shown is what is computed.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Self

TAUX_AVANCE = Decimal("0.30")
# Metropolitan and overseas rates a supplier may be liable to (RUL-012).
TAUX_TVA_PERMIS = (Decimal("0"), Decimal("8.5"), Decimal("20"))

_CENTIME = Decimal("0.01")
_INSECABLE = "\u00a0"
_INSECABLE_FINE = "\u202f"
MOINS = "\u2212"


def arrondir(montant: Decimal) -> Decimal:
    """Half-up to the cent: 322.497 gives 322.50 (RUL-008, RUL-013)."""
    return montant.quantize(_CENTIME, ROUND_HALF_UP)


def en_euros(montant: Decimal) -> str:
    """« 1 074,99 € », with no-break spaces (RUL-013)."""
    nombre = f"{arrondir(montant):,.2f}".replace(",", _INSECABLE_FINE).replace(".", ",").replace("-", MOINS)
    return f"{nombre}{_INSECABLE}€"


def en_chiffres(nombre: Decimal) -> str:
    """« 358,333 »: a number as it came, for a sentence that says what is wrong with it."""
    return str(nombre).replace(".", ",")


def en_taux(taux: Decimal) -> str:
    """« 20 % », « 8,5 % »; `taux` is a percentage."""
    return f"{taux.normalize():f}".replace(".", ",") + f"{_INSECABLE}%"


@dataclass(frozen=True)
class LigneCalcul:
    """One step: what it is, the formula as a person would write it, the amount in euros."""

    libelle: str
    detail: str
    montant: Decimal


@dataclass(frozen=True)
class Calcul:
    """Amounts of one request in euros, and how they were reached; `decide` may be negative for a balance."""

    lignes: tuple[LigneCalcul, ...]
    engagement_ht: Decimal
    engagement: Decimal
    decide: Decimal

    def en_dict(self) -> dict[str, Any]:
        """A form JSON can keep; amounts as text so that no cent is lost."""
        return {
            "lignes": [
                {"libelle": ligne.libelle, "detail": ligne.detail, "montant": str(ligne.montant)}
                for ligne in self.lignes
            ],
            "engagement_ht": str(self.engagement_ht),
            "engagement": str(self.engagement),
            "decide": str(self.decide),
        }

    @classmethod
    def lire(cls, donnees: dict[str, Any]) -> Self:
        """The reverse of `en_dict`."""
        lignes = tuple(
            LigneCalcul(ligne["libelle"], ligne["detail"], Decimal(ligne["montant"]))
            for ligne in donnees["lignes"]
        )
        montants = (Decimal(donnees[cle]) for cle in ("engagement_ht", "engagement", "decide"))
        return cls(lignes, *montants)


@dataclass(frozen=True)
class BaremeMSS:
    """Values of the MSS scale, euros HT: by mailbox of each kind, flat part (the advance), and ceiling."""

    applicative: Decimal
    organisationnelle: Decimal
    nominative: Decimal
    forfait: Decimal
    plafond: Decimal

    def __post_init__(self) -> None:
        if self.plafond < self.forfait:
            raise ValueError(
                f"Le plafond MSS ({en_euros(self.plafond)}) doit être au moins égal au forfait "
                f"({en_euros(self.forfait)})."
            )


@dataclass(frozen=True)
class AvanceEtSolde:
    """Amounts known as a whole: a flat advance, then the balance that carries the whole engagement."""

    avance: Calcul
    solde: Calcul

    @property
    def engagement_ht(self) -> Decimal:
        """Whole engagement, euros HT."""
        return self.solde.engagement_ht

    @property
    def engagement(self) -> Decimal:
        """Whole engagement, VAT regime included."""
        return self.solde.engagement


def calculer_avance(
    declare_ht: Decimal,
    plafond_ht: Decimal,
    taux_tva: Decimal,
    *,
    retenu_ht: Decimal | None = None,
    avant: tuple[LigneCalcul, ...] = (),
    taux_avance: Decimal = TAUX_AVANCE,
) -> Calcul:
    """30 % (or `taux_avance`, a fraction) of the engagement retained, VAT regime included (RUL-008 to RUL-010).

    `plafond_ht`: what is not known of it counts 0. `retenu_ht`: the officer's own amount, from 0 to
    min(declared, ceiling). `avant`: the lines that led to the ceiling, its tariff named.
    Raises ValueError (French sentence) on an amount or a rate that cannot be.
    """
    bornes = {"déclarés": _verifie("Le montant déclaré", declare_ht)}
    engagement_ht = _engagement_ht(bornes, plafond_ht, retenu_ht, "lors de l'avance")
    engagement = _engagement(engagement_ht.montant, taux_tva, "lors de l'avance")
    avance = LigneCalcul(
        "Montant décidé de l'avance",
        f"{en_taux(taux_avance * 100)} × {en_euros(engagement.montant)}",
        arrondir(taux_avance * engagement.montant),
    )
    return _calcul(engagement_ht, engagement, avance, avant=avant)


def calculer_solde(
    facture_ht: Decimal,
    engagement_ht_avance: Decimal,
    plafond_ht: Decimal,
    taux_tva: Decimal,
    avance_versee: Decimal,
    *,
    retenu_ht: Decimal | None = None,
    avant: tuple[LigneCalcul, ...] = (),
) -> Calcul:
    """Engagement retained at the balance, VAT regime included, minus the advance already paid (RUL-011).

    The engagement never exceeds the one of the advance. A negative result is to be recovered.
    Same `avant` and same errors as `calculer_avance`.
    """
    bornes = {
        "facturés": _verifie("Le montant facturé", facture_ht),
        "retenus à l'avance": _verifie("L'engagement de l'avance", engagement_ht_avance),
    }
    engagement_ht = _engagement_ht(bornes, plafond_ht, retenu_ht, "lors du solde")
    engagement = _engagement(engagement_ht.montant, taux_tva, "lors du solde")
    return _calcul(engagement_ht, engagement, _ligne_solde(engagement.montant, avance_versee), avant=avant)


def calculer_forfait(
    avance_ht: Decimal,
    total_ht: Decimal,
    taux_tva: Decimal,
    *,
    avance_versee: Decimal | None = None,
    tarif: str = "",
) -> AvanceEtSolde:
    """A flat amount paid in two times (euros HT). `avance_versee` None: the flat advance is taken as paid.

    `tarif`: what the figures are known from, which the lines name.
    """
    if total_ht < avance_ht:
        raise ValueError(
            f"Le forfait ({en_euros(total_ht)}) doit être au moins égal à l'avance ({en_euros(avance_ht)})."
        )
    detail = _du_bareme("forfait", tarif)
    total = LigneCalcul(_libelle_ht("lors du solde"), detail, _verifie("Le forfait", total_ht))
    return _avance_et_solde(avance_ht, (total,), taux_tva, avance_versee, detail)


def calculer_mss(
    applicatives: int,
    organisationnelles: int,
    nominatives: int,
    taux_tva: Decimal,
    bareme: BaremeMSS,
    *,
    avance_versee: Decimal | None = None,
    tarif: str = "",
) -> AvanceEtSolde:
    """MSS scale: mailboxes counted by kind plus a flat part, within a ceiling; the advance is the flat part.

    `avance_versee` None: the flat advance is taken as paid. `tarif`: as for `calculer_forfait`.
    Raises ValueError on a negative count.
    """
    if min(applicatives, organisationnelles, nominatives) < 0:
        raise ValueError(
            "Le nombre de BAL ne peut pas être négatif : un nombre entier à partir de 0 est attendu."
        )
    variable = _part_variable(applicatives, organisationnelles, nominatives, bareme)
    total = LigneCalcul(
        _libelle_ht("lors du solde"),
        f"min({en_euros(variable.montant)} + {en_euros(bareme.forfait)} ; "
        f"plafond {en_euros(bareme.plafond)}){_entre_parentheses(tarif)}",
        arrondir(min(variable.montant + bareme.forfait, bareme.plafond)),
    )
    return _avance_et_solde(
        bareme.forfait, (variable, total), taux_tva, avance_versee, _du_bareme("forfait", tarif)
    )


def _du_bareme(quoi: str, tarif: str) -> str:
    return f"{quoi} du barème{_entre_parentheses(tarif)}"


def _entre_parentheses(tarif: str) -> str:
    return f" ({tarif})" if tarif else ""


def _avance_et_solde(
    avance_ht: Decimal,
    lignes_ht: tuple[LigneCalcul, ...],
    taux_tva: Decimal,
    avance_versee: Decimal | None,
    detail: str,
) -> AvanceEtSolde:
    """The last of `lignes_ht` is the whole engagement HT, the others lead to it."""
    forfait = LigneCalcul(_libelle_ht("lors de l'avance"), detail, arrondir(avance_ht))
    engagement_avance = _engagement(forfait.montant, taux_tva, "lors de l'avance")
    avance = LigneCalcul(
        "Montant décidé de l'avance", "forfait, régime TVA compris", engagement_avance.montant
    )
    *avant, engagement_ht = lignes_ht
    engagement = _engagement(engagement_ht.montant, taux_tva, "lors du solde")
    versee = avance.montant if avance_versee is None else avance_versee
    solde = _ligne_solde(engagement.montant, versee)
    return AvanceEtSolde(
        avance=_calcul(forfait, engagement_avance, avance),
        solde=_calcul(engagement_ht, engagement, solde, avant=tuple(avant)),
    )


def _part_variable(
    applicatives: int, organisationnelles: int, nominatives: int, bareme: BaremeMSS
) -> LigneCalcul:
    comptes = (
        (applicatives, bareme.applicative),
        (organisationnelles, bareme.organisationnelle),
        (nominatives, bareme.nominative),
    )
    detail = " + ".join(f"{nombre} × {en_euros(prix)}" for nombre, prix in comptes)
    montant = sum((nombre * prix for nombre, prix in comptes), Decimal(0))
    return LigneCalcul("BAL applicatives, organisationnelles et nominatives", detail, arrondir(montant))


def _verifie(quoi: str, montant: Decimal) -> Decimal:
    if not montant.is_finite() or montant < 0 or montant != arrondir(montant):
        raise ValueError(
            f"{quoi} ({en_chiffres(montant)}) doit être un montant positif ou nul, en euros et centimes."
        )
    return arrondir(montant)


def _libelle_ht(moment: str) -> str:
    return f"Montant de l'engagement SEGUR hors taxe retenu ({moment})"


def _engagement_ht(
    bornes: dict[str, Decimal], plafond_ht: Decimal, retenu_ht: Decimal | None, moment: str
) -> LigneCalcul:
    """The least of the bounds and of the ceiling, or the officer's amount within it."""
    termes = [f"{en_euros(montant)} {nom}" for nom, montant in bornes.items()]
    termes.append(f"plafond {en_euros(_verifie('Le plafond', plafond_ht))}")
    montant = min(*bornes.values(), plafond_ht)
    detail = f"min({' ; '.join(termes)})"
    if retenu_ht is not None:
        if _verifie("Le montant retenu", retenu_ht) > montant:
            raise ValueError(
                f"Le montant retenu ({en_euros(retenu_ht)}) dépasse le maximum possible : "
                f"{en_euros(montant)} au plus, soit {detail}."
            )
        detail = f"{en_euros(retenu_ht)} retenus par le gestionnaire, au plus {detail}"
        montant = arrondir(retenu_ht)
    return LigneCalcul(_libelle_ht(moment), detail, montant)


def _engagement(engagement_ht: Decimal, taux_tva: Decimal, moment: str) -> LigneCalcul:
    if taux_tva not in TAUX_TVA_PERMIS:
        permis = ", ".join(en_taux(taux) for taux in TAUX_TVA_PERMIS)
        raise ValueError(
            f"Le taux de TVA {en_chiffres(taux_tva)} n'est pas admis : un de ces taux est attendu, {permis}."
        )
    return LigneCalcul(
        f"Montant de l'engagement SEGUR retenu ({moment} - fonction du régime TVA)",
        f"{en_euros(engagement_ht)} × (1 + {en_taux(taux_tva)})",
        arrondir(engagement_ht * (1 + taux_tva / 100)),
    )


def _ligne_solde(engagement: Decimal, avance_versee: Decimal) -> LigneCalcul:
    versee = _verifie("L'avance versée", avance_versee)
    montant = engagement - versee
    libelle = (
        "Montant décidé du solde" if montant >= 0 else "Montant décidé du solde : trop-perçu à recouvrer"
    )
    return LigneCalcul(libelle, f"{en_euros(engagement)} {MOINS} {en_euros(versee)}", montant)


def _calcul(
    engagement_ht: LigneCalcul,
    engagement: LigneCalcul,
    decide: LigneCalcul,
    *,
    avant: tuple[LigneCalcul, ...] = (),
) -> Calcul:
    lignes = (*avant, engagement_ht, engagement, decide)
    return Calcul(lignes, engagement_ht.montant, engagement.montant, decide.montant)
