"""What is noted of an installation, and the trials that its administrators make."""

import io
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

from segurnum.fichiers import antivirus
from segurnum.fichiers.models import Analyse
from segurnum.installation.models import Temoin
from segurnum.journal import queries as journal
from segurnum.journal.queries import Rupture
from segurnum.pannes import AntivirusIndisponible
from segurnum.regles.calendrier import instant_long, maintenant
from segurnum.regles.erreurs import GesteImpossible

# The harmless file that every antivirus finds (EICAR), cut in two so that none finds it in this very file.
_EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD", "-ANTIVIRUS-TEST-FILE!$H+H*")


def noter(nom: Temoin.Nom) -> None:
    """Remember that it was seen now."""
    Temoin.objects.update_or_create(nom=nom, defaults={"instant": maintenant()})


def verifier_le_journal() -> list[Rupture]:
    """Read the whole journal again; what is found intact is noted, for the judgement of the installation."""
    ruptures = journal.ruptures()
    if not ruptures:
        noter(Temoin.Nom.JOURNAL)
    return ruptures


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
