"""What people decide of an extract: it counts, it does not, it is looked at again."""

from django.db import transaction

from segurnum.annuaire_sante.models import Extrait
from segurnum.annuaire_sante.verrous import EXTRAITS, un_a_la_fois
from segurnum.base.contraintes import contraintes_dites
from segurnum.comptes.auteurs import Auteur
from segurnum.demandes.separation import separer_du_comptage
from segurnum.journal.cycle import franchir, passage
from segurnum.regles.cycles_annuaire import EXTRAIT, GesteExtrait
from segurnum.regles.erreurs import GesteImpossible

SIEN = "Vous avez chargé cet extrait : une autre personne doit le confirmer."


@transaction.atomic
def juger(*, extrait: int, geste: GesteExtrait, motif: str, auteur: Auteur) -> Extrait:
    """Confirm an extract that was held, set one aside, or look again. Raises GesteImpossible, TransitionRefusee.

    Who calls it takes the counts of the soldes again.
    """
    un_a_la_fois(EXTRAITS)
    ligne = Extrait.objects.select_for_update(of=("self",)).get(pk=extrait)
    pas = passage(EXTRAIT, ligne.statut, geste, auteur, motif, objet=ligne)
    if geste is GesteExtrait.CONFIRMER and ligne.auteur_id == auteur.cle:
        raise GesteImpossible(SIEN)
    if geste is GesteExtrait.CONFIRMER:
        separer_du_comptage(geste, auteur)
    ligne.juge_par_id, ligne.commentaire = auteur.cle, motif
    with contraintes_dites():
        franchir(ligne, pas, auteur, motif=motif, details={"empreinte": ligne.empreinte})
    return ligne
