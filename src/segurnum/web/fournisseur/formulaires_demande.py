"""The fields of a request on screen, made from what its couloir declares: to deposit it, or to correct it."""

from collections.abc import Iterable, Mapping, Sequence
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

    `saisie`: what a draft keeps, shown instead of the values of today. `gardees`: the names of the files already kept.
    """

    def __init__(
        self,
        champs: Sequence[ChampModifiable],
        zones: Iterable[ZonePiece] = (),
        data: Any = None,
        files: Any = None,
        *,
        saisie: Mapping[str, str] | None = None,
        gardees: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, files, initial=dict(saisie or {}), auto_id="champ-%s")
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
                initial=(gardees or {}).get(zone.type),
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

    def champ_de_zone(self, type_piece: str) -> str:
        """The field of a zone."""
        return next(cle for cle, zone in self.zones.items() if zone.type == type_piece)

    def fichiers_acceptes(self) -> dict[ZonePiece, Any]:
        """The files that came and passed the checks of their zone."""
        return {
            zone: self.cleaned_data[cle]
            for cle, zone in self.zones.items()
            if cle in self.files and cle in self.cleaned_data
        }
