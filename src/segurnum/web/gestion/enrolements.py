"""The officers' instruction of enrolments: the queue, an enrolment beside its pieces, the gestures (GST-002 to 008)."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.enrolements import examen, liens, permissions, services
from segurnum.enrolements.declaration import Declaration
from segurnum.enrolements.ecarts import ecarts
from segurnum.enrolements.models import Enrolement, PieceEnrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.enrolements.queries import (
    STATUTS_A_INSTRUIRE,
    cherches,
    par_numero,
    pieces_de,
    releve_du_compte,
    tous,
)
from segurnum.enrolements.services import AccesDejaOuvert
from segurnum.fichiers.documents import Genre
from segurnum.journal.chronologie import ENROLEMENTS, chronologie
from segurnum.journal.queries import evenements_de
from segurnum.regles.calendrier import date_fr, instant_exact
from segurnum.regles.cycles_enrolement import GesteEnrolement, StatutEnrolement
from segurnum.seuil.acces import Requete, agents, bouton_de, formulaire_de, page_de, reserve_a
from segurnum.seuil.documents import iban_declare, piece_d_enrolement
from segurnum.seuil.iban import IbanLu, declare_lu, noter_la_lecture
from segurnum.seuil.telechargements import offrir, sert
from segurnum.web.commun.blocs.suites import courriels_sur
from segurnum.web.commun.enrolement import fiche
from segurnum.web.gestion.formulaires import Aucune, motif
from segurnum.web.gestion.instruction import Piece, executer, ouvrir, suivante, visionneuse
from segurnum.web.kits.criteres import Critere, Filtre, critere_de_statut, egal
from segurnum.web.kits.geste import (
    AUCUN_REFUS,
    Geste,
    Refus,
    admis,
    choisir,
    des_gestes,
    essayer,
    geste,
    par_code,
    proposer,
    sur,
)
from segurnum.web.kits.navigation import vers
from segurnum.web.kits.tableau import Colonne, Tableau

A_INSTRUIRE = "A_INSTRUIRE"
TYPES = {
    f"{genre.value}{'_ANTICIPE' if anticipe else ''}": f"{genre.label}{' anticipé' if anticipe else ''}"
    for genre in Enrolement.Type
    for anticipe in (False, True)
}
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


def _filtre(parametres: QueryDict) -> Filtre:
    """What narrows the queue, from an address. Days are those of Paris, the portal's time zone."""
    types = [("", "Tous les types"), *TYPES.items()]
    return Filtre.lire(
        parametres,
        Critere("texte", "N°, dénomination, logiciel ou courriel", restreindre=cherches),
        Critere("siret", "SIRET", longueur=20, restreindre=_par_siret),
        Critere("ans", "N° ANS", longueur=10, restreindre=egal("referencement__numero_ans__icontains")),
        critere_de_statut(
            A_INSTRUIRE, StatutEnrolement, (A_INSTRUIRE, "À instruire"), restreindre=_par_statut
        ),
        Critere("type", "Type d'enrôlement", "", types, restreindre=_par_type),
        Critere("du", "Déposé à partir du", genre="date", restreindre=egal("depose_le__date__gte")),
        Critere("au", "Déposé jusqu'au", genre="date", restreindre=egal("depose_le__date__lte")),
    )


def _par_siret(lignes: QuerySet[Any], siret: str) -> QuerySet[Any]:
    return lignes.filter(entreprise__siret__startswith="".join(siret.split()))


def _par_statut(lignes: QuerySet[Any], statut: str) -> QuerySet[Any]:
    return lignes.filter(statut__in=STATUTS_A_INSTRUIRE if statut == A_INSTRUIRE else [statut])


def _par_type(lignes: QuerySet[Any], choisi: str) -> QuerySet[Any]:
    genre, _, anticipe = choisi.partition("_")
    return lignes.filter(type=genre, anticipe=bool(anticipe))


def _file(choisi: Filtre) -> QuerySet[Any]:
    """The whole queue, oldest first."""
    return choisi.restreindre(tous()).order_by(*TABLEAU.ordre)


def trouver(numero: str) -> Enrolement:
    """The enrolment of this number, 404 when there is none."""
    enrolement = par_numero(numero)
    if enrolement is None:
        raise Http404("Aucun enrôlement ne porte ce numéro.")
    return enrolement


def _contexte(requete: Requete, enrolement: Enrolement, refus: Refus = AUCUN_REFUS) -> dict[str, Any]:
    """Everything that the page shows, in a number of statements that does not grow with it."""
    declaration = Declaration.lire(enrolement.donnees) if enrolement.donnees else None
    pieces = list(
        pieces_de(enrolement).order_by("-deposee_le", "pk")
    )  # the last come is what there is to read
    connu = examen.connu(enrolement)
    filtre = _filtre(requete.GET)

    def adresse(code: str) -> str:
        return f"{reverse('gestion:geste_enrolement', args=[enrolement.numero, code])}?{filtre.adresse}"

    adresse_iban = reverse("gestion:afficher_iban_enrolement", args=[enrolement.numero])

    def iban(declare: str) -> IbanLu:
        return declare_lu(requete, declare, enrolement, adresse_iban)

    def piece_ecrite(piece: PieceEnrolement) -> fiche.PieceEcrite:
        return fiche.piece_ecrite(piece, offrir(requete, piece_d_enrolement(piece), _adresse(piece)))

    proposes = proposer(permis(requete.user, enrolement), refus, adresse)
    valider = proposes.pop(ACCEPTER.code, None)
    du_compte = releve_du_compte(enrolement)
    return {
        "enrolement": enrolement,
        "ligne": enrolement,
        "sur": "un enrôlement",
        "lue": enrolement.numero,
        "marque": refus.vue or examen.marque(enrolement),
        "filtre": filtre,
        "suivante": suivante(_file(filtre), enrolement),
        "recapitulatif": _recapitulatif(enrolement),
        "rubriques": fiche.de_l_enrolement(enrolement, map(piece_ecrite, pieces), iban),
        "declaration": declaration,
        "change_le_regime": permissions.peut_changer_le_regime(requete.user, enrolement),
        "nom_change": bool(declaration and declaration.entreprise and declaration.entreprise.nom_change),
        "ecarts": ecarts(enrolement, declaration, connu.banque, lambda declare: iban(declare).texte),
        "connu": connu,
        "confirmer": proposes.pop(CONFIRMER.code, None),
        # A company whose SIRET nobody confirmed is confirmed first.
        "valider": None if du_compte or enrolement.entreprise_a_verifier else valider,
        "empechement": str(AccesDejaOuvert(enrolement.entreprise.siret)) if du_compte else "",
        "ouverture": None if du_compte else examen.ouverture(requete.user, enrolement, declaration),
        **des_gestes(proposes, refus),
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


def _recapitulatif(enrolement: Enrolement) -> tuple[tuple[str, str], ...]:
    entreprise, reference = enrolement.entreprise, enrolement.referencement
    return (
        ("SIRET", entreprise.siret),
        ("Dénomination sociale", entreprise.denomination),
        ("Adresse", entreprise.adresse_complete),
        ("N° unique de référencement (ANS)", reference.numero_ans),
        ("Référencement validé par l'ANS", "Oui" if reference.valide else "Non"),
        ("Type d'enrôlement", enrolement.libelle_type),
        ("Reçue le", instant_exact(enrolement.depose_le)),
        ("Date de changement de statut", date_fr(enrolement.statut_depuis)),
        ("Courriels envoyés à", enrolement.courriel),
    )


def _libelle(piece: PieceEnrolement) -> str:
    refusee = f" - Refusé le {date_fr(piece.refusee_le)}" if piece.refusee_le else ""
    return f"{TypePiece(piece.type).libelle} : {piece.nom} ({date_fr(piece.deposee_le)}){refusee}"


def _adresse(piece: PieceEnrolement) -> str:
    return reverse("gestion:piece_enrolement", args=[piece.enrolement.numero, piece.pk])


@page_de(agents)
def file_d_attente(requete: Requete) -> HttpResponse:
    filtre = _filtre(requete.GET)
    contexte_liste = {
        "titre": "Enrôlements à instruire",
        "criteres": filtre.criteres,
        "legende_criteres": "Filtrer les enrôlements",
        "affiche": TABLEAU.lire(_file(filtre), requete.GET, suite=filtre.adresse),
    }
    return render(requete, "gestion/liste.html", contexte_liste)


@page_de(agents)
def consultation(requete: Requete, enrolement: str) -> HttpResponse:
    return _page(requete, enrolement)


def _page(requete: Requete, numero: str, refus: Refus = AUCUN_REFUS, statut: int = 200) -> HttpResponse:
    montre = _contexte(requete, trouver(numero), refus)
    return render(requete, "gestion/enrolement.html", montre, status=statut)


@formulaire_de(agents)
@sert(Genre.PIECE_ENROLEMENT, Genre.IDENTITE, Genre.RIB)
def piece(requete: Requete, enrolement: str, piece: int) -> HttpResponseBase:
    """A piece that the applicant handed over, as a file to save; identity and RIB by a gesture."""
    inscrit = trouver(enrolement)
    ligne = get_object_or_404(pieces_de(inscrit), pk=piece)
    return ouvrir(requete, piece_d_enrolement(ligne), reverse("gestion:enrolement", args=[inscrit.numero]))


@bouton_de(reserve_a(Profil.GESTIONNAIRE))
def faire(requete: Requete, enrolement: str, geste: str) -> HttpResponse:
    """Make one gesture. Made, it leads back to the enrolment; refused, it shows the page again, text kept."""
    inscrit = trouver(enrolement)
    choisi = choisir(GESTES, geste)
    return essayer(
        requete,
        choisi,
        lambda saisie, vue: executer(
            choisi, lambda: examen.reprendre(inscrit.pk, vue), auteur(requete.user), saisie
        ),
        partial(_page, requete, enrolement),
        f"{reverse('gestion:enrolement', args=[inscrit.numero])}?{_filtre(requete.GET).adresse}",
        f"L'enrôlement {inscrit.numero} {choisi.fait}.",
    )


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
_ENVOYE = "Envoyé tel quel au demandeur par courriel\u00a0: "
# What opens on demand, under the buttons.
REPLIES: tuple[Geste[Enrolement], ...] = (
    RENVOYER_LIEN,
    geste(
        "demander-pieces",
        GesteEnrolement.DEMANDER_PIECES,
        motif(
            "Pièces attendues",
            f"{_ENVOYE}nommez chaque document et dites ce qu'il doit montrer.",
            "Dites quelles pièces sont attendues : le demandeur ne lira que ce texte.",
        ),
        sur("enrolement", services.demander_pieces),
        "attend des pièces du demandeur, qui en est averti par courriel",
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
    if permissions.peut_renvoyer_le_lien(utilisateur, enrolement):
        possibles.insert(0, RENVOYER_LIEN)
    return possibles
