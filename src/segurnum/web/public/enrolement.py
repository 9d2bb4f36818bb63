"""The initial enrolment of somebody that the portal does not know: five steps, from an ANS number to « Terminer », and
what their forms ask of the portal (ENR-009 to ENR-061).

What is typed is kept by a draft that the session of the browser names. It keeps a file only once a person, not a robot,
has shown itself: the disk is nobody's. That is asked once, beside the first file, whatever else is typed.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from segurnum.annuaire.entreprise import AnnuaireIndisponible
from segurnum.comptes.models import PROFILS_ENTREPRISE
from segurnum.coordonnees.constats import bic_d_une_autre_banque
from segurnum.editorial.cgu import en_vigueur
from segurnum.enrolements import brouillons
from segurnum.enrolements.admission import DejaUnCompte
from segurnum.enrolements.entreprises import entreprise_a_enroler, preremplie, sans_societe
from segurnum.enrolements.models import Brouillon, PieceBrouillon
from segurnum.enrolements.phrases import ARTICLE_441_7
from segurnum.enrolements.pieces import TypePiece
from segurnum.kits.champs import champ, texte
from segurnum.referentiel.banques import domiciliation as banque_de
from segurnum.referentiel.communes import communes as communes_du_code
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.identifiants import est_siret, normaliser_iban
from segurnum.seuil.acces import bouton_public, formulaire_public, page_publique
from segurnum.seuil.documents import piece_de_brouillon
from segurnum.seuil.limites import sans_ecriture
from segurnum.seuil.telechargements import Offre, offrir
from segurnum.seuil.televersement import recoit
from segurnum.seuil.version_saisie import non_gardee, sans_page
from segurnum.web.commun.captcha import FormulaireProtege
from segurnum.web.commun.enrolement.fiche import PieceEcrite, de_la_saisie
from segurnum.web.commun.enrolement.formulaires import (
    TAILLE_ETAPE,
    FormulaireBanque,
    FormulaireEtape,
    FormulaireNumero,
)
from segurnum.web.commun.enrolement.guichet import Decision, Guichet
from segurnum.web.commun.enrolement.parcours import (
    BANQUE,
    CONFIRMATION,
    DEMANDEUR,
    ETAPES,
    PAR_CLE,
    REFERENCEMENT,
    TVA,
    Etape,
    Parcours,
)
from segurnum.web.public.saisies import connues, courante, oublier, retenir

ALLER = "aller:"
# Ways out of a step that keep what is typed there.
SORTIES = {"lien": "public:enrolement_lien", "saisies": "public:enrolement_saisies"}
PROUVE = "brouillon_prouve"
FICHIERS_NON_GARDES = (
    "Vos fichiers n'ont pas été gardés : faites la vérification demandée en bas de la page, puis choisissez-les de "
    "nouveau. Elle n'est demandée qu'une fois, et le reste de votre saisie est gardé."
)
GABARITS = dict(zip(ETAPES, ("referencement", "demandeur", "saisie", "tva", "confirmation"), strict=True))
# Where each line of the recap is corrected: the pieces, at the step that asks for them.
ETAPE_DE = {"a": REFERENCEMENT, "b": DEMANDEUR, "c": DEMANDEUR, "d": DEMANDEUR, "e": BANQUE, "f": TVA}
# Downloadable models of « Documents utiles », beside each quality (ENR-048).
MODELES = (
    ("contrat-prestation.pdf", "Modèle contrat de prestation"),
    ("mandat-delegation-signature.pdf", "Modèle de mandat"),
)


def _case(libelle: str) -> Any:
    return champ(libelle, "Cochez cette case pour terminer votre demande.", forms.BooleanField)


class FormulaireSiret(FormulaireProtege):
    """« Rechercher » a company (ENR-029, ENR-030)."""

    use_required_attribute = False
    siret = texte("Numéro SIRET", maximum=40, help_text="14 chiffres ; les espaces sont acceptés.")

    def clean_siret(self) -> str:
        siret = "".join(str(self.cleaned_data["siret"]).split())
        if not est_siret(siret):
            raise forms.ValidationError(
                f"« {siret} » n'est pas un SIRET : 14 chiffres, dont la clé de contrôle, sont attendus."
            )
        return siret

    deja_un_compte = False

    def refuser(self, refus: GesteImpossible) -> None:
        """A company that signs in already makes its request from its account; the page adds the way there."""
        self.deja_un_compte = isinstance(refus, DejaUnCompte)
        self.add_error("siret", str(refus))


class FormulaireConfirmation(FormulaireProtege):
    """« Terminer »: the captcha and the three boxes, word for word (ENR-055 to ENR-058)."""

    use_required_attribute = False
    cgu = _case("J'ai lu et j'accepte les CGU")
    article = _case(ARTICLE_441_7)
    sincerite = _case(
        "L'ensemble des éléments saisis dans ce formulaire de demande sont sincères et véritables"
    )


class FormulairePreuve(FormulaireProtege):
    """The captcha alone, beside the fields of a step."""


class GuichetPublic(Guichet):
    recepisse = "enrolement_recu"
    confirmation = "public:enrolement_enregistre"
    suivi = "public:suivi_demande"
    perdu = (
        "Votre saisie n'est plus là : elle a été effacée, envoyée ou n'a pas été touchée depuis trente jours. "
        "Commencez une nouvelle demande."
    )
    preuve: FormulairePreuve | None = None  # that came with files, and was not accepted

    def __init__(self, requete: HttpRequest, etape: Etape) -> None:
        super().__init__(requete, etape)
        self.gabarit = f"public/enrolement/{GABARITS[etape]}.html"

    def lire(self) -> Parcours:
        return Parcours(courante(self.requete))

    def creer(self) -> Brouillon:
        ligne = brouillons.creer(auteur=brouillons.DEMANDEUR)
        retenir(self.requete, ligne)
        return ligne

    @property
    def depot(self) -> Mapping[str, Any]:
        return {"auteur": brouillons.DEMANDEUR, "cgu": en_vigueur().code}

    def quitter(self) -> None:
        oublier(self.requete)

    def adresse(self, etape: Etape) -> str:
        return reverse("public:enrolement_etape", args=[etape.cle])

    # --- What the gestures come to

    def decider(self, geste: str) -> Decision:
        ici = Decision(vers=self.requete.path)
        if self.etape is CONFIRMATION:
            return self._terminer() if geste == "terminer" else Decision(vers=self.adresse(TVA))
        if geste == "rechercher" and self.etape is REFERENCEMENT:
            return self.chercher_le_numero(FormulaireNumero(self.requete.POST))
        if self.parcours.brouillon is None:
            return ici
        if geste == "rechercher":
            return self._chercher_le_siret() if self.etape is DEMANDEUR else ici
        if geste == "reinitialiser" and self.etape is REFERENCEMENT:
            return self.oublier_le_numero()
        return self._garder(geste) if self.etape is not DEMANDEUR or self.parcours.siret else ici

    def _garder(self, geste: str) -> Decision:
        """« Étape suivante », and every other way out of a step: what is typed is kept first (ENR-013)."""
        form = self.parcours.formulaire(self.etape, self.requete.POST, self._fichiers())
        if geste == "reinitialiser":  # « Changer de SIRET »: the persons already typed stay
            decision = self.garder(form, sans=sans_societe, oublier=[TypePiece.KBIS])
            return replace(decision, vers=self.requete.path)
        decision = self.garder(form)
        if decision.statut != 200:
            return decision
        if self.preuve is not None:
            form.add_error(None, FICHIERS_NON_GARDES)
            return replace(decision, vers="", statut=422)
        if geste in SORTIES:
            return replace(decision, vers=reverse(SORTIES[geste]))
        ensuite = destination(geste, self.etape, juste=not form.errors)
        if ensuite is None:
            return replace(decision, vers="", statut=422)
        return replace(decision, vers=self.adresse(ensuite))

    def _chercher_le_siret(self) -> Decision:
        """Prefill the company (ENR-029 to ENR-031); the persons already typed stay."""
        form = FormulaireSiret(self.requete.POST, requete=self.requete)
        trouvee = None
        numero = str(self.parcours.saisie(REFERENCEMENT).get("numero_ans", ""))
        if form.is_valid():
            try:
                trouvee = entreprise_a_enroler(form.cleaned_data["siret"], numero)
            except AnnuaireIndisponible:
                pass  # the person types it all
            except GesteImpossible as refus:
                form.refuser(refus)
        if form.errors:
            return Decision(statut=422, recherche=form)
        connue = preremplie(form.cleaned_data["siret"], trouvee)
        return Decision(self.parcours.saisie(DEMANDEUR) | connue, vers=self.requete.path)

    def _terminer(self) -> Decision:
        form = FormulaireConfirmation(self.requete.POST, requete=self.requete)
        if not form.is_valid():
            return Decision(statut=422, form=form)
        return Decision(declaration=self.parcours.declaration(), form=form)

    # --- The first file of somebody unknown

    @property
    def _prouve(self) -> bool:
        brouillon = self.parcours.brouillon
        return brouillon is not None and self.requete.session.get(PROUVE) == str(brouillon.pk)

    def _fichiers(self) -> Any:
        """The files that came, if this draft may keep some; none when the proof that came with them is not accepted."""
        if not self.requete.FILES or self._prouve or self.parcours.brouillon is None:
            return self.requete.FILES
        preuve = FormulairePreuve(self.requete.POST, requete=self.requete)
        if not preuve.is_valid():
            self.preuve = preuve
            return {}
        self.requete.session[PROUVE] = str(self.parcours.brouillon.pk)
        return self.requete.FILES

    def _preuve_a_montrer(self, form: FormulaireEtape) -> FormulairePreuve | None:
        """None where no file is asked, and once the draft needs none."""
        if not form.champs_pieces or self._prouve:
            return None
        return self.preuve or FormulairePreuve(requete=self.requete)

    # --- The page

    def formulaire(self) -> Any:
        if self.etape is CONFIRMATION:
            return FormulaireConfirmation(requete=self.requete)
        return self.parcours.formulaire(self.etape)

    def recherche(self) -> Any:
        return FormulaireSiret(requete=self.requete) if self.etape is DEMANDEUR else super().recherche()

    def contexte(self, form: Any) -> dict[str, Any]:
        derniere = self.etape is CONFIRMATION
        return {
            "etape": self.etape,
            "etapes": ETAPES,
            "saisie_en_cours": not derniere and self.parcours.commencee(self.etape),
            "saisie": self.parcours.saisie(self.etape),
            "modeles": MODELES,
            "autres_saisies": len(connues(self.requete)) > 1,
            "preuve": None if derniere else self._preuve_a_montrer(form),
            **(self._recapitulatif() if derniere else {}),
            "anticipe": derniere
            and self.parcours.reference is not None
            and not self.parcours.reference.valide,
        }

    def _recapitulatif(self) -> dict[str, Any]:
        if self.parcours.brouillon is None or self.parcours.reference is None:
            raise AssertionError("les étapes sont complètes")
        requises = self.parcours.pieces_requises()
        pieces = [
            PieceEcrite(piece.get_type_display(), piece.nom, self._offre(piece))
            for piece in self.parcours.brouillon.pieces.select_related("fichier").order_by("pk")
            if piece.type in requises
        ]
        declaration = self.parcours.declaration()
        lue = de_la_saisie(declaration, self.parcours.reference, pieces)
        banque = declaration.banque
        doute = bic_d_une_autre_banque(banque.iban, banque.bic) if banque else ""
        return lue | {
            "doute": doute,
            "modifier": {lettre: self.adresse(etape) for lettre, etape in ETAPE_DE.items()},
        }

    def _offre(self, piece: PieceBrouillon) -> Offre:
        adresse = reverse("public:enrolement_piece", args=[piece.type.value.lower()])
        return offrir(self.requete, piece_de_brouillon(piece), adresse)


def destination(geste: str, voulue: Etape, *, juste: bool) -> Etape | None:
    """The next step, « Étape précédente », a step of the panel, or this one again: a file to remove, the communes of a
    code. None when the step is not complete enough to be left by « Étape suivante ».
    """
    if geste == "suivante":
        return ETAPES[voulue.rang] if juste else None
    if geste == "precedente":
        return ETAPES[max(voulue.rang - 2, 0)]
    return PAR_CLE.get(geste.removeprefix(ALLER), voulue)


@page_publique
@never_cache
def enrolement(requete: HttpRequest) -> HttpResponse:
    """The door: a company that has an account goes to the complementary form, another where it was (ENR-002)."""
    if getattr(requete.user, "profil", None) in PROFILS_ENTREPRISE:
        return redirect("fournisseur:enrolement_complementaire")
    guichet = GuichetPublic(requete, REFERENCEMENT)
    if guichet.parcours.brouillon is None and connues(requete):
        return redirect("public:enrolement_saisies")
    return redirect(guichet.adresse(guichet.parcours.a_completer))


@formulaire_public("enrolement", 2_000)
@never_cache
@recoit(TAILLE_ETAPE)
def etape(requete: HttpRequest, etape: str) -> HttpResponse:
    """A step. One that is typed in the address bar before its turn leads to the first that is not complete."""
    if etape not in PAR_CLE:
        raise Http404
    guichet = GuichetPublic(requete, PAR_CLE[etape])
    attendue = guichet.parcours.a_completer
    if guichet.etape.rang <= attendue.rang:
        return guichet.repondre()
    if sans_page(requete):
        return non_gardee()
    if requete.method == "POST" and guichet.parcours.brouillon is None:
        return guichet.dire_perdu()
    messages.warning(
        requete,
        f"Terminez d'abord l'étape « {attendue.libelle} » : l'étape « {guichet.etape.libelle} » vient après.",
    )
    return redirect(guichet.adresse(attendue))


@page_publique
@never_cache
def enregistre(requete: HttpRequest) -> HttpResponse:
    return GuichetPublic.confirmer(requete, "public:enrolement", "public:accueil")


@bouton_public("enrolement", 400)
def quitter(requete: HttpRequest) -> HttpResponse:
    return GuichetPublic(requete, REFERENCEMENT).effacer("public:accueil")


# --- What a form asks while it is typed


@page_publique
def communes(requete: HttpRequest) -> HttpResponse:
    """The options of « Commune », for a postal code being typed (ENR-035)."""
    trouvees = communes_du_code(requete.GET.get("code_postal", "").strip())
    return render(requete, "public/enrolement/communes.html", {"communes": trouvees})


@bouton_public("domiciliation", 1_000)
@sans_ecriture
def domiciliation(requete: HttpRequest) -> HttpResponse:
    """The field « Domiciliation », filled from the IBAN just typed (ENR-049). Nothing is kept.

    An unknown bank empties what named another one; it leaves an empty field alone, which may be being typed.
    """
    banque = banque_de(normaliser_iban(requete.POST.get("iban", "")))
    if banque is None and not requete.POST.get("domiciliation"):
        return HttpResponse(status=204)
    form = FormulaireBanque(initial={"domiciliation": banque.banque if banque else ""})
    return render(requete, "public/enrolement/domiciliation.html", {"champ": form["domiciliation"]})
