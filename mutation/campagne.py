"""A campaign: the map of the tests, what each mutant is tried by, and in which process."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mutation.bilan import JAMAIS, Issue, Resultats
from mutation.carte import RACINE, Carte, Mesure, empreinte, fichier_de
from mutation.essais import A_IMPORTER, SURVIVANT, Epreuve, Essais, par_un_import
from mutation.mutants import Mutant

OPTIONS = ["-q", "--no-header", "--reuse-db", "-p", "no:randomly", "-p", "no:cacheprovider", "--capture=sys"]


class Campagne:
    """`fichiers`: of tests. What they execute is measured when this is made, but what is known already.

    `budget`: seconds of tests for one mutant.
    """

    def __init__(
        self, dossier: Path, fichiers: list[str], *, budget: float, dire: Callable[[str], None]
    ) -> None:
        self.dossier, self.budget, self.dire = dossier, budget, dire
        self.carte = Carte(dossier / "carte")
        if perimes := [fichier for fichier in fichiers if not self.carte.connu(fichier)]:
            dire(f"Carte des essais : {len(perimes)} fichiers à suivre.")
            _dans_un_enfant(lambda: pytest.main([*OPTIONS, *perimes], plugins=[Mesure(self.carte)]))
        for fichier in fichiers:
            self.carte.lire(fichier)
        self.resultats = Resultats(dossier / "resultats.jsonl")

    def essayer(self, mutants: list[Mutant]) -> list[Issue]:
        """What became of each, now or in an earlier run that still holds."""
        epreuves = [self.epreuve(mutant) for mutant in mutants]
        epreuves = [e for e in epreuves if not self.resultats.tient(e.mutant.cle, *_etat(e))]
        self.dire(f"{len(mutants)} mutants, {len(epreuves)} à essayer.")
        for epreuve in epreuves:
            if not epreuve.essais:
                self._noter(epreuve, JAMAIS, "")
        epreuves = [e for e in epreuves if e.essais]
        self._avec(self._sur_place, [e for e in epreuves if e.mutant.se_greffe])
        a_importer = {cle for cle, connue in self.resultats.connues.items() if connue.issue == A_IMPORTER}
        self._avec(
            self._par_import, [e for e in epreuves if not e.mutant.se_greffe or e.mutant.cle in a_importer]
        )
        return [self.resultats.connues[m.cle] for m in mutants if m.cle in self.resultats.connues]

    def epreuve(self, mutant: Mutant) -> Epreuve:
        """The tests that execute it, within the budget: first those that go where few go in the same function.

        What only an import executes is tried by those that execute anything of its module, or else of its package.
        """
        source, durees = str(mutant.source.fichier.relative_to(RACINE)), self.carte.durees
        paquet = f"{Path(source).parent}/"
        essais = self.carte.qui_executent(source, mutant.lignes)
        if not essais and (not mutant.se_greffe or self.carte.est_executee(source, mutant.lignes)):
            essais = self.carte.qui_touchent(source) or {e for e in durees if e.startswith(paquet)}
        rarete = dict.fromkeys(essais, len(durees))
        for ligne in mutant.portee:
            qui = self.carte.qui_executent(source, range(ligne, ligne + 1))
            rarete |= {essai: min(rarete[essai], len(qui)) for essai in qui & essais}
        retenus, total = [], 0.0
        for essai in sorted(essais, key=lambda e: (rarete[e], not e.startswith(paquet), durees[e], e)):
            if total + durees[essai] <= self.budget:
                retenus.append(essai)
                total += durees[essai]
        return Epreuve(mutant, retenus, total, len(essais))

    def _avec(self, essayer: Callable[[list[Epreuve]], int], epreuves: list[Epreuve]) -> None:
        if epreuves:
            if _dans_un_enfant(lambda: essayer(epreuves)) != 0:
                raise SystemExit("La campagne s'est arrêtée : ce qui a été essayé est gardé.")
            self.resultats = Resultats(self.resultats.fichier)

    def _sur_place(self, epreuves: list[Epreuve]) -> int:
        fichiers = sorted({fichier_de(essai) for epreuve in epreuves for essai in epreuve.essais})
        essais = Essais(epreuves, self._noter, self.dossier / "mutant.py")
        return int(pytest.main([*OPTIONS, *fichiers], plugins=[essais]))

    def _par_import(self, epreuves: list[Epreuve]) -> int:
        texte = self.dossier / "mutant.py"
        issue, qui = par_un_import(epreuves[0], OPTIONS, texte, brise=False)
        if issue != SURVIVANT:
            self.dire(f"Rien ne peut être conclu : {qui} échoue sans mutant.")
            return 1
        for epreuve in epreuves:
            self._noter(epreuve, *par_un_import(epreuve, OPTIONS, texte))
        return 0

    def _noter(self, epreuve: Epreuve, issue: str, qui: str) -> None:
        mutant = epreuve.mutant
        if issue == SURVIVANT:
            qui = f"{len(epreuve.essais)} essais sur {epreuve.connus}"
        lieu = f"{mutant.source.fichier.relative_to(RACINE)}:{mutant.lignes.start}"
        self.resultats.noter(Issue(mutant.cle, lieu, issue, qui, *_etat(epreuve)))
        self.dire(f"{lieu} : {issue} {qui}")


def _etat(epreuve: Epreuve) -> tuple[str, str]:
    """Of the broken module, and of what tries it."""
    fichiers = sorted({RACINE / fichier_de(essai) for essai in epreuve.essais})
    quels = hashlib.sha256("\n".join(epreuve.essais).encode()).hexdigest()[:16]
    return empreinte(epreuve.mutant.source.fichier), empreinte(*fichiers) + quels


def _dans_un_enfant(faire: Callable[[], int]) -> int:
    """A program is imported once in a process. What `faire` returns."""
    enfant = os.fork()
    if enfant == 0:
        statut = 1
        try:
            statut = faire()
        finally:
            os._exit(statut)
    return os.waitstatus_to_exitcode(os.waitpid(enfant, 0)[1])
