"""The severity of the rules that judge what is deposited, as the administration settles it."""

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.controles import Severite
from segurnum.depots import severites
from segurnum.kits.champs import champ_motif
from segurnum.kits.geste import PageFormulaire, Saisie, envoi
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.seuil.acces import Requete, administration, formulaire_de, page_de

TITRE = "Règles de contrôle"
REGLES = Tableau(
    "regles-de-controle",
    "Règles dont la gravité se règle",
    (
        Colonne(
            "code",
            "Code",
            titre=True,
            cellule="publiee.code",
            lien=vers("gestion:regle", "publiee.code"),
        ),
        Colonne("titre", "Règle", cellule="publiee.titre"),
        Colonne("publiee", "Gravité d'origine", cellule="publiee.severite|pastille_de_gravite"),
        Colonne("severite", "Gravité appliquée", cellule="severite|pastille_de_gravite"),
        Colonne("depuis", "Depuis", cellule='depuis|instant|default:"–"'),
        Colonne("motif", "Motif", cellule='motif|default:"–"'),
    ),
)


@page_de(administration)
def liste(requete: Requete) -> HttpResponse:
    resume = (
        "Une erreur fait rejeter la demande, un avertissement la laisse passer. Le changement vaut pour les contrôles "
        "faits à partir de maintenant, et se lit au catalogue publié des anomalies."
    )
    contexte = {"titre": TITRE, "affiche": REGLES.montrer(severites.reglables()), "resume": resume}
    return render(requete, "gestion/reglages.html", contexte)


class FormulaireSeverite(forms.Form):
    severite = forms.ChoiceField(
        label="Gravité", choices=[(severite.value, severite.value.capitalize()) for severite in Severite]
    )
    motif = champ_motif("Motif", "Il est écrit au journal.", "Indiquez pourquoi la gravité change.")


@formulaire_de(administration)
def regler(requete: Requete, code: str) -> HttpResponse:
    regle = severites.reglable(code)
    if regle is None:
        raise Http404
    form = FormulaireSeverite(envoi(requete), initial={"severite": regle.severite.value})
    page = PageFormulaire(
        f"{regle.publiee.code} – {regle.publiee.titre}",
        "Enregistrer",
        reverse("gestion:regles"),
        regle.publiee.explication,
        TITRE,
    )

    def agir(saisie: Saisie) -> None:
        severites.regler(
            code=code,
            severite=Severite(saisie["severite"]),
            motif=saisie["motif"],
            auteur=auteur(requete.user),
        )

    return page.traiter(requete, form, agir, fait=f"La règle {code} est réglée.")
