"""What is published: to whom, from when, and with which trace."""

from datetime import timedelta
from importlib import import_module

import pytest

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.editorial import queries, services
from segurnum.editorial.models import Actualite, DocumentUtile, QuestionFaq, RubriqueFaq
from segurnum.editorial.permissions import peut_rediger
from segurnum.essais import usines
from segurnum.journal.models import Evenement
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db
SUITE = import_module("segurnum.editorial.migrations.0005_questions_manquantes")
MIGRATION = import_module("segurnum.editorial.migrations.0002_rubriques_de_la_faq")


def actualite(**valeurs) -> Actualite:
    return services.publier(
        publication=Actualite(**{"titre": "Titre", "categorie": "Information", "contenu": "Texte"} | valeurs),
        auteur=auteur(usines.utilisateur(Profil.GESTIONNAIRE)),
    )


@pytest.mark.exigence("PUB-016")
def test_les_vingt_rubriques_sont_la_dans_l_ordre_a_la_lettre() -> None:
    titres = [rubrique.titre for rubrique in queries.faq()]
    assert titres == list(MIGRATION.RUBRIQUES)
    assert len(titres) == 20
    assert titres[0] == "Textes de référence et FAQ de l'Agence Numérique en Santé"
    assert titres[2] == "Référencement ; SONS"
    assert titres[12] == "Enrôlement- pièces justificatives"
    assert titres[-1] == "Opérations de recouvrements"


def test_les_premieres_reponses_ont_chacune_leur_rubrique() -> None:
    questions = MIGRATION.QUESTIONS + SUITE.QUESTIONS
    assert QuestionFaq.objects.count() == len(questions) > 20
    assert {titre for titre, _, _ in questions} == set(MIGRATION.RUBRIQUES)


@pytest.mark.exigence("PUB-017")
def test_la_recherche_ignore_accents_et_majuscules_et_veut_tous_les_mots() -> None:
    rubrique = RubriqueFaq.objects.create(titre="Recherche", ordre=200)
    QuestionFaq.objects.create(rubrique=rubrique, question="Où est l'ÉTOILE ?", reponse="Près du zénith.")
    trouvees = queries.faq("etoile zenith")
    assert [(r.titre, [q.question for q in r.questions]) for r in trouvees] == [
        ("Recherche", ["Où est l'ÉTOILE ?"])
    ]
    assert queries.faq("etoile nadir") == []


@pytest.mark.exigence("FRM-020", "GST-025")
@pytest.mark.parametrize(
    ("audience", "fournisseur", "operateur"),
    [("TOUS", True, True), ("FOURNISSEURS", True, False), ("OPERATEURS", False, True)],
)
def test_une_actualite_est_lue_par_ceux_qu_elle_concerne(audience, fournisseur, operateur) -> None:
    ligne = actualite(audience=audience)
    lus = {
        profil: ligne in queries.actualites_de(usines.utilisateur(profil))
        for profil in (Profil.FOURNISSEUR, Profil.OPERATEUR, Profil.GESTIONNAIRE)
    }
    assert lus == {
        Profil.FOURNISSEUR: fournisseur,
        Profil.OPERATEUR: operateur,
        Profil.GESTIONNAIRE: False,
    }


@pytest.mark.exigence("FRM-018", "GST-025")
def test_une_actualite_n_est_pas_visible_avant_sa_date_et_la_derniere_vient_en_premier() -> None:
    ancienne = actualite(publiee_le=maintenant() - timedelta(days=2))
    actualite(publiee_le=maintenant() + timedelta(minutes=5))
    recente = actualite()
    assert list(queries.actualites_de(usines.utilisateur(Profil.FOURNISSEUR))) == [recente, ancienne]


@pytest.mark.exigence("GST-025", "GST-031")
def test_corriger_garde_le_fichier_le_remplacer_ou_l_oter_se_dit() -> None:
    ligne, redacteur = actualite(), usines.utilisateur(Profil.GESTIONNAIRE)
    fichier = usines.fichier()
    services.publier(publication=ligne, auteur=auteur(redacteur), fichier=fichier, nom_fichier="avis.pdf")
    services.publier(publication=ligne, auteur=auteur(redacteur))
    assert (ligne.fichier, ligne.nom_fichier) == (fichier, "avis.pdf")
    services.publier(publication=ligne, auteur=auteur(redacteur), sans_fichier=True)
    ligne.refresh_from_db()
    assert (ligne.fichier, ligne.nom_fichier) == (None, "")


@pytest.mark.exigence("GST-025", "GST-026", "GST-031", "GST-032")
def test_chaque_publication_laisse_une_trace_meme_retiree() -> None:
    redacteur = usines.utilisateur(Profil.GESTIONNAIRE)
    document = services.publier(
        publication=DocumentUtile(titre="Exemple de bon de commande"),
        auteur=auteur(redacteur),
        fichier=usines.fichier(),
        nom_fichier="bon.pdf",
    )
    cle = document.pk
    services.retirer(publication=document, auteur=auteur(redacteur))
    assert not DocumentUtile.objects.exists()
    faits = Evenement.objects.filter(chaine=f"publication:documentutile:{cle}").order_by("rang")
    assert [(fait.geste, fait.acteur_id) for fait in faits] == [
        ("PUBLIER", redacteur.pk),
        ("RETIRER", redacteur.pk),
    ]
    assert faits[1].details["titre"] == "Exemple de bon de commande"


@pytest.mark.exigence("GST-026")
def test_une_rubrique_qui_a_des_questions_ne_se_retire_pas() -> None:
    rubrique = RubriqueFaq.objects.filter(questions__isnull=False)[0]
    with pytest.raises(GesteImpossible, match="contient encore des questions"):
        services.retirer(publication=rubrique, auteur=auteur(usines.utilisateur(Profil.GESTIONNAIRE)))
    assert RubriqueFaq.objects.filter(pk=rubrique.pk).exists()


def test_ceux_qui_decident_et_ceux_qui_paient_ne_publient_pas() -> None:
    qui = {profil: peut_rediger(usines.utilisateur(profil)) for profil in Profil}
    assert {profil for profil, peut in qui.items() if peut} == {Profil.GESTIONNAIRE, Profil.ADMINISTRATION}
