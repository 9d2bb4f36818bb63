"""Windows, scales and ceilings: what the administration settles before anybody deposits."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from segurnum import couloirs
from segurnum.comptes.droits import peut
from segurnum.couloirs import Couloir
from segurnum.kits.champs import ChampMontant, champ_instant, champ_jour
from segurnum.kits.geste import PageFormulaire, Saisie, envoi
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.referentiel import etat
from segurnum.referentiel import fenetres as dates
from segurnum.referentiel.queries import fenetre, fenetres_de
from segurnum.regles.argent import TAUX_AVANCE, en_taux
from segurnum.regles.calendrier import date_fr, heures_outre_mer
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.cycles_reglages import GenreReglage
from segurnum.regles.gestes import GesteReference
from segurnum.seuil.acces import Requete, administration, controleurs, formulaire_de, page_de
from segurnum.web.gestion.projets import proposer

A_APPROUVER = (
    "Vous écrivez un brouillon : il entre en vigueur quand une autre personne de l'administration l'approuve. Rien de "
    "passé n'est réécrit."
)


def _source() -> forms.CharField:
    return forms.CharField(
        label="Texte légal",
        max_length=200,
        help_text="L'arrêté ou la décision qui le fixe.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Indiquez le texte légal : l'arrêté ou la décision.",
            "max_length": "Le texte légal est trop long : 200 caractères au plus sont attendus.",
        },
    )


def _couloir(dsr: str) -> Couloir:
    try:
        return couloirs.par_dsr(dsr)
    except couloirs.CouloirInconnu:
        raise Http404 from None


# The page of each kind of thing that is settled, and what it is called.
_PARENTS = {
    "fenetres": "Fenêtres de dépôt",
    "baremes": "Barèmes et plafonds",
}


def _page(parent: str, titre: str, marque: str = "", resume: str = "") -> PageFormulaire:
    return PageFormulaire(
        titre,
        "Écrire le brouillon" if resume else "Enregistrer",
        reverse(f"gestion:{parent}"),
        resume or "Ce qui change est écrit au journal.",
        _PARENTS[parent],
        marque,
    )


def _liste(
    requete: Requete, nom: str, tableau: Tableau, lignes: Any, *genres: GenreReglage, resume: str
) -> HttpResponse:
    """The table of one kind, for who settles and for who audits; `genres`: what a file brings, for who settles."""
    regle = peut(requete.user, GesteReference.PROPOSER_REGLAGE)
    contexte = {
        "titre": _PARENTS[nom],
        "resume": resume,
        "regle": regle,
        "imports": [(genre.libelle, genre.value.lower()) for genre in genres] if regle else (),
        "affiche": tableau.montrer(lignes),
    }
    return render(requete, "gestion/reglages.html", contexte)


# --- Windows


FENETRES = Tableau(
    "titre-fenetres",
    "Dates de dépôt de chaque couloir",
    (
        Colonne("couloir", "Couloir", cellule="gestion/cellules/couloir.html", titre=True),
        Colonne("type", "Type", cellule="type_demande.libelle"),
        Colonne("ouverture", "Ouverture", cellule="gestion/cellules/ouverture.html"),
        Colonne("affichee", "Échéance annoncée", cellule='affichee|instant|default:"–"'),
        Colonne("fermeture", "Fermeture", cellule="gestion/cellules/fermeture.html"),
        Colonne("gestes", "Gestes", cellule="gestion/cellules/fixer_dates.html"),
    ),
)


class FormulaireFenetre(forms.Form):
    ouverture = champ_instant("Ouverture", "Heure de Paris. Le dépôt est possible à partir de cet instant.")
    affichee = champ_instant("Échéance annoncée", "Celle que les pages montrent aux fournisseurs.")
    fermeture = champ_instant(
        "Fermeture",
        "Le premier instant trop tardif : 14:00 refuse un dépôt de 14:00:00. Au plus tôt, l'échéance.",
    )
    derniere_modification = champ_instant(
        "Dernière modification", "Vide : tant que la demande s'instruit.", requis=""
    )
    comptage = champ_instant(
        "Comptage des boîtes", "Opérateurs MSSanté seulement. Vide : à la fermeture.", requis=""
    )
    depuis = champ_instant(
        "Date d'effet",
        "Vide, ou passée : dès l'approbation. Ce qui est reçu avant reste jugé par la fenêtre précédente.",
        requis="",
    )
    source = _source()

    def cellules(self, couloir: Couloir, type_demande: TypeDemande) -> list[str]:
        """The line of a file of windows that says the same."""
        *instants, source = (self.cleaned_data[champ] for champ in self.base_fields)
        return [couloir.dsr, type_demande.libelle, *(dates.ecrire_instant(lu) for lu in instants), source]


@page_de(controleurs)
def liste_fenetres(requete: Requete) -> HttpResponse:
    resume = "Heures de Paris. Les pages publiques annoncent l'échéance ; un dépôt est refusé à partir de la fermeture."
    lignes = etat.fenetres_reglees()
    return _liste(requete, "fenetres", FENETRES, lignes, GenreReglage.FENETRES, resume=resume)


@formulaire_de(administration)
def regler_fenetre(requete: Requete, dsr: str, type_demande: TypeDemande) -> HttpResponse:
    couloir = _couloir(dsr)
    ligne = fenetre(couloir.dsr, type_demande)
    # A new window has its own day and text.
    gardees = FormulaireFenetre.base_fields.keys() - {"depuis", "source"}
    connues = {champ: getattr(ligne, champ, None) for champ in gardees}
    form = FormulaireFenetre(envoi(requete), initial=connues)

    def regler(_: Saisie) -> HttpResponse:
        return proposer(requete, GenreReglage.FENETRES, [form.cellules(couloir, type_demande)])

    resume = A_APPROUVER
    if ligne and ligne.report:
        resume += f" Aujourd'hui : {ligne.report} ; la nouvelle fenêtre n'en tiendra pas compte."
    titre = f"{couloir.libelle} – {type_demande.libelle.lower()}"
    return _page("fenetres", titre, resume=resume).traiter(requete, form, regler)


HISTORIQUE = Tableau(
    "titre-historique",
    "Fenêtres successives, la plus récente d'abord",
    (
        Colonne("depuis", "Juge à partir du", cellule="gestion/cellules/depuis.html", titre=True),
        Colonne("ouverture", "Ouverture", cellule="ouverture|instant"),
        Colonne("affichee", "Échéance annoncée", cellule="affichee|instant"),
        Colonne("fermeture", "Fermeture", cellule="fermeture|instant", precision="report"),
        Colonne("modification", "Dernière modification", cellule='derniere_modification|instant|default:"–"'),
        Colonne("source", "Texte légal", cellule="source"),
        Colonne("approuvee", "Écrite, approuvée par", cellule="gestion/cellules/approuvee.html"),
    ),
)


@page_de(controleurs)
def historique(requete: Requete, dsr: str, type_demande: TypeDemande) -> HttpResponse:
    couloir, en_vigueur = _couloir(dsr), fenetre(dsr, type_demande)
    contexte = {
        "titre": f"{couloir.libelle} – {type_demande.libelle.lower()} : historique",
        "affiche": HISTORIQUE.montrer(fenetres_de(couloir.dsr, type_demande)),
        "en_vigueur": en_vigueur,
        "heures": heures_outre_mer(en_vigueur.fin) if en_vigueur else (),
    }
    return render(requete, "gestion/historique_fenetre.html", contexte)


# --- Scales and ceilings


BAREMES = Tableau(
    "titre-baremes",
    "Ce avec quoi les montants de chaque couloir se calculent",
    (
        Colonne("couloir", "Couloir", cellule="gestion/cellules/couloir.html", titre=True),
        Colonne("valeurs", "Valeurs", cellule="gestion/cellules/valeurs_bareme.html"),
        Colonne("gestes", "Gestes", cellule="gestion/cellules/ajouter_bareme.html"),
    ),
)


class FormulaireBareme(forms.Form):
    """The figures of one couloir, from a day on: one field per figure that its scale wants, or its bands."""

    date_effet = champ_jour(
        "Date d'effet",
        "Indiquez la date d'effet.",
        "Les demandes déposées à partir de ce jour sont calculées avec ces valeurs.",
    )
    source = _source()

    def __init__(self, couloir: Couloir, donnees: Any = None) -> None:
        super().__init__(donnees)
        self.couloir = couloir
        bareme = couloir.bareme
        for chiffre in bareme.chiffres:
            connu = bareme.exemple.get(chiffre.nom)
            self.fields[chiffre.nom] = ChampMontant(
                label=f"{chiffre.libelle} ({chiffre.unite})", initial=connu
            )
        for chiffre in bareme.facultatifs:
            self.fields[chiffre.nom] = ChampMontant(
                label=f"{chiffre.libelle} ({chiffre.unite})",
                required=bareme.par_table,
                help_text="" if bareme.par_table else f"Vide : {en_taux(TAUX_AVANCE * 100)}.",
            )
        if bareme.tranche:
            self.fields["tranches"] = forms.CharField(
                label="Tranches et montants (€ HT)",
                help_text=f"{bareme.aide_des_tranches} Une par ligne : la tranche, un point-virgule, le montant.",
                widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
                error_messages={"required": "Indiquez au moins une tranche et son montant."},
            )

    def clean_tranches(self) -> list[list[str]]:
        """Each line is a band and its amount; which one is not is said beside them."""
        lues = []
        for brute in filter(str.strip, self.cleaned_data["tranches"].splitlines()):
            nom, _, montant = (cellule.strip() for cellule in brute.rpartition(";"))
            if not nom or not montant:
                raise forms.ValidationError(
                    f"« {brute.strip()} » n'est pas une tranche, un point-virgule, un montant, comme « 1 ; 625,00 »."
                )
            lues.append([nom, montant])
        return lues

    @property
    def cellules(self) -> list[list[str]]:
        """The lines of a file of scales that say the same."""
        jour, source = date_fr(self.cleaned_data["date_effet"]), self.cleaned_data["source"]
        chiffres = (*self.couloir.bareme.chiffres, *self.couloir.bareme.facultatifs)
        saisis = ((chiffre.nom, self.cleaned_data[chiffre.nom]) for chiffre in chiffres)
        lus = [[nom, str(saisi)] for nom, saisi in saisis if saisi is not None]
        lus += self.cleaned_data.get("tranches", [])
        return [[self.couloir.dsr, jour, nom, montant, source] for nom, montant in lus]


@page_de(controleurs)
def liste_baremes(requete: Requete) -> HttpResponse:
    resume = (
        "Un barème vaut à partir de sa date d'effet et ne se réécrit pas. Les couloirs à table ont un plafond par "
        "bénéficiaire éligible, chargé par un fichier."
    )
    genres = (GenreReglage.BAREMES, GenreReglage.PLAFONDS)
    return _liste(requete, "baremes", BAREMES, etat.figures(), *genres, resume=resume)


@formulaire_de(administration)
def ajouter_bareme(requete: Requete, dsr: str) -> HttpResponse:
    couloir = _couloir(dsr)
    form = FormulaireBareme(couloir, envoi(requete))

    def ajouter(_: Saisie) -> HttpResponse:
        return proposer(requete, GenreReglage.BAREMES, form.cellules)

    resume = " ".join(filter(None, (A_APPROUVER, couloir.bareme.reserve)))
    page = _page("baremes", f"Barème – {couloir.libelle}", resume=resume)
    return page.traiter(requete, form, ajouter, champ="date_effet")
