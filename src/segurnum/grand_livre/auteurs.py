"""Who wrote an entry, against the journal: the gesture that writes it is told there, by its author."""

from segurnum.grand_livre.plan import Operation
from segurnum.regles.cycles import GesteDemande, GestePaiement
from segurnum.regles.cycles_recouvrements import GesteRecouvrement

_O, _R = Operation, GesteRecouvrement


def _paiement(geste: GestePaiement) -> tuple[str, ...]:
    return (f"PAIEMENT_{geste.value}",)


# What the journal calls the gesture of each operation; those on credits are told by their movement.
GESTES: dict[Operation, tuple[str, ...]] = {
    _O.ENGAGEMENT: (GesteDemande.DECIDER.value,),
    _O.ANNULATION: (GesteDemande.ANNULER.value,),
    _O.ANNULATION_DE_REJETE: (GesteDemande.ANNULER.value,),
    _O.MISE_EN_PAIEMENT: _paiement(GestePaiement.METTRE_EN_PAIEMENT),
    _O.PAIEMENT: _paiement(GestePaiement.CONSTATER),
    _O.COMPENSATION_VERSEE: _paiement(GestePaiement.CONSTATER),
    _O.REJET: _paiement(GestePaiement.REJETER),
    _O.REJET_SANS_REMISE: _paiement(GestePaiement.REJETER),
    _O.RETOUR_TARDIF: _paiement(GestePaiement.RETOURNER),
    _O.COMPENSATION_RENDUE: _paiement(GestePaiement.RETOURNER),
    _O.REEMISSION: _paiement(GestePaiement.REEMETTRE),
    _O.ORDRE: (_R.EMETTRE.value,),
    _O.ORDRE_SUR_COMPENSE: (_R.EMETTRE.value,),
    _O.ORDRE_ANNULE: (_R.ANNULER.value,),
    _O.REMBOURSEMENT: (_R.REMBOURSER.value, _R.SOLDER.value),
    _O.COMPENSATION_RECUE: (_R.COMPENSER.value, _R.COMPENSER_LE_RESTE.value),
    _O.COMPENSATION_RETIREE: (_R.RETABLIR.value, _R.RETABLIR_TOUT.value),
}
_COUPLES = ", ".join(
    f"('{operation.value}', '{geste}')" for operation, gestes in GESTES.items() for geste in gestes
)
_DE_LA_DEMANDE = f"""e.chaine = 'dossier:' || d.numero AND (l.operation, e.geste) IN (VALUES {_COUPLES})
        AND (l.versement_id IS NULL OR e.details->'versement' = to_jsonb(l.versement_id))"""
# What was resumed of before the ledger has no author where the journal had none; a cancellation then was told by its
# payment alone. An entry and its event are of one gesture, and a few instants apart at most.
AUTRE_AUTEUR = f"""
SELECT l.id FROM grand_livre_ecriture l LEFT JOIN demandes_dossier d ON d.id = l.dossier_id
LEFT JOIN grand_livre_mouvement m ON l.demande_id IS NULL AND l.reference = 'Mouvement ' || m.id
WHERE CASE WHEN l.demande_id IS NULL AND m.id IS NULL THEN l.acteur_id IS NOT NULL OR l.role <> 'SYSTEME'
    WHEN l.demande_id IS NULL THEN NOT EXISTS (SELECT FROM journal_evenement e
        WHERE e.chaine = 'enveloppe:' || m.enveloppe_id AND e.objet = 'mouvement:' || m.id AND e.geste = 'APPROUVER'
        AND (e.acteur_id, e.role) = (l.acteur_id, l.role)
        AND e.instant BETWEEN l.instant - interval '5 min' AND l.instant + interval '5 min')
    WHEN l.reference = 'Reprise' AND l.acteur_id IS NULL THEN left(l.operation, 10) <> 'ANNULATION'
        AND EXISTS (SELECT FROM journal_evenement e WHERE {_DE_LA_DEMANDE} AND e.acteur_id IS NOT NULL)
    ELSE NOT EXISTS (SELECT FROM journal_evenement e WHERE {_DE_LA_DEMANDE}
        AND e.acteur_id IS NOT DISTINCT FROM l.acteur_id AND (l.reference = 'Reprise' OR e.role = l.role
            AND e.instant BETWEEN l.instant - interval '5 min' AND l.instant + interval '5 min'))
    END
"""  # noqa: S608 - ours
