"""What came of each mutant: kept from one run to the next, and told."""

import json
import tomllib
from collections import Counter
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path
from textwrap import indent

import coverage

from mutation.carte import RACINE, Carte
from mutation.essais import DOUTEUX, SURVIVANT, TROP_LONG, TUE

JAMAIS, EQUIVALENT = "jamais exécuté", "équivalent"
EQUIVALENTS = Path(__file__).with_name("equivalents.toml")


@dataclass
class Issue:
    """`programme` and `essais`: what the broken module and the tests held, for it to hold still."""

    cle: str
    lieu: str
    issue: str
    qui: str
    programme: str
    essais: str


class Resultats:
    """A line for each mutant that was tried; the last one said is true."""

    def __init__(self, fichier: Path) -> None:
        self.fichier = fichier
        lignes = fichier.read_text(encoding="utf-8").splitlines() if fichier.exists() else []
        self.connues = {issue.cle: issue for issue in (Issue(**json.loads(ligne)) for ligne in lignes)}

    def noter(self, issue: Issue) -> None:
        self.connues[issue.cle] = issue
        with self.fichier.open("a", encoding="utf-8") as flux:
            flux.write(json.dumps(asdict(issue), ensure_ascii=False) + "\n")

    def tient(self, cle: str, programme: str, essais: str) -> bool:
        """Whether what is known still holds: who was killed is dead, who survived waits for other tests."""
        connue = self.connues.get(cle)
        if connue is None or connue.programme != programme:
            return False
        return connue.issue in (TUE, TROP_LONG) or (connue.issue == SURVIVANT and connue.essais == essais)


def equivalents() -> dict[str, str]:
    """Key of a mutant -> why it changes nothing that anybody can see."""
    lus = tomllib.loads(EQUIVALENTS.read_text(encoding="utf-8"))
    return {mutant["cle"].strip(): mutant["raison"] for mutant in lus.get("mutant", ())}


def ecrire(issues: list[Issue], possibles: int) -> str:
    """The survivors with their place and their difference, then the figures."""
    declares = equivalents()
    comptes = Counter(EQUIVALENT if i.cle in declares and i.issue == SURVIVANT else i.issue for i in issues)
    vivants = [i for i in issues if i.issue in (SURVIVANT, JAMAIS, DOUTEUX) and i.cle not in declares]
    lignes = [
        f"{i.lieu} ({f'{i.issue} {i.qui}'.strip()})\n{indent(i.cle, '    ')}"
        for i in sorted(vivants, key=lambda i: i.lieu)
    ]
    chiffres = ", ".join(f"{issue} : {nombre}" for issue, nombre in comptes.most_common())
    return "\n".join([*lignes, f"{possibles} mutants possibles, {len(issues)} essayés ; {chiffres}."])


def couverture(carte: Carte, paquets: tuple[str, ...]) -> str:
    """Lines and branches that tests execute in each package, as coverage counts them together."""
    mesure = coverage.Coverage(None, branch=True, config_file=False)
    mesure.get_data().add_arcs({str(RACINE / source): fleches for source, fleches in carte.fleches.items()})
    lignes = []
    for paquet in paquets:
        sous = str(RACINE / "src" / Path(*paquet.split(".")) / "*")
        taux = f"{mesure.report(include=[sous], file=StringIO()):.1f}".replace(".", ",")
        lignes.append(f"Couverture de {paquet}, branches comprises : {taux} %")
    return "\n".join(lignes)
