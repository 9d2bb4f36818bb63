"""The Annuaire Santé of the officers: extracts, what each operator declares, and where each number comes from."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.annuaire_sante import queries, services
from segurnum.annuaire_sante.models import DomaineOperateur, TypeBAL
from segurnum.annuaire_sante.queries import Comptage, Manque
from segurnum.annuaire_sante.tableurs import COLONNES_COMPTAGES
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import PROFILS_INSTRUCTEURS
from segurnum.controles.problemes import en_nombre
from segurnum.referentiel.models import Referencement
from segurnum.regles.calendrier import instant_fr, maintenant
from segurnum.web.commun.acces import Requete, reserve_a
from segurnum.web.commun.limites import HEURE, PERSONNE, limite
from segurnum.web.gestion.formulaires_annuaire import FormulaireDomaine
from segurnum.web.gestion.tableurs import Tableur
from segurnum.web.kits.criteres import Critere
from segurnum.web.kits.filtres import contient
from segurnum.web.kits.geste import Saisie, envoi, faire, traiter
from segurnum.web.kits.tableau import Colonne, Tableau

COMMANDE = "segurnum annuaire importer Extraction_Correspondance_MSSante_AAAAMMJJhhmm.txt"
_DERNIERS = 5
OPERATEURS = Tableau(
    "liste-operateurs",
    "Boîtes déclarées à ce jour, par opérateur",
    (
        Colonne(
            "numero",
            "Numéro ANS",
            contient("numero_ans"),
            ("numero_ans",),
            cellule="reference.numero_ans",
            titre=True,
            lien=lambda ligne: reverse("gestion:annuaire_operateur", args=[ligne.reference.numero_ans]),
        ),
        Colonne("logiciel", "Solution", contient("logiciel"), ("logiciel",), cellule="reference.designation"),
        Colonne("boites", "Domaines et boîtes", cellule="gestion/cellules/boites.html"),
    ),
    ordre=("numero_ans",),
)
ADRESSES = Tableau(
    "liste-adresses",
    "Adresses de l'opérateur dans l'extrait choisi",
    (
        Colonne("adresse", "Adresse", contient("adresse"), ("adresse",), titre=True),
        Colonne("domaine", "Domaine", contient("domaine")),
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
        Colonne("charge", "Chargé le", cellule="charge_le|instant", precision="auteur.get_username"),
        Colonne("gardees", "Adresses", cellule="gestion/cellules/adresses_gardees.html"),
    ),
)

redacteurs = reserve_a(*PROFILS_INSTRUCTEURS)


@dataclass(frozen=True)
class LigneOperateur:
    """An operator, its domains, and its counts of now or why it has none."""

    reference: Referencement
    domaines: list[DomaineOperateur]
    comptage: Comptage | None
    manque: Manque | None


@redacteurs
@require_safe
def accueil(requete: Requete) -> HttpResponse:
    contexte = {
        "titre": "Annuaire Santé",
        "affiche": OPERATEURS.lire(queries.operateurs(), requete.GET, presenter=_operateurs),
        "extraits": EXTRAITS.montrer(queries.extraits()[:_DERNIERS]),
        "commande": COMMANDE,
    }
    return render(requete, "gestion/annuaire_sante/accueil.html", contexte)


def _operateurs(references: Any) -> list[LigneOperateur]:
    numeros = [reference.numero_ans for reference in references]
    comptages = queries.comptages(numeros, maintenant())
    domaines = queries.domaines_de(numeros)
    return [
        LigneOperateur(
            reference,
            domaines[reference.numero_ans],
            trouve if isinstance(trouve := comptages[reference.numero_ans], Comptage) else None,
            trouve if isinstance(trouve, Manque) else None,
        )
        for reference in references
    ]


@redacteurs
@require_safe
def extraits(requete: Requete) -> HttpResponse:
    contexte = {"affiche": EXTRAITS.tourner(queries.extraits(), requete.GET), "commande": COMMANDE}
    return render(requete, "gestion/annuaire_sante/extraits.html", contexte)


COMPTAGES = Tableur(
    titre="Charger des comptages applicatifs",
    courant="Charger des comptages",
    parent="Annuaire Santé",
    route="gestion:annuaire_sante",
    explication="gestion/annuaire_sante/comptages.html",
    ligne="un comptage",
    bouton="Charger le fichier",
    champ="Fichier des comptages applicatifs",
    colonnes=COLONNES_COMPTAGES,
)


@redacteurs
@COMPTAGES.fichier.recoit
@limite("referentiel", PERSONNE, 60, HEURE, quoi="fichiers")
@require_http_methods(["GET", "HEAD", "POST"])
def comptages(requete: Requete) -> HttpResponse:
    def prendre(fichier: Any) -> None:
        bilan = services.importer_comptages(
            chemin=Path(fichier.temporary_file_path()), auteur=auteur(requete.user)
        )
        messages.success(
            requete,
            f"Le fichier « {fichier.name} » est chargé : "
            f"{en_nombre(bilan.nouveaux, 'comptage nouveau', 'comptages nouveaux')}, "
            f"{en_nombre(bilan.remplaces, 'remplacé')}, {en_nombre(bilan.inchanges, 'inchangé')}.",
        )

    return COMPTAGES.servir(requete, prendre)


@redacteurs
@require_http_methods(["GET", "HEAD", "POST"])
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
    (ligne,) = _operateurs([reference])
    contexte = {"ligne": ligne, "comptes": _comptes(ligne.comptage), "form": form}
    return render(requete, "gestion/annuaire_sante/operateur.html", contexte, status=statut)


def _comptes(comptage: Comptage | None) -> list[tuple[TypeBAL, int, str, bool]]:
    """Each kind, its number, its source, and whether the extract has the addresses."""
    if comptage is None:
        return []
    c, T = comptage, TypeBAL
    return [
        (T.APPLICATIVE, c.applicatives, c.source_applicatives, not c.applicatives_fournies),
        (T.ORGANISATIONNELLE, c.organisationnelles, c.source_organisationnelles, True),
        (T.NOMINATIVE, c.nominatives, c.source_nominatives, True),
    ]


@redacteurs
@require_POST
def retirer_domaine(requete: Requete, numero_ans: str, domaine: int) -> HttpResponse:
    get_object_or_404(queries.operateurs(), numero_ans=numero_ans)

    def retirer() -> str:
        nom = services.retirer_domaine(numero_ans=numero_ans, domaine=domaine, auteur=auteur(requete.user))
        return f"Le domaine « {nom} » est retiré : ses boîtes ne sont plus comptées."

    return faire(requete, retirer, reverse("gestion:annuaire_operateur", args=[numero_ans]))


@redacteurs
@limite("exports", PERSONNE, 60, HEURE, quoi="exports", lectures=True)
@require_safe
def adresses(requete: Requete, numero_ans: str) -> HttpResponse:
    """The addresses behind the counts, of one type or of all, in an extract that still has them."""
    reference = get_object_or_404(queries.operateurs(), numero_ans=numero_ans)
    gardes = list(queries.extraits().filter(adresses_oubliees_le=None))
    voulu = requete.GET.get("extrait", "")
    extrait = next((un for un in gardes if str(un.pk) == voulu), gardes[0] if gardes else None)
    type_bal = requete.GET.get("type", "")
    type_bal = type_bal if type_bal in TypeBAL.values else ""
    trouvees = queries.adresses(numero_ans, extrait.pk if extrait else 0, type_bal)
    contexte = {
        "reference": reference,
        "titre": f"Adresses de l'opérateur {numero_ans}",
        "extrait": extrait,
        "criteres": [
            Critere(
                "extrait",
                "Extrait",
                str(extrait.pk) if extrait else "",
                [(str(un.pk), instant_fr(un.instant)) for un in gardes],
            ),
            Critere("type", "Type", type_bal, [("", "Tous"), *TypeBAL.choices]),
        ],
        "affiche": ADRESSES.lire(trouvees, requete.GET),
    }
    return render(requete, "gestion/annuaire_sante/adresses.html", contexte)
