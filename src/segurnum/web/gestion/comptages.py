"""Counts that officers give, typed or in a file: what they would change, and who confirms them."""

from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from segurnum.annuaire_sante import propositions as services
from segurnum.annuaire_sante import queries
from segurnum.annuaire_sante.models import PropositionComptages
from segurnum.annuaire_sante.permissions import gestes_des_comptages
from segurnum.annuaire_sante.tableurs import COLONNES_COMPTAGES, NOMBRE_MAX, SOURCE_MAX
from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.depots.reprise import effets_des_comptages, juger_comptages, marque, relire_comptages
from segurnum.journal.chronologie import COMPTAGES as MOTS
from segurnum.journal.chronologie import chronologie
from segurnum.journal.queries import evenements_de
from segurnum.kits.champs import champ_jour, motif
from segurnum.kits.criteres import critere_de_statut
from segurnum.kits.geste import Geste, PageFormulaire, Refus, Saisie, admis, envoi, geste, par_code
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.regles.calendrier import date_fr
from segurnum.regles.cycles_annuaire import GesteComptages, StatutComptages
from segurnum.regles.erreurs import GesteImpossible
from segurnum.seuil.acces import (
    Requete,
    bouton_de,
    formulaire_de,
    instructeurs,
    lecteurs_des_comptages,
    page_de,
)
from segurnum.web.gestion.instruction import FileAttente, Instruction, Proposes
from segurnum.web.gestion.tableurs import Tableur

LIGNES_MONTREES = 100
SUITE = "Les comptages sont donnés. Relisez ce qu'ils changent : une autre personne doit les confirmer."
TABLEAU = Tableau(
    "liste-comptages",
    "Comptages donnés, le dernier d'abord",
    (
        Colonne(
            "comptages",
            "Comptages",
            cellule="gestion/cellules/comptages.html",
            titre=True,
            lien=vers("gestion:comptages_donnes"),
        ),
        Colonne("auteur", "Donnés par", cellule='auteur|nomme|default:"une commande du portail"'),
        Colonne("cree_le", "Donnés le", cellule="cree_le|instant", insecable=True),
        Colonne("statut", "Statut", cellule="statut|badge"),
        Colonne("juge", "Jugés par", cellule='juge_par|nomme|default:"–"'),
    ),
    ordre=("-cree_le", "-pk"),
)
FILE = FileAttente(
    "Comptages donnés",
    "Filtrer les comptages",
    TABLEAU,
    queries.propositions,
    lambda _: [critere_de_statut(StatutComptages.A_CONFIRMER, tuple(StatutComptages))],
)


@page_de(lecteurs_des_comptages)
def liste(requete: Requete) -> HttpResponse:
    resume = "Un comptage ne compte que confirmé par une autre personne que celle qui l'a donné."
    return FILE.montrer(requete, resume=resume, retour="gestion:annuaire_sante")


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
    suite="gestion:comptages_donnes",
)


def _prendre(requete: Requete, fichier: Any) -> int:
    donnes = services.proposer_fichier(
        chemin=Path(fichier.temporary_file_path()), nom=fichier.name, auteur=auteur(requete.user)
    )
    messages.success(requete, SUITE)
    return donnes.pk


importer = COMPTAGES.page(instructeurs, _prendre)


class FormulaireComptage(forms.Form):
    """One count, as a line of a file says it."""

    domaine = forms.ChoiceField(label="Domaine", error_messages={"required": "Choisissez le domaine."})
    nombre = forms.IntegerField(
        label="Nombre de boîtes applicatives",
        min_value=0,
        max_value=NOMBRE_MAX,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Indiquez le nombre de boîtes ; 0 s'il n'y en a aucune.",
            "invalid": "Un nombre entier, en chiffres, est attendu.",
        },
    )
    date = champ_jour(
        "Date du comptage", "Indiquez la date du comptage.", "Le jour où ces boîtes ont été comptées."
    )
    source = forms.CharField(
        label="Source",
        max_length=SOURCE_MAX,
        help_text="D'où vient ce nombre : il est lu par l'opérateur.",
        error_messages={"required": "Dites d'où vient ce nombre."},
    )

    def __init__(self, domaines: list[str], *envoye: Any) -> None:
        super().__init__(*envoye)
        self.fields["domaine"].choices = [(domaine, domaine) for domaine in domaines]  # type: ignore[attr-defined]


@formulaire_de(instructeurs)
def saisir(requete: Requete, numero_ans: str) -> HttpResponse:
    """One count of an operator's domain."""
    reference = get_object_or_404(queries.operateurs(), numero_ans=numero_ans)
    domaines = [ligne.domaine for ligne in queries.domaines_de([numero_ans])[numero_ans]]

    def donner(saisie: Saisie) -> HttpResponse:
        cellules = [saisie["domaine"], str(saisie["nombre"]), date_fr(saisie["date"]), saisie["source"]]
        donnes = services.proposer(cellules=cellules, auteur=auteur(requete.user))
        messages.success(requete, SUITE)
        return redirect("gestion:comptages_donnes", donnes.pk)

    page = PageFormulaire(
        f"Donner un comptage – {reference.designation}",
        "Donner ce comptage",
        reverse("gestion:annuaire_operateur", args=[numero_ans]),
        "Il compte une fois confirmé par une autre personne, tant que l'extrait n'a aucune boîte applicative de "
        "l'opérateur.",
        numero_ans,
    )
    return page.traiter(requete, FormulaireComptage(domaines, envoi(requete)), donner, champ="date")


def _donnes(comptages: int) -> PropositionComptages:
    trouves = queries.propositions().filter(pk=comptages).first()
    if trouves is None:
        raise Http404
    return trouves


def _geste(
    code: str, passage: GesteComptages, formulaire: type[forms.Form], fait: str, *, grave: bool = False
) -> Geste[PropositionComptages]:
    def agir(ligne: PropositionComptages, auteur: Auteur, saisie: Saisie) -> object:
        return juger_comptages(proposition=ligne.pk, geste=passage, auteur=auteur, **saisie)

    return geste(code, passage, formulaire, agir, fait, grave=grave)


GESTES = par_code(
    _geste("confirmer", GesteComptages.CONFIRMER, forms.Form, "confirmés"),
    _geste(
        "refuser",
        GesteComptages.REFUSER,
        motif(
            "Motif du refus",
            "Lu par la personne qui a donné ces comptages.",
            "Le motif est obligatoire : dites ce qui est à reprendre.",
        ),
        "refusés",
        grave=True,
    ),
    _geste("retirer", GesteComptages.RETIRER, forms.Form, "retirés", grave=True),
)


def _contexte(
    requete: Requete, ligne: PropositionComptages, refus: Refus, proposes: Proposes[PropositionComptages]
) -> dict[str, Any]:
    prevus, faute = None, ""
    try:
        prevus = effets_des_comptages(ligne)
    except GesteImpossible as impossible:
        faute = str(impossible)
        proposes.pop("confirmer", None)
    return {
        "effets": prevus,
        "faute": faute,
        "marque": refus.vue or marque(ligne, prevus),
        "montrees": LIGNES_MONTREES,
        "lignes": [(d, int(n), *reste) for d, n, *reste in ligne.lignes[:LIGNES_MONTREES]],
        "sien": ligne.statut is StatutComptages.A_CONFIRMER and ligne.auteur_id == requete.user.pk,
        "moments": chronologie(evenements_de(ligne.chaine).filter(objet=ligne.objet), str(ligne), MOTS),
    }


INSTRUCTION: Instruction[PropositionComptages] = Instruction(
    sur="des comptages",
    gabarit="gestion/annuaire_sante/comptages.html",
    page="gestion:comptages_donnes",
    geste="gestion:geste_comptages",
    phrase="Les comptages sont {1}.",
    trouver=_donnes,
    cle=lambda ligne: (ligne.pk,),
    gestes=lambda _: GESTES,
    permis=lambda personne, ligne: admis(GESTES, gestes_des_comptages(personne, ligne)),
    contexte=_contexte,
    reprendre=relire_comptages,
)
consultation = page_de(lecteurs_des_comptages)(INSTRUCTION.montrer)
faire = bouton_de(instructeurs)(INSTRUCTION.faire)
