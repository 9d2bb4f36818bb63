"""« Gérer mes coordonnées personne physique » (ACC-005 to ACC-013), for suppliers and operators alike."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Entreprise
from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.coordonnees import queries, services
from segurnum.coordonnees.models import ModificationPersonnes, PieceModification
from segurnum.coordonnees.permissions import peut_modifier
from segurnum.coordonnees.personnes import Personne, RolePersonne, TypePiece, ecrire, lire
from segurnum.coordonnees.phrases import action, fiches
from segurnum.fichiers.documents import Genre
from segurnum.regles.cycles_coordonnees import StatutModification
from segurnum.seuil.acces import Requete, entreprise_de, responsables
from segurnum.seuil.documents import piece_de_personnes
from segurnum.seuil.entrees import entier
from segurnum.seuil.limites import ENTREPRISE, HEURE, limite
from segurnum.seuil.telechargements import Offre, offrir, sert, servir
from segurnum.web.commun.champs import ChampCourriel, ChampJoint, ChampTelephone
from segurnum.web.fournisseur.acces import consultation, geste, pour_cette_entreprise, saisie
from segurnum.web.kits.tableau import PAR_PAGE
from segurnum.web.kits.televersement import Televersement, statut_du_refus

PIECE = Televersement("fichier", PIECE_FORMULAIRE, champ_du_refus=None)


IMPORTER, RETIRER, VALIDER = "importer", "retirer", "valider"
# Field -> its label on screen, before « du représentant légal » (ACC-007).
_CHAMPS = {"nom": "Nom", "prenom": "Prénom", "courriel": "Email", "telephone": "Téléphone"}
_JUGES = {"courriel": ChampCourriel, "telephone": ChampTelephone}
_ARTICLES = {RolePersonne.REPRESENTANT: "du représentant légal", RolePersonne.DEPOSITAIRE: "du dépositaire"}


class FormulairePersonnes(forms.Form):
    """The persons, and the piece being imported: one form, so that importing loses nothing of what is typed.

    `geste`: which button was pressed. Only « Valider mes informations » judges what is typed about the persons.
    """

    type_piece = forms.ChoiceField(
        label="Type de pièce complémentaire :",
        choices=[("", "Sélectionner une option"), *TypePiece.choices],
        error_messages={"required": "Choisissez le type de la pièce à importer."},
    )
    fichier = ChampJoint(
        PIECE_FORMULAIRE,
        label="Fichier à ajouter :",
        help_text=f"Formats acceptés : .pdf, .png, .jpg, .jpeg ; {PIECE_FORMULAIRE.limite} au plus.",
        error_messages={"required": "Choisissez le fichier de la pièce à importer."},
    )

    def __init__(self, roles: Iterable[str], geste: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.geste = geste
        self.roles = [RolePersonne(role) for role in roles]
        for role in self.roles:
            for champ in _CHAMPS:
                self.fields[_nom(role, champ)] = _champ(role, champ, juge=geste == VALIDER)
        for champ in ("type_piece", "fichier"):
            self.fields[champ].required = geste == IMPORTER
        self.fields["fichier"].juge = geste == IMPORTER  # type: ignore[attr-defined]

    def clean_fichier(self) -> Any:
        televerse = self.cleaned_data["fichier"]
        if televerse and self.geste == VALIDER:
            raise ValidationError(
                f"Le fichier « {televerse.name} » n'est pas encore importé : choisissez-le, puis « Importer »."
            )
        return televerse

    @property
    def saisie(self) -> dict[str, dict[str, str]]:
        """What is typed: role -> field -> text."""
        return {
            role.value: {champ: self.cleaned_data[_nom(role, champ)] for champ in _CHAMPS}
            for role in self.roles
        }

    @property
    def personnes(self) -> dict[str, Personne]:
        return {role: Personne(**valeurs) for role, valeurs in self.saisie.items()}

    @property
    def groupes(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each person, under « Coordonnées du représentant légal : »."""
        return [
            (f"Coordonnées {_ARTICLES[role]} :", [self[_nom(role, champ)] for champ in _CHAMPS])
            for role in self.roles
        ]


def initiales(personnes: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What the form shows at first, from role -> field -> text."""
    return {
        _nom(role, champ): texte for role, valeurs in personnes.items() for champ, texte in valeurs.items()
    }


def _nom(role: str, champ: str) -> str:
    return f"{role.lower()}_{champ}"


def _champ(role: RolePersonne, champ: str, *, juge: bool) -> forms.CharField:
    commun: dict[str, Any] = {
        "label": f"{_CHAMPS[champ]} {_ARTICLES[role]} :",
        "required": juge,
        "error_messages": {"required": f"Renseignez ce champ : {_CHAMPS[champ].lower()} {_ARTICLES[role]}."},
    }
    if champ in _JUGES:
        return _JUGES[champ](juge=juge, **commun)
    # The person is rarely the one who types.
    return forms.CharField(max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}), **commun)


@consultation()
def personnes(requete: Requete) -> HttpResponse:
    entreprise = entreprise_de(requete)
    return _page(requete, entreprise, _vierge(entreprise))


@PIECE.recoit
@geste(pour_cette_entreprise, responsables)
@limite("coordonnees", ENTREPRISE, 60, HEURE)
def modifier(requete: Requete) -> HttpResponse:
    """One form, three buttons: import a piece, remove one, hand the change over."""
    entreprise = entreprise_de(requete)
    geste, _, cle = requete.POST.get("geste", VALIDER).partition(":")
    fichiers = None if geste == RETIRER else requete.FILES
    form = FormulairePersonnes(_roles(entreprise), geste, requete.POST, fichiers)
    fait = PIECE.essayer(requete, form, lambda form: _faire(requete, entreprise, form, cle))
    if fait is None:
        return _page(requete, entreprise, form, statut=statut_du_refus(requete))
    messages.success(requete, fait)
    return redirect("fournisseur:personnes_physiques")


def _faire(requete: Requete, entreprise: Entreprise, form: FormulairePersonnes, cle: str) -> str:
    """Make the gesture of the button. Returns what is said of it."""
    commun: dict[str, Any] = {
        "entreprise": entreprise,
        "auteur": auteur(requete.user),
        "vue": requete.POST.get("vue", ""),
    }
    if form.geste == IMPORTER:
        joint, type_piece = form.cleaned_data["fichier"], form.cleaned_data["type_piece"]
        services.ajouter_piece(
            saisie=form.saisie, nom=joint.nom, type_piece=type_piece, fichier=joint.fichier, **commun
        )
        return f"La pièce « {joint.nom} » est importée."
    if form.geste == RETIRER:
        services.retirer_piece(saisie=form.saisie, piece=entier(cle) or 0, **commun)
        return "La pièce est supprimée."
    services.soumettre(personnes=form.personnes, **commun)
    return "Votre demande de modification est enregistrée : elle va être instruite par un gestionnaire."


def _roles(entreprise: Entreprise) -> list[str]:
    """A legal representative always; a « dépositaire » where there is one."""
    return list(dict.fromkeys([RolePersonne.REPRESENTANT.value, *queries.personnes_de(entreprise)]))


def _vierge(entreprise: Entreprise) -> FormulairePersonnes:
    """What is being prepared, else the persons of today."""
    brouillon = queries.modification_ouverte(entreprise)
    valeurs = brouillon.donnees if brouillon else ecrire(queries.personnes_de(entreprise))
    return FormulairePersonnes(_roles(entreprise), VALIDER, initial=initiales(valeurs))


def _page(
    requete: Requete, entreprise: Entreprise, form: FormulairePersonnes, *, statut: int = 200
) -> HttpResponse:
    ouverte = queries.modification_ouverte(entreprise)
    en_cours = ouverte if ouverte and ouverte.statut is StatutModification.EN_COURS else None
    page = Paginator(queries.historique(entreprise), PAR_PAGE).get_page(requete.GET.get("page"))
    contexte = {
        "entreprise": entreprise,
        "fiches": fiches(queries.personnes_de(entreprise)),
        "page": page,
        "historique": [(ligne, action(ligne)) for ligne in page],
        "form": form,
        "pieces": _pieces(requete, ouverte),
        "en_cours": en_cours,
        "demandees": fiches(lire(en_cours.donnees)) if en_cours else [],
        "marque": queries.marque(entreprise),
        "responsable": peut_modifier(requete.user),
    }
    return render(requete, "fournisseur/coordonnees/personnes.html", contexte, status=statut)


def _pieces(requete: Requete, ouverte: ModificationPersonnes | None) -> list[tuple[PieceModification, Offre]]:
    if ouverte is None:
        return []
    lignes = queries.pieces_de(ouverte.entreprise).filter(modification=ouverte).order_by("pk")
    return [
        (
            ligne,
            offrir(
                requete, piece_de_personnes(ligne), reverse("fournisseur:piece_personne", args=[ligne.pk])
            ),
        )
        for ligne in lignes
    ]


@saisie()
@sert(Genre.PIECE_PERSONNES, Genre.IDENTITE)
def piece(requete: Requete, piece: int) -> HttpResponseBase:
    """A piece of a change, for the company's administrators only; an identity document by a gesture."""
    lignes = queries.pieces_de(entreprise_de(requete))
    return servir(requete, piece_de_personnes(get_object_or_404(lignes, pk=piece)))
