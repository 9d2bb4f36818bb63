"""Why the counts of an operator are not settled: the cause, and what mends it, for whoever instructs its solde."""

from datetime import datetime

from django.conf import settings

from segurnum.annuaire_sante import queries
from segurnum.annuaire_sante.models import Extrait, PropositionComptages
from segurnum.annuaire_sante.queries import Comptage
from segurnum.controles.problemes import en_nombre
from segurnum.regles.calendrier import instant_long, maintenant
from segurnum.regles.cycles_annuaire import StatutComptages


def cause(numero_ans: str, au: datetime) -> str:
    """One or two French sentences. The counts of this number, wanted at `au`, are not settled."""
    if au >= maintenant():
        return f"Ils s'arrêteront le {instant_long(au)} : rien n'est à faire d'ici là."
    trouve = queries.comptages([numero_ans], au)[numero_ans]
    if trouve is queries.Manque.AUCUN_DOMAINE:
        return (
            f"Aucun domaine de messagerie n'est rattaché au numéro ANS {numero_ans} : ajoutez-le sur la page de cet "
            "opérateur, dans « Annuaire Santé »."
        )
    extrait = queries.extrait_au(au)
    if extrait is None or not queries.est_frais(extrait, au):
        return _sans_extrait(extrait, au)
    if isinstance(trouve, Comptage):
        return _du_comptage(trouve)
    return ""


def _sans_extrait(extrait: Extrait | None, au: datetime) -> str:
    retenu = queries.retenu_au(au)
    if retenu is not None and queries.est_frais(retenu, au):
        return (
            f"L'extrait du {instant_long(retenu.instant)} est retenu : confirmez-le ou écartez-le, dans « Annuaire "
            "Santé »."
        )
    if extrait is None:
        return f"Aucun extrait de l'Annuaire Santé n'est pris en compte au {instant_long(au)} ou avant : chargez-en un."
    jours = en_nombre(settings.ANNUAIRE_SANTE_FRAICHEUR, "jour")
    return (
        f"L'extrait le plus proche est du {instant_long(extrait.instant)}, plus de {jours} avant la date de comptage "
        f"({instant_long(au)}) : chargez-en un de cette date."
    )


def _du_comptage(comptage: Comptage) -> str:
    """The extract is the right one: what it does not say of this operator."""
    if comptage.definitif:
        return "Ils sont connus : le portail complétera la demande dans l'heure."
    if set(comptage.absents) == set(comptage.domaines):
        return (
            f"{phrase_des_absents(comptage.absents)} du {instant_long(comptage.extrait_du)}. Vérifiez les domaines de "
            f"l'opérateur ; s'ils sont justes, {_comptage_attendu(comptage)}."
        )
    return (
        f"L'extrait du {instant_long(comptage.extrait_du)} n'a aucune boîte applicative de cet opérateur, et aucun "
        f"comptage n'est pris en compte : {_comptage_attendu(comptage)}."
    )


def phrase_des_absents(absents: tuple[str, ...]) -> str:
    """« Le domaine « x » manque dans l'extrait », at the beginning of a sentence."""
    noms = ", ".join(f"« {domaine} »" for domaine in absents)
    return (
        f"Les domaines {noms} manquent dans l'extrait"
        if len(absents) > 1
        else f"Le domaine {noms} manque dans l'extrait"
    )


def _comptage_attendu(comptage: Comptage) -> str:
    proposees = PropositionComptages.objects.filter(statut=StatutComptages.A_CONFIRMER)
    if any(ligne[0] in comptage.domaines for proposee in proposees for ligne in proposee.lignes):
        return "un comptage attend d'être confirmé par une autre personne"
    return "donnez le comptage de ses boîtes applicatives, qu'une autre personne confirmera"
