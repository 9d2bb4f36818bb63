"""The Annuaire Santé of the officers: extracts, what each operator declares, and where each number comes from."""

from functools import partial
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from segurnum.annuaire_sante import queries, services
from segurnum.annuaire_sante.models import TypeBAL
from segurnum.annuaire_sante.operateurs import avec_leurs_comptes
from segurnum.annuaire_sante.tableurs import COLONNES_COMPTAGES
from segurnum.comptes.auteurs import auteur
from segurnum.controles.problemes import en_nombre
from segurnum.kits import colonnes
from segurnum.kits.criteres import Critere, Filtre
from segurnum.kits.geste import Saisie, envoi, faire, traiter
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.referentiel.models import Referencement
from segurnum.regles.calendrier import instant_fr
from segurnum.seuil.acces import Requete, bouton_de, formulaire_de, instructeurs, page_de
from segurnum.seuil.entrees import entier
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.web.gestion.tableurs import Tableur

COMMANDE = "segurnum annuaire importer Extraction_Correspondance_MSSante_AAAAMMJJhhmm.txt"
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
EXTRAITS = Tableau(
    "liste-extraits",
    "Extraits chargés, le plus récent d'abord",
    (
        Colonne("instant", "Date de l'extrait", cellule="instant|instant", titre=True, insecable=True),
        Colonne("empreinte", "Empreinte", cellule="gestion/cellules/empreinte.html"),
        Colonne("lignes", "Lignes", cellule="nombre_lignes|entier", nombre=True),
        Colonne("adresses", "Adresses distinctes", cellule="nombre_adresses|entier", nombre=True),
        Colonne("hors", "Hors comptage", cellule="hors_comptage|entier", nombre=True),
        Colonne("fichier", "Fichier", cellule="nom"),
        Colonne("charge", "Chargé le", cellule="charge_le|instant", precision='auteur|default:""'),
        Colonne("gardees", "Adresses", cellule="gestion/cellules/adresses_gardees.html"),
    ),
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


@page_de(instructeurs)
def accueil(requete: Requete) -> HttpResponse:
    contexte = {
        "titre": "Annuaire Santé",
        "affiche": OPERATEURS.lire(queries.operateurs(), requete.GET, presenter=avec_leurs_comptes),
        "extraits": EXTRAITS.montrer(queries.extraits()[:_DERNIERS]),
        "commande": COMMANDE,
    }
    return render(requete, "gestion/annuaire_sante/accueil.html", contexte)


@page_de(instructeurs)
def extraits(requete: Requete) -> HttpResponse:
    contexte = {
        "titre": "Extraits de l'Annuaire Santé",
        "retour": "gestion:annuaire_sante",
        "affiche": EXTRAITS.tourner(queries.extraits(), requete.GET),
        "commande": COMMANDE,
    }
    return render(requete, "gestion/annuaire_sante/extraits.html", contexte)


COMPTAGES = Tableur(
    titre="Charger des comptages applicatifs",
    courant="Charger des comptages",
    parent="Annuaire Santé",
    route="gestion:annuaire_sante",
    explication="gestion/explications/comptages.html",
    ligne="un comptage",
    bouton="Charger le fichier",
    champ="Fichier des comptages applicatifs",
    colonnes=COLONNES_COMPTAGES,
)


def _prendre_les_comptages(requete: Requete, fichier: Any) -> None:
    chemin = Path(fichier.temporary_file_path())
    bilan = services.importer_comptages(chemin=chemin, auteur=auteur(requete.user))
    messages.success(
        requete,
        f"Le fichier « {fichier.name} » est chargé : "
        f"{en_nombre(bilan.nouveaux, 'comptage nouveau', 'comptages nouveaux')}, "
        f"{en_nombre(bilan.remplaces, 'remplacé')}, {en_nombre(bilan.inchanges, 'inchangé')}.",
    )


comptages = COMPTAGES.page(instructeurs, _prendre_les_comptages)


@formulaire_de(instructeurs)
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
    contexte = {"operateur": lu, "form": form}
    return render(requete, "gestion/annuaire_sante/operateur.html", contexte, status=statut)


@bouton_de(instructeurs)
def retirer_domaine(requete: Requete, numero_ans: str, domaine: int) -> HttpResponse:
    get_object_or_404(queries.operateurs(), numero_ans=numero_ans)

    def retirer() -> str:
        nom = services.retirer_domaine(numero_ans=numero_ans, domaine=domaine, auteur=auteur(requete.user))
        return f"Le domaine « {nom} » est retiré : ses boîtes ne sont plus comptées."

    return faire(requete, retirer, reverse("gestion:annuaire_operateur", args=[numero_ans]))


@page_de(instructeurs)
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
