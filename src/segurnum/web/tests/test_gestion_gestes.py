"""The officers' gestures, from the form to the request: made, refused, and nothing typed ever lost."""

from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil, Role
from segurnum.courriels.models import Courriel
from segurnum.demandes import services
from segurnum.demandes.examen import marque
from segurnum.demandes.models import Demande
from segurnum.essais import usines
from segurnum.journal.models import Evenement
from segurnum.paiements.models import Enveloppe
from segurnum.referentiel.models import Plafond
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.web.tests import instruction
from segurnum.web.tests.instruction import Agent, Reponse, octets

pytestmark = pytest.mark.django_db

MOTIF = "Le bon de commande <n'est> pas signé."


def _plafonner(demande, montant: str) -> None:
    Plafond.objects.create(
        dsr=demande.dsr,
        identifiant=demande.beneficiaires.get().identifiants[0],
        montant_ht=Decimal(montant),
        date_effet=jour_de_paris(maintenant()),
        source="essai",
    )


@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ("mille", "Ce montant n&#x27;est pas lisible"),
        ("-5", "Le montant ne peut pas être négatif"),
        ("10,005", "Un montant s&#x27;écrit au centime près"),
        ("900,00", "dépasse le maximum possible"),
    ],
)
def test_recalculer_dit_a_cote_du_champ_ce_qui_ne_va_pas(saisi, phrase):
    demande = instruction.demande(montant="800.00")
    page = Agent(Profil.GESTIONNAIRE).lire("demande", demande.numero, retenu=saisi).content.decode()
    champ, erreurs = page.split('id="valider-retenu_error"')
    assert f'value="{saisi}"' in champ
    assert phrase in erreurs.split("</div>")[0]


@pytest.mark.exigence("GST-014", "REQ-023", "RUL-008", "RUL-009", "RUL-010")
def test_valider_sans_rien_changer_retient_le_moindre_du_declare_et_du_plafond():
    demande = instruction.demande(montant="1000.00")
    _plafonner(demande, "800.00")
    agent = Agent(Profil.GESTIONNAIRE)
    page = agent.lire("demande", demande.numero)
    assert page.context["montants"].maximum == Decimal("800.00")
    assert 'value="800,00"' in page.content.decode()
    reponse = agent.faire(demande, "valider", file="statut=EN_COURS", retenu="800,00 €")
    assert reponse.url == reverse("gestion:demande", args=[demande.numero]) + "?statut=EN_COURS"
    assert [str(message) for message in get_messages(reponse.wsgi_request)] == [
        f"La demande {demande.numero} est validée."
    ]
    demande.refresh_from_db()
    assert (demande.statut, demande.valideur) == (StatutDemande.VALIDEE, agent.utilisateur)
    assert (demande.engagement_ht, demande.engagement, demande.montant_decide) == (
        Decimal("800.00"),
        Decimal("960.00"),
        Decimal("288.00"),
    )
    assert demande.calcul_retenu is not None
    plafond, retenu, *_ = demande.calcul_retenu.lignes
    assert "en vigueur depuis le" in plafond.detail
    assert retenu.detail.startswith("min(")


@pytest.mark.exigence("GST-014", "RUL-009", "RUL-013")
def test_recalculer_montre_les_montants_sans_rien_ecrire_puis_valider_les_retient():
    demande = instruction.demande(montant="1000.00", taux_tva="0")
    agent = Agent(Profil.GESTIONNAIRE)
    reponse = agent.faire(demande, "calculer", retenu="1 0,5")
    assert reponse.url.endswith("&retenu=1+0%2C5#montants")
    page: Reponse = agent.client.get(reponse.url.partition("#")[0])
    assert page.context["montants"].calcul.decide == Decimal("3.15")
    assert 'value="1 0,5"' in page.content.decode()
    demande.refresh_from_db()
    assert (demande.statut, demande.calcul) == (StatutDemande.EN_COURS, None)
    sans_motif = agent.faire(demande, "valider", retenu="10,5")
    assert "dites pourquoi" in sans_motif.context["valider"].formulaire.errors["motif"][0]
    agent.faire(demande, "valider", retenu="10,5", motif="Module non livré.")
    demande.refresh_from_db()
    assert demande.montant_decide == Decimal("3.15")


@pytest.mark.exigence("RUL-009", "XCT-008")
@pytest.mark.parametrize(
    ("saisi", "statut", "phrase"),
    [
        ("1000,01", 409, "dépasse le maximum possible"),
        ("-1", 422, "ne peut pas être négatif"),
        ("1,234", 422, "deux décimales au plus"),
        ("beaucoup", 422, "par exemple 1\u202f074,99"),
        ("NaN", 422, "par exemple 1\u202f074,99"),
    ],
)
def test_un_montant_retenu_hors_bornes_ou_illisible_est_refuse_et_reste_a_l_ecran(saisi, statut, phrase):
    demande = instruction.demande(montant="1000.00")
    reponse = Agent(Profil.GESTIONNAIRE).faire(demande, "valider", retenu=saisi)
    assert reponse.status_code == statut
    assert phrase in reponse.content.decode()
    assert f'value="{saisi}"' in reponse.content.decode()
    demande.refresh_from_db()
    assert demande.statut == StatutDemande.EN_COURS


@pytest.mark.exigence("RUL-009")
def test_les_beneficiaires_sans_plafond_connu_sont_nommes():
    demande = instruction.demande(plafond=None)
    page = Agent(Profil.GESTIONNAIRE).lire("demande", demande.numero).content.decode()
    assert f"Aucun plafond connu pour {demande.beneficiaires.get().identifiants[0]}" in page


@pytest.mark.parametrize(
    ("geste", "vers", "courriel"),
    [
        pytest.param("rejeter", "REJETEE", "M13", marks=pytest.mark.exigence("GST-017", "REQ-025")),
        pytest.param(
            "demander-piece", "EN_ATTENTE_PIECE", "M11", marks=pytest.mark.exigence("GST-013", "REQ-021")
        ),
        pytest.param(
            "demander-modification",
            "A_MODIFIER",
            "M09",
            marks=pytest.mark.exigence("GST-012", "GST-020", "REQ-022"),
        ),
    ],
)
def test_un_geste_motive_change_le_statut_et_envoie_le_motif_au_fournisseur(geste, vers, courriel):
    demande = instruction.demande()
    agent = Agent(Profil.GESTIONNAIRE)
    assert agent.faire(demande, geste, motif=MOTIF).status_code == 302
    demande.refresh_from_db()
    assert (demande.statut, demande.commentaire) == (vers, MOTIF)
    assert MOTIF in Courriel.objects.get(code=courriel, sujet=demande.objet).corps


@pytest.mark.exigence("GST-018", "REQ-026", "REQ-027")
def test_annuler_laisse_l_avenant_historise_a_cote_de_l_annule():
    demande = instruction.demande()
    agent = Agent(Profil.GESTIONNAIRE)
    sans_confirmer = agent.faire(demande, "annuler", motif=MOTIF)
    assert sans_confirmer.status_code == 422
    assert "Cochez la confirmation" in sans_confirmer.content.decode()
    assert "Le bon de commande &lt;n&#x27;est&gt; pas signé." in sans_confirmer.content.decode()
    assert agent.faire(demande, "annuler", motif=MOTIF, confirmation="on").status_code == 302
    page = agent.lire("demande", demande.numero)
    assert page.context["demande"].statut == StatutDemande.ANNULEE
    assert [avenant.statut for avenant in page.context["avenants"]] == ["ANNULEE", "HISTORISEE"]
    ancien = agent.lire("demande", demande.numero, avenant=str(demande.pk))
    assert ancien.context["demande"].statut == StatutDemande.HISTORISEE
    assert not ancien.context["gestes"]


@pytest.mark.exigence("GST-018")
def test_annuler_une_demande_decidee_rend_l_argent_a_l_enveloppe():
    demande, enveloppe = instruction.demande(), usines.enveloppe()
    Agent(Profil.GESTIONNAIRE).faire(demande, "valider", retenu="1000,00")
    demande.refresh_from_db()
    Agent(Profil.DECIDEUR).faire(demande, "decider")
    enveloppe.refresh_from_db()
    assert enveloppe.decide > 0
    demande.refresh_from_db()
    Agent(Profil.GESTIONNAIRE).faire(demande, "annuler", motif=MOTIF, confirmation="on")
    enveloppe.refresh_from_db()
    assert enveloppe.decide == 0


@pytest.mark.exigence("XCT-008")
@pytest.mark.parametrize("geste", ["rejeter", "demander-piece", "demander-modification", "annuler"])
def test_un_geste_sans_son_motif_ne_fait_rien_et_dit_ce_qui_est_attendu(geste):
    demande = instruction.demande()
    reponse = Agent(Profil.GESTIONNAIRE).faire(demande, geste, motif="   ", confirmation="on")
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert f'<a href="#{geste}-motif">' in page
    assert 'aria-invalid="true"' in page
    demande.refresh_from_db()
    assert demande.statut == StatutDemande.EN_COURS


@pytest.mark.exigence("GST-015", "GST-021", "REQ-024", "REQ-029")
def test_decider_joint_la_lettre_qui_se_lit_dans_la_page():
    demande = instruction.validee()
    agent = Agent(Profil.DECIDEUR)
    avant = agent.lire("demande", demande.numero).content.decode()
    assert "il reste 1\u202f000\u202f000,00\u00a0€" in avant
    assert agent.faire(demande, "decider").status_code == 302
    page = agent.lire("demande", demande.numero)
    assert page.context["demande"].statut == StatutDemande.DECIDEE
    lettre = page.context["lettre"]
    assert lettre.libelle == f"decision_attribution_{demande.dossier.numero}.pdf"
    lue: Reponse = agent.client.get(lettre.offre.adresse)
    assert octets(lue).startswith(b"%PDF-")


@pytest.mark.exigence("GST-016")
def test_decider_au_dela_de_l_enveloppe_est_refuse_avec_ce_qui_reste():
    demande = instruction.validee()
    Enveloppe.objects.update(montant=Decimal("10"))
    reponse = Agent(Profil.DECIDEUR).faire(demande, "decider")
    assert reponse.status_code == 409
    assert "il reste 10,00\u00a0€" in reponse.content.decode()
    demande.refresh_from_db()
    assert demande.statut == StatutDemande.VALIDEE


@pytest.mark.exigence("GST-034")
def test_qui_a_valide_ne_decide_pas_et_lit_pourquoi():
    demande = instruction.demande()
    usines.enveloppe(demande.dsr)
    # Who validated has been given another profile since.
    personne = usines.utilisateur(Profil.GESTIONNAIRE)
    demande = services.valider(demande=demande.pk, auteur=auteur(personne))
    personne.profil = Profil.DECIDEUR
    personne.save()
    decideur = Agent(Profil.DECIDEUR, personne)
    page = decideur.lire("demande", demande.numero)
    assert page.context["decider"] is None
    assert "par une autre personne que vous" in page.content.decode()
    reponse = decideur.faire(demande, "decider")
    assert reponse.status_code == 409
    assert "par une autre personne que vous" in reponse.content.decode()


@pytest.mark.exigence("XCT-014", "XCT-008", "GST-032")
def test_deux_agents_a_la_fois_le_second_apprend_que_la_demande_a_change_et_garde_son_texte():
    demande = instruction.demande()
    premier, second = Agent(Profil.GESTIONNAIRE), Agent(Profil.GESTIONNAIRE)
    second.lire("demande", demande.numero)
    assert premier.faire(demande, "valider").status_code == 302
    reponse = second.faire(demande, "rejeter", motif=MOTIF)
    assert reponse.status_code == 409
    page = reponse.content.decode()
    assert "Cette demande a changé depuis que vous l&#x27;avez ouverte" in page
    assert f"« Valider » par {premier.utilisateur.username}, le" in page
    assert "maintenant « Validée »" in page
    assert "Votre texte, à reprendre si besoin" in page
    assert "Le bon de commande &lt;n&#x27;est&gt; pas signé." in page
    demande.refresh_from_db()
    assert (demande.statut, demande.valideur) == (StatutDemande.VALIDEE, premier.utilisateur)


@pytest.mark.exigence("XCT-014")
def test_corriger_un_formulaire_refuse_ne_dispense_pas_de_relire_ce_qui_a_change():
    demande = instruction.demande()
    agent = Agent(Profil.GESTIONNAIRE)
    vue = marque(demande)
    Demande.objects.filter(pk=demande.pk).update(statut_depuis=maintenant())
    page = agent.faire(demande, "rejeter", motif="").content.decode()
    assert f'name="vue" value="{vue}"' in page
    assert agent.faire(demande, "rejeter", motif=MOTIF).status_code == 409


@pytest.mark.exigence("XCT-014")
def test_une_demande_corrigee_et_revenue_en_cours_se_relit_avant_tout_geste():
    demande = instruction.demande()
    agent = Agent(Profil.GESTIONNAIRE)
    services.demander_modification(demande=demande.pk, auteur=agent.auteur, motif="Corrigez la date.")
    fournisseur = usines.utilisateur(Profil.FOURNISSEUR, entreprise=demande.entreprise, role=Role.DEPOSANT)
    services.ne_pas_modifier(demande=demande.pk, auteur=Agent(Profil.FOURNISSEUR, fournisseur).auteur)
    reponse = agent.faire(demande, "valider")
    assert reponse.status_code == 409
    assert "Son statut est maintenant « En cours »" in reponse.content.decode()
    demande.refresh_from_db()
    assert demande.valideur is None


@pytest.mark.exigence("REQ-024")
def test_un_geste_hors_du_cycle_est_refuse_par_une_phrase():
    demande = instruction.demande()
    reponse = Agent(Profil.GESTIONNAIRE).faire(demande, "decider")
    assert reponse.status_code == 409
    assert "est impossible" in reponse.content.decode()
    assert Agent(Profil.GESTIONNAIRE).faire(demande, "inconnu").status_code == 404


@pytest.mark.exigence("RUL-011")
def test_un_solde_dont_l_avance_n_est_pas_instruite_dit_pourquoi_il_n_a_pas_de_montant():
    avance = instruction.demande()
    solde = instruction.demande(dossier=avance.dossier, type_demande=TypeDemande.SOLDE)
    agent = Agent(Profil.GESTIONNAIRE)
    assert (
        "l&#x27;avance de son dossier n&#x27;est pas encore instruite"
        in agent.lire("demande", solde.numero).content.decode()
    )
    assert agent.faire(solde, "valider").status_code == 409


@pytest.mark.exigence("GST-032")
def test_le_journal_dit_qui_quand_quoi_et_pourquoi_du_dernier_au_premier():
    demande = instruction.demande()
    agent = Agent(Profil.GESTIONNAIRE)
    agent.faire(demande, "rejeter", motif=MOTIF)
    (moment,) = agent.lire("journal", demande.numero).context["moments"]
    assert (moment.qui, moment.role, moment.geste) == (
        agent.utilisateur.username,
        "un gestionnaire",
        "Rejeter",
    )
    assert (moment.avant, moment.apres, moment.motif) == ("En cours", "Rejetée", MOTIF)
    assert moment.instant == Evenement.objects.get(geste="REJETER").instant
    versement = instruction.decidee()
    autre = versement.decision.demande
    comptable = Agent(Profil.COMPTABLE)
    comptable.payer(versement, "mettre-en-paiement")
    moments = comptable.lire("journal", autre.numero).context["moments"]
    assert [moment.geste for moment in moments] == [
        "Mettre en paiement",
        "Établir la lettre de décision",
        "Décider",
        "Valider",
    ]
