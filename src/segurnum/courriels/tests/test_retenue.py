"""The portal writes on nobody's behalf: what strangers cause is counted, kept, told; what matters always leaves."""

from string import Formatter
from typing import Any

import pytest
from django.core import mail

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.courriels import gestes, services, tasks
from segurnum.courriels.models import Courriel
from segurnum.courriels.queries import retenus
from segurnum.courriels.retenue import PAR_DESTINATAIRE, PAR_RESEAU, SOLLICITES
from segurnum.courriels.tests.test_courriels import variables
from segurnum.courriels.tests.valeurs import VALEURS
from segurnum.courriels.textes import OBJETS, rediger
from segurnum.essais import usines
from segurnum.essais.horloge import Horloge
from segurnum.journal.queries import evenements_de
from segurnum.limites.origine import Origine, depuis

pytestmark = pytest.mark.django_db
INCONNU = Origine("reseau-1")
# What a mail to an address that nobody has shown to be theirs may say: values that the portal itself makes.
FAITES_PAR_LE_PORTAIL = {
    "numero",
    "depose_le",
    "numero_ans",
    "anticipe",
    "est_dpi",
    "recu_le",
    "adresse",
    "expire_le",
    "jours",
    "suivi",  # a link, to a page that repeats nothing either
}


@pytest.fixture(autouse=True)
def _boite(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def envoyer(code: str, destinataire: str, origine: Origine = INCONNU) -> Courriel:
    texte = rediger(code, **VALEURS[code])
    with depuis(origine):
        services.envoyer([services.Envoi(code=code, texte=texte, destinataire=destinataire, sujet="")])
    courriel = Courriel.objects.latest("pk")
    tasks.expedier(courriels=[courriel.pk])
    courriel.refresh_from_db()
    return courriel


@pytest.mark.parametrize("code", ["M01", "M24", "M30"])
def test_un_accuse_a_un_inconnu_ne_repete_rien_de_ce_qui_a_ete_saisi(code: str) -> None:
    lues = variables(code) | {nom for _, nom, _, _ in Formatter().parse(OBJETS[code]) if nom}
    assert lues <= FAITES_PAR_LE_PORTAIL


def test_une_adresse_ne_recoit_pas_sans_fin_les_invitations_d_une_entreprise() -> None:
    """Invited, withdrawn, invited again: an address that somebody typed, whoever signed in to type it."""
    connecte = Origine("reseau-1", entreprise=1, personne=1)
    for _ in range(PAR_DESTINATAIRE):
        assert envoyer("M50", "victime@societe.example", connecte).envoye_le
    assert envoyer("M50", "victime@societe.example", Origine("reseau-2", entreprise=2, personne=2)).est_retenu


def test_une_adresse_ne_recoit_pas_sans_fin_ce_que_des_inconnus_font_ecrire(horloge: Horloge) -> None:
    partis = [envoyer("M30", "Victime@societe.example") for _ in range(PAR_DESTINATAIRE)]
    assert all(courriel.envoye_le for courriel in partis)
    retenu = envoyer("M30", "victime@societe.example", Origine("reseau-2"))
    assert (retenu.envoye_le, len(mail.outbox)) == (None, PAR_DESTINATAIRE)
    assert list(retenus()) == [retenu]
    assert "déjà partis à cette adresse en un jour" in retenu.derniere_erreur
    assert [fait.geste for fait in evenements_de(f"courriel:{retenu.pk}")] == ["RETENIR"]
    # Another kind of mail is not stopped by that flood, nor another address.
    assert envoyer("M15", "victime@societe.example").envoye_le
    assert envoyer("M30", "autre@societe.example").envoye_le
    horloge.avancer(days=1)
    assert envoyer("M30", "victime@societe.example").envoye_le


def test_un_reseau_n_ecrit_pas_a_la_terre_entiere() -> None:
    for rang in range(PAR_RESEAU):
        assert envoyer("M30", f"a{rang}@societe.example").envoye_le
    assert envoyer("M24", "un-de-plus@societe.example").est_retenu
    assert envoyer("M24", "un-de-plus@societe.example", Origine("reseau-2")).envoye_le
    connecte = Origine("reseau-1", entreprise=1, personne=1)
    assert envoyer("M05", "un-de-plus@societe.example", connecte).envoye_le
    assert set(Courriel.objects.exclude(envoye_le=None).values_list("reseau", flat=True)) == {""}


@pytest.mark.exigence("XCT-015")
@pytest.mark.parametrize("code", sorted(set(OBJETS) - SOLLICITES))
def test_ce_qui_parle_d_une_demande_ou_d_un_paiement_part_toujours(code: str) -> None:
    envoi = services.Envoi(
        code=code, texte=rediger(code, **VALEURS[code]), destinataire="a@societe.example", sujet=""
    )
    with depuis(INCONNU):
        services.envoyer([envoi] * (PAR_DESTINATAIRE + 1))
    tasks.expedier(courriels=list(Courriel.objects.values_list("pk", flat=True)))
    assert Courriel.objects.exclude(envoye_le=None).count() == PAR_DESTINATAIRE + 1


def test_un_courriel_retenu_ne_part_que_si_un_agent_le_veut() -> None:
    for _ in range(PAR_DESTINATAIRE):
        envoyer("M30", "a@societe.example")
    retenu, agent = envoyer("M30", "a@societe.example"), usines.utilisateur(Profil.ADMINISTRATION)
    tasks.expedier(courriels=[retenu.pk])
    retenu.refresh_from_db()
    assert retenu.est_retenu
    assert gestes.renvoyer(courriels=[retenu.pk], auteur=auteur(agent)).faits == 1
    tasks.expedier(courriels=[retenu.pk])
    retenu.refresh_from_db()
    assert retenu.envoye_le
    assert [fait.acteur_id for fait in evenements_de(f"courriel:{retenu.pk}")] == [None, agent.pk]
