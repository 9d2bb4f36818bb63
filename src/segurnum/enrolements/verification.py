"""Asking the directory again about the companies that it could not tell of when they enrolled."""

from segurnum.annuaire import queries as annuaire
from segurnum.annuaire.entreprise import AnnuaireIndisponible
from segurnum.comptes.auteurs import PORTAIL
from segurnum.enrolements import services
from segurnum.enrolements.models import Enrolement
from segurnum.regles.cycles_enrolement import StatutEnrolement


def verifier_les_entreprises() -> int:
    """Confirm each company that the directory now knows as open; the others stay for the officer. Returns how many.

    Stops at the first silence of the directory: the next run takes up from there.
    """
    confirmees = 0
    en_attente = Enrolement.objects.filter(entreprise_a_verifier=True).exclude(
        statut=StatutEnrolement.REJETEE
    )
    for cle, siret in en_attente.order_by("pk").values_list("pk", "entreprise__siret"):
        try:
            trouvee = annuaire.chercher(siret)
        except AnnuaireIndisponible:
            break
        if trouvee is not None and trouvee.actif:
            services.confirmer_entreprise(enrolement=cle, auteur=PORTAIL)
            confirmees += 1
    return confirmees
