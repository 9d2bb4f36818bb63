"""No mail is lost: whatever stops in the middle, the rows say what is left to do, and the sweep does it."""

import importlib
import smtplib
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from segurnum.courriels import queries, remise, services, tasks
from segurnum.courriels.liaison import Liaison
from segurnum.courriels.models import Courriel, EtatServeur
from segurnum.courriels.phrases import situation
from segurnum.courriels.reponses import Sort, juger
from segurnum.courriels.tests.boite import Boite
from segurnum.courriels.textes import Texte
from segurnum.essais.horloge import Horloge
from segurnum.journal.queries import evenements_de
from segurnum.pannes.attente import ATTENTE_MAX
from segurnum.regles.calendrier import maintenant

pytestmark = pytest.mark.django_db


def ecrire(*adresses: str, code: str = "M13") -> list[Courriel]:
    envois = [
        services.Envoi(code=code, texte=Texte(f"Rejet {rang}", "Motif."), destinataire=a, sujet="demande:1")
        for rang, a in enumerate(adresses)
    ]
    services.envoyer(envois)
    return list(Courriel.objects.order_by("-pk")[: len(adresses)])[::-1]


def relire(courriel: Courriel) -> Courriel:
    courriel.refresh_from_db()
    return courriel


def destinataires(boite: Boite) -> list[str]:
    return [str(recu["To"]) for recu in boite.recus]


def test_un_courriel_dont_la_tache_est_perdue_part_au_balayage(boite: Boite) -> None:
    (courriel,) = ecrire("a@b.example")
    ProcrastinateJob.objects.all()._raw_delete("default")
    tasks.balayer(0)
    assert destinataires(boite) == ["a@b.example"]
    assert relire(courriel).envoye_le
    tasks.balayer(0)
    assert len(boite.recus) == 1


def test_une_panne_d_une_heure_ne_perd_rien_ne_double_rien_et_ne_frappe_pas_mille_fois(
    boite: Boite, horloge: Horloge
) -> None:
    boite.fermer()
    courriels = ecrire(*(f"a{rang}@b.example" for rang in range(8)))
    for courriel in courriels:
        tasks.expedier([courriel.pk])
    for _ in range(60):
        horloge.avancer(minutes=1)
        tasks.balayer(0)
    assert boite.connexions == 0
    etat = queries.etat_du_serveur()
    assert etat.panne_depuis is not None
    assert etat.erreur == "ConnectionRefusedError"
    # Counted once for all that waits, and no mail is charged for it.
    assert etat.essais <= 20
    assert set(Courriel.objects.values_list("tentatives", flat=True)) == {0}
    assert situation(relire(courriels[0]), etat).endswith("(le serveur de courriel ne répond pas)")
    souffrance = queries.en_souffrance()
    assert (souffrance.nombre, souffrance.depuis) == (8, courriels[0].cree_le)
    boite.ouvrir()
    horloge.avancer(seconds=ATTENTE_MAX)
    tasks.balayer(0)
    assert sorted(destinataires(boite)) == [f"a{rang}@b.example" for rang in range(8)]
    assert boite.connexions == 1
    assert queries.en_souffrance().nombre == 0
    assert queries.etat_du_serveur().panne_depuis is None


def test_pendant_une_panne_une_seule_connexion_est_essayee_a_chaque_attente(
    boite: Boite, horloge: Horloge, monkeypatch: pytest.MonkeyPatch
) -> None:
    boite.fermer()
    essais: list[int] = []
    assurer = Liaison.assurer

    def compter(liaison: Any) -> None:
        essais.append(1)
        assurer(liaison)

    monkeypatch.setattr(Liaison, "assurer", compter)
    for courriel in ecrire(*(f"a{rang}@b.example" for rang in range(50))):
        tasks.expedier([courriel.pk])
    assert len(essais) == 1
    horloge.avancer(seconds=10)
    for courriel in Courriel.objects.all():
        tasks.expedier([courriel.pk])
    assert len(essais) == 2


def test_qui_meurt_pendant_la_remise_laisse_le_courriel_repartir_sous_le_meme_identifiant(
    boite: Boite, horloge: Horloge, monkeypatch: pytest.MonkeyPatch
) -> None:
    (courriel,) = ecrire("a@b.example")

    def mourir(ligne: Courriel) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as mort:
        mort.setattr(remise, "_noter_depart", mourir)
        with pytest.raises(OperationalError):
            tasks.expedier([courriel.pk])
    assert relire(courriel).envoye_le is None
    tasks.balayer(0)
    assert len(boite.recus) == 1  # it is still held by who was handing it over
    horloge.avancer(seconds=remise.BAIL.total_seconds())
    tasks.balayer(0)
    assert list(boite.par_message.values()) == [2]
    assert relire(courriel).envoye_le


def test_un_serveur_qui_raccroche_sans_repondre_recoit_de_nouveau_le_meme_courriel(
    boite: Boite, horloge: Horloge
) -> None:
    boite.coupures = 1
    premier, second = ecrire("a@b.example", "c@b.example")
    tasks.balayer(0)
    assert relire(premier).derniere_erreur == "SMTPServerDisconnected"
    for _ in range(2):
        horloge.avancer(minutes=1)
        tasks.balayer(0)
    assert sorted(destinataires(boite)) == ["a@b.example", "a@b.example", "c@b.example"]
    assert sorted(boite.par_message.values()) == [1, 2]
    assert relire(premier).envoye_le
    assert relire(second).envoye_le


def test_un_courriel_qui_fait_toujours_raccrocher_n_arrete_pas_les_autres(
    boite: Boite, horloge: Horloge
) -> None:
    boite.reponses["poison@b.example"] = "421 4.3.2 au revoir"
    poison, *autres = ecrire("poison@b.example", "a@b.example", "c@b.example")
    tasks.balayer(0)
    # It would say so of any mail: the server is let alone for a while.
    assert queries.etat_du_serveur().erreur == "SMTPRecipientsRefused 421 4.3.2"
    assert boite.recus == []
    for _ in range(3):
        horloge.avancer(minutes=1)
        tasks.balayer(0)
    assert sorted(destinataires(boite)) == ["a@b.example", "c@b.example"]
    assert all(relire(autre).envoye_le for autre in autres)
    assert relire(poison).a_remettre_le


@pytest.mark.parametrize("reponse", ["450 4.2.0 liste grise", "452 4.2.2 boîte pleine"])
def test_un_destinataire_remis_a_plus_tard_attend_et_les_autres_partent(
    reponse: str, boite: Boite, horloge: Horloge
) -> None:
    boite.reponses["lent@b.example"] = reponse
    lent, autre = ecrire("lent@b.example", "a@b.example")
    tasks.balayer(0)
    assert relire(autre).envoye_le
    code = reponse[:9]
    assert relire(lent).derniere_erreur == f"SMTPRecipientsRefused {code}"
    assert lent.erreur_le
    assert lent.refuse_le is None
    assert "remis à plus tard" in situation(lent)
    assert queries.etat_du_serveur().panne_depuis is None
    for _ in range(40):
        horloge.avancer(hours=2)
        tasks.balayer(0)
    assert relire(lent).tentatives < 40
    del boite.reponses["lent@b.example"]
    horloge.avancer(hours=6)
    tasks.balayer(0)
    assert relire(lent).envoye_le
    assert destinataires(boite).count("lent@b.example") == 1


@pytest.mark.parametrize(
    ("adresse", "reponse", "dit"),
    [
        ("inconnu@b.example", "550 5.1.1 pas ici", "cette adresse n'existe pas"),
        ("pleine@b.example", "552 5.2.2 pleine", "cette boîte est pleine"),
        ("rien@b.example", "550 non", "le serveur n'a pas donné de raison"),
        ("a@b.example\nCc: autre@b.example", "550 non", "cette adresse ne peut pas s'écrire"),
        ("a@b.example, autre@b.example", "550 non", "cette adresse ne peut pas s'écrire"),
    ],
)
def test_un_refus_definitif_est_dit_aussitot_et_ne_s_essaie_plus(
    adresse: str, reponse: str, dit: str, boite: Boite, horloge: Horloge
) -> None:
    boite.reponses[adresse] = reponse
    refuse, autre = ecrire(adresse, "a@b.example")
    tasks.balayer(0)
    assert relire(autre).envoye_le
    assert relire(refuse).refuse_le
    assert situation(refuse).startswith("Refusé le ")
    assert dit in situation(refuse)
    assert list(queries.refuses()) == [refuse]
    assert [fait.geste for fait in evenements_de(f"courriel:{refuse.pk}")] == ["REFUSER"]
    # Whatever the server said, or whoever it named, only codes are kept.
    assert adresse not in refuse.derniere_erreur
    horloge.avancer(days=3)
    tasks.balayer(0)
    assert relire(refuse).tentatives == 1


def test_un_message_refuse_en_entier_est_refuse(boite: Boite) -> None:
    boite.fin = "554 5.7.1 contenu refusé"
    (courriel,) = ecrire("a@b.example")
    tasks.balayer(0)
    assert relire(courriel).refuse_le
    assert "règles de sécurité" in situation(courriel)


def test_un_lien_refuse_ne_reste_pas_en_base(boite: Boite) -> None:
    boite.reponses["a@b.example"] = "550 5.1.1 pas ici"
    services.envoyer(
        [
            services.Envoi(
                code="M15",
                texte=Texte("Mot de passe", "https://portail.example/nouveau?jeton=secret-invente\n"),
                destinataire="a@b.example",
                sujet="",
            )
        ]
    )
    tasks.balayer(0)
    assert "secret-invente" not in Courriel.objects.get().corps


def test_un_serveur_qui_refuse_l_expediteur_ne_fait_refuser_aucun_courriel() -> None:
    erreur = smtplib.SMTPSenderRefused(550, b"5.7.1 relay access denied", "ne-pas-repondre@segurnum.example")
    assert juger(erreur).sort is Sort.PANNE
    assert juger(erreur).erreur == "SMTPSenderRefused 550 5.7.1"


def test_ce_qu_une_ancienne_version_a_laisse_part_et_ce_qui_etait_parti_ou_retenu_reste(boite: Boite) -> None:
    _, parti, retenu = ecrire("oublie@b.example", "parti@b.example", "retenu@b.example")
    Courriel.objects.update(a_remettre_le=None, attendu_depuis=None)
    Courriel.objects.filter(pk=parti.pk).update(envoye_le=maintenant())
    Courriel.objects.filter(pk=retenu.pk).update(retenu_le=maintenant())
    migration = importlib.import_module("segurnum.courriels.migrations.0002_ce_qui_reste_a_faire")
    with connection.cursor() as curseur:
        curseur.execute(migration.REPRENDRE)
    tasks.balayer(0)
    assert destinataires(boite) == ["oublie@b.example"]
    # What its processes write while they are being replaced leaves too.
    colonnes = "code, objet, corps, destinataire, sujet, cree_le, tentatives, derniere_erreur, reseau"
    with connection.cursor() as curseur:
        curseur.execute(
            f"INSERT INTO courriels_courriel ({colonnes}) VALUES ('M13', '', '', 'b@b.example', '', now(), 0, '', '')"
        )
    tasks.balayer(0)
    assert destinataires(boite)[1:] == ["b@b.example"]


def test_ce_que_l_ancienne_version_ecrit_pendant_son_remplacement_se_dit_quand_il_est_refuse(
    boite: Boite,
) -> None:
    """It knows nothing of the two instants: the database gives the first one, and the first try the other."""
    (courriel,) = ecrire("inconnu@b.example")
    Courriel.objects.update(attendu_depuis=None)
    boite.reponses["inconnu@b.example"] = "550 5.1.1 inconnu"
    tasks.balayer(0)
    assert relire(courriel).refuse_le
    assert list(queries.refuses()) == [courriel]


def test_deux_ouvriers_ne_remettent_pas_le_meme_courriel(
    boite: Boite, monkeypatch: pytest.MonkeyPatch
) -> None:
    (courriel,) = ecrire("a@b.example")
    remettre = Liaison.remettre

    def pendant(liaison: Any, message: Any) -> None:
        monkeypatch.setattr(Liaison, "remettre", remettre)
        tasks.expedier([courriel.pk])
        tasks.balayer(0)
        remettre(liaison, message)

    monkeypatch.setattr(Liaison, "remettre", pendant)
    tasks.balayer(0)
    assert len(boite.recus) == 1


def test_le_serveur_ne_recoit_pas_plus_de_courriels_par_minute_que_convenu(
    boite: Boite, horloge: Horloge, settings: Settings
) -> None:
    """Ten thousand acceptances at once leave one by one, and a password mail does not wait behind them."""
    settings.COURRIELS_PAR_MINUTE = 10
    ecrire(*(f"a{rang}@b.example" for rang in range(20)))
    tasks.balayer(0)
    tasks.balayer(0)
    assert len(boite.recus) == 8
    (presse,) = ecrire("presse@b.example")
    tasks.expedier([presse.pk])
    assert destinataires(boite)[-1] == "presse@b.example"
    for _ in range(2):
        horloge.avancer(minutes=1)
        tasks.balayer(0)
    assert len(boite.recus) == 21


def test_mille_taches_d_un_courriel_ne_font_pas_mille_connexions(boite: Boite) -> None:
    courriels = [ecrire(f"a{rang}@b.example")[0] for rang in range(30)]
    for courriel in courriels:
        tasks.expedier([courriel.pk])
    assert (len(boite.recus), boite.connexions) == (30, 1)


def test_une_connexion_sert_a_plusieurs_courriels_et_se_renouvelle(boite: Boite, settings: Settings) -> None:
    settings.COURRIELS_PAR_CONNEXION = 4
    ecrire(*(f"a{rang}@b.example" for rang in range(10)))
    tasks.balayer(0)
    assert (len(boite.recus), boite.connexions) == (10, 3)


def test_un_courriel_porte_ce_qu_un_courriel_automatique_doit_dire(
    boite: Boite, horloge: Horloge, settings: Settings
) -> None:
    settings.DEFAULT_FROM_EMAIL = "Portail Ségur <ne-pas-repondre@agence.example>"
    settings.COURRIELS_REPONDRE_A = ["assistance@agence.example"]
    settings.RETOURS_ADRESSE = "retours+*@agence.example"
    (courriel,) = ecrire("a@b.example")
    horloge.avancer(hours=2)
    tasks.balayer(0)
    recu = boite.recus[0]
    assert recu["Message-ID"].startswith(f"<{courriel.pk}.0.")
    assert recu["Message-ID"].endswith("@agence.example>")
    assert recu["Auto-Submitted"] == "auto-generated"
    assert recu["Reply-To"] == "assistance@agence.example"
    assert "ne-pas-repondre@agence.example" in recu["From"]
    assert parsedate_to_datetime(recu["Date"]) == courriel.cree_le.replace(microsecond=0)
    assert boite.enveloppes == [f"retours+{recu['Message-ID'][1:].partition('@')[0]}@agence.example"]


def test_balayer_ne_lit_que_ce_qui_est_a_remettre(settings: Settings) -> None:
    """Among all the mails of the portal, the sweep and the probe read the few that wait, by their index."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ecrire("a@b.example")
    with CaptureQueriesContext(connection) as lues, connection.cursor() as curseur:
        curseur.execute("SET LOCAL enable_seqscan = off")
        plans = [queries.a_remettre()[:1].explain(), queries.en_attente().explain()]
    assert all("courriel_a_remettre" in plan for plan in plans), plans
    assert len(lues) == 3
    tasks.balayer(0)
    assert not EtatServeur.objects.exists()
