"""The journal played again: what each object must be today, as the last events about it say."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from segurnum.annuaire_sante.services import RETIRER as RETIRER_DOMAINE
from segurnum.comptes.comptes_bancaires import RETENIR
from segurnum.comptes.models import CoordonneesBancaires
from segurnum.journal import preuves
from segurnum.journal.empreintes import Lu
from segurnum.referentiel.plafonds import IMPORTES
from segurnum.regles.cycles import EtatPaiement, GesteDemande, GestePaiement
from segurnum.regles.cycles_coordonnees import GesteModification
from segurnum.regles.cycles_enveloppes import GesteMouvement
from segurnum.regles.cycles_modeles import GesteModele

# One object: its kind and its key. What is said of it: column -> text.
Cle = tuple[str, str]
Dits = dict[Cle, dict[str, str]]
SUPPRIME = "supprimé"  # column of what is no longer there
_PAIEMENT = "PAIEMENT_"
_RECOUVREMENT = "recouvrement:"
_COMPTE = CoordonneesBancaires.Statut
_ETATS_DU_COMPTE = {
    "AJOUTER": _COMPTE.EN_ATTENTE,
    RETENIR: _COMPTE.ACTIVE,
    GesteModification.ACTIVER: _COMPTE.ACTIVE,
    GesteModification.ANNULER: _COMPTE.INACTIVE,
    GesteModification.CONTESTER: _COMPTE.INACTIVE,
    GesteModification.REFUSER: _COMPTE.INACTIVE,
}
_INSTRUIRE = (GesteModification.ACCEPTER, GesteModification.PROPOSER, GesteModification.REFUSER)


@dataclass
class Rejeu:
    """Events go in, chain after chain; `dits` is what they say so far, and is emptied by who compares it."""

    dits: Dits = field(default_factory=dict)
    _chaine: str = ""
    _comptes: set[Cle] = field(default_factory=set)  # of the company whose chain is being read

    def lire(self, lu: Lu) -> None:
        famille = lu.chaine.partition(":")[0]
        if lu.chaine != self._chaine:
            self._chaine = lu.chaine
            self._comptes.clear()
        details = json.loads(lu.details)
        for sorte, cle, (fixe, suit) in preuves.dites(details):
            self._prouver(sorte, cle, fixe, suit)
        if famille in _FAMILLES:
            _FAMILLES[famille](self, lu, details)

    def _prouver(self, sorte: str, cle: str, fixe: str, suit: str) -> None:
        """What a row held. Of what nothing changes, the first that was told stays: a later gesture covers no hand."""
        dit = self._noter(f"{preuves.DITE}{sorte}", cle, **{preuves.SUIT: suit})
        if not preuves.memes_colonnes(dit.get(preuves.FIXE, ""), fixe):
            dit[preuves.FIXE] = fixe

    def _noter(self, sorte: str, cle: object, **colonnes: str) -> dict[str, str]:
        dit = self.dits.setdefault((sorte, str(cle)), {})
        dit.update(colonnes)
        return dit

    def _statut(self, sorte: str, lu: Lu, cle: str) -> dict[str, str]:
        """The status that a gesture leaves; one that leaves none has deleted."""
        if not lu.apres or lu.geste == GesteModele.SUPPRIMER:
            if (preuve := (f"{preuves.DITE}{sorte}", cle)) in self.dits:
                self.dits[preuve] = {SUPPRIME: "oui"}
            return self._noter(sorte, cle, **{SUPPRIME: "oui"})
        return self._noter(sorte, cle, statut=lu.apres)

    # --- A dossier: its requests, their decision, its payments

    def _dossier(self, lu: Lu, details: Mapping[str, Any]) -> None:
        cle = lu.objet.removeprefix("demande:")
        if lu.objet.startswith(_RECOUVREMENT):
            self._recouvrement(lu, details)
            return
        if lu.geste.startswith(_PAIEMENT):
            self._versement(lu, details, cle)
            return
        dit = self._statut("demande", lu, cle)
        dit.update(details.get("etat", {}) | details.get("preuve", {}))
        if octroi := details.get("octroi"):
            self._noter("octroi", octroi["cle"], **{nom: octroi[nom] for nom in octroi if nom != "cle"})
        if lu.geste == GesteDemande.DECIDER:
            dit["etat_paiement"] = EtatPaiement.EN_COURS.value
            decision = self._noter("decision", cle, decideur=lu.acteur)
            if compte := details.get("compte"):
                decision["compte"] = str(compte)
            if montant := dit.get("montant_decide"):
                decision["montant"] = montant
        elif lu.geste == "DEPOSER":
            dit["etat_paiement"] = EtatPaiement.AUCUN.value
        elif lu.geste == GesteDemande.CLORE_SANS_VERSEMENT:
            self._noter("decision", cle, decideur=lu.acteur, montant="0.00")
        elif lu.geste in (
            GesteDemande.HISTORISER,
            GesteDemande.ANNULER,
            GesteDemande.ANNULER_RECOUVREE,
        ):
            dit["etat_paiement"] = EtatPaiement.AUCUN.value

    def _versement(self, lu: Lu, details: Mapping[str, Any], demande: str) -> None:
        geste = lu.geste.removeprefix(_PAIEMENT)
        dit = self._noter("versement", details["versement"], etat=lu.apres, montant=details["montant"])
        colonnes = ("compte", "empreinte_compte", "compense", "paye_le", "avis")
        dit |= {nom: str(details[nom]) for nom in colonnes if nom in details}
        if "compte" in dit:  # the last payment of a decision is the one told
            self._noter("decision", demande, compte=dit["compte"])
        if geste == GestePaiement.METTRE_EN_PAIEMENT:
            dit["mis_en_paiement"] = "oui"
        elif geste == GestePaiement.CONSTATER:
            net = Decimal(details["montant"]) - Decimal(details.get("compense", "0"))
            dit["montant_paye"] = f"{net:.2f}"
        if geste != GestePaiement.ANNULER:
            self._noter("demande", demande, etat_paiement=lu.apres)

    def _annuaire(self, lu: Lu, details: Mapping[str, Any]) -> None:
        """An extract, or counts that were given: not what was loaded before either had a status."""
        sorte, _, cle = lu.objet.partition(":")
        for numero, domaine in details.get("domaines", ()):
            self.dits[("domaine", domaine)] = {"numero_ans": numero}
        if lu.geste == RETIRER_DOMAINE:
            self.dits[("domaine", details["domaine"])] = {SUPPRIME: "oui"}
        if sorte == "comptages":
            for domaine, jour, _, (nombre, source) in details.get("valeurs", ()):
                self._noter("comptage", f"{domaine} {jour}", nombre=str(nombre), source=source)
        if lu.apres and sorte in ("extrait", "comptages"):
            dit = self._statut(sorte, lu, cle)
            dit |= {nom: str(details[nom]) for nom in ("adresses", "empreinte") if nom in details}

    def _plafonds(self, _lu: Lu, details: Mapping[str, Any]) -> None:
        if IMPORTES in details:
            self._noter(IMPORTES, IMPORTES, **{IMPORTES: details[IMPORTES]})

    def _recouvrement(self, lu: Lu, details: Mapping[str, Any]) -> None:
        dit = self._statut("recouvrement", lu, lu.objet.removeprefix(_RECOUVREMENT))
        dit.update(details.get("etat", {}))
        if "numero" in details:
            dit["nom"] = details["numero"]
        if "reglement" in details:
            regle = Decimal(details["regle"])
            dit = self._noter("reglement", details["reglement"], retire="oui" if regle < 0 else "")
            dit["montant"] = f"{abs(regle):.2f}"

    def _enveloppe(self, lu: Lu, details: Mapping[str, Any]) -> None:
        """What was settled of it; a movement of its credits: who proposed it, and who approved or refused it."""
        sorte, _, cle = lu.objet.partition(":")
        if sorte == "enveloppe":
            self._noter(sorte, cle, **{nom: apres for nom, (_, apres) in details["valeurs"].items()})
        if sorte != "mouvement":
            return
        dit = self._statut(sorte, lu, cle)
        if "montant" in details:
            dit["montant"] = f"{Decimal(details['montant']):.2f}"
        if not lu.avant:
            dit["auteur"] = lu.acteur
        elif lu.geste in (GesteMouvement.APPROUVER, GesteMouvement.REFUSER):
            dit["approbateur"] = lu.acteur

    # --- What has a status only

    def _enrolement(self, lu: Lu, _details: Mapping[str, Any]) -> None:
        self._statut("enrolement", lu, lu.objet.partition(":")[2])

    def _modele(self, lu: Lu, _details: Mapping[str, Any]) -> None:
        self._statut("modele", lu, lu.objet.partition(":")[2])

    def _contestation(self, lu: Lu, details: Mapping[str, Any]) -> None:
        dit = self._statut("contestation", lu, lu.objet.partition(":")[2])
        dit["attribuee_a"] = details["attribuee_a"]

    # --- A company: its changes, and its bank accounts, one active at a time

    def _entreprise(self, lu: Lu, details: Mapping[str, Any]) -> None:
        sorte, _, cle = lu.objet.rpartition(":")
        if sorte.startswith("modification:"):
            dit = self._statut(sorte, lu, cle)
            if lu.geste in _INSTRUIRE:
                dit["instructeur"] = lu.acteur
            if lu.geste in (GesteModification.ACCEPTER, GesteModification.PROPOSER):
                dit["contresignataire"] = ""
            elif lu.geste == GesteModification.CONTRESIGNER:
                dit["contresignataire"] = lu.acteur
        if "empreinte_compte" in details:
            self._compte(lu, details)

    def _compte(self, lu: Lu, details: Mapping[str, Any]) -> None:
        dit = self._noter("compte", details["compte"], empreinte_compte=details["empreinte_compte"])
        statut = _ETATS_DU_COMPTE.get(lu.geste)
        if lu.geste == RETENIR:
            statut = _COMPTE(lu.apres)  # as it was found, for those older than this event
        if statut is None:
            return
        if statut is _COMPTE.ACTIVE:
            for autre in self._comptes:
                if self.dits[autre].get("statut") == _COMPTE.ACTIVE:
                    self.dits[autre]["statut"] = _COMPTE.INACTIVE.value
        dit["statut"] = statut.value
        self._comptes.add(("compte", str(details["compte"])))


_FAMILLES: dict[str, Callable[[Rejeu, Lu, Mapping[str, Any]], None]] = {
    "annuaire-sante": Rejeu._annuaire,
    "dossier": Rejeu._dossier,
    "enveloppe": Rejeu._enveloppe,
    "enrolement": Rejeu._enrolement,
    "modele": Rejeu._modele,
    "contestation": Rejeu._contestation,
    "entreprise": Rejeu._entreprise,
    "plafonds": Rejeu._plafonds,
}
