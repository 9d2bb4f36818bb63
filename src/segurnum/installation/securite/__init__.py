"""Whether an installation is safe: one judgement, line by line, for the command line and for the administration."""

from segurnum.installation import sante
from segurnum.installation.jugement import Constat, Controle, Etat, Ligne, non_verifie
from segurnum.installation.securite import alentours, base, comptes, reglages
from segurnum.pannes import Partie, partie_en_panne

CONTROLES: tuple[Controle, ...] = (
    *reglages.CONTROLES,
    *comptes.CONTROLES,
    *base.CONTROLES,
    *alentours.CONTROLES,
    *sante.toutes(),
)
# Those that do nothing without the database: each would wait for it, one after the other.
DEMANDENT_LA_BASE = frozenset((*comptes.EN_BASE, *base.CONTROLES, *sante.SONDES[sante.EN_BASE]))
SANS_BASE = non_verifie("La base ne répond pas.", "Recommencez quand elle répondra.")


def juger(*, complet: bool = False) -> list[Ligne]:
    """Every control, none of which stops the others. `complet`: those too that take long (200 Mo to the antivirus)."""
    voulus = (*CONTROLES, *alentours.LONGS) if complet else CONTROLES
    de_la_base = _juger(sante.BASE)
    sans_base = de_la_base.etat is Etat.A_CORRIGER
    return [
        de_la_base
        if controle == sante.BASE
        else Ligne(controle.code, controle.titre, SANS_BASE)
        if sans_base and controle in DEMANDENT_LA_BASE
        else _juger(controle)
        for controle in voulus
    ]


def vert(lignes: list[Ligne]) -> bool:
    """Green when nothing is to be mended; what could not be verified is said, and holds nothing back."""
    return not any(ligne.etat is Etat.A_CORRIGER for ligne in lignes)


def _juger(controle: Controle) -> Ligne:
    try:
        constat = controle.executer()
    except Exception as faute:
        if controle != sante.BASE and partie_en_panne(faute) is Partie.BASE:
            return Ligne(controle.code, controle.titre, SANS_BASE)
        constat = Constat(
            Etat.A_CORRIGER,
            f"Le contrôle lui-même a échoué ({type(faute).__name__}).",
            "Vérifiez que la base répond et qu'elle est à jour (« segurnum django migrate »).",
        )
    return Ligne(controle.code, controle.titre, constat)
