"""A file sent with a form: checked, stored, and not asked for again when another field is wrong (XCT-008)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any

from django.core import signing
from django.core.exceptions import ValidationError

from segurnum.controles.fichiers import RegleFichier
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.queries import par_cle
from segurnum.isolement.portes import verifier_fichier
from segurnum.pannes import FichierNonRecu
from segurnum.regles.erreurs import GesteImpossible

DUREE = timedelta(days=1)  # how long a form may be corrected before the file is asked for again
_SEL = "segurnum.fichier_joint"


@dataclass(frozen=True)
class FichierJoint:
    """A stored file under the name that its sender gave it."""

    fichier: Fichier
    nom: str

    @property
    def name(self) -> str:
        """As a file that has just come says it."""
        return self.nom

    @property
    def marque(self) -> str:
        """What the form carries to find it again: signed, so that nobody names somebody else's file."""
        return signing.dumps([self.fichier.pk, self.nom], salt=_SEL)


def controler(televerse: Any, regle: RegleFichier) -> None:
    """Raises ValidationError with every problem of a file that has just come.

    It is read once, however many times its form is judged: a costly one costs once.
    """
    flux: IO[bytes] = televerse.file
    dits = getattr(televerse, "problemes", None) or {}
    if regle not in dits:
        try:
            dits[regle] = verifier_fichier(flux, televerse.name, televerse.size, regle)  # type: ignore[arg-type]
        except FichierNonRecu as refus:
            raise ValidationError(str(refus)) from refus
        televerse.problemes = dits
    problemes = dits[regle]
    if problemes:
        raise ValidationError([f"{phrase[:1].upper()}{phrase[1:]}" for _, phrase in problemes])


def garder(televerse: Any) -> FichierJoint:
    """Store a file that passed its checks and that the antivirus has nothing against. Raises ValidationError."""
    try:
        fichier = fichiers.recevoir(flux=televerse.file, nom=televerse.name)
    except GesteImpossible as refus:
        raise ValidationError(str(refus)) from refus
    return FichierJoint(fichier, televerse.name)


def retrouver(marque: str) -> FichierJoint | None:
    """The file of an earlier sending; None when there is none, or when the mark is too old or not ours."""
    try:
        cle, nom = signing.loads(marque, salt=_SEL, max_age=DUREE)
    except signing.BadSignature:
        return None
    fichier = par_cle(cle)
    return FichierJoint(fichier, nom) if fichier else None
