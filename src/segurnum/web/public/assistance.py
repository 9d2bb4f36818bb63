"""The contact form (PUB-019 to PUB-034) and the challenge of the public forms."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from segurnum.antirobot import services as antirobot
from segurnum.comptes.auteurs import VISITEUR, auteur
from segurnum.comptes.models import Utilisateur
from segurnum.controles.fichiers import CONTACT
from segurnum.editorial import assistance as tickets
from segurnum.editorial.models import PhaseConcernee, TypeTicket, couloirs_concernes
from segurnum.seuil.acces import formulaire_public
from segurnum.seuil.limites import ADRESSE, HEURE, limite
from segurnum.web.commun.captcha import FormulaireProtege
from segurnum.web.commun.champs import FORME_ADRESSE, ChampCourriel, ChampJoint, ChampTelephone
from segurnum.web.kits.televersement import Televersement

SANS_OBJET = "Sans objet"
FICHIER = Televersement("piece_jointe", CONTACT, "réduisez-le, ou envoyez votre message sans lui")


def _liste(libelle: str, choix: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=libelle,
        choices=[("", "Choisir une option"), *choix],
        error_messages={"required": f"Choisissez une option dans la liste « {libelle} »."},
    )


def _texte(libelle: str, longueur: int, attendu: str = "", **options: Any) -> forms.CharField:
    """A text; `attendu` says what is expected when a mandatory one is empty."""
    return forms.CharField(
        label=libelle,
        max_length=longueur,
        required=bool(attendu),
        error_messages={
            "required": attendu,
            "max_length": f"Ce texte compte %(show_value)d caractères : {longueur} au plus sont acceptés.",
        },
        **options,
    )


class FormulaireContact(FormulaireProtege):
    couloir = _liste("Couloir", couloirs_concernes())
    phase = _liste("Phase", PhaseConcernee.choices)
    type = _liste("Type de demande", TypeTicket.choices)
    nom = _texte("Nom", 100, "Indiquez votre nom.", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    raison_sociale = _texte(
        "Raison sociale", 200, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    courriel = ChampCourriel(
        label="Courriel",
        help_text=f"Format attendu : {FORME_ADRESSE}",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Indiquez votre adresse électronique : la réponse y sera envoyée."},
    )
    telephone = ChampTelephone(
        label="Téléphone",
        help_text="Format attendu : 01 23 45 67 89",
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        error_messages={"required": "Indiquez un numéro de téléphone."},
    )
    numero_referencement = _texte("Numéro de référencement", 50)
    numero_demande = _texte(
        "Numéro de demande associée",
        50,
        "Indiquez le numéro de la demande ou, si vous n'en avez pas, « Sans objet ».",
        help_text="Si vous n'avez pas de numéro de demande d'enrôlement, d'avance ou de solde indiquez "
        '"Sans objet".',
    )
    description = _texte(
        "Description", 5_000, "Décrivez votre demande.", widget=forms.Textarea(attrs={"rows": 8})
    )
    piece_jointe = ChampJoint(
        CONTACT,
        label="Pièce jointe",
        required=False,
        help_text="Veuillez importer votre fichier. Taille maximum : 2 Mo. Formats acceptés: .json, .pdf, .png, "
        ".txt, .zip",
    )

    def clean_numero_demande(self) -> str:
        numero: str = self.cleaned_data["numero_demande"]
        return SANS_OBJET if numero.casefold().strip("« \"'»\u00a0") == SANS_OBJET.casefold() else numero

    @property
    def message(self) -> dict[str, Any]:
        """What a ticket keeps of the form."""
        autres = ("captcha", "piece_jointe")
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom not in autres}


@formulaire_public("contact", 20, quoi="messages")
@FICHIER.recoit
def contact(requete: HttpRequest) -> HttpResponse:
    personne = requete.user if isinstance(requete.user, Utilisateur) else None

    def vierge(*envoye: Any) -> FormulaireContact:
        return FormulaireContact(*envoye, initial=_connu(personne), requete=requete)

    def enregistrer(form: FormulaireContact) -> HttpResponse:
        joint = form.cleaned_data["piece_jointe"]
        ticket = tickets.recevoir(
            champs=form.message,
            fichier=joint.fichier if joint else None,
            nom_fichier=joint.nom if joint else "",
            auteur=auteur(personne) if personne else VISITEUR,
            entreprise=personne.entreprise if personne else None,
        )
        messages.success(
            requete,
            f"Votre message est enregistré sous le numéro {ticket.numero}. Un accusé de réception part à "
            f"{ticket.courriel}.",
        )
        return redirect("public:assistance_recue")

    def page(form: FormulaireContact, statut: int) -> HttpResponse:
        return render(requete, "public/assistance.html", {"form": form}, status=statut)

    return FICHIER.servir(requete, vierge, enregistrer, page)


@login_not_required
@never_cache
@limite("verifications", ADRESSE, 300, HEURE, quoi="demandes", lectures=True)
@require_safe
def defi(_requete: HttpRequest) -> HttpResponse:
    """The computation that a browser does to send a public form."""
    return JsonResponse(antirobot.defi())


def _connu(personne: Utilisateur | None) -> dict[str, str]:
    if personne is None:
        return {}
    return {
        "nom": personne.get_full_name(),
        "courriel": personne.email,
        "raison_sociale": personne.entreprise.denomination if personne.entreprise else "",
    }
