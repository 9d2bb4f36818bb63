"""What the modification screen shows and does not let change (MOD-013, MOD-014)."""

from segurnum.web.commun.blocs.consultee import Consultee
from segurnum.web.commun.blocs.formulaire import Groupe, comptes, identite, montants
from segurnum.web.commun.blocs.informations import informations


def lecture_seule(consultee: Consultee) -> tuple[Groupe, ...]:
    """The read-only groups: number and DSR, counts, amounts."""
    if not consultee.couloir.par_formulaire:
        lues = informations(consultee)
        return (Groupe("Informations de la demande", lues.demande[:2]), Groupe("Montants", lues.montants))
    groupes = (identite(consultee), comptes(consultee), *montants(consultee))
    return tuple(groupe for groupe in groupes if groupe.donnees)
