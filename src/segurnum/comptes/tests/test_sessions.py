"""Sessions know whose they are, and their keys are shown to nobody."""

import pytest

from segurnum.comptes.models import Profil, SessionOuverte
from segurnum.comptes.sessions import decrire_appareil, fermer, fermer_une, sessions_de
from segurnum.essais import usines

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604"
)


@pytest.mark.parametrize(
    ("agent", "attendu"),
    [
        (FIREFOX, "Firefox sur Linux"),
        (CHROME, "Chrome sur Android"),
        (EDGE, "Edge sur Windows"),
        (SAFARI, "Safari sur iPhone"),
        ("", "Navigateur inconnu sur un appareil inconnu"),
    ],
)
def test_un_appareil_est_dit_simplement(agent: str, attendu: str) -> None:
    assert decrire_appareil(agent) == attendu


def test_on_ne_ferme_que_ses_propres_sessions(client) -> None:
    personne, autre = usines.utilisateur(Profil.FOURNISSEUR), usines.utilisateur(Profil.FOURNISSEUR)
    client.force_login(autre)
    session = sessions_de(autre).get()
    assert session.repere not in session.session_key
    assert not fermer_une(personne, repere=session.repere)
    assert fermer(personne) == 0
    assert fermer_une(autre, repere=session.repere)
    assert not SessionOuverte.objects.exists()
