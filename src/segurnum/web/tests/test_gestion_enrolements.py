"""The officers' instruction of enrolments: an enrolment beside its pieces, and the gestures."""

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import PROFILS_ENTREPRISE, Profil, Utilisateur
from segurnum.courriels.models import Courriel
from segurnum.enrolements import services
from segurnum.enrolements.brouillons import DEMANDEUR
from segurnum.enrolements.examen import marque
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.pieces import QualiteTiers, TypePiece
from segurnum.essais import usines
from segurnum.fichiers.models import Analyse
from segurnum.regles.calendrier import date_fr, maintenant
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.identifiants import iban_masque
from segurnum.web.gestion.enrolements import GESTES
from segurnum.web.tests.instruction import Agent, Reponse, octets
from segurnum.web.tests.lecture import mots, titres

pytestmark = pytest.mark.django_db

S = StatutEnrolement
MOTIF = "Le RIB <n'est> pas lisible : joignez une numérisation complète."


def _faire(agent: Agent, enrolement: Enrolement, geste: str, **saisie: str) -> Reponse:
    """Send the form of a gesture as the page of `enrolement`, read before, holds it."""
    adresse = reverse("gestion:geste_enrolement", args=[enrolement.numero, geste])
    return agent.client.post(adresse, {"vue": marque(enrolement)} | saisie)


# --- An enrolment


@pytest.mark.exigence("GST-003", "ENR-104")
def test_la_page_montre_tout_ce_qui_a_ete_declare_a_cote_des_pieces() -> None:
    depositaire = usines.personne(nom="QUINTRELLE", prenom="Noé")
    enrolement = usines.enrolement_depose(
        code="HOP-DPI",
        declare={"depositaire": depositaire, "qualite": QualiteTiers.EMPLOYE, "heberge_donnees": True},
    )
    page = Agent(Profil.GESTIONNAIRE).lire("enrolement", enrolement.numero)
    texte = mots(page)
    assert [titre[:3] for titre in titres(page, 3)] == [f"{lettre} -" for lettre in "abcdefg"]
    for valeur in (
        enrolement.referencement.numero_ans,
        enrolement.entreprise.siret,
        iban_masque("FR7699999000010000000000137"),
        "QUINTRELLE",
        QualiteTiers.EMPLOYE.value,
        "Hébergement de données de santé : Oui",
        "1 rue des Essais",
    ):
        assert valeur in texte
    pieces = [piece.libelle.split(" : ")[0] for piece in page.context["visionneuse"].pieces]
    assert pieces == [
        "Certificat de référencement",
        "CNI, passeport ou titre de séjour du représentant",
        "RIB",
    ]
    assert page.context["visionneuse"].pieces[0].courante


@pytest.mark.exigence("GST-003", "GST-007")
def test_ce_qui_vient_d_etre_depose_se_lit_d_abord() -> None:
    enrolement = usines.enrolement_depose(S.CERTIFICAT_A_VALIDER, anticipe=True, types=(TypePiece.RIB,))
    usines.piece_enrolement(enrolement, TypePiece.CERTIFICAT, deposee_le=maintenant())
    page = Agent(Profil.GESTIONNAIRE).lire("enrolement", enrolement.numero)
    types = [piece.libelle.split(" : ")[0] for piece in page.context["visionneuse"].pieces]
    assert types == ["Certificat de référencement", "RIB"]
    assert [piece.courante for piece in page.context["visionneuse"].pieces] == [True, False]


@pytest.mark.exigence("GST-003")
def test_un_complementaire_ne_redonne_ni_entreprise_ni_personne_ni_banque() -> None:
    complementaire = usines.enrolement_depose(
        societe=usines.entreprise(),
        type=Enrolement.Type.COMPLEMENTAIRE,
        declare={"entreprise": None, "representant": None, "banque": None},
    )
    page = Agent(Profil.GESTIONNAIRE).lire("enrolement", complementaire.numero)
    assert [titre[0] for titre in titres(page, 3)] == ["a", "f", "g"]
    assert "Les accès au portail ne changent pas." in mots(page)


def test_un_enrolement_charge_sans_declaration_se_consulte_quand_meme() -> None:
    charge = usines.enrolement()
    page = Agent(Profil.GESTIONNAIRE).lire("enrolement", charge.numero)
    assert page.status_code == 200
    assert "n'a pas été déposé sur le portail" in mots(page)


@pytest.mark.exigence("GST-003")
def test_ce_qui_differe_de_ce_qui_est_connu_saute_aux_yeux() -> None:
    connue = usines.entreprise(denomination="ANCIEN NOM")
    autre = usines.enrolement(societe=connue)
    morale = usines.personne_morale(connue, denomination="NOUVEAU NOM", nom_change=True, numero="9")
    enrolement = usines.enrolement_depose(
        societe=connue, declare={"entreprise": morale}, entreprise_a_verifier=True
    )
    page = Agent(Profil.GESTIONNAIRE).lire("enrolement", enrolement.numero)
    ecarts = {ecart.libelle: (ecart.connu, ecart.declare) for ecart in page.context["ecarts"]}
    assert ecarts["Dénomination sociale"] == ("ANCIEN NOM", "NOUVEAU NOM")
    assert ecarts["Adresse"] == (connue.adresse, "9 rue des Essais")
    assert set(ecarts) == {"Dénomination sociale", "Adresse", "IBAN"}
    texte = mots(page)
    assert "vérifiez le kbis" in texte
    assert "SIRET à vérifier" in texte
    assert autre.numero in texte
    neuve = Agent(Profil.GESTIONNAIRE).lire("enrolement", usines.enrolement_depose().numero)
    assert neuve.context["ecarts"] == ()
    assert "Rien encore" in mots(neuve)


@pytest.mark.exigence("GST-004", "GST-008", "ENR-070")
def test_la_page_dit_ce_que_la_validation_ouvrira() -> None:
    agent = Agent(Profil.GESTIONNAIRE)
    entier = usines.enrolement_depose()
    anticipe = usines.enrolement_depose(code="HOP-DPI", anticipe=True)
    certificats = usines.enrolement_depose(S.CERTIFICAT_A_VALIDER, anticipe=True)
    connu = usines.enrolement_depose()
    Utilisateur.objects.filter(pk=usines.utilisateur(Profil.FOURNISSEUR).pk).update(email=connu.courriel)
    textes = {
        enrolement: mots(agent.lire("enrolement", enrolement.numero))
        for enrolement in (entier, anticipe, certificats, connu)
    }
    assert "Validation complète" in textes[entier]
    assert f"Un compte est créé pour Camille LORMELIN ({entier.courriel})." in textes[entier]
    assert "Validation partielle Le dépôt des demandes de financement reste fermé" in textes[anticipe]
    assert "l'hébergement des données de santé" in textes[anticipe]
    assert "Validation complète" in textes[certificats]
    assert "Les accès au portail ne changent pas." in textes[certificats]
    assert "son accès est étendu" in textes[connu]


@pytest.mark.exigence("GST-001", "XCT-002")
@pytest.mark.parametrize("profil", [Profil.DECIDEUR, Profil.COMPTABLE, Profil.ADMINISTRATION])
def test_les_autres_agents_lisent_sans_agir(profil: Profil) -> None:
    enrolement = usines.enrolement_depose(entreprise_a_verifier=True)
    agent = Agent(profil)
    page = agent.lire("enrolement", enrolement.numero)
    assert page.status_code == 200
    assert "Aucun geste n'est possible avec votre profil" in mots(page)
    assert 'name="vue"' not in page.content.decode(), "aucun formulaire de geste"
    for geste in GESTES:
        assert _faire(agent, enrolement, geste, motif=MOTIF).status_code == 403
    enrolement.refresh_from_db()
    assert (enrolement.statut, enrolement.entreprise_a_verifier) == (S.EN_COURS, True)


@pytest.mark.exigence("XCT-002", "XCT-005")
def test_une_entreprise_ne_voit_rien_de_cette_face() -> None:
    enrolement = usines.enrolement_depose()
    piece = enrolement.pieces.all()[0]
    for profil in PROFILS_ENTREPRISE:
        agent = Agent(profil)
        assert agent.lire("enrolements").status_code == 403
        assert agent.lire("enrolement", enrolement.numero).status_code == 403
        assert agent.lire("piece_enrolement", enrolement.numero, piece.pk).status_code == 403
        assert _faire(agent, enrolement, "valider").status_code == 403
    assert Client().get(reverse("gestion:enrolements")).status_code == 302


@pytest.mark.exigence("GST-003", "XCT-005")
def test_une_piece_se_telecharge_sauf_infectee_inachevee_ou_d_un_autre_enrolement() -> None:
    agent = Agent(Profil.GESTIONNAIRE)
    enrolement, autre = usines.enrolement_depose(), usines.enrolement_depose()
    piece = enrolement.pieces.all()[0]
    lue = agent.lire("piece_enrolement", enrolement.numero, piece.pk)
    assert octets(lue) == usines.PDF_MINIMAL
    assert lue["Content-Disposition"].startswith("attachment")
    assert agent.lire("piece_enrolement", autre.numero, piece.pk).status_code == 404
    inachevee = usines.piece_enrolement(enrolement, TypePiece.AUTRE, confirmee=False)
    assert agent.lire("piece_enrolement", enrolement.numero, inachevee.pk).status_code == 404
    montrees = agent.lire("enrolement", enrolement.numero).context["visionneuse"].pieces
    assert not any("Autre pièce demandée" in montree.libelle for montree in montrees)
    fichier = usines.fichier(b"%PDF infecte")
    fichier.analyse = Analyse.INFECTE
    fichier.save()
    infectee = usines.piece_enrolement(enrolement, TypePiece.KBIS, fichier=fichier)
    assert agent.lire("piece_enrolement", enrolement.numero, infectee.pk).status_code == 404
    assert "kbis.pdf" in mots(agent.lire("enrolement", enrolement.numero))


@pytest.mark.exigence("GST-003", "XCT-002", "XCT-005")
@pytest.mark.parametrize("profil", [p for p in Profil if p not in PROFILS_ENTREPRISE])
def test_les_pieces_d_identite_se_lisent_par_les_profils_qui_instruisent(profil: Profil) -> None:
    enrolement = usines.enrolement_depose()
    identite = enrolement.pieces.get(type=TypePiece.IDENTITE_REPRESENTANT)
    agent = Agent(profil)
    lue = profil in (Profil.GESTIONNAIRE, Profil.ADMINISTRATION)
    adresse = reverse("gestion:piece_enrolement", args=[enrolement.numero, identite.pk])
    reponse: Reponse = agent.client.post(adresse)
    assert reponse.status_code == (200 if lue else 403)
    if lue:
        octets(reponse)
    page = agent.lire("enrolement", enrolement.numero)
    assert (adresse in page.content.decode()) is lue
    assert ("Réservée à d'autres profils que le vôtre" in mots(page)) is not lue


@pytest.mark.exigence("GST-003", "ENR-108")
def test_un_certificat_refuse_reste_dans_la_fiche_avec_sa_marque() -> None:
    enrolement = usines.enrolement_depose(S.CERTIFICAT_A_VALIDER, anticipe=True)
    agent = Agent(Profil.GESTIONNAIRE)
    services.refuser_certificats(enrolement=enrolement.pk, auteur=agent.auteur, motif=MOTIF)
    page = agent.lire("enrolement", enrolement.numero)
    marque_attendue = f"Refusé le {date_fr(maintenant())}"
    assert f"certificat.pdf {marque_attendue}" in mots(page)
    assert [marque_attendue in lue.libelle for lue in page.context["visionneuse"].pieces].count(True) == 1
    fournisseur = Client()
    fournisseur.force_login(usines.utilisateur(Profil.FOURNISSEUR, entreprise=enrolement.entreprise))
    fiche = fournisseur.get(reverse("fournisseur:enrolement", args=[enrolement.numero]))
    assert f"certificat.pdf {marque_attendue}" in mots(fiche)


@pytest.mark.parametrize("numero", ["ENR999999", "FINMS1010719M0", "x", "99999999999999999999"])
def test_un_numero_inconnu_est_introuvable(numero: str) -> None:
    assert Agent(Profil.GESTIONNAIRE).lire("enrolement", numero).status_code == 404


# --- The gestures


@pytest.mark.exigence("GST-004", "ENR-063", "ENR-110")
def test_valider_ouvre_le_depot_ecrit_au_demandeur_et_ramene_a_l_enrolement() -> None:
    enrolement = usines.enrolement_depose()
    agent = Agent(Profil.GESTIONNAIRE)
    reponse = _faire(agent, enrolement, "valider")
    assert reponse.status_code == 302
    page = agent.client.get(reponse.url)
    assert "est validé ; le demandeur en est averti par courriel" in mots(page)
    enrolement.refresh_from_db()
    assert enrolement.ouvre_au_depot
    assert Utilisateur.objects.get(email=enrolement.courriel).entreprise == enrolement.entreprise
    assert [lu.courriel.objet for lu in page.context["courriels"]] == [
        f"Acceptation de votre demande d'enrôlement {enrolement.numero}"
    ]
    assert [(moment.geste, moment.apres) for moment in page.context["moments"]] == [("Valider", "Validée")]


@pytest.mark.exigence("GST-004", "ENR-064", "ENR-065", "ENR-066", "ENR-067", "ENR-106")
def test_valider_un_anticipe_attend_les_certificats() -> None:
    enrolement = usines.enrolement_depose(code="HOP-DPI", anticipe=True)
    _faire(Agent(Profil.GESTIONNAIRE), enrolement, "valider")
    enrolement.refresh_from_db()
    assert enrolement.statut == S.VALIDATION_PARTIELLE
    assert enrolement.ouvre_l_acces
    assert not enrolement.ouvre_au_depot
    courriel = Courriel.objects.get(code="M03")
    ans = enrolement.referencement.numero_ans
    assert courriel.objet.startswith("Acceptation de votre demande d'enrôlement « anticipé » dans le cadre")
    assert ans in courriel.objet
    for phrase in (
        f"{enrolement.numero} pour la solution référencée {ans}",
        "Votre demande d'enrôlement anticipé est conforme.",
        "vous recevrez prochainement un courriel automatique contenant vos codes de connexion",
        "un courriel vous informera de l'ouverture de vos accès",
        "simultanément 2 documents complémentaires",
        "certificat d'hébergeur de données de santé (HDS) en cours de validité",
    ):
        assert phrase in courriel.corps


@pytest.mark.exigence("GST-005", "GST-006", "GST-007", "ENR-082", "ENR-107", "ENR-109")
@pytest.mark.parametrize(
    ("depuis", "geste", "vers", "code"),
    [
        (S.EN_COURS, "demander-pieces", S.EN_ATTENTE_PIECE, "M08"),
        (S.EN_COURS, "rejeter", S.REJETEE, "M04"),
        (S.EN_ATTENTE_PIECE, "reprendre", S.EN_COURS, "M108"),
        (S.EN_ATTENTE_PIECE, "rejeter", S.REJETEE, "M04"),
        (S.VALIDATION_PARTIELLE, "rejeter", S.REJETEE, "M04"),
        (S.CERTIFICAT_A_VALIDER, "refuser-certificats", S.VALIDATION_PARTIELLE, "M08"),
        (S.CERTIFICAT_A_VALIDER, "rejeter", S.REJETEE, "M04"),
    ],
)
def test_un_geste_avec_un_texte_l_envoie_au_demandeur(
    depuis: StatutEnrolement, geste: str, vers: StatutEnrolement, code: str
) -> None:
    enrolement = usines.enrolement_depose(depuis, anticipe=depuis is S.CERTIFICAT_A_VALIDER)
    agent = Agent(Profil.GESTIONNAIRE)
    types = {"types": "RIB"} if geste == "demander-pieces" else {}
    vide = _faire(agent, enrolement, geste, motif=" ")
    assert vide.status_code == 422
    assert "Le formulaire n'a pas été accepté" in mots(vide)
    assert _faire(agent, enrolement, geste, motif=MOTIF, **types).status_code == 302
    enrolement.refresh_from_db()
    assert enrolement.statut == vers
    courriel = Courriel.objects.get()
    assert (courriel.code, courriel.destinataire) == (code, enrolement.courriel)
    assert MOTIF in courriel.corps
    assert MOTIF in mots(agent.lire("enrolement", enrolement.numero))


@pytest.mark.exigence("GST-003")
def test_une_entreprise_a_verifier_se_confirme_puis_l_enrolement_se_valide() -> None:
    enrolement = usines.enrolement_depose(entreprise_a_verifier=True)
    agent = Agent(Profil.GESTIONNAIRE)
    page = agent.lire("enrolement", enrolement.numero)
    assert page.context["valider"] is None
    assert "Pour valider, confirmez d'abord l'entreprise." in mots(page)
    assert _faire(agent, enrolement, "valider").status_code == 409
    assert _faire(agent, enrolement, "confirmer-entreprise").status_code == 302
    page = agent.lire("enrolement", enrolement.numero)
    assert "SIRET à vérifier" not in mots(page)
    assert page.context["moments"][0].geste == "Confirmer l'entreprise"
    assert _faire(agent, enrolement, "valider").status_code == 302


@pytest.mark.exigence("XCT-014")
def test_le_second_gestionnaire_apprend_que_l_enrolement_a_change_et_garde_son_texte() -> None:
    enrolement = usines.enrolement_depose()
    premier, second = Agent(Profil.GESTIONNAIRE), Agent(Profil.GESTIONNAIRE)
    assert _faire(premier, enrolement, "valider").status_code == 302
    reponse = _faire(second, enrolement, "rejeter", motif=MOTIF)
    assert reponse.status_code == 409
    texte = mots(reponse)
    assert "Cet enrôlement a changé depuis que vous l'avez ouvert" in texte
    assert f"« Valider » par {premier.utilisateur.username}, le" in texte
    assert "maintenant « Validée »" in texte
    assert "Votre texte, à reprendre si besoin" in texte
    assert MOTIF in texte
    enrolement.refresh_from_db()
    assert enrolement.statut == S.VALIDEE


@pytest.mark.exigence("XCT-014")
def test_des_pieces_ajoutees_depuis_se_lisent_avant_tout_geste() -> None:
    enrolement = usines.enrolement_depose()
    agent = Agent(Profil.GESTIONNAIRE)
    services.demander_pieces(enrolement=enrolement.pk, auteur=agent.auteur, motif=MOTIF)
    usines.piece_enrolement(enrolement, TypePiece.RIB, confirmee=False)
    services.terminer_depot(enrolement=enrolement.pk, auteur=DEMANDEUR)
    assert _faire(agent, enrolement, "valider").status_code == 409
    enrolement.refresh_from_db()
    assert enrolement.statut == S.EN_COURS


def test_un_geste_hors_du_cycle_est_refuse_et_un_geste_inconnu_n_existe_pas() -> None:
    enrolement = usines.enrolement_depose(S.VALIDEE)
    agent = Agent(Profil.GESTIONNAIRE)
    reponse = _faire(agent, enrolement, "rejeter", motif=MOTIF)
    assert reponse.status_code == 409
    assert "est impossible" in mots(reponse)
    assert _faire(agent, enrolement, "inconnu").status_code == 404
    assert (
        agent.client.get(reverse("gestion:geste_enrolement", args=["ENR0001", "valider"])).status_code == 405
    )
