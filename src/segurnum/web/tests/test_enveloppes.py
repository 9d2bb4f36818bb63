"""Envelopes on screen: opened and settled by one person, given their credits by two."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.grand_livre.models import Mouvement
from segurnum.grand_livre.queries import enveloppes_au
from segurnum.journal.queries import evenements_de
from segurnum.paiements.models import Enveloppe
from segurnum.regles.calendrier import annee_de_paris
from segurnum.web.tests.instruction import Agent, Reponse

pytestmark = pytest.mark.django_db

DSR = "DSR-MS1-DUI-Va1"
REGLAGE: Mapping[str, object] = {"libelle": "Médico-social", "exercice": "2026", "rang": "1", "dsr": [DSR]}
OUVERTURE = {**REGLAGE, "montant": "5 000 000,00", "motif": "Loi de finances pour 2026"}


@pytest.fixture
def admin() -> Agent:
    return Agent(Profil.ADMINISTRATION)


def _poster(admin: Agent, route: str, saisie: Mapping[str, object], *args: object) -> Reponse:
    """Send a form as its page, read before, holds it."""
    adresse = reverse(f"gestion:{route}", args=args)
    vue = str(admin.client.get(adresse).context["vue"])
    return admin.client.post(adresse, {"vue": vue, **saisie})


def _faire(agent: Agent, mouvement: Mouvement, geste: str, **saisie: str) -> Reponse:
    return agent.client.post(reverse("gestion:geste_mouvement", args=[mouvement.pk, geste]), saisie)


@pytest.mark.exigence("GST-016", "GST-029")
def test_une_enveloppe_s_ouvre_vide_et_ses_credits_attendent_une_deuxieme_personne(admin: Agent) -> None:
    assert _poster(admin, "nouvelle_enveloppe", OUVERTURE).status_code == 302
    enveloppe, mouvement = Enveloppe.objects.get(), Mouvement.objects.get()
    assert (enveloppe.montant, enveloppe.dsr, enveloppe.exercice) == (Decimal(0), [DSR], 2026)
    assert "Une autre personne" in admin.lire("mouvement", mouvement.pk).content.decode()
    assert _faire(admin, mouvement, "approuver").status_code == 409
    autre = Agent(Profil.ADMINISTRATION)
    assert autre.lire("accueil").context["mouvements"] == 1
    page = autre.lire("mouvement", mouvement.pk).content.decode()
    assert "Loi de finances pour 2026" in page
    assert _faire(autre, mouvement, "approuver").status_code == 302
    enveloppe.refresh_from_db()
    assert enveloppe.montant == Decimal(5_000_000)
    assert [(une.credits, une.decide) for une in enveloppes_au()] == [(Decimal(5_000_000), Decimal(0))]
    gestes = [(fait.geste, fait.acteur_id) for fait in evenements_de(f"enveloppe:{enveloppe.pk}")]
    assert gestes == [
        ("REGLER_ENVELOPPE", admin.utilisateur.pk),
        ("PROPOSER", admin.utilisateur.pk),
        ("APPROUVER", autre.utilisateur.pk),
    ]


@pytest.mark.exigence("GST-016")
def test_un_virement_prend_a_une_enveloppe_ce_qu_il_donne_a_l_autre(admin: Agent) -> None:
    source, autre = usines.enveloppe(montant="1000"), usines.enveloppe("DSR-HOP-DPI-Va1", montant="0.01")
    saisie = {
        "genre": "VIREMENT",
        "enveloppe": str(source.pk),
        "destination": str(autre.pk),
        "montant": "400,00",
        "motif": "Redéploiement",
    }
    assert _poster(admin, "nouveau_mouvement", saisie).status_code == 302
    assert _faire(Agent(Profil.ADMINISTRATION), Mouvement.objects.get(), "approuver").status_code == 302
    assert {une.pk: une.montant for une in Enveloppe.objects.all()} == {
        source.pk: Decimal(600),
        autre.pk: Decimal("400.01"),
    }


@pytest.mark.parametrize(
    ("change", "champ"),
    [
        ({"montant": "600,01"}, "montant"),
        ({"montant": "0"}, "montant"),
        ({"motif": " "}, "motif"),
        ({"destination": "elle-meme"}, "destination"),
        ({"genre": "VIREMENT"}, "destination"),
    ],
)
def test_un_mouvement_impossible_est_refuse_a_cote_de_son_champ(
    admin: Agent, change: dict[str, str], champ: str
) -> None:
    enveloppe = usines.enveloppe(montant="1000")
    Enveloppe.objects.update(decide=400)
    saisie = {
        "genre": "REDUCTION",
        "enveloppe": str(enveloppe.pk),
        "montant": "600,00",
        "motif": "Gel",
    } | change
    if saisie.get("destination"):
        saisie |= {"genre": "VIREMENT", "destination": str(enveloppe.pk)}
    reponse = _poster(admin, "nouveau_mouvement", saisie)
    assert list(reponse.context["form"].errors) == [champ]
    assert not Mouvement.objects.exists()


def test_ce_qui_est_decide_entre_temps_retient_la_reduction(admin: Agent) -> None:
    enveloppe = usines.enveloppe(montant="1000")
    saisie = {"genre": "REDUCTION", "enveloppe": str(enveloppe.pk), "montant": "1000", "motif": "Gel"}
    _poster(admin, "nouveau_mouvement", saisie)
    Enveloppe.objects.update(decide=1)
    reponse = _faire(Agent(Profil.ADMINISTRATION), Mouvement.objects.get(), "approuver")
    assert reponse.status_code == 409
    assert "Il ne reste que 999,00" in reponse.content.decode().replace("\xa0", " ")
    assert Enveloppe.objects.get().montant == 1000


def test_un_mouvement_se_refuse_avec_un_motif_ou_se_retire(admin: Agent) -> None:
    enveloppe = usines.enveloppe()
    saisie = {"genre": "CREDIT", "enveloppe": str(enveloppe.pk), "montant": "10", "motif": "Abondement"}
    for _ in range(2):
        _poster(admin, "nouveau_mouvement", saisie)
    premier, second = Mouvement.objects.order_by("pk")
    autre = Agent(Profil.ADMINISTRATION)
    assert _faire(autre, premier, "refuser", motif="").status_code == 422
    assert _faire(autre, premier, "refuser", motif="L'arrêté n'est pas paru").status_code == 302
    assert _faire(autre, second, "retirer").status_code == 409
    assert _faire(admin, second, "retirer").status_code == 302
    assert [m.statut for m in Mouvement.objects.order_by("pk")] == ["REFUSE", "RETIRE"]
    assert "n'est pas paru" in admin.lire("mouvement", premier.pk).content.decode().replace("&#x27;", "'")
    assert Enveloppe.objects.get().montant == enveloppe.montant


def test_une_enveloppe_se_regle_sans_son_montant_et_le_journal_dit_avant_et_apres(admin: Agent) -> None:
    enveloppe = usines.enveloppe(DSR)
    change = {**REGLAGE, "rang": "2", "valable_du": "2026-01-01", "valable_au": "2026-12-31"}
    assert _poster(admin, "enveloppe", change, enveloppe.pk).status_code == 302
    _ouverture, fait = evenements_de(f"enveloppe:{enveloppe.pk}")
    assert fait.details["valeurs"]["validite"] == ["sans limite", "du 01/01/2026 au 31/12/2026"]
    assert "du 01/01/2026 au 31/12/2026" in admin.lire("enveloppes").content.decode()
    a_l_envers = change | {"valable_au": "2025-12-31"}
    reponse = _poster(admin, "enveloppe", a_l_envers, enveloppe.pk)
    assert "précède le premier" in reponse.context["form"].errors["valable_au"][0]


def test_deux_enveloppes_ne_portent_pas_le_meme_nom(admin: Agent) -> None:
    premiere = usines.enveloppe(DSR)
    reponse = _poster(admin, "nouvelle_enveloppe", {**OUVERTURE, "libelle": premiere.libelle})
    assert "porte déjà ce nom" in reponse.context["form"].errors["libelle"][0]
    assert Enveloppe.objects.get() == premiere
    assert premiere.exercice == annee_de_paris()
