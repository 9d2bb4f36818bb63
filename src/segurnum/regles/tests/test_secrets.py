"""The secrets of the mailed links."""

from segurnum.regles import secrets


def test_un_secret_se_reconnait_par_son_empreinte_seule():
    secret = secrets.nouveau()
    assert secret.empreinte == secrets.empreinte(secret.texte)
    assert secret.texte not in secret.empreinte
    assert len(secret.empreinte) == 64


def test_deux_secrets_different_et_ne_se_lisent_pas_dans_une_trace():
    un, deux = secrets.nouveau(), secrets.nouveau()
    assert un != deux
    assert len(un.texte) >= 40
    assert un.texte not in repr(un)
