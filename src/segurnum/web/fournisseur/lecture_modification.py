"""What the modification screen shows and does not let change (MOD-013, MOD-014)."""

from segurnum.web.commun.blocs.formulaire import Groupe, comptes, identite, montants
from segurnum.web.commun.blocs.informations import informations
from segurnum.web.commun.blocs.lecture import Lecture


def lecture_seule(lecture: Lecture) -> tuple[Groupe, ...]:
    """The read-only groups: number and DSR, counts, amounts."""
    if not lecture.couloir.par_formulaire:
        lues = informations(lecture)
        return (Groupe("Informations de la demande", lues.demande[:2]), Groupe("Montants", lues.montants))
    groupes = (identite(lecture), comptes(lecture), *montants(lecture))
    return tuple(groupe for groupe in groupes if groupe.donnees)
