"""Envelopes, and the movements of credits that one person proposes and another approves (GST-016, GST-029)."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from segurnum import couloirs
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.droits import peut
from segurnum.grand_livre import mouvements as services
from segurnum.grand_livre.models import Mouvement
from segurnum.grand_livre.permissions import gestes_du_mouvement
from segurnum.grand_livre.queries import choix_d_enveloppes, mouvement_entier, mouvements
from segurnum.journal.chronologie import MOUVEMENTS as MOTS
from segurnum.journal.chronologie import chronologie
from segurnum.journal.queries import evenements_de
from segurnum.kits.champs import ChampMontant, champ_jour, liste, motif, proposer, texte
from segurnum.kits.criteres import critere_de_statut
from segurnum.kits.geste import PageFormulaire, Saisie, admis, envoi, geste, par_code, sur
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.paiements import enveloppes as budgets
from segurnum.paiements.models import Enveloppe
from segurnum.paiements.queries import enveloppes
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import annee_de_paris
from segurnum.regles.cycles_enveloppes import GenreMouvement, GesteMouvement, StatutMouvement
from segurnum.regles.gestes import GesteReference
from segurnum.seuil.acces import (
    Requete,
    administration,
    bouton_de,
    controleurs,
    formulaire_de,
    page_de,
    regleurs_d_enveloppes,
)
from segurnum.web.gestion.instruction import FileAttente, Instruction

APPROBATION = "Les crédits ne bougent que quand une autre personne de l'administration approuve le mouvement."

ENVELOPPES = Tableau(
    "titre-enveloppes",
    "Budgets sur lesquels les décisions prennent leur montant",
    (
        Colonne("libelle", "Enveloppe", titre=True, lien=vers("gestion:enveloppe")),
        Colonne("exercice", "Exercice"),
        Colonne("validite", "Valable", cellule="gestion/cellules/validite.html"),
        Colonne("rang", "Rang", nombre=True),
        Colonne("dsr", "Couloirs financés", cellule='dsr|join:", "'),
        Colonne("montant", "Montant", cellule="montant|euros", nombre=True),
        Colonne("decide", "Décidé", cellule="decide|euros", nombre=True),
        Colonne("reste", "Reste", cellule="reste|euros", nombre=True),
        Colonne("ecritures", "Écritures", cellule="gestion/cellules/traces_enveloppe.html"),
    ),
)


class FormulaireEnveloppe(forms.Form):
    libelle = forms.CharField(
        label="Nom",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Donnez un nom à cette enveloppe."},
    )
    exercice = forms.IntegerField(
        label="Exercice",
        min_value=2020,
        max_value=2100,
        help_text="L'année budgétaire.",
        error_messages={"required": "Indiquez l'année budgétaire.", "invalid": "Une année est attendue."},
    )
    valable_du = champ_jour("Premier jour de validité", "", "Heure de Paris. Vide : sans limite.")
    valable_au = champ_jour("Dernier jour de validité", "", "Ce jour compris. Vide : sans limite.")
    rang = forms.IntegerField(
        label="Rang",
        min_value=1,
        max_value=99,
        help_text="Pour un même couloir, les décisions prennent sur l'enveloppe valable de plus petit rang ; sur la "
        "suivante, quand elle ne suffit plus.",
        error_messages={"required": "Indiquez un rang : 1 pour la première enveloppe."},
    )
    dsr = forms.MultipleChoiceField(
        label="Couloirs financés",
        choices=[(couloir.dsr, couloir.libelle_vague) for couloir in couloirs.tous()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un couloir que cette enveloppe finance."},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["valable_du"].required = self.fields["valable_au"].required = False


def _motif(aide: str) -> forms.CharField:
    return texte(
        "Motif",
        maximum=300,
        help_text=aide,
        error_messages={"required": "Le motif est obligatoire : la loi de finances, l'arrêté, la décision."},
    )


class FormulaireOuverture(FormulaireEnveloppe):
    montant = ChampMontant(label="Crédits à ouvrir (€)", help_text=APPROBATION)
    motif = _motif("Ce qui ouvre ces crédits.")


class FormulaireMouvement(forms.Form):
    genre = liste(
        "Mouvement",
        "Choisissez ce que le mouvement fait.",
        "Choisir",
        [(genre.value, genre.libelle) for genre in GenreMouvement],
    )
    enveloppe = liste("Enveloppe", "Choisissez l'enveloppe.", "Choisir")
    destination = liste(
        "Enveloppe à créditer", "", "Aucune", help_text="Pour un virement : l'enveloppe qui reçoit."
    )
    montant = ChampMontant(label="Montant (€)")
    motif = _motif("Ce qui justifie ce mouvement ; la personne qui l'approuve le lit.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choix = list(choix_d_enveloppes())
        for nom in ("enveloppe", "destination"):
            proposer(self, nom, choix)


@page_de(controleurs)
def liste_enveloppes(requete: Requete) -> HttpResponse:
    regle = peut(requete.user, GesteReference.REGLER_ENVELOPPE)
    contexte = {"titre": "Enveloppes", "regle": regle, "affiche": ENVELOPPES.montrer(enveloppes())}
    return render(requete, "gestion/enveloppes.html", contexte)


def _page(titre: str, marque: str, resume: str) -> PageFormulaire:
    return PageFormulaire(titre, "Enregistrer", reverse("gestion:enveloppes"), resume, "Enveloppes", marque)


def _reglage(saisie: Saisie) -> budgets.Reglage:
    return budgets.Reglage(**{champ: saisie[champ] for champ in FormulaireEnveloppe.base_fields})


@formulaire_de(administration)
def ouvrir(requete: Requete) -> HttpResponse:
    """A new envelope, and the credits that it asks for."""

    def agir(saisie: Saisie) -> str:
        ouverte = budgets.ouvrir(
            reglage=_reglage(saisie),
            montant=saisie["montant"],
            motif=saisie["motif"],
            vue=requete.POST.get("vue", ""),
            auteur=auteur(requete.user),
        )
        return f"L'enveloppe « {ouverte} » est ouverte, sans crédits encore : une autre personne doit les approuver."

    page = _page("Nouvelle enveloppe", budgets.marque_de(None), APPROBATION)
    initiales = {"exercice": annee_de_paris(), "rang": 1}
    return page.traiter(requete, FormulaireOuverture(envoi(requete), initial=initiales), agir)


def _fiche(ligne: Enveloppe) -> list[tuple[str, object]]:
    return [
        ("Exercice", ligne.exercice),
        ("Valable", budgets.validite(ligne)),
        ("Rang", ligne.rang),
        ("Couloirs financés", ", ".join(couloirs.par_dsr(dsr).libelle_vague for dsr in ligne.dsr)),
        ("Montant", en_euros(ligne.montant)),
    ]


@formulaire_de(controleurs, regleurs_d_enveloppes)
def regler(requete: Requete, enveloppe: int) -> HttpResponse:
    """All that is settled of an envelope but its amount; to read, for who audits."""
    ligne: Enveloppe = get_object_or_404(enveloppes(), pk=enveloppe)
    if not peut(requete.user, GesteReference.REGLER_ENVELOPPE):
        return render(requete, "gestion/enveloppe_lue.html", {"enveloppe": ligne, "fiche": _fiche(ligne)})
    connues = {champ: getattr(ligne, champ) for champ in FormulaireEnveloppe.base_fields}

    def agir(saisie: Saisie) -> str:
        reglee = budgets.regler(
            enveloppe=enveloppe,
            reglage=_reglage(saisie),
            vue=requete.POST.get("vue", ""),
            auteur=auteur(requete.user),
        )
        return f"L'enveloppe « {reglee} » est enregistrée."

    resume = "Ce qui change est écrit au journal. Son montant change par un mouvement de crédits."
    page = _page(str(ligne), budgets.marque_de(ligne), resume)
    return page.traiter(requete, FormulaireEnveloppe(envoi(requete), initial=connues), agir)


# --- Movements

FILE = FileAttente(
    "Mouvements de crédits",
    "Filtrer les mouvements",
    Tableau(
        "liste-mouvements",
        "Mouvements de crédits, le plus récent d'abord",
        (
            Colonne(
                "genre", "Mouvement", cellule="genre.libelle", titre=True, lien=vers("gestion:mouvement")
            ),
            Colonne("enveloppe", "Enveloppe", cellule="enveloppe.libelle"),
            Colonne("destination", "Vers", cellule='destination|default:"–"'),
            Colonne("montant", "Montant", cellule="montant|euros", nombre=True),
            Colonne("motif", "Motif"),
            Colonne("auteur", "Proposé par", cellule="auteur.nom_complet", precision="cree_le|instant"),
            Colonne("statut", "Statut", cellule="statut|badge"),
        ),
        ordre=("-pk",),
    ),
    mouvements,
    lambda _: [critere_de_statut(StatutMouvement.A_APPROUVER, tuple(StatutMouvement))],
)
GESTES = par_code(
    geste(
        "approuver", GesteMouvement.APPROUVER, forms.Form, sur("mouvement", services.approuver), "approuvé"
    ),
    geste(
        "refuser",
        GesteMouvement.REFUSER,
        motif(
            "Motif du refus",
            "Lu par la personne qui a proposé le mouvement.",
            "Le motif est obligatoire : dites ce qui est à reprendre.",
        ),
        sur("mouvement", services.refuser),
        "refusé",
        grave=True,
    ),
    geste(
        "retirer",
        GesteMouvement.RETIRER,
        forms.Form,
        sur("mouvement", services.retirer),
        "retiré",
        grave=True,
    ),
)


@page_de(controleurs)
def liste_mouvements(requete: Requete) -> HttpResponse:
    return FILE.montrer(requete, resume=APPROBATION)


@formulaire_de(administration)
def proposer_mouvement(requete: Requete) -> HttpResponse:
    form = FormulaireMouvement(envoi(requete), initial={"enveloppe": requete.GET.get("enveloppe", "")})

    def agir(saisie: Saisie) -> HttpResponse:
        propose = services.proposer(
            genre=GenreMouvement(saisie["genre"]),
            enveloppe=int(saisie["enveloppe"]),
            destination=int(saisie["destination"]) if saisie["destination"] else None,
            montant=saisie["montant"],
            motif=saisie["motif"],
            auteur=auteur(requete.user),
        )
        return redirect("gestion:mouvement", propose.pk)

    page = PageFormulaire(
        "Proposer un mouvement de crédits",
        "Proposer",
        reverse("gestion:enveloppes"),
        APPROBATION,
        "Enveloppes",
    )
    return page.traiter(requete, form, agir)


def _mouvement(mouvement: int) -> Mouvement:
    trouve = mouvement_entier(mouvement)
    if trouve is None:
        raise Http404
    return trouve


def _contexte(requete: Requete, ligne: Mouvement, *_: Any) -> dict[str, Any]:
    siens = evenements_de(ligne.chaine).filter(objet=ligne.objet)
    return {
        "sien": ligne.auteur_id == requete.user.pk,
        "moments": chronologie(siens, f"mouvement {ligne.pk}", MOTS),
    }


INSTRUCTION: Instruction[Mouvement] = Instruction(
    sur="un mouvement",
    gabarit="gestion/mouvement.html",
    page="gestion:mouvement",
    geste="gestion:geste_mouvement",
    phrase="Le mouvement est {1}.",
    trouver=_mouvement,
    cle=lambda ligne: (ligne.pk,),
    gestes=lambda _: GESTES,
    permis=lambda personne, ligne: admis(GESTES, gestes_du_mouvement(personne, ligne)),
    contexte=_contexte,
)
consultation = page_de(controleurs)(INSTRUCTION.montrer)
faire = bouton_de(administration)(INSTRUCTION.faire)
