"""A company's enrolments: all of them, one, what it still needs, another software (ENR-071 to ENR-104)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from segurnum.comptes.auteurs import auteur
from segurnum.demandes.permissions import peut_deposer
from segurnum.enrolements import brouillons, queries, recherche, services
from segurnum.enrolements.brouillons import BrouillonIntrouvable
from segurnum.enrolements.declaration import Declaration
from segurnum.enrolements.models import Brouillon, Enrolement, PieceEnrolement
from segurnum.enrolements.queries import de_l_entreprise, pieces_de
from segurnum.enrolements.services import DEPOTS_COMPLEMENTAIRES
from segurnum.fichiers.documents import Genre
from segurnum.kits import colonnes
from segurnum.kits.geste import faire
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.seuil.acces import Requete, deposants, entreprise_de
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.documents import iban_declare, piece_d_enrolement
from segurnum.seuil.iban import declare_lu, noter_la_lecture
from segurnum.seuil.limites import ENTREPRISE, HEURE, limite
from segurnum.seuil.telechargements import donner, offrir, sert
from segurnum.seuil.televersement import recoit
from segurnum.web.commun.enrolement import depot_pieces
from segurnum.web.commun.enrolement.depot_pieces import PIECE, Adresses
from segurnum.web.commun.enrolement.fiche import de_l_enrolement, piece_ecrite
from segurnum.web.commun.enrolement.formulaires import (
    TAILLE_ETAPE,
    FormulaireComplementaire,
    FormulaireNumero,
)
from segurnum.web.commun.enrolement.guichet import Decision, Guichet
from segurnum.web.commun.enrolement.parcours import COMPLEMENTAIRE, Etape, ParcoursComplementaire
from segurnum.web.commun.enrolement.reprise import recommencer_complementaire
from segurnum.web.fournisseur.acces import bouton, consultation, geste, pour_cette_entreprise, saisie

PAGE_DU_DEPOT = "fournisseur:deposer_pieces_enrolement"


def _type(lignes: QuerySet[Any], cherche: str) -> QuerySet[Any]:
    voulu = colonnes.simplifie(cherche)
    return recherche.du_type(lignes, lambda libelle: voulu in colonnes.simplifie(libelle))


# A company has few enrolments: one per software.
TABLEAU = Tableau(
    "liste-enrolements",
    "Liste des demandes d'enrôlement :",
    (
        Colonne(
            "numero",
            "Numéro demande",
            colonnes.ecrit(recherche.numero_ecrit, recherche.sans_suffixe),
            ("sequence",),
            titre=True,
        ),
        colonnes.jour("depot", "Date de dépôt", "depose_le"),
        colonnes.enumere("statut", "Statut", "statut", StatutEnrolement, "statut.libelle"),
        colonnes.texte("siret", "Siret fournisseur", "entreprise__siret"),
        Colonne(
            "profil",
            "Profil référencé",
            colonnes.contient("referencement__profils"),
            ("referencement__profils",),
            cellule="fournisseur/cellules/profils.html",
        ),
        Colonne("type", "Type d'enrôlement", _type, ("type", "anticipe"), cellule="libelle_type"),
        Colonne("actions", "Actions", cellule="fournisseur/cellules/actions_enrolement.html"),
    ),
    ordre=("-depose_le", "-pk"),
    seuil=1_000,
)


@consultation()
def enrolements(requete: Requete) -> HttpResponse:
    contexte = {
        "titre": "Rechercher une demande d'enrôlement",
        "fil": "Gérer mes demandes d'enrôlement",
        "affiche": TABLEAU.lire(de_l_entreprise(entreprise_de(requete)), requete.GET),
        "a_deposer": DEPOTS_COMPLEMENTAIRES if peut_deposer(requete.user) else (),
    }
    return render(requete, "fournisseur/enrolement/liste.html", contexte)


@consultation()
def enrolement(requete: Requete, enrolement: str) -> HttpResponse:
    """« Consulter »: everything that was entered, in the lines a to g (ENR-101 to ENR-104)."""
    ligne = enrolement_de(requete, enrolement)
    pieces = [
        piece_ecrite(piece, offrir(requete, piece_d_enrolement(piece), adresse_piece(piece)))
        for piece in pieces_de(ligne)
    ]
    adresse_iban = reverse("fournisseur:afficher_iban_enrolement", args=[ligne.numero])
    contexte = {
        "enrolement": ligne,
        **de_l_enrolement(ligne, pieces, lambda iban: declare_lu(requete, iban, ligne, adresse_iban)),
        "peut_completer": ligne.statut in DEPOTS_COMPLEMENTAIRES and peut_deposer(requete.user),
        "rejete": ligne.statut is StatutEnrolement.REJETEE,
        "peut_recommencer": ligne.donnees and peut_deposer(requete.user),
    }
    return render(requete, "fournisseur/enrolement/consultation.html", contexte)


@geste()
@sert(Genre.IBAN)
def afficher_iban(requete: Requete, enrolement: str) -> HttpResponse:
    """« Afficher l'IBAN entier » that this enrolment declared."""
    ligne = enrolement_de(requete, enrolement)
    return noter_la_lecture(
        requete, iban_declare(ligne), reverse("fournisseur:enrolement", args=[ligne.numero])
    )


def adresse_piece(piece: PieceEnrolement) -> str:
    return reverse("fournisseur:piece_enrolement", args=[piece.enrolement.numero, piece.pk])


def enrolement_de(requete: Requete, numero: str) -> Enrolement:
    """An enrolment of this company, 404 for another's as for none."""
    return get_object_or_404(recherche.de_numero(de_l_entreprise(entreprise_de(requete)), numero))


def _piece_de(requete: Requete, enrolement: str, cle: int) -> PieceEnrolement:
    return get_object_or_404(enrolement_de(requete, enrolement).pieces.select_related("fichier"), pk=cle)


# A piece of an enrolment of this company, as a download (XCT-005); identity and RIB by a gesture.
piece = saisie()(donner(piece_d_enrolement, _piece_de, Genre.PIECE_ENROLEMENT, Genre.IDENTITE, Genre.RIB))


@PIECE.recoit
@saisie(deposants)
@limite("pieces", ENTREPRISE, 600, HEURE)
def deposer(requete: Requete, enrolement: str) -> HttpResponse:
    """« Déposer des pièces jointes »: choose a type, import the file, finish."""
    ligne = enrolement_de(requete, enrolement)
    if not services.types_a_deposer(ligne):
        messages.info(
            requete,
            f"Aucune pièce n'est attendue : la demande est au statut « {ligne.statut.libelle} ».",
        )
        return redirect("fournisseur:enrolement", enrolement)
    adresses = Adresses(
        terminer=reverse("fournisseur:terminer_depot_enrolement", args=[ligne.numero]),
        retour=reverse("fournisseur:enrolements"),
        retirer=lambda piece: reverse("fournisseur:retirer_piece_enrolement", args=[ligne.numero, piece.pk]),
        lire=lambda piece: offrir(requete, piece_d_enrolement(piece), adresse_piece(piece)),
        parent=ligne.numero,
        au_dessus=reverse("fournisseur:enrolement", args=[ligne.numero]),
    )
    return depot_pieces.deposer(requete, ligne, adresses, auteur(requete.user))


retirer_piece = geste(deposants)(
    bouton("enrolement", enrolement_de, services.retirer_piece, vers(PAGE_DU_DEPOT, "numero"), date=True)
)


@geste(deposants)
def terminer(requete: Requete, enrolement: str) -> HttpResponse:
    """« Terminer mon dépôt », confirmed on the page (ENR-085, ENR-091)."""
    ligne = enrolement_de(requete, enrolement)

    def agir() -> str:
        finie = services.terminer_depot(
            enrolement=ligne.pk, auteur=auteur(requete.user), recu_le=recu_le(requete)
        )
        statut = finie.statut.libelle
        return f"Votre dépôt est terminé : la demande {enrolement} est au statut « {statut} »."

    suite, refuse = (
        reverse("fournisseur:enrolement", args=[enrolement]),
        reverse(PAGE_DU_DEPOT, args=[enrolement]),
    )
    return faire(requete, agir, suite, refuse=refuse)


@geste(deposants)
def recommencer(requete: Requete, enrolement: str) -> HttpResponse:
    """From a rejected request: a draft that holds what it declared, unless another is begun."""
    ligne = enrolement_de(requete, enrolement)

    def agir() -> str:
        recommencer_complementaire(ligne, entreprise_de(requete), auteur(requete.user))
        return f"Votre saisie reprend celle de la demande {ligne.numero} : relisez-la avant de la terminer."

    refuse = reverse("fournisseur:enrolement", args=[ligne.numero])
    return faire(requete, agir, reverse("fournisseur:enrolement_complementaire"), refuse=refuse)


TERMINER, VERIFIER = "suivante", "verifier"


class GuichetComplementaire(Guichet):
    """For who signs in: one draft by person and company, whatever the browser."""

    requete: Requete
    gabarit = "fournisseur/enrolement/complementaire.html"
    recepisse = "complementaire_recu"
    confirmation = "fournisseur:enrolement_enregistre"
    suivi = "fournisseur:enrolements"
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
def complementaire(requete: Requete) -> HttpResponse:
    return GuichetComplementaire(requete, COMPLEMENTAIRE).repondre()


@consultation()
@never_cache
def enregistre(requete: Requete) -> HttpResponse:
    return GuichetComplementaire.confirmer(requete, "fournisseur:enrolements", "fournisseur:enrolements")


@geste(pour_cette_entreprise, deposants)
def quitter(requete: Requete) -> HttpResponse:
    return GuichetComplementaire(requete, COMPLEMENTAIRE).effacer("fournisseur:enrolements")
