"""The contact form (PUB-019 to PUB-034) and the challenge of the public forms."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from segurnum.antirobot import services as antirobot
from segurnum.comptes.models import Utilisateur
from segurnum.controles.fichiers import CONTACT
from segurnum.editorial import assistance as tickets
from segurnum.editorial.models import CouloirConcerne, PhaseConcernee, TypeTicket
from segurnum.web.commun.captcha import FormulaireProtege
from segurnum.web.commun.champs import FORME_ADRESSE, ChampCourriel, ChampTelephone
from segurnum.web.commun.fichier_joint import FichierJoint, controler, garder_du_champ, retrouver
from segurnum.web.commun.limites import ADRESSE, HEURE, limite
from segurnum.web.commun.televersement import recoit, trop_gros

SANS_OBJET = "Sans objet"
TROP_GROS = f"Le fichier dépasse {CONTACT.limite_exacte} : réduisez-le, ou envoyez votre message sans lui."


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
    couloir = _liste("Couloir", CouloirConcerne.choices)
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
    piece_jointe = forms.FileField(
        label="Pièce jointe",
        required=False,
        allow_empty_file=True,  # the check says so in its own words
        help_text="Veuillez importer votre fichier. Taille maximum : 2 Mo. Formats acceptés: .json, .pdf, .png, "
        ".txt, .zip",
        widget=forms.FileInput(attrs={"accept": ".json,.pdf,.png,.txt,.zip"}),
    )
    piece_gardee = forms.CharField(required=False, widget=forms.HiddenInput)
    sans_piece = forms.BooleanField(required=False, label="Ne plus joindre ce fichier")

    joint: FichierJoint | None = None

    def clean_numero_demande(self) -> str:
        numero: str = self.cleaned_data["numero_demande"]
        return SANS_OBJET if numero.casefold().strip("« \"'»\u00a0") == SANS_OBJET.casefold() else numero

    def clean_piece_jointe(self) -> Any:
        televerse = self.cleaned_data["piece_jointe"]
        if televerse:
            controler(televerse, CONTACT)
        return televerse

    def joindre(self, joint: FichierJoint | None) -> None:
        """The attachment that the message leaves with, and that the page shown again remembers."""
        self.joint = joint
        self.data = {**self.data.dict(), "piece_gardee": joint.marque if joint else ""}  # type: ignore[attr-defined]

    @property
    def message(self) -> dict[str, Any]:
        """What a ticket keeps of the form."""
        autres = ("captcha", "piece_jointe", "piece_gardee", "sans_piece")
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom not in autres}


@login_not_required
@recoit(CONTACT.taille_max)
@limite("contact", ADRESSE, 20, HEURE, quoi="messages")
@require_http_methods(["GET", "HEAD", "POST"])
def contact(requete: HttpRequest) -> HttpResponse:
    personne = requete.user if isinstance(requete.user, Utilisateur) else None
    if requete.method != "POST":
        return _page(requete, FormulaireContact(initial=_connu(personne), requete=requete))
    formulaire = FormulaireContact(requete.POST, requete.FILES, requete=requete)
    formulaire.full_clean()
    formulaire.joindre(_joint(formulaire))
    if trop_gros(requete):
        # The rest of the sending was not read: what had come is shown again, without its judgement.
        formulaire.errors.clear()
        formulaire.add_error("piece_jointe", TROP_GROS)
        return _page(requete, formulaire, statut=413)
    if not formulaire.is_valid():
        return _page(requete, formulaire, statut=422)
    joint = formulaire.joint
    ticket = tickets.recevoir(
        champs=formulaire.message,
        fichier=joint.fichier if joint else None,
        nom_fichier=joint.nom if joint else "",
        auteur=personne,
    )
    messages.success(
        requete,
        f"Votre message est enregistré sous le numéro {ticket.numero}. Un accusé de réception part à "
        f"{ticket.courriel}.",
    )
    return redirect("public:assistance_recue")


@login_not_required
@require_safe
def recue(requete: HttpRequest) -> HttpResponse:
    """Where a sent message leads: what happens next."""
    return render(requete, "public/assistance_recue.html")


@login_not_required
@never_cache
@limite("verifications", ADRESSE, 300, HEURE, quoi="demandes", lectures=True)
@require_safe
def defi(requete: HttpRequest) -> HttpResponse:
    """The computation that a browser does to send a public form."""
    return JsonResponse(antirobot.defi())


def _joint(formulaire: FormulaireContact) -> FichierJoint | None:
    """The attachment, kept once a person, not a robot, has sent it: it is not to be chosen again."""
    champs = formulaire.cleaned_data
    if champs.get("piece_jointe"):
        return garder_du_champ(formulaire, "piece_jointe") if formulaire.humain else None
    return None if champs.get("sans_piece") else retrouver(champs.get("piece_gardee", ""))


def _connu(personne: Utilisateur | None) -> dict[str, str]:
    if personne is None:
        return {}
    return {
        "nom": personne.get_full_name(),
        "courriel": personne.email,
        "raison_sociale": personne.entreprise.denomination if personne.entreprise else "",
    }


def _page(requete: HttpRequest, formulaire: FormulaireContact, *, statut: int = 200) -> HttpResponse:
    contexte = {"form": formulaire, "taille_max": CONTACT.taille_max}
    return render(requete, "public/assistance.html", contexte, status=statut)
