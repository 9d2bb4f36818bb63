"""« Faire une demande complémentaire »: another software, from the account, on one page (ENR-071 to ENR-081)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from segurnum.comptes.auteurs import auteur
from segurnum.enrolements import brouillons, queries
from segurnum.enrolements.brouillons import BrouillonIntrouvable
from segurnum.enrolements.declaration import Declaration
from segurnum.enrolements.models import Brouillon
from segurnum.seuil.acces import Requete, entreprise_de
from segurnum.seuil.limites import ENTREPRISE, HEURE, limite
from segurnum.seuil.televersement import recoit
from segurnum.web.commun.enrolement.formulaires import (
    TAILLE_ETAPE,
    FormulaireComplementaire,
    FormulaireNumero,
)
from segurnum.web.commun.enrolement.guichet import Decision, Guichet
from segurnum.web.commun.enrolement.parcours import COMPLEMENTAIRE, Etape, ParcoursComplementaire
from segurnum.web.fournisseur.acces import consultation, deposants, geste, pour_cette_entreprise, saisie

TERMINER, VERIFIER = "suivante", "verifier"


class GuichetComplementaire(Guichet):
    """For who signs in: one draft by person and company, whatever the browser."""

    requete: Requete
    gabarit = "fournisseur/enrolement/complementaire.html"
    recepisse = "complementaire_recu"
    confirmation = "fournisseur:enrolement_enregistre"
    perdu = "Votre saisie n'est plus là : commencez une nouvelle demande."

    def lire(self) -> ParcoursComplementaire:
        entreprise = entreprise_de(self.requete)
        return ParcoursComplementaire(brouillons.retrouver_pour(self.requete.user, entreprise), entreprise)

    def creer(self) -> Brouillon:
        return brouillons.creer(auteur=auteur(self.requete.user), entreprise=self.parcours.entreprise)

    @property
    def depot(self) -> Mapping[str, Any]:
        return {"entreprise": self.parcours.entreprise, "auteur": auteur(self.requete.user)}

    def adresse(self, _etape: Etape) -> str:
        return reverse("fournisseur:enrolement_complementaire")

    def contexte(self, _form: Any) -> dict[str, Any]:
        societe = entreprise_de(self.requete)
        lignes = (("Siret", societe.siret), ("Dénomination sociale", societe.denomination))
        return {"recapitulatif": lignes}

    def decider(self, geste: str) -> Decision:
        if geste == "rechercher":
            entreprise = self.parcours.entreprise
            return self.chercher_le_numero(FormulaireNumero(self.requete.POST, entreprise=entreprise))
        if self.parcours.brouillon is None:
            raise BrouillonIntrouvable
        if geste == "reinitialiser":
            return self.oublier_le_numero()
        if self.parcours.reference is None:
            return Decision(vers=self.requete.path)
        return self._envoyer(geste)

    def _envoyer(self, geste: str) -> Decision:
        """Keep what was sent, then « Terminer » if that is the button and nothing lacks."""
        form: Any = self.parcours.formulaire(self.etape, self.requete.POST, self.requete.FILES)
        decision = self.garder(form)
        if decision.statut != 200 or geste not in (TERMINER, VERIFIER):
            return decision
        decision = replace(decision, vers="")
        if form.errors:
            return replace(decision, statut=422)
        if geste == VERIFIER:
            return replace(decision, question=True)
        return replace(decision, declaration=self._declaration(form))

    def _declaration(self, form: FormulaireComplementaire) -> Declaration:
        return Declaration(
            numero_ans=self.parcours.saisie(COMPLEMENTAIRE)["numero_ans"],
            heberge_donnees=form.hebergement,
            qualite=queries.qualite_du_depositaire(entreprise_de(self.requete)),
            taux_tva=form.taux,
        )


@never_cache
@recoit(TAILLE_ETAPE)
@saisie(pour_cette_entreprise, deposants)
@limite("enrolement-complementaire", ENTREPRISE, 2_000, HEURE)
def demande(requete: Requete) -> HttpResponse:
    return GuichetComplementaire(requete, COMPLEMENTAIRE).repondre()


@consultation()
@never_cache
def enregistre(requete: Requete) -> HttpResponse:
    return GuichetComplementaire.confirmer(requete, "fournisseur:enrolements", "fournisseur:enrolements")


@geste(pour_cette_entreprise, deposants)
def quitter(requete: Requete) -> HttpResponse:
    return GuichetComplementaire(requete, COMPLEMENTAIRE).effacer("fournisseur:enrolements")
