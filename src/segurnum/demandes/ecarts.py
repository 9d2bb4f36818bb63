"""What is retained below what is declared, and what is granted: never without a written reason (RUL-009)."""

from decimal import Decimal

from segurnum.demandes import montants
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import avance_du_dossier, octroi_vivant
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import StatutOctroi, TypeDemande
from segurnum.regles.erreurs import GesteImpossible


def exiger_octroi_approuve(demande: Demande) -> None:
    """Nothing is validated beside an amount that waits for its second person."""
    octroi = octroi_vivant(demande)
    if octroi is not None and octroi.statut is StatutOctroi.PROPOSE:
        raise GesteImpossible(
            f"{en_euros(octroi.montant_ht)} sont octroyés à cette demande et attendent l'approbation d'une autre "
            "personne : faites-les approuver, ou écartez-les, avant de valider."
        )


def motif_de_l_ecart(demande: Demande, retenu_ht: Decimal | None, motif: str) -> str:
    """Why the amounts just retained are not those declared, as the supplier reads it; empty when they are.

    `retenu_ht`, `motif`: the officer's own amount and reason. Raises GesteImpossible where a reason is missing, and
    where nothing at all is retained for want of a ceiling.
    """
    if demande.couloir.bareme.calcule or demande.montant_declare is None or demande.engagement_ht is None:
        return motif.strip()
    plafond = montants.plafond_de(demande)
    if not demande.engagement_ht and plafond.inconnu and retenu_ht is None:
        raise GesteImpossible(
            "Aucun plafond n'est connu pour cette demande : rien ne peut être retenu. Faites enregistrer le plafond, "
            f"ou octroyez un montant. {plafond.inconnu}"
        )
    phrases = [*_de_la_borne(demande, plafond.montant_ht), *_de_l_octroi(demande)]
    if retenu_ht is not None:
        if not motif.strip():
            raise GesteImpossible(
                "Le montant retenu est réduit : dites pourquoi, le fournisseur le lira dans la décision.",
                champ="motif",
            )
        phrases.append(f"Montant retenu ramené à {en_euros(retenu_ht)} HT : {motif.strip()}")
    elif motif.strip():
        phrases.append(motif.strip())
    return "\n".join(phrases)


def _de_la_borne(demande: Demande, plafond: Decimal) -> list[str]:
    """What bounds the declared amount, whoever the officer is."""
    bornes = {f"le plafond applicable est de {en_euros(plafond)} HT": plafond}
    avance = avance_du_dossier(demande) if demande.type is TypeDemande.SOLDE else None
    if avance is not None and avance.engagement_ht is not None:
        bornes[f"l'engagement retenu à l'avance est de {en_euros(avance.engagement_ht)} HT"] = (
            avance.engagement_ht
        )
    raison = min(bornes, key=lambda phrase: bornes[phrase])
    declare = demande.montant_declare or Decimal(0)
    if declare <= bornes[raison]:
        return []
    return [f"Le montant déclaré, {en_euros(declare)} HT, n'est pas retenu en entier : {raison}."]


def _de_l_octroi(demande: Demande) -> list[str]:
    octroi = montants.octroi_de(demande, montants.plafond_connu(demande))
    return [f"Montant octroyé de {en_euros(octroi.montant_ht)} HT : {octroi.motif}"] if octroi else []
