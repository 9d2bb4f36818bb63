"""« Faire une demande complémentaire »: another software, from the account, on one page (ENR-071 to ENR-081)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from segurnum.comptes.auteurs import auteur
from segurnum.enrolements import brouillons, queries
from segurnum.enrolements.brouillons import BrouillonIntrouvable
from segurnum.enrolements.models import Brouillon
from segurnum.referentiel.models import Referencement
from segurnum.referentiel.queries import par_numero_ans
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete, entreprise_de
from segurnum.web.commun.enrolement import complementaire, etapes, recepisse
from segurnum.web.commun.enrolement.formulaires import TAILLE_ETAPE, FormulaireNumero
from segurnum.web.commun.limites import ENTREPRISE, HEURE, limite
from segurnum.web.commun.televersement import recoit, trop_gros
from segurnum.web.commun.version_saisie import gardee, sans_page
from segurnum.web.fournisseur.acces import consultation, deposants, geste, pour_cette_entreprise, saisie

ETAPE = "complementaire"
TERMINER, VERIFIER = "suivante", "verifier"
PAGE = "fournisseur:enrolement_complementaire"
SESSION_RECEPISSE = "complementaire_recu"


@never_cache
@recoit(TAILLE_ETAPE)
@saisie(pour_cette_entreprise, deposants)
@limite("enrolement-complementaire", ENTREPRISE, 2_000, HEURE)
def demande(requete: Requete) -> HttpResponse:
    brouillon = brouillons.retrouver_pour(requete.user, entreprise_de(requete))
    if requete.method != "POST":
        return _page(requete, brouillon)
    return etapes.recevoir(
        requete,
        lambda: _faire(requete, brouillon, requete.POST.get("geste", TERMINER)),
        perdu=lambda: _perdu(requete),
        conflit=lambda refus: _conflit(requete, refus),
    )


def _faire(requete: Requete, brouillon: Brouillon | None, geste: str) -> HttpResponse:
    if geste == "rechercher":
        return _rechercher(requete, brouillon)
    if brouillon is None:
        raise BrouillonIntrouvable
    if geste == "reinitialiser":
        etapes.oublier_le_numero(requete, brouillon, ETAPE)
        return redirect(PAGE)
    return _envoyer(requete, brouillon, geste)


def _rechercher(requete: Requete, brouillon: Brouillon | None) -> HttpResponse:
    entreprise = entreprise_de(requete)
    form = FormulaireNumero(requete.POST, entreprise=entreprise)
    if not form.is_valid():
        return _page(requete, brouillon, recherche=form, statut=422)
    etapes.retenir_le_numero(
        requete,
        brouillon,
        ETAPE,
        form.cleaned_data["numero_ans"],
        lambda: brouillons.creer(auteur=auteur(requete.user), entreprise=entreprise),
    )
    return redirect(PAGE)


def _envoyer(requete: Requete, brouillon: Brouillon, geste: str) -> HttpResponse:
    """Keep what was sent, then « Terminer » if that is the button and nothing lacks."""
    reference = _reference(brouillon)
    if reference is None:
        return redirect(PAGE)
    form = _formulaire(requete, brouillon, reference, requete.POST, requete.FILES)
    garde = etapes.garder(requete, brouillon, ETAPE, form)
    if sans_page(requete):
        return gardee()
    if trop_gros(requete):
        form.add_error(None, etapes.TROP_GROS)
        return _page(requete, garde, form=form, statut=413)
    if geste not in (TERMINER, VERIFIER):
        return redirect(PAGE)
    if form.errors:
        return _page(requete, garde, form=form, statut=422)
    if geste == VERIFIER:
        return _page(requete, garde, form=form, question=True)
    entreprise = entreprise_de(requete)
    demande = {
        "brouillon": garde.pk,
        "declaration": form.declaration(queries.qualite_du_depositaire(entreprise)),
        "version": garde.version,
        "entreprise": entreprise,
        "auteur": auteur(requete.user),
    }
    if not etapes.terminer(requete, form, SESSION_RECEPISSE, **demande):
        return _page(requete, garde, form=form, statut=409)
    return redirect("fournisseur:enrolement_enregistre")


def _reference(brouillon: Brouillon | None) -> Referencement | None:
    numero = brouillon.saisie.get(ETAPE, {}).get("numero_ans", "") if brouillon else ""
    return par_numero_ans(numero)


def _formulaire(
    requete: Requete,
    brouillon: Brouillon,
    reference: Referencement,
    donnees: Any = None,
    fichiers: Any = None,
) -> complementaire.FormulaireComplementaire:
    return complementaire.FormulaireComplementaire(
        donnees,
        fichiers,
        reference=reference,
        mandat=queries.mandat_a_deposer(entreprise_de(requete), reference),
        initial=brouillon.saisie.get(ETAPE, {}) | etapes.noms_des_pieces(brouillon),
    )


def _page(
    requete: Requete,
    brouillon: Brouillon | None,
    *,
    form: Any = None,
    recherche: Any = None,
    statut: int = 200,
    alerte: str = "",
    question: bool = False,
) -> HttpResponse:
    reference = _reference(brouillon)
    if form is None and brouillon is not None and reference is not None:
        form = _formulaire(requete, brouillon, reference)
    contexte = {
        "entreprise": entreprise_de(requete),
        "reference": reference,
        "brouillon": brouillon,
        "version": brouillon.version if brouillon else 0,
        "form": form,
        "recherche": recherche or FormulaireNumero(),
        "alerte": alerte,
        "question": question,
    }
    return render(requete, "fournisseur/enrolement/complementaire.html", contexte, status=statut)


def _conflit(requete: Requete, refus: GesteImpossible) -> HttpResponse:
    """Nothing was kept: what was typed is shown again on top of what the draft holds now."""
    brouillon = brouillons.retrouver_pour(requete.user, entreprise_de(requete))
    if brouillon is None:
        return _perdu(requete)
    reference = _reference(brouillon)
    form = None
    if reference is not None and "taux_tva" in requete.POST:
        form = _formulaire(requete, brouillon, reference, requete.POST)
    return _page(requete, brouillon, form=form, statut=409, alerte=str(refus))


def _perdu(requete: Requete) -> HttpResponse:
    """No draft: it was just sent (« Terminer » twice), or left."""
    if requete.session.get(SESSION_RECEPISSE):
        return redirect("fournisseur:enrolement_enregistre")
    messages.error(requete, "Votre saisie n'est plus là : commencez une nouvelle demande.")
    return redirect(PAGE)


@consultation()
@never_cache
def enregistre(requete: Requete) -> HttpResponse:
    """« Confirmation »: the number to keep (ENR-079)."""
    recu = recepisse.montrer(requete, SESSION_RECEPISSE)
    if recu is None:
        return redirect("fournisseur:enrolements")
    contexte = recu | {"suite": reverse("fournisseur:enrolements")}
    return render(requete, "fournisseur/enrolement/enregistre.html", contexte)


@geste(pour_cette_entreprise, deposants)
def quitter(requete: Requete) -> HttpResponse:
    """« Quitter sans enregistrer »: really erase."""
    brouillon = brouillons.retrouver_pour(requete.user, entreprise_de(requete))
    if brouillon is not None:
        brouillons.effacer(brouillon=brouillon.pk)
        messages.success(requete, "Votre saisie est effacée : ni valeur ni fichier n'ont été conservés.")
    return redirect("fournisseur:enrolements")
