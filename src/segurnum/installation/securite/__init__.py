"""Whether an installation is safe: one judgement, line by line, for the command line and for the administration."""

from segurnum.installation import sante
from segurnum.installation.jugement import Constat, Controle, Etat, Ligne
from segurnum.installation.securite import alentours, base, comptes, reglages

CONTROLES: tuple[Controle, ...] = (
    *reglages.CONTROLES,
    *comptes.CONTROLES,
    *base.CONTROLES,
    *alentours.CONTROLES,
    *sante.toutes(),
)


def juger(*, complet: bool = False) -> list[Ligne]:
    """Every control, none of which stops the others. `complet`: those too that take long (200 Mo to the antivirus)."""
    voulus = (*CONTROLES, *alentours.LONGS) if complet else CONTROLES
    return [_juger(controle) for controle in voulus]


def vert(lignes: list[Ligne]) -> bool:
    """Green when nothing is to be mended; what could not be verified is said, and holds nothing back."""
    return not any(ligne.etat is Etat.A_CORRIGER for ligne in lignes)


def _juger(controle: Controle) -> Ligne:
    try:
        constat = controle.executer()
    except Exception as faute:
        constat = Constat(
            Etat.A_CORRIGER,
            f"Le contrôle lui-même a échoué ({type(faute).__name__}).",
            "Vérifiez que la base répond et qu'elle est à jour (« segurnum django migrate »).",
        )
    return Ligne(controle.code, controle.titre, constat)
