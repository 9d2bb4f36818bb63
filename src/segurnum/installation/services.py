"""What is noted of an installation, and the trials that its administrators make."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

from segurnum.fichiers import antivirus
from segurnum.fichiers.models import Analyse
from segurnum.fichiers.stockage import graver
from segurnum.installation import verification
from segurnum.installation.models import Relecture, Temoin
from segurnum.installation.verification import Bilan
from segurnum.journal.tetes import empreinte_de, nom_de, texte
from segurnum.journal.tetes import fichiers as fichiers_de_tetes
from segurnum.pannes import AntivirusIndisponible
from segurnum.regles.calendrier import instant_long, maintenant
from segurnum.regles.erreurs import GesteImpossible

# The harmless file that every antivirus finds (EICAR), cut in two so that none finds it in this very file.
_EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD", "-ANTIVIRUS-TEST-FILE!$H+H*")

PHRASES_GARDEES = 50  # of what one night finds


def noter(nom: Temoin.Nom) -> None:
    """Remember that it was seen now."""
    Temoin.objects.update_or_create(nom=nom, defaults={"instant": maintenant()})


def verifier_le_journal(
    *, tetes: Path | None = None, dire: Callable[[str], object] = lambda _phrase: None
) -> Bilan:
    """Read the whole journal again, and the tables against it; what is found intact is noted, for the judgement of the
    installation. `tetes`: a file of heads, or a folder of them, that it must agree with. `dire`: hears each anomaly.

    Raises FileNotFoundError for heads that are not there.
    """
    bilan = verification.verifier(dire, tetes)
    if not bilan.anomalies:
        noter(Temoin.Nom.JOURNAL)
    return bilan


def veiller_sur_le_journal(*, dire: Callable[[str], object]) -> Bilan:
    """What each night does: verify against the last heads that were written, keep what is found for who audits, then
    write the heads of tonight.

    A journal that contradicts the last heads gets no others: each night says it again, until somebody deals with it.
    """
    dossier = settings.JOURNAL_TETES
    instant, trouvees = maintenant(), list[str]()

    def entendre(phrase: str) -> None:
        if len(trouvees) < PHRASES_GARDEES:
            trouvees.append(phrase)
        dire(phrase)

    bilan = verifier_le_journal(tetes=dossier if fichiers_de_tetes(dossier) else None, dire=entendre)
    Relecture.objects.create(
        fait_le=instant, evenements=bilan.evenements, anomalies=bilan.anomalies, phrases=trouvees
    )
    if not bilan.anomalies:
        ecrire_les_tetes()
    return bilan


def ecrire_les_tetes(*, sortie: Path | None = None) -> Path:
    """Write the heads of now, which name the last file of the folder. `sortie`: elsewhere than in that folder."""
    dossier = settings.JOURNAL_TETES
    instant = maintenant()
    avant = fichiers_de_tetes(dossier)
    lignes = texte(
        verification.tetes(),
        instant=instant,
        adresse=settings.ADRESSE_PORTAIL,
        precedent=empreinte_de(avant[-1]) if avant else "",
        cle=settings.JOURNAL_CLES[0],
    )
    chemin = sortie or dossier / nom_de(instant)
    chemin.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    provisoire = chemin.with_name(f"{chemin.name}.en-cours")
    provisoire.touch(mode=0o640)
    with open(provisoire, "w", encoding="utf-8", newline="\n") as flux:
        flux.writelines(lignes)
        flux.flush()
        os.fsync(flux.fileno())
    provisoire.replace(chemin)
    graver([chemin.parent], chemin.parent)
    return chemin


def essayer_le_courriel(*, destinataire: str) -> None:
    """Hand a message to the mail server, now. Raises GesteImpossible, with what the server answered."""
    if not settings.COURRIELS_PARTENT:
        raise GesteImpossible(
            "Aucun serveur d'envoi n'est réglé : donnez la variable EMAIL_URL, puis redémarrez le portail."
        )
    message = EmailMessage(
        subject=f"{settings.NOM_PORTAIL} : courriel d'essai",
        body=(
            f"Ce courriel a été demandé depuis {settings.ADRESSE_PORTAIL} le {instant_long(maintenant())}.\n"
            "S'il vous est parvenu, les courriels du portail partent.\n"
        ),
        to=[destinataire],
    )
    try:
        message.send()
    except (OSError, SMTPException) as faute:
        raise GesteImpossible(
            f"Le serveur d'envoi a refusé ou n'a pas répondu ({type(faute).__name__} : {faute}). Vérifiez EMAIL_URL, "
            "et que la machine a le droit de le joindre."
        ) from faute
    noter(Temoin.Nom.COURRIEL)


def essayer_l_antivirus() -> None:
    """Show it the file that every antivirus knows. Raises GesteImpossible when it finds nothing, or does not answer."""
    if not antivirus.actif():
        raise GesteImpossible(
            "Aucun antivirus n'est réglé : donnez la variable ANTIVIRUS_URL, puis redémarrez le portail."
        )
    try:
        avis = antivirus.analyser(io.BytesIO("".join(_EICAR).encode()), delai=antivirus.DELAI_A_LA_PORTE)
    except AntivirusIndisponible as faute:
        raise GesteImpossible(f"{faute} Vérifiez ANTIVIRUS_URL et le démon clamd.") from faute
    if avis is not Analyse.INFECTE:
        raise GesteImpossible(
            "L'antivirus répond, mais ne reconnaît pas le fichier d'essai EICAR : ses signatures sont-elles chargées ?"
        )
