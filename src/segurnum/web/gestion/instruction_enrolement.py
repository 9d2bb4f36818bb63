"""What the officers' page of an enrolment is given: what was declared, what is already known, what may be done."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from segurnum.comptes.models import CoordonneesBancaires, Entreprise
from segurnum.comptes.queries import membres
from segurnum.enrolements import permissions
from segurnum.enrolements.declaration import Declaration
from segurnum.enrolements.models import Enrolement, PieceEnrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.enrolements.queries import pieces_de, releve_du_compte
from segurnum.enrolements.services import AccesDejaOuvert
from segurnum.journal.queries import evenements_de
from segurnum.regles.calendrier import date_fr, instant_exact
from segurnum.web.commun.acces import Requete
from segurnum.web.commun.blocs.suites import courriels_sur
from segurnum.web.commun.documents import piece_d_enrolement
from segurnum.web.commun.enrolement import fiche
from segurnum.web.commun.iban import IbanLu, declare_lu
from segurnum.web.commun.telechargements import offrir
from segurnum.web.gestion import catalogue_enrolements as catalogue
from segurnum.web.gestion.banque import adresse_iban_declare
from segurnum.web.gestion.chronologie import ENROLEMENTS, chronologie
from segurnum.web.gestion.ecarts_enrolement import ecarts
from segurnum.web.gestion.file_enrolements import Filtre, suivant
from segurnum.web.gestion.ouverture import Ouverture, ouverture
from segurnum.web.gestion.pieces import Piece, visionneuse
from segurnum.web.kits.geste import AUCUN_REFUS, Geste, Refus, des_gestes, proposer


@dataclass(frozen=True)
class Connu:
    """What the company already has on the portal, apart from this enrolment."""

    enrolements: tuple[Enrolement, ...]
    comptes: tuple[str, ...]
    banque: CoordonneesBancaires | None

    @property
    def vide(self) -> bool:
        return not (self.enrolements or self.comptes or self.banque)


def contexte(requete: Requete, enrolement: Enrolement, refus: Refus = AUCUN_REFUS) -> dict[str, Any]:
    """Everything that the page shows, in a number of statements that does not grow with it."""
    declaration = Declaration.lire(enrolement.donnees) if enrolement.donnees else None
    pieces = _pieces(enrolement)
    connu = _connu(enrolement)
    du_compte = releve_du_compte(enrolement)
    filtre = Filtre.lire(requete.GET)

    def iban(declare: str) -> IbanLu:
        return declare_lu(requete, declare, enrolement, adresse_iban_declare(enrolement))

    permis = catalogue.permis(requete.user, enrolement)
    proposes = proposer([geste for geste in permis if geste in catalogue.REPLIES], refus)
    return {
        "enrolement": enrolement,
        "marque": refus.vue or catalogue.marque(enrolement),
        "filtre": filtre,
        "suivant": suivant(filtre, enrolement),
        "recapitulatif": _recapitulatif(enrolement),
        "rubriques": fiche.de_l_enrolement(
            enrolement, [_ecrite(requete, piece, enrolement) for piece in pieces], iban
        ),
        "declaration": declaration,
        "nom_change": bool(declaration and declaration.entreprise and declaration.entreprise.nom_change),
        "ecarts": ecarts(enrolement, declaration, connu.banque, iban),
        "connu": connu,
        "confirmer": catalogue.CONFIRMER if catalogue.CONFIRMER in permis else None,
        "empechement": str(AccesDejaOuvert(enrolement.entreprise.siret)) if du_compte else "",
        "valider": catalogue.ACCEPTER if _validable(enrolement, permis) and not du_compte else None,
        "ouverture": None if du_compte else _ouverture(requete, enrolement, declaration),
        **des_gestes(proposes, refus),
        "visionneuse": visionneuse(
            requete,
            [_piece(piece, enrolement) for piece in pieces],
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


def _pieces(enrolement: Enrolement) -> list[PieceEnrolement]:
    """What was last handed over first: it is what there is to read. What is still being added is not there yet."""
    return list(pieces_de(enrolement).order_by("-deposee_le", "pk"))


def _piece(piece: PieceEnrolement, enrolement: Enrolement) -> Piece:
    libelle = f"{TypePiece(piece.type).libelle} : {piece.nom} ({date_fr(piece.deposee_le)})"
    if piece.refusee_le:
        libelle += f" - Refusé le {date_fr(piece.refusee_le)}"
    return Piece(piece.pk, libelle, piece_d_enrolement(piece), _adresse(piece, enrolement))


def _ecrite(requete: Requete, piece: PieceEnrolement, enrolement: Enrolement) -> fiche.PieceEcrite:
    return fiche.piece_ecrite(piece, offrir(requete, piece_d_enrolement(piece), _adresse(piece, enrolement)))


def _adresse(piece: PieceEnrolement, enrolement: Enrolement) -> str:
    return reverse("gestion:piece_enrolement", args=[enrolement.numero, piece.pk])


def _connu(enrolement: Enrolement) -> Connu:
    entreprise: Entreprise = enrolement.entreprise
    return Connu(
        enrolements=tuple(
            entreprise.enrolements.exclude(pk=enrolement.pk)
            .select_related("referencement")
            .order_by("depose_le")
        ),
        comptes=tuple(m.personne.username for m in membres(entreprise) if m.personne.is_active),
        banque=entreprise.compte_actif,
    )


def _validable(enrolement: Enrolement, permis: list[Geste[Enrolement]]) -> bool:
    """A company whose SIRET nobody confirmed is confirmed first."""
    return catalogue.ACCEPTER in permis and not enrolement.entreprise_a_verifier


def _ouverture(requete: Requete, enrolement: Enrolement, declaration: Declaration | None) -> Ouverture | None:
    admis = [g for g in permissions.gestes(requete.user, enrolement) if g in catalogue.ACCEPTER.passages]
    return ouverture(enrolement, admis[0], declaration) if admis else None
