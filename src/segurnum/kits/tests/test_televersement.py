"""The kit of the screens that receive a file, on a bare form."""

from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict

from segurnum.controles.fichiers import CONTACT, PIECE_FORMULAIRE
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.services import lire
from segurnum.kits.champs import ChampFichier, ChampJoint
from segurnum.kits.televersement import Televersement
from segurnum.kits.templatetags.kits import intitule
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db

TEXTE = Televersement("fichier", CONTACT, "coupez-le")
REFUSE = "Ce fichier n'est pas attendu."


class Formulaire(forms.Form):
    nom = forms.CharField(error_messages={"required": "Dites votre nom."})
    fichier = ChampJoint(CONTACT, required=False)


class Ecran:
    """A screen of the kit. `recus`: what it was given, as its name and its octets."""

    def __init__(self, refus: str = "") -> None:
        self.refus = refus
        self.recus: list[tuple[str, bytes] | None] = []

    def envoyer(self, *, trop_gros: bool = False, **saisie: Any) -> HttpResponse:
        requete: HttpRequest = RequestFactory().post("/", {"nom": "Camille"} | saisie)
        if trop_gros:
            requete.fichier_trop_gros = True  # type: ignore[attr-defined]
        try:
            return TEXTE.servir(requete, Formulaire, self._agir, self._page)
        finally:
            requete.close()

    def _agir(self, form: Formulaire) -> HttpResponse:
        if self.refus:
            raise GesteImpossible(self.refus)
        joint = form.cleaned_data["fichier"]
        self.recus.append((joint.nom, lire(joint.fichier)) if joint else None)
        return HttpResponse(status=302)

    def _page(self, form: Formulaire, statut: int) -> HttpResponse:
        gabarit = engines["django"].from_string("{% televersement %}{{ form }}{% endteleversement %}")
        contexte: dict[str, Any] = {"form": form, "request": RequestFactory().get("/ici")}
        reponse = HttpResponse(gabarit.render(contexte), status=statut)
        reponse.form = form  # type: ignore[attr-defined]
        return reponse


def texte(nom: str = "journal.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, b"Rien que du texte.\n")


def marque(reponse: Any) -> str:
    return str(reponse.form["fichier"].value().marque)


@pytest.mark.exigence("XCT-008")
def test_un_fichier_juste_n_est_pas_redemande_quand_un_autre_champ_est_faux() -> None:
    ecran = Ecran()
    refusee = ecran.envoyer(nom="", fichier=texte())
    assert refusee.status_code == 422
    page = refusee.content.decode()
    assert "Fichier déjà reçu : <strong>journal.txt</strong>" in page
    assert "Dites votre nom." in page
    # What follows a file that is too big is not read: the mark comes before.
    assert page.index("fichier_garde") < page.index('type="file"')
    assert ecran.envoyer(fichier_garde=marque(refusee)).status_code == 302
    assert ecran.envoyer(fichier_garde=marque(refusee), fichier_sans="on").status_code == 302
    assert ecran.recus == [("journal.txt", b"Rien que du texte.\n"), None]


@pytest.mark.exigence("XCT-004")
def test_une_marque_ne_passe_pas_la_regle_d_un_autre_ecran() -> None:
    recue = marque(Ecran().envoyer(nom="", fichier=texte()))

    class Stricte(forms.Form):
        piece = ChampJoint(PIECE_FORMULAIRE)

    assert Stricte({"piece_garde": recue}, MultiValueDict()).errors == {
        "piece": ["Choisissez le fichier à déposer."]
    }
    assert Stricte({"piece_garde": "x" + recue}, MultiValueDict()).errors == {
        "piece": ["Choisissez le fichier à déposer."]
    }


@pytest.mark.exigence("XCT-004", "XCT-008")
def test_un_fichier_trop_gros_se_dit_seul_avec_ce_qu_il_faut_en_faire() -> None:
    ecran = Ecran()
    page = ecran.envoyer(trop_gros=True, nom="")
    assert page.status_code == 413
    assert list(page.form.errors) == ["fichier"]  # type: ignore[attr-defined]
    (phrase,) = page.form.errors["fichier"]  # type: ignore[attr-defined]
    assert phrase == f"Le fichier dépasse {CONTACT.limite_exacte} : coupez-le."
    assert not ecran.recus


def test_ce_que_le_service_refuse_se_dit_a_son_champ_et_le_fichier_reste() -> None:
    page = Ecran(REFUSE).envoyer(fichier=texte())
    assert page.status_code == 422
    assert page.form.errors == {"fichier": [REFUSE]}  # type: ignore[attr-defined]
    assert marque(page)


def test_rien_n_est_garde_d_un_fichier_faux() -> None:
    page = Ecran().envoyer(fichier=texte("image.png"))
    assert page.status_code == 422
    assert not Fichier.objects.exists()
    assert "Fichier déjà reçu" not in page.content.decode()


def test_le_champ_dit_au_navigateur_sa_limite_et_ses_formats() -> None:
    page = Ecran().envoyer(nom="").content.decode()
    assert f'data-taille-max="{CONTACT.taille_max}"' in page
    assert 'accept=".json,.pdf,.png,.txt,.zip"' in page
    assert 'action="/ici"' in page
    assert "data-televersement" in page


def test_un_fichier_qui_n_est_que_lu_n_est_pas_juge_par_son_champ() -> None:
    class Lecture(forms.Form):
        fichier = ChampFichier(PIECE_FORMULAIRE, juge=False)

    assert Lecture({}, MultiValueDict({"fichier": [texte()]})).is_valid()


@pytest.mark.parametrize("libelle", ["kbis *", "Email du représentant légal :", "Email"])
def test_un_intitule_dans_une_phrase_n_a_ni_etoile_ni_deux_points(libelle: str) -> None:
    assert intitule(libelle)[-1] not in "*: "
