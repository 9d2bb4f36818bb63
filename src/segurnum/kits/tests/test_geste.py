"""The kit of gestures: a page that is one form, a button, what is said of a refusal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test import RequestFactory

from segurnum import web
from segurnum.kits.geste import PageFormulaire, envoi, faire, traiter
from segurnum.regles.cycles import TransitionRefusee
from segurnum.regles.erreurs import GesteImpossible


class Formulaire(forms.Form):
    nom = forms.CharField(error_messages={"required": "Donnez un nom."})


def _requete(**saisie: str) -> HttpRequest:
    requete = RequestFactory().post("/", saisie)
    requete._messages = _Messages()  # type: ignore[attr-defined]
    return requete


class _Messages(list[tuple[int, str]]):
    def add(self, niveau: int, message: str, _extra: str = "") -> None:
        self.append((niveau, message))


def _refuser(erreur: Exception) -> Callable[..., Any]:
    def agir(*_: Any) -> None:
        raise erreur

    return agir


def _envoyer(
    requete: HttpRequest, agir: Callable[..., Any], **options: Any
) -> tuple[HttpResponse, Formulaire]:
    form = Formulaire(envoi(requete))
    return traiter(requete, form, agir, "/suite", lambda statut: HttpResponse(status=statut), **options), form


def test_une_saisie_juste_est_faite_dite_et_mene_a_la_suite() -> None:
    requete = _requete(nom="Zoé")
    reponse, _ = _envoyer(requete, lambda saisie: f"{saisie['nom']} est là.")
    assert (reponse.status_code, reponse["Location"]) == (302, "/suite")
    assert [phrase for _, phrase in requete._messages] == ["Zoé est là."]  # type: ignore[attr-defined]


def test_une_page_ouverte_et_une_saisie_fausse_ne_font_rien() -> None:
    jamais = _refuser(AssertionError("le service ne doit pas être appelé"))
    ouverte, form = _envoyer(RequestFactory().get("/"), jamais)
    assert (ouverte.status_code, form.errors) == (200, {})
    fausse, form = _envoyer(_requete(), jamais)
    assert fausse.status_code == 422
    assert form.errors["nom"] == ["Donnez un nom."]


@pytest.mark.parametrize(
    ("erreur", "champ"),
    [
        (GesteImpossible("Non.", champ="nom"), "nom"),
        (GesteImpossible("Non."), "__all__"),
        (GesteImpossible("Non.", champ="inconnu"), "__all__"),
        (TransitionRefusee("Non."), "__all__"),
    ],
)
def test_un_refus_revient_avec_la_saisie_a_son_champ_quand_il_en_a_un(erreur: Exception, champ: str) -> None:
    reponse, form = _envoyer(_requete(nom="Zoé"), _refuser(erreur), refuse=409)
    assert (reponse.status_code, form["nom"].value()) == (409, "Zoé")
    assert form.errors[champ] == ["Non."]


def test_une_contrainte_de_la_base_revient_en_phrase() -> None:
    reponse, form = _envoyer(_requete(nom="Zoé"), _refuser(IntegrityError("fermée")))
    assert reponse.status_code == 422
    assert "contredit ce que le portail garde" in form.errors["__all__"][0]


def test_une_faute_du_programme_n_est_pas_un_refus() -> None:
    with pytest.raises(ValueError, match="faute"):
        _envoyer(_requete(nom="Zoé"), _refuser(ValueError("faute")))


def test_un_bouton_refuse_le_dit_et_mene_ailleurs_s_il_le_faut() -> None:
    requete = _requete()
    reponse = faire(requete, _refuser(TransitionRefusee("Trop tard.")), "/suite", refuse="/ici")
    assert reponse["Location"] == "/ici"
    assert [phrase for _, phrase in requete._messages] == ["Trop tard."]  # type: ignore[attr-defined]


def _dessiner(gabarit: str, **contexte: Any) -> str:
    return " ".join(Engine.get_default().from_string(gabarit).render(Context(contexte)).split())


def test_un_bouton_qui_se_confirme_dit_a_tous_sur_quoi_il_porte() -> None:
    lu = _dessiner(
        '{% bouton "/fermer" libelle="Fermer| le compte de {}" confirmer="Confirmer| de {}" sur=nom avertir="Tout." %}',
        nom="<b>Zoé</b>",
    )
    assert (
        '<summary>Fermer<span class="fr-sr-only"> le compte de &lt;b&gt;Zoé&lt;/b&gt;</span></summary>' in lu
    )
    assert 'action="/fermer"' in lu
    assert "Tout." in lu
    assert "Confirmer<span" in lu


def test_un_nom_choisi_par_la_page_ne_s_echappe_qu_une_fois() -> None:
    lu = _dessiner(
        '{% firstof nom "?" as choisi %}{% bouton "/fermer" libelle="Fermer| l\'accès de {}" sur=choisi %}',
        nom="D'Arc",
    )
    assert 'Fermer<span class="fr-sr-only"> l&#x27;accès de D&#x27;Arc</span>' in lu


def test_une_ligne_sans_valeur_ne_se_montre_pas() -> None:
    assert _dessiner('{% ligne "Nom" "" %}') == ""
    assert (
        _dessiner('{% ligne "Nom" "de " nom %}', nom="<i>") == "<div><dt>Nom</dt><dd>de &lt;i&gt;</dd></div>"
    )


@pytest.mark.django_db
def test_une_page_d_un_formulaire_porte_ce_qui_voyage_avec_lui() -> None:
    page = PageFormulaire(
        "Un titre", "Envoyer", "/retour", "Une phrase.", gardes=(("vue", "abc"),), chemin=False
    )
    lu = page.montrer(RequestFactory().get("/"), Formulaire(), 422)
    texte = lu.content.decode()
    assert lu.status_code == 422
    for attendu in (
        "<h1>Un titre</h1>",
        "Une phrase.",
        'name="vue" value="abc"',
        'href="/retour"',
        "Envoyer",
    ):
        assert attendu in texte


def test_aucune_vue_ne_prend_une_faute_du_programme_pour_un_refus() -> None:
    fautives = [
        str(fichier)
        for fichier in Path(web.__file__).parent.rglob("*.py")
        if "tests" not in fichier.parts and "except ValueError" in fichier.read_text()
    ]
    assert fautives == []
