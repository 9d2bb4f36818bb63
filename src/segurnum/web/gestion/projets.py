"""What is proposed of the calendar, the scales and the ceilings: written or sent, looked at, approved by another."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from segurnum import couloirs
from segurnum.comptes.auteurs import auteur
from segurnum.controles.refus import FichierRefuse
from segurnum.demandes.apercus import Effets, effets
from segurnum.journal.chronologie import REGLAGES as MOTS
from segurnum.journal.chronologie import chronologie
from segurnum.journal.queries import evenements_de
from segurnum.kits.champs import motif
from segurnum.kits.criteres import critere_de_statut
from segurnum.kits.geste import PageFormulaire, Saisie, admis, choisir, envoi, geste, par_code, sur
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.kits.televersement import CLASSEUR
from segurnum.referentiel import projets as services
from segurnum.referentiel.fenetres import en_vigueur
from segurnum.referentiel.models import Projet
from segurnum.referentiel.permissions import gestes_du_projet
from segurnum.referentiel.projets import REGLAGES
from segurnum.referentiel.queries import projet_entier, projets
from segurnum.regles.cycles_reglages import GenreReglage, GesteProjet, StatutProjet
from segurnum.regles.erreurs import GesteImpossible
from segurnum.seuil.acces import Requete, administration, bouton_de, controleurs, formulaire_de, page_de
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.web.gestion.instruction import FileAttente, Instruction
from segurnum.web.gestion.tableurs import Tableur

LIGNES_MONTREES = 100
LIGNES_A_CORRIGER = 500
SUITE = (
    "Le brouillon est écrit. Relisez ce qu'il change, puis soumettez-le : une autre personne l'approuvera."
)

TABLEAU = Tableau(
    "liste-projets",
    "Projets de réglage, le plus récent d'abord",
    (
        Colonne("genre", "Sorte", cellule="genre.libelle", titre=True, lien=vers("gestion:projet")),
        Colonne("dsr", "DSR", cellule='dsr|join:", "'),
        Colonne("auteur", "Écrit par", cellule="auteur.nom_complet"),
        Colonne("cree_le", "Écrit le", cellule="cree_le|instant", insecable=True),
        Colonne("statut", "Statut", cellule="statut|badge"),
        Colonne("depuis", "Depuis le", cellule="statut_depuis|instant", insecable=True),
    ),
    ordre=("-cree_le", "-pk"),
)
FILE = FileAttente(
    "Projets de réglage",
    "Filtrer les projets",
    TABLEAU,
    projets,
    lambda _: [critere_de_statut(StatutProjet.A_APPROUVER, tuple(StatutProjet))],
)
GESTES = par_code(
    geste(
        "soumettre",
        GesteProjet.SOUMETTRE,
        forms.Form,
        sur("projet", services.soumettre),
        "soumis à approbation",
    ),
    geste("approuver", GesteProjet.APPROUVER, forms.Form, sur("projet", services.approuver), "approuvé"),
    geste(
        "refuser",
        GesteProjet.REFUSER,
        motif(
            "Motif du refus",
            "Lu par la personne qui a écrit le projet.",
            "Le motif est obligatoire : dites ce qui est à reprendre.",
        ),
        sur("projet", services.refuser),
        "refusé",
        grave=True,
    ),
    geste(
        "reprendre",
        GesteProjet.REPRENDRE,
        forms.Form,
        sur("projet", services.reprendre),
        "repris en brouillon",
    ),
    geste(
        "abandonner",
        GesteProjet.ABANDONNER,
        forms.Form,
        sur("projet", services.abandonner),
        "abandonné",
        grave=True,
    ),
)


class FormulaireLignes(forms.Form):
    """The lines of a draft, as a file has them."""

    lignes = forms.CharField(
        label="Lignes, une par ligne, séparées par des points-virgules",
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        error_messages={"required": "Une ligne au moins est attendue : sinon, abandonnez le projet."},
    )


def proposer(requete: Requete, genre: GenreReglage, cellules: list[list[str]]) -> HttpResponse:
    """Write what a form says as a draft, and lead to it. Raises GesteImpossible, with the field where it is known."""
    try:
        services.juger(genre, cellules)
        ecrit = services.proposer(genre=genre, cellules=cellules, auteur=auteur(requete.user))
    except FichierRefuse as refus:
        raise GesteImpossible(services.en_clair(refus)) from refus
    messages.success(requete, SUITE)
    return redirect("gestion:projet", ecrit.pk)


@page_de(controleurs)
def liste(requete: Requete) -> HttpResponse:
    resume = (
        "Une fenêtre, un barème ou des plafonds n'entrent en vigueur qu'approuvés par une autre personne que celle qui "
        "les a écrits."
    )
    return FILE.montrer(requete, resume=resume)


def _projet(projet: int) -> Projet:
    trouve = projet_entier(projet)
    if trouve is None:
        raise Http404
    return trouve


@formulaire_de(administration)
def corriger(requete: Requete, projet: int) -> HttpResponse:
    """The lines of one's draft, as they were written."""
    ligne = _projet(projet)
    if ligne.statut is not StatutProjet.BROUILLON or len(ligne.lignes) > LIGNES_A_CORRIGER:
        raise Http404
    initiales = "\n".join(";".join(cellules) for cellules in ligne.lignes)
    form = FormulaireLignes(envoi(requete), initial={"lignes": initiales})

    def ecrire(saisie: Saisie) -> str:
        brutes = [brute for brute in saisie["lignes"].splitlines() if brute.strip()]
        try:
            services.proposer(
                genre=ligne.genre,
                cellules=[[cellule.strip() for cellule in brute.split(";")] for brute in brutes],
                auteur=auteur(requete.user),
                projet=projet,
            )
        except FichierRefuse as refus:
            raise GesteImpossible(services.tout_dire(refus)) from refus
        return "Le brouillon est corrigé."

    page = PageFormulaire(
        f"Corriger : {ligne}",
        "Enregistrer",
        reverse("gestion:projet", args=[projet]),
        f"Dans l'ordre : {' ; '.join(REGLAGES[ligne.genre].table.colonnes)}.",
        "Projet de réglage",
    )
    return page.traiter(requete, form, ecrire, champ="lignes")


IMPORTS = {
    genre: Tableur(
        titre=f"Importer : {genre.libelle.lower()}",
        courant="Importer",
        parent=parent,
        route=route,
        explication=f"gestion/explications/{genre.value.lower()}.html",
        ligne=ligne,
        bouton="Écrire le brouillon",
        champ="Fichier à importer",
        colonnes=REGLAGES[genre].table.colonnes,
        suite="gestion:projet",
        regle=CLASSEUR,
    )
    for genre, parent, route, ligne in (
        (GenreReglage.FENETRES, "Fenêtres de dépôt", "gestion:fenetres", "une fenêtre"),
        (GenreReglage.BAREMES, "Barèmes et plafonds", "gestion:baremes", "un chiffre"),
        (GenreReglage.PLAFONDS, "Barèmes et plafonds", "gestion:baremes", "un plafond"),
    )
}
SORTES = {genre.value.lower(): genre for genre in IMPORTS}


@IMPORTS[GenreReglage.PLAFONDS].fichier.recoit
@formulaire_de(administration)
@limite("referentiel", PERSONNE, 60, HEURE, quoi="fichiers")
def importer(requete: Requete, sorte: str) -> HttpResponse:
    """A draft of what a file holds; every line at fault is told, and nothing is then written."""
    choisi = choisir(SORTES, sorte)

    def prendre(requete: Requete, fichier: Any) -> int:
        table = REGLAGES[choisi].table
        lues = table.du_fichier(fichier.read(), fichier.name)
        table.lire(lues)  # told by the lines of the file, blank ones counted
        ecrit = services.proposer(
            genre=choisi,
            cellules=[cellules for _, cellules in lues],
            auteur=auteur(requete.user),
            fichier=fichier.name,
        )
        messages.success(requete, SUITE)
        return ecrit.pk

    chiffres = [
        (
            couloir.code,
            ", ".join(chiffre.nom for chiffre in (*couloir.bareme.chiffres, *couloir.bareme.facultatifs)),
        )
        for couloir in couloirs.tous()
    ]
    return IMPORTS[choisi].servir(requete, prendre, chiffres=chiffres)


def _contexte(requete: Requete, ligne: Projet, *_: Any) -> dict[str, Any]:
    permis = gestes_du_projet(requete.user, ligne)
    ouvert = ligne.statut in (StatutProjet.BROUILLON, StatutProjet.A_APPROUVER)
    table = REGLAGES[ligne.genre].table
    tableaux = [
        ("Lignes du projet", [table.montrer(cellules) for cellules in ligne.lignes[:LIGNES_MONTREES]])
    ]
    if ouvert and ligne.genre is GenreReglage.FENETRES and (suivies := en_vigueur(ligne)):
        tableaux.append(("En vigueur aujourd'hui", suivies))
    return {
        "colonnes": "|".join(table.titres),
        "tableaux": tableaux,
        "montrees": LIGNES_MONTREES,
        "corriger": GesteProjet.CORRIGER in permis and len(ligne.lignes) <= LIGNES_A_CORRIGER,
        "sien": ligne.auteur_id == requete.user.pk,
        **(_ce_qui_change(ligne) if ouvert else {"effets": None, "faute": ""}),
        "moments": chronologie(evenements_de(ligne.chaine), f"projet {ligne.pk}", MOTS),
    }


def _ce_qui_change(ligne: Projet) -> dict[str, Effets | str | None]:
    try:
        return {"effets": effets(ligne), "faute": ""}
    except FichierRefuse as refus:
        return {"effets": None, "faute": services.tout_dire(refus)}


INSTRUCTION: Instruction[Projet] = Instruction(
    sur="un projet",
    gabarit="gestion/projet.html",
    page="gestion:projet",
    geste="gestion:geste_projet",
    phrase="Le projet est {1}.",
    trouver=_projet,
    cle=lambda ligne: (ligne.pk,),
    gestes=lambda _: GESTES,
    permis=lambda personne, ligne: admis(GESTES, gestes_du_projet(personne, ligne)),
    contexte=_contexte,
)
consultation = page_de(controleurs)(INSTRUCTION.montrer)
faire = bouton_de(administration)(INSTRUCTION.faire)
