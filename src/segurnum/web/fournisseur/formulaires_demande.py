"""The fields of a request on screen, made from what its couloir declares: to deposit it, or to correct it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from segurnum.controles.formulaire import NON, OUI, ecrire_champ, lire_champ, regle_de_zone
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
from segurnum.demandes.models import BrouillonDemande
from segurnum.web.commun.champ_fichier import ChampFichier


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
        return forms.URLInput(attrs={"autocomplete": "off"})
    return forms.TextInput(attrs={"autocomplete": "off"})


def _aide(champ: Champ) -> str:
    if champ.type is LIEN_WEB:
        return "Une adresse complète, par exemple https://documentation.operateur.example"
    if champ.type is TELEPHONE:
        return "Dix chiffres, ou la forme internationale +33…"
    return "Au format jj/mm/aaaa" if isinstance(champ.type, DateFr) else ""


@dataclass(frozen=True)
class GroupeAffiche:
    """Fields under one title."""

    titre: str
    champs: tuple[BoundField, ...]


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
    def groupes(self) -> list[GroupeAffiche]:
        return [
            GroupeAffiche(titre, tuple(self[champ.nom] for champ in champs))
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
