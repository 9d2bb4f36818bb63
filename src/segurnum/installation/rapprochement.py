"""The tables against the journal: what they say today must follow from the events, whoever wrote in them."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import connection

from segurnum.demandes import preuves as contenu
from segurnum.installation.rejeu import SUPPRIME, Dits
from segurnum.journal import preuves
from segurnum.journal.empreintes import empreinte_json
from segurnum.journal.queries import lire_par_tranches
from segurnum.referentiel.plafonds import IMPORTES, SQL_IMPORTES

LOT = 1_000  # objects compared in one statement
RIEN = "rien"
_EMPREINTE = (
    "encode(sha256(convert_to(concat_ws('|', {0}.entreprise_id, {0}.iban, {0}.bic, {0}.titulaire), 'UTF8')), "
    "'hex')"
)


@dataclass(frozen=True)
class Difference:
    """One object, what the journal says of it and what its table says."""

    objet: str
    quoi: str
    journal: str
    table: str

    @property
    def phrase(self) -> str:
        return (
            f"{self.objet}, {self.quoi} : le journal dit « {self.journal} », la table dit « {self.table} »."
        )


@dataclass(frozen=True)
class Sorte:
    """One kind of objects: its rows, the columns that the journal tells, and what each is called.

    `cle`: the key by which the journal names a row. `muettes`: rows that the journal may say nothing of yet.
    `lues`: columns that the journal tells otherwise than SQL does.
    """

    nom: str
    table: str
    colonnes: dict[str, tuple[str, str]]  # what the journal calls it -> its name, its SQL
    cle: str = "t.id::text"
    objet: str = ""  # SQL: the journal's name for it, where one event at least must bear it
    muettes: str = ""
    lues: Mapping[str, Callable[[str], str]] = field(default_factory=dict)

    def lire(self, cles: list[str]) -> dict[str, tuple[str, ...]]:
        choisies = ", ".join(sql for _, sql in self.colonnes.values())
        with connection.cursor() as curseur:
            curseur.execute(
                f"SELECT {self.cle}, {choisies} FROM {self.table} t WHERE {self.cle_lue} = ANY(%s)",  # noqa: S608 - ours
                [self._valeurs(cles)],
            )
            return {ligne[0]: ligne[1:] for ligne in curseur.fetchall()}

    @property
    def cle_lue(self) -> str:
        """The key as its index has it."""
        return self.cle.removesuffix("::text")

    def _valeurs(self, cles: list[str]) -> list[object]:
        return [int(cle) for cle in cles if cle.isdigit()]

    def comparer(self, dits: dict[str, dict[str, str]]) -> Iterator[Difference]:
        """Each column of each object of a batch."""
        lues = self.lire(list(dits))
        for cle, dit in dits.items():
            lue = lues.get(cle)
            if (lue is None) != (SUPPRIME in dit):
                attendu, trouve = (RIEN, "présent") if lue else ("présent", RIEN)
                yield Difference(f"{self.nom} {cle}", "existence", attendu, trouve)
            elif lue is not None:
                yield from self._colonnes(cle, dit, lue)

    def _colonnes(self, cle: str, dit: dict[str, str], lue: tuple[str, ...]) -> Iterator[Difference]:
        for (nom, (libelle, _)), valeur in zip(self.colonnes.items(), lue, strict=True):
            if nom not in dit:
                continue
            if nom in preuves.COTES and not preuves.memes_colonnes(dit[nom], valeur):
                continue  # told before a column was added
            trouvee = self.lues[nom](valeur) if nom in self.lues else valeur
            if dit[nom] != trouvee:
                yield Difference(f"{self.nom} {cle}", libelle, dit[nom] or RIEN, trouvee or RIEN)

    def inconnues(self) -> Iterator[Difference]:
        """Rows that no event tells of: somebody else than the portal wrote them."""
        if not self.objet:
            return
        restreinte = f"AND NOT ({self.muettes})" if self.muettes else ""
        ordre = (
            f"SELECT {self.cle} FROM {self.table} t WHERE NOT EXISTS "  # noqa: S608 - ours
            f"(SELECT FROM journal_evenement e WHERE {self.objet}) {restreinte}"
        )
        for (cle,) in lire_par_tranches("inconnues", ordre):
            yield Difference(f"{self.nom} {cle}", "existence", RIEN, "présent")


class _ParNumero(Sorte):
    """Named by a number: « ENR0012 »."""

    @property
    def cle_lue(self) -> str:
        return "t.sequence"

    def _valeurs(self, cles: list[str]) -> list[object]:
        return [int(chiffres) for cle in cles if (chiffres := cle.removeprefix("ENR")).isdigit()]


class _ParNom(Sorte):
    """Named by what it holds: a domain."""

    def _valeurs(self, cles: list[str]) -> list[object]:
        return list(cles)


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
    "enrolement": _ParNumero(
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
    IMPORTES: _ParNom(
        "Plafonds et barèmes",
        f"(SELECT '{IMPORTES}'::text AS nom)",
        {IMPORTES: ("ceux qu'aucune proposition n'a apportés (empreinte)", SQL_IMPORTES)},
        cle="t.nom",
    ),
    "domaine": _ParNom(
        "Domaine d'un opérateur",
        "annuaire_sante_domaineoperateur",
        {"numero_ans": ("numéro ANS", "t.numero_ans")},
        cle="t.domaine",
        objet="e.chaine = 'annuaire-sante' AND e.details->'domaines' @> "
        "jsonb_build_array(jsonb_build_array(t.numero_ans, t.domaine))",
    ),
    "comptage": _ParNom(
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


@dataclass
class Rapprochement:
    """Compares batch after batch what the journal says, as it is read."""

    objets: int = 0
    _sortes: dict[str, Sorte] = field(default_factory=lambda: SORTES | dict(_prouvees()))

    def vider(self, dits: Dits) -> Iterator[Difference]:
        """Compare what is known, and forget it."""
        par_sorte: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
        for (sorte, cle), dit in dits.items():
            par_sorte[sorte][cle] = dit
        self.objets += len(dits)
        dits.clear()
        for nom, lot in par_sorte.items():
            if nom in self._sortes:
                yield from self._sortes[nom].comparer(lot)

    def inconnues(self) -> Iterator[Difference]:
        for sorte in self._sortes.values():
            yield from sorte.inconnues()
