"""What comes back: by a mailbox or by a webhook, noted once, believed only when it names a mail of ours."""

import imaplib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.courriels import boite as releve
from segurnum.courriels import gestes, queries, tasks
from segurnum.courriels.message import repere
from segurnum.courriels.models import Courriel
from segurnum.courriels.phrases import situation
from segurnum.courriels.tests import avis
from segurnum.courriels.tests.imap import BoiteImap, serveur_imap
from segurnum.courriels.tests.test_remise import ecrire, relire
from segurnum.essais import usines
from segurnum.essais.horloge import Horloge
from segurnum.journal.queries import evenements_de

pytestmark = pytest.mark.django_db
JETON = "jeton-des-retours"


@pytest.fixture(autouse=True)
def _envoi(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.JETON_RETOURS = JETON


@pytest.fixture
def imap(settings: Settings) -> Iterator[BoiteImap]:
    with serveur_imap() as serveur:
        settings.RETOURS_URL = serveur.adresse
        yield serveur


@pytest.fixture
def courriel() -> Courriel:
    (ecrit,) = ecrire("inconnu@societe.example")
    tasks.balayer(0)
    return relire(ecrit)


def gestes_de(courriel: Courriel) -> list[str]:
    return [fait.geste for fait in evenements_de(f"courriel:{courriel.pk}")]


def dire(dit: object, jeton: str = JETON) -> int:
    return (
        Client()
        .post(
            reverse("retours"),
            dit,
            content_type="application/json",
            headers={"Authorization": f"Bearer {jeton}"},
        )
        .status_code
    )


def retour(courriel: Courriel, statut: str = "5.1.1") -> dict[str, Any]:
    return {
        "message_id": f"<{repere(courriel)}@agence.example>",
        "status": statut,
        "diagnostic": "550 inconnu",
    }


@pytest.mark.parametrize(
    ("forme", "raison"),
    [
        (avis.postfix, "cette adresse n'existe pas"),
        (avis.exim, "le serveur n'a pas donné de raison que le portail connaisse"),
        (avis.exchange, "ce domaine ne reçoit pas de courriel"),
        (avis.enveloppe, "cette boîte est pleine"),
    ],
    ids=["Postfix", "Exim", "Exchange", "l'enveloppe seule"],
)
def test_un_retour_est_lu_dans_la_boite_et_dit_dans_le_dossier(
    forme: Callable[[str], bytes], raison: str, imap: BoiteImap, courriel: Courriel
) -> None:
    imap.messages = [forme(repere(courriel))]
    tasks.relever(0)
    assert relire(courriel).revenu_le
    assert situation(courriel).startswith("Revenu le ")
    assert situation(courriel).endswith(f": {raison}")
    assert imap.drapeaux == {1: {r"\Seen"}}
    assert list(queries.revenus()) == [courriel]
    assert gestes_de(courriel) == ["REVENIR"]


def test_un_retard_est_note_et_n_est_pas_un_retour(imap: BoiteImap, courriel: Courriel) -> None:
    imap.messages = [avis.postfix(repere(courriel), action="delayed", statut="4.4.1")]
    tasks.relever(0)
    assert relire(courriel).revenu_le is None
    assert "retardé : le serveur du destinataire n'est pas joignable" in situation(courriel)
    # Given up after days: a failure, whatever the first figure of its status.
    imap.messages.append(avis.postfix(repere(courriel), statut="4.4.1"))
    tasks.relever(0)
    assert relire(courriel).revenu_le


def test_d_un_rapport_sur_plusieurs_adresses_l_echec_compte(imap: BoiteImap, courriel: Courriel) -> None:
    retard = (
        b"Final-Recipient: rfc822; autre@societe.example\nAction: delayed\nStatus: 4.4.1\n\nFinal-Recipient"
    )
    imap.messages = [avis.postfix(repere(courriel)).replace(b"Final-Recipient", retard, 1)]
    tasks.relever(0)
    assert relire(courriel).revenu_le


def test_un_avis_de_remise_ne_dit_rien_de_plus(imap: BoiteImap, courriel: Courriel) -> None:
    imap.messages = [avis.postfix(repere(courriel), action="delivered", statut="2.0.0")]
    tasks.relever(0)
    assert (relire(courriel).revenu_le, courriel.derniere_erreur) == (None, "")
    assert imap.drapeaux == {1: {r"\Seen"}}


@pytest.mark.parametrize("nom", sorted(avis.hostiles("1.0." + "a" * 20)))
def test_ce_que_n_importe_qui_ecrit_a_cette_boite_ne_fait_rien_revenir(
    nom: str, imap: BoiteImap, courriel: Courriel
) -> None:
    imap.messages = [avis.hostiles(repere(courriel))[nom], avis.postfix(repere(courriel))]
    bilan = releve.relever()
    assert imap.drapeaux == {1: {r"\Flagged"}, 2: {r"\Seen"}}
    assert (bilan.lus, bilan.incompris) == (1, 1)
    assert relire(courriel).revenu_le
    # Left for a person to read: not read again and again.
    assert releve.relever() == releve.Releve()


def test_un_message_enorme_n_est_lu_qu_a_son_debut(imap: BoiteImap, courriel: Courriel) -> None:
    imap.messages = [avis.postfix(repere(courriel)) + b"x" * 3_000_000]
    tasks.relever(0)
    assert relire(courriel).revenu_le


def test_une_base_coupee_pendant_la_releve_laisse_le_message_a_lire(
    imap: BoiteImap, courriel: Courriel, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap.messages = [avis.postfix(repere(courriel))]

    def coupee(*_: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as coupure:
        coupure.setattr(releve, "noter_retour", coupee)
        with pytest.raises(OperationalError):
            tasks.relever(0)
    assert imap.drapeaux == {}
    tasks.relever(0)
    assert relire(courriel).revenu_le


def test_une_boite_qui_refuse_le_mot_de_passe_le_dit(imap: BoiteImap) -> None:
    imap.qui = ("retours", "autre")
    with pytest.raises(imaplib.IMAP4.error):
        tasks.relever(0)


def test_sans_boite_rien_n_est_releve(settings: Settings) -> None:
    settings.RETOURS_URL = ""
    assert releve.relever() == releve.Releve()


def test_un_retour_dit_deux_fois_ou_par_les_deux_portes_est_note_une_fois(
    imap: BoiteImap, courriel: Courriel
) -> None:
    assert dire(retour(courriel)) == 200
    vu = relire(courriel).revenu_le
    imap.messages = [avis.postfix(repere(courriel))]
    tasks.relever(0)
    assert dire(retour(courriel)) == 200
    assert relire(courriel).revenu_le == vu
    assert gestes_de(courriel) == ["REVENIR"]


def test_un_retour_d_avant_le_renvoi_ne_dit_rien_du_renvoi(courriel: Courriel) -> None:
    premier = retour(courriel)
    assert dire(premier) == 200
    agent = usines.utilisateur(Profil.ADMINISTRATION)
    gestes.renvoyer(courriels=[courriel.pk], auteur=auteur(agent))
    tasks.balayer(0)
    assert dire(premier) == 200
    assert relire(courriel).revenu_le is None
    assert dire(retour(courriel)) == 200
    assert relire(courriel).revenu_le


def test_le_retour_d_un_courriel_remis_par_un_mort_est_cru(horloge: Horloge) -> None:
    """The worker died before it could note that the mail had left: its server says so, and nothing leaves again."""
    (courriel,) = ecrire("inconnu@societe.example")
    assert dire(retour(courriel)) == 404  # never handed over
    Courriel.objects.update(tentatives=1)
    assert dire(retour(courriel)) == 200
    horloge.avancer(days=1)
    tasks.balayer(0)
    assert relire(courriel).envoye_le is None


def test_la_porte_des_retours_n_existe_pas_sans_jeton_et_refuse_les_autres(
    courriel: Courriel, settings: Settings
) -> None:
    for faux in ("", "autre", "é"):
        assert dire(retour(courriel), jeton=faux) == 401
    assert Client().post(reverse("retours"), {}).status_code == 401
    settings.JETON_RETOURS = ""
    assert dire(retour(courriel), jeton="") == 404
    assert Client().get(reverse("retours")).status_code == 405
    assert relire(courriel).revenu_le is None


@pytest.mark.parametrize(
    ("change", "statut"),
    [
        ({"status": "5.1"}, 422),
        ({"status": 511}, 422),
        ({"status": "5.1.1\n"}, 422),
        ({"message_id": None}, 422),
        ({"message_id": "<autre@ailleurs.example>"}, 404),
        ({"message_id": f"<1.0.{'0' * 20}@agence.example>"}, 404),
        ({"status": "2.0.0"}, 200),
        ({"diagnostic": "x" * 70_000}, 413),
    ],
)
def test_ce_qui_n_est_pas_un_retour_n_est_pas_note(
    change: dict[str, Any], statut: int, courriel: Courriel
) -> None:
    assert dire(retour(courriel) | change) == statut
    assert relire(courriel).revenu_le is None


@pytest.mark.parametrize("corps", ["", "[]", "[" * 60_000, "\\u0000", '"5.1.1"'])
def test_ce_qui_n_est_pas_un_objet_est_refuse(corps: str, courriel: Courriel) -> None:
    assert dire(corps) == 422


def test_un_lien_revenu_ne_se_renvoie_pas_mais_dit_comment_en_avoir_un_autre() -> None:
    (courriel,) = ecrire("a@b.example", code="M15")
    Courriel.objects.update(corps="https://portail.example/nouveau?jeton=secret-invente\n")
    tasks.balayer(0)
    assert dire(retour(relire(courriel))) == 200
    agent = usines.utilisateur(Profil.ADMINISTRATION)
    bilan = gestes.renvoyer(courriels=[courriel.pk], auteur=auteur(agent))
    assert bilan.faits == 0
    assert "« J'ai oublié mon mot de passe »" in bilan.refus[0]
    assert relire(courriel).a_remettre_le is None
    assert gestes.classer(courriels=[courriel.pk], auteur=auteur(agent)).faits == 1
    assert gestes_de(courriel) == ["REVENIR", "CLASSER"]
    assert not queries.revenus().exists()
