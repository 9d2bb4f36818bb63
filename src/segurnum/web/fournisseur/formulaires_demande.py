"""The fields of a request on screen, made from what its couloir declares: to deposit, to correct, to add a piece."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import HttpRequest

from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.controles.formulaire import (
    NON,
    OUI,
    ecrire_champ,
    formats_acceptes,
    lire_champ,
    regle_de_piece,
    regle_de_zone,
)
from segurnum.couloirs.champs import (
    COURRIEL,
    LIEN_WEB,
    TELEPHONE,
    Booleen,
    Champ,
    Choix,
    DateFr,
    Entier,
    Montant,
)
from segurnum.couloirs.edition import ChampModifiable
from segurnum.couloirs.formulaire import ZonePiece
from segurnum.demandes.brouillons import Garde
from segurnum.demandes.models import BrouillonDemande, Demande
from segurnum.depots.modifications import Ajout
from segurnum.kits.champs import ChampFichier, joint, liste, proposer
from segurnum.kits.televersement import Televersement


class ChampDeclare(forms.CharField):
    """A field judged by the check engine, with its sentences."""

    def __init__(self, champ: Champ, valeur: Any = None) -> None:
        self.champ = champ
        super().__init__(
            label=champ.libelle,
            required=not champ.accepte_null,
            help_text=_aide(champ),
            widget=_widget(champ),
            initial=ecrire_champ(champ, valeur),
            strip=False,
        )

    def clean(self, value: Any) -> Any:
        valeur, fautes = lire_champ(self.champ, value or "")
        if fautes:
            raise ValidationError(fautes)
        return valeur


def _widget(champ: Champ) -> forms.Widget:
    match champ.type:
        case Entier():
            return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        case Montant():
            return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        case Booleen():
            return forms.Select(choices=[("", "Non renseigné"), (OUI, "Oui"), (NON, "Non")])
        case Choix(valeurs=valeurs):
            return forms.Select(choices=[("", "Non renseigné"), *((v, v) for v in valeurs)])
    if champ.type is COURRIEL:
        return forms.EmailInput(attrs={"autocomplete": "off"})
    if champ.type is TELEPHONE:
        return forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
    if champ.type is LIEN_WEB:
        # No type="url": a browser would refuse « www.… », which is made whole.
        return forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"})
    return forms.TextInput(attrs={"autocomplete": "off"})


def _aide(champ: Champ) -> str:
    if champ.type is LIEN_WEB:
        return "Une page publique, par exemple https://documentation.operateur.example"
    if champ.type is TELEPHONE:
        return "Dix chiffres, ou la forme internationale +33…"
    return "Au format jj/mm/aaaa" if isinstance(champ.type, DateFr) else ""


class FormulaireDemande(forms.Form):
    """The typed fields of a request, and its deposit zones.

    `brouillon`: what it keeps is shown instead of the values of today, with the names of its files.
    """

    def __init__(
        self,
        champs: Sequence[ChampModifiable],
        zones: Sequence[ZonePiece] = (),
        data: Any = None,
        files: Any = None,
        *,
        brouillon: BrouillonDemande | None = None,
    ) -> None:
        super().__init__(data, files, initial=dict(brouillon.saisie if brouillon else {}), auto_id="champ-%s")
        self.version = brouillon.version if brouillon else 0
        gardees = {piece.zone: piece.nom for piece in brouillon.pieces.all()} if brouillon and zones else {}
        self.declares = {champ.nom: champ for champ in champs}
        self.zones = {zone.cle: zone for zone in zones}
        for champ in champs:
            self.fields[champ.nom] = ChampDeclare(champ.champ, champ.valeur)
        for zone in self.zones.values():
            self.fields[zone.cle] = ChampFichier(
                regle_de_zone(zone),
                label=zone.libelle,
                help_text=f"Fichier de type {zone.formats_ecrits}. Taille maximum : 4Mo.",
                required=zone.obligatoire,
                initial=gardees.get(zone.type),
            )

    @property
    def groupes(self) -> list[tuple[str, list[BoundField]]]:
        """The fields, under their titles."""
        return [
            (titre, [self[champ.nom] for champ in champs])
            for titre, champs in groupby(self.declares.values(), key=lambda champ: champ.titre)
        ]

    @property
    def depots(self) -> list[BoundField]:
        """The deposit zones, in their order."""
        return [self[cle] for cle in self.zones]

    @property
    def modifies(self) -> dict[str, str]:
        """The fields whose text is no more the value of today, with that value (MOD-010)."""
        textes = {nom: self[nom].value() or "" for nom in self.declares}
        avants = {nom: ecrire_champ(c.champ, c.valeur) for nom, c in self.declares.items()}
        return {nom: avants[nom] for nom, texte in textes.items() if texte.strip() != avants[nom]}

    def saisie(self) -> dict[str, str]:
        """The texts as they were typed, to be kept."""
        return {nom: str(self[nom].data or "") for nom in self.declares}

    def clean(self) -> dict[str, Any]:
        """Two pieces of one name cannot be told apart once attached: said at the second zone."""
        propre = super().clean() or self.cleaned_data
        vus: dict[str, str] = {}
        for cle, zone in self.zones.items():
            nom = _nom(propre.get(cle))
            autre = vus.setdefault(nom.lower(), zone.libelle)
            if nom and autre != zone.libelle:
                self.add_error(
                    cle, f"« {nom} » est déjà le nom du fichier de « {autre} » : renommez l'un des deux."
                )
        return propre

    def fichiers_acceptes(self) -> dict[ZonePiece, Any]:
        """The files that came and passed the checks of their zone."""
        return {
            zone: self.cleaned_data[cle]
            for cle, zone in self.zones.items()
            if cle in self.files and cle in self.cleaned_data
        }

    def retenir(self, garde: Garde) -> None:
        """The draft now holds what came, but for the files that it says that it could not."""
        self.version = garde.version
        for zone, fichier in self.fichiers_acceptes().items():
            del self.files[zone.cle]
            if zone.type in garde.refus:
                self.add_error(zone.cle, garde.refus[zone.type])
            else:
                self[zone.cle].initial = fichier.name

    @property
    def pieces_refusees(self) -> bool:
        """True when a file is at fault, and not only still to be chosen."""
        return any(cle in self.errors and (cle in self.files or self[cle].initial) for cle in self.zones)


def _nom(fichier: Any) -> str:
    """Of a file just sent, or of the one that is kept."""
    return fichier if isinstance(fichier, str) else getattr(fichier, "name", "")


PIECE = Televersement("fichier", PIECE_FORMULAIRE)


class FormulairePiece(forms.Form):
    """A piece that the officer asked for (MOD-017). `facultative`: on a page that may be confirmed without any."""

    use_required_attribute = False
    type_piece = liste(
        "Type de pièce complémentaire",
        "Sélectionnez le type de la pièce à ajouter.",
        "– Sélectionnez un type de pièce complémentaire –",
    )
    fichier = joint(PIECE_FORMULAIRE, "Fichier à ajouter", "Choisissez le fichier de la pièce à ajouter.")

    def __init__(self, demande: Demande, *args: Any, facultative: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = demande.format().types_ajoutables(demande.type)
        proposer(self, "type_piece", types.items())
        regles = {code: regle_de_piece(demande.couloir, demande.type, code) for code in types}
        champ: Any = self.fields["fichier"]
        champ.help_text = formats_acceptes((types[code], regle) for code, regle in regles.items())
        tous = frozenset(f for regle in regles.values() for f in regle.types)
        champ.regler(replace(PIECE_FORMULAIRE, types=tous))  # what the browser proposes, whatever is chosen
        champ.regle = regles.get(self.data.get("type_piece", ""), champ.regle)
        if facultative:
            champ.widget.is_required = False
            for un in self.fields.values():
                un.required = self.is_bound

    @property
    def ajout(self) -> Ajout:
        """The piece, once it came and was kept."""
        joint = self.cleaned_data["fichier"]
        return Ajout(joint.nom, self.cleaned_data["type_piece"], joint.fichier)


@dataclass(frozen=True)
class Suite:
    """What answers a form whose typing is kept, decided before anything is shown: the way out, which says `message`;
    with a `statut`, the page again, with `alerte` or the question asked once.
    """

    statut: int = 0
    message: str = ""
    niveau: int = messages.SUCCESS
    alerte: str = ""
    question: bool = False

    def dire(self, requete: HttpRequest) -> None:
        if self.message:
            messages.add_message(requete, self.niveau, self.message)
