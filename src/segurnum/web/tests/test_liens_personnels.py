"""Every personal link that a mail carries: listed in decision record 51, with an end after which it opens nothing."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes import mots_de_passe
from segurnum.comptes.models import Invitation, LienMotDePasse, Profil
from segurnum.coordonnees.models import ModificationBancaire
from segurnum.coordonnees.tests.monde import Societe, dernier_jeton
from segurnum.courriels.models import Courriel
from segurnum.courriels.tests.valeurs import VALEURS
from segurnum.courriels.textes import rediger
from segurnum.enrolements import brouillons, issues, services
from segurnum.enrolements.models import Brouillon, Enrolement
from segurnum.essais import usines
from segurnum.essais.courriels import invitation_recue
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.tests.candidat import BANQUE, SIRET, Candidat, piece
from segurnum.web.tests.depot import gestionnaire
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.test_enrolement_suivi import adresse_recue, deposee, recommencer
from segurnum.web.tests.test_invitations import ADRESSE, Inviteur

pytestmark = pytest.mark.django_db
FICHE = Path(__file__).parents[4] / "docs" / "decisions" / "0051-personal-links-end.md"
PASSE = timedelta(seconds=1)
RIB = BANQUE["iban"].replace(" ", "")


@pytest.fixture(autouse=True)
def _reglages(settings: Any) -> None:
    settings.CAPTCHA_ACTIF = False
    settings.ANNUAIRE = "demonstration"


def rejetee() -> Enrolement:
    _, enrolement, _ = deposee()
    return services.rejeter(enrolement=enrolement.pk, auteur=gestionnaire(), motif="Le RIB est illisible.")


# --- The list


def test_chaque_courriel_qui_porte_un_lien_personnel_est_dans_la_liste() -> None:
    """What a mail calls « invente » in its samples is a secret; a receipt's page is the other kind of address."""
    porteurs = {
        code
        for code, valeurs in VALEURS.items()
        if re.search(r"(secret|jeton)-invente|/recepisses/\w", rediger(code, **valeurs).corps)
    }
    listes = re.findall(r"^\| (M[^|]+) \|", FICHE.read_text(), re.MULTILINE)
    assert porteurs == {code for ligne in listes for code in ligne.split(", ")}


# --- Each has an end


@dataclass(frozen=True)
class Lien:
    adresse: str
    vieillir: Callable[[], object]


def _suivi() -> Lien:
    rejetee()
    return Lien(adresse_recue("M04"), lambda: Enrolement.objects.update(suivi_expire_le=maintenant() - PASSE))


def _suivi_demande() -> Lien:
    inscrit = rejetee()
    Client().post(reverse("public:suivi"), {"numero": inscrit.numero, "siret": SIRET})
    return Lien(
        adresse_recue("M109"), lambda: Enrolement.objects.update(suivi_expire_le=maintenant() - PASSE)
    )


def _pieces() -> Lien:
    _, enrolement, _ = deposee()
    services.demander_pieces(enrolement=enrolement.pk, auteur=gestionnaire(), motif="Un RIB.")
    return Lien(adresse_recue("M08"), lambda: Enrolement.objects.update(lien_expire_le=maintenant() - PASSE))


def _brouillon() -> Lien:
    Candidat().rechercher()
    brouillons.envoyer_lien(brouillon=Brouillon.objects.get().pk, courriel="a@societe.example")
    return Lien(
        adresse_recue("M24"),
        lambda: Brouillon.objects.update(modifie_le=maintenant() - brouillons.GARDE - PASSE),
    )


def _mot_de_passe() -> Lien:
    jeton = mots_de_passe.creer_lien(usines.utilisateur(Profil.FOURNISSEUR), timedelta(hours=1))
    return Lien(
        f"{reverse('fournisseur:nouveau_mot_de_passe')}?jeton={jeton}",
        lambda: LienMotDePasse.objects.update(expire_le=maintenant() - PASSE),
    )


def _invitation() -> Lien:
    Inviteur().inviter(ADRESSE)
    return Lien(
        invitation_recue(ADRESSE),
        lambda: Invitation.objects.update(expire_le=maintenant() - PASSE),
    )


def _compte_bancaire() -> Lien:
    Societe().ajouter_compte()
    return Lien(
        f"{reverse('public:confirmer_compte')}?jeton={dernier_jeton()}",
        lambda: ModificationBancaire.objects.update(jeton_expire_le=maintenant() - PASSE),
    )


@pytest.mark.parametrize(
    "creer", [_suivi, _suivi_demande, _pieces, _brouillon, _mot_de_passe, _invitation, _compte_bancaire]
)
def test_un_lien_s_ouvre_jusqu_a_sa_fin_et_plus_ensuite(creer: Callable[[], Lien]) -> None:
    lien = creer()
    assert _s_ouvre(lien)
    lien.vieillir()
    assert not _s_ouvre(lien)


def _s_ouvre(lien: Lien) -> bool:
    """A dead one says so, or leads to the page where another is asked for."""
    suite = Client().get(lien.adresse, follow=True)
    arrivee = suite.redirect_chain[-1][0] if suite.redirect_chain else ""
    ailleurs = [reverse(f"fournisseur:{page}") for page in ("connexion", "mot_de_passe_oublie")]
    return suite.status_code == 200 and arrivee not in ailleurs


# --- The follow-up of a rejected request, in the hands of a stranger


def test_le_lien_d_une_demande_rejetee_ne_rend_ce_qui_fut_declare_qu_a_qui_connait_l_iban() -> None:
    rejetee()
    etranger = Client()
    etranger.get(adresse_recue("M04"))
    page = recommencer(etranger, "0000")
    assert page.status_code == 422
    for secret in (RIB, RIB[-4:], "rib.pdf", "ondine@valombreuse.example"):
        assert secret not in page.content.decode()
    assert not Brouillon.objects.exists()
    assert recommencer(etranger, "2 606").status_code == 200
    assert Brouillon.objects.count() == 1


def test_apres_cinq_essais_la_bonne_fin_est_refusee_jusqu_au_lendemain() -> None:
    rejetee()
    etranger = Client()
    etranger.get(adresse_recue("M04"))
    for _ in range(5):
        recommencer(etranger, "0000")
    autre = Client()
    autre.get(adresse_recue("M04"))
    assert "5 essais ont été faits en un jour" in mots(recommencer(autre, RIB[-4:]))
    assert not Brouillon.objects.exists()


def test_un_lien_deja_ouvert_ne_survit_pas_a_sa_fin_dans_le_navigateur() -> None:
    rejetee()
    client = Client()
    client.get(adresse_recue("M04"))
    Enrolement.objects.update(suivi_expire_le=maintenant() - PASSE)
    assert "Ce lien ne mène plus à une demande" in mots(recommencer(client, RIB[-4:]))
    assert not Brouillon.objects.exists()


def test_l_adresse_d_une_demande_rejetee_se_corrige_et_la_mauvaise_ne_suit_plus_rien() -> None:
    inscrit = rejetee()
    perdu = adresse_recue("M04")
    issues.corriger_courriel(
        enrolement=inscrit.pk, auteur=gestionnaire(), courriel="juste@societe.example", motif="Au téléphone."
    )
    ecrits = Courriel.objects.filter(destinataire="juste@societe.example").order_by("pk")
    assert [ecrit.code for ecrit in ecrits] == ["M110", "M04"]
    assert Client().get(perdu).status_code == 404
    client = Client()
    client.get(adresse_recue("M04"))
    page = recommencer(client, RIB[-4:])
    assert "juste@societe.example" in page.content.decode()


def test_une_demande_validee_garde_son_adresse() -> None:
    validee = usines.enrolement_depose(Enrolement.Statut.VALIDEE)
    with pytest.raises(GesteImpossible, match="Aucun courriel n'est plus attendu"):
        issues.corriger_courriel(
            enrolement=validee.pk, auteur=gestionnaire(), courriel="a@societe.example", motif="Faute."
        )


# --- The draft, once it holds an IBAN


def test_une_saisie_qui_a_un_iban_ne_se_reprend_ailleurs_qu_avec_sa_fin() -> None:
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    candidat.demandeur()
    candidat.envoyer("coordonnees-bancaires", piece_rib=piece("rib.pdf"), **BANQUE)
    brouillons.envoyer_lien(brouillon=Brouillon.objects.get().pk, courriel="a@societe.example")
    adresse = adresse_recue("M24")
    assert candidat.client.get(adresse).status_code == 302
    etranger = Client()
    assert RIB[-4:] not in etranger.get(adresse).content.decode()
    assert etranger.get(reverse("public:enrolement_saisies")).context["saisies"] == []
    assert etranger.post(adresse, {"fin_iban": "0000"}).status_code == 422
    assert etranger.post(adresse, {"fin_iban": RIB[-4:]}).status_code == 302
    assert len(etranger.get(reverse("public:enrolement_saisies")).context["saisies"]) == 1
