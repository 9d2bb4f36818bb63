"""The life cycle of a model document: lock, look up the step, take the status, journal, mail."""

from segurnum.comptes.auteurs import Auteur
from segurnum.courriels import services as courriels
from segurnum.courriels.textes import rediger
from segurnum.journal import cycle
from segurnum.modeles.models import ModeleDocument
from segurnum.modeles.queries import adresses_pour
from segurnum.notifications import services as notifications
from segurnum.regles import calendrier
from segurnum.regles.cycles_modeles import MODELE, GesteModele, Passage
from segurnum.regles.notifications import Page


def verrouiller(cle: int) -> ModeleDocument:
    """The document, held until the end of the transaction: the second of two answers sees the first."""
    return (
        ModeleDocument.objects.select_for_update(of=("self",))
        .select_related("entreprise", "deposant")
        .get(pk=cle)
    )


def passage(modele: ModeleDocument, geste: GesteModele, auteur: Auteur, motif: str = "") -> Passage:
    return cycle.passage(MODELE, modele.statut, geste, auteur, motif, objet=modele)


def franchir(modele: ModeleDocument, pas: Passage, auteur: Auteur, *, motif: str = "") -> ModeleDocument:
    """Make the step; what the officer writes is what the company reads."""
    modele.commentaire = motif
    cycle.franchir(modele, pas, auteur, motif=motif)
    if pas.courriel:
        _ecrire(modele, pas.courriel)
    notifications.noter_geste(entreprise=modele.entreprise, geste=pas.geste, page=Page.MODELES)
    return modele


def _ecrire(modele: ModeleDocument, code: str) -> None:
    texte = rediger(
        code,
        nom=modele.nom,
        type=modele.libelle_type,
        denomination=modele.entreprise.denomination,
        siret=modele.entreprise.siret,
        soumis_le=calendrier.date_fr(modele.soumis_le or modele.depose_le),
        motif=modele.commentaire,
    )
    courriels.envoyer(
        courriels.Envoi(code=code, texte=texte, destinataire=adresse, sujet=modele.objet)
        for adresse in adresses_pour(modele)
    )
