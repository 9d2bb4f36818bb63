"""The notification centre: what a company is told of, what each person chooses, the mail of the day."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from segurnum.comptes.models import Entreprise, Profil, Role
from segurnum.courriels import services as courriels
from segurnum.courriels.models import Courriel
from segurnum.courriels.services import Envoi
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.editorial import assistance
from segurnum.editorial.models import Ticket
from segurnum.enrolements import services as enrolements
from segurnum.essais import usines
from segurnum.notifications import services as notifications
from segurnum.notifications.models import Lecture, Notification
from segurnum.notifications.queries import nombre_de_nouvelles
from segurnum.notifications.services import GARDE
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import DEMANDE, PAIEMENT, EnumLibelle, GesteDemande, GestePaiement
from segurnum.regles.cycles_contestation import CONTESTATION, GesteContestation
from segurnum.regles.cycles_coordonnees import BANCAIRE, PERSONNES, GesteModification
from segurnum.regles.cycles_enrolement import ENROLEMENT, StatutEnrolement
from segurnum.regles.cycles_modeles import MODELE
from segurnum.regles.cycles_recouvrements import RECOUVREMENT, GesteRecouvrement
from segurnum.regles.notifications import Famille, Mode, Page, dit_de
from segurnum.web.fournisseur.notifications import PAGES
from segurnum.web.tests.depot import Fournisseur, decider, en_cours, gestionnaire, payer
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


def demandee(fournisseur: Fournisseur) -> Demande:
    (demande,) = en_cours(fournisseur.deposant)
    return services.demander_piece(demande=demande.pk, auteur=gestionnaire(), motif="Le bon signé.")


def regler(fournisseur: Fournisseur, **modes: str) -> None:
    choix = {famille.value: modes.get(famille.value, "PORTAIL") for famille in Famille}
    assert fournisseur.faire("regler_notifications", **choix).status_code == 302


def marquer(fournisseur: Fournisseur, jusqu_a: int) -> int:
    entreprise = fournisseur.deposant.utilisateur.entreprise_id
    reponse = fournisseur.faire("marquer_notifications", jusqu_a=jusqu_a, entreprise=entreprise)
    return int(reponse.status_code)


def ecrire(entreprise: Entreprise | None, **avec: Any) -> Notification:
    valeurs = {"famille": Famille.REPONSE, "numero": "FINMDV00001M0", "texte": "Répondre"} | avec
    assert entreprise is not None
    return Notification.objects.create(entreprise=entreprise, **valeurs)


def test_ce_que_l_administration_fait_se_lit_a_l_accueil_puis_se_marque_comme_lu():
    fournisseur = Fournisseur()
    demande = demandee(fournisseur)
    assert "1 nouvelle notification" in mots(fournisseur.lire("accueil"))
    page = fournisseur.lire("notifications")
    assert f"{demande.numero} : Une pièce vous est demandée, avant le" in mots(page)
    marquer(fournisseur, page.context["derniere"])
    assert "nouvelle notification" not in mots(fournisseur.lire("accueil"))
    assert demande.numero in mots(fournisseur.lire("notifications"))


def test_ce_qui_arrive_apres_la_page_reste_nouveau():
    fournisseur = Fournisseur()
    demande = demandee(fournisseur)
    page = fournisseur.lire("notifications")
    Notification.objects.create(
        entreprise=demande.entreprise, famille=Famille.DECISION, numero=demande.numero, texte="Décider"
    )
    marquer(fournisseur, page.context["derniere"])
    assert "1 nouvelle notification" in mots(fournisseur.lire("accueil"))


def test_la_decision_le_paiement_et_la_reponse_d_un_agent_sont_dits():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    payer(decider(demande))
    fournisseur.faire("ecrire", demande.numero, message="Merci.")
    assistance.repondre(ticket=Ticket.objects.get().pk, auteur=gestionnaire(), texte="De rien.")
    dites = set(Notification.objects.values_list("famille", flat=True))
    assert dites == {Famille.INSTRUCTION, Famille.DECISION, Famille.PAIEMENT, Famille.MESSAGE}


def test_chacun_lit_ce_qui_est_a_son_entreprise_et_qu_il_n_a_pas_fait_taire():
    fournisseur, autre = Fournisseur(), Fournisseur()
    demande = demandee(fournisseur)
    assert demande.numero not in mots(autre.lire("notifications"))
    regler(fournisseur, REPONSE="AUCUN")
    assert demande.numero not in mots(fournisseur.lire("notifications"))


def test_le_recapitulatif_dit_une_fois_ce_qui_est_nouveau_a_qui_le_demande():
    fournisseur = Fournisseur()
    demandee(fournisseur)
    regler(fournisseur, REPONSE="QUOTIDIEN")
    usines.utilisateur(Profil.FOURNISSEUR, entreprise=fournisseur.deposant.enrolement.entreprise)
    assert notifications.recapituler() == 0  # what came before the choice is on the portal
    demande = demandee(fournisseur)
    assert [notifications.recapituler(), notifications.recapituler()] == [1, 0]
    courriel = Courriel.objects.get(code="M100")
    assert courriel.destinataire == fournisseur.deposant.utilisateur.email
    assert f"{demande.numero} : Une pièce vous est demandée, avant le" in courriel.corps


def test_ce_qui_arrive_pendant_qu_un_recapitulatif_s_ecrit_est_dans_le_suivant():
    fournisseur = Fournisseur()
    regler(fournisseur, REPONSE="QUOTIDIEN")
    demande = demandee(fournisseur)
    ecrites: list[Notification] = []

    def ecrire_ensuite(executer: Any, sql: str, *suite: Any) -> Any:
        lu = executer(sql, *suite)
        if "LIMIT 50" in sql and "notifications_notification" in sql and not ecrites:
            ecrites.append(ecrire(demande.entreprise, texte="Arrivée pendant ce temps"))
        return lu

    with connection.execute_wrapper(ecrire_ensuite):
        assert notifications.recapituler() == 1
    notifications.recapituler()
    corps = [courriel.corps for courriel in Courriel.objects.filter(code="M100").order_by("pk")]
    assert ecrites
    assert sum("Arrivée pendant ce temps" in un for un in corps) == 1


def test_le_premier_recapitulatif_d_une_autre_entreprise_ne_raconte_pas_son_annee():
    fournisseur, autre = Fournisseur(), Fournisseur()
    regler(fournisseur, REPONSE="QUOTIDIEN")
    demandee(autre)
    personne = fournisseur.deposant.utilisateur
    personne.entreprise = autre.deposant.utilisateur.entreprise
    personne.save()
    assert notifications.recapituler() == 0
    demandee(autre)
    assert notifications.recapituler() == 1


def test_un_recapitulatif_qui_echoue_n_arrete_pas_ceux_des_autres(monkeypatch: pytest.MonkeyPatch):
    premier, second = Fournisseur(), Fournisseur()
    for fournisseur in (premier, second):
        regler(fournisseur, REPONSE="QUOTIDIEN")
        demandee(fournisseur)
    envoyer = courriels.envoyer

    def refuser_le_premier(envois: list[Envoi]) -> object:
        if envois[0].destinataire == premier.deposant.utilisateur.email:
            raise ValueError("adresse refusée")
        return envoyer(envois)

    monkeypatch.setattr(courriels, "envoyer", refuser_le_premier)
    assert notifications.recapituler() == 1
    assert Courriel.objects.get(code="M100").destinataire == second.deposant.utilisateur.email


def test_ce_que_le_fournisseur_fait_lui_meme_ne_lui_est_pas_dit():
    assert dit_de(GesteDemande.CONFIRMER_MODIFICATION) is None


def test_un_geste_de_meme_nom_se_dit_selon_ce_qu_il_touche():
    dits = [dit_de(GesteDemande.REJETER), dit_de(GestePaiement.REJETER)]
    assert [dit and dit[0] for dit in dits] == [Famille.DECISION, Famille.PAIEMENT]


def test_ce_qui_a_plus_d_un_an_s_oublie():
    fournisseur = Fournisseur()
    demandee(fournisseur)
    assert notifications.oublier(instant=maintenant() + GARDE - timedelta(hours=1)) == 0
    assert notifications.oublier(instant=maintenant() + GARDE + timedelta(hours=1)) == 1


def test_un_mode_inconnu_est_refuse():
    fournisseur = Fournisseur()
    choix = {famille.value: Mode.PORTAIL.value for famille in Famille} | {"PAIEMENT": "PIGEON"}
    assert fournisseur.faire("regler_notifications", **choix).status_code == 422


def test_ce_qui_s_ecrit_tard_sous_un_numero_deja_passe_est_dit_et_reste_a_lire():
    """A long transaction ends after another that began later: its row has the smaller key."""
    fournisseur = Fournisseur()
    entreprise = fournisseur.deposant.enrolement.entreprise
    regler(fournisseur, REPONSE="QUOTIDIEN")
    premiere = ecrire(entreprise)
    tardive = premiere.pk + 1
    derniere = ecrire(entreprise, pk=tardive + 1, texte="La suivante")
    assert notifications.recapituler() == 1
    assert marquer(fournisseur, derniere.pk) == 302
    ecrire(entreprise, pk=tardive, texte="La tardive")
    assert nombre_de_nouvelles(fournisseur.deposant.utilisateur) == 1
    assert [notifications.recapituler(), notifications.recapituler()] == [1, 0]
    corps = Courriel.objects.filter(code="M100").latest("pk").corps
    assert "La tardive" in corps
    assert "La suivante" not in corps


def test_les_marques_une_a_une_ne_s_accumulent_pas():
    fournisseur = Fournisseur()
    personne = fournisseur.deposant.utilisateur
    ancienne = ecrire(fournisseur.deposant.enrolement.entreprise, cree_le=maintenant() - timedelta(days=3))
    recente = ecrire(fournisseur.deposant.enrolement.entreprise)
    marquer(fournisseur, recente.pk)
    lecture = Lecture.objects.get(utilisateur=personne)
    assert (lecture.lue, lecture.lues_a_part) == (ancienne.pk, [recente.pk])


def test_la_page_d_une_entreprise_ne_marque_rien_d_une_autre():
    fournisseur, autre = Fournisseur(), Fournisseur()
    personne = fournisseur.deposant.utilisateur
    page_de = personne.entreprise_id
    personne.entreprise = autre.deposant.utilisateur.entreprise
    personne.save()
    ecrire(personne.entreprise)
    reponse = fournisseur.faire("marquer_notifications", jusqu_a=2**40, entreprise=page_de)
    assert reponse.status_code == 409
    assert nombre_de_nouvelles(personne) == 1


def test_chaque_page_dit_combien_sont_a_lire_et_y_mene_au_clavier():
    fournisseur = Fournisseur()
    ecrire(fournisseur.deposant.enrolement.entreprise)
    page = fournisseur.lire("enrolements").content.decode()
    entete = " ".join(page[: page.index("</header>")].split())
    assert f'href="{reverse("fournisseur:notifications")}">Notifications' in entete
    assert ">1<" in entete


def test_le_recapitulatif_porte_sur_chaque_entreprise_pour_laquelle_on_agit():
    fournisseur, autre = Fournisseur(), Fournisseur()
    personne, seconde = fournisseur.deposant.utilisateur, autre.deposant.enrolement.entreprise
    personne.autres_habilitations.create(entreprise=seconde, profil=Profil.FOURNISSEUR, role=Role.LECTEUR)
    regler(fournisseur, REPONSE="QUOTIDIEN")
    ecrire(seconde)
    assert notifications.recapituler() == 1
    assert seconde.denomination in Courriel.objects.get(code="M100").corps


@pytest.mark.parametrize("statut", [StatutEnrolement.EN_COURS, StatutEnrolement.CERTIFICAT_A_VALIDER])
def test_un_enrolement_qui_attend_des_documents_est_dit_et_y_mene(statut: StatutEnrolement):
    fournisseur = Fournisseur()
    attend = usines.enrolement_depose(
        statut, societe=fournisseur.deposant.enrolement.entreprise, anticipe=True
    )
    faire = (
        enrolements.demander_pieces
        if statut is StatutEnrolement.EN_COURS
        else enrolements.refuser_certificats
    )
    faire(enrolement=attend.pk, auteur=gestionnaire(), motif="Un document lisible.")
    page = fournisseur.lire("notifications").content.decode()
    assert reverse("fournisseur:enrolement", args=[attend.numero]) in page


# What no company is told of by this way, and why; the rest of what the tables send by mail is.
AILLEURS: dict[type[EnumLibelle], set[str]] = {
    GesteRecouvrement: {
        "REMBOURSER",
        "SOLDER",
        "COMPENSER",
        "COMPENSER_LE_RESTE",
        "RETABLIR",
        "RETABLIR_TOUT",
    },
    GesteModification: {"SOUMETTRE", "ANNULER"},  # its own gestures
    GesteContestation: {"CLASSER"},  # nothing is awaited any more, which the mail says
    GesteDemande: {"CONFIRMER_MODIFICATION"},  # its own
}


@pytest.mark.parametrize(
    ("geste", "courriel"),
    [
        (pas.geste, pas.courriel)
        for table in (ENROLEMENT, BANCAIRE, PERSONNES, RECOUVREMENT, CONTESTATION, MODELE, DEMANDE, PAIEMENT)
        for pas in table
        if pas.courriel
    ],
)
def test_ce_que_les_tables_ecrivent_a_un_fournisseur_est_aussi_une_notification(
    geste: EnumLibelle, courriel: str
):
    assert dit_de(geste) is not None or geste.value in AILLEURS.get(type(geste), set()), courriel


@pytest.mark.parametrize("page", Page)
def test_ce_qui_n_est_d_aucune_demande_mene_a_sa_page(page: Page):
    fournisseur = Fournisseur()
    ecrire(fournisseur.deposant.enrolement.entreprise, numero="", page=page)
    assert f'href="{reverse(PAGES[page])}">Répondre' in fournisseur.lire("notifications").content.decode()
