"""The draft of an enrolment: nothing lost, nothing overwritten silently, nothing kept once left."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse, reverse_lazy

from segurnum.courriels.models import Courriel
from segurnum.enrolements import brouillons
from segurnum.enrolements.models import Brouillon, Enrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.fichiers.models import Fichier
from segurnum.regles.calendrier import maintenant
from segurnum.web.commun.enrolement.parcours import Parcours
from segurnum.web.tests.candidat import BANQUE, PDF, REPRESENTANT, SOCIETE, Candidat, piece
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reglages(settings: Any) -> None:
    settings.CAPTCHA_ACTIF = False
    settings.ANNUAIRE = "demonstration"


@pytest.mark.exigence("ENR-013")
def test_revenir_en_arriere_ne_perd_aucune_valeur_meme_fausse():
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    candidat.demandeur()
    retour = candidat.envoyer("coordonnees-bancaires", "precedente", **BANQUE | {"bic": "FAUX"})
    assert retour["Location"] == reverse("public:enrolement_etape", args=["demandeur"])
    page = candidat.suivre(retour).content.decode()
    for valeur in (*SOCIETE.values(), *list(REPRESENTANT.values())[1:]):
        assert f'"{valeur}"' in page
    banque = candidat.lire("enrolement_etape", "coordonnees-bancaires").content.decode()
    assert 'value="FAUX"' in banque
    assert f'value="{BANQUE["iban"]}"' in banque


@pytest.mark.exigence("ENR-013")
@pytest.mark.parametrize(
    ("geste", "suite"),
    [
        ("aller:referencement", reverse_lazy("public:enrolement_etape", args=["referencement"])),
        (
            "aller:coordonnees-bancaires",
            reverse_lazy("public:enrolement_etape", args=["coordonnees-bancaires"]),
        ),
        ("aller:inconnue", reverse_lazy("public:enrolement_etape", args=["demandeur"])),
        ("lien", reverse_lazy("public:enrolement_lien")),
        ("precedente", reverse_lazy("public:enrolement_etape", args=["referencement"])),
    ],
)
def test_quitter_une_etape_garde_ce_qui_y_est_saisi(geste: str, suite: str):
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    candidat.demandeur()
    page = candidat.lire("enrolement_etape", "demandeur").content.decode()
    if geste != "aller:inconnue":
        assert re.search(f'<button type="submit"[^>]*name="geste" value="{geste}"', page)
    saisie: dict[str, Any] = REPRESENTANT | {"representant_nom": "Autrement", "piece_kbis": piece("kbis.pdf")}
    reponse = candidat.envoyer("demandeur", geste, **SOCIETE | saisie)
    assert reponse["Location"] == suite
    apres = candidat.lire("enrolement_etape", "demandeur")
    assert 'value="Autrement"' in apres.content.decode()
    assert "kbis.pdf" in mots(apres)


def test_aucun_lien_d_une_etape_en_cours_ne_la_quitte_sans_la_garder():
    candidat = Candidat()
    candidat.jusqu_a_la_confirmation()
    for etape in ("referencement", "demandeur", "coordonnees-bancaires", "taux-tva"):
        page = candidat.lire("enrolement_etape", etape).content.decode()
        travail = page[page.index('id="titre-espace"') : page.index("Quitter sans enregistrer")]
        assert 'href="/segurnum/enrolement_de_logiciel' not in travail
        # « Entrée » presses the first button of the form, wherever it stands in the page.
        premier = re.search(r'<button type="submit"[^>]*form="saisie-etape"[^>]*>', page)
        assert premier
        assert 'value="suivante"' in premier[0]


@pytest.mark.exigence("ENR-013", "ENR-019")
def test_changer_de_siret_garde_les_personnes_qui_viennent_d_etre_saisies():
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    saisie: dict[str, Any] = SOCIETE | REPRESENTANT | {"batiment": "Tour 3"}
    recherche = candidat.suivre(
        candidat.envoyer(
            "demandeur",
            "reinitialiser",
            piece_identite_representant=piece("cni.pdf"),
            piece_kbis=piece("kbis.pdf"),
            **saisie,
        )
    )
    assert "Numéro SIRET *" in mots(recherche)
    page = candidat.suivre(candidat.rechercher_siret())
    assert 'value="Delorme"' in page.content.decode()
    assert "cni.pdf" in mots(page)
    for de_l_autre in ('value="Valombreuse"', "Tour 3", "kbis.pdf"):
        assert de_l_autre not in page.content.decode()


def test_changer_de_siret_d_un_onglet_depasse_ne_change_rien_et_montre_la_saisie():
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    vue = candidat.version("demandeur")
    candidat.demandeur()
    page = candidat.envoyer(
        "demandeur", "reinitialiser", version=vue, **SOCIETE | REPRESENTANT | {"representant_nom": "Second"}
    )
    assert page.status_code == 409
    assert 'value="Second"' in page.content.decode()
    assert Brouillon.objects.get().saisie["demandeur"]["representant_nom"] == "Delorme"


@pytest.mark.exigence("ENR-013", "ENR-015", "XCT-008")
def test_un_fichier_accepte_reste_quand_un_autre_champ_est_faux():
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    refus = candidat.demandeur(nom_commercial="")
    assert refus.status_code == 422
    assert "Fichier déposé : cni.pdf" in mots(refus)
    assert candidat.envoyer("demandeur", **SOCIETE | REPRESENTANT).status_code == 302


@pytest.mark.exigence("ENR-013")
def test_un_fichier_se_remplace_et_se_retire():
    candidat = Candidat()
    candidat.rechercher()
    candidat.envoyer("referencement", piece_certificat=piece("un.pdf"))
    candidat.envoyer("referencement", piece_certificat=piece("deux.pdf"))
    assert Brouillon.objects.get().pieces.get().nom == "deux.pdf"
    page = candidat.suivre(candidat.envoyer("referencement", "retirer:piece_certificat"))
    assert "Fichier déposé" not in mots(page)
    assert not Fichier.objects.exists()


@pytest.mark.exigence("ENR-015")
@pytest.mark.parametrize("etape", ["demandeur", "coordonnees-bancaires", "taux-tva", "confirmation"])
def test_une_etape_tapee_dans_l_adresse_attend_son_tour(etape: str):
    candidat = Candidat()
    candidat.rechercher()
    for demander in (
        lambda: candidat.lire("enrolement_etape", etape),
        lambda: candidat.envoyer(etape, "terminer"),
    ):
        reponse = demander()
        assert reponse["Location"] == reverse("public:enrolement_etape", args=["referencement"])
        assert "Terminez d'abord l'étape « 1 - Référencement »" in mots(candidat.suivre(reponse))
    assert candidat.lire("enrolement_etape", "inconnue").status_code == 404
    assert not Enrolement.objects.exists()


def test_le_second_de_deux_onglets_est_prevenu_et_n_ecrase_rien():
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    candidat.demandeur()
    vue = candidat.version("coordonnees-bancaires")
    candidat.envoyer("coordonnees-bancaires", **BANQUE, piece_rib=piece("premier.pdf"))
    page = candidat.envoyer(
        "coordonnees-bancaires",
        version=vue,
        **BANQUE | {"titulaire": "Second"},
        piece_rib=piece("second.pdf"),
    )
    assert page.status_code == 409
    assert "modifiée dans un autre onglet" in mots(page)
    assert 'value="Second"' in page.content.decode()
    assert Brouillon.objects.get().saisie["coordonnees-bancaires"]["titulaire"] == BANQUE["titulaire"]
    assert Brouillon.objects.get().pieces.get(type="RIB").nom == "premier.pdf"
    # Sent again from this page, which now knows: the person has chosen.
    encore = candidat.envoyer(
        "coordonnees-bancaires", version=page.context["version"], **BANQUE | {"titulaire": "Second"}
    )
    assert encore.status_code == 302
    assert Brouillon.objects.get().saisie["coordonnees-bancaires"]["titulaire"] == "Second"


def test_terminer_d_un_onglet_depasse_ne_termine_rien():
    candidat = Candidat()
    candidat.jusqu_a_la_confirmation()
    vue = candidat.version("confirmation")
    candidat.envoyer("taux-tva", taux_tva="8.5")
    page = candidat.terminer(version=vue)
    assert page.status_code == 409
    assert "autre onglet" in mots(page)
    assert not Enrolement.objects.exists()


@pytest.mark.exigence("ENR-012")
def test_quitter_sans_enregistrer_efface_les_valeurs_et_les_fichiers(django_capture_on_commit_callbacks):
    candidat = Candidat()
    candidat.jusqu_a_la_confirmation()
    cles = [fichier.cle for fichier in Fichier.objects.all()]
    assert cles
    with django_capture_on_commit_callbacks(execute=True):
        page = candidat.suivre(candidat.client.post(reverse("public:enrolement_quitter")))
    assert "Votre saisie est effacée" in mots(page)
    assert not Brouillon.objects.exists()
    assert not Fichier.objects.exists()
    assert not any(default_storage.exists(cle) for cle in cles)
    assert not Courriel.objects.exists()


@pytest.mark.exigence("ENR-012")
def test_un_fichier_qui_sert_ailleurs_survit_au_brouillon():
    depose = usines.piece_enrolement(usines.enrolement(), TypePiece.RIB, fichier=usines.fichier(PDF))
    candidat = Candidat()
    candidat.rechercher()
    candidat.envoyer("referencement", piece_certificat=piece())
    candidat.client.post(reverse("public:enrolement_quitter"))
    assert default_storage.exists(depose.fichier.cle)


def _lien_recu() -> str:
    adresse = re.search(r"https?://[^/]+(/segurnum/\S+)", Courriel.objects.latest("pk").corps)
    assert adresse
    return adresse[1]


@pytest.mark.exigence("ENR-013")
def test_un_lien_recu_par_courriel_rouvre_la_saisie_ailleurs():
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    candidat.demandeur()
    page = candidat.suivre(
        candidat.client.post(reverse("public:enrolement_lien"), {"courriel": "ondine@valombreuse.example"})
    )
    assert page.status_code in (200, 302)
    adresse = _lien_recu()
    ailleurs = Client()
    arrivee = ailleurs.get(adresse, follow=True)
    assert arrivee.redirect_chain[-1][0] == reverse("public:enrolement_etape", args=["coordonnees-bancaires"])
    assert "Delorme" in ailleurs.get(reverse("public:enrolement_etape", args=["demandeur"])).content.decode()
    brouillons.envoyer_lien(brouillon=Brouillon.objects.get().pk, courriel="ondine@valombreuse.example")
    assert Client().get(adresse).status_code == 404
    assert Client().get(_lien_recu()).status_code == 302


def test_le_lien_d_une_saisie_finie_ou_inventee_n_ouvre_rien():
    candidat = Candidat()
    candidat.jusqu_a_la_confirmation()
    candidat.client.post(reverse("public:enrolement_lien"), {"courriel": "ondine@valombreuse.example"})
    adresse = _lien_recu()
    candidat.terminer()
    for morte in (adresse, reverse("public:enrolement_reprise", args=["invente"])):
        assert Client().get(morte).status_code == 404


def test_le_brouillon_d_un_autre_navigateur_ne_se_voit_pas():
    candidat = Candidat()
    candidat.jusqu_au_demandeur()
    page = Client().get(reverse("public:enrolement"), follow=True)
    assert "Valombreuse" not in page.content.decode()
    assert candidat.reference.numero_ans not in page.content.decode()


def test_les_liens_ne_s_envoient_pas_sans_fin():
    candidat = Candidat()
    candidat.rechercher()
    adresse, saisie = reverse("public:enrolement_lien"), {"courriel": "quelqu.un@ailleurs.example"}
    statuts = [candidat.client.post(adresse, saisie).status_code for _ in range(6)]
    assert statuts == [302] * 5 + [422]
    assert Courriel.objects.count() == 5
    assert candidat.client.post(adresse, {"courriel": "rien"}).status_code == 422


def test_une_saisie_abandonnee_s_efface_au_bout_de_trente_jours():
    abandonne, recent = Candidat(), Candidat()
    for candidat in (abandonne, recent):
        candidat.rechercher()
    ancien = Brouillon.objects.order_by("modifie_le")[0]
    Brouillon.objects.filter(pk=ancien.pk).update(modifie_le=maintenant() - timedelta(days=30, minutes=1))
    assert brouillons.purger(instant=maintenant()) == 1
    assert not Brouillon.objects.filter(pk=ancien.pk).exists()
    reponse = abandonne.client.post(
        reverse("public:enrolement_etape", args=["taux-tva"]), {"version": "1", "taux_tva": "20"}
    )
    assert "Votre saisie n'est plus là" in mots(abandonne.suivre(reponse))


@pytest.mark.exigence("ENR-060", "ENR-061")
@pytest.mark.django_db(transaction=True)
def test_terminer_de_deux_onglets_a_la_fois_ne_fait_qu_une_demande():
    candidat = Candidat()
    candidat.jusqu_a_la_confirmation()
    brouillon = Brouillon.objects.get()
    declaration = Parcours(brouillon).declaration()

    def terminer() -> object:
        return brouillons.terminer(
            brouillon=brouillon.pk,
            declaration=declaration,
            version=brouillon.version,
            auteur=brouillons.DEMANDEUR,
        )

    resultats = ensemble(terminer, terminer)
    assert sorted(type(resultat).__name__ for resultat in resultats) == ["BrouillonIntrouvable", "Enrolement"]
    assert Enrolement.objects.count() == 1
    assert Enrolement.objects.get().pieces.count() == 3
