"""The officers' instruction of enrolments: the queue, an enrolment beside its pieces, the gestures (GST-002 to 008)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from segurnum.comptes.models import Profil, Utilisateur
from segurnum.coordonnees.constats import Releve, constats
from segurnum.enrolements import examen, issues, liens, permissions, services
from segurnum.enrolements.declaration import Declaration
from segurnum.enrolements.ecarts import ecarts
from segurnum.enrolements.models import Enrolement, PieceEnrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.enrolements.queries import (
    A_INSTRUIRE,
    TYPES,
    cherches,
    par_numero,
    par_siret,
    par_statut,
    par_type,
    pieces_de,
    releve_du_compte,
    tous,
)
from segurnum.enrolements.services import AccesDejaOuvert
from segurnum.fichiers.documents import Genre
from segurnum.journal.chronologie import ENROLEMENTS, chronologie
from segurnum.journal.queries import evenements_de
from segurnum.kits.champs import motif
from segurnum.kits.criteres import Critere, critere_de_statut, egal
from segurnum.kits.geste import Geste, Refus, admis, geste, par_code, sur
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.kits.visionneuse import Piece, ouvrir, visionneuse
from segurnum.regles.calendrier import date_fr
from segurnum.regles.cycles_enrolement import GesteEnrolement, StatutEnrolement
from segurnum.regles.gestes import GesteDepotEnrolement
from segurnum.seuil.acces import Requete, agents, bouton_de, formulaire_de, page_de, reserve_a
from segurnum.seuil.documents import iban_declare, piece_d_enrolement
from segurnum.seuil.iban import IbanLu, declare_lu, noter_la_lecture
from segurnum.seuil.telechargements import offrir, sert
from segurnum.web.commun.blocs.suites import courriels_sur
from segurnum.web.commun.enrolement import fiche
from segurnum.web.gestion.formulaires import Aucune
from segurnum.web.gestion.formulaires_enrolement import FormulaireCourriel, FormulairePiecesDemandees
from segurnum.web.gestion.instruction import FileAttente, Instruction, Proposes

TABLEAU = Tableau(
    "liste-enrolements",
    "Enrôlements, le plus ancien d'abord",
    (
        Colonne("numero", "Numéro demande", titre=True, lien=vers("gestion:enrolement", "numero")),
        Colonne("depot", "Date de dépôt", cellule="depose_le|jour", insecable=True),
        Colonne(
            "statut",
            "Statut",
            cellule="statut|badge",
            precision='entreprise_a_verifier|yesno:"SIRET à vérifier,"',
        ),
        Colonne("depuis", "Depuis le", cellule="statut_depuis|jour", insecable=True),
        Colonne("type", "Type d'enrôlement", cellule="libelle_type"),
        Colonne("ans", "N° ANS", cellule="referencement.numero_ans"),
        Colonne(
            "logiciel", "Logiciel", cellule="referencement.designation", precision="referencement.libelle_dsr"
        ),
        Colonne("siret", "Siret fournisseur", cellule="entreprise.siret", insecable=True),
        Colonne("denomination", "Dénomination sociale", cellule="entreprise.denomination"),
    ),
    ordre=("depose_le", "pk"),
)


def _criteres(_requete: Requete) -> list[Critere]:
    """What narrows the queue. Days are those of Paris, the portal's time zone."""
    types = [("", "Tous les types"), *TYPES.items()]
    return [
        Critere("texte", "N°, dénomination, logiciel ou courriel", restreindre=cherches),
        Critere("siret", "SIRET", longueur=20, restreindre=par_siret),
        Critere("ans", "N° ANS", longueur=10, restreindre=egal("referencement__numero_ans__icontains")),
        critere_de_statut(
            A_INSTRUIRE, StatutEnrolement, (A_INSTRUIRE, "À instruire"), restreindre=par_statut
        ),
        Critere("type", "Type d'enrôlement", "", types, restreindre=par_type),
        Critere("du", "Déposé à partir du", genre="date", restreindre=egal("depose_le__date__gte")),
        Critere("au", "Déposé jusqu'au", genre="date", restreindre=egal("depose_le__date__lte")),
    ]


FILE = FileAttente(
    "Enrôlements à instruire", "Filtrer les enrôlements", TABLEAU, tous, _criteres, suivie=True
)


def trouver(enrolement: str) -> Enrolement:
    """The enrolment of this number, 404 when there is none."""
    if (trouve := par_numero(enrolement)) is None:
        raise Http404("Aucun enrôlement ne porte ce numéro.")
    return trouve


def _contexte(
    requete: Requete, enrolement: Enrolement, refus: Refus, proposes: Proposes[Enrolement]
) -> dict[str, Any]:
    """Everything that the page shows, in a number of statements that does not grow with it."""
    declaration = Declaration.lire(enrolement.donnees) if enrolement.donnees else None
    pieces = list(
        pieces_de(enrolement).order_by("-deposee_le", "pk")
    )  # the last come is what there is to read
    connu = examen.connu(enrolement)
    adresse_iban = reverse("gestion:afficher_iban_enrolement", args=[enrolement.numero])

    def iban(declare: str) -> IbanLu:
        return declare_lu(requete, declare, enrolement, adresse_iban)

    def piece_ecrite(piece: PieceEnrolement) -> fiche.PieceEcrite:
        return fiche.piece_ecrite(piece, offrir(requete, piece_d_enrolement(piece), _adresse(piece)))

    valider = proposes.pop(ACCEPTER.code, None)
    du_compte = releve_du_compte(enrolement)
    return {
        "enrolement": enrolement,
        "marque": refus.vue or examen.marque(enrolement),
        "recapitulatif": examen.recapitulatif(enrolement),
        **fiche.de_l_enrolement(enrolement, map(piece_ecrite, pieces), iban),
        "declaration": declaration,
        "change_le_regime": permissions.peut_changer_le_regime(requete.user, enrolement),
        "nom_change": _nom_change(declaration),
        "constats": _constats(enrolement, declaration),
        "ecarts": ecarts(enrolement, declaration, connu.banque, lambda declare: iban(declare).texte),
        "connu": connu,
        "confirmer": proposes.pop(CONFIRMER.code, None),
        # A company whose SIRET nobody confirmed is confirmed first.
        "valider": None if du_compte or enrolement.entreprise_a_verifier else valider,
        "empechement": str(AccesDejaOuvert(enrolement.entreprise.siret)) if du_compte else "",
        "ouverture": None if du_compte else examen.ouverture(requete.user, enrolement, declaration),
        "visionneuse": visionneuse(
            requete,
            [
                Piece(piece.pk, _libelle(piece), piece_d_enrolement(piece), _adresse(piece))
                for piece in pieces
            ],
            reverse("gestion:enrolement", args=[enrolement.numero]),
        ),
        "moments": chronologie(evenements_de(enrolement.chaine), enrolement.numero, ENROLEMENTS),
        "courriels": courriels_sur(enrolement.chaine),
    }


def _nom_change(declaration: Declaration | None) -> str:
    """That the declared name is not the directory's, with the latter; nothing when it is."""
    morale = declaration.entreprise if declaration else None
    if morale is None or not morale.nom_change:
        return ""
    connue = f" (« {morale.denomination_connue} »)" if morale.denomination_connue else ""
    return (
        f"La dénomination sociale déclarée, « {morale.denomination} », n'est pas celle de l'annuaire des "
        f"entreprises{connue} : vérifiez le kbis."
    )


def _constats(enrolement: Enrolement, declaration: Declaration | None) -> tuple[str, ...]:
    """What is odd about the account that is declared, until it is accepted."""
    if declaration is None or declaration.banque is None or enrolement.ouvre_l_acces:
        return ()
    banque = declaration.banque
    nommee = declaration.entreprise or enrolement.entreprise
    releve = Releve(banque.iban, banque.bic, banque.titulaire, nommee.denomination)
    return constats(enrolement.entreprise, releve)


def _libelle(piece: PieceEnrolement) -> str:
    refusee = f" - Refusé le {date_fr(piece.refusee_le)}" if piece.refusee_le else ""
    return f"{TypePiece(piece.type).libelle} : {piece.nom} ({date_fr(piece.deposee_le)}){refusee}"


def _adresse(piece: PieceEnrolement) -> str:
    return reverse("gestion:piece_enrolement", args=[piece.enrolement.numero, piece.pk])


@formulaire_de(agents)
@sert(Genre.PIECE_ENROLEMENT, Genre.IDENTITE, Genre.RIB)
def piece(requete: Requete, enrolement: str, piece: int) -> HttpResponseBase:
    """A piece that the applicant handed over, as a file to save; identity and RIB by a gesture."""
    inscrit = trouver(enrolement)
    ligne = get_object_or_404(pieces_de(inscrit), pk=piece)
    return ouvrir(requete, piece_d_enrolement(ligne), reverse("gestion:enrolement", args=[inscrit.numero]))


@bouton_de(agents)
@sert(Genre.IBAN)
def afficher_iban(requete: Requete, enrolement: str) -> HttpResponse:
    """« Afficher l'IBAN entier » that an enrolment declares."""
    ligne = trouver(enrolement)
    return noter_la_lecture(requete, iban_declare(ligne), reverse("gestion:enrolement", args=[ligne.numero]))


ACCEPTER: Geste[Enrolement] = Geste(
    "valider",
    "Valider",
    frozenset({GesteEnrolement.ACCEPTER, GesteEnrolement.ACCEPTER_PARTIELLEMENT}),
    Aucune,
    sur("enrolement", services.accepter),
    "est validé ; le demandeur en est averti par courriel",
)
CONFIRMER: Geste[Enrolement] = Geste(
    "confirmer-entreprise",
    "Confirmer l'entreprise",
    frozenset(),
    Aucune,
    sur("enrolement", services.confirmer_entreprise),
    "porte sur une entreprise désormais confirmée",
)
RENVOYER_LIEN: Geste[Enrolement] = Geste(
    "renvoyer-lien",
    "Envoyer un nouveau lien de dépôt",
    frozenset(),
    Aucune,
    sur("enrolement", liens.renvoyer),
    "a un nouveau lien de dépôt, envoyé au demandeur ; le précédent ne s'ouvre plus",
)
CORRIGER: Geste[Enrolement] = Geste(
    "corriger-courriel",
    GesteDepotEnrolement.CORRIGER_COURRIEL.libelle,
    frozenset(),
    FormulaireCourriel,
    sur("enrolement", issues.corriger_courriel),
    "écrit désormais à l'adresse corrigée, où ce qui y est attendu vient d'être envoyé",
)
_ENVOYE = "Envoyé tel quel au demandeur par courriel\u00a0: "
# What opens on demand, under the buttons.
REPLIES: tuple[Geste[Enrolement], ...] = (
    RENVOYER_LIEN,
    CORRIGER,
    geste(
        "demander-pieces",
        GesteEnrolement.DEMANDER_PIECES,
        FormulairePiecesDemandees,
        sur("enrolement", services.demander_pieces),
        "attend des pièces du demandeur, qui en est averti par courriel",
    ),
    geste(
        "reprendre",
        GesteEnrolement.REPRENDRE,
        motif(
            "Pourquoi l'instruction reprend",
            f"{_ENVOYE}dites que plus rien n'est attendu de lui.",
            "Dites pourquoi : le demandeur doit savoir que plus rien n'est attendu de lui.",
        ),
        sur("enrolement", issues.reprendre),
        "est de nouveau en cours d'instruction ; le demandeur en est averti par courriel",
    ),
    geste(
        "refuser-certificats",
        GesteEnrolement.REFUSER_CERTIFICATS,
        motif(
            "Ce qui ne va pas dans le(s) certificat(s)",
            f"{_ENVOYE}dites aussi quel document est attendu à la place.",
            "Dites ce qui ne va pas : le demandeur doit savoir quel certificat déposer à la place.",
        ),
        sur("enrolement", services.refuser_certificats),
        "attend d'autres certificats du demandeur, qui en est averti par courriel",
    ),
    geste(
        "rejeter",
        GesteEnrolement.REJETER,
        motif(
            "Motif du rejet",
            f"{_ENVOYE}il devra déposer une nouvelle demande qui en tienne compte.",
            "Le motif du rejet est obligatoire : le demandeur doit savoir pourquoi.",
        ),
        sur("enrolement", services.rejeter),
        "est rejeté ; le demandeur en est averti par courriel",
        grave=True,
    ),
)
GESTES = par_code(ACCEPTER, CONFIRMER, *REPLIES)


def permis(utilisateur: Utilisateur, enrolement: Enrolement) -> list[Geste[Enrolement]]:
    """What this person may do now."""
    possibles = admis(GESTES, permissions.gestes(utilisateur, enrolement))
    if permissions.peut_confirmer_l_entreprise(utilisateur, enrolement):
        possibles.append(CONFIRMER)
    if permissions.peut_corriger_le_courriel(utilisateur, enrolement):
        possibles.insert(0, CORRIGER)
    if permissions.peut_renvoyer_le_lien(utilisateur, enrolement):
        possibles.insert(0, RENVOYER_LIEN)
    return possibles


INSTRUCTION: Instruction[Enrolement] = Instruction(
    sur="un enrôlement",
    gabarit="gestion/enrolement.html",
    page="gestion:enrolement",
    geste="gestion:geste_enrolement",
    phrase="L'enrôlement {0.numero} {1}.",
    trouver=trouver,
    cle=lambda enrolement: (enrolement.numero,),
    gestes=lambda _: GESTES,
    permis=permis,
    contexte=_contexte,
    reprendre=examen.reprendre,
    file=FILE,
)
file_d_attente = page_de(agents)(FILE.montrer)
consultation = page_de(agents)(INSTRUCTION.montrer)
faire = bouton_de(reserve_a(Profil.GESTIONNAIRE))(INSTRUCTION.faire)
