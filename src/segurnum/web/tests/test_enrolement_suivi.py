"""An enrolment that nobody loses: followed without an account, begun again, its drafts listed, its recap read."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.editorial import cgu
from segurnum.enrolements import brouillons, services
from segurnum.enrolements.models import Brouillon, Enrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.essais import usines
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.web.tests.candidat import BANQUE, SIRET, Candidat, piece
from segurnum.web.tests.depot import Reponse, gestionnaire
from segurnum.web.tests.instruction import Agent
from segurnum.web.tests.lecture import lien, mots, titres

pytestmark = pytest.mark.django_db
S = StatutEnrolement


@pytest.fixture(autouse=True)
def _reglages(settings: Any) -> None:
    settings.CAPTCHA_ACTIF = False
    settings.ANNUAIRE = "demonstration"


def adresse_recue(code: str) -> str:
    trouve = re.search(
        r"(/segurnum/enrolement_de_logiciel/\S+/\S+)", Courriel.objects.filter(code=code).latest("pk").corps
    )
    assert trouve
    return trouve[1]


def deposee() -> tuple[Candidat, Enrolement, Reponse]:
    candidat = Candidat()
    candidat.jusqu_a_la_confirmation()
    page = candidat.suivre(candidat.terminer())
    return candidat, Enrolement.objects.get(), page


def recommencer(client: Client, fin: str = BANQUE["iban"].replace(" ", "")[-4:]) -> Reponse:
    return client.post(reverse("public:suivi_recommencer"), {"fin_iban": fin}, follow=True)


@pytest.mark.exigence("ENR-059", "ENR-062")
def test_la_confirmation_dit_ou_part_le_courriel_ce_qui_suit_et_mene_au_suivi() -> None:
    candidat, enrolement, page = deposee()
    assert enrolement.courriel in mots(page)
    suite = candidat.client.get(lien(page, "Suivre cette demande"))
    assert titres(suite, 1) == [f"Demande d'enrôlement numéro {enrolement.numero}M0"]
    assert "Le service de gestion : instruire la demande" in mots(suite)


def test_le_lien_de_l_accuse_de_reception_montre_l_avancement_et_ni_nom_ni_iban() -> None:
    _, enrolement, _ = deposee()
    services.demander_pieces(
        enrolement=enrolement.pk, auteur=gestionnaire(), motif="Un RIB lisible.", types=[TypePiece.RIB]
    )
    page = Client().get(adresse_recue("M01"), follow=True)
    texte = mots(page)
    assert page.redirect_chain[-1][0] == reverse("public:suivi_demande")
    assert "Vous : déposer les documents demandés, avant le" in texte
    assert "Un RIB lisible." in texte
    for secret in ("Delorme", "ondine@valombreuse.example", "FR14"):
        assert secret not in page.content.decode()


def test_un_lien_perdu_repart_a_l_adresse_declaree_et_la_page_ne_confirme_rien() -> None:
    _, enrolement, _ = deposee()
    avant = adresse_recue("M01")
    client = Client()
    reponses = [
        mots(client.post(reverse("public:suivi"), {"numero": numero, "siret": siret}, follow=True))
        for numero, siret in (
            (f"{enrolement.numero}M0", SIRET),
            (enrolement.numero, usines.siret(7)),
            ("ENR9999", SIRET),
        )
    ]
    assert all("Si une demande d'enrôlement sans compte porte ce numéro" in reponse for reponse in reponses)
    envoye = Courriel.objects.get(code="M109")
    assert envoye.destinataire == enrolement.courriel
    demande = adresse_recue("M109")
    for adresse in (avant, demande):
        assert Client().get(adresse).status_code == 302
    client.post(reverse("public:suivi"), {"numero": enrolement.numero, "siret": SIRET})
    assert [Client().get(adresse).status_code for adresse in (avant, demande)] == [302, 404]


def test_depuis_le_suivi_un_autre_lien_de_depot_part_a_la_meme_adresse() -> None:
    _, enrolement, _ = deposee()
    services.demander_pieces(
        enrolement=enrolement.pk, auteur=gestionnaire(), motif="Un RIB.", types=[TypePiece.RIB]
    )
    client = Client()
    client.get(adresse_recue("M01"))
    client.post(reverse("public:suivi_lien_de_depot"))
    assert Courriel.objects.filter(code="M08", destinataire=enrolement.courriel).count() == 2


@pytest.mark.exigence("ENR-109")
def test_une_demande_rejetee_se_recommence_avec_ce_qui_avait_ete_saisi() -> None:
    candidat, enrolement, _ = deposee()
    services.rejeter(enrolement=enrolement.pk, auteur=gestionnaire(), motif="Le RIB est d'une autre société.")
    client = Client()
    page = client.get(adresse_recue("M04"), follow=True)
    assert "Le RIB est d'une autre société." in mots(page)
    candidat.client = client
    reprise = recommencer(client)
    assert "Récapitulatif de la demande d'enrôlement" in titres(reprise, 2)
    assert candidat.terminer().status_code == 302
    seconde = Enrolement.objects.latest("pk")
    assert seconde.donnees == enrolement.donnees
    assert {piece.type for piece in seconde.pieces.all()} == {piece.type for piece in enrolement.pieces.all()}


def test_une_demande_en_cours_ne_se_recommence_pas() -> None:
    candidat, _, page = deposee()
    candidat.client.get(lien(page, "Suivre cette demande"))
    refus = recommencer(candidat.client)
    assert "Seule une demande rejetée se recommence." in mots(refus)
    assert not Brouillon.objects.exists()


def test_un_ancien_lien_ne_rend_rien_de_ce_qui_fut_declare_une_fois_le_compte_ouvert() -> None:
    _, enrolement, _ = deposee()
    services.rejeter(enrolement=enrolement.pk, auteur=gestionnaire(), motif="Le RIB est d'une autre société.")
    client = Client()
    client.get(adresse_recue("M04"))
    usines.utilisateur(Profil.FOURNISSEUR, entreprise=enrolement.entreprise)
    refus = recommencer(client)
    assert "a déjà un compte sur le portail" in mots(refus)
    assert not Brouillon.objects.exists()


def test_qui_ignore_le_siret_ne_prive_personne_de_son_lien() -> None:
    _, enrolement, _ = deposee()
    client = Client()
    for siret in (usines.siret(7), *[SIRET] * 4):
        for _ in range(3 if siret != SIRET else 1):
            page = client.post(
                reverse("public:suivi"), {"numero": enrolement.numero, "siret": siret}, follow=True
            )
    assert Courriel.objects.filter(code="M109").count() == 3
    assert "3 liens ont été demandés en un jour" in mots(page)


@pytest.mark.exigence("ENR-056")
def test_la_version_des_cgu_acceptee_est_gardee_et_reste_lisible() -> None:
    _, enrolement, _ = deposee()
    version = cgu.en_vigueur()
    assert enrolement.cgu == version.code
    assert version.code in mots(Agent(Profil.GESTIONNAIRE).lire("enrolement", enrolement.numero))
    page = Client().get(reverse("public:cgu_version", args=[version.code]))
    assert "Ce à quoi l'utilisateur s'engage" in mots(page)
    assert Client().get(reverse("public:cgu_version", args=["1999-01-01"])).status_code == 404


@pytest.mark.exigence("ENR-054")
def test_le_recapitulatif_ouvre_les_fichiers_mene_a_chaque_etape_et_dit_anticipe() -> None:
    candidat = Candidat(valide=False)
    candidat.jusqu_a_la_confirmation()
    page = candidat.lire("enrolement_etape", "confirmation")
    assert "Demande d'enrôlement anticipé" in mots(page)
    source = page.content.decode()
    for etape in ("referencement", "demandeur", "coordonnees-bancaires", "taux-tva"):
        assert source.count(f'href="{reverse("public:enrolement_etape", args=[etape])}"') >= 1
    fichier = candidat.lire("enrolement_piece", "rib")
    assert fichier.status_code == 200
    assert fichier["Content-Disposition"].startswith("attachment")
    fichier.close()
    assert Client().get(reverse("public:enrolement_piece", args=["rib"])).status_code == 404


@pytest.mark.exigence("ENR-013")
def test_un_lien_de_reprise_s_ajoute_aux_saisies_de_ce_navigateur() -> None:
    ailleurs, ici = Candidat(), Candidat(code="MS1-DUI")
    ailleurs.rechercher()
    brouillons.envoyer_lien(brouillon=Brouillon.objects.get().pk, courriel="a@societe.example")
    ici.rechercher()
    reprise = ici.client.get(adresse_recue("M24"), follow=True)
    assert "L'autre, commencée dans ce navigateur, reste dans « Mes saisies en cours »" in mots(reprise)
    assert ailleurs.reference.numero_ans in mots(reprise)
    liste = ici.lire("enrolement_saisies")
    assert {saisie.numero_ans for saisie in liste.context["saisies"]} == {
        ailleurs.reference.numero_ans,
        ici.reference.numero_ans,
    }
    rang = next(s.rang for s in liste.context["saisies"] if not s.courante)
    choisie = ici.client.post(reverse("public:enrolement_choisir", args=[rang]), follow=True)
    assert ici.reference.numero_ans in mots(choisie)


@pytest.mark.exigence("FRM-001")
def test_l_accueil_dit_ce_qui_attend_l_entreprise_et_ce_qu_elle_a_commence() -> None:
    personne = usines.utilisateur(Profil.FOURNISSEUR)
    client = Client()
    client.force_login(personne)
    assert "Enrôlement ENR" not in mots(client.get(reverse("fournisseur:accueil")))
    attend = usines.enrolement_depose(S.VALIDATION_PARTIELLE, societe=personne.entreprise, anticipe=True)
    page = mots(client.get(reverse("fournisseur:accueil")))
    assert f"L'enrôlement {attend.numero}" in page
    assert "déposer le certificat de référencement" in page


def test_depuis_son_compte_une_demande_rejetee_se_recommence() -> None:
    personne = usines.utilisateur(Profil.FOURNISSEUR)
    rejetee = usines.enrolement_depose(
        S.REJETEE,
        societe=personne.entreprise,
        type=Enrolement.Type.COMPLEMENTAIRE,
        declare={"entreprise": None, "representant": None, "banque": None},
    )
    client = Client()
    client.force_login(personne)
    adresse = reverse("fournisseur:enrolement_recommencer", args=[rejetee.numero])
    page = client.post(adresse, {"entreprise": personne.entreprise_id}, follow=True)
    assert rejetee.referencement.numero_ans in mots(page)
    assert "certificat.pdf" in mots(page)
    encore = client.post(adresse, {"entreprise": personne.entreprise_id}, follow=True)
    assert "Une autre demande complémentaire est commencée" in mots(encore)


@pytest.mark.exigence("ENR-035")
def test_un_code_cedex_est_dit_inconnu_et_rien_n_est_dit_de_la_commune() -> None:
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    page = candidat.demandeur(code_postal="59020", commune="Lille")
    assert set(page.context["form"].errors) == {"code_postal"}
    assert "n'est celui d'aucune commune" in mots(page)
    options = Client().get(reverse("public:communes"), {"code_postal": "59020"})
    assert "Code postal inconnu" in mots(options)


def test_un_telephone_d_un_autre_pays_est_accepte_et_normalise() -> None:
    candidat = Candidat()
    candidat.jusqu_a_la_confirmation(representant_telephone="+32 2 555 12 12")
    candidat.terminer()
    assert Enrolement.objects.get().donnees["representant"]["telephone"] == "+3225551212"


@pytest.mark.exigence("ENR-004")
def test_la_regle_de_la_vague_est_dite_des_que_l_entreprise_est_connue() -> None:
    candidat = Candidat(code="HOP-DPI-Va2", valide=False)
    societe = usines.entreprise(siret=SIRET)
    autre = usines.referencement("MS1-DUI", dsr="DSR-MS1-DUI-Va2")
    usines.enrolement("MS1-DUI", societe=societe, referencement=autre, statut=S.EN_COURS)
    candidat.rechercher()
    candidat.envoyer("referencement")
    refus = candidat.rechercher_siret()
    assert refus.status_code == 422
    assert "Votre premier enrôlement de la vague 2 doit être validé" in mots(refus)


@pytest.mark.exigence("ENR-060", "ENR-095")
@pytest.mark.parametrize("suffixe", ["", "M0", "m0"])
def test_un_numero_se_trouve_comme_il_est_ecrit_avec_ou_sans_suffixe(suffixe: str) -> None:
    personne = usines.utilisateur(Profil.FOURNISSEUR)
    inscrit = usines.enrolement(societe=personne.entreprise)
    client = Client()
    client.force_login(personne)
    page = client.get(reverse("fournisseur:enrolements"), {"f_numero": f"{inscrit.numero}{suffixe}"})
    assert f"Consulter {inscrit.numero}" in mots(page)


def test_l_adresse_de_l_assistance_des_guides_mene_au_formulaire() -> None:
    reponse = Client().get("/segurnums/contacter-assistance")
    assert reponse["Location"] == reverse("public:assistance")


def test_la_societe_pour_laquelle_on_agit_est_dans_l_entete() -> None:
    personne = usines.utilisateur(Profil.FOURNISSEUR)
    assert personne.entreprise is not None
    client = Client()
    client.force_login(personne)
    page = client.get(reverse("fournisseur:compte")).content.decode()
    entete = page[: page.index("</header>")]
    assert personne.entreprise.denomination in entete.replace("&#x27;", "'")


@pytest.mark.exigence("PUB-018")
@pytest.mark.parametrize("mot", ["RIB", "mandat", "kbis", "délais", "recouvrement"])
def test_les_mots_de_l_enrolement_trouvent_une_reponse(mot: str) -> None:
    page = Client().get(reverse("public:faq"), {"recherche": mot})
    assert page.context["nombre"] > 0


@pytest.mark.exigence("PUB-016")
def test_aucune_rubrique_de_la_faq_n_est_vide() -> None:
    page = Client().get(reverse("public:faq"))
    assert all(rubrique.questions for rubrique in page.context["rubriques"])


@pytest.mark.exigence("ENR-050", "ENR-054")
@pytest.mark.parametrize(("bic", "doute"), [("PSSTFRPPLIM", False), ("SOGEFRPP", True)])
def test_le_bic_d_une_autre_banque_se_dit_avant_de_terminer(bic: str, doute: bool) -> None:
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    candidat.demandeur()
    candidat.envoyer("coordonnees-bancaires", piece_rib=piece("rib.pdf"), **BANQUE | {"bic": bic})
    candidat.envoyer("taux-tva", taux_tva="20")
    page = mots(candidat.lire("enrolement_etape", "confirmation"))
    assert ("n'est pas celui de la banque de l'IBAN" in page) is doute


@pytest.mark.exigence("GST-003", "ENR-036")
def test_l_officier_lit_le_nom_de_l_annuaire_a_cote_du_nom_declare() -> None:
    candidat = Candidat()
    candidat.jusqu_a_la_confirmation(denomination="Valombreuse Nouvelle", piece_kbis=piece("kbis.pdf"))
    candidat.terminer()
    page = mots(Agent(Profil.GESTIONNAIRE).lire("enrolement", Enrolement.objects.get().numero)).replace(
        "\xa0", " "
    )
    connue = Enrolement.objects.get().donnees["entreprise"]["denomination_connue"]
    assert connue
    assert f"« Valombreuse Nouvelle », n'est pas celle de l'annuaire des entreprises (« {connue} »)" in page


@pytest.mark.exigence("ENR-110")
@pytest.mark.parametrize(("dsr", "ouvert"), [("DSR-MS1-DUI-Va1", True), ("DSR-MS1-DUI-Va2", False)])
def test_un_enrolement_valide_ne_promet_pas_un_depot_qui_n_est_pas_ouvert(dsr: str, ouvert: bool) -> None:
    personne = usines.utilisateur(Profil.FOURNISSEUR)
    reference = usines.referencement("MS1-DUI", dsr=dsr)
    inscrit = usines.enrolement(societe=personne.entreprise, referencement=reference)
    attend = usines.enrolement_depose(societe=usines.entreprise())
    attend.referencement.dsr = dsr
    attend.referencement.save()
    client = Client()
    client.force_login(personne)
    page = mots(client.get(reverse("fournisseur:enrolement", args=[inscrit.numero])))
    assert ("n'est pas encore ouvert pour ce DSR" in page) is not ouvert
    officier = mots(Agent(Profil.GESTIONNAIRE).lire("enrolement", attend.numero))
    assert ("s'ouvre pour" in officier) is ouvert
