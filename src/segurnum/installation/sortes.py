"""Each kind of objects that the journal tells: its table, the columns that are compared, and what each is called."""

import json
from collections.abc import Iterator

from segurnum.demandes import preuves as contenu
from segurnum.installation.rapprochement import ParNom, ParNumero, Sorte
from segurnum.journal import preuves
from segurnum.journal.empreintes import empreinte_json
from segurnum.referentiel.plafonds import IMPORTES, SQL_IMPORTES

_EMPREINTE = (
    "encode(sha256(convert_to(concat_ws('|', {0}.entreprise_id, {0}.iban, {0}.bic, {0}.titulaire), 'UTF8')), "
    "'hex')"
)


_STATUT = {"statut": ("statut", "t.statut")}


def _texte(colonne: str) -> str:
    return f"coalesce({colonne}::text, '')"


def _fichier(colonne: str) -> str:
    """The digest of the bytes that a row points to."""
    return f"coalesce((SELECT f.empreinte FROM fichiers_fichier f WHERE f.id = {colonne}), '')"  # noqa: S608 - ours


# As `paiements.enveloppes.validite` says it.
_VALIDITE = """CASE WHEN t.valable_du IS NULL AND t.valable_au IS NULL THEN 'sans limite'
    WHEN t.valable_au IS NULL THEN 'à partir du ' || to_char(t.valable_du, 'DD/MM/YYYY')
    WHEN t.valable_du IS NULL THEN 'jusqu''au ' || to_char(t.valable_au, 'DD/MM/YYYY')
    ELSE 'du ' || to_char(t.valable_du, 'DD/MM/YYYY') || ' au ' || to_char(t.valable_au, 'DD/MM/YYYY') END"""


def _empreinte_lue(texte: str) -> str:
    return empreinte_json(json.loads(texte))


SORTES: dict[str, Sorte] = {
    "demande": Sorte(
        "Demande",
        "demandes_demande",
        _STATUT
        | {
            "etat_paiement": ("état du paiement", "t.etat_paiement"),
            "montant_declare": ("montant déclaré", _texte("t.montant_declare")),
            "taux_tva": ("taux de TVA", _texte("t.taux_tva")),
            "engagement_ht": ("engagement HT", _texte("t.engagement_ht")),
            "engagement": ("engagement", _texte("t.engagement")),
            "montant_decide": ("montant décidé", _texte("t.montant_decide")),
            "version": ("version", _texte("t.version_courante")),
            "valideur": ("valideur", _texte("t.valideur_id")),
            "calcul": ("calcul (empreinte)", "coalesce(t.calcul::text, 'null')"),
            "motif_montant": ("motif du montant (empreinte)", "to_json(t.motif_montant)::text"),
            contenu.VERSIONS: ("ce qui est déclaré (empreinte)", contenu.SQL[contenu.VERSIONS]),
            contenu.BENEFICIAIRES: ("bénéficiaires (empreinte)", contenu.SQL[contenu.BENEFICIAIRES]),
            contenu.PIECES: ("pièces (empreinte)", contenu.SQL[contenu.PIECES]),
        },
        objet="e.objet = 'demande:' || t.id",
        lues={"calcul": _empreinte_lue, "motif_montant": _empreinte_lue},
    ),
    "decision": Sorte(
        "Décision de la demande",
        "paiements_decision",
        {
            "montant": ("montant", _texte("t.montant")),
            "decideur": ("décideur", _texte("t.decideur_id")),
            "compte": (
                "compte à payer",
                "(SELECT v.compte_bancaire_id::text FROM paiements_versement v WHERE v.decision_id = t.id "
                "ORDER BY v.id DESC LIMIT 1)",
            ),
        },
        cle="t.demande_id::text",
        objet="e.objet = 'demande:' || t.demande_id AND e.geste IN ('DECIDER', 'CLORE_SANS_VERSEMENT')",
    ),
    "octroi": Sorte(
        "Montant octroyé",
        "demandes_octroi",
        _STATUT
        | {
            "montant_ht": ("montant HT", _texte("t.montant_ht")),
            "auteur": ("auteur", _texte("t.auteur_id")),
            "approbateur": ("approbateur", _texte("t.approbateur_id")),
        },
        objet="e.objet = 'demande:' || t.demande_id AND e.details->'octroi'->'cle' = to_jsonb(t.id)",
    ),
    "versement": Sorte(
        "Versement",
        "paiements_versement",
        {
            "etat": ("état", "t.etat"),
            "montant": ("montant", _texte("t.montant_decide")),
            "montant_paye": ("montant payé", _texte("t.montant_paye")),
            "compense": ("compensé", _texte("t.compense")),
            "paye_le": ("date du virement", _texte("t.paye_le")),
            "avis": ("avis de paiement (empreinte)", _fichier("t.avis_id")),
            "mis_en_paiement": (
                "mise en paiement",
                "CASE WHEN t.mis_en_paiement_le IS NULL THEN '' ELSE 'oui' END",
            ),
            "compte": ("compte payé", _texte("t.compte_bancaire_id")),
            "empreinte_compte": (
                "empreinte du compte payé",
                f"(SELECT {_EMPREINTE.format('c')} FROM comptes_coordonneesbancaires c "  # noqa: S608 - ours
                "WHERE c.id = t.compte_bancaire_id)",
            ),
        },
        objet="e.objet = 'demande:' || (SELECT demande_id FROM paiements_decision d WHERE d.id = t.decision_id) "
        "AND e.details->'versement' = to_jsonb(t.id)",
        # A decision opens a payment, and its own event tells it.
        muettes="t.etat = 'EN_COURS' AND t.mis_en_paiement_le IS NULL AND t.montant_paye IS NULL",
    ),
    "recouvrement": Sorte(
        "Recouvrement",
        "recouvrements_recouvrement",
        _STATUT
        | {
            "nom": ("numéro", "coalesce(t.numero, 'Proposition ' || t.id)"),
            "montant": ("montant", _texte("t.montant")),
            "recu": ("recouvré", _texte("t.recu")),
            "emetteur": ("émetteur", _texte("t.emetteur_id")),
            "decision": ("décision recouvrée", _texte("t.decision_id")),
            "echeance": ("échéance", _texte("t.echeance")),
            "total": ("total", "t.total::text"),
            "lettre": ("titre de recette (empreinte)", _fichier("t.lettre_id")),
        },
        objet="e.objet = 'recouvrement:' || t.id",
    ),
    "reglement": Sorte(
        "Règlement d'un recouvrement",
        "recouvrements_reglement",
        {
            "montant": ("montant", _texte("t.montant")),
            "retire": ("retiré", "CASE WHEN t.retire_le IS NULL THEN '' ELSE 'oui' END"),
        },
        objet="e.objet = 'recouvrement:' || t.recouvrement_id AND e.details->'reglement' = to_jsonb(t.id)",
    ),
    "enveloppe": Sorte(
        "Enveloppe",
        "paiements_enveloppe",
        {
            "libelle": ("libellé", "t.libelle"),
            "dsr": ("couloirs financés", "array_to_string(t.dsr, ', ')"),
            "exercice": ("exercice", "t.exercice::text"),
            "validite": ("validité", _VALIDITE),
            "rang": ("rang", "t.rang::text"),
        },
        objet="e.chaine = 'enveloppe:' || t.id AND e.objet = e.chaine",
    ),
    "mouvement": Sorte(
        "Mouvement de crédits",
        "grand_livre_mouvement",
        _STATUT
        | {
            "montant": ("montant", _texte("t.montant")),
            "auteur": ("auteur", _texte("t.auteur_id")),
            "approbateur": ("approbateur", _texte("t.approbateur_id")),
        },
        objet="e.objet = 'mouvement:' || t.id",
    ),
    "enrolement": ParNumero(
        "Enrôlement",
        "enrolements_enrolement",
        _STATUT,
        cle="'ENR' || to_char(t.sequence, CASE WHEN t.sequence > 9999 THEN 'FM9999999999' ELSE 'FM0000' END)",
        objet="e.objet = 'enrolement:ENR' || "
        "to_char(t.sequence, CASE WHEN t.sequence > 9999 THEN 'FM9999999999' ELSE 'FM0000' END)",
    ),
    "extrait": Sorte(
        "Extrait de l'Annuaire Santé",
        "annuaire_sante_extrait",
        _STATUT
        | {
            "adresses": ("nombre d'adresses", "t.nombre_adresses::text"),
            "empreinte": ("empreinte", "t.empreinte"),
        },
        objet="e.objet = 'extrait:' || t.id",
    ),
    "comptages": Sorte(
        "Comptages donnés",
        "annuaire_sante_propositioncomptages",
        _STATUT,
        objet="e.objet = 'comptages:' || t.id",
    ),
    IMPORTES: ParNom(
        "Plafonds et barèmes",
        f"(SELECT '{IMPORTES}'::text AS nom)",
        {IMPORTES: ("ceux qu'aucune proposition n'a apportés (empreinte)", SQL_IMPORTES)},
        cle="t.nom",
    ),
    "domaine": ParNom(
        "Domaine d'un opérateur",
        "annuaire_sante_domaineoperateur",
        {"numero_ans": ("numéro ANS", "t.numero_ans")},
        cle="t.domaine",
        objet="e.chaine = 'annuaire-sante' AND e.details->'domaines' @> "
        "jsonb_build_array(jsonb_build_array(t.numero_ans, t.domaine))",
    ),
    "comptage": ParNom(
        "Comptage du domaine",
        "annuaire_sante_comptagefourni",
        {"nombre": ("nombre", "t.nombre::text"), "source": ("source", "t.source")},
        cle="t.domaine || ' ' || t.date",
        objet="e.chaine = 'annuaire-sante' AND e.objet LIKE 'comptages:%' AND e.details->'valeurs' @? "
        "format('strict $[*] ? (@[0] == %s && @[1] == %s)', to_json(t.domaine), to_json(t.date))::jsonpath",
    ),
    "modele": Sorte(
        "Modèle de document", "modeles_modeledocument", _STATUT, objet="e.objet = 'modele:' || t.id"
    ),
    "contestation": Sorte(
        "Contestation",
        "financements_contestation",
        _STATUT | {"attribuee_a": ("dossier attributaire", _texte("t.attribuee_a_id"))},
        objet="e.objet = 'contestation:' || t.id",
    ),
    "modification:personnes": Sorte(
        "Modification de personnes",
        "coordonnees_modificationpersonnes",
        _STATUT | {"instructeur": ("instructeur", _texte("t.instructeur_id"))},
        objet="e.objet = 'modification:personnes:' || t.id",
        muettes="t.statut = 'EN_PREPARATION'",
    ),
    "modification:banque": Sorte(
        "Modification bancaire",
        "coordonnees_modificationbancaire",
        _STATUT
        | {
            "instructeur": ("instructeur", _texte("t.instructeur_id")),
            "contresignataire": ("seconde personne", _texte("t.contresignataire_id")),
        },
        objet="e.objet = 'modification:banque:' || t.id",
    ),
    "compte": Sorte(
        "Compte bancaire",
        "comptes_coordonneesbancaires",
        _STATUT | {"empreinte_compte": ("titulaire, IBAN et BIC (empreinte)", _EMPREINTE.format("t"))},
        objet="e.objet = 'compte-bancaire:' || t.id OR e.objet = 'modification:banque:' || "
        "(SELECT m.id FROM coordonnees_modificationbancaire m WHERE m.compte_id = t.id)",
    ),
}


# What is proved by digests alone: how it is called, and where an event must tell of each row.
_AUTRES = {
    "projet": ("Proposition de réglage", "e.objet = 'projet:' || t.id"),
    "referencement": ("Référencement", "e.chaine = 'referencement:' || t.numero_ans"),
    "fenetre": (
        "Fenêtre de dépôt",
        "e.chaine = 'fenetre:' || t.dsr || ':' || t.type AND e.details ? ('preuve:fenetre:' || t.id)",
    ),
    "entreprise": ("Entreprise", ""),
    "personne": ("Compte", "e.chaine = 'compte:' || t.id AND e.details ? ('preuve:personne:' || t.id)"),
}


def toutes() -> dict[str, Sorte]:
    return SORTES | dict(_prouvees())


def _prouvees() -> Iterator[tuple[str, Sorte]]:
    for modele in preuves.prouves():
        preuve = modele.PREUVE  # type: ignore[attr-defined]
        nom, objet = _AUTRES[preuve.sorte] if preuve.sorte in _AUTRES else (SORTES[preuve.sorte].nom, "")
        sql = preuve.sql(modele)
        colonnes = {
            preuves.FIXE: ("ce que rien ne change (empreinte)", sql[preuves.FIXE]),
            preuves.SUIT: ("ce que les gestes changent (empreinte)", sql[preuves.SUIT]),
        }
        yield f"{preuves.DITE}{preuve.sorte}", Sorte(nom, modele._meta.db_table, colonnes, objet=objet)
