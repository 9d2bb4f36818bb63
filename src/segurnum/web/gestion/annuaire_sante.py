"""The Annuaire Santé of the officers: extracts, what each operator declares, and where each number comes from."""

from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from segurnum.annuaire_sante import queries, services
from segurnum.annuaire_sante.models import TypeBAL
from segurnum.annuaire_sante.operateurs import avec_leurs_comptes
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.droits import peut
from segurnum.kits import colonnes
from segurnum.kits.criteres import Critere, Filtre
from segurnum.kits.geste import Saisie, envoi, faire, traiter
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.referentiel.models import Referencement
from segurnum.regles.calendrier import instant_fr
from segurnum.regles.gestes import GesteReference
from segurnum.seuil.acces import (
    Requete,
    bouton_de,
    formulaire_de,
    instructeurs,
    lecteurs_des_comptages,
    page_de,
    teneurs_des_comptages,
)
from segurnum.seuil.entrees import entier
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.web.gestion.extraits import COMMANDE, EXTRAITS

_DERNIERS = 5
OPERATEURS = Tableau(
    "liste-operateurs",
    "Boîtes déclarées à ce jour, par opérateur",
    (
        colonnes.texte(
            "numero",
            "Numéro ANS",
            "numero_ans",
            cellule="reference.numero_ans",
            titre=True,
            lien=vers("gestion:annuaire_operateur", "reference.numero_ans"),
        ),
        colonnes.texte("logiciel", "Solution", cellule="reference.designation"),
        Colonne("boites", "Domaines et boîtes", cellule="gestion/cellules/boites.html"),
    ),
    ordre=("numero_ans",),
)
ADRESSES = Tableau(
    "liste-adresses",
    "Adresses de l'opérateur dans l'extrait choisi",
    (
        colonnes.texte("adresse", "Adresse", titre=True),
        Colonne("domaine", "Domaine", colonnes.contient("domaine")),
        Colonne("type", "Type", cellule="get_type_display"),
    ),
    ordre=("domaine", "adresse"),
)


class FormulaireDomaine(forms.Form):
    domaine = forms.CharField(
        label="Domaine à ajouter",
        help_text="Ce qui suit le signe @ dans ses adresses, par exemple operateur.mssante.fr.",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Indiquez le domaine à ajouter.",
            "max_length": "Ce domaine est trop long : 253 caractères au plus sont attendus.",
        },
    )


@page_de(lecteurs_des_comptages)
def accueil(requete: Requete) -> HttpResponse:
    contexte = {
        "titre": "Annuaire Santé",
        "affiche": OPERATEURS.lire(queries.operateurs(), requete.GET, presenter=avec_leurs_comptes),
        "extraits": EXTRAITS.montrer(queries.extraits()[:_DERNIERS]),
        "commande": COMMANDE,
        "a_confirmer": queries.a_confirmer(),
        "tient": peut(requete.user, GesteReference.TENIR_ANNUAIRE),
    }
    return render(requete, "gestion/annuaire_sante/accueil.html", contexte)


@formulaire_de(lecteurs_des_comptages, teneurs_des_comptages)
def operateur(requete: Requete, numero_ans: str) -> HttpResponse:
    """What an operator declares, with the source of each number; a POST gives it one more domain."""
    reference = get_object_or_404(queries.operateurs(), numero_ans=numero_ans)
    form = FormulaireDomaine(envoi(requete))

    def rattacher(saisie: Saisie) -> str:
        domaine = services.rattacher_domaine(numero_ans=numero_ans, auteur=auteur(requete.user), **saisie)
        return f"Le domaine « {domaine} » est ajouté : ses boîtes sont comptées dès maintenant."

    page = partial(_page_operateur, requete, reference, form)
    return traiter(requete, form, rattacher, requete.path, page, champ="domaine")


def _page_operateur(
    requete: Requete, reference: Referencement, form: FormulaireDomaine, statut: int
) -> HttpResponse:
    (lu,) = avec_leurs_comptes([reference])
    tient = peut(requete.user, GesteReference.TENIR_ANNUAIRE)
    contexte = {"operateur": lu, "form": form, "tient": tient}
    return render(requete, "gestion/annuaire_sante/operateur.html", contexte, status=statut)


@bouton_de(instructeurs)
def retirer_domaine(requete: Requete, numero_ans: str, domaine: int) -> HttpResponse:
    get_object_or_404(queries.operateurs(), numero_ans=numero_ans)

    def retirer() -> str:
        nom = services.retirer_domaine(numero_ans=numero_ans, domaine=domaine, auteur=auteur(requete.user))
        return f"Le domaine « {nom} » est retiré : ses boîtes ne sont plus comptées."

    return faire(requete, retirer, reverse("gestion:annuaire_operateur", args=[numero_ans]))


@page_de(lecteurs_des_comptages)
@limite("exports", PERSONNE, 60, HEURE, quoi="exports", lectures=True)
def adresses(requete: Requete, numero_ans: str) -> HttpResponse:
    """The addresses behind the counts, of one type or of all, in an extract that still has them."""
    reference = get_object_or_404(queries.operateurs(), numero_ans=numero_ans)
    gardes = list(queries.extraits().filter(adresses_oubliees_le=None))
    dernier = str(gardes[0].pk) if gardes else ""
    filtre = Filtre.lire(
        requete.GET,
        Critere(
            "extrait",
            "Extrait",
            dernier,
            [(str(un.pk), instant_fr(un.instant)) for un in gardes],
            sinon=dernier,
        ),
        Critere("type", "Type", "", [("", "Tous"), *TypeBAL.choices]),
    )
    trouvees = queries.adresses(numero_ans, entier(filtre.valeur("extrait")) or 0, filtre.valeur("type"))
    contexte = {
        "reference": reference,
        "retour": reverse("gestion:annuaire_operateur", args=[numero_ans]),
        "titre": f"Adresses de l'opérateur {numero_ans}",
        "extrait": dernier,
        "criteres": filtre.criteres,
        "affiche": ADRESSES.lire(trouvees, requete.GET),
    }
    return render(requete, "gestion/annuaire_sante/adresses.html", contexte)
