"""« Déposer des pièces jointes », the same for who has an account and for who has a link (ENR-082 to ENR-091)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from segurnum.comptes.auteurs import Auteur
from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.enrolements import services
from segurnum.enrolements.cycle import attendues
from segurnum.enrolements.jointes import PieceRecue
from segurnum.enrolements.models import Enrolement, PieceEnrolement
from segurnum.enrolements.pieces import TypePiece, lots
from segurnum.kits.champs import NON, OUI, ChampJoint, liste, oui_non
from segurnum.kits.televersement import Televersement, statut_du_refus
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.telechargements import Offre
from segurnum.web.commun.enrolement.formulaires import AIDE_FICHIER

# What is named is chosen together: the pieces that an officer listed, or the certificate and the one of the hosting.
PIECE = Televersement("fichier", PIECE_FORMULAIRE, ensemble=4)
HEBERGEMENT = {OUI: TypePiece.HDS_CERTIFICAT, NON: TypePiece.HDS_ATTESTATION}


class FormulairePieceDemandee(forms.Form):
    """`types`: what may be chosen. One type alone is pre-set; the two of the hosting are chosen by an answer."""

    use_required_attribute = False

    def __init__(self, types: Sequence[TypePiece], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.types = tuple(types)
        self.hebergement = set(self.types) == set(HEBERGEMENT.values())
        if self.hebergement:
            self.fields["heberge_donnees"] = oui_non(
                "Hébergez-vous des données de santé pour au moins un de vos clients ?"
            )
        elif len(self.types) > 1:
            self.fields["type_piece"] = liste(
                "Type de document",
                "Choisissez le type du document à importer.",
                "Sélectionner un type de document",
                ((t.value, t.libelle) for t in self.types),
            )
        self.fields["fichier"] = ChampJoint(
            PIECE_FORMULAIRE,
            label=self.types[0].libelle if len(self.types) == 1 else "Document",
            help_text=AIDE_FICHIER,
        )

    @property
    def repondu(self) -> bool:
        """True when an answer came, and its file not yet."""
        return not self.is_bound and any(self.initial.values())

    def vierge(self) -> Self:
        """The same, ready for another document."""
        return type(self)(self.types, prefix=self.prefix)

    @property
    def lot(self) -> str:
        """Tells the forms of a page apart."""
        return self.types[0].value

    @property
    def type_choisi(self) -> TypePiece:
        """The type of the document, of a valid form."""
        if self.hebergement:
            return HEBERGEMENT[self.cleaned_data["heberge_donnees"]]
        if len(self.types) == 1:
            return self.types[0]
        return TypePiece(self.cleaned_data["type_piece"])


def formulaires(
    types: Sequence[TypePiece], donnees: Any = None, fichiers: Any = None
) -> list[FormulairePieceDemandee]:
    """The forms of the page. Of a sending, the one whose button was pressed is judged, and each other whose file came
    with it; what was answered in the last ones stays.
    """
    tous = lots(types)
    if donnees is None:
        return [FormulairePieceDemandee(lot, prefix=lot[0].value) for lot in tous]
    presse = donnees.get("lot")
    juges = [lot for lot in tous if lot[0].value == presse or f"{lot[0].value}-fichier" in fichiers]
    juges = juges or tous[:1]
    return [
        FormulairePieceDemandee(lot, donnees, fichiers, prefix=lot[0].value)
        if lot in juges
        else FormulairePieceDemandee(lot, prefix=lot[0].value, initial=_reponses(lot[0].value, donnees))
        for lot in tous
    ]


def _reponses(prefixe: str, donnees: Any) -> dict[str, str]:
    return {nom: donnees.get(f"{prefixe}-{nom}", "") for nom in ("heberge_donnees", "type_piece")}


@dataclass(frozen=True)
class Adresses:
    """Where the page leads, on the face that shows it. `lire`: nowhere, where pieces are not read again.

    `parent`: the page above, at `au_dessus`, where there is one.
    """

    terminer: str
    retour: str
    retirer: Callable[[PieceEnrolement], str]
    lire: Callable[[PieceEnrolement], Offre] = lambda _piece: Offre()
    parent: str = ""
    au_dessus: str = ""


def montrer(
    requete: HttpRequest,
    ligne: Enrolement,
    adresses: Adresses,
    forms: list[FormulairePieceDemandee],
    statut: int = 200,
) -> HttpResponse:
    nouvelles = list(ligne.pieces.filter(confirmee=False))
    importees = {piece.type for piece in nouvelles}
    incomplet = services.depot_incomplet(ligne)
    contexte = {
        "enrolement": ligne,
        "forms": forms,
        "adresses": adresses,
        "nouvelles": [(piece, adresses.lire(piece), adresses.retirer(piece)) for piece in nouvelles],
        "finalisation": ligne.statut is StatutEnrolement.VALIDATION_PARTIELLE,
        "attendues": [(piece.libelle, piece in importees) for piece in attendues(ligne)],
        "incomplet": incomplet,
        "peut_terminer": not incomplet,
    }
    return render(requete, "commun/enrolement/depot_pieces.html", contexte, status=statut)


def deposer(
    requete: HttpRequest, ligne: Enrolement, adresses: Adresses, auteur: Auteur, *, lien: str = ""
) -> HttpResponse:
    """Choose a type, import the file, finish: every file that came is kept, or its field says why not. The page comes
    again while something is wrong, or an answer waits for its file.
    """
    types = services.types_a_deposer(ligne)
    if requete.method != "POST":
        return montrer(requete, ligne, adresses, formulaires(types))

    def garder(form: FormulairePieceDemandee) -> bool:
        joint = form.cleaned_data["fichier"]
        recue = PieceRecue(form.type_choisi, joint.nom, joint.fichier)
        services.ajouter_piece(
            enrolement=ligne.pk, auteur=auteur, piece=recue, lien=lien, recu_le=recu_le(requete)
        )
        suite = f" Note : {joint.fichier.retenu}." if joint.fichier.retenu else ""
        messages.success(
            requete, f"Le fichier « {joint.nom} » est importé ({form.type_choisi.libelle}).{suite}"
        )
        return True

    forms = formulaires(types, requete.POST, requete.FILES)
    gardes = {form.lot for form in forms if form.is_bound and PIECE.essayer(requete, form, garder)}
    restent = [form.vierge() if form.lot in gardes else form for form in forms]
    if any(form.errors for form in restent):
        return montrer(requete, ligne, adresses, restent, statut_du_refus(requete))
    if any(form.repondu for form in restent):
        return montrer(requete, ligne, adresses, restent)
    return redirect(requete.path)
