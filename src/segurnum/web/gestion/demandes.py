"""The queue of requests, a request beside its pieces, the journal of its dossier, and the officers' gestures."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from segurnum import couloirs
from segurnum.annuaire_sante.arretes import arrete_de
from segurnum.comptes.droits import peut
from segurnum.comptes.models import Profil
from segurnum.coordonnees.constats import constats_du_compte
from segurnum.demandes import maturite, permissions
from segurnum.demandes.cumuls import tenues
from segurnum.demandes.examen import (
    Montants,
    avenants,
    marque,
    montants_de,
    reprendre,
)
from segurnum.demandes.models import Demande
from segurnum.demandes.montants import attente_de_l_avance
from segurnum.demandes.queries import de_numero, pieces_de, visibles_des_agents
from segurnum.demandes.recherche import cherchees
from segurnum.demandes.versions import historique
from segurnum.editorial.permissions import peut_rediger
from segurnum.editorial.queries import tickets_sur
from segurnum.fichiers.documents import Document, Genre
from segurnum.financements.queries import ajouts, concurrences
from segurnum.journal.chronologie import chronologie
from segurnum.journal.queries import evenements_de
from segurnum.kits.champs import ChampMontant
from segurnum.kits.criteres import TOUS, Critere, critere_de_statut, egal
from segurnum.kits.export import exporter
from segurnum.kits.geste import (
    GestePropose,
    Refus,
    admis,
    identifiants,
)
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.kits.visionneuse import Piece, ouvrir, visionneuse
from segurnum.paiements.attente import budget_de
from segurnum.paiements.comptes import compte_a_payer
from segurnum.paiements.queries import decision_de
from segurnum.recouvrements.queries import du_dossier
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.gestes import GesteSupervision
from segurnum.seuil.acces import Requete, agents, bouton_de, page_de, reserve_a
from segurnum.seuil.documents import piece_de_demande
from segurnum.seuil.entrees import entier
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.seuil.telechargements import envoyer, sert
from segurnum.web.commun.blocs.consultee import Adresses
from segurnum.web.commun.consultation import consulter

# What each profile opens the queue on: what waits for it.
from segurnum.web.gestion.demandes_gestes import GESTES, permis
from segurnum.web.gestion.formulaires import Retenu
from segurnum.web.gestion.instruction import FileAttente, Instruction, Proposes, adresse_iban

STATUT_PAR_PROFIL = {
    Profil.GESTIONNAIRE: StatutDemande.EN_COURS,
    Profil.DECIDEUR: StatutDemande.VALIDEE,
    Profil.COMPTABLE: StatutDemande.DECIDEE,
}
STATUTS = tuple(statut for statut in StatutDemande if statut is not StatutDemande.NON_COMPLETEE)


def adresse_de(demande: Demande) -> str:
    """Its page. One that an avenant replaced shares its number with it, and is named by its key."""
    adresse = reverse("gestion:demande", args=[demande.numero])
    historisee = demande.statut == StatutDemande.HISTORISEE
    return f"{adresse}?avenant={demande.pk}" if historisee else adresse


TABLEAU = Tableau(
    "liste-demandes",
    "Demandes, la plus ancienne d'abord",
    (
        Colonne("numero", "N° de la demande", titre=True, lien=adresse_de),
        Colonne("type", "Type", cellule="type.libelle"),
        Colonne("couloir", "Couloir", cellule="couloir.code"),
        Colonne("denomination", "Dénomination sociale", cellule="entreprise.denomination"),
        Colonne("siret", "SIRET", cellule="entreprise.siret", insecable=True),
        Colonne("editeur", "N° éditeur", cellule="numero_editeur"),
        Colonne("declare", "Déclaré HT", cellule="montant_declare|euros", nombre=True),
        Colonne("decide", "Montant décidé", cellule="montant_decide|euros", nombre=True),
        Colonne("depot", "Déposée le", cellule="depose_le|jour", insecable=True),
        Colonne("statut", "Statut", cellule="gestion/cellules/statut_demande.html"),
        Colonne("depuis", "Depuis le", cellule="statut_depuis|jour", insecable=True),
    ),
    ordre=("depose_le", "pk"),  # in which requests are taken, which an index follows
)


CHERCHE = "N° de dossier, éditeur ou ANS, SIRET, dénomination, personne, nom, FINESS ou RPPS du bénéficiaire"


def _criteres(requete: Requete) -> list[Critere]:
    """What narrows the queue; what each profile opens it on is what waits for it."""
    defaut = STATUT_PAR_PROFIL.get(Profil(requete.user.profil), TOUS)
    declares = [(c.dsr, f"{c.code} – {c.libelle}") for c in couloirs.tous()]
    types = [(t.value, t.libelle) for t in TypeDemande]
    return [
        Critere("texte", CHERCHE, restreindre=cherchees),
        critere_de_statut(defaut, STATUTS),
        Critere("dsr", "Couloir", "", [("", "Tous les couloirs"), *declares], restreindre=egal("dsr")),
        Critere("type", "Type", "", [("", "Avances et soldes"), *types], restreindre=egal("type")),
    ]


# Never an incomplete request (GST-010).
FILE = FileAttente(
    "Demandes à instruire",
    "Filtrer les demandes",
    TABLEAU,
    lambda: visibles_des_agents().select_related("entreprise", "valideur"),
    _criteres,
    suivie=True,
    export="gestion:exporter_demandes",
)
ADRESSES = Adresses(
    vers("gestion:piece", "demande.numero", "pk"),
    vers("gestion:avis"),
    adresse_iban,
    vers("gestion:titre_de_recette"),
)
DERNIERS_EVENEMENTS = 5
ROLES = Tableau(
    "roles-tenus",
    "Qui a tenu quel rôle sur ce dossier",
    (
        Colonne("role", "Rôle", cellule="dit", titre=True),
        Colonne("nom", "Personne", precision="profil"),
        Colonne("instant", "Le", cellule="fait.instant|instant", insecable=True),
        Colonne("sur", "Sur", cellule="sur"),
    ),
    vide="Personne n'a encore validé, décidé ni payé sur ce dossier.",
)
A_PAYER = (StatutDemande.VALIDEE, StatutDemande.DECIDEE)


def _contexte(
    requete: Requete, demande: Demande, refus: Refus, proposes: Proposes[Demande]
) -> dict[str, Any]:
    """Everything that the page of a request shows, in a number of statements that does not grow with it."""
    montants = montants_de(demande, retenu=_retenu(requete, refus))
    proposable = proposes.pop("valider", None)
    pas_mure = maturite.empechement(demande) if proposable else ""
    dossier = demande.dossier
    for propose in admis(GESTES, montants.sans_objet(requete.user)):
        proposes.pop(propose.code, None)
    return {
        "consultation": consulter(requete, demande, ADRESSES, entier(requete.GET.get("version"))),
        "demande": demande,
        "marque": refus.vue or marque(demande),
        "recalculer": INSTRUCTION.adresse(requete, demande, CALCULER),
        "montants": montants,
        "valider": _a_valider(requete, None if pas_mure else proposable, montants),
        "decider": proposes.pop("decider", None),
        "recouvrements": du_dossier(dossier, emis=False),
        "attente": attente_de_l_avance(demande),
        "empechement": pas_mure or permissions.empechement(requete.user, demande),
        "budget": budget_de(demande),
        "decision": decision_de(demande),
        **_compte(demande),
        **_pieces_a_lire(requete, demande),
        "avenants": avenants(demande),
        "concurrences": concurrences(demande),
        "ajouts": ajouts(demande),
        "annuaire": (lien := _annuaire(requete, demande)),
        "arrete": arrete_de(demande.pk) if lien else None,
        "derniere_version": historique(demande)[0],
        "ecrit_au_fournisseur": peut_rediger(requete.user),
        "tickets": tickets_sur(demande.numero) if peut_rediger(requete.user) else (),
        "moments": chronologie(evenements_de(dossier.chaine), dossier.numero)[:DERNIERS_EVENEMENTS],
    }


def _compte(demande: Demande) -> dict[str, Any]:
    """The account that is paid, for whoever decides or pays: who accepted it, and what is odd about it."""
    a_payer = compte_a_payer(demande) if demande.statut in A_PAYER else None
    constats = constats_du_compte(a_payer.accepte.compte) if a_payer else ()
    return {"a_payer": a_payer, "constats": constats}


def _retenu(requete: Requete, refus: Refus) -> Decimal | None:
    """The amount to compute with: the one being typed, if it can be read."""
    texte = requete.GET.get("retenu", "")
    if refus.formulaire is not None and refus.geste == "valider":
        texte = refus.formulaire.data.get("retenu", "")
    try:
        montant: Decimal | None = ChampMontant(required=False).clean(texte)
    except forms.ValidationError:
        return None
    return montant


def _a_valider(
    requete: Requete, propose: GestePropose[Demande] | None, montants: Montants
) -> GestePropose[Demande] | None:
    """Nothing typed yet, save the amount to compute with: what is wrong with it is said beside its field."""
    if propose is None or propose.ouvert:
        return propose
    ids = identifiants(propose.geste.code)
    if not requete.GET.get("retenu") and not requete.GET.get("motif"):
        return replace(propose, formulaire=Retenu(initial={"retenu": montants.maximum}, auto_id=ids))
    saisi = Retenu(requete.GET, auto_id=ids)
    if saisi.is_valid() and montants.refus:
        saisi.add_error("retenu", montants.refus)
    return replace(propose, formulaire=saisi)


def _pieces_a_lire(requete: Requete, demande: Demande) -> dict[str, Any]:
    """The reading column, in the order of the consultation; and the decision letter, if there is one."""
    pieces = [
        Piece(piece.pk, piece.nom, piece_de_demande(piece), ADRESSES.piece(piece))
        for piece in demande.pieces.all()
    ]
    lue = visionneuse(requete, pieces, reverse("gestion:demande", args=[demande.numero]))
    lettres = (
        ligne
        for piece, ligne in zip(pieces, lue.pieces, strict=True)
        if piece.document.genre is Genre.LETTRE and ligne.adresse
    )
    return {"visionneuse": lue, "lettre": next(lettres, None)}


def _annuaire(requete: Requete, demande: Demande) -> str:
    """Where the counts of this request come from, address by address; empty when nothing is counted for it."""
    if not demande.format().comptes or not peut(requete.user, GesteSupervision.LIRE_COMPTAGES):
        return ""
    numero_ans = demande.dossier.enrolement.referencement.numero_ans
    return reverse("gestion:annuaire_operateur", args=[numero_ans])


CALCULER = "calculer"


@page_de(agents)
def file_d_attente(requete: Requete) -> HttpResponse:
    return FILE.montrer(requete)


@bouton_de(agents)
@limite("exports", PERSONNE, 60, HEURE, quoi="exports")
@sert(Genre.LISTE)
def exporter_la_file(requete: Requete) -> HttpResponseBase:
    """The whole queue as it is filtered, with the columns of its screen."""
    demandes = FILE.filtrees(FILE.filtre(requete))
    document = Document(genre=Genre.LISTE, objet="export:demandes", nom="demandes.csv")
    return envoyer(requete, document, exporter(FILE.tableau, demandes, requete.GET))


@page_de(agents)
def consultation(requete: Requete, numero: str) -> HttpResponse:
    return INSTRUCTION.montrer(requete, numero=numero, avenant=requete.GET.get("avenant"))


@page_de(agents)
def journal(requete: Requete, numero: str) -> HttpResponse:
    demande = trouver(numero)
    montre = {
        "demande": demande,
        "tenues": ROLES.montrer(tenues(demande)),
        "moments": chronologie(evenements_de(demande.dossier.chaine), demande.dossier.numero),
        "filtre": FILE.filtre(requete),
    }
    return render(requete, "gestion/journal.html", montre)


@bouton_de(reserve_a(Profil.GESTIONNAIRE, Profil.DECIDEUR))
def faire(requete: Requete, numero: str, geste: str) -> HttpResponse:
    if geste != CALCULER:
        return INSTRUCTION.faire(requete, geste, numero=numero)
    saisi = urlencode({nom: requete.POST[nom] for nom in Retenu.base_fields if requete.POST.get(nom)})
    return redirect(f"{INSTRUCTION.adresse(requete, trouver(numero))}&{saisi}#montants")


def trouver(numero: str, avenant: str | None = None) -> Demande:
    """The request of this number, 404 when there is none that officers may see."""
    demande = de_numero(visibles_des_agents(), numero, entier(avenant))
    if demande is None:
        raise Http404("Aucune demande instruite ne porte ce numéro.")
    return demande


@page_de(agents)
@sert(Genre.PIECE_DEMANDE, Genre.LETTRE)
def piece(requete: Requete, numero: str, piece: int) -> HttpResponseBase:
    """A piece of a request that officers may see, as a file to save."""
    ligne = get_object_or_404(pieces_de(visibles_des_agents()), pk=piece, demande__numero=numero)
    return ouvrir(requete, piece_de_demande(ligne), reverse("gestion:demande", args=[numero]))


INSTRUCTION: Instruction[Demande] = Instruction(
    sur="une demande",
    gabarit="gestion/demande.html",
    page="gestion:demande",
    geste="gestion:geste",
    phrase="La demande {0.numero} {1}.",
    trouver=trouver,
    cle=lambda demande: (demande.numero,),
    gestes=lambda _: GESTES,
    permis=permis,
    contexte=_contexte,
    reprendre=reprendre,
    file=FILE,
)
