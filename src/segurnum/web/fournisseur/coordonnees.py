"""« Gérer mes coordonnées bancaires », « Gérer mes coordonnées personne physique » (ACC-001 to ACC-013)."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import CoordonneesBancaires, Entreprise
from segurnum.comptes.sessions import confirmee
from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.coordonnees import banque, queries, services
from segurnum.coordonnees.banque import NouveauCompte
from segurnum.coordonnees.models import (
    BANCAIRES_OUVERTES,
    ModificationPersonnes,
    PieceModification,
)
from segurnum.coordonnees.permissions import peut_modifier
from segurnum.coordonnees.personnes import CHAMPS, LIBELLES, Personne, RolePersonne, TypePiece, lire
from segurnum.coordonnees.phrases import action, fiches, statut_du_compte, suite_du_compte
from segurnum.coordonnees.queries import changements_de, comptes_de
from segurnum.fichiers.documents import Genre
from segurnum.kits.champs import ChampCourriel, ChampTelephone, joint, liste
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import page_de
from segurnum.kits.televersement import Televersement, statut_du_refus
from segurnum.regles.cycles_coordonnees import StatutModification
from segurnum.seuil.acces import Requete, entreprise_de, responsables
from segurnum.seuil.documents import iban_du_compte, piece_de_personnes, rib_de
from segurnum.seuil.entrees import entier
from segurnum.seuil.iban import IbanLu, comptes_lus, noter_la_lecture
from segurnum.seuil.limites import ENTREPRISE, HEURE, JOUR, limite
from segurnum.seuil.telechargements import Offre, donner, offrir, sert
from segurnum.web.commun.banque import ChampsBancaires
from segurnum.web.fournisseur.acces import bouton, consultation, geste, pour_cette_entreprise, saisie, trouver
from segurnum.web.fournisseur.compte import confirmation_entendue, confirmation_recente, demander

COMPTES = "fournisseur:comptes_bancaires"
FORMATS = f"Formats acceptés : .pdf, .png, .jpg, .jpeg ; {PIECE_FORMULAIRE.limite} au plus."
RIB = Televersement("rib", PIECE_FORMULAIRE, champ_du_refus=None)


class FormulaireCompte(ChampsBancaires):
    """« + Ajouter une coordonnée bancaire » (ACC-003). The RIB is not asked for again when another field is wrong."""

    rib = joint(
        PIECE_FORMULAIRE,
        "Relevé d'identité bancaire (RIB)",
        "Choisissez le fichier du RIB de ce compte.",
        help_text=FORMATS,
    )


@consultation()
def comptes(requete: Requete) -> HttpResponse:
    page = page_de(requete, comptes_de(entreprise_de(requete)))
    ibans = comptes_lus(requete, page, adresse_iban)
    lignes = [_ligne(requete, compte, ibans[compte.pk]) for compte in page]
    return render(requete, "fournisseur/coordonnees/comptes.html", {"page": page, "comptes": lignes})


def _ligne(requete: Requete, compte: CoordonneesBancaires, iban: IbanLu) -> dict[str, Any]:
    """A row of the table; the account of the enrolment has no `modification`, and has itself its RIB."""
    modification, rib = getattr(compte, "modification", None), Offre()
    if modification is not None:
        rib = offrir(requete, rib_de(modification), reverse("fournisseur:rib", args=[modification.pk]))
    statut = modification.statut if modification and peut_modifier(requete.user) else None
    return {
        "compte": compte,
        "iban": iban,
        "rib": rib,
        "statut": statut_du_compte(compte),
        "modification": modification,
        "suite": suite_du_compte(compte),
        "annulable": statut in BANCAIRES_OUVERTES,
        "a_confirmer": statut is StatutModification.A_CONFIRMER,
    }


@RIB.recoit
@saisie(pour_cette_entreprise, responsables, confirmation_entendue)
@limite("coordonnees", ENTREPRISE, 60, HEURE)
def ajouter(requete: Requete) -> HttpResponse:
    """Who it is is asked once the form is right and its file kept."""

    def ajouter_le_compte(form: FormulaireCompte) -> HttpResponse:
        saisie = form.cleaned_data
        if not confirmee(requete.session):
            return demander(requete, en_plus={"rib_garde": saisie["rib"].marque})
        banque.ajouter(
            entreprise=entreprise_de(requete),
            auteur=auteur(requete.user),
            compte=NouveauCompte(saisie["iban"], saisie["bic"], saisie["titulaire"], saisie["domiciliation"]),
            nom_rib=saisie["rib"].nom,
            rib=saisie["rib"].fichier,
        )
        messages.success(
            requete,
            "La coordonnée bancaire est ajoutée. Le représentant légal vient de recevoir un courriel pour la "
            "confirmer ; elle sera ensuite instruite avant de remplacer la précédente.",
        )
        return redirect(COMPTES)

    def page(form: FormulaireCompte, statut: int) -> HttpResponse:
        return render(requete, "fournisseur/coordonnees/ajouter_compte.html", {"form": form}, status=statut)

    return RIB.servir(requete, FormulaireCompte, ajouter_le_compte, page)


_modification_de = trouver(changements_de)


def _sur_un_compte(service: Callable[..., object], fait: str) -> Callable[..., HttpResponse]:
    return bouton("modification", _modification_de, service, lambda _: reverse(COMPTES), fait=fait)


annuler = geste(pour_cette_entreprise, responsables, confirmation_recente)(
    _sur_un_compte(banque.annuler, "La demande est annulée : les versements continuent sur le compte actif.")
)
renvoyer = limite("confirmations", ENTREPRISE, 10, JOUR, quoi="confirmations")(
    geste(pour_cette_entreprise, responsables)(
        _sur_un_compte(
            banque.renvoyer, "Un nouveau courriel de confirmation est envoyé au représentant légal."
        )
    )
)


# The RIB as it was given, for the company's administrators only.
rib = geste()(donner(rib_de, _modification_de, Genre.RIB))


@geste()
@sert(Genre.IBAN)
def afficher_iban(requete: Requete, compte: int) -> HttpResponse:
    """« Afficher l'IBAN entier » of an account of this company."""
    ligne = trouver(comptes_de)(requete, compte)
    return noter_la_lecture(requete, iban_du_compte(ligne), reverse(COMPTES))


def adresse_iban(compte: int) -> str:
    return reverse("fournisseur:afficher_iban", args=[compte])


PIECE = Televersement("fichier", PIECE_FORMULAIRE, champ_du_refus=None)


IMPORTER, RETIRER, VALIDER = "importer", "retirer", "valider"
_JUGES = {"courriel": ChampCourriel, "telephone": ChampTelephone}
_ARTICLES = {RolePersonne.REPRESENTANT: "du représentant légal", RolePersonne.DEPOSITAIRE: "du dépositaire"}


class FormulairePersonnes(forms.Form):
    """The persons, and the piece being imported: one form, so that importing loses nothing of what is typed.

    `geste`: which button was pressed. Only « Valider mes informations » judges what is typed about the persons.
    """

    type_piece = liste(
        "Type de pièce complémentaire :",
        "Choisissez le type de la pièce à importer.",
        "Sélectionner une option",
        TypePiece.choices,
    )
    fichier = joint(
        PIECE_FORMULAIRE,
        "Fichier à ajouter :",
        "Choisissez le fichier de la pièce à importer.",
        help_text=FORMATS,
    )

    def __init__(self, roles: Iterable[str], geste: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.geste = geste
        self.roles = [RolePersonne(role) for role in roles]
        for role in self.roles:
            for champ in CHAMPS:
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
            role.value: {champ: self.cleaned_data[_nom(role, champ)] for champ in CHAMPS}
            for role in self.roles
        }

    @property
    def personnes(self) -> dict[str, Personne]:
        return {role: Personne(**valeurs) for role, valeurs in self.saisie.items()}

    @property
    def groupes(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each person, under « Coordonnées du représentant légal : »."""
        return [
            (f"Coordonnées {_ARTICLES[role]} :", [self[_nom(role, champ)] for champ in CHAMPS])
            for role in self.roles
        ]


def _nom(role: str, champ: str) -> str:
    return f"{role.lower()}_{champ}"


def _champ(role: RolePersonne, champ: str, *, juge: bool) -> forms.CharField:
    commun: dict[str, Any] = {
        "label": f"{LIBELLES[champ]} {_ARTICLES[role]} :",
        "required": juge,
        "error_messages": {"required": f"Renseignez ce champ : {LIBELLES[champ].lower()} {_ARTICLES[role]}."},
    }
    if champ in _JUGES:
        return _JUGES[champ](juge=juge, **commun)
    # The person is rarely the one who types.
    return forms.CharField(max_length=100, widget=forms.TextInput({"autocomplete": "off"}), **commun)


@consultation()
def personnes(requete: Requete) -> HttpResponse:
    entreprise = entreprise_de(requete)
    initiales = {
        _nom(role, champ): texte
        for role, valeurs in queries.valeurs_de(entreprise).items()
        for champ, texte in valeurs.items()
    }
    form = FormulairePersonnes(queries.roles_de(entreprise), VALIDER, initial=initiales)
    return _page_des_personnes(requete, entreprise, form)


@PIECE.recoit
@geste(pour_cette_entreprise, responsables)
@limite("coordonnees", ENTREPRISE, 60, HEURE)
def modifier(requete: Requete) -> HttpResponse:
    """One form, three buttons: import a piece, remove one, hand the change over."""
    entreprise = entreprise_de(requete)
    geste, _, cle = requete.POST.get("geste", VALIDER).partition(":")
    fichiers = None if geste == RETIRER else requete.FILES
    form = FormulairePersonnes(queries.roles_de(entreprise), geste, requete.POST, fichiers)
    fait = PIECE.essayer(requete, form, lambda form: _faire(requete, entreprise, form, cle))
    if fait is None:
        return _page_des_personnes(requete, entreprise, form, statut=statut_du_refus(requete))
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


def _page_des_personnes(
    requete: Requete, entreprise: Entreprise, form: FormulairePersonnes, *, statut: int = 200
) -> HttpResponse:
    ouverte = queries.modification_ouverte(entreprise)
    en_cours = ouverte if ouverte and ouverte.statut is StatutModification.EN_COURS else None
    page = page_de(requete, queries.historique(entreprise))
    contexte = {
        "fiches": fiches(queries.personnes_de(entreprise)),
        "page": page,
        "historique": [(ligne, action(ligne)) for ligne in page],
        "form": form,
        "pieces": _pieces(requete, ouverte),
        "en_cours": en_cours,
        "demandees": fiches(lire(en_cours.donnees)) if en_cours else [],
        "marque": queries.marque(entreprise),
    }
    return render(requete, "fournisseur/coordonnees/personnes.html", contexte, status=statut)


def _pieces(requete: Requete, ouverte: ModificationPersonnes | None) -> list[tuple[PieceModification, Offre]]:
    if ouverte is None:
        return []
    lignes = queries.pieces_de(ouverte.entreprise).filter(modification=ouverte).order_by("pk")
    adresse = vers("fournisseur:piece_personne")
    return [(ligne, offrir(requete, piece_de_personnes(ligne), adresse(ligne))) for ligne in lignes]


# A piece of a change, for the company's administrators only; an identity document by a gesture.
piece = saisie()(
    donner(piece_de_personnes, trouver(queries.pieces_de), Genre.PIECE_PERSONNES, Genre.IDENTITE)
)
